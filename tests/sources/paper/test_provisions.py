"""Provisions are cut at their numbers, and put in order page by page."""

from __future__ import annotations

from itertools import permutations

import pytest

from pytest_icp.facts.paper import PaperLicence
from tests.degrading import read

ONE = "一、你公司应当遵守法律。\n二、你公司应当配合监督检"
TWO = (
    "查工作。\n三、你公司在经营时应当遵守下列规定：\n(一) 不得收费。\n"
    "(二) 未经批准，你公司不得开展业"
)
THREE = "务。\n(三) 公布编号，如第(一)项所说。"
WORDS = {
    (1, 0): "你公司应当遵守法律。",
    (2, 0): "你公司应当配合监督检查工作。",
    (3, 0): "你公司在经营时应当遵守下列规定：",
    (3, 1): "不得收费。",
    (3, 2): "未经批准，你公司不得开展业务。",
    (3, 3): "公布编号，如第(一)项所说。",
}


def words(reading: PaperLicence) -> dict[tuple[int, int], str]:
    assert len({one.number for one in reading.provisions}) == len(reading.provisions)
    return {one.number: one.words for one in reading.provisions}


@pytest.mark.parametrize("pages", list(permutations([ONE, TWO, THREE])))
def test_pages_in_any_order(pages: tuple[str, ...]) -> None:
    assert words(read("\f".join(pages))) == WORDS


def test_a_page_without_a_number_goes_on_with_the_page_before() -> None:
    assert words(read("\f".join([ONE, "查和日常检", TWO, THREE]))) == {
        **WORDS,
        (2, 0): "你公司应当配合监督检查和日常检查工作。",
    }


def test_the_end_of_a_provision_whose_page_is_lost_has_its_number() -> None:
    found = words(read(f"一、你公司应当遵守法律。\f{THREE}"))
    assert found == {(1, 0): WORDS[1, 0], (1, 2): "务。", (1, 3): WORDS[3, 3]}
    lost = read(f"{ONE}查。\f工作要求。\n六、你公司应当报送数据。")
    assert words(lost)[5, 0] == "工作要求。"


def test_pages_that_begin_in_brackets_and_follow_nothing_stand_last() -> None:
    assert [one.number for one in read(f"{THREE}\f(七) 你公司应当。").provisions] == [
        *((0, 2), (0, 3), (0, 7))
    ]


@pytest.mark.parametrize(
    "text",
    [
        "你公司应当按照第一、第二条执行",
        "你公司应当遵守(一)项规定",
        "一、信息服务业务(仅限互联网信息服务)",
    ],
)
def test_numbers_that_begin_no_provision(text: str) -> None:
    assert read(text).provisions == ()


@pytest.mark.parametrize("mark", ["一、", "一､", "一.", "一,", "一 、"])
def test_marks_behind_a_number(mark: str) -> None:
    assert words(read(f"前文{mark}你公司应当遵守法律。"))[1, 0] == WORDS[1, 0]
