from __future__ import annotations

import pytest
from msgspec.structs import replace

from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.standing import Standing
from pytest_icp.law.text import plain
from pytest_icp.reports.overview import overview
from tests.runs import (
    ADVISORY,
    APART,
    GOOD,
    LEFT,
    PARDONED,
    RECORD,
    RUN,
    TROUBLE,
    VIOLATED,
    WANTED,
    result,
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


def test_what_is_not_selected_is_counted() -> None:
    seen = overview(replace(RUN, results=(GOOD,), records=(replace(RECORD, left=LEFT),)))
    assert seen.word.en == "No violation among the 1 rule selected"
    assert seen.left
    assert seen.left.en.startswith("1 not selected (compliance 1)")


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


def test_what_is_only_advised_is_counted_apart() -> None:
    advised = (replace(one, level="advisory") for one in (VIOLATED, WANTED, WANTED))
    counts = overview(replace(RUN, results=tuple(advised))).counts
    assert counts == {Standing.ADVISORY: 1, Standing.ADVISORY_UNKNOWN: 2}


def test_tests_of_ones_own_have_rows_too() -> None:
    own = {"provision_title": plain(""), "article": ""}
    marked = (
        result("OWN/x", verdict=Verdict.VIOLATED, **own),
        result("SP12/a", **own),
    )
    seen = overview(replace(RUN, results=(*RUN.results, *marked)))
    assert (seen.rows[1].provision, seen.rows[1].title.en) == ("OWN", "")
    assert seen.rows[4].title.en == "Changes and renewal"
    assert overview(replace(RUN, results=marked)).word.en == "1 rule violated"
