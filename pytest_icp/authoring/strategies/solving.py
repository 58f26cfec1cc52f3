"""Makes values that meet a condition (条件), or do not, from given ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st
from msgspec import Struct

from pytest_icp.authoring.strategies.shapes import Shape
from pytest_icp.authoring.strategies.smallest import smallest
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
from pytest_icp.law.kleene import is_number

Draw = Callable[[st.SearchStrategy[Any]], Any]


def solved(draw: Draw, node: Node, value: Any, shape: Shape, *, meets: bool = True) -> Any:
    """Return a value like the given one that meets a condition, or does not.

    ``shape`` is what the schema allows there. Where conditions contradict each other, the last
    one wins; the engine decides whether the result meets them.
    """
    return _Solving(draw, value).of(node, value, shape, meets=meets)


class _Solving(Struct, frozen=True):
    """Draws values; ``facts`` are those of the subject that comparisons look into."""

    draw: Draw
    facts: Any

    def of(self, node: Node, value: Any, shape: Shape, *, meets: bool) -> Any:
        match node:
            case Leaf():
                return self.draw(_leaf(node, shape, meets=meets))
            case Comparison(word=word):
                bound = node.bound(self.facts)
                beside = Leaf({word: bound}) if is_number(bound) else Leaf({"type": "number"})
                return self.draw(_leaf(beside, shape, meets=meets))
            case Fields():
                return self._fields(node, value, shape, meets=meets)
            case AllOf(tests=tests) | AnyOf(tests=tests):
                every = isinstance(node, AllOf) is meets
                for test in tests if every else [self.draw(st.sampled_from(tests))]:
                    value = self.of(test, value, shape, meets=meets)
                return value
            case Not(test=test):
                return self.of(test, value, shape, meets=not meets)
        return self._elements(node, value, shape, meets=meets)

    def _fields(self, node: Fields, value: Any, shape: Shape, *, meets: bool) -> Any:
        made = dict(value) if isinstance(value, dict) else smallest(shape)
        if not isinstance(made, dict) or not node.tests:
            return made
        chosen = node.tests if meets else (self.draw(st.sampled_from(node.tests)),)
        for name, test in chosen:
            try:
                below = shape.below(name)
            except LookupError:
                continue
            made[name] = self.of(test, made.get(name), below, meets=meets)
        return made

    def _elements(self, node: Some | Every, value: Any, shape: Shape, *, meets: bool) -> Any:
        elements = list(value) if isinstance(value, list) else []
        try:
            below = shape.below(0)
        except LookupError:
            return value
        if isinstance(node, Some) is meets:
            # One is enough, and it is the last.
            return [*elements[:-1], self.of(node.test, _last(elements), below, meets=meets)]
        return [self.of(node.test, element, below, meets=meets) for element in elements]


def _last(elements: list[Any]) -> Any:
    return elements[-1] if elements else None


def _leaf(leaf: Leaf, shape: Shape, *, meets: bool) -> st.SearchStrategy[Any]:
    return _within(leaf) if meets else _beyond(leaf, shape)


def _within(leaf: Leaf) -> st.SearchStrategy[Any]:
    schema: Mapping[str, Any] = leaf.schema
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(list(schema["enum"]))
    if "pattern" in schema:
        return st.from_regex(str(schema["pattern"])).filter(lambda text: "\n" not in text)
    if "minLength" in schema or "maxLength" in schema:
        return st.just("x" * int(schema.get("minLength", 1)))
    return st.sampled_from(_numbers(leaf, step=1))


def _beyond(leaf: Leaf, shape: Shape) -> st.SearchStrategy[Any]:
    schema: Mapping[str, Any] = leaf.schema
    if "minLength" in schema:
        return st.just("x" * (int(schema["minLength"]) - 1))
    if "maxLength" in schema:
        return st.just("x" * (int(schema["maxLength"]) + 1))
    if schema.keys() & _BOUNDS.keys():
        return st.sampled_from(_numbers(leaf, step=-1))
    refused = [schema.get("const"), *schema.get("enum", ())]
    others = [one for one in _known(shape) if one not in refused]
    return st.sampled_from(others or [smallest(shape)])


def _known(shape: Shape) -> list[Any]:
    """Return the words of a shape, and the smallest value of each alternative."""
    choices = [one for one in shape.alternatives() if one.schema.get("type") != "null"]
    return [*words_of(shape), *map(smallest, choices)]


_BOUNDS = {"minimum": (1, 0), "exclusiveMinimum": (1, 1), "maximum": (-1, 0)}
_BOUNDS["exclusiveMaximum"] = (-1, -1)
"""In which direction a bound leaves room, and how far from it the first value lies."""


def _numbers(leaf: Leaf, *, step: int) -> list[Any]:
    found: list[Any] = []
    for keyword, (way, off) in _BOUNDS.items():
        written = leaf.schema.get(keyword)
        # Of a span the unit stays.
        unit, bound = next(iter(written.items())) if isinstance(written, Mapping) else ("", written)
        if isinstance(bound, (int, float)):
            first = bound + off if step > 0 else bound + off - way
            numbers = [first, first + way * step]
            found += [{unit: max(0, n)} for n in numbers] if unit else numbers
    return found or _OF_TYPE.get(str(leaf.schema.get("type")), ["x"])


_OF_TYPE: dict[str, list[Any]] = {
    "array": [[]],
    "boolean": [True, False],
    "integer": [1],
    "number": [1],
    "object": [{}],
}


def words_of(shape: Shape) -> list[Any]:
    """Return the words that a schema allows, without null."""
    found: list[Any] = []
    for one in shape.alternatives():
        found += one.schema.get("enum", ())
        found += [one.schema["const"]] if "const" in one.schema else []
        found += [False, True] if "boolean" in str(one.schema.get("type")) else []
    return [word for word in found if word is not None]
