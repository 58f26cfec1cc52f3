"""Values of the language: those of JSON, sets, and unknown values (未知值)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from math import isfinite
from typing import Any, NamedTuple, TypeAlias

Value: TypeAlias = Any
"""None, a truth value, a number, a text, a list, a `Set`, an object, `Unknown` or an `Instance`."""


class Fault(Exception):  # noqa: N818 - of the source, which `try` and `can` catch
    """An expression has no value, whatever is not known about it."""


class Unknown(NamedTuple):
    """A value that is not known.

    ``of`` are the addresses of resources whose attributes it is made of; ``hidden``: it is not to
    be known; ``given``: it is certainly not null. ``made`` is what a text of JSON is made of.
    """

    of: frozenset[str] = frozenset()
    hidden: bool = False
    given: bool = False
    made: Value = None


NEVER_NULL = frozenset({"id", "arn", "key_id", "address", "ip_address"})
"""Attributes that a cloud gives to whatever has them; of others, one may be null."""

UNKNOWN = Unknown()
HIDDEN = Unknown(hidden=True)


class Set(list[Any]):
    """A set: its elements once each, in order."""


class Instance(ABC):
    """A resource, a data source or a module: it has more attributes than its source says."""

    address: str = ""

    @abstractmethod
    def attribute(self, name: str) -> Value:
        """Return the value of an attribute."""


def plain(value: Value) -> Value:
    """Return a value as an operator sees it: nobody knows all attributes of an instance."""
    if not isinstance(value, Instance):
        return value
    return Unknown(frozenset({value.address} if value.address else ()), given=True)


def parts_of(value: Value) -> Iterator[Value]:
    """Yield a value and all in it that are not objects or lists."""
    if isinstance(value, Mapping):
        for part in value.values():
            yield from parts_of(part)
    elif isinstance(value, list):
        for part in value:
            yield from parts_of(part)
    else:
        yield plain(value)


def not_known(values: Iterable[Value], *, linked: bool = False) -> Unknown | None:
    """Return what is not known in values, as one; None if all of them are known.

    ``linked``: what is made of them still refers to what they refer to.
    """
    found = [part for value in values for part in parts_of(value) if isinstance(part, Unknown)]
    if not found:
        return None
    of = frozenset[str]().union(*(part.of for part in found)) if linked else frozenset()
    return Unknown(of, hidden=any(part.hidden for part in found))


def is_known(value: Value) -> bool:
    """Whether a value and all that is in it is known."""
    return not any(isinstance(part, Unknown) for part in parts_of(value))


def equal(one: Value, other: Value) -> bool | Unknown:
    """Whether two values are equal, as far as they are known."""
    one, other = plain(one), plain(other)
    for this, that in ((one, other), (other, one)):
        if isinstance(this, Unknown) and that is None and this.given:
            return False
    if one is None or other is None:
        unknown = not_known([part for part in (one, other) if isinstance(part, Unknown)])
        return one is other if unknown is None else unknown
    unknown = not_known([one, other])
    return same(one, other) if unknown is None else unknown


def same(one: Value, other: Value) -> bool:
    """Whether two known values are the same: a number is neither a text nor a truth value."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    return bool(one == other)


def as_text(value: Value) -> str:
    """Return a known value as text. Raises `Fault` for what has none."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, str)):
        return str(value)
    if isinstance(value, float):
        return f"{value:.15f}".rstrip("0").rstrip(".")
    raise Fault


def as_number(value: Value) -> int | float:
    """Return a known value as a number. Raises `Fault` for what is none."""
    if isinstance(value, str):
        return number(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Fault
    return value


def number(text: str) -> int | float:
    """Return the number that a text says. Raises `Fault` if it says none."""
    try:
        found = float(text)
        return settled(found) if "e" in text.lower() or "." in text else int(text)
    except (ValueError, OverflowError):
        raise Fault from None


def settled(value: float) -> int | float:
    """Return a number without a fraction as an integer. Raises `Fault` for what is not a number."""
    if not isfinite(value):
        raise Fault
    exact = value if isinstance(value, int) else float(f"{value:.15g}")
    return int(exact) if exact == int(exact) else exact


_TRUTHS = {"true": True, "false": False}


def as_truth(value: Value) -> bool:
    """Return a known value as a truth value. Raises `Fault` for what is none."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value in _TRUTHS:
        return _TRUTHS[value]
    raise Fault


def ordered(values: Iterable[Value]) -> Set:
    """Return known values as a set. Raises `Fault` for what has no order."""
    found: dict[tuple[str, Value], Value] = {}
    for value in values:
        kind = "text" if isinstance(value, str) else "truth" if isinstance(value, bool) else "n"
        key = repr(value) if isinstance(value, (list, dict)) else value
        found.setdefault((kind, key), value)
    try:
        return Set(found[key] for key in sorted(found))
    except TypeError:
        raise Fault from None


def unified(values: list[Value]) -> list[Value]:
    """Return values of one type: if one of them is a text, numbers and truth values are too."""
    if not any(isinstance(value, str) for value in values):
        return [*values]
    return [as_text(value) if isinstance(value, (bool, int, float)) else value for value in values]


def items_of(value: Value) -> list[tuple[Value, Value]]:
    """Return the keys and elements of a known collection. Raises `Fault` for what is none."""
    if isinstance(value, dict):
        return sorted(value.items())
    if isinstance(value, Set):
        return [(element, element) for element in value]
    if isinstance(value, list):
        return [*enumerate(value)]
    raise Fault
