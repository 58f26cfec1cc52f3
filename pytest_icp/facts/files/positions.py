"""Offsets in a text turned into places a person can find: line, column, excerpt."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from pytest_icp.law.location import Place

if TYPE_CHECKING:
    from pathlib import PurePath

_BREAK = re.compile(r"\r\n?|\n")
_LONGEST_EXCERPT = 400
_BLOCK = 1 << 16


class Spot(Struct, frozen=True):
    """Where a pointer leads: character offsets of the value and of its key.

    ``key`` is None for a list element and for the whole document. ``depth`` counts the
    tokens that could be followed; fewer than asked means that the fact is absent and this
    is its closest ancestor.
    """

    value: tuple[int, int]
    key: tuple[int, int] | None
    depth: int


class Positions(Protocol):
    """Finds the values of one text; built at the first question, not when the text is read."""

    def find(self, tokens: tuple[str, ...]) -> Spot:
        """Return the spot of a value by the tokens of its JSON Pointer."""
        ...

    def lines(self) -> Lines:
        """Return the lines of the text."""
        ...


class Lines:
    """The lines of a text, as editors count them.

    Where no line ends in a carriage return, breaks are counted block by block, as far as is
    asked: to list every line of a large file takes longer than to find a few of them.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = None
        if "\r" in text:
            self._starts = array("Q", (0, *(found.end() for found in _BREAK.finditer(text))))
        # How many breaks lie before each block.
        self._before = array("Q", (0,))

    def line(self, offset: int) -> int:
        """Return the line (from 1) that holds a character offset."""
        if self._starts is not None:
            return bisect_right(self._starts, offset)
        block = offset // _BLOCK
        while len(self._before) <= block:
            start = (len(self._before) - 1) * _BLOCK
            self._before.append(self._before[-1] + self._text.count("\n", start, start + _BLOCK))
        return self._before[block] + self._text.count("\n", block * _BLOCK, offset) + 1

    def _span(self, line: int, offset: int) -> tuple[int, int]:
        """Return where a line begins and ends, or is cut; ``offset`` lies in it."""
        if self._starts is not None:
            more = line < len(self._starts)
            return self._starts[line - 1], self._starts[line] if more else len(self._text)
        # The break before the line is in the last block that has fewer before it.
        block = bisect_left(self._before, line - 1, hi=offset // _BLOCK + 1) - 1
        first = self._text.rfind("\n", max(0, block * _BLOCK), offset) + 1 if line > 1 else 0
        cut = min(offset + _LONGEST_EXCERPT, len(self._text))
        last = self._text.find("\n", offset, cut) + 1
        return first, last or cut

    def place(self, path: PurePath, start: int, end: int) -> Place:
        """Return the place of a span; its width ends with the first line.

        Of a very long line only the beginning is quoted, and nothing of it when the span
        lies further on, so that thousands of places in one minified line stay small.
        """
        line = self.line(start)
        first, last = self._span(line, start)
        column = start - first + 1
        near = self._text[first : min(last, first + _LONGEST_EXCERPT)].rstrip("\r\n")
        width = len(self._text[start : min(end, last, start + _LONGEST_EXCERPT)].rstrip())
        return Place(
            path=path,
            line=line,
            column=column,
            excerpt=near if column <= _LONGEST_EXCERPT else "",
            width=max(1, width),
        )


def index_of(token: str) -> int | None:
    """Return the list index that a pointer's token spells, or None."""
    plain = token.isascii() and token.isdecimal() and (len(token) == 1 or token[0] != "0")
    return int(token) if plain and len(token) < 20 else None  # noqa: PLR2004 - 64 bits
