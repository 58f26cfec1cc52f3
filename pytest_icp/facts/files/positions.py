"""Where a value stands in a text: offsets by pointers, lines, and keys that are commented out."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from msgspec import Struct

from pytest_icp.law.location import Place

if TYPE_CHECKING:
    from pathlib import PurePath

_BREAK = re.compile(r"\r\n?|\n")
_LONGEST_EXCERPT = 400
_BLOCK = 1 << 12


KeySpan: TypeAlias = "tuple[int, int] | tuple[None, None]"
Node: TypeAlias = "tuple[int | None, int | None, int, int, Any]"
"""A value in a text: the start and end of its key and of itself, and its members or elements.

These are nodes, or their JSON, to be read when they are needed. Offsets count characters. An
element of a list and a whole document have no key.
"""
NO_KEY: KeySpan = (None, None)
"""The key span of a value without a key."""


class Span(Struct, frozen=True):
    """The character offsets of a value and of its key, by a pointer.

    ``key`` is None for a list element and for the whole document. ``depth`` counts the tokens
    that could be followed; if it is less than the pointer's, the fact is absent and this is its
    closest ancestor.
    """

    value: tuple[int, int]
    key: tuple[int, int] | None
    depth: int


class Positions(ABC):
    """Finds the values of one text by their JSON Pointers."""

    _lines: Lines | None = None

    @abstractmethod
    def text(self) -> str:
        """Return the text."""

    @abstractmethod
    def root(self) -> Node:
        """Return the node of the whole value."""

    def child(self, node: Node, token: str) -> Node | None:
        """Return the member or the element of a node that a token of a pointer names."""
        below: Mapping[str, Node] | Sequence[Node] | None = node[4]
        if isinstance(below, Mapping):
            return below.get(token)
        index = index_of(token)
        if below is None or index is None or index >= len(below):
            return None
        return below[index]

    def question(self, tokens: tuple[str, ...], span: Span) -> tuple[int, int] | None:
        """Return the offsets of the key in a comment that asks for a value that is absent.

        ``span`` is what was found of it.
        """
        del tokens, span
        return None

    def end(self) -> tuple[int, int] | None:
        """Return the offsets at which a member of the whole value can be added, if at the end."""
        return None

    def lines(self) -> Lines:
        """Return the lines of the text."""
        if self._lines is None:
            self._lines = Lines(self.text())
        return self._lines

    def find(self, tokens: tuple[str, ...]) -> Span:
        """Return the span of a value by the tokens of its JSON Pointer."""
        node, depth = self.root(), 0
        for token in tokens:
            child = self.child(node, token)
            if child is None:
                break
            node, depth = child, depth + 1
        key_start, key_end, start, end, _ = node
        key = None if key_start is None or key_end is None else (key_start, key_end)
        return Span((start, end), key, depth)


_LINE = re.compile(
    r"^(?P<outer> *+)(?P<hash>#(?!#) ?+)?(?P<inner> *+)(?P<dashes>(?:- ++)*+)"
    r"(?P<key>[A-Za-z_][\w-]*+):(?: ++(?P<value>\S(?:.*[^ \r\n])?))?[ \r]*+$",
    re.MULTILINE,
)


class _Line(NamedTuple):
    """A line of YAML with a key, which may be in a comment: offsets of the key, and columns.

    A comment counts as the line that it becomes without its ``# ``: ``outer`` is the column in
    which that begins, and ``column`` that of its key. ``name`` is the token of a path that leads
    to it: an element of a list is named by its id.
    """

    start: int
    end: int
    outer: int
    column: int
    commented: bool
    name: str


class TreePositions(Positions):
    """Finds values in the tree of nodes that was made when the text was read."""

    def __init__(self, text: str, tree: Node) -> None:
        self._text = text
        self._tree = tree

    def question(self, tokens: tuple[str, ...], span: Span) -> tuple[int, int] | None:
        """Return the offsets of the deepest commented key on the path to an absent value."""
        index, column, is_element = -1, 0, True
        if span.depth:
            # An element of a list has no key, and begins at its first one.
            start, is_element = (span.key or span.value)[0], span.key is None
            column = start - self._text.rfind("\n", 0, start) - 1
            end = self._text.find("\n", start)
            below = (end if end >= 0 else len(self._text),)
            index = bisect_left(self._keys, below) - 1
        found = None
        for name in tokens[span.depth :]:
            deeper = self._within(name, index + 1, column, is_element=is_element)
            if deeper is None:
                break
            index, found = deeper, self._keys[deeper]
            column, is_element = found.column, found.column > found.outer
        return None if found is None else (found.start, found.end)

    def _within(self, name: str, after: int, column: int, *, is_element: bool) -> int | None:
        """Return the index of a commented key of one object, from a line on.

        The keys of an element are in its own column, those of another value further to the right.
        """
        keys = column if is_element else None
        for index in range(after, len(self._keys)):
            line = self._keys[index]
            keys = max(line.column, column + 1) if keys is None else keys
            if line.outer < (keys if is_element else column + 1):
                return None
            if line.commented and line.column == keys and line.name == name:
                return index
        return None

    @cached_property
    def _keys(self) -> list[_Line]:
        return [_line(match) for match in _LINE.finditer(self._text)]

    def end(self) -> tuple[int, int] | None:
        """Return the offsets of the end of the text."""
        end = len(self._text.rstrip())
        return end, end

    def text(self) -> str:
        """Return the text."""
        return self._text

    def root(self) -> Node:
        """Return the node of the whole value."""
        return self._tree


def _line(match: re.Match[str]) -> _Line:
    outer, dashes = len(match["outer"]) + len(match["inner"]), len(match["dashes"])
    identified = dashes and match["key"] == "id"
    return _Line(
        start=match.start("key"),
        end=match.end("key"),
        outer=outer,
        column=outer + dashes,
        commented=match["hash"] is not None,
        name=(match["value"] or "").strip("\"'") if identified else match["key"],
    )


class Lines:
    """The lines of a text, as editors count them.

    If no line ends in a carriage return, breaks are counted block by block, as far as needed:
    listing every line of a large file takes longer than finding a few of them.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = None
        if "\r" in text:
            self._starts = array("Q", (0, *(match.end() for match in _BREAK.finditer(text))))
        # How many breaks lie before each block.
        self._before = array("Q", (0,))

    def line(self, offset: int) -> int:
        """Return the line (from 1) of a character offset."""
        if self._starts is not None:
            return bisect_right(self._starts, offset)
        block = offset // _BLOCK
        while len(self._before) <= block:
            start = (len(self._before) - 1) * _BLOCK
            self._before.append(self._before[-1] + self._text.count("\n", start, start + _BLOCK))
        return self._before[block] + self._text.count("\n", block * _BLOCK, offset) + 1

    def _span(self, line: int, offset: int) -> tuple[int, int]:
        """Return the start and end of the line with ``offset``; a long one is cut."""
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

        Only the beginning of a very long line is quoted, and nothing if the span lies further
        on, so that thousands of places in one minified line stay small.
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
