from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from pytest_icp.kinds.finding import Upcoming, Verdict
from pytest_icp.kinds.result import Result
from pytest_icp.law.text import plain
from pytest_icp.reports.matrix import Marked
from pytest_icp.reports.summary import finding_lines, summary
from tests.results import FINDING, LOCATION, NOTE, RESULT, UNKNOWN, UPCOMING, WAIVED

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


def test_nothing_decided_prints_nothing() -> None:
    assert sections([]) == {}
    assert sections([GOOD]) == {}
    assert set(sections([GOOD], most=None)) == {"special provisions"}


def test_what_is_advisory_and_what_is_waived() -> None:
    found = sections([ADVISORY, rule(PARDONED, "SP12/stop")])
    assert found["advisory, not failing"] == [
        "  SP12/renewal infra/prod.icp.yaml:7:15: not done, and overdue"
    ]
    assert found["waived violations"] == [
        "  SP12/stop: waived until 2024-01-01 by compliance: agreed"
    ]


def test_all_notes_are_given_where_everything_is_shown() -> None:
    many = tuple(replace(NOTE, text=plain(f"n{i}")) for i in range(20))
    results = [replace(GOOD, notes=many)]
    assert sections(results) == {}
    assert len(sections(results, most=None)["notes"]) == 20


def test_as_many_facts_to_declare_as_are_asked_for() -> None:
    findings = tuple(
        replace(UNKNOWN, location=replace(LOCATION, pointer=f"/renewal/x{i}")) for i in range(9)
    )
    results = [replace(WANTED, findings=findings)]
    rest = "-v lists them all, pytest-icp ask asks for them"
    some = sections(results)["declare these facts next"]
    assert some[-1:] == [f"  1 more fact; {rest}"]
    found = summary(results, (), "en", 80, most=None)
    (every,) = (section for section in found if section.title.en == "declare these facts next")
    assert sum("/renewal/x" in line for line in every.lines) == 9


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


def test_the_last_working_day_before_a_day_off_is_told() -> None:
    results = [rule(GOOD, "SP12/a", upcoming=(due("2023-12-23", "2023-12-22"),))]
    assert sections(results)["due next"] == [
        "  2023-12-23* +15    SP12/a  Renewal is applied for 90 days ahead [renewal]",
        "  * the last working day before: 2023-12-23 → 2023-12-22",
    ]


def test_of_many_due_dates_the_later_ones_are_counted() -> None:
    days = [due(f"2023-12-{day}") for day in range(10, 25)]
    lines = sections([rule(GOOD, "SP12/a", upcoming=tuple(days))])["due next"]
    assert len(lines) == 13
    assert lines[-1] == "  and 3 more due later"


def test_rows_stand_in_columns_however_long_the_names() -> None:
    results = [
        rule(GOOD, name, upcoming=(due("2023-12-20"),))
        for name in ("SP12/a", "SP15-08/assessment-system")
    ]
    assert sections(results)["due next"] == [
        "  2023-12-20  +12    SP12/a                     Renewal is applied for 90 days …",
        "  2023-12-20  +12    SP15-08/assessment-system  Renewal is applied for 90 days …",
    ]


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
        f"{place} SP12/d not done, and overdue (+1)",
        f"{place} SP12/a not done, and overdue",
    ]


def test_the_failing_rule_that_is_pursued_most_is_the_first_line() -> None:
    rules = ["LIC/registrant", "SP12/update", "SP14/report"]
    told = finding_lines([rule(BAD, one, findings=(FINDING,)) for one in rules], "en")
    assert [line.split()[1] for line in told] == ["SP14/report", "SP12/update", "LIC/registrant"]


def test_advice_is_listed_by_what_is_pursued_most() -> None:
    rules = ["LIC/registrant", "SP09/record-kept", "SP14/report"]
    told = sections([rule(ADVISORY, one) for one in rules])["advisory, not failing"]
    assert [line.split()[0] for line in told] == [
        "SP14/report",
        "SP09/record-kept",
        "LIC/registrant",
    ]


def test_hostile_words_lose_their_power() -> None:
    piece = plain("\x1b[31mred\u202e")
    note = replace(NOTE, text=piece)
    results = [
        rule(ADVISORY, "SP12/a", findings=(replace(FINDING, message=piece),)),
        rule(GOOD, "SP12/b", notes=(note,), description="\x1b.icp.yaml"),
    ]
    for lines in sections(results, [Marked("\x1b/x", Verdict.SATISFIED)]).values():
        assert not {"\x1b", "\u202e"} & set("".join(lines))
