from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from pytest_icp.kinds.finding import Note, NoteKind, Verdict
from pytest_icp.kinds.result import Result
from pytest_icp.law.text import Text, plain
from pytest_icp.reports.notes import notes
from tests.results import LOCATION, NOTE, RESULT

GOOD = replace(RESULT, verdict=Verdict.SATISFIED, findings=(), notes=(), upcoming=())
GREY = Note(kind=NoteKind.GREY, text=Text("灰色", "grey"), due=None, location=LOCATION)
NUMBER = Note(
    kind=NoteKind.DEFAULT,
    text=Text("“时限”取 1 日，没有法律规定", "Time: 1 day is a default"),
    due=None,
    location=LOCATION,
)
LEGAL_NOTES = "  defaults, unverified numbers: docs/legal-notes.md or pytest-icp explain RULE"


def number(name: str) -> Note:
    return replace(NUMBER, text=plain(f"{name} is a default"))


def said(results: Iterable[Result], language: Any = "en") -> list[str]:
    return list(notes(results, language, 80))


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
    results = [of("A/a", number("rare"), NUMBER), of("A/b", NUMBER), of("A/c", GREY, NUMBER)]
    assert said(results) == [
        "  A/a: rare is a default",
        "  A/a, A/b, A/c: Time: 1 day is a default",
        "  A/c: grey",
        LEGAL_NOTES,
    ]
