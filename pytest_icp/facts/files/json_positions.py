"""Where each value stands in a JSON text."""

from __future__ import annotations

import json
import re
from array import array
from collections.abc import Callable, Iterator
from json.decoder import scanstring  # type: ignore[attr-defined]  # the stubs omit it
from typing import NamedTuple

from pytest_icp.facts.files.garbage import collector_spared
from pytest_icp.facts.files.positions import Lines, Spot, index_of

_blank = re.compile(r"[ \t\n\r]*").match
_colon = re.compile(r"[ \t\n\r]*:[ \t\n\r]*").match
_comma = re.compile(r"[ \t\n\r]*,?[ \t\n\r]*").match
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_PAIR = re.compile(r"\{[^{}\[\]]*\}|\[[^{}\[\]]*\]")
_INSIDE = re.compile(r'["{}\[\]]')
_NEAR = 2048
"""Characters in which a member is looked for at once."""

_LENIENT = json.JSONDecoder()


class Entry(NamedTuple):
    """One member of an object or element of a list, as character offsets."""

    name: str | None
    key: tuple[int, int] | None
    value: tuple[int, int]


Skip = Callable[[str, int], tuple[object, int]]


def start_of(text: str) -> int:
    """Return where the text begins behind blanks."""
    return _blank(text).end()  # type: ignore[union-attr]  # it matches the empty text too


def after_blank(text: str, at: int) -> int:
    """Return the first place from an offset on that is no blank."""
    return _blank(text, at).end()  # type: ignore[union-attr]  # it matches the empty text too


def entries(text: str, at: int, skip: Skip) -> Iterator[Entry]:
    """Yield the entries of the container at an offset of well-formed JSON.

    Values are skipped by the parser written in C.
    """
    named = text[at] == "{"
    at = after_blank(text, at + 1)
    while text[at] not in "]}":
        name, key = None, None
        if named:
            name, end = scanstring(text, at + 1)
            key = (at, end)
            at = _colon(text, end).end()  # type: ignore[union-attr]  # the text is well-formed
        _, end = skip(text, at)
        yield Entry(name, key, (at, end))
        at = _comma(text, end).end()  # type: ignore[union-attr]  # it matches the empty text too


def _near(text: str, at: int, token: str) -> Entry | None:
    """Find a member near the beginning of an object without reading those before it.

    What looks like its name is a member of this object where all that is opened before is
    closed again. None does not say that there is none.
    """
    name = json.dumps(token, ensure_ascii=False)
    found = text.find(name, at, at + _NEAR)
    if found < 0 or _INSIDE.search(_closed(text[at + 1 : found])):
        return None
    end = found + len(name)
    colon = _colon(text, end)
    if colon is None:
        return None
    return Entry(token, (found, end), (colon.end(), _LENIENT.raw_decode(text, colon.end())[1]))


def _closed(text: str) -> str:
    """Leave out strings, and what is opened and closed again."""
    rest = _STRING.sub("", text)
    while (shorter := _PAIR.sub("", rest)) != rest:
        rest = shorter
    return rest


_Members = tuple[dict[str | None, Entry], Iterator[Entry]]
"""The members of an object that were met, and those that follow."""


class JsonPositions:
    """Finds values in a JSON text by a second scan of just the containers on the way."""

    def __init__(
        self,
        text: str,
        whole: tuple[int, int] | None = None,
        members: dict[str | None, Entry] | None = None,
    ) -> None:
        """Take a text, and what is known of the object that it is: its span and its members."""
        self._text = text
        self._whole = whole or (start_of(text), len(text.rstrip()))
        self._lines: Lines | None = None
        self._objects: dict[int, _Members] = {}
        if members is not None:
            self._objects[self._whole[0]] = (members, iter(()))
        self._lists: dict[int, tuple[array[int], Iterator[Entry]]] = {}

    def lines(self) -> Lines:
        """Return the lines of the text."""
        if self._lines is None:
            self._lines = Lines(self._text)
        return self._lines

    def find(self, tokens: tuple[str, ...]) -> Spot:
        """Return the spot of a value; see `Positions.find`."""
        text = self._text
        entry = Entry(None, None, self._whole)
        for depth, token in enumerate(tokens):
            below = self._below(text, entry.value[0], token)
            if below is None:
                return Spot(entry.value, entry.key, depth)
            entry = below
        return Spot(entry.value, entry.key, len(tokens))

    def _below(self, text: str, at: int, token: str) -> Entry | None:
        if text[at] == "{":
            return self._member(text, at, token)
        index = index_of(token)
        if text[at] != "[" or index is None:
            return None
        spans = self._elements(text, at, 2 * index + 2)
        if 2 * index >= len(spans):
            return None
        return Entry(None, None, (spans[2 * index], spans[2 * index + 1]))

    def _member(self, text: str, at: int, token: str) -> Entry | None:
        """Look a member up, and read no further than to it."""
        if at not in self._objects:
            near = _near(text, at, token)
            if near:
                return near
            self._objects[at] = ({}, entries(text, at, _LENIENT.raw_decode))
        known, others = self._objects[at]
        if token not in known:
            with collector_spared():
                for entry in others:
                    known[entry.name] = entry
                    if entry.name == token:
                        break
        return known.get(token)

    def _elements(self, text: str, at: int, wanted: int) -> array[int]:
        """Return where elements begin and end; no more is read than so many offsets."""
        if at not in self._lists:
            self._lists[at] = (array("Q"), entries(text, at, _LENIENT.raw_decode))
        spans, others = self._lists[at]
        with collector_spared():
            while len(spans) < wanted and (entry := next(others, None)):
                spans.extend(entry.value)
        return spans
