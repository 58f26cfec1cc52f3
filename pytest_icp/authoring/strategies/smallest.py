"""The smallest value that the schema allows at a place, with required parts only."""

from __future__ import annotations

import copy
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
    found: list[tuple[Tokens, Any, Shape]] = [((), document, root())]
    for name in path.split("."):
        below = []
        for at, value, shape in found:
            for index in _indices(value, shape):
                here = at if index is None else (*at, index)
                inside = shape if index is None else shape.below(0)
                element = value if index is None else _member(value, index)
                try:
                    below.append(((*here, name), _member(element, name), inside.below(name)))
                except LookupError:
                    continue
        found = below
    return [at for at, _, _ in found]


def is_list(shape: Shape) -> bool:
    """Whether a shape may be a list."""
    return any("items" in one.schema for one in shape.alternatives())


def _indices(value: Any, shape: Shape) -> list[int | None]:
    if not is_list(shape):
        return [None]
    return [*range(len(value))] if isinstance(value, list) and value else [0]


def _member(value: Any, token: str | int) -> Any:
    if isinstance(value, list) and isinstance(token, int):
        return value[token] if token < len(value) else None
    return value.get(token) if isinstance(value, dict) else None
