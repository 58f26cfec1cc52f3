from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from pytest_icp.kinds.finding import Verdict
from pytest_icp.reports.record import Record
from pytest_icp.reports.verdict_line import Among, not_selected, verdict_line
from tests.results import FINDING, RESULT, UNKNOWN, WAIVED, marked

if TYPE_CHECKING:
    from pytest_icp.kinds.result import Result


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
