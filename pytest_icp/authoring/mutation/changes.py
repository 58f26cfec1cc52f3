"""Changes of a policy as reports show them, with their lines, and the score of a provision."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import dedent

from msgspec import Struct

from pytest_icp.authoring.mutation.edits import Edit
from pytest_icp.facts.files.flow import flow
from pytest_icp.facts.files.source import Source
from pytest_icp.law.jsontypes import pointer
from pytest_icp.law.location import Place


class PolicyChange(Struct, frozen=True, kw_only=True):
    """One change of a policy (变异).

    ``rule`` is the changed rule, or the provision where the change affects all its rules;
    ``id`` names the change within it; ``before`` and ``after`` are the lines of the file.
    """

    rule: str
    id: str
    operator: str
    place: Place
    before: tuple[str, ...]
    after: tuple[str, ...]


class Survivor(Struct, frozen=True, kw_only=True):
    """A change that no case noticed (存活变异); ``reason`` explains why none could."""

    change: PolicyChange
    reason: str = ""


class Score(Struct, frozen=True, kw_only=True):
    """How many changes of a provision were tried, noticed, and impossible to notice (得分)."""

    provision: str
    tried: int
    killed: int
    equivalent: int

    @property
    def percent(self) -> float:
        """The share of noticed changes among those that can be noticed."""
        counted = self.tried - self.equivalent
        return 100 * self.killed / counted if counted else 100.0


_SHOWN = 6


class Diff(Struct, frozen=True):
    """Where a change is, and the lines before and after it (改动)."""

    place: Place
    before: tuple[str, ...]
    after: tuple[str, ...]


def diff(source: Source, text: str, edit: Edit) -> Diff:
    """Return an edit as lines of its file, whose text is ``text``."""
    names = tuple(map(str, edit.path))
    spot = source.positions.find(names)
    start, end = spot.value
    first = text.rfind("\n", 0, start) + 1
    if edit.dropped is not None and "\n" in text[first:end].rstrip():
        # In a block only the lines of the dropped key go.
        below = source.positions.find((*names, str(edit.dropped)))
        return _cut(source, text, edit, (below.key or below.value)[0], below.value[1])
    last = text.find("\n", end)
    after = text[first:start] + flow(edit.value) + text[end : last if last >= 0 else None]
    old = text[first : last if last >= 0 else None]
    return Diff(source.place(pointer(names)), _lines(old), _lines(after))


def _cut(source: Source, text: str, edit: Edit, start: int, end: int) -> Diff:
    first = text.rfind("\n", 0, start) + 1
    place = source.place(pointer((*map(str, edit.path), str(edit.dropped))), of="key")
    return Diff(place, _lines(text[first:end].rstrip()), ())


def _lines(text: str) -> tuple[str, ...]:
    lines: Sequence[str] = dedent(text).rstrip().splitlines()
    return (*lines[:_SHOWN], *(["…"] if len(lines) > _SHOWN else []))
