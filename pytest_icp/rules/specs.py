"""Reads the fields of an obligation into the typed spec that its kind defines.

The types of the members decide how they are read: a condition is compiled, a tuple is a list or its
only element, another `Struct` is a mapping, and a type with ``from_written`` reads itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from types import NoneType, UnionType
from typing import Any, Protocol, TypeAlias, TypeVar, get_args, get_origin

from msgspec import Struct
from msgspec.structs import fields

from pytest_icp.law.condition import Node
from pytest_icp.law.jsontypes import Json, JsonObject
from pytest_icp.rules.policy import Spec

Path: TypeAlias = tuple[str | int, ...]

Compile: TypeAlias = Callable[[Json, Path], Node]
"""Compiles a condition; the path tells where it is written."""


class KindOfObligation(Protocol):
    """A kind of obligation, as far as reading a policy needs it."""

    @property
    def spec(self) -> type[Spec]:
        """The type of the spec that holds the fields of the kind."""
        ...

    @property
    def schema(self) -> JsonObject | None:
        """The schema of those fields; None where the schema of policies includes it."""
        ...


Kinds: TypeAlias = Mapping[str, KindOfObligation]


def schema_parts(kinds: Kinds) -> Mapping[str, JsonObject]:
    """Return the schemas of the kinds that the schema of policies does not include."""
    return {name: kind.schema for name, kind in kinds.items() if kind.schema is not None}


_NODES = {*get_args(Node)}
_Read: TypeAlias = Callable[[Any, Path, Compile], Any]
_Value = TypeVar("_Value", bound=Struct)


def read_spec(spec: type[_Value], written: JsonObject, condition: Compile, at: Path) -> _Value:
    """Read a value from a mapping that its schema allows; ``at`` is where the mapping is written.

    Raises `TypeError` when a member is missing, which the schema excludes.
    """
    return spec(
        **{
            name: read(value, (*at, key), condition)
            for name, key, read in _members(spec)
            if (value := written.get(key)) is not None
        }
    )


@cache
def _members(spec: type[Struct]) -> tuple[tuple[str, str, _Read], ...]:
    return tuple((one.name, one.encode_name, _reader(one.type)) for one in fields(spec))


def _reader(hint: Any) -> _Read:
    """Return the function that reads a member of a type."""
    if {*get_args(hint)} - {NoneType} == _NODES:
        return lambda value, at, condition: condition(value, at)
    if get_origin(hint) is tuple:
        return partial(_each, _reader(get_args(hint)[0]))
    if get_origin(hint) is UnionType:
        options = [option for option in get_args(hint) if option not in {NoneType, str}]
        read = _reader(options[0]) if options else _as_is
        return partial(_text_or, read) if str in get_args(hint) else read
    if hasattr(hint, "from_written"):
        return lambda value, _at, _condition: hint.from_written(value)
    if isinstance(hint, type) and issubclass(hint, Struct):
        return lambda value, at, condition: read_spec(hint, value, condition, at)
    # To a schema, 30.0 is a whole number.
    return (lambda value, _at, _condition: int(value)) if hint is int else _as_is


def _each(read: _Read, value: Json, at: Path, condition: Compile) -> tuple[Any, ...]:
    if isinstance(value, list):
        return tuple(read(one, (*at, i), condition) for i, one in enumerate(value))
    return (read(value, at, condition),)


def _text_or(read: _Read, value: Json, at: Path, condition: Compile) -> Any:
    """Read a value that may also be a plain text, a path."""
    return value if isinstance(value, str) else read(value, at, condition)


def _as_is(value: Json, _at: Path, _condition: Compile) -> Json:
    return value
