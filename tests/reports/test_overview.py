from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.standing import Standing
from pytest_icp.reports.overview import Among, not_selected, overview, verdict_line
from pytest_icp.reports.record import Record
from tests.results import FINDING, RESULT, UNKNOWN, WAIVED, marked
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

if TYPE_CHECKING:
    from pytest_icp.kinds.result import Result


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


def test_a_run_in_a_line() -> None:
    results = [
        replace(RESULT, verdict=Verdict.SATISFIED),
        replace(RESULT, verdict=Verdict.SATISFIED),
        replace(RESULT, verdict=Verdict.UNKNOWN, level="advisory"),
        replace(RESULT, verdict=Verdict.VIOLATED),
        replace(RESULT, verdict=Verdict.VIOLATED, waived=WAIVED),
    ]
    line = verdict_line(results)
    assert line
    assert line.en == ("1 violated, 1 undecided (1 advice), 1 waived, 2 satisfied")
    assert line.zh == "违反 1，无法判断 1（建议 1），已豁免 1，符合 2"


def test_several_descriptions_and_ordinary_tests_count_together() -> None:
    results = [
        replace(RESULT, verdict=Verdict.SATISFIED, description=name) for name in ("a", "b", "c")
    ]
    line = verdict_line(results, [marked("OWN/a", Verdict.VIOLATED)])
    assert line
    assert line.en == "3 descriptions: 1 violated, 3 satisfied"


def said(*results: Result, among: Among = Among.EVERY) -> str:
    line = verdict_line(results, among=among)
    assert line
    return line.en


def test_what_may_be_said_of_a_run_has_a_few_forms() -> None:
    good = replace(RESULT, verdict=Verdict.SATISFIED)
    apart = replace(RESULT, verdict=Verdict.NOT_APPLICABLE, findings=())
    unknown = replace(RESULT, verdict=Verdict.UNKNOWN, findings=(UNKNOWN,))
    would_be = replace(unknown, findings=(replace(FINDING, hinge=UNKNOWN),))
    broken = replace(RESULT, verdict=Verdict.VIOLATED)
    both = replace(broken, findings=(FINDING, replace(FINDING, hinge=UNKNOWN)))
    assert said(both, unknown) == "1 violated, 1 undecided"  # what is violated would not be
    assert said(good, apart) == ("all 2 rules decided, no violation: 1 satisfied, 1 not applicable")
    assert said(good, good, among=Among.SELECTED) == (
        "no violation among the 2 rules selected (2 satisfied)"
    )
    assert said(good, among=Among.SOME) == "no violation found, 1 satisfied"
    assert said(good, unknown) == "no violation found, 1 undecided, 1 satisfied"
    assert said(broken, would_be, unknown) == "1 violated, 1 would be, 1 undecided"


def test_what_is_not_selected_is_counted_by_role() -> None:
    record = Record(description="a", holder="", licence="", digests=())
    assert not_selected([record]) is None
    left = {"security": ("SP08/report", "SP08/act"), "legal": ("LIC/holder",)}
    some = [replace(record, left=left), replace(record, left={"legal": ("LIC/holder",)})]
    told = not_selected(some)
    assert told
    assert told.en == "4 not selected (security 2, legal 2): `select: all`"
    assert told.zh == "4 项未列入本次核对（安全人员 2，法务人员 2）：select: all"


def test_without_a_description_there_is_no_line() -> None:
    assert verdict_line([], [marked("OWN/a", Verdict.VIOLATED)]) is None
