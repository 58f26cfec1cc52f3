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


def change(rule: str, name: str, edit: Edit, source: Source, text: str) -> PolicyChange:
    """Return an edit of a rule as lines of its file, whose text is ``text``."""
    names = tuple(map(str, edit.path))
    start, end = source.positions.find(names).value
    first = text.rfind("\n", 0, start) + 1
    if edit.dropped is not None and "\n" in text[first:end].rstrip():
        # In a block only the lines of the dropped key go.
        names = (*names, str(edit.dropped))
        spot = source.positions.find(names)
        first, end = text.rfind("\n", 0, (spot.key or spot.value)[0]) + 1, spot.value[1]
        place, before, after = source.place(pointer(names), of="key"), text[first:end].rstrip(), ""
    else:
        last = text.find("\n", end)
        rest = text[end : last if last >= 0 else None]
        place, before = source.place(pointer(names)), text[first:end] + rest
        after = text[first:start] + flow(edit.value) + rest
    return PolicyChange(
        rule=rule,
        id=name,
        place=place,
        before=_lines(before),
        after=_lines(after),
    )


def _lines(text: str) -> tuple[str, ...]:
    lines: Sequence[str] = dedent(text).rstrip().splitlines()
    return (*lines[:_SHOWN], *(["…"] if len(lines) > _SHOWN else []))
