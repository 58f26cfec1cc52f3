"""A condition decided for one value without a validator, in strong Kleene logic.

Building a validator takes as long as deciding some dozens of values this way; for many values,
or long lists, the compiled form is faster. Both give the same answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from pytest_icp.law.condition import AllOf, AnyOf, Every, Fields, Leaf, Node, Not, Some
from pytest_icp.law.jsontypes import Json, JsonObject

Truth: TypeAlias = bool | None
"""True (certain), False (impossible) or None (only possible)."""

Otherwise: TypeAlias = Callable[[Node, Json], Truth]
"""Decides with a validator what this module leaves to one."""

FEW = 32
"""The longest list that is decided here."""

_SCALARS = (str, int, float, bool)


def decide_one(node: Node, value: Json, otherwise: Otherwise) -> Truth:
    """Return whether one value of plain JSON types meets a condition.

    ``otherwise`` decides long lists, patterns, whose dialect is the validator's, and constants
    that are not scalars.
    """
    if isinstance(node, Leaf):
        if value is None:
            return None
        met = _meets(node.schema, value)
        return otherwise(node, value) if met is None else met
    if isinstance(node, Fields):
        if value.__class__ is not dict:
            return None if value is None else False
        known: Truth = True
        for name, test in node.tests:
            # An absent value is as unknown as null.
            truth = decide_one(test, value.get(name), otherwise)
            if truth is False:
                return False
            known = known and truth
        return known
    if isinstance(node, AllOf):
        return _all(decide_one(test, value, otherwise) for test in node.tests)
    if isinstance(node, AnyOf):
        return _any(decide_one(test, value, otherwise) for test in node.tests)
    if isinstance(node, Not):
        truth = decide_one(node.test, value, otherwise)
        return None if truth is None else not truth
    return None if value is None else _over_list(node, value, otherwise)


def _over_list(node: Some | Every, value: Json, otherwise: Otherwise) -> Truth:
    if not isinstance(value, list):
        return False
    if len(value) > FEW:
        return otherwise(node, value)
    truths = (decide_one(node.test, element, otherwise) for element in value)
    return _any(truths) if isinstance(node, Some) else _all(truths)


def _all(truths: Iterable[Truth]) -> Truth:
    known: Truth = True
    for truth in truths:
        if truth is False:
            return False
        known = known and truth
    return known


def _any(truths: Iterable[Truth]) -> Truth:
    known: Truth = False
    for truth in truths:
        if truth:
            return True
        known = known if truth is False else None
    return known


def _meets(schema: JsonObject, value: Json) -> Truth:
    """Return whether a known value meets a leaf; None if a validator must decide."""
    for word, wanted in schema.items():
        test = _TESTS.get(word)
        met = test(value, wanted) if test else None
        if not met:
            return met
    return True


def _same(value: Json, wanted: Json) -> Truth:
    """Return whether two values are equal as JSON: 1 is 1.0, but true is not 1."""
    if wanted.__class__ not in _SCALARS:
        return None
    return value == wanted and (value.__class__ is bool) == (wanted.__class__ is bool)


def _among(value: Json, wanted: Sequence[Json]) -> Truth:
    return _any(_same(value, choice) for choice in wanted)


def _number(value: Json) -> bool:
    return value.__class__ is int or value.__class__ is float


def _typed(value: Json, wanted: Json) -> bool:
    if wanted == "integer":
        return value.__class__ is int or (value.__class__ is float and value.is_integer())
    return value.__class__ in _TYPES[str(wanted)]


_TYPES: dict[str, tuple[type, ...]] = {
    "array": (list,),
    "boolean": (bool,),
    "number": (int, float),
    "object": (dict,),
    "string": (str,),
}

# A keyword of numbers or texts accepts every other type, as in JSON Schema; the leaf
# has the type beside it.
_TESTS: dict[str, Callable[..., Truth]] = {
    "type": _typed,
    "const": _same,
    "enum": _among,
    "minimum": lambda value, wanted: not _number(value) or value >= wanted,
    "maximum": lambda value, wanted: not _number(value) or value <= wanted,
    "exclusiveMinimum": lambda value, wanted: not _number(value) or value > wanted,
    "exclusiveMaximum": lambda value, wanted: not _number(value) or value < wanted,
    "minLength": lambda value, wanted: value.__class__ is not str or len(value) >= wanted,
    "maxLength": lambda value, wanted: value.__class__ is not str or len(value) <= wanted,
}
