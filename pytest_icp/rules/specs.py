"""Reads the fields of an obligation into the typed spec that its kind defines.

The types of the members decide how they are read: a condition is compiled, a tuple is a list or its
only element, each value of a mapping is read, another `Struct` is a mapping, and a type with
``from_written`` reads itself; a `Struct` with a ``MAIN`` member may be written as that member
alone. Where a number of the law is referred to, a `Number` keeps all its values, for the kind to
choose by a day of the subject; any other type gets the value of the day for which the policy is
read.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from functools import cache, partial
from types import MappingProxyType, NoneType, UnionType
from typing import Any, Protocol, TypeAlias, TypeVar, cast, get_args, get_origin

from msgspec import Struct
from msgspec.structs import fields

from pytest_icp.law.condition import Node
from pytest_icp.law.jsontypes import Json, JsonObject, texts_of
from pytest_icp.rules.fields import Path
from pytest_icp.rules.numbers import Amount, Known, Listing, Number
from pytest_icp.rules.policy import Spec
from pytest_icp.rules.statutes import referred

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


_WORDS = frozenset({"title", "meaning", "quote", "fix", "cites"})
"""What an obligation says for readers: it refers to no number."""


def numbers_in(spec: type[Spec], written: JsonObject) -> Iterator[tuple[str, Path]]:
    """Yield the id of each number that an obligation refers to, and where.

    A length of time is written as the id alone, anything else as ``{parameter: id}``.
    """
    yield from ((one, (name,)) for name, one in _lengths(spec, written))
    yield from referred({name: one for name, one in written.items() if name not in _WORDS})


def with_units(
    spec: type[Spec], written: dict[str, Any], units: Mapping[str, str]
) -> dict[str, Any]:
    """Return an obligation whose lengths of time have their unit, where an id alone is written.

    ``units`` are those of the numbers, by their ids.
    """
    spelled = {name: {units[one]: {"parameter": one}} for name, one in _lengths(spec, written)}
    return {**written, **spelled}


def _lengths(spec: type[Spec], written: JsonObject) -> Iterator[tuple[str, str]]:
    """Yield the lengths of time that are written as the id of a number alone."""
    for name in _length_names(spec):
        if isinstance(one := written.get(name), str):
            yield name, one


@cache
def _length_names(spec: type[Spec]) -> tuple[str, ...]:
    found = fields(spec)
    return tuple(one.encode_name for one in found if Amount in {one.type, *get_args(one.type)})


def schema_parts(kinds: Kinds) -> Mapping[str, JsonObject]:
    """Return the schemas of the kinds that the schema of policies does not include."""
    return {name: kind.schema for name, kind in kinds.items() if kind.schema is not None}


class UnreadKeyError(Exception):
    """A key that its schema allows and no code reads; ``path`` leads to it."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.path = path


_NODES = {*get_args(Node)}
_Value = TypeVar("_Value", bound=Struct)


class _Reading(Struct, frozen=True):
    """How conditions are compiled, and the numbers that are referred to, by their paths."""

    condition: Compile
    terms: Mapping[Path, Known]


_Read: TypeAlias = Callable[[Any, Path, _Reading], Any]


def read_spec(
    spec: type[_Value],
    written: JsonObject,
    condition: Compile,
    at: Path,
    terms: Mapping[Path, Known] = MappingProxyType({}),
    *,
    beside: Container[str] = (),
) -> _Value:
    """Read a value from a mapping that its schema allows; ``at`` is where the mapping is written.

    Every key of it is read: as a member of the value, or ``beside`` it by somebody else; a type
    with ``from_written`` answers for all of them. ``terms`` are the numbers that are referred to,
    by the path of the value that is filled in.

    Raises `UnreadKeyError` for another one, and `TypeError` when a member is missing, which the
    schema excludes.
    """
    own: Callable[[JsonObject], _Value] | None = getattr(spec, "from_written", None)
    return own(written) if own else _read(spec, written, at, _Reading(condition, terms), beside)


def _read(
    spec: type[_Value],
    written: JsonObject,
    at: Path,
    reading: _Reading,
    beside: Container[str] = (),
) -> _Value:
    members = _members(spec)
    given: dict[str, Any] = {}
    for key, value in written.items():
        if key not in members:
            if key not in beside:
                raise UnreadKeyError((*at, key))
        elif value is not None:
            name, read = members[key]
            given[name] = read(value, (*at, key), reading)
    return spec(**given)


@cache
def _members(spec: type[Struct]) -> Mapping[str, tuple[str, _Read]]:
    return {one.encode_name: (one.name, _reader(one.type)) for one in fields(spec)}


def _reader(hint: Any) -> _Read:
    """Return the function that reads a member of a type."""
    if {*get_args(hint)} - {NoneType} == _NODES:
        return lambda value, at, reading: reading.condition(value, at)
    if get_origin(hint) is Mapping:
        return partial(_by_name, _reader(get_args(hint)[1]))
    if Number in {hint, *get_args(hint)}:
        return lambda value, at, reading: reading.terms.get(at) or Number.of(value, str(at[-1]))
    if Listing in {hint, *get_args(hint)}:
        return lambda value, at, reading: reading.terms.get(at) or Listing.of(texts_of(value))
    if get_origin(hint) is tuple:
        return partial(_each, _reader(get_args(hint)[0]))
    if get_origin(hint) is UnionType:
        options = [option for option in get_args(hint) if option not in {NoneType, str}]
        read = _reader(options[0]) if options else _as_is
        return partial(_text_or, read) if str in get_args(hint) else read
    if hasattr(hint, "from_written"):
        return lambda value, _at, _reading: hint.from_written(value)
    if isinstance(hint, type) and issubclass(hint, Struct):
        return partial(_read_struct, hint)
    # To a schema, 30.0 is a whole number.
    return (lambda value, _at, _reading: int(value)) if hint is int else _as_is


def _read_struct(hint: type[Struct], value: Json, at: Path, reading: _Reading) -> Struct:
    main: str | None = getattr(hint, "MAIN", None)
    short = main is not None and not isinstance(value, Mapping)
    return _read(hint, {str(main): value} if short else cast(JsonObject, value), at, reading)


def _each(read: _Read, value: Json, at: Path, reading: _Reading) -> tuple[Any, ...]:
    if isinstance(value, list):
        return tuple(read(one, (*at, i), reading) for i, one in enumerate(value))
    return (read(value, at, reading),)


def _by_name(read: _Read, value: JsonObject, at: Path, reading: _Reading) -> dict[str, Any]:
    return {name: read(one, (*at, name), reading) for name, one in value.items()}


def _text_or(read: _Read, value: Json, at: Path, reading: _Reading) -> Any:
    """Read a value that may also be a plain text, a path."""
    return value if isinstance(value, str) else read(value, at, reading)


def _as_is(value: Json, _at: Path, _reading: _Reading) -> Any:
    return value
