from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from msgspec.structs import replace

from pytest_icp.kinds.finding import Note, NoteKind, Verdict
from pytest_icp.kinds.result import Result
from pytest_icp.law.text import Text, plain
from pytest_icp.reports.layout import width
from pytest_icp.reports.notes import notes
from tests.results import LOCATION, NOTE, RESULT

GOOD = replace(RESULT, verdict=Verdict.SATISFIED, findings=(), notes=(), upcoming=())
GREY = Note(kind=NoteKind.GREY, text=Text("灰色", "grey"), due=None, location=LOCATION)
SETTING = Note(kind=NoteKind.DEFAULT, text=Text("按设置", "as set"), due=None, location=LOCATION)
NUMBER = Note(
    kind=NoteKind.DEFAULT,
    text=Text("“时限”取 1 日，没有法律规定", "Time: 1 day is a default"),
    due=None,
    location=LOCATION,
)
LEGAL_NOTES = "  defaults, unverified numbers: docs/legal-notes.md or pytest-icp explain RULE"
LEGAL_NOTES_ZH = "  默认值和未核对的数字：docs/legal-notes.zh.md，或 pytest-icp explain 规则"


def number(name: str) -> Note:
    return replace(NUMBER, text=plain(f"{name} is a default"))


def said(results: Iterable[Result], language: Any = "en") -> list[str]:
    return list(notes(results, language, 80))


def of(rule: str, *given: Note) -> Result:
    return replace(GOOD, rule_id=rule, notes=given)


def test_without_notes_nothing_is_said() -> None:
    assert said([]) == []
    assert said([GOOD]) == []


def test_a_note_is_given_once_with_all_its_rules() -> None:
    results = [of("SP12/renewal", GREY, NOTE, NOTE), of("SP12/update", NOTE)]
    assert said(results) == [
        "  SP12/renewal, SP12/update: due in 17 days",
        "  SP12/renewal: grey",
    ]
    assert said(results, "both")[1] == "  SP12/renewal: 灰色 · grey"


def test_facts_that_are_left_out_are_told_elsewhere() -> None:
    assert said([of("A/a", replace(GREY, kind=NoteKind.LEFT_OUT), GREY)]) == ["  A/a: grey"]


def test_what_falls_due_first_is_said_first() -> None:
    later = replace(NOTE, text=plain("later"), due="2024-01-01")
    assert said([of("A/a", GREY, later, NOTE)]) == [
        "  A/a: due in 17 days",
        "  A/a: later",
        "  A/a: grey",
    ]


def test_the_run_says_where_to_read_about_numbers() -> None:
    results = [of("A/a", number("rare"), NUMBER), of("A/b", NUMBER), of("A/c", GREY, NUMBER)]
    assert said(results) == [
        "  A/a: rare is a default",
        "  A/a, A/b, A/c: Time: 1 day is a default",
        "  A/c: grey",
        LEGAL_NOTES,
    ]


def test_both_languages_name_their_own_page() -> None:
    results = [of("A/a", NUMBER)]
    assert said(results, "zh") == ["  A/a: “时限”取 1 日，没有法律规定", LEGAL_NOTES_ZH]
    assert said(results, "both")[-2:] == [LEGAL_NOTES_ZH, LEGAL_NOTES]


def test_a_default_that_is_no_number_is_told_there_too() -> None:
    assert said([of("A/a", SETTING)]) == ["  A/a: as set", LEGAL_NOTES]
    assert said([of("A/a", GREY)]) == ["  A/a: grey"]


@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_no_line_is_wider_than_the_terminal(language: Any) -> None:
    wide = replace(NUMBER, text=Text("期" * 90, "t " * 90))
    results = [of("A/a", wide, replace(GREY, text=Text("灰" * 90, "grey " * 40)))]
    assert max(map(width, said(results, language))) <= 80


def test_hostile_words_lose_their_power() -> None:
    piece = plain("\x1b[31mred\u202e")
    results = [of("A/a", replace(NUMBER, text=piece))]
    assert not {"\x1b", "\u202e"} & set("".join(said(results)))
