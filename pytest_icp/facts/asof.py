"""A description as of an instant (核对日): what was known and had begun then.

Elements that have not begun are left out, an event after the instant becomes ``never``, and
scheduled dates stay. A renewal that is ``none`` is one that was never applied for. An element that
does not say when it began is perhaps there, and is marked so. What does not change is shared with
the description, not copied.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from operator import is_not
from types import MappingProxyType
from typing import TypeAlias

from msgspec import Struct

from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.plans import Plan
from pytest_icp.law.condition import PERHAPS
from pytest_icp.law.jsontypes import Json, JsonObject
from pytest_icp.law.times import civil_date, happened, parse_time

NEVER = "never"
"""The word for an event that has not happened (未发生), which is known; null is not known."""

NONE = "none"
"""The word for what there is none of (没有), which is known; null is not known."""

_APPLIED_ON = "applied_on"
NOT_APPLIED: JsonObject = {_APPLIED_ON: NEVER, "decided_on": NEVER, "decision": NONE}
"""What ``none`` says of a renewal (延续): it was not applied for, and nothing was decided."""

Since: TypeAlias = Mapping[str, Mapping[int, str | None]]
"""By list and index, what would tell since when an element is there that does not say so.

``""`` where it is there in any case, None where it is left out, whatever its dates.
"""

_NO_DATES = Plan(fields={}, children={})
_ITS_DATE = "?"
"""Told of an element where the date that it lacks would tell since when it is there."""
_ABSENT: JsonObject = {}
"""What a view has instead of an element that is not there."""


class View(Confidential, Struct, frozen=True):
    """A description as of an instant.

    ``origins`` maps the identity of each shortened list to the indices that its elements have
    in the description, so that pointers lead to what a person wrote. ``to_come`` maps that of an
    object to the names of its events that come later.
    """

    facts: JsonObject
    origins: Mapping[int, tuple[int, ...]]
    to_come: Mapping[int, frozenset[str]] = MappingProxyType({})

    def indices(self, elements: list[Json]) -> Sequence[int]:
        """Return the indices that the elements of a list have in the description."""
        return self.origins.get(id(elements)) or range(len(elements))

    def written(self, path: Sequence[str | int]) -> tuple[str | int, ...]:
        """Return where in the description the fact is that is at a path of the view."""
        value: Json = self.facts
        found: list[str | int] = []
        for name in path:
            if isinstance(value, list) and str(name).isdecimal() and int(name) < len(value):
                found.append(self.indices(value)[int(name)])
                value = value[int(name)]
            else:
                found.append(name)
                value = value.get(str(name)) if isinstance(value, Mapping) else None
        return tuple(found)

    def declares_none(self, name: str) -> bool:
        """Whether a list is declared empty, and not only because its elements are later."""
        elements = self.facts.get(name)
        return elements == [] and id(elements) not in self.origins


def view(
    facts: JsonObject,
    plan: Plan,
    as_of: datetime,
    *,
    since: Since = MappingProxyType({}),
    marked: bool = True,
) -> View:
    """Return the facts as of an instant; ``plan`` has the dates among them.

    An element without its beginning has the mark ``PERHAPS``, if they are to be ``marked``: it is
    perhaps not there. What would tell is that fact, but for elements for which ``since`` has
    another one.
    """
    walker = _Walker(as_of, marked=marked)
    return View(walker.element(facts, plan, since), walker.origins, walker.to_come)


class _Walker:
    """One pass over the facts; days are compared as text."""

    def __init__(self, as_of: datetime, *, marked: bool) -> None:
        self._as_of = as_of
        self._marked = marked
        today = civil_date(as_of)
        self._today = today.isoformat()
        self._recent = date.fromordinal(max(1, today.toordinal() - 2)).isoformat()
        self.origins: dict[int, tuple[int, ...]] = {}
        self.to_come: dict[int, frozenset[str]] = {}

    def element(
        self, element: JsonObject, plan: Plan, since: Since = MappingProxyType({})
    ) -> JsonObject:
        """Return one object without its later events; the object itself if there are none."""
        later = [name for name in plan.events if self._comes(element.get(name))]
        changes: dict[str, Json] = dict.fromkeys(later, NEVER)
        for name, child in _changing(plan, since) if since else plan.changing:
            value = element.get(name)
            if value is None:
                continue
            if value == NONE and _APPLIED_ON in child.events:
                changes[name] = NOT_APPLIED
                continue
            seen = value
            if isinstance(value, list):
                seen = self._list(value, child, since.get(name, {}))
            elif isinstance(value, dict):
                seen = self.element(value, child)
            if seen is not value:
                changes[name] = seen
        if not changes:
            return element
        now = {**element, **changes}
        if later:
            self.to_come[id(now)] = frozenset(later)
        return now

    def _list(
        self, elements: list[Json], plan: Plan, since: Mapping[int, str | None]
    ) -> list[Json]:
        seen = [self._seen(one, plan, since.get(i, _ITS_DATE)) for i, one in enumerate(elements)]
        kept = [i for i, one in enumerate(seen) if one is not _ABSENT]
        if len(kept) == len(seen):
            return seen if any(map(is_not, seen, elements)) else elements
        shown = [seen[i] for i in kept]
        self.origins[id(shown)] = tuple(kept)
        return shown

    def _seen(self, element: Json, plan: Plan, told: str | None) -> Json:
        """Return an element of a list as of the instant; `_ABSENT` where it is not there."""
        if told is None:
            return _ABSENT
        if not isinstance(element, dict):
            return element
        open_at = ""
        for name in plan.begins:
            written = element.get(name)
            if written is None:
                open_at = open_at or (name if told == _ITS_DATE else told)
            elif self._comes(written):
                return _ABSENT
        now = self.element(element, plan)
        if not open_at or not self._marked:
            return now
        marked = {**now, PERHAPS: open_at}
        if later := self.to_come.pop(id(now), None):
            self.to_come[id(marked)] = later
        return marked

    def _comes(self, written: Json) -> bool:
        """Whether a value is a date after the instant."""
        # Most are long past, and so in whatever zone they are written.
        if not isinstance(written, str) or written < self._recent or written in {NEVER, NONE}:
            return False
        if len(written) == len(self._today):
            return written > self._today
        return not happened(parse_time(written), self._as_of)


def _changing(plan: Plan, since: Since) -> Iterator[tuple[str, Plan]]:
    """Yield the children in which a view may differ, also of lists that have no dates."""
    yield from plan.changing
    names = since.keys() - {name for name, _ in plan.changing}
    yield from ((name, _NO_DATES) for name in names)
