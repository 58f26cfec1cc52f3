"""Conditions as functions of one value, in strong Kleene logic (三值逻辑).

A condition is put together once, and asked of every value there is. It is the only reading of
conditions that there is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias, TypeGuard, TypeVar, cast

from msgspec import Struct

from pytest_icp.law.jsontypes import Json, JsonObject
from pytest_icp.law.recurrence import months_as_days

Truth: TypeAlias = bool | None
"""True (certain), False (impossible) or None (only possible)."""


class By(Struct, frozen=True, gc=False):
    """What a condition is decided by: the facts of its subject, and who matches patterns."""

    facts: Json
    matches: Callable[[str, str], bool]


Test: TypeAlias = Callable[[Json, By], Truth]
"""Whether one value of plain JSON types meets a condition."""

_Word: TypeAlias = Callable[[Json], Truth]
_A = TypeVar("_A")
_B = TypeVar("_B")

_SCALARS = (str, int, float, bool)

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


def leaf(schema: JsonObject) -> Test:
    """Return the test of a known value by keywords of JSON Schema, or by spans of time."""
    pattern = schema.get("pattern")
    words = [_word(word, wanted) for word, wanted in schema.items() if word != "pattern"]
    if pattern is None and len(words) == 1:
        only = words[0]
        return lambda value, _: None if value is None else only(value)

    def matches(value: Json, by: By) -> bool:
        return value.__class__ is not str or by.matches(str(pattern), str(value))

    def test(value: Json, by: By) -> Truth:
        if value is None:
            return None
        truths = [word(value) for word in words]
        if pattern is not None:
            truths.append(matches(value, by))
        return False if False in truths else None if None in truths else True

    return test


def compared(word: str, bound: Callable[[Json], Json]) -> Test:
    """Return the test of a number by that of another fact, which ``bound`` finds in the facts."""
    compare = BOUNDS[word]

    def test(value: Json, by: By) -> Truth:
        other = bound(by.facts)
        if value is None or other is None:
            return None
        return is_number(value) and is_number(other) and compare(value, other)

    return test


def fields(tests: Sequence[tuple[str, Test]]) -> Test:
    """Return the test of an object whose named values are tested."""

    def test(value: Json, by: By) -> Truth:
        if value.__class__ is not dict:
            return None if value is None else False
        known: Truth = True
        for name, one in tests:
            # An absent value is as unknown as null.
            truth = one(value.get(name), by)
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

    def test(value: Json, by: By) -> Truth:
        truth = one(value, by)
        return None if truth is None else not truth

    return test


def some(one: Test) -> Test:
    """Return the test of a list of which one element passes."""
    return _over_list(one, decisive=True)


def every(one: Test) -> Test:
    """Return the test of a list of which every element passes."""
    return _over_list(one, decisive=False)


def _over_list(one: Test, *, decisive: bool) -> Test:
    def test(value: Json, by: By) -> Truth:
        if not isinstance(value, list):
            return None if value is None else False
        known: Truth = not decisive
        for element in value:
            truth = one(element, by)
            if truth is decisive and open_at(element) is None:
                return decisive
            if truth is not known:
                known = None
        return known

    return test


def is_number(value: Json) -> TypeGuard[float]:
    """Whether a value is a number; a truth value is one to Python."""
    return value.__class__ is int or value.__class__ is float


def between(least: float, most: float) -> Json:
    """Return what stands for a number of which only bounds are known; the number where they agree.

    No description writes it: it is a pair, which JSON does not have.
    """
    return least if least == most else (least, most)


def _word(word: str, wanted: Json) -> _Word:
    if word in BOUNDS:
        if isinstance(wanted, Mapping):
            return _spanned(word, wanted)
        # Anything else is a number, by the schema of conditions.
        return _bounded(word, cast("float", wanted))
    return _TESTS[word](wanted)


def _bounded(word: str, wanted: float) -> _Word:
    """Return the test of a number, or of one that lies between two, by another."""
    compare = BOUNDS[word]

    def test(value: Json) -> Truth:
        if value.__class__ is tuple:
            least, most = (compare(bound, wanted) for bound in cast("tuple[float, float]", value))
            return least if least is most else None
        return not is_number(value) or compare(value, wanted)

    return test


def _constant(wanted: Json) -> _Word:
    flag = wanted.__class__ is bool
    return lambda value: value == wanted and (value.__class__ is bool) is flag


def _among(wanted: Sequence[Json]) -> _Word:
    flags = {one for one in wanted if one.__class__ is bool}
    others = {one for one in wanted if one.__class__ is not bool}

    def test(value: Json) -> bool:
        if value.__class__ is bool:
            return value in flags
        return value.__class__ in _SCALARS and value in others

    return test


def _typed(wanted: str) -> _Word:
    if wanted == "integer":
        return lambda value: (
            value.__class__ is int or (value.__class__ is float and value.is_integer())
        )
    types = _TYPES[wanted]
    return lambda value: value.__class__ in types


def _spanned(word: str, wanted: JsonObject) -> _Word:
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

    def test(value: Json) -> Truth:
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


_TYPES: dict[str, tuple[type, ...]] = {
    "array": (list,),
    "boolean": (bool,),
    "number": (int, float, tuple),
    "object": (dict,),
    "string": (str,),
}

# A keyword of numbers or texts accepts every other type, as in JSON Schema; the leaf
# has the type beside it.
_TESTS: dict[str, Callable[..., _Word]] = {
    "type": _typed,
    "const": _constant,
    "enum": _among,
    "minLength": lambda wanted: lambda value: value.__class__ is not str or len(value) >= wanted,
    "maxLength": lambda wanted: lambda value: value.__class__ is not str or len(value) <= wanted,
}
