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


@given(LICENCES, st.data())
def test_what_cannot_be_seen_inside_a_number_does_not_matter(licence, data):
    noise = st.sampled_from(["", "", "\u200b", "<b>", "</b>", "<i hidden>9</i>", "<!--8-->"])
    broken = "".join(char + data.draw(noise) for char in licence)
    assert find_numbers(broken).licences == (licence,)
