"""Where a document has dates, names of files and references: trees derived from its schema.

What each date means for a view in time is its role.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

from msgspec import Struct

if TYPE_CHECKING:
    from pytest_icp.law.jsontypes import Json

_KEYWORDS = ("x-icp-time", "x-icp-file", "x-icp-ref", "x-icp-usual")
_TIME, _FILE, _REFERENCE, _USUAL = _KEYWORDS


TimeRole: TypeAlias = Literal["begins", "event", "schedule"]
"""``begins``: the element does not exist before it (开始); ``event``: something happened or was
done (发生); ``schedule``: known in advance (预定)."""


class TimePlan(Struct, frozen=True, kw_only=True, dict=True):
    """The dated properties (日期字段) of one kind of object and of the objects below it.

    ``fields`` maps a property of the object to the role of its date; ``children`` maps a
    property to the plan of the object in it. Lists are transparent: the plan of a list is
    the plan of its elements. Properties without dates below them are left out.
    """

    fields: Mapping[str, TimeRole]
    children: Mapping[str, TimePlan]

    # A walk over many objects needs these for each of them.
    @cached_property
    def begins(self) -> tuple[str, ...]:
        """The names of the dates before which the object does not exist."""
        return tuple(name for name, role in self.fields.items() if role == "begins")

    def beginnings(self, path: str) -> Iterator[tuple[str, str]]:
        """Yield the dotted paths of the elements on the way to a fact, with what begins each."""
        plan: TimePlan | None = self
        names = path.split(".")
        for count, name in enumerate(names, 1):
            plan = plan.children.get(name) if plan else None
            at = ".".join(names[:count])
            yield from ((at, begins) for begins in (plan.begins if plan else ()))

    @cached_property
    def events(self) -> tuple[str, ...]:
        """The names of the dates on which something happened."""
        return tuple(name for name, role in self.fields.items() if role == "event")

    @cached_property
    def changing(self) -> tuple[tuple[str, TimePlan], ...]:
        """The children in which a view may differ from the description."""
        return tuple(
            (name, plan)
            for name, plan in self.children.items()
            if plan.begins or plan.events or plan.changing
        )


class NamePlan(Struct, frozen=True, kw_only=True):
    """The properties of one kind of object that name something, and the objects below it.

    ``fields`` maps a property to what it names: the kind of a file (``page``, ``document`` …),
    the list that an id is of, or the value that it usually has. Lists are transparent, as in
    `TimePlan`.
    """

    fields: Mapping[str, str]
    children: Mapping[str, NamePlan]


@cache
def time_plan(schema_name: str) -> TimePlan:
    """Return which properties of a document are dates, by ``x-icp-time``.

    A type that contains itself is followed once.
    """
    return _plan(TimePlan, _trees(schema_name)[_TIME])


@cache
def file_plan(schema_name: str) -> NamePlan:
    """Return which properties of a document name files, by ``x-icp-file``."""
    return _plan(NamePlan, _trees(schema_name)[_FILE])


@cache
def reference_plan(schema_name: str) -> NamePlan:
    """Return which properties refer to elements of which list, by ``x-icp-ref``."""
    return _plan(NamePlan, _trees(schema_name)[_REFERENCE])


@cache
def usual_plan(schema_name: str) -> NamePlan:
    """Return which properties have a value that is usually right, by ``x-icp-usual``."""
    return _plan(NamePlan, _trees(schema_name)[_USUAL])


@cache
def _trees(schema_name: str) -> dict[str, Any]:
    from pytest_icp.facts.files.properties import marked_trees

    return marked_trees(schema_name, _KEYWORDS)


def marked_values(
    value: Json, plan: NamePlan, at: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], Json, str]]:
    """Yield the values of the properties in a plan: where, the value, and what it names."""
    fields, children = tuple(plan.fields.items()), tuple(plan.children.items())
    for i, element in enumerate(value) if isinstance(value, list) else [(None, value)]:
        here = at if i is None else (*at, i)
        if isinstance(element, list):
            yield from marked_values(element, plan, here)
        if not isinstance(element, dict):
            continue
        for name, what in fields:
            below = element.get(name)
            if below is not None:
                yield (*here, name), below, what
        for name, child in children:
            below = element.get(name)
            if below is not None:
                yield from marked_values(below, child, (*here, name))


_AnyPlan = TypeVar("_AnyPlan", TimePlan, NamePlan)


def _plan(kind: type[_AnyPlan], tree: dict[str, Any]) -> _AnyPlan:
    children = {name: _plan(kind, below) for name, below in tree["children"].items()}
    return kind(fields=MappingProxyType(tree["fields"]), children=MappingProxyType(children))
