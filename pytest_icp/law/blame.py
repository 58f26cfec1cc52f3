"""The facts that keep a condition from certainly being met."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from pytest_icp.law.condition import (
    AllOf,
    AnyOf,
    By,
    Comparison,
    Decide,
    Every,
    Fields,
    Leaf,
    Node,
    Not,
    Some,
    open_at,
)
from pytest_icp.law.jsontypes import Json

_HAS_BEGUN = Not(Leaf({"const": "never"}))
"""What the beginning of an element has to meet, so that the element is there."""


class Blame(Struct, frozen=True):
    """One fact that keeps a condition from being met for certain.

    ``path`` leads from the subject to it, ``found`` is its value; ``test`` is the condition that
    it is part of, on the value ``at`` a path. ``known`` is True for a contradiction, False for a
    gap.
    """

    path: tuple[str | int, ...]
    test: Node
    found: Json
    known: bool
    at: tuple[str | int, ...]


def blame(node: Node, value: Json, decide: Decide) -> Blame:
    """Return the first fact that is at fault, a contradiction before a gap.

    ``value`` must not meet ``node`` for certain.
    """
    blames = tuple(_blames(node, value, decide.by(value), ()))
    return next((b for b in blames if b.known), blames[0])


def gaps(node: Node, value: Json, decide: Decide) -> tuple[Blame, ...]:
    """Return every fact that is not known and keeps the condition from being decided."""
    return tuple(b for b in _blames(node, value, decide.by(value), ()) if not b.known)


def _blames(node: Node, value: Json, by: By, path: tuple[str | int, ...]) -> Iterator[Blame]:
    if node.truth(value, by):
        return
    if isinstance(node, AnyOf):
        yield from _blames_any(node, value, by, path)
        return
    if isinstance(node, Some) and isinstance(value, list) and node.truth(value, by) is None:
        # The first element that may be the one: what is not known of it leaves this open.
        i = next(i for i, element in enumerate(value) if node.test.truth(element, by) is not False)
        faults = _blames(node.test, value[i], by, (*path, i))
        yield from (fault for fault in faults if not fault.known)
        yield from _beginning(value[i], (*path, i))
        return
    if isinstance(node, Not) and node.truth(value, by) is None:
        inside = {fault.path: fault for fault in _blames(node.test, value, by, path)}
        yield from (Blame(at, node, one.found, known=False, at=path) for at, one in inside.items())
        return
    if isinstance(node, Comparison) and node.truth(value, by) is None:
        # Either number may be open, or both.
        numbers = ((tuple(node.of.split(".")), node.bound(by.facts)), (path, value))
        yield from (Blame(at, node, None, known=False, at=path) for at, n in numbers if n is None)
        return
    parts = tuple(_parts(node, value))
    if not parts:
        yield Blame(path, node, value, known=node.truth(value, by) is False, at=path)
    for step, test, element in parts:
        # Nothing is at fault in an element that is perhaps not there.
        there = tuple(_beginning(element, (*path, *step))) if isinstance(node, Every) else ()
        faults = _blames(test, element, by, (*path, *step))
        yield from (there if there and not test.truth(element, by) else faults)


def _beginning(element: Json, path: tuple[str | int, ...]) -> Iterator[Blame]:
    """Yield the fact that would tell whether an element is there, which perhaps it is not."""
    at = open_at(element, path)
    if at is not None:
        yield Blame(at, _HAS_BEGUN, None, known=False, at=at)


def _blames_any(node: AnyOf, value: Json, by: By, path: tuple[str | int, ...]) -> Iterator[Blame]:
    """Blame the alternatives that can still pass, else the first; one of them is enough."""
    open_tests = [test for test in node.tests if test.truth(value, by) is not False]
    for test in open_tests or node.tests[:1]:
        for fault in _blames(test, value, by, path):
            if fault.known is not bool(open_tests):
                yield Blame(fault.path, node, fault.found, known=fault.known, at=path)


def _parts(node: Node, value: Json) -> Iterator[tuple[tuple[str | int, ...], Node, Json]]:
    """Yield the tests that must all pass for ``node`` to pass, each with its path and value."""
    if isinstance(node, AllOf):
        yield from (((), test, value) for test in node.tests)
    elif isinstance(node, Fields) and (value is None or isinstance(value, Mapping)):
        facts = value or {}
        yield from (((name,), test, facts.get(name)) for name, test in node.tests)
    elif isinstance(node, Every) and isinstance(value, Sequence) and not isinstance(value, str):
        yield from (((i,), node.test, element) for i, element in enumerate(value))
