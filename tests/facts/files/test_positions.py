"""Offsets become lines and columns, in whatever way the lines of a text are found."""

from __future__ import annotations

import json
import re
from pathlib import PurePath
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pytest_icp.facts.files import json_positions, json_source, positions
from pytest_icp.facts.files.json_positions import JsonPositions
from pytest_icp.facts.files.positions import Lines


def _by_member(text: str) -> Any:
    return json_source._by_member(text, json_source._most_members(text.encode()))


TEXTS = st.text(st.sampled_from("a汉 \n"), max_size=60) | st.text(st.sampled_from("a\r\n"))


@given(TEXTS, st.data(), st.integers(1, 9), st.integers(1, 70))
def test_a_span_has_the_place_that_editors_show(
    text: str, data: st.DataObject, block: int, longest: int
) -> None:
    starts = [0, *(found.end() for found in re.finditer(r"\r\n?|\n", text))]
    with patch.multiple(positions, _BLOCK=block, _LONGEST_EXCERPT=longest):
        lines = Lines(text)
        for _ in range(4):
            offset = data.draw(st.integers(0, len(text)))
            first = max(start for start in starts if start <= offset)
            whole = re.split(r"[\r\n]", text[first:])[0]
            place = lines.place(PurePath("x"), offset, len(text))
            assert lines.line(offset) == place.line == starts.index(first) + 1
            assert place.column == offset - first + 1
            near = whole[:longest] if place.column <= longest else ""
            assert place.excerpt == near
            rest = text[
                offset : min(
                    offset + longest, *[s for s in [*starts, len(text)] if s > offset] or [offset]
                )
            ]
            assert place.width == max(1, len(rest.rstrip()))


VALUES = st.recursive(
    st.none() | st.integers() | st.text(st.sampled_from('a"\\[]{},: ')),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", max_size=2), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.text('ab"', max_size=2), VALUES, max_size=4), st.sampled_from((None, 1)))
def test_members_read_one_by_one_stand_where_a_second_scan_finds_them(
    data: dict[str, Any], indent: int | None
) -> None:
    text = f" {json.dumps(data, indent=indent)}\n"
    read, found = json_source.parse_json(text.encode(), text)
    assert read == data
    scanned = JsonPositions(text)
    for at in ((), ("a",), ("b", "0"), ('"', "a"), ("c",)):
        assert found.find(at) == scanned.find(at)


@given(st.dictionaries(st.text('ab"', max_size=2), VALUES, max_size=4), st.sampled_from((None, 1)))
@example({"b": "a", "a": 1}, None)
def test_a_member_found_at_once_is_the_one_that_is_found_from_the_beginning(
    data: dict[str, Any], indent: int | None
) -> None:
    text = json.dumps([data, {"a": 0, "c": {"b": [1]}}], indent=indent)
    for at in (("0", "a"), ("0", "b", "a"), ("0", '"'), ("0", "a", "b"), ("0", ","), ("1", "b")):
        at_once = JsonPositions(text).find(at)
        with patch.object(json_positions, "_NEAR", 0):
            assert JsonPositions(text).find(at) == at_once


@pytest.mark.parametrize(
    "text",
    [
        '{"a" 1}',
        "{a: 1}",
        '{"a": 1 "b": 2}',
        '{"a": 1',
        "}",
        "{}",
        '{"a": 1} 2',
        '{"a": 1, "a": 2}',
    ],
)
def test_only_whole_objects_are_read_member_by_member(text: str) -> None:
    assert _by_member(text) is None


@pytest.mark.parametrize(
    ("text", "quickly"),
    [
        ('{"a": {"b": "T09:30"}, "c": "d: e"}', True),
        ('{"a"\t: {"b"\n :1}}', True),
        ('{"a": {"b": 1, "b": 2}}', False),
        ('{"a": [{"b": 1, "b" : 2}]}', False),
        # What only might be a second name is read in the slower way.
        ('{"a": " : "}', False),
        (r'{"a": "\": "}', False),
    ],
)
def test_names_are_counted_to_see_that_none_is_repeated(text: str, quickly: bool) -> None:
    assert (_by_member(text) is not None) is quickly


@given(
    st.dictionaries(st.text('ab": ', max_size=2), VALUES, max_size=4),
    st.sampled_from(((",", ":"), (", ", ": "), (" ,", " : "), ("\n,", "\r\t:\n"))),
)
def test_no_text_has_more_members_than_are_counted(
    data: dict[str, Any], separators: tuple[str, str]
) -> None:
    def members(value: Any) -> int:
        inner = value.values() if isinstance(value, dict) else value
        own = len(value) if isinstance(value, dict) else 0
        return own + sum(map(members, inner)) if isinstance(value, dict | list) else 0

    text = json.dumps(data, separators=separators)
    assert json_source._most_members(text.encode()) >= members(data)
