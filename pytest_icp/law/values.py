"""Immutable values: frozen dataclasses whose classes cost next to nothing to define.

`dataclasses.dataclass` looks at every member of a class and compiles its methods when it is
defined: up to a millisecond each, for more than a hundred classes at the start of every run.
Here an initialiser is compiled when the first value is made, what else a value does is one
function for all of them, and the members are described when somebody asks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field, fields, replace
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform, overload

_Class = TypeVar("_Class", bound=type)


@overload
def frozen(cls: _Class, /) -> _Class: ...
@overload
def frozen(*, kw_only: bool = ..., eq: bool = ...) -> Callable[[_Class], _Class]: ...
@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: Any = None, /, *, kw_only: bool = False, eq: bool = True) -> Any:
    """Make a class of immutable values (不可变值) with slots, as ``dataclass(frozen=True)`` does.

    ``kw_only`` makes its members keyword-only; without ``eq`` a value is equal to itself alone.
    `dataclasses.replace`, ``fields`` and ``asdict`` work as with any dataclass.
    """

    def define(plain: Any) -> Any:
        members = _members(plain, kw_only=kw_only)
        made = _with_slots(plain, members)
        made.__dataclass_fields__ = _Described(made, members)
        made.__init__ = _initialiser(made, members)
        made.__setattr__, made.__delattr__ = _refuse_to_set, _refuse_to_delete
        made.__reduce__, made.__replace__ = _reduce, replace
        if "__repr__" not in plain.__dict__:
            made.__repr__ = _repr
        if eq:
            made.__eq__, made.__hash__ = _comparisons(members)
        return made

    return define if cls is None else define(cls)


_Members = Mapping[str, Field[Any]]
"""The members of a class by name, in the order in which they are written."""


def _members(plain: Any, *, kw_only: bool) -> _Members:
    members = {}
    for name in plain.__annotations__:
        given = plain.__dict__.get(name, MISSING)
        member = given if isinstance(given, Field) else field(default=given)
        if member.kw_only is MISSING:
            member.kw_only = kw_only
        members[name] = member
    return members


def _with_slots(plain: Any, members: _Members) -> Any:
    """Return the class again, with a slot for each member: slots are given at birth."""
    own = {name: value for name, value in plain.__dict__.items() if name not in members}
    for name in ("__dict__", "__weakref__"):
        own.pop(name, None)
    own["__doc__"] = plain.__doc__ or plain.__name__
    own["__slots__"] = tuple(members)
    own["__match_args__"] = tuple(n for n, one in members.items() if one.init and not one.kw_only)
    return type(plain)(plain.__name__, plain.__bases__, own)


class _Described:
    """What the functions of `dataclasses` ask a class for, made when the first of them does."""

    def __init__(self, owner: Any, members: _Members) -> None:
        self._owner, self._members = owner, members

    def __get__(self, _: object, __: object) -> Any:
        # A subclass may be the first that asks, and has no members of its own.
        cls = self._owner
        head = {"__annotations__": cls.__annotations__, "__module__": cls.__module__}
        alike = type(cls.__name__, (), {**self._members, **head, "__doc__": cls.__doc__})
        described: Any = dataclass(init=False, repr=False, eq=False)(alike)
        cls.__dataclass_fields__ = described.__dataclass_fields__
        return described.__dataclass_fields__


def _initialiser(cls: Any, members: _Members) -> Callable[..., None]:
    def __init__(self: Any, *positional: Any, **named: Any) -> None:  # noqa: N807 - it becomes one
        cls.__init__ = _compiled(cls, members)
        cls.__init__(self, *positional, **named)

    return __init__


def _compiled(cls: Any, members: _Members) -> Callable[..., None]:
    """Write the initialiser of a class: a parameter and a slot for each member."""
    names: dict[str, Any] = {"_missing": MISSING}
    ordered: list[str] = []
    named: list[str] = []
    body: list[str] = []
    for name, member in members.items():
        value = name
        names[f"_set_{name}"] = cls.__dict__[name].__set__
        if member.default_factory is not MISSING:
            names[f"_make_{name}"] = member.default_factory
            value = f"_make_{name}()"
            value += f" if {name} is _missing else {name}" if member.init else ""
        if member.init:
            (named if member.kw_only else ordered).append(_parameter(name, member, names))
        elif member.default_factory is MISSING:
            continue  # `__post_init__` sets it
        body.append(f"    _set_{name}(self, {value})")
    if hasattr(cls, "__post_init__"):
        body.append("    self.__post_init__()")
    parameters = ", ".join(["self", *ordered, *(["*", *named] if named else ())])
    # The names are those of a class of ours, as in the text that `dataclasses` compiles.
    exec("\n".join([f"def __init__({parameters}):", *(body or ["    pass"])]), names)  # noqa: S102
    made: Callable[..., None] = names["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    return made


def _parameter(name: str, member: Field[Any], names: dict[str, Any]) -> str:
    if member.default is not MISSING:
        names[f"_{name}"] = member.default
        return f"{name}=_{name}"
    return name if member.default_factory is MISSING else f"{name}=_missing"


def _refuse_to_set(_self: object, name: str, _value: object) -> None:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(_self: object, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _comparisons(members: _Members) -> tuple[Callable[[Any, Any], Any], Callable[[Any], int]]:
    compared = [name for name, member in members.items() if member.compare]
    values: Callable[[Any], Any] = attrgetter(*compared) if compared else lambda _: ()

    def __eq__(self: Any, other: Any) -> Any:  # noqa: N807 - it becomes one
        if other.__class__ is not self.__class__:
            return NotImplemented
        return values(self) == values(other)

    def __hash__(self: Any) -> int:  # noqa: N807 - it becomes one
        return hash(values(self))

    return __eq__, __hash__


def _repr(self: Any) -> str:
    shown = (f"{m.name}={getattr(self, m.name)!r}" for m in fields(self) if m.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _reduce(self: Any) -> tuple[Any, ...]:
    """Travel by the members: nobody can set them one by one on the other side."""
    return _restore, (type(self), [getattr(self, name) for name in self.__slots__])


def _restore(cls: Any, members: list[Any]) -> Any:
    restored = cls.__new__(cls)
    for name, value in zip(cls.__slots__, members, strict=True):
        object.__setattr__(restored, name, value)
    return restored
