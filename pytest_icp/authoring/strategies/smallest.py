"""The smallest value that the schema allows at a place, with required parts only."""

from __future__ import annotations

import copy
from functools import cache
from itertools import pairwise
from typing import Any

from pytest_icp.authoring.strategies.documents import Document, Tokens
from pytest_icp.authoring.strategies.shapes import Shape, root
from pytest_icp.facts.files.together import lacks


def smallest(shape: Shape) -> Any:
    """Return the smallest value of a shape that is not null."""
    known = [one for one in shape.alternatives() if one.schema.get("type") != "null"]
    return _least(known[0])


def _least(shape: Shape) -> Any:
    schema = shape.schema
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return next(word for word in schema["enum"] if word is not None)
    types = schema["type"]
    kind = types if isinstance(types, str) else next(t for t in types if t != "null")
    match kind:
        case "object":
            return _least_object(shape)
        case "array":
            return []
        case "boolean":
            return False
        case "integer" | "number":
            return schema.get("minimum", 0)
    if "format" in schema or "T(?:" in schema.get("pattern", ""):
        return "2020-01-02"
    examples = [one for one in schema.get("examples", ()) if isinstance(one, str)]
    return examples[0] if examples and "pattern" in schema else "信息"


def _least_object(shape: Shape) -> Document:
    schema = shape.schema
    # A length of time is written in one unit.
    one_of = list(schema["properties"])[: schema.get("minProperties", 0)]
    required = schema.get("required", one_of)
    return {name: smallest(shape.below(name)) for name in required if name != "apiVersion"}


def _of_object(shape: Shape, name: str | int) -> Shape:
    """Return the alternative of a shape that is an object with a property; others are words."""
    return next(one for one in shape.alternatives() if name in one.schema.get("properties", ()))


def place(document: Document, at: Tokens, value: Any) -> Document:
    """Return a document with a value at a place, adding the objects around it.

    What is needed beside the value, and is not there, is null.
    Parts that are not on the way are shared with the given document.
    Raises `LookupError` where no description has such a place.
    """
    result = copy.copy(document)
    parent: Any = result
    shape = root()
    for token, then in pairwise(at):
        shape = shape.below(token)
        inside = _member(parent, token)
        if isinstance(inside, (dict, list)):
            inside = copy.copy(inside)
        else:
            inside = [] if isinstance(then, int) else _least_object(_of_object(shape, then))
        _set(parent, token, inside)
        parent = inside
    shape.below(at[-1])
    _set(parent, at[-1], value)
    if isinstance(parent, dict):
        names = tuple(name for name in at[:-1] if isinstance(name, str))
        parent.update(dict.fromkeys(lacks(parent, "description", names)))
    return result


def _set(parent: Any, token: str | int, value: Any) -> None:
    if isinstance(parent, list) and isinstance(token, int) and token >= len(parent):
        parent.append(value)
    else:
        parent[token] = value


def expand(document: Document, path: str) -> list[Tokens]:
    """Return the places, present or possible, of a fact at a path of a policy.

    For a list that is empty or not declared it is the first element.
    """
    found: list[tuple[Tokens, Any]] = [((), document)]
    for name, in_element in _way(path):
        below: list[tuple[Tokens, Any]] = []
        for at, value in found:
            if not in_element:
                below.append(((*at, name), _member(value, name)))
                continue
            elements = value if isinstance(value, list) and value else [None]
            for i, element in enumerate(elements):
                below.append(((*at, i, name), _member(element, name)))
        found = below
    return [at for at, _ in found if at]


@cache
def _way(path: str) -> tuple[tuple[str, bool], ...]:
    """Return the names of a path, each with whether it stands in an element of a list.

    There are none where no description has such a place.
    """
    shape, way = root(), []
    for name in path.split("."):
        in_element = is_list(shape)
        try:
            shape = (shape.below(0) if in_element else shape).below(name)
        except LookupError:
            return ()
        way.append((name, in_element))
    return tuple(way)


def is_list(shape: Shape) -> bool:
    """Whether a shape may be a list."""
    return any("items" in one.schema for one in shape.alternatives())


def _member(value: Any, token: str | int) -> Any:
    if isinstance(value, list) and isinstance(token, int):
        return value[token] if token < len(value) else None
    return value.get(token) if isinstance(value, dict) else None
