from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from pytest_icp.kinds.finding import Note, NoteKind, Upcoming, Verdict
from pytest_icp.kinds.result import Result
from pytest_icp.law.text import Text, plain
from pytest_icp.reports.layout import width
from pytest_icp.reports.marked import MarkedTest
from pytest_icp.reports.summary import finding_lines, ignored_section, matrix, notes, summary
from tests.results import FINDING, LOCATION, NOTE, RESULT, UNKNOWN, UPCOMING, WAIVED, marked, shown

GOOD = replace(RESULT, verdict=Verdict.SATISFIED, findings=(), notes=(), upcoming=())
WANTED = replace(GOOD, verdict=Verdict.UNKNOWN, findings=(UNKNOWN,))
BAD = replace(GOOD, verdict=Verdict.VIOLATED, findings=(FINDING,))
ADVISORY = replace(BAD, level="advisory")
PARDONED = replace(BAD, waived=WAIVED)


def rule(result: Result, name: str, **changed: Any) -> Result:
    return replace(result, rule_id=name, provision=name.partition("/")[0], **changed)


def sections(
    results: Iterable[Result], tests: Iterable[MarkedTest] = (), language: Any = "en", **how: Any
) -> dict[str, list[str]]:
    found = summary(results, tests, **how)
    return {section.title.en: shown(section.blocks, language) for section in found}


def test_what_is_advisory_and_what_is_waived() -> None:
    found = sections([ADVISORY, rule(PARDONED, "SP12/stop")])
    assert found["advisory, not failing"] == [
        "  SP12/renewal infra/prod.icp.yaml:7:15: not done, and overdue"
    ]
    assert found["waived violations"] == [
        "  SP12/stop: waived until 2024-01-01 by compliance: agreed"
    ]


def test_of_facts_to_declare_beside_one_violation_there_is_a_line() -> None:
    (title,) = sections([WANTED], most=0)
    assert title == "declare next: renewal.applied_on, 1 fact in all (pytest-icp ask)"
    assert sections([WANTED], most=0)[title] == []
    assert sections([GOOD], most=0) == {}


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
    (section,) = ignored_section(EVERY, {"SP12/renewal"})
    assert "SP12/renewal" in " ".join(shown(section.blocks))


def test_where_nothing_is_left_out_nothing_is_said() -> None:
    assert list(ignored_section(EVERY, frozenset())) == []


LEGEND = "  . satisfied  F violated  ? unknown  a/u advisory  w waived  - not applicable"


def matrix_lines(
    results: Iterable[Result], tests: Iterable[MarkedTest] = (), columns: int = 80
) -> list[str]:
    *found, legend = shown(matrix(list(results), tests), columns=columns)
    assert legend == LEGEND
    return found


def test_a_row_for_each_provision() -> None:
    results = [
        rule(BAD, "SP12/renewal"),
        rule(PARDONED, "SP12/stop"),
        rule(GOOD, "SP12/update"),
        rule(WANTED, "SP14/report"),
        rule(GOOD, "SP14/sections"),
        rule(BAD, "SP12/exit", description="other.icp.yaml"),
    ]
    assert matrix_lines(results) == [
        "infra/prod.icp.yaml  as of 2023-12-08",
        "  Provision                 F  ?  w  .  Rules not met",
        "  SP12 Changes and renewal  1     1  1  F renewal",
        "  SP14 Changes and renewal     1     1  ? report",
        "other.icp.yaml  as of 2023-12-08",
        "  Provision                 F  Rules not met",
        "  SP12 Changes and renewal  1  F exit",
    ]


def test_nothing_is_wider_than_asked() -> None:
    title = plain("许可证正文与附页" * 9)
    results = [rule(BAD, f"SP12/{'name-' * 9}{i}", provision_title=title) for i in range(30)]
    marks = [marked(f"OWN/{'name-' * 9}{i}", Verdict.VIOLATED) for i in range(60)]
    for columns in (60, 80):
        assert max(map(width, shown(matrix(results, marks), "both", columns))) <= columns


GREY = Note(kind=NoteKind.GREY, text=Text("灰色", "grey"), due=None, location=LOCATION)
BY_DEFAULT = Note(
    kind=NoteKind.DEFAULT,
    text=Text("“时限”取 1 日，没有法律规定", "Time: 1 day is a default"),
    due=None,
    location=LOCATION,
)
LEGAL_NOTES = "  defaults, unverified numbers: docs/legal-notes.md or pytest-icp explain RULE"


def number(name: str) -> Note:
    return replace(BY_DEFAULT, text=plain(f"{name} is a default"))


def said(results: Iterable[Result], language: Any = "en") -> list[str]:
    return shown(notes(results), language)


def of(rule: str, *given: Note) -> Result:
    return replace(GOOD, rule_id=rule, notes=given)


def test_a_note_is_given_once_with_all_its_rules() -> None:
    results = [of("SP12/renewal", GREY, NOTE, NOTE), of("SP12/update", NOTE)]
    assert said(results) == [
        "  SP12/renewal, SP12/update: due in 17 days",
        "  SP12/renewal: grey",
    ]
    assert said(results, "both")[1] == "  SP12/renewal: 灰色 · grey"


def test_facts_that_are_left_out_are_told_elsewhere() -> None:
    assert said([of("A/a", replace(GREY, kind=NoteKind.LEFT_OUT), GREY)]) == ["  A/a: grey"]


def test_the_run_says_where_to_read_about_numbers() -> None:
    results = [
        of("A/a", number("rare"), BY_DEFAULT),
        of("A/b", BY_DEFAULT),
        of("A/c", GREY, BY_DEFAULT),
    ]
    assert said(results) == [
        "  A/a: rare is a default",
        "  A/a, A/b, A/c: Time: 1 day is a default",
        "  A/c: grey",
        LEGAL_NOTES,
    ]
