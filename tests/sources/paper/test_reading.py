"""A licence comes through extraction as it is printed, or what is missing is said."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.degrading import (
    DEGRADATIONS,
    LICENCE,
    TITLE,
    read,
    silent,
    told,
    transcribed,
    unread,
    wrong,
)

READS_ALL = (
    *("spaces", "unseen_signs", "half_width", "full_width", "radicals", "quotes"),
    *("joined_lines", "no_blank_lines", "lost_headings", "values_below", "columns"),
    *("chinese_days", "dashed_days", "shuffled_pages", "double_page", "running_heads"),
    *("stamped_lines", "stamped_in_lines", "in_boxes", "in_brackets"),
)
NUMBERS = [(n, 0) for n in range(1, 16)] + [(15, n) for n in range(1, 15)]


def test_the_licence_at_hand_is_read_without_loss() -> None:
    reading = read(LICENCE)
    assert {name: field.value for name, field in told(reading)} == transcribed()
    assert reading.remarks == ()


def test_every_provision_has_its_number_and_its_whole_words() -> None:
    reading = read(LICENCE)
    assert [one.number for one in reading.provisions] == NUMBERS
    seventh = reading.provisions[6]
    assert "落实企业网络与信息安全主体责任" in seventh.words
    assert seventh.spot.line == 1 + LICENCE[: LICENCE.index("七、")].count("\n")
    (other,) = reading.other
    assert other.words.startswith(f"《{TITLE}》是经营许可证重要组成部分")


def test_each_value_says_where_it_stands() -> None:
    lines = LICENCE.splitlines()
    for name, field in told(read(LICENCE)):
        for seen in field.seen:
            first = seen.words.partition("\n")[0][:6]
            assert first in "".join(lines[seen.spot.line - 1].split()), name


@pytest.mark.parametrize("name", DEGRADATIONS)
@pytest.mark.parametrize("seed", range(2))
def test_a_degraded_licence_is_read_alike_or_says_what_is_not(name: str, seed: int) -> None:
    reading = read(DEGRADATIONS[name](LICENCE, Random(seed)))
    assert wrong(reading) == []
    assert silent(reading) == []
    if name in READS_ALL:
        assert unread(reading) == set()
        words = {one.words for one in reading.provisions}
        assert len(reading.provisions) == len(NUMBERS)
        assert any("第一季度" in "".join(one.split()) for one in words)


BEYOND = {"other_number", "stamped_characters"}
"""A digit that is misread into another one is beyond detection once no other page has it, and so is
a sign of a watermark once its line has been joined to another.
"""


@given(
    st.lists(st.sampled_from(sorted({*DEGRADATIONS} - BEYOND)), min_size=1, max_size=3),
    st.integers(0),
)
def test_no_degradation_makes_a_wrong_fact(names: list[str], seed: int) -> None:
    random, text = Random(seed), LICENCE
    for name in names:
        text = DEGRADATIONS[name](text, random)
    reading = read(text)
    assert wrong(reading) == []
    assert silent(reading) == []


def test_pages_in_any_order_give_the_provisions_in_theirs() -> None:
    shuffled = read(DEGRADATIONS["shuffled_pages"](LICENCE, Random(1)))
    words = [(one.number, one.words) for one in read(LICENCE).provisions]
    assert [(one.number, one.words) for one in shuffled.provisions] == words
    assert [remark.en for remark in shuffled.remarks] == [
        "the pages were out of order; they were sorted by the numbers of the provisions"
    ]


def test_a_page_that_stands_twice_is_read_once() -> None:
    double = read(DEGRADATIONS["double_page"](LICENCE, Random(4)))
    assert [one.number for one in double.provisions] == NUMBERS
    (remark,) = double.remarks
    assert remark.en == "duplicate pages were read only once: 1 page"


@pytest.mark.parametrize(
    "text", ["", "\n \n", "hello", "一", "、", ":", "(", "经营许可证编号", "\f\f"]
)
def test_what_is_no_licence_reads_as_nothing(text: str) -> None:
    reading = read(text)
    assert not any(field.value for _, field in told(reading))
    assert silent(reading) == []


@given(
    st.text(
        "一二十五、（）()：:。\n 公司名称法定代表人发证日期年月日0123456789京B-《》【】含不",
        max_size=120,
    )
)
def test_any_text_is_read_without_a_crash(text: str) -> None:
    assert silent(read(text)) == []
