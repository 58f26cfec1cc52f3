"""Conditions on facts in three values, in words of JSON Schema and some of our own.

A condition is *property → test*. A fact that is absent or null is not known, so a condition
is certain, only possible, or impossible (strong Kleene logic). A bound is a number, a span of
time, or ``{of: PATH}``: another fact of the same subject, ``times`` or ``plus`` a number.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TypeAlias, TypeGuard, assert_never, cast

from msgspec import Struct

from pytest_icp.law.errors import IcpError
from pytest_icp.law.jsontypes import Json, JsonObject
from pytest_icp.law.kleene import (
    BOUNDS,
    SPANS,
    By,
    Test,
    Truth,
    all_of,
    any_of,
    compared,
    every,
    fields,
    is_number,
    leaf,
    negated,
    some,
)
from pytest_icp.law.text import Text

_NUMERIC = BOUNDS.keys()
_LENGTHS = frozenset({"minLength", "maxLength"})
_TEXTUAL = _LENGTHS | {"pattern"}
_LEAF = _NUMERIC | _TEXTUAL | {"const", "enum", "type"}
_MIXABLE = frozenset({"not", "anyOf", "allOf"})
_COMBINATORS = _MIXABLE | {"some", "every"}
KEYWORDS = _LEAF | _COMBINATORS
"""Keywords of conditions; no fact has one of these names."""

REFUSED = frozenset(
    {"oneOf", "if", "then", "else", "properties", "required", "$ref", "dependentRequired"}
    | {"dependentSchemas", "contains", "items", "additionalProperties", "patternProperties"}
)
"""JSON Schema keywords that conditions do not support."""

_SCALARS = (str, int, float, bool)
_TYPES = ("array", "boolean", "integer", "number", "object", "string")
_OTHER = re.compile(r"[a-z][a-z0-9_]*([.][a-z][a-z0-9_]*)*")
"""The path of another fact of the same subject."""

_NULL_TEST = Text(
    zh="null 表示不知道，条件不能以它为标准",
    en="null means that a fact is not known; a condition cannot test for it",
)
_NO_TEST = Text(
    zh="清单不是条件，请写 `enum: [...]`", en="a list is not a test; write `enum: [...]`"
)
_UNSUPPORTED = Text(zh="条件不支持 `{key}`", en="`{key}` is not supported in conditions")
_BESIDE_PROPERTIES = Text(
    zh="`{key}` 不能与属性写在一起", en="`{key}` cannot be used beside properties"
)
_NO_CONDITIONS = Text(
    zh="`{key}` 应为至少含一个条件的清单", en="`{key}` takes a list of at least one condition"
)
_NO_VALUES = Text(
    zh="`enum` 应为值的清单，不含 null", en="`enum` takes a list of values, none of them null"
)
_NO_VALUE = Text(
    zh="`const` 应为文本、数或者 true、false", en="`const` takes a text, a number, true or false"
)
_NO_TYPE = Text(
    zh=f"`type` 应为 {'、'.join(_TYPES)} 之一", en=f"`type` is one of {', '.join(_TYPES)}"
)
_NO_NUMBER = Text(
    zh="`{key}` 应为数、时长或者另一项事实", en="`{key}` takes a number, a span or another fact"
)
_NO_OTHER = Text(
    zh="`{key}` 应为 {{of: 路径}}，可以加上 times 或者 plus",
    en="`{key}` takes {{of: PATH}}, and `times` or `plus` a number beside it",
)
_LONGEST = 100_000
_NO_LENGTH = Text(
    zh=f"`{{key}}` 应为 0 至 {_LONGEST} 的整数",
    en=f"`{{key}}` takes a whole number from 0 to {_LONGEST}",
)
_NO_PATTERN = Text(
    zh="`pattern` 不是正则表达式：{error}", en="`pattern` is not a regular expression: {error}"
)


class ConditionError(IcpError, ValueError):
    """A condition that cannot be read; ``path`` are the keys down to the fault."""

    def __init__(self, message: Text, path: tuple[str | int, ...]) -> None:
        super().__init__(message.en)
        self.message = message
        self.path = path


class _Condition(Struct, frozen=True, dict=True):
    @cached_property
    def truth(self) -> Test:
        """The condition as a function."""
        return _function(cast("Node", self))


class Leaf(_Condition, frozen=True, dict=True):
    """A test of one value, in JSON Schema's own words."""

    schema: JsonObject


class Comparison(_Condition, frozen=True, dict=True):
    """A number beside another fact of the same subject: so many ``times`` it, or ``plus`` more."""

    word: str
    of: str
    times: float = 1
    plus: float = 0

    def bound(self, facts: Json) -> Json:
        """Return the number to compare with in the facts of a subject; None if not known."""
        other = found(facts, self.of)
        return other * self.times + self.plus if is_number(other) else other


class Fields(_Condition, frozen=True, dict=True):
    """An object whose named properties all pass their tests."""

    tests: tuple[tuple[str, Node], ...]


class AllOf(_Condition, frozen=True, dict=True):
    """Every one of these tests passes."""

    tests: tuple[Node, ...]


class AnyOf(_Condition, frozen=True, dict=True):
    """At least one of these tests passes."""

    tests: tuple[Node, ...]


class Not(_Condition, frozen=True, dict=True):
    """The test fails; certain and possible change places."""

    test: Node


class Some(_Condition, frozen=True, dict=True):
    """A list with at least one element that passes; an unknown element may be that one."""

    test: Node


class Every(_Condition, frozen=True, dict=True):
    """A list all of whose elements pass; an empty list passes."""

    test: Node


Node: TypeAlias = Leaf | Comparison | Fields | AllOf | AnyOf | Not | Some | Every


def _function(node: Node) -> Test:
    match node:
        case Comparison(word=word):
            return compared(word, node.bound)
        case Fields(tests=named):
            return fields([(name, test.truth) for name, test in named])
        case AllOf(tests=tests):
            return all_of([test.truth for test in tests])
        case AnyOf(tests=tests):
            return any_of([test.truth for test in tests])
        case Not(test=test):
            return negated(test.truth)
        case Some(test=test):
            return some(test.truth)
        case Every(test=test):
            return every(test.truth)
        case Leaf(schema=schema):
            return leaf(schema)
        case _:
            assert_never(node)


ANYTHING = Fields(())
"""The condition that every subject meets."""


def parse_condition(written: Json, path: tuple[str | int, ...] = ()) -> Node:
    """Read a condition as a policy writes it.

    A scalar is short for ``const``; a mapping of keywords is a test; a mapping without
    keywords descends into an object, and may carry ``not``, ``anyOf``, ``allOf`` beside its
    properties. Paths of comparisons lead from the subject of the whole condition.

    Raises `ConditionError` for a refused keyword, ``const: null``, an empty list, or a
    mapping that mixes properties and tests.
    """
    if isinstance(written, Mapping):
        return _mapping(written, path)
    if written is None:
        raise ConditionError(_NULL_TEST, path)
    if isinstance(written, Sequence) and not isinstance(written, str):
        raise ConditionError(_NO_TEST, path)
    return Leaf({"const": written})


def _mapping(written: JsonObject, path: tuple[str | int, ...]) -> Node:
    for key in written:
        if key in REFUSED or key.startswith("dependent"):
            raise ConditionError(_UNSUPPORTED.format(key=key), (*path, key))
    fields = {key: value for key, value in written.items() if key not in KEYWORDS}
    words = {key: value for key, value in written.items() if key in KEYWORDS}
    if fields and not words.keys() <= _MIXABLE:
        odd = next(key for key in words if key not in _MIXABLE)
        raise ConditionError(_BESIDE_PROPERTIES.format(key=odd), (*path, odd))
    parts = [_word(key, value, path) for key, value in words.items() if key not in _LEAF]
    others = {key: value for key, value in words.items() if key in _NUMERIC and _is_other(value)}
    parts += (_comparison(key, other, (*path, key)) for key, other in others.items())
    leaf = {key: value for key, value in words.items() if key in _LEAF and key not in others}
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
            raise ConditionError(_NO_CONDITIONS.format(key=key), here)
        tests = tuple(parse_condition(test, (*here, i)) for i, test in enumerate(value))
        return AnyOf(tests) if key == "anyOf" else AllOf(tests)
    test = parse_condition(value, here)
    if key == "not":
        return Not(test)
    return Some(test) if key == "some" else Every(test)


def _is_other(value: Json) -> TypeGuard[JsonObject]:
    return isinstance(value, Mapping) and not SPANS & value.keys()


def _comparison(word: str, other: JsonObject, path: tuple[str | int, ...]) -> Comparison:
    numbers = {key: value for key, value in other.items() if key != "of"}
    if (
        not _OTHER.fullmatch(str(other.get("of")))
        or not numbers.keys() <= {"times", "plus"}
        or not all(map(is_number, numbers.values()))
    ):
        raise ConditionError(_NO_OTHER.format(key=word), path)
    return Comparison(word, str(other["of"]), **numbers)  # type: ignore[arg-type]  # numbers


def _leaf(words: JsonObject, path: tuple[str | int, ...]) -> Leaf:
    for key, value in words.items():
        _check_word(key, value, path)
    schema = dict(words)
    # Keywords of numbers and texts accept every other type; a test must not.
    bounds = [words[key] for key in words if key in _NUMERIC]
    if "type" not in words and bounds:
        schema["type"] = "object" if isinstance(bounds[0], Mapping) else "number"
    elif "type" not in words and words.keys() & _TEXTUAL:
        schema["type"] = "string"
    return Leaf(schema)


def _check_word(key: str, value: Json, path: tuple[str | int, ...]) -> None:
    """Refuse a keyword whose value JSON Schema does not allow, or that tests for null."""
    here = (*path, key)
    if value is None or (key == "type" and value == "null"):
        raise ConditionError(_NULL_TEST, path)
    listed = value if isinstance(value, Sequence) and not isinstance(value, str) else (None,)
    if key == "enum" and not all(isinstance(one, _SCALARS) for one in listed):
        raise ConditionError(_NO_VALUES, here)
    if key == "type" and value not in _TYPES:
        raise ConditionError(_NO_TYPE, here)
    if key == "const" and not isinstance(value, _SCALARS):
        raise ConditionError(_NO_VALUE, here)
    if key in _NUMERIC and not (is_number(value) or _is_span(value)):
        raise ConditionError(_NO_NUMBER.format(key=key), here)
    if key in _LENGTHS and not _is_length(value):
        raise ConditionError(_NO_LENGTH.format(key=key), here)
    if key == "pattern":
        _check_pattern(value, here)


def _is_length(value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LONGEST


def _is_span(value: Json) -> bool:
    return isinstance(value, Mapping) and len(value) == 1 and all(map(is_number, value.values()))


def _check_pattern(value: Json, path: tuple[str | int, ...]) -> None:
    try:
        # What Python only warns of, such as a set in a set, other validators read differently.
        with warnings.catch_warnings(action="error"):
            re.compile(str(value))
    except (re.error, OverflowError, RecursionError, Warning) as error:
        raise ConditionError(_NO_PATTERN.format(error=str(error)), path) from error


def found(facts: Json, path: str) -> Json:
    """Return the fact at a dotted path; None if it is not known."""
    for name in path.split("."):
        facts = facts.get(name) if isinstance(facts, Mapping) else None
    return facts


class Decide(Struct, frozen=True):
    """Decides conditions; ``matches`` tells whether a text matches a regular expression."""

    matches: Callable[[str, str], bool]

    def truth(self, node: Node, value: Json) -> Truth:
        """Return True (certain), False (impossible) or None (only possible) for a subject."""
        return node.truth(value, self.by(value))

    def by(self, facts: Json) -> By:
        """Return what parts of a condition on the facts of a subject are decided by."""
        return By(facts, self.matches)
