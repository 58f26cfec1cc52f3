"""A description as of an instant (核对日): what was known and had begun then.

Elements that have not begun are left out, an event after the instant becomes ``never``, and
scheduled dates stay. A renewal that is ``none`` is one that was never applied for. An element that
does not say when it began is perhaps there, and is marked so. What does not change is shared with
the description, not copied.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TypeAlias

from msgspec import Struct

from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.plans import Plan
from pytest_icp.law.condition import PERHAPS
from pytest_icp.law.jsontypes import Json, JsonObject
from pytest_icp.law.times import CST, happened, parse_time

NEVER = "never"
"""The word for an event that has not happened (未发生), which is known; null is not known."""

NONE = "none"
"""The word for what there is none of (没有), which is known; null is not known."""

_APPLIED_ON = "applied_on"
NOT_APPLIED: JsonObject = {_APPLIED_ON: NEVER, "decided_on": NEVER, "decision": NONE}
"""What ``none`` says of a renewal (延续): it was not applied for, and nothing was decided."""


Hidden: TypeAlias = Mapping[str, Collection[int]]
"""By list, the indices of elements that are left out of a view, whatever their dates."""

Since: TypeAlias = Mapping[str, Mapping[int, str]]
"""By list and index, what would tell since when an element is there that does not say so.

``""`` where it is there in any case.
"""


class View(Confidential, Struct, frozen=True):
    """A description as of an instant.

    ``origins`` maps the identity of each shortened list to the indices that its elements have
    in the description, so that pointers lead to what a person wrote.
    """

    facts: JsonObject
    origins: Mapping[int, tuple[int, ...]]

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
    hidden: Hidden = MappingProxyType({}),
    since: Since = MappingProxyType({}),
    marked: bool = True,
) -> View:
    """Return the facts as of an instant; ``plan`` has the dates among them.

    An element without its beginning has the mark ``PERHAPS``, if they are to be ``marked``: it is
    perhaps not there. What would tell is that fact, but for elements for which ``since`` has
    another one.
    """
    walker = _Walker(as_of, marked=marked)
    kept = walker.without(facts, hidden) if hidden else facts
    seen = walker.element(kept, plan, since)
    return View(seen, walker.origins)


class _Walker:
    """One pass over the facts; dates are compared as text wherever that is enough."""

    def __init__(self, as_of: datetime, *, marked: bool) -> None:
        local = as_of.astimezone(CST)
        self._as_of = as_of
        self._marked = marked
        self._today = local.date().isoformat()
        # A time with a zone lies within a day of its written date.
        self._before = _day_text(local, -2)
        self._after = _day_text(local, +2)
        self.origins: dict[int, tuple[int, ...]] = {}

    def without(self, facts: JsonObject, hidden: Hidden) -> JsonObject:
        """Return the facts without some elements of their lists."""
        changes: dict[str, Json] = {}
        for name, indices in hidden.items():
            elements: list[Json] = facts[name]  # type: ignore[assignment]  # elements of a list
            kept = [i for i in range(len(elements)) if i not in indices]
            changes[name] = seen = [elements[i] for i in kept]
            self.origins[id(seen)] = tuple(kept)
        return {**facts, **changes}

    def element(
        self, element: JsonObject, plan: Plan, since: Since = MappingProxyType({})
    ) -> JsonObject:
        """Return one object without its later events; the object itself if there are none."""
        changes: dict[str, Json] = {}
        for name in plan.events:
            written = element.get(name)
            if isinstance(written, str) and self._later(written):
                changes[name] = NEVER
        for name, child in plan.changing:
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
        return {**element, **changes} if changes else element

    def _list(self, elements: list[Json], plan: Plan, since: Mapping[int, str]) -> list[Json]:
        hidden: set[int] = set()
        changes: dict[int, Json] = {}
        for i, element in enumerate(elements):
            if not isinstance(element, dict):
                continue
            open_at = ""
            for name in plan.begins:
                written = element.get(name)
                if written is None:
                    open_at = open_at or name
                elif isinstance(written, str) and self._later(written):
                    hidden.add(i)
                    break
            else:
                now = self.element(element, plan)
                open_at = open_at and since.get(i, open_at)
                if open_at and self._marked:
                    now = {**now, PERHAPS: open_at}
                if now is not element:
                    changes[i] = now
        if not hidden and not changes:
            return elements
        kept = [i for i in range(len(elements)) if i not in hidden]
        seen = [changes.get(i, elements[i]) for i in kept]
        # The identity of a list that is given up may become that of another one.
        before = self.origins.pop(id(elements), None)
        if hidden or before:
            self.origins[id(seen)] = tuple(before[i] if before else i for i in kept)
        return seen

    def _later(self, written: str) -> bool:
        """Whether a date lies after the instant."""
        if written in {NEVER, NONE}:
            return False
        if len(written) == len(self._today):
            return written > self._today
        if written < self._before:
            return False
        return written > self._after or not happened(parse_time(written), self._as_of)


def _day_text(instant: datetime, days: int) -> str:
    try:
        return (instant.date() + timedelta(days=days)).isoformat()
    except OverflowError:
        return instant.date().isoformat()
