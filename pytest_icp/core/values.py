"""Immutable values: frozen dataclasses whose classes cost next to nothing to define.

`dataclasses.dataclass` writes the methods of a frozen class as text and compiles them when the
class is defined: a millisecond each, for more than a hundred classes at the start of every run.
Here an initialiser is compiled when the first value is made, and what else a value does is one
function for all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field, fields
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
        # A class without one would be given a docstring by way of its signature.
        plain.__doc__ = plain.__doc__ or plain.__name__
        made: Any = dataclass(init=False, repr=False, eq=False, slots=True, kw_only=kw_only)(plain)
        made.__init__ = _initialiser(made)
        made.__setattr__, made.__delattr__ = _refuse_to_set, _refuse_to_delete
        made.__reduce__ = _reduce
        if "__repr__" not in plain.__dict__:
            made.__repr__ = _repr
        if eq:
            made.__eq__, made.__hash__ = _comparisons(made)
        return made

    return define if cls is None else define(cls)


def _initialiser(cls: Any) -> Callable[..., None]:
    def __init__(self: Any, *positional: Any, **named: Any) -> None:  # noqa: N807 - it becomes one
        cls.__init__ = _compiled(cls)
        cls.__init__(self, *positional, **named)

    return __init__


def _compiled(cls: Any) -> Callable[..., None]:
    """Write the initialiser of a class: a parameter and a slot for each member."""
    names: dict[str, Any] = {"_missing": MISSING}
    ordered: list[str] = []
    named: list[str] = []
    body: list[str] = []
    for member in fields(cls):
        name, value = member.name, member.name
        names[f"_set_{name}"] = cls.__dict__[name].__set__
        if member.default_factory is not MISSING:
            names[f"_make_{name}"] = member.default_factory
            value = f"_make_{name}()"
            value += f" if {name} is _missing else {name}" if member.init else ""
        if member.init:
            (named if member.kw_only else ordered).append(_parameter(member, names))
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


def _parameter(member: Field[Any], names: dict[str, Any]) -> str:
    if member.default is not MISSING:
        names[f"_{member.name}"] = member.default
        return f"{member.name}=_{member.name}"
    return member.name if member.default_factory is MISSING else f"{member.name}=_missing"


def _refuse_to_set(_self: object, name: str, _value: object) -> None:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(_self: object, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _comparisons(cls: Any) -> tuple[Callable[[Any, Any], Any], Callable[[Any], int]]:
    compared = [member.name for member in fields(cls) if member.compare]
    members: Callable[[Any], Any] = attrgetter(*compared) if compared else lambda _: ()

    def __eq__(self: Any, other: Any) -> Any:  # noqa: N807 - it becomes one
        if other.__class__ is not self.__class__:
            return NotImplemented
        return members(self) == members(other)

    def __hash__(self: Any) -> int:  # noqa: N807 - it becomes one
        return hash(members(self))

    return __eq__, __hash__


def _repr(self: Any) -> str:
    shown = (f"{m.name}={getattr(self, m.name)!r}" for m in fields(self) if m.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _reduce(self: Any) -> tuple[Any, ...]:
    """Travel by the members: nobody can set them one by one on the other side."""
    return _restore, (type(self), [getattr(self, member.name) for member in fields(self)])


def _restore(cls: Any, members: list[Any]) -> Any:
    restored = cls.__new__(cls)
    for member, value in zip(fields(cls), members, strict=True):
        object.__setattr__(restored, member.name, value)
    return restored
