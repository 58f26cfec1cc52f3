"""Decides whether any value can meet a set of conditions, from their form alone (可满足性).

All facts count as known, so a condition is true or false. Alternatives are tried one by one;
what remains is a set of tests of one value. It is enough to try the words and numbers in the
tests and the values next to them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TypeAlias, cast

from msgspec import Struct, field

from pytest_icp.law.condition import (
    AllOf,
    AnyOf,
    Comparison,
    Every,
    Fields,
    Leaf,
    Node,
    Not,
    Some,
)
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.kleene import BOUNDS
from pytest_icp.rules.patterns import DECIDE

Literal: TypeAlias = tuple[Node, bool]
"""A condition that has to be met, or not to be met."""

Allows: TypeAlias = Callable[[tuple[str, ...], Json], bool]
"""Whether a description may have a value at a path, from the object that is asked about."""

Words: TypeAlias = Callable[[tuple[str, ...]], Sequence[Json]]
"""The values that are known to be possible at a path."""

_ALTERNATIVES = 20_000


class Facts(Struct, frozen=True):
    """What a description may declare (可能的事实), as far as conditions test it."""

    allows: Allows
    words: Words


class _Tests(Struct):
    """The tests of one value that must all pass."""

    leaves: list[tuple[Leaf, bool]] = field(default_factory=list)
    fields: dict[str, list[Literal]] = field(default_factory=dict)
    some: list[Literal] = field(default_factory=list)
    every: list[Literal] = field(default_factory=list)


def meetable(literals: Sequence[Literal], facts: Facts, path: tuple[str, ...] = ()) -> bool:
    """Whether a value at a path can meet some conditions and not meet others.

    True also where there is too much to try, or a pattern prevents an answer.
    """
    alternatives = list(islice(_alternatives(list(literals)), _ALTERNATIVES))
    if len(alternatives) == _ALTERNATIVES:
        return True
    return any(_holds(tests, facts, path) for tests in alternatives)


def _alternatives(literals: list[Literal]) -> Iterator[_Tests]:
    """Yield sets of plain tests, one of which must pass as a whole."""
    for choice in _choices(literals):
        tests = _Tests()
        for node, wanted in choice:
            match node, wanted:
                case Leaf(), _:
                    tests.leaves.append((node, wanted))
                case Comparison(), _:
                    # Of two facts either may be what it takes.
                    pass
                case Fields(tests=members), True:
                    for name, test in members:
                        tests.fields.setdefault(name, []).append((test, True))
                case Fields(tests=members), False:
                    # `_choices` has left one member.
                    tests.fields.setdefault(members[0][0], []).append((members[0][1], False))
                case _:
                    # `_choices` has left nothing else.
                    assert isinstance(node, (Some, Every))  # noqa: S101
                    one = isinstance(node, Some) == wanted
                    (tests.some if one else tests.every).append((node.test, wanted))
        yield tests


def _choices(literals: list[Literal]) -> Iterator[list[Literal]]:
    """Yield lists of literals without alternatives, one of which must be true."""
    for i, (node, wanted) in enumerate(literals):
        rest = literals[:i] + literals[i + 1 :]
        match node, wanted:
            case Not(test=test), _:
                yield from _choices([(test, not wanted), *rest])
            case (AllOf(tests=tests), True) | (AnyOf(tests=tests), False):
                yield from _choices([*((test, wanted) for test in tests), *rest])
            case (AnyOf(tests=tests), True) | (AllOf(tests=tests), False):
                for test in tests:
                    yield from _choices([(test, wanted), *rest])
            case Fields(tests=members), False if len(members) != 1:
                for member in members:
                    yield from _choices([(Fields((member,)), False), *rest])
            case _:
                continue
        return
    yield literals


def _holds(tests: _Tests, facts: Facts, path: tuple[str, ...]) -> bool:
    if not all(meetable(below, facts, (*path, name)) for name, below in tests.fields.items()):
        return False
    if not all(meetable([one, *tests.every], facts, path) for one in tests.some):
        return False
    if not tests.leaves or tests.fields or tests.some or tests.every:
        return True
    for value in _values((leaf for leaf, _ in tests.leaves), facts.words(path)):
        as_wanted = all(DECIDE.truth(leaf, value) is wanted for leaf, wanted in tests.leaves)
        if as_wanted and facts.allows(path, value):
            return True
    # A pattern may be met by texts other than those listed.
    patterns = any("pattern" in leaf.schema for leaf, _ in tests.leaves)
    return patterns and facts.allows(path, _TEXT)


_TEXT = "a text that no condition names"
_DAY = "2024-03-06"


def _values(leaves: Iterable[Leaf], words: Sequence[Json]) -> Iterator[Json]:
    """Yield a value of every sort that the tests distinguish."""
    yield from words
    yield from (True, False, 0, 1, 0.5, _TEXT, _DAY, f"{_DAY}T09:30:00+08:00", [], {})
    for schema in (leaf.schema for leaf in leaves):
        if "const" in schema:
            yield schema["const"]
        listed = schema.get("enum", ())
        yield from listed if isinstance(listed, Sequence) else ()
        for bound in (schema[key] for key in BOUNDS if key in schema):
            if isinstance(bound, Mapping):
                (unit,) = bound
                yield from ({unit: max(0, int(str(bound[unit])) + step)} for step in (-1, 0, 1))
            else:
                yield from (cast("float", bound) + step for step in (-1, -0.5, 0, 0.5, 1))
        for key in ("minLength", "maxLength"):
            length = schema.get(key)
            if isinstance(length, int):
                yield from ("x" * n for n in range(max(0, length - 1), length + 2))
