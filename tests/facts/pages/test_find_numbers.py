from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_icp.facts.pages import find_numbers
from pytest_icp.law.numbers import normal_form
from tests.numbers import LICENCES, four

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "data" / "footers.jsonl")
    .read_text("utf-8")
    .splitlines()
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_footers_of_real_pages(case):
    expected = tuple(
        sorted(map(normal_form, case["expect"][kind]))
        for kind in ("vats_licences", "legacy_icp_certs", "icp_filings", "psb_filings")
    )
    assert four(find_numbers(case["raw"])) == expected


@pytest.mark.parametrize(
    "html",
    [
        "京<b>B2</b>-<i>2019</i>0486",
        "京B2-2019<br>0486",
        "京&nbsp;B2&#45;20190486",
    ],
)
def test_one_licence_however_it_is_marked_up(html):
    assert four(find_numbers(html)) == (["京B2-20190486"], [], [], [])


@pytest.mark.parametrize(
    "html",
    [
        "<!-- 京B2-20190486 -->",
        "<!-- 京B2-20190486",
        '<img alt="京B2-20190486">',
        "<p hidden>京B2-20190486</p>",
        "<style>p{display:none}</style><p>京B2-20190486</p>",
        "<script>var a = '京B2-20190486'</script>",
        "<title>京B2-20190486</title>",
    ],
)
def test_what_is_not_seen(html):
    assert four(find_numbers(html)) == ([], [], [], [])


def test_offsets_are_those_of_the_visible_text():
    numbers = find_numbers("<p>粤B2-20170312 京B2-20190486</p> 粤B2-20170312 京ICP备18012699号")
    assert [found.offset for found in numbers.found] == [0, 13, 27, 40]


@pytest.mark.parametrize("gap", ["<br>", "</p><p>"])
def test_numbers_on_lines_of_their_own(gap):
    numbers = find_numbers(f"京B2-20190486{gap}京ICP备18012699{gap}京公网安备11010802026719号")
    assert four(numbers) == (
        ["京B2-20190486"],
        [],
        ["京ICP备18012699"],
        ["京公网安备11010802026719"],
    )


@given(LICENCES, st.data())
def test_what_cannot_be_seen_inside_a_number_does_not_matter(licence, data):
    noise = st.sampled_from(["", "", "\u200b", "<b>", "</b>", "<i hidden>9</i>", "<!--8-->"])
    broken = "".join(char + data.draw(noise) for char in licence)
    assert find_numbers(broken).licences == (licence,)
