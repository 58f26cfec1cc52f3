from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_icp.reports.layout import HIDDEN, caret_lines, cut, inert, json_text, pad, width, wrap
from tests.runs import HOSTILE

TEXTS = st.text(st.characters(exclude_categories=["Cs"])) | st.text("ab 车，。(x", max_size=200)
COLUMNS = st.integers(10, 100)


@given(TEXTS)
def test_inert_text_has_nothing_that_a_terminal_obeys(text: str) -> None:
    made = inert(text)
    assert len(made) == len(text)
    assert not {unicodedata.category(c) for c in made} & {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}


@pytest.mark.parametrize(
    ("text", "columns"), [("", 0), ("ab", 2), ("车", 2), ("Ａ", 2), ("e\u0301", 1), ("「a」", 5)]
)
def test_width(text: str, columns: int) -> None:
    assert width(text) == columns
    assert pad(text, 6) == text + " " * (6 - columns)
    assert pad(text, 0) == text


@given(TEXTS, COLUMNS)
def test_cut_text_fits_and_says_that_it_was_cut(text: str, columns: int) -> None:
    made = cut(text, columns)
    assert width(made) <= columns
    assert made == text or (made.endswith("…") and text.startswith(made[:-1]))


@given(TEXTS, COLUMNS, st.integers(0, 6))
def test_wrapped_lines_fit_and_keep_every_character(text: str, columns: int, hang: int) -> None:
    lines = wrap(text, columns, indent=" " * hang)
    assert lines
    assert all(width(line) <= columns for line in lines)
    assert "".join("".join(lines).split()) == "".join(inert(text).split())


@pytest.mark.parametrize(
    ("text", "columns", "lines"),
    [
        ("", 10, [""]),
        ("one two three", 9, ["one two", "..three"]),
        ("一二三四五六", 6, ["一二三", "..四五", "..六"]),
        ("一二，三四", 6, ["一二，", "..三四"]),
        ("一二三，四", 6, ["一二", "..三，", "..四"]),
        ("一二三（四）", 8, ["一二三", "..（四）"]),
        ("说abc完", 6, ["说abc", "..完"]),
        ("x" * 12, 6, ["x" * 6, "..xxxx", "..xx"]),
        ("a " + "x" * 8, 6, ["a", "..xxxx", "..xxxx"]),
    ],
)
def test_where_lines_break(text: str, columns: int, lines: list[str]) -> None:
    assert wrap(text, columns, indent="  ") == [line.replace(".", " ") for line in lines]


@pytest.mark.parametrize("command", ["::error::x", "##[error]x", "##vso[task.x]"])
def test_a_line_is_never_a_command_to_a_ci_service(command: str) -> None:
    lines = wrap(f"  aaaa {command}", 12, indent="    ")
    shown = lines[1].lstrip()
    assert lines[0] == "  aaaa"
    assert shown[:2] in {"…:", "#…"}
    assert wrap(command, 80)[0].startswith(shown[:2])


@pytest.mark.parametrize("command", ["##[stop-commands]x", "##vso[task.x]", "#####[x]"])
def test_a_command_in_the_middle_of_a_line_is_none(command: str) -> None:
    # GitHub's runner looks for ``##[`` anywhere in a line, and Azure's agent for ``##vso[``.
    (line,) = wrap(f"a {command} z", 80)
    assert line == f"a {command} z".replace("##[", "#…[").replace("##vso", "#…vso")
    assert inert("## no command [x]") == "## no command [x]"


# ---- The line of a fact with carets under the fact


def marked(excerpt: str, column: int, meant: int, columns: int = 40) -> list[str]:
    return [*caret_lines(excerpt, column, meant, columns, lead="7 | ", under="  | ")]


def test_carets_stand_under_what_is_meant() -> None:
    assert marked("  done: never", 9, 5) == ["7 |   done: never", "  |         ^^^^^"]


def test_a_wide_character_has_two_columns() -> None:
    assert marked("名称: 北京", 5, 2) == ["7 | 名称: 北京", "  |       ^^^^"]


def test_nothing_is_meant_by_one_caret() -> None:
    assert marked("done:", 6, 0) == ["7 | done:", "  |      ^"]


def test_a_long_line_is_shown_where_the_carets_are() -> None:
    first, second = marked("x" * 100 + "HERE" + "y" * 100, 101, 4, columns=24)
    assert width(first) <= 24
    at = second.index("^")
    assert first[at : at + 4] == "HERE"
    assert second.count("^") == 4
    assert "…" in first[:8]
    assert first.endswith("…")


def test_controls_keep_their_column_and_lose_their_power() -> None:
    assert marked("\tx: \x1b[1m", 5, 4) == ["7 |  x: \ufffd[1m", "  |     ^^^^"]


@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=300),
    st.integers(1, 300),
    st.integers(0, 50),
    st.integers(20, 120),
)
def test_no_line_is_wider_than_asked(excerpt: str, column: int, meant: int, columns: int) -> None:
    for line in marked(excerpt, min(column, len(excerpt) + 1), meant, columns):
        assert width(line) <= columns


def test_the_part_before_the_fact_is_no_command_together_with_it() -> None:
    assert "##[" not in marked("a: ##[error]x", 6, 3)[0]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_json_says_the_same(text: str) -> None:
    assert json.loads(json_text({"a": text})) == {"a": text}


@given(st.characters(exclude_categories=["Cs"]))
def test_what_is_escaped_is_what_is_not_printed(character: str) -> None:
    escaped = character not in json_text(character)
    seen = character.isprintable() and not HIDDEN.match(character)
    assert not (escaped and seen and character not in '"\\')


def test_json_has_no_character_that_is_obeyed() -> None:
    text = json_text([HOSTILE, "\U000e0041", "\U000e0100"])
    assert text.encode("utf-8")
    assert not {"\x1b", "\x00", "\u202e", "\u2028", "\U000e0041", "\U000e0100"} & set(text)
    shown = HOSTILE.replace("\ud800", "\ufffd")
    assert json.loads(text) == [shown, "\U000e0041", "\U000e0100"]


def test_json_has_no_command_of_a_ci_service() -> None:
    text = "a ##[stop-commands]x ##vso[task.x]y ## z"
    written = json_text([text])
    assert written == r'["a #\u0023[stop-commands]x #\u0023vso[task.x]y ## z"]'
    assert json.loads(written) == [text]
