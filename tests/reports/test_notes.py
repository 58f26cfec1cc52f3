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
    text=Text("「时限」取 1 日，没有法律规定", "Time: 1 day is a default"),
    due=None,
    location=LOCATION,
    brief=Text("默认 1 日，时限", "default 1 day: Time"),
)
LEGAL_NOTES = "  defaults, unverified numbers: docs/legal-notes.md or pytest-icp explain RULE"
LEGAL_NOTES_ZH = "  默认值和未核对的数字：docs/legal-notes.zh.md，或 pytest-icp explain 规则"


def number(name: str) -> Note:
    return replace(NUMBER, text=plain(f"{name} is a default"), brief=plain(f"default: {name}"))


def said(results: Iterable[Result], language: Any = "en", **how: Any) -> list[str]:
    return list(notes(results, language, 80, **how))


def of(rule: str, *given: Note) -> Result:
    return replace(GOOD, rule_id=rule, notes=given)


def test_without_notes_nothing_is_said() -> None:
    assert said([]) == []
    assert said([GOOD]) == []
    assert said([GOOD], short=False) == []


@pytest.mark.parametrize("short", [True, False])
def test_a_note_is_given_once_with_all_its_rules(short: bool) -> None:
    results = [of("SP12/renewal", GREY, NOTE, NOTE), of("SP12/update", NOTE)]
    assert said(results, short=short) == [
        "  SP12/renewal, SP12/update: due in 17 days",
        "  SP12/renewal: grey",
    ]
    assert said(results, "both", short=short)[1] == "  SP12/renewal: 灰色 · grey"


def test_what_falls_due_first_is_said_first() -> None:
    later = replace(NOTE, text=plain("later"), due="2024-01-01")
    assert said([of("A/a", GREY, later, NOTE)]) == [
        "  A/a: due in 17 days",
        "  A/a: later",
        "  A/a: grey",
    ]


def test_a_number_takes_one_line_and_the_run_says_where_to_read_about_it() -> None:
    results = [of("A/a", number("rare"), NUMBER), of("A/b", NUMBER), of("A/c", GREY, NUMBER)]
    assert said(results) == [
        "  A/c: grey",
        "  A/a +2: default 1 day: Time",
        "  A/a: default: rare",
        LEGAL_NOTES,
    ]
    assert said(results, short=False) == [
        "  A/a: rare is a default",
        "  A/a, A/b, A/c: Time: 1 day is a default",
        "  A/c: grey",
        LEGAL_NOTES,
    ]


def test_both_languages_name_their_own_page() -> None:
    results = [of("A/a", NUMBER)]
    assert said(results, "zh") == ["  A/a: 默认 1 日，时限", LEGAL_NOTES_ZH]
    assert said(results, "both") == [
        "  A/a: 默认 1 日，时限 · default 1 day: Time",
        LEGAL_NOTES_ZH,
        LEGAL_NOTES,
    ]


def test_a_default_that_is_no_number_is_told_there_too() -> None:
    assert said([of("A/a", SETTING)]) == ["  A/a: as set", LEGAL_NOTES]
    assert said([of("A/a", GREY)]) == ["  A/a: grey"]


def test_numbers_too_many_are_counted() -> None:
    some = [number(f"n{i}") for i in range(12)]
    assert len(said([of("A/a", *some[:11])])) == 12
    shown = said([of("A/a", *some)])
    assert shown[9:] == [
        "  A/a: default: n9",
        "  2 more notes; -v lists them all",
        LEGAL_NOTES,
    ]
    assert said([of("A/a", *some)], short=False)[-2:] == ["  A/a: n11 is a default", LEGAL_NOTES]


def test_notes_in_full_leave_room_for_numbers() -> None:
    long = [replace(GREY, text=plain(f"{i} {'word ' * 30}")) for i in range(5)]
    some = [number(f"n{i}") for i in range(9)]
    shown = said([of("A/a", *long, *some)])
    assert len(shown) == 12
    assert [line[:17] for line in shown if line.startswith("  A/a: ")] == [
        "  A/a: 0 word wor",
        "  A/a: 1 word wor",
        "  A/a: default: n",
        "  A/a: default: n",
        "  A/a: default: n",
        "  A/a: default: n",
    ]
    assert shown[-2] == "  8 more notes; -v lists them all"


def test_without_numbers_all_lines_are_for_notes_in_full() -> None:
    some = [replace(GREY, text=plain(f"n{i}")) for i in range(13)]
    assert len(said([of("A/a", *some[:12])])) == 12
    assert said([of("A/a", *some)])[10:] == ["  A/a: n10", "  2 more notes; -v lists them all"]


def test_the_first_note_is_said_whatever_its_length() -> None:
    endless = replace(NOTE, text=plain("word " * 300))
    shown = said([of("A/a", endless, GREY, NUMBER)])
    assert len(shown) > 12
    assert shown[-2:] == ["  2 more notes; -v lists them all", LEGAL_NOTES]


@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_no_line_is_wider_than_the_terminal(language: Any) -> None:
    wide = replace(NUMBER, brief=Text("期限" * 30, "time " * 30), text=Text("期" * 90, "t " * 90))
    results = [of("A/a", wide, replace(GREY, text=Text("灰" * 90, "grey " * 40)))]
    for short in (True, False):
        assert max(map(width, said(results, language, short=short))) <= 80


def test_hostile_words_lose_their_power() -> None:
    piece = plain("\x1b[31mred\u202e")
    results = [of("A/a", replace(NUMBER, brief=piece, text=piece))]
    for short in (True, False):
        assert not {"\x1b", "\u202e"} & set("".join(said(results, short=short)))
