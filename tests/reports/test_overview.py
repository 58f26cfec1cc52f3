from __future__ import annotations

import pytest
from msgspec.structs import replace

from pytest_icp.kinds.standing import Standing
from pytest_icp.reports.overview import overview
from tests.runs import (
    ADVISORY,
    APART,
    GOOD,
    PARDONED,
    RUN,
    TROUBLE,
    VIOLATED,
    WANTED,
)


@pytest.mark.parametrize(
    ("results", "word"),
    [
        ((GOOD, VIOLATED, WANTED), "1 rule violated"),
        ((GOOD, WANTED), "No violation found, 1 undecided"),
        ((GOOD, ADVISORY, PARDONED, APART), "All 4 rules decided, no violation"),
        ((GOOD, replace(WANTED, level="advisory")), "No violation found, 1 undecided"),
        ((), "Nothing was judged"),
    ],
)
def test_one_word_says_how_a_run_stands(results: tuple, word: str) -> None:  # type: ignore[type-arg]  # of results
    assert overview(replace(RUN, results=results)).word.en == word


def test_what_could_not_be_judged_is_not_complete() -> None:
    unread = overview(replace(RUN, results=(), troubles=(TROUBLE,)))
    assert unread.word.en == "Incomplete"
    partly = overview(replace(RUN, results=(VIOLATED,), troubles=(TROUBLE,)))
    assert partly.word.en == "Incomplete; 1 rule violated"


def test_every_rule_is_counted_once() -> None:
    seen = overview(RUN)
    assert {how.value: n for how, n in seen.counts.items()} == {
        **dict.fromkeys(["violated", "unknown", "advisory", "waived", "not applicable"], 1),
        "satisfied": 2,
    }
    assert [row.provision for row in seen.rows] == ["LIC", "SP02", "SP09", "SP12", "SP14"]
    assert {result.standing for result in RUN.results} == set(Standing) - {
        Standing.DUE_SOON,
        Standing.DECIDED,
        Standing.ADVISORY_UNKNOWN,
    }
