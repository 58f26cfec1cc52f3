"""The tests of single values in a condition, and the values at which they turn (边界取值)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pytest_icp.law.condition import BOUNDS, AllOf, AnyOf, Comparison, Fields, Leaf, Node, is_number
from pytest_icp.law.jsontypes import Json


def leaves(node: Node, name: str = "") -> Iterator[tuple[str, Leaf]]:
    """Yield the tests of single values, each with the name of its fact."""
    match node:
        case Leaf():
            yield name, node
        case Fields(tests=tests):
            for inner, test in tests:
                yield from leaves(test, inner)
        case AllOf(tests=tests) | AnyOf(tests=tests):
            for test in tests:
                yield from leaves(test, name)
        case Comparison():
            # What it is compared with is another fact, and no constant.
            return
        case _:
            yield from leaves(node.test, name)


def turning(leaf: Leaf) -> Iterator[Json]:
    """Yield the values that a test names, and those one step from its bounds."""
    for keyword, written in leaf.schema.items():
        if keyword == "const":
            yield written
        elif keyword == "enum" and isinstance(written, Sequence):
            yield from written
        elif keyword in BOUNDS and isinstance(written, Mapping):
            # Of a span the unit stays.
            for unit, n in written.items():
                yield from ({unit: max(0, int(str(n)) + step)} for step in (0, 1, -1))
        elif keyword in BOUNDS and is_number(written):
            yield from (written + step for step in (0, 1, -1))
        elif keyword in {"minLength", "maxLength"} and isinstance(written, int):
            yield from ("x" * max(0, written + step) for step in (0, 1, -1))
