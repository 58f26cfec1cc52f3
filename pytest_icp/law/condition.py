"""Conditions on facts in three values, compiled to two ordinary JSON Schemas.

A condition says *property → test*. A fact that is absent or null is not known, so a condition
is certain, only possible, or impossible (strong Kleene logic). Each condition compiles to two
schemas: ``certain`` (every fact is known and matches) and ``possible`` (nothing known
contradicts). Any JSON Schema validator can then decide; the product uses a fast one.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping, Sequence
from typing import Protocol, TypeAlias

from msgspec import Struct

from pytest_icp.law.errors import IcpError
from pytest_icp.law.jsontypes import Json, JsonObject

_NUMERIC = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"})
_LENGTHS = frozenset({"minLength", "maxLength"})
_TEXTUAL = _LENGTHS | {"pattern"}
_LEAF = _NUMERIC | _TEXTUAL | {"const", "enum", "type"}
_MIXABLE = frozenset({"not", "anyOf", "allOf"})
_COMBINATORS = _MIXABLE | {"some", "every"}
KEYWORDS = _LEAF | _COMBINATORS
"""Words with a meaning of their own; no fact is named like one."""

REFUSED = frozenset(
    {"oneOf", "if", "then", "else", "properties", "required", "$ref", "dependentRequired"}
    | {"dependentSchemas", "contains", "items", "additionalProperties", "patternProperties"}
)
"""JSON Schema keywords that have no three-valued reading here."""

_TYPES = ("array", "boolean", "integer", "number", "object", "string")
_NULL: JsonObject = {"type": "null"}


class ConditionError(IcpError, ValueError):
    """A condition that cannot be read; ``path`` names the keys down to the fault."""

    def __init__(self, message: str, path: tuple[str | int, ...]) -> None:
        super().__init__(message)
        self.message = message
        self.path = path


class Leaf(Struct, frozen=True):
    """A test of one value, in JSON Schema's own words."""

    schema: JsonObject

    @property
    def certain(self) -> JsonObject:
        """The schema of what certainly passes."""
        return {**self.schema, "not": _NULL}

    @property
    def possible(self) -> JsonObject:
        """The schema of what may pass."""
        return {"anyOf": [_NULL, self.schema]}


class Fields(Struct, frozen=True):
    """An object whose named properties all pass their tests."""

    tests: tuple[tuple[str, Node], ...]

    @property
    def certain(self) -> JsonObject:
        """The schema of what certainly passes."""
        return {
            "type": "object",
            "required": [name for name, _ in self.tests],
            "properties": {name: test.certain for name, test in self.tests},
        }

    @property
    def possible(self) -> JsonObject:
        """The schema of what may pass."""
        fields = {name: test.possible for name, test in self.tests}
        return {"anyOf": [_NULL, {"type": "object", "properties": fields}]}


class AllOf(Struct, frozen=True):
    """Every one of these tests passes."""

    tests: tuple[Node, ...]

    @property
    def certain(self) -> JsonObject:
        """The schema of what certainly passes."""
        return {"allOf": [test.certain for test in self.tests]}

    @property
    def possible(self) -> JsonObject:
        """The schema of what may pass."""
        return {"allOf": [test.possible for test in self.tests]}


class AnyOf(Struct, frozen=True):
    """At least one of these tests passes."""

    tests: tuple[Node, ...]

    @property
    def certain(self) -> JsonObject:
        """The schema of what certainly passes."""
        return {"anyOf": [test.certain for test in self.tests]}

    @property
    def possible(self) -> JsonObject:
        """The schema of what may pass."""
        return {"anyOf": [test.possible for test in self.tests]}


class Not(Struct, frozen=True):
    """The test fails; certain and possible change places."""

    test: Node

    @property
    def certain(self) -> JsonObject:
        """The schema of what certainly passes."""
        return {"not": self.test.possible}

    @property
    def possible(self) -> JsonObject:
        """The schema of what may pass."""
        return {"not": self.test.certain}


class Some(Struct, frozen=True):
    """A list with at least one element that passes; an unknown element may be the one."""

    test: Node

    @property
    def certain(self) -> JsonObject:
        """The schema of what certainly passes."""
        return {"type": "array", "contains": self.test.certain}

    @property
    def possible(self) -> JsonObject:
        """The schema of what may pass."""
        return {"anyOf": [_NULL, {"type": "array", "contains": self.test.possible}]}


class Every(Struct, frozen=True):
    """A list all of whose elements pass; the empty list does."""

    test: Node

    @property
    def certain(self) -> JsonObject:
        """The schema of what certainly passes."""
        return {"type": "array", "items": self.test.certain}

    @property
    def possible(self) -> JsonObject:
        """The schema of what may pass."""
        return {"anyOf": [_NULL, {"type": "array", "items": self.test.possible}]}


Node: TypeAlias = Leaf | Fields | AllOf | AnyOf | Not | Some | Every

ANYTHING = Fields(())
"""The condition that every subject meets."""


def parse_condition(written: Json, path: tuple[str | int, ...] = ()) -> Node:
    """Read a condition as a policy writes it.

    A scalar is short for ``const``; a mapping of keywords is a test; a mapping without
    keywords descends into an object, and may carry ``not``, ``anyOf``, ``allOf`` beside its
    properties.

    Raises `ConditionError` for a refused keyword, ``const: null``, an empty list, or a
    mapping that mixes properties and tests.
    """
    if isinstance(written, Mapping):
        return _mapping(written, path)
    if written is None:
        raise ConditionError("null means «not known»; a condition cannot ask for it", path)
    if isinstance(written, Sequence) and not isinstance(written, str):
        raise ConditionError("a list is no test; write `enum: [...]`", path)
    return Leaf({"const": written})


def _mapping(written: JsonObject, path: tuple[str | int, ...]) -> Node:
    for key in written:
        if key in REFUSED or key.startswith("dependent"):
            raise ConditionError(f"`{key}` has no meaning in three values", (*path, key))
    fields = {key: value for key, value in written.items() if key not in KEYWORDS}
    words = {key: value for key, value in written.items() if key in KEYWORDS}
    if fields and not words.keys() <= _MIXABLE:
        odd = next(key for key in words if key not in _MIXABLE)
        raise ConditionError(f"`{odd}` tests a value, but stands beside properties", (*path, odd))
    parts = [_word(key, value, path) for key, value in words.items() if key not in _LEAF]
    leaf = {key: value for key, value in words.items() if key in _LEAF}
    if leaf:
        parts.insert(0, _leaf(leaf, path))
    if fields or not parts:
        tests = ((name, parse_condition(test, (*path, name))) for name, test in fields.items())
        parts.insert(0, Fields(tuple(tests)))
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def _word(key: str, value: Json, path: tuple[str | int, ...]) -> Node:
    here = (*path, key)
    if key in {"anyOf", "allOf"}:
        if not isinstance(value, Sequence) or isinstance(value, str) or not value:
            raise ConditionError(f"`{key}` takes a list of at least one condition", here)
        tests = tuple(parse_condition(test, (*here, i)) for i, test in enumerate(value))
        return AnyOf(tests) if key == "anyOf" else AllOf(tests)
    test = parse_condition(value, here)
    if key == "not":
        return Not(test)
    return Some(test) if key == "some" else Every(test)


def _leaf(words: JsonObject, path: tuple[str | int, ...]) -> Leaf:
    for key, value in words.items():
        _check_word(key, value, path)
    schema = dict(words)
    # Keywords of numbers and texts accept every other type; a test must not.
    if "type" not in words and words.keys() & _NUMERIC:
        schema["type"] = "number"
    elif "type" not in words and words.keys() & _TEXTUAL:
        schema["type"] = "string"
    return Leaf(schema)


def _check_word(key: str, value: Json, path: tuple[str | int, ...]) -> None:
    """Refuse a keyword whose value JSON Schema would not take, or that asks for null."""
    here = (*path, key)
    if value is None or (key == "type" and value == "null"):
        raise ConditionError("null means «not known»; a condition cannot ask for it", path)
    if key == "enum" and (
        isinstance(value, str) or not isinstance(value, Sequence) or None in value
    ):
        raise ConditionError("`enum` takes a list of values, none of them null", here)
    if key == "type" and value not in _TYPES:
        raise ConditionError(f"`type` is one of {', '.join(_TYPES)}", here)
    if key in _NUMERIC and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise ConditionError(f"`{key}` takes a number", here)
    if key in _LENGTHS and (isinstance(value, bool) or not isinstance(value, int)):
        raise ConditionError(f"`{key}` takes a whole number", here)
    if key == "pattern":
        _check_pattern(value, here)


def _check_pattern(value: Json, path: tuple[str | int, ...]) -> None:
    try:
        # What Python only warns of, such as a set in a set, others read in another way.
        with warnings.catch_warnings(action="error", category=FutureWarning):
            re.compile(str(value))
    except (re.error, OverflowError, FutureWarning) as error:
        raise ConditionError(f"`pattern` is no regular expression: {error}", path) from error


class Decide(Protocol):
    """Decides values under the two forms of a node; the engine brings the fast one."""

    def certain(self, node: Node, value: Json) -> bool:
        """Whether ``value`` is valid under ``node.certain``."""
        ...

    def possible(self, node: Node, value: Json) -> bool:
        """Whether ``value`` is valid under ``node.possible``."""
        ...

    def all_comply(self, where: Node, require: Node, elements: Sequence[Json]) -> bool:
        """Whether no element is violated or unknown: where it may be meant, it complies."""
        ...

    def any_possible(self, where: Node, elements: Sequence[Json]) -> bool:
        """Whether at least one element may be meant."""
        ...

    def each_possible(self, where: Node, elements: Sequence[Json]) -> Sequence[bool]:
        """Whether each element may be meant."""
        ...


def truth(node: Node, value: Json, decide: Decide) -> bool | None:
    """Return True (certain), False (impossible) or None (only possible) for one value."""
    if decide.certain(node, value):
        return True
    return None if decide.possible(node, value) else False
