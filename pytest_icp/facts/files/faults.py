"""Faults in a text, before the file and its lines are known."""

from __future__ import annotations

from pytest_icp.facts.files.wording import show
from pytest_icp.law.text import Text

EMPTY = Text(zh="文件是空的", en="the file is empty")
DEPTH = 100
"""The deepest nesting of lists and objects that is read."""


class Fault(Exception):  # noqa: N818 - becomes an InputError as soon as the file is known
    """A fault in a text, before the file is known.

    ``start`` and ``end`` are character offsets; ``earlier`` is an offset
    before it whose line fills ``{line}`` in the hint.
    """

    def __init__(
        self,
        message: Text,
        *,
        start: int,
        end: int | None = None,
        hint: Text | None = None,
        earlier: int | None = None,
    ) -> None:
        super().__init__(message.en)
        self.message = message
        self.start = start
        self.end = start + 1 if end is None else end
        self.hint = hint or Text(zh="", en="")
        self.earlier = earlier


def duplicate_key(name: str, span: tuple[int, int], earlier: int) -> Fault:
    """Return the fault of a key that an object has twice."""
    return Fault(
        Text(zh=f"键 {show(name)} 重复", en=f"duplicate key {show(name)}"),
        start=span[0],
        end=span[1],
        hint=Text(zh="第一次写在第 {line} 行", en="first written on line {line}"),
        earlier=earlier,
    )


def too_long(start: int, end: int) -> Fault:
    """Return the fault of an integer with more digits than are read."""
    return Fault(
        Text(zh="整数的位数太多", en="this integer has too many digits"), start=start, end=end
    )


def too_deep(at: int) -> Fault:
    """Return the fault of nesting beyond `DEPTH`."""
    return Fault(
        Text(zh=f"嵌套超过 {DEPTH} 层", en=f"nested more than {DEPTH} levels deep"), start=at
    )


def empty() -> Fault:
    """Return the fault of a text without any value."""
    return Fault(EMPTY, start=0)
