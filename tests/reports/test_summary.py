from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from pytest_icp.kinds.finding import Upcoming, Verdict
from pytest_icp.kinds.result import Result
from pytest_icp.reports.matrix import Marked
from pytest_icp.reports.summary import finding_lines, ignored_section, summary
from tests.results import FINDING, RESULT, UNKNOWN, UPCOMING, WAIVED

GOOD = replace(RESULT, verdict=Verdict.SATISFIED, findings=(), notes=(), upcoming=())
WANTED = replace(GOOD, verdict=Verdict.UNKNOWN, findings=(UNKNOWN,))
BAD = replace(GOOD, verdict=Verdict.VIOLATED, findings=(FINDING,))
ADVISORY = replace(BAD, level="advisory")
PARDONED = replace(BAD, waived=WAIVED)


def rule(result: Result, name: str, **changed: Any) -> Result:
    return replace(result, rule_id=name, provision=name.partition("/")[0], **changed)


def sections(
    results: Iterable[Result], marked: Iterable[Marked] = (), language: Any = "en", **how: Any
) -> dict[str, list[str]]:
    found = summary(results, marked, language, 80, **how)
    return {section.title.en: [*section.lines] for section in found}


def test_what_is_advisory_and_what_is_waived() -> None:
    found = sections([ADVISORY, rule(PARDONED, "SP12/stop")])
    assert found["advisory, not failing"] == [
        "  SP12/renewal infra/prod.icp.yaml:7:15: not done, and overdue"
    ]
    assert found["waived violations"] == [
        "  SP12/stop: waived until 2024-01-01 by compliance: agreed"
    ]


def due(last: str, safe: str = "", **changed: Any) -> Upcoming:
    return replace(UPCOMING, last=last, safe=safe or last, **changed)


def test_what_falls_due_next() -> None:
    vague = due("2024-02-01", provisional=True, subject="web")
    results = [rule(GOOD, "SP12/a", upcoming=(due("2026-02-01"), vague, due("2023-12-20")))]
    lines = sections(results)["due next"]
    assert lines == [
        "  2023-12-20  +12    SP12/a  Renewal is applied for 90 days ahead [renewal]",
        "  2024-02-01~ +55    SP12/a  Renewal is applied for 90 days ahead [web]",
        "  ~ provisional: the working days of that year are not published",
    ]
    assert sections(results, within=12)["due next"] == lines[:1]
    # The next one is told however far it is.
    assert sections(results, within=11)["due next"] == lines[:1]


def test_of_many_due_dates_the_later_ones_are_counted() -> None:
    days = [due(f"2023-12-{day}") for day in range(10, 25)]
    lines = sections([rule(GOOD, "SP12/a", upcoming=tuple(days))])["due next"]
    assert len(lines) == 13
    assert lines[-1] == "  and 3 more due later"


def test_a_finding_in_one_line() -> None:
    other = replace(FINDING, subject="other")
    results = [
        rule(ADVISORY, "SP12/a"),
        rule(PARDONED, "SP12/b"),
        rule(WANTED, "SP12/c"),
        rule(BAD, "SP12/d", findings=(UNKNOWN, FINDING, other)),
    ]
    place = "infra/prod.icp.yaml:7:15"
    assert list(finding_lines(results, "en")) == [
        f"{place}: SP12/d: Renewal: not done, and overdue (+1)",
    ]


EVERY = ("SP12/renewal", "SP09/report", "SP09/case-record", "LIC/valid")


def test_the_only_rule_of_a_provision_is_named_in_full() -> None:
    (section,) = ignored_section(EVERY, {"SP12/renewal"}, "en", 80)
    assert "SP12/renewal" in " ".join(section.lines)


def test_where_nothing_is_left_out_nothing_is_said() -> None:
    assert list(ignored_section(EVERY, frozenset(), "en", 80)) == []
