"""Functions of lists, sets and objects, of whose elements some may not be known (集合函数)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product
from typing import TypeAlias

from pytest_icp.sources.terraform.language.values import (
    Fault,
    Set,
    Unknown,
    Value,
    as_number,
    as_text,
    as_truth,
    equal,
    items_of,
    not_known,
    ordered,
    plain,
    unified,
)

Function: TypeAlias = Callable[..., Value]
_LONGEST = 1024
"""A range has at most so many numbers."""


def _listed(value: Value, *, sets: bool = True) -> list[Value]:
    """Return the elements of a list. Raises `Fault` for what is none."""
    if not isinstance(value, list) or (isinstance(value, Set) and not sets):
        raise Fault
    return value


def _mapped(value: Value) -> dict[str, Value]:
    if not isinstance(value, dict):
        raise Fault
    return value


def _length(value: Value) -> int:
    if isinstance(value, str) and not value.isascii():
        raise ValueError  # it counts what a reader takes for a character
    if not isinstance(value, (str, list, dict)):
        raise Fault
    return len(value)


def _merge(*values: Value) -> Value:
    made: dict[str, Value] = {}
    for value in values:
        made |= {} if value is None else _mapped(value)
    return made


def _concat(first: Value, *others: Value) -> Value:
    return [element for value in (first, *others) for element in _listed(value, sets=False)]


def _flatten(value: Value) -> Value:
    made: list[Value] = []
    for element in _listed(value):
        inner = _flatten(element) if isinstance(element, list) else plain(element)
        if isinstance(inner, Unknown):
            return not_known([value], linked=True)
        made += inner if isinstance(element, list) else [element]
    return made


def _keys(value: Value) -> Value:
    return [key for key, _ in items_of(_mapped(value))]


def _values(value: Value) -> Value:
    return [element for _, element in items_of(_mapped(value))]


def _lookup(value: Value, key: Value, *default: Value) -> Value:
    if isinstance(value, Unknown) or isinstance(key, Unknown):
        return not_known([part for part in (value, key) if isinstance(part, Unknown)])
    found = _mapped(value)
    if as_text(key) not in found and not default:
        raise Fault
    return found[as_text(key)] if as_text(key) in found else default[0]


def _element(value: Value, place: Value) -> Value:
    listed = _listed(value, sets=False)
    if not listed:
        raise Fault
    if as_number(place) < 0:
        raise ValueError  # some versions count from the end
    return listed[int(as_number(place)) % len(listed)]


def _one(value: Value) -> Value:
    listed = _listed(value)
    if len(listed) > 1:
        raise Fault
    return listed[0] if listed else None


def _slice(value: Value, start: Value, end: Value) -> Value:
    listed, first, last = _listed(value, sets=False), int(as_number(start)), int(as_number(end))
    if not 0 <= first <= last <= len(listed):
        raise Fault
    return listed[first:last]


def _coalesce(*values: Value) -> Value:
    for value in values:
        if isinstance(value, Unknown):
            return value if value.given else not_known([value], linked=True)
        if value is not None and value != "":
            return unified([value, *(one for one in values if isinstance(one, str))])[0]
    raise Fault


def _coalescelist(*values: Value) -> Value:
    for value in values:
        if value:
            return value
    raise Fault


def _contains(value: Value, wanted: Value) -> Value:
    if isinstance(value, Unknown):
        return not_known([value])
    found = [equal(element, wanted) for element in _listed(value)]
    return True if True in found else not_known(found) or False


def _index(value: Value, wanted: Value) -> Value:
    for place, element in enumerate(_listed(value)):
        found = equal(element, wanted)
        if isinstance(found, Unknown):
            return found
        if found:
            return place
    raise Fault


def _zipmap(keys: Value, values: Value) -> Value:
    if len(_listed(keys)) != len(_listed(values)):
        raise Fault
    return not_known(keys) or dict(zip(map(as_text, keys), values, strict=True))


def _toset(value: Value) -> Value:
    listed = _listed(value)
    unknown = not_known(listed, linked=True)
    if unknown is not None:
        return unknown
    if any(element is None for element in listed):
        raise ValueError
    return ordered(unified(listed))


def _decided(value: Value, *, by: bool) -> Value:
    """Return the truth value that decides if an element has it, else the other one."""
    truths = [plain(element) for element in _listed(value)]
    known = [as_truth(truth) for truth in truths if not isinstance(truth, Unknown)]
    return by if by in known else not_known(truths) or (not by)


def _range(*values: Value) -> Value:
    numbers = [int(as_number(value)) for value in values]
    if any(number != value for number, value in zip(numbers, values, strict=True)):
        raise ValueError
    start, end = (0, numbers[0]) if len(numbers) == 1 else numbers[:2]
    step = numbers[2] if numbers[2:] else 1 if start <= end else -1
    if step == 0 or len(range(start, end, step)) > _LONGEST:
        raise Fault
    return [*range(start, end, step)]


def _chunklist(value: Value, size: Value) -> Value:
    listed, width = _listed(value, sets=False), int(as_number(size))
    if width < 1:
        raise ValueError
    return [listed[at : at + width] for at in range(0, len(listed), width)]


def _transpose(value: Value) -> Value:
    made: dict[str, list[Value]] = {}
    for key, elements in items_of(_mapped(value)):
        unknown = not_known([elements])
        if unknown is not None:
            return unknown
        for element in _listed(elements):
            made.setdefault(as_text(element), []).append(key)
    return made


COLLECTIONS: Mapping[str, Function] = {
    "alltrue": lambda value: _decided(value, by=False),
    "anytrue": lambda value: _decided(value, by=True),
    "chunklist": _chunklist,
    "coalesce": _coalesce,
    "coalescelist": _coalescelist,
    "concat": _concat,
    "contains": _contains,
    "element": _element,
    "flatten": _flatten,
    "index": _index,
    "keys": _keys,
    "length": _length,
    "lookup": _lookup,
    "merge": _merge,
    "one": _one,
    "range": _range,
    "reverse": lambda value: _listed(value)[::-1],
    "setproduct": lambda *values: [[*one] for one in product(*map(_listed, values))],
    "slice": _slice,
    "tolist": lambda value: None if value is None else unified(_listed(value)),
    "tomap": lambda value: None if value is None else _mapped(value),
    "toset": lambda value: None if value is None else _toset(value),
    "transpose": _transpose,
    "values": _values,
    "zipmap": _zipmap,
}
"""Each raises `Fault` only where Terraform certainly refuses the call."""
ANSWERS = frozenset({"coalesce", "contains", "lookup"})
"""Functions that may answer although the value of an argument is not known."""
