"""Expressions as trees (表达式), their values in a scope, and type constraints (类型约束)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol, TypeAlias

from pytest_icp.sources.terraform.language.functions import call
from pytest_icp.sources.terraform.language.values import (
    UNKNOWN,
    Fault,
    Instance,
    Set,
    Unknown,
    Value,
    as_number,
    as_text,
    as_truth,
    equal,
    is_known,
    items_of,
    not_known,
    ordered,
    plain,
    settled,
)


class Scope(Protocol):
    """What names mean where an expression stands."""

    def root(self, name: str) -> Value:
        """Return what a name means: a value, or an `Instance` of which only parts are asked."""
        ...


class Inner(NamedTuple):
    """A scope in another one, with names of its own."""

    outer: Scope
    names: Mapping[str, Value]

    def root(self, name: str) -> Value:
        """Return what a name means here, else outside."""
        return self.names[name] if name in self.names else self.outer.root(name)


class _Nowhere:
    """The scope of what may refer to nothing."""

    def root(self, _: str) -> Value:
        """Return what is not known."""
        return UNKNOWN


NOWHERE = _Nowhere()


class Literal(NamedTuple):
    """A value that is written out."""

    value: Value


class Name(NamedTuple):
    """The first name of a reference."""

    name: str


class Attribute(NamedTuple):
    """An attribute of a value: ``value.name``."""

    value: Expression
    name: str


class Index(NamedTuple):
    """An element of a value: ``value[key]``."""

    value: Expression
    key: Expression


class Splat(NamedTuple):
    """What follows (after the name ``*``), of each element of a value: ``value[*]…``."""

    value: Expression
    each: Expression


class Tuple(NamedTuple):
    """A list that is written out."""

    elements: Sequence[Expression]


class Object(NamedTuple):
    """An object that is written out."""

    members: Sequence[tuple[Expression, Expression]]


class Template(NamedTuple):
    """A text with expressions in it."""

    parts: Sequence[Expression]


class Conditional(NamedTuple):
    """One of two expressions."""

    condition: Expression
    yes: Expression
    no: Expression


class Unary(NamedTuple):
    """The opposite of a truth value (``!``), or the negative of a number (``-``)."""

    sign: str
    value: Expression


class Operation(NamedTuple):
    """Two expressions with an operator between them."""

    operator: str
    left: Expression
    right: Expression


class For(NamedTuple):
    """A list or an object, made of each element of another."""

    names: Sequence[str]
    over: Expression
    key: Expression | None
    value: Expression
    condition: Expression | None
    grouped: bool


class Call(NamedTuple):
    """A call of a function; ``spread``: its last argument is a list of arguments."""

    name: str
    arguments: Sequence[Expression]
    spread: bool


class Attempt(NamedTuple):
    """``try``: the first of its arguments that has a value; ``can``: whether it has one."""

    arguments: Sequence[Expression]
    asks: bool


Expression: TypeAlias = (
    "Literal | Name | Attribute | Index | Splat | Tuple | Object | Template | Conditional | Unary"
    " | Operation | For | Call | Attempt"
)


def evaluate(expression: Expression, scope: Scope) -> Value:
    """Return the value of an expression. Raises `Fault` if it has none."""
    return _EVALUATE[type(expression)](expression, scope)


def member(value: Value, name: str) -> Value:
    """Return an attribute of a value. Raises `Fault` if it certainly has none."""
    if isinstance(value, Unknown):
        return Unknown(value.of, value.hidden)
    if isinstance(value, Instance):
        return value.attribute(name)
    if isinstance(value, dict) and name in value:
        return value[name]
    raise Fault


def _element(value: Value, key: Value) -> Value:
    """Return an element of a value. Raises `Fault` if there certainly is none."""
    if isinstance(value, Unknown):
        return Unknown(value.of, value.hidden)
    if isinstance(plain(key), Unknown):
        return not_known([key]) or UNKNOWN
    if isinstance(value, dict):
        return member(value, as_text(key))
    if isinstance(value, Instance):
        return member(value, key) if isinstance(key, str) else UNKNOWN
    place = as_number(key)
    if isinstance(value, list) and not isinstance(value, Set) and place in range(len(value)):
        return value[int(place)]
    raise Fault


def _splat(one: Splat, scope: Scope) -> Value:
    """Return a list; of null it is empty, and any other value is a list of itself."""
    value = evaluate(one.value, scope)
    if isinstance(value, Unknown):
        return Unknown(value.of, value.hidden)
    listed = [] if value is None else value if isinstance(value, list) else [value]
    return [evaluate(one.each, Inner(scope, {"*": each})) for each in listed]


def _object(one: Object, scope: Scope) -> Value:
    """Return an object; nothing of it is known if a key is not."""
    keys = [plain(evaluate(key, scope)) for key, _ in one.members]
    values = [evaluate(value, scope) for _, value in one.members]
    return not_known(keys) or dict(zip(map(as_text, keys), values, strict=True))


def _template(one: Template, scope: Scope) -> Value:
    values = [plain(evaluate(part, scope)) for part in one.parts]
    unknown = not_known(values, linked=True)
    return "".join(map(as_text, values)) if unknown is None else unknown._replace(given=True)


def _conditional(one: Conditional, scope: Scope) -> Value:
    """Return the value that the condition chooses; a text if the other one is a text."""
    condition = plain(evaluate(one.condition, scope))
    if isinstance(condition, Unknown):
        return not_known([condition])
    chosen, other = (one.yes, one.no) if as_truth(condition) else (one.no, one.yes)
    value = evaluate(chosen, scope)
    is_text = isinstance(other, Template) or (
        isinstance(other, Literal) and isinstance(other.value, str)
    )
    return as_text(value) if is_text and isinstance(value, (bool, int, float)) else value


def _unary(one: Unary, scope: Scope) -> Value:
    value = plain(evaluate(one.value, scope))
    if isinstance(value, Unknown):
        return not_known([value])
    return not as_truth(value) if one.sign == "!" else -as_number(value)


def _operation(one: Operation, scope: Scope) -> Value:
    left, right = plain(evaluate(one.left, scope)), plain(evaluate(one.right, scope))
    if one.operator in _DECIDES:
        return _decided((left, right), decides=_DECIDES[one.operator])
    if one.operator in {"==", "!="}:
        found = equal(left, right)
        return found if isinstance(found, Unknown) else found is (one.operator == "==")
    unknown = not_known([left, right])
    if unknown is not None:
        return unknown
    try:
        return _OPERATIONS[one.operator](as_number(left), as_number(right))
    except (ZeroDivisionError, OverflowError):
        raise Fault from None


def _decided(sides: Sequence[Value], *, decides: bool) -> Value:
    """Return the truth value that decides, if one side has it, whatever the other is."""
    truths = [side if isinstance(side, Unknown) else as_truth(side) for side in sides]
    if any(truth is decides for truth in truths):
        return decides
    return not_known(truths) or (not decides)


_DECIDES = {"&&": False, "||": True}
_Binary: TypeAlias = Callable[[float, float], Value]
_OPERATIONS: Mapping[str, _Binary] = {
    "+": lambda a, b: settled(a + b),
    "-": lambda a, b: settled(a - b),
    "*": lambda a, b: settled(a * b),
    "/": lambda a, b: settled(a / b),
    "%": lambda a, b: settled(a - b * int(a / b)),
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def _for(one: For, scope: Scope) -> Value:
    """Return a list or an object; nothing of it is known if its length or a key is not."""
    over = plain(evaluate(one.over, scope))
    if isinstance(over, Unknown):
        return not_known([over], linked=True)
    chosen: list[Value] = []
    keys: list[Value] = []
    for pair in items_of(over):
        inner = Inner(scope, dict(zip(one.names, pair[-len(one.names) :], strict=True)))
        wanted = plain(evaluate(one.condition, inner)) if one.condition else True
        if isinstance(wanted, Unknown):
            return not_known([wanted])
        if as_truth(wanted):
            chosen.append(evaluate(one.value, inner))
            keys += [plain(evaluate(one.key, inner))] if one.key else []
    if one.key is None:
        return chosen
    return not_known(keys) or _keyed(keys, chosen, grouped=one.grouped)


def _keyed(keys: list[Value], values: list[Value], *, grouped: bool) -> Value:
    made: dict[str, Value] = {}
    for key, value in zip(map(as_text, keys), values, strict=True):
        if grouped:
            made.setdefault(key, []).append(value)
        elif key in made:
            raise Fault
        else:
            made[key] = value
    return made


def _call(one: Call, scope: Scope) -> Value:
    values = [plain(evaluate(argument, scope)) for argument in one.arguments]
    if one.spread:
        last = values.pop()
        if not isinstance(last, list):
            return not_known([last]) or UNKNOWN
        values += map(plain, last)
    return call(one.name.removeprefix("core::"), values)


def _attempt(one: Attempt, scope: Scope) -> Value:
    """Return the first value that there is; what is not known may turn out to have none."""
    for argument in one.arguments:
        try:
            value = evaluate(argument, scope)
        except Fault:
            continue
        if one.asks:
            return isinstance(value, Instance) or not_known([value]) or True
        whole = isinstance(value, (Instance, Unknown)) or is_known(value)
        return value if whole else not_known([value], linked=True)
    if one.asks:
        return False
    raise Fault


_EVALUATE: Mapping[type, Callable[[Any, Scope], Value]] = {
    Literal: lambda one, _: one.value,
    Name: lambda one, scope: scope.root(one.name),
    Attribute: lambda one, scope: member(evaluate(one.value, scope), one.name),
    Index: lambda one, scope: _element(evaluate(one.value, scope), evaluate(one.key, scope)),
    Tuple: lambda one, scope: [evaluate(each, scope) for each in one.elements],
    Splat: _splat,
    Object: _object,
    Template: _template,
    Conditional: _conditional,
    Unary: _unary,
    Operation: _operation,
    For: _for,
    Call: _call,
    Attempt: _attempt,
}

_SCALARS: Mapping[str, Callable[[Value], Value]] = {
    "string": as_text,
    "number": as_number,
    "bool": as_truth,
}
_ANY = Name("any")


def converted(value: Value, kind: Expression) -> Value:
    """Return a value as a type has it. Raises `Fault` if it has none of the type."""
    if value is None or isinstance(value, Unknown):
        return value
    name, arguments = _named(kind)
    if name == "object":
        return _as_object(value, arguments)
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


def _as_object(value: Value, arguments: Sequence[Expression]) -> Value:
    members = arguments[0].members if arguments and isinstance(arguments[0], Object) else ()
    made: dict[str, Value] = {}
    for key, kind in members:
        name = str(evaluate(key, NOWHERE))
        if isinstance(kind, Call) and kind.name == "optional":
            made[name] = _optional(value, name, kind.arguments)
        else:
            made[name] = converted(member(value, name), kind)
    return made


def _optional(value: Value, name: str, arguments: Sequence[Expression]) -> Value:
    given = value.get(name) if isinstance(value, dict) else member(value, name)
    if given is None and arguments[1:]:
        given = evaluate(arguments[1], NOWHERE)
    return converted(given, arguments[0])
