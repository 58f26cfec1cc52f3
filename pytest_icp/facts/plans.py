"""Where a document has dates, names of files and references: trees derived from its schema.

What each date means for a view in time is its role.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property
from types import MappingProxyType

from msgspec import Struct

from pytest_icp.facts.files.properties import Node, first, properties_of, root
from pytest_icp.law.jsontypes import Json

_TIME = "x-icp-time"
FILE, REFERENCE, USUAL = "x-icp-file", "x-icp-ref", "x-icp-usual"
_TOGETHER = (_TIME, FILE, REFERENCE, USUAL)
"""Keywords whose plans are made in one pass: each run needs them all."""


class Plan(Struct, frozen=True, kw_only=True, dict=True):
    """The properties with a keyword of ours of one kind of object, and of the objects below it.

    ``fields`` maps a property of the object to what the keyword says: of a date its role, of a
    file its kind (``page``, ``document`` …), of an id the list that it is of, or the value that a
    property usually has. ``children`` maps a property to the plan of the object in it. Lists are
    transparent: the plan of a list is the plan of its elements. Properties without the keyword
    below them are left out.

    Of dates the role is ``begins``: the element does not exist before it (开始); ``event``:
    something happened or was done (发生); ``schedule``: known in advance (预定).
    """

    fields: Mapping[str, str]
    children: Mapping[str, Plan]

    # A walk over many objects needs these for each of them.
    @cached_property
    def begins(self) -> tuple[str, ...]:
        """The names of the dates before which the object does not exist."""
        return tuple(name for name, role in self.fields.items() if role == "begins")

    def beginnings(self, path: str) -> Iterator[tuple[str, str]]:
        """Yield the dotted paths of the elements on the way to a fact, with what begins each."""
        plan: Plan | None = self
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
    def changing(self) -> tuple[tuple[str, Plan], ...]:
        """The children in which a view may differ from the description."""
        return tuple(
            (name, plan)
            for name, plan in self.children.items()
            if plan.begins or plan.events or plan.changing
        )


def time_plan(schema_name: str) -> Plan:
    """Return which properties of a document are dates, by ``x-icp-time``."""
    return marked(schema_name, _TIME)


@cache
def marked(schema_name: str, keyword: str) -> Plan:
    """Return which properties of a document have a keyword of ours, such as ``x-icp-file``.

    A type that contains itself is followed once.
    """
    if keyword in _TOGETHER:
        return _together(schema_name)[keyword]
    return _plans((keyword,), root(schema_name).shapes(), frozenset())[keyword]


@cache
def _together(schema_name: str) -> dict[str, Plan]:
    return _plans(_TOGETHER, root(schema_name).shapes(), frozenset())


def _plans(
    keywords: Sequence[str], shapes: Sequence[Node], above: frozenset[int]
) -> dict[str, Plan]:
    fields: dict[str, dict[str, str]] = {each: {} for each in keywords}
    children: dict[str, dict[str, Plan]] = {each: {} for each in keywords}
    for name, nodes in properties_of(shapes).items():
        below = [shape for node in nodes for shape in node.shapes()]
        schemas = [shape.schema for shape in below]
        inside = {id(schema) for schema in schemas if "properties" in schema}
        further = inside and not inside <= above
        inner = _plans(keywords, below, above | inside) if further else {}
        for keyword in keywords:
            said, plan = first(schemas, keyword), inner.get(keyword)
            if said is not None:
                fields[keyword][name] = said
            elif plan and (plan.fields or plan.children):
                children[keyword][name] = plan
    return {
        each: Plan(fields=MappingProxyType(fields[each]), children=MappingProxyType(children[each]))
        for each in keywords
    }


def marked_values(
    value: Json, plan: Plan, at: tuple[str | int, ...] = ()
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
