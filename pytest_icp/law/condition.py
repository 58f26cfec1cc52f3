"""Three-valued conditions on facts, in keywords of JSON Schema and some of our own.

A condition is *property → test*. A fact that is absent or null is not known, so a condition
is certain, only possible, or impossible (strong Kleene logic). A bound is a number, a span of
time, or ``{of: PATH}``: another fact of the same subject, ``times`` or ``plus`` a number.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeAlias, TypeGuard

from msgspec import Struct

from pytest_icp.law.errors import IcpError
from pytest_icp.law.jsontypes import Json, JsonObject
from pytest_icp.law.recurrence import months_as_days
from pytest_icp.law.text import Text

Truth: TypeAlias = bool | None
"""True (certain), False (impossible) or None (only possible)."""


def all_of(truths: Collection[Truth]) -> Truth:
    """Return whether all of some hold; those of none do."""
    return False if False in truths else None if None in truths else True


def any_of(truths: Collection[Truth]) -> Truth:
    """Return whether any of some holds; none of none does."""
    return True if True in truths else None if None in truths else False


class By(Struct, frozen=True, gc=False):
    """What a condition is decided by: the facts of its subject, and who matches patterns."""

    facts: Json
    matches: Callable[[str, str], bool]


_Test: TypeAlias = Callable[[Json, By], Truth]
"""Whether a value passes a test."""

BOUNDS: Mapping[str, Callable[[float, float], bool]] = {
    "minimum": lambda value, bound: value >= bound,
    "maximum": lambda value, bound: value <= bound,
    "exclusiveMinimum": lambda value, bound: value > bound,
    "exclusiveMaximum": lambda value, bound: value < bound,
}
"""The keywords that compare a number, or a span of time, with another."""

MONTHS = {"months": 1, "years": 12}
SPANS = frozenset({"days", *MONTHS})
"""The units of spans of time (时长)."""

AT_MOST = "at_most"
"""What a fact writes for a span of which only a bound is known."""

PERHAPS = "?"
"""The mark of an element that is perhaps not there: nobody says since when it is (不知道是否已有).

It is not a fact of the element but the fact that would tell: one of its own, or one of the whole
document after a slash. Such an element neither passes a test of its list for certain, nor fails it.
"""


def open_at(value: Json, at: tuple[str | int, ...] = ()) -> tuple[str | int, ...] | None:
    """Return the place of the fact that would tell whether an element at a place is there.

    None if it certainly is.
    """
    name = value.get(PERHAPS) if value.__class__ is dict else None
    if name is None:
        return None
    return (name[1:],) if name.startswith("/") else (*at, name)


def is_number(value: Json) -> TypeGuard[float]:
    """Whether a value is a number; a truth value is one to Python."""
    return value.__class__ is int or value.__class__ is float


def between(least: float, most: float) -> Json:
    """Return what stands for a number of which only bounds are known; the number where they agree.

    No description writes it: it is a pair, which JSON does not have.
    """
    return least if least == most else (least, most)


_NUMERIC = BOUNDS.keys()
_TEXTUAL = frozenset({"minLength", "maxLength", "pattern"})
_LEAF = _NUMERIC | _TEXTUAL | {"const", "enum", "type"}
_MIXABLE = frozenset({"not", "anyOf", "allOf"})
_COMBINATORS = _MIXABLE | {"some", "every"}
KEYWORDS = _LEAF | _COMBINATORS
"""Keywords of conditions; no fact has one of these names."""

_SCALARS = (str, int, float, bool)
_CLASSES: Mapping[str, tuple[type, ...]] = {
    "array": (list,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float, tuple),
    "object": (dict,),
    "string": (str,),
}
_BESIDE_PROPERTIES = Text(
    zh="`{key}` 不能与属性写在一起", en="`{key}` cannot be used beside properties"
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


# ---- Conditions, each of which tells of a value whether it meets it


class Leaf(Struct, frozen=True, dict=True):
    """A test of one value, in JSON Schema's own words."""

    schema: JsonObject

    @cached_property
    def truth(self) -> _Test:
        """What tells whether a value passes."""
        words = tuple(_test_of(word, wanted) for word, wanted in self.schema.items())

        def passes(value: Json, by: By) -> Truth:
            if value is None:
                return None
            known: Truth = True
            for word in words:
                truth = word(value, by)
                if truth is False:
                    return False
                if truth is None:
                    known = None
            return known

        return passes


class Comparison(Struct, frozen=True, dict=True):
    """A number beside another fact of the same subject: so many ``times`` it, or ``plus`` more."""

    word: str
    of: str
    times: float = 1
    plus: float = 0

    def bound(self, facts: Json) -> Json:
        """Return the number to compare with in the facts of a subject; None if not known."""
        other = found(facts, self.of)
        return other * self.times + self.plus if is_number(other) else other

    def truth(self, value: Json, by: By) -> Truth:
        """Return whether a number is as it has to be beside the other."""
        other = self.bound(by.facts)
        if value is None or other is None:
            return None
        return is_number(value) and is_number(other) and BOUNDS[self.word](value, other)


class Fields(Struct, frozen=True, dict=True):
    """An object whose named properties all pass their tests."""

    tests: tuple[tuple[str, Node], ...]

    @cached_property
    def truth(self) -> _Test:
        """What tells whether an object passes; an absent property is as unknown as null."""
        tests = tuple((name, test.truth) for name, test in self.tests)

        def passes(value: Json, by: By) -> Truth:
            if value.__class__ is not dict:
                return None if value is None else False
            known: Truth = True
            for name, test in tests:
                truth = test(value.get(name), by)
                if truth is False:
                    return False
                if truth is None:
                    known = None
            return known

        return passes


class AllOf(Struct, frozen=True, dict=True):
    """Every one of these tests passes."""

    tests: tuple[Node, ...]

    def truth(self, value: Json, by: By) -> Truth:
        """Return whether a value passes all of them."""
        return _several(self.tests, value, by, decisive=False)


class AnyOf(Struct, frozen=True, dict=True):
    """At least one of these tests passes."""

    tests: tuple[Node, ...]

    def truth(self, value: Json, by: By) -> Truth:
        """Return whether a value passes one of them."""
        return _several(self.tests, value, by, decisive=True)


def _several(tests: Sequence[Node], value: Json, by: By, *, decisive: bool) -> Truth:
    known: Truth = not decisive
    for test in tests:
        truth = test.truth(value, by)
        if truth is decisive:
            return decisive
        if truth is None:
            known = None
    return known


class Not(Struct, frozen=True, dict=True):
    """The test fails; certain and possible change places."""

    test: Node

    def truth(self, value: Json, by: By) -> Truth:
        """Return whether a value fails the test."""
        truth = self.test.truth(value, by)
        return None if truth is None else not truth


class Some(Struct, frozen=True, dict=True):
    """A list with at least one element that passes; an unknown element may be that one."""

    test: Node

    def truth(self, value: Json, by: By) -> Truth:
        """Return whether an element passes."""
        return _over_list(self.test, value, by, decisive=True)


class Every(Struct, frozen=True, dict=True):
    """A list all of whose elements pass; an empty list passes."""

    test: Node

    def truth(self, value: Json, by: By) -> Truth:
        """Return whether all elements pass."""
        return _over_list(self.test, value, by, decisive=False)


def _over_list(test: Node, value: Json, by: By, *, decisive: bool) -> Truth:
    if not isinstance(value, list):
        return None if value is None else False
    known: Truth = not decisive
    for element in value:
        truth = test.truth(element, by)
        if truth is decisive and open_at(element) is None:
            return decisive
        if truth is not known:
            known = None
    return known


Node: TypeAlias = Leaf | Comparison | Fields | AllOf | AnyOf | Not | Some | Every

ANYTHING = Fields(())
"""The condition that every subject meets."""


class Decide(Struct, frozen=True):
    """Decides conditions; ``matches`` tells whether a text matches a regular expression."""

    matches: Callable[[str, str], bool]

    def truth(self, node: Node, value: Json) -> Truth:
        """Return True (certain), False (impossible) or None (only possible) for a subject."""
        return node.truth(value, self.by(value))

    def by(self, facts: Json) -> By:
        """Return what parts of a condition on the facts of a subject are decided by."""
        return By(facts, self.matches)


# ---- The tests of a known value; a keyword of numbers or texts accepts every other type


def _test_of(word: str, wanted: Any) -> _Test:
    """Return the test of a keyword; the leaf has the type beside it, which refuses others."""
    # What is written is as the schema of conditions allows it.
    if word in BOUNDS:
        if isinstance(wanted, Mapping):
            return _spanned(word, wanted)
        return _bounded(word, wanted)
    match word:
        case "pattern":
            return lambda value, by: (
                value.__class__ is not str or by.matches(str(wanted), str(value))
            )
        case "minLength" | "maxLength":
            compare = BOUNDS[word.replace("Length", "imum")]
            return lambda value, _: value.__class__ is not str or compare(len(value), wanted)
        case "const":
            flag = wanted.__class__ is bool
            return lambda value, _: value == wanted and (value.__class__ is bool) is flag
        case "enum":
            return _among(wanted)
        case _:
            return _typed(str(wanted))


def _bounded(word: str, wanted: float) -> _Test:
    """Return the test of a number, or of one that lies between two, by another."""
    compare = BOUNDS[word]

    def test(value: Any, _: By) -> Truth:
        if value.__class__ is tuple:
            least, most = (compare(bound, wanted) for bound in value)
            return least if least is most else None
        return not is_number(value) or compare(value, wanted)

    return test


def _among(wanted: Sequence[Json]) -> _Test:
    flags = {one for one in wanted if one.__class__ is bool}
    others = {one for one in wanted if one.__class__ is not bool}

    def test(value: Json, _: By) -> bool:
        if value.__class__ is bool:
            return value in flags
        return value.__class__ in _SCALARS and value in others

    return test


def _typed(wanted: str) -> _Test:
    classes, is_whole = _CLASSES[wanted], wanted == "integer"

    def test(value: Json, _: By) -> bool:
        whole = is_whole and isinstance(value, float) and value.is_integer()
        return whole or value.__class__ in classes

    return test


def _spanned(word: str, wanted: JsonObject) -> _Test:
    """Return the test of a span by another: it passes where it does from any first day.

    Months are calendar months (民法典 202). Of a span ``at_most`` so long nothing else is known.
    """
    is_least = word in {"minimum", "exclusiveMinimum"}

    def passes(value: JsonObject) -> Truth:
        if value.keys().isdisjoint(SPANS):
            return None
        if not MONTHS.keys().isdisjoint(value) and not MONTHS.keys().isdisjoint(wanted):
            return BOUNDS[word](_months(value), _months(wanted))
        mine, theirs = _days(value), _days(wanted)
        return BOUNDS[word](*((mine[0], theirs[1]) if is_least else (mine[1], theirs[0])))

    def test(value: Json, _: By) -> Truth:
        if not isinstance(value, Mapping):
            return False
        bound = value.get(AT_MOST)
        if isinstance(bound, Mapping):
            met = passes(_known(bound))
            return None if met is None or met is is_least else not is_least
        return passes(_known(value))

    return test


def _known(span: JsonObject) -> JsonObject:
    """Return a span without the units of which it is not known how many."""
    return {unit: n for unit, n in span.items() if n is not None}


def _months(span: JsonObject) -> float:
    return next(float(span[unit]) * n for unit, n in MONTHS.items() if unit in span)  # type: ignore[arg-type]  # a number, by its schema


def _days(span: JsonObject) -> tuple[float, float]:
    """Return how many days a span is at least, and at most."""
    if "days" in span:
        return span["days"], span["days"]  # type: ignore[return-value]  # a number, by its schema
    return months_as_days(int(_months(span)))


# ---- Conditions as policies write them


def parse_condition(written: Json, path: tuple[str | int, ...] = ()) -> Node:
    """Read a condition as a policy writes it.

    A scalar is short for ``const``; a mapping of keywords is a test; a mapping without
    keywords descends into an object, and may carry ``not``, ``anyOf``, ``allOf`` beside its
    properties. Paths of comparisons lead from the subject of the whole condition.

    It has to be valid under the schema of conditions. Raises `ConditionError` for what that
    cannot exclude: a mapping that mixes properties and tests, and a ``pattern`` that is not a
    regular expression.
    """
    return _mapping(written, path) if isinstance(written, Mapping) else Leaf({"const": written})


def _mapping(written: JsonObject, path: tuple[str | int, ...]) -> Node:
    fields = {key: value for key, value in written.items() if key not in KEYWORDS}
    words = {key: value for key, value in written.items() if key in KEYWORDS}
    if fields and not words.keys() <= _MIXABLE:
        odd = next(key for key in words if key not in _MIXABLE)
        raise ConditionError(_BESIDE_PROPERTIES.format(key=odd), (*path, odd))
    parts = [_word(key, value, (*path, key)) for key, value in words.items() if key not in _LEAF]
    others = {key: value for key, value in words.items() if key in _NUMERIC and _is_other(value)}
    parts += (Comparison(key, **other) for key, other in others.items())
    leaf = {key: value for key, value in words.items() if key in _LEAF and key not in others}
    if leaf:
        parts.insert(0, _leaf(leaf, path))
    if fields or not parts:
        tests = ((name, parse_condition(test, (*path, name))) for name, test in fields.items())
        parts.insert(0, Fields(tuple(tests)))
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def _word(key: str, value: Any, path: tuple[str | int, ...]) -> Node:
    if key in {"anyOf", "allOf"}:
        tests = tuple(parse_condition(test, (*path, i)) for i, test in enumerate(value))
        return AnyOf(tests) if key == "anyOf" else AllOf(tests)
    test = parse_condition(value, path)
    if key == "not":
        return Not(test)
    return Some(test) if key == "some" else Every(test)


def _is_other(value: Json) -> TypeGuard[Mapping[str, Any]]:
    return isinstance(value, Mapping) and SPANS.isdisjoint(value)


def _leaf(words: JsonObject, path: tuple[str | int, ...]) -> Leaf:
    if "pattern" in words:
        _check_pattern(words["pattern"], (*path, "pattern"))
    schema = dict(words)
    # Keywords of numbers and texts accept every other type; a test must not.
    bounds = [words[key] for key in words if key in _NUMERIC]
    if "type" not in words and bounds:
        schema["type"] = "object" if isinstance(bounds[0], Mapping) else "number"
    elif "type" not in words and words.keys() & _TEXTUAL:
        schema["type"] = "string"
    return Leaf(schema)


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
