from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from pytest_icp.reports.layout import HIDDEN
from pytest_icp.reports.safe import json_text
from tests.runs import HOSTILE


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
