"""Keys that are written in comments: the questions of a description that wait for an answer."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

_LINE = re.compile(
    r"^(?P<outer> *+)(?P<hash>#(?!#) ?+)?(?P<inner> *+)(?P<dashes>(?:- ++)*+)"
    r"(?P<key>[A-Za-z_][\w-]*+):(?: ++(?P<value>\S(?:.*[^ \r\n])?))?[ \r]*+$",
    re.MULTILINE,
)


class _Line(NamedTuple):
    """A line with a key: its offsets, and columns as they are without the sign of a comment.

    ``outer`` is the column in which the line begins, and ``column`` that of its key.
    """

    start: int
    end: int
    outer: int
    column: int
    commented: bool
    key: str
    value: str

    @property
    def is_element(self) -> bool:
        """Whether an element of a list begins in this line."""
        return self.column > self.outer

    @property
    def name(self) -> str:
        """The token of a path that leads to this line: an element is named by its id."""
        return self.value.strip("\"'") if self.is_element and self.key == "id" else self.key


class CommentedKeys:
    """The keys of a YAML text, with those that are written in comments.

    A comment counts as the line that it becomes without its ``# ``.
    """

    def __init__(self, text: str) -> None:
        self._text = text

    def of_document(self, names: Sequence[str]) -> tuple[int, int] | None:
        """Return the offsets of the deepest commented key on a path from the document down."""
        found = self._questions.get(names[0])
        return None if found is None else self._below(found, names[1:])

    def of_value(
        self, names: Sequence[str], start: int, *, element: bool
    ) -> tuple[int, int] | None:
        """Return the same of a path in a value whose key begins at an offset.

        An ``element`` of a list has no key, and begins at its first one.
        """
        begun = self._text.rfind("\n", 0, start) + 1
        column = start - begun
        end = self._text.find("\n", start)
        after = bisect_left(self._lines, end, key=_start) if end >= 0 else len(self._lines)
        found = self._within(names[0], after, column, element=element)
        return None if found is None else self._below(found, names[1:])

    def _below(self, index: int, names: Sequence[str]) -> tuple[int, int]:
        for name in names:
            line = self._lines[index]
            deeper = self._within(name, index + 1, line.column, element=line.is_element)
            if deeper is None:
                break
            index = deeper
        return self._lines[index].start, self._lines[index].end

    def _within(self, name: str, after: int, column: int, *, element: bool) -> int | None:
        """Return the index of a commented key of one object, from a line on.

        The keys of an element are in its own column, those of another value further to the right.
        """
        keys = column if element else None
        for index in range(after, len(self._lines)):
            line = self._lines[index]
            keys = max(line.column, column + 1) if keys is None else keys
            if line.outer < (keys if element else column + 1):
                return None
            if line.commented and line.column == keys and line.name == name:
                return index
        return None

    @cached_property
    def _lines(self) -> list[_Line]:
        return [_line(match) for match in _LINE.finditer(self._text)]

    @cached_property
    def _questions(self) -> dict[str, int]:
        """The index of each commented key of the document itself."""
        lines = reversed([*enumerate(self._lines)])
        return {line.key: i for i, line in lines if line.commented and line.column == 0}


def _start(line: _Line) -> int:
    return line.start


def _line(match: re.Match[str]) -> _Line:
    outer = len(match["outer"]) + len(match["inner"])
    return _Line(
        start=match.start("key"),
        end=match.end("key"),
        outer=outer,
        column=outer + len(match["dashes"]),
        commented=match["hash"] is not None,
        key=match["key"],
        value=match["value"] or "",
    )
