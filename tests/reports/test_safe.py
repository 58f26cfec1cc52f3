from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_icp.reports.layout import HIDDEN
from pytest_icp.reports.safe import MOST, json_text, one_line
from tests.runs import HOSTILE


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("中文 and more", "中文 and more"),
        ("a\nb\tc", "a b c"),
        ("\x1b[1m\u202e", "\ufffd[1m\ufffd"),
    ],
)
def test_a_text_is_one_line_that_nothing_obeys(text: str, line: str) -> None:
    assert one_line(text) == line


def test_a_long_text_is_cut() -> None:
    assert one_line("x" * 1_000_000) == "x" * (MOST - 1) + "…"
    assert one_line("x" * MOST) == "x" * MOST


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_json_says_the_same(text: str) -> None:
    assert json.loads(json_text({"a": text})) == {"a": text}


def test_indented_json_is_that_of_python() -> None:
    value = {"a": [], "b": {}, "中": [1, 10**30, 1e16, None, True, {"c": "\n"}]}
    assert json_text(value, indented=True) == json.dumps(value, ensure_ascii=False, indent=2)


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
