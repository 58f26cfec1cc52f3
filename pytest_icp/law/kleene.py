"""Conditions as functions of one value, in strong Kleene logic (三值逻辑).

A condition is put together once, and asked of every value there is; its schemas say the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias, TypeVar

from pytest_icp.law.jsontypes import Json, JsonObject
from pytest_icp.law.perhaps import open_at

Truth: TypeAlias = bool | None
"""True (certain), False (impossible) or None (only possible)."""

Otherwise: TypeAlias = Callable[[JsonObject, Json], bool]
"""Decides with a validator whether a known value meets a schema that this module leaves to one."""

Test: TypeAlias = Callable[[Json, Otherwise], Truth]
"""Whether one value of plain JSON types meets a condition."""

_Word: TypeAlias = Callable[[Json], bool]
_A = TypeVar("_A")
_B = TypeVar("_B")

_SCALARS = (str, int, float, bool)


def leaf(schema: JsonObject) -> Test:
    """Return the test of a known value by keywords of JSON Schema.

    Patterns, whose dialect is the validator's, and constants that are not scalars are left to one.
    """
    words = [_TESTS[word](wanted) if word in _TESTS else None for word, wanted in schema.items()]
    plain = [word for word in words if word is not None]
    if len(plain) < len(words):
        return lambda value, otherwise: None if value is None else otherwise(schema, value)
    if len(plain) == 1:
        only = plain[0]
        return lambda value, _: None if value is None else only(value)

    def test(value: Json, _: Otherwise) -> Truth:
        return None if value is None else all(word(value) for word in plain)

    return test


def fields(tests: Sequence[tuple[str, Test]]) -> Test:
    """Return the test of an object whose named values are tested."""

    def test(value: Json, otherwise: Otherwise) -> Truth:
        if value.__class__ is not dict:
            return None if value is None else False
        known: Truth = True
        for name, one in tests:
            # An absent value is as unknown as null.
            truth = one(value.get(name), otherwise)
            if truth is False:
                return False
            if truth is None:
                known = None
        return known

    return test


def all_of(tests: Sequence[Callable[[_A, _B], Truth]]) -> Callable[[_A, _B], Truth]:
    """Return the test that all of several are, whatever they are asked of."""
    return _several(tests, decisive=False)


def any_of(tests: Sequence[Callable[[_A, _B], Truth]]) -> Callable[[_A, _B], Truth]:
    """Return the test that one of several is."""
    return _several(tests, decisive=True)


def _several(
    tests: Sequence[Callable[[_A, _B], Truth]], *, decisive: bool
) -> Callable[[_A, _B], Truth]:
    def test(of: _A, by: _B) -> Truth:
        known: Truth = not decisive
        for one in tests:
            truth = one(of, by)
            if truth is decisive:
                return decisive
            if truth is None:
                known = None
        return known

    return test


def negated(one: Test) -> Test:
    """Return the test of the opposite."""

    def test(value: Json, otherwise: Otherwise) -> Truth:
        truth = one(value, otherwise)
        return None if truth is None else not truth

    return test


def some(one: Test) -> Test:
    """Return the test of a list of which one element passes."""
    return _over_list(one, decisive=True)


def every(one: Test) -> Test:
    """Return the test of a list of which every element passes."""
    return _over_list(one, decisive=False)


def _over_list(one: Test, *, decisive: bool) -> Test:
    def test(value: Json, otherwise: Otherwise) -> Truth:
        if not isinstance(value, list):
            return None if value is None else False
        known: Truth = not decisive
        for element in value:
            truth = one(element, otherwise)
            if truth is decisive and open_at(element) is None:
                return decisive
            if truth is not known:
                known = None
        return known

    return test


def _constant(wanted: Json) -> _Word | None:
    """Return the test of equality as JSON has it: 1 is 1.0, but true is not 1."""
    if wanted.__class__ not in _SCALARS:
        return None
    flag = wanted.__class__ is bool
    return lambda value: value == wanted and (value.__class__ is bool) is flag


def _among(wanted: Sequence[Json]) -> _Word | None:
    if any(one.__class__ not in _SCALARS for one in wanted):
        return None
    flags = {one for one in wanted if one.__class__ is bool}
    others = {one for one in wanted if one.__class__ is not bool}

    def test(value: Json) -> bool:
        if value.__class__ is bool:
            return value in flags
        return value.__class__ in _SCALARS and value in others

    return test


def _number(value: Json) -> bool:
    return value.__class__ is int or value.__class__ is float


def _typed(wanted: str) -> _Word:
    if wanted == "integer":
        return lambda value: (
            value.__class__ is int or (value.__class__ is float and value.is_integer())
        )
    types = _TYPES[wanted]
    return lambda value: value.__class__ in types


_TYPES: dict[str, tuple[type, ...]] = {
    "array": (list,),
    "boolean": (bool,),
    "number": (int, float),
    "object": (dict,),
    "string": (str,),
}

# A keyword of numbers or texts accepts every other type, as in JSON Schema; the leaf
# has the type beside it.
_TESTS: dict[str, Callable[..., _Word | None]] = {
    "type": _typed,
    "const": _constant,
    "enum": _among,
    "minimum": lambda wanted: lambda value: not _number(value) or value >= wanted,
    "maximum": lambda wanted: lambda value: not _number(value) or value <= wanted,
    "exclusiveMinimum": lambda wanted: lambda value: not _number(value) or value > wanted,
    "exclusiveMaximum": lambda wanted: lambda value: not _number(value) or value < wanted,
    "minLength": lambda wanted: lambda value: value.__class__ is not str or len(value) >= wanted,
    "maxLength": lambda wanted: lambda value: value.__class__ is not str or len(value) <= wanted,
}
