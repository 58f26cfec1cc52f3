"""Type constraints of variables: what a value becomes by them (类型约束)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from pytest_icp.sources.terraform.language.expressions import (
    Expression,
    Literal,
    Name,
    Object,
    Tuple,
    member,
)
from pytest_icp.sources.terraform.language.functions import Call
from pytest_icp.sources.terraform.language.values import (
    UNKNOWN,
    Fault,
    Instance,
    Unknown,
    Value,
    as_number,
    as_text,
    as_truth,
    is_known,
    not_known,
    ordered,
)

_SCALARS: Mapping[str, Callable[[Value], Value]] = {
    "string": as_text,
    "number": as_number,
    "bool": as_truth,
}
_ANY = Name("any")


class _Nowhere:
    """The scope of what may refer to nothing."""

    def root(self, _: str) -> Value:
        """Return what is not known."""
        return UNKNOWN


NOWHERE = _Nowhere()


def converted(value: Value, kind: Expression) -> Value:
    """Return a value as a type has it. Raises `Fault` if it has none of the type."""
    if value is None or isinstance(value, Unknown):
        return value
    name, arguments = _named(kind)
    if name == "object":
        return _object(value, arguments)
    if name == "any":
        return value
    if isinstance(value, Instance):
        return UNKNOWN
    if name in _SCALARS:
        return _SCALARS[name](value)
    inner = arguments[0] if arguments else _ANY
    if name == "map":
        return {key: converted(part, inner) for key, part in _of(value, dict).items()}
    if name == "tuple" and isinstance(inner, Tuple):
        pairs = zip(_of(value, list), inner.elements, strict=False)
        return [converted(part, each) for part, each in pairs]
    parts = [converted(part, inner) for part in _of(value, list)]
    if name == "list":
        return parts
    if name == "set":
        return ordered(parts) if is_known(parts) else not_known(parts, linked=True)
    return UNKNOWN


def _named(kind: Expression) -> tuple[str, Sequence[Expression]]:
    if isinstance(kind, Call):
        return kind.name, kind.arguments
    return str(kind.value if isinstance(kind, Literal) else getattr(kind, "name", "")), ()


def _of(value: Value, kind: type) -> Value:
    if not isinstance(value, kind):
        raise Fault
    return value


def _object(value: Value, arguments: Sequence[Expression]) -> Value:
    members = arguments[0].members if arguments and isinstance(arguments[0], Object) else ()
    made: dict[str, Value] = {}
    for key, kind in members:
        name = str(key.evaluate(NOWHERE))
        if isinstance(kind, Call) and kind.name == "optional":
            made[name] = _optional(value, name, kind.arguments)
        else:
            made[name] = converted(member(value, name), kind)
    return made


def _optional(value: Value, name: str, arguments: Sequence[Expression]) -> Value:
    given = value.get(name) if isinstance(value, dict) else member(value, name)
    if given is None and arguments[1:]:
        given = arguments[1].evaluate(NOWHERE)
    return converted(given, arguments[0])
