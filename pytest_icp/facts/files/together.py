"""Keys that an object needs beside others (一并写明): null is allowed there, silence is not.

Which they are is said by the schemas: ``required``, alone or where an ``if`` is met. Whoever
writes one fact at a time, or reads it from a table, completes the object with null.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from pytest_icp.facts.files.properties import allows, demanding
from pytest_icp.law.jsontypes import Json, JsonObject

if TYPE_CHECKING:
    import jsonschema_rs

Pointer: TypeAlias = tuple[str | int, ...]


def lacking(data: Json, schema_name: str, at: Pointer = ()) -> Iterator[Pointer]:
    """Yield where a document lacks a key that it needs and that may be null."""
    if isinstance(data, list):
        for i, element in enumerate(data):
            yield from lacking(element, schema_name, (*at, i))
    elif isinstance(data, Mapping):
        names = tuple(name for name in at if isinstance(name, str))
        yield from ((*at, key) for key in lacks(data, schema_name, names))
        for name, below in data.items():
            yield from lacking(below, schema_name, (*at, name))


def completed(data: Json, schema_name: str, names: tuple[str, ...] = ()) -> Json:
    """Return a document with null for each key that it lacks; itself if it lacks none.

    ``names`` are those that lead to it in a document of the schema.
    """
    if isinstance(data, list):
        elements = [completed(element, schema_name, names) for element in data]
        return elements if any(a is not b for a, b in zip(elements, data, strict=True)) else data
    if not isinstance(data, Mapping):
        return data
    more: dict[str, Json] = dict.fromkeys(lacks(data, schema_name, names))
    for name, below in data.items():
        whole = completed(below, schema_name, (*names, name))
        if whole is not below:
            more[name] = whole
    return {**data, **more} if more else data


def lacks(value: JsonObject, schema_name: str, names: tuple[str, ...]) -> Iterator[str]:
    """Yield the keys that an object lacks; ``names`` are those that lead to it in a document."""
    for condition, keys in _demands(schema_name, names):
        if condition is None or condition.is_valid(value):
            yield from (key for key in keys if key not in value)


@cache
def _demands(
    schema_name: str, names: tuple[str, ...]
) -> list[tuple[jsonschema_rs.Draft202012Validator | None, tuple[str, ...]]]:
    """Return the keys that the objects at a path need, each with the condition for them."""
    import jsonschema_rs

    found = []
    for condition, keys in demanding(schema_name, ".".join(names)):
        unknown = [key for key in keys if allows(schema_name, ".".join((*names, key)), None)]
        met = None if condition is None else jsonschema_rs.Draft202012Validator(condition)
        found.append((met, tuple(unknown)))
    return found
