"""Expressions, as trees that evaluate themselves in a scope (表达式)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol, TypeAlias

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
    plain,
    settled,
)


class Scope(Protocol):
    """What names mean where an expression stands."""

    def root(self, name: str) -> Value:
        """Return what a name means: a value, or an `Instance` of which only parts are asked."""
        ...


class Inner:
    """A scope in another one, with names of its own."""

    def __init__(self, outer: Scope, names: Mapping[str, Value]) -> None:
        self._outer = outer
        self._names = names

    def root(self, name: str) -> Value:
        """Return what a name means here, else outside."""
        return self._names[name] if name in self._names else self._outer.root(name)


class Expression(Protocol):
    """Part of a tree."""

    def evaluate(self, scope: Scope) -> Value:
        """Return its value. Raises `Fault` if it has none."""
        ...


class Literal(NamedTuple):
    """A value that is written out."""

    value: Value

    def evaluate(self, _: Scope) -> Value:
        """Return it."""
        return self.value


class Name(NamedTuple):
    """The first name of a reference."""

    name: str

    def evaluate(self, scope: Scope) -> Value:
        """Return what it means."""
        return scope.root(self.name)


class Attribute(NamedTuple):
    """An attribute of a value: ``value.name``."""

    value: Expression
    name: str

    def evaluate(self, scope: Scope) -> Value:
        """Return it."""
        return member(self.value.evaluate(scope), self.name)


def member(value: Value, name: str) -> Value:
    """Return an attribute of a value. Raises `Fault` if it certainly has none."""
    if isinstance(value, Unknown):
        return Unknown(value.of, value.hidden)
    if isinstance(value, Instance):
        return value.attribute(name)
    if isinstance(value, dict) and name in value:
        return value[name]
    raise Fault


class Index(NamedTuple):
    """An element of a value: ``value[key]``."""

    value: Expression
    key: Expression

    def evaluate(self, scope: Scope) -> Value:
        """Return it."""
        return element(self.value.evaluate(scope), self.key.evaluate(scope))


def element(value: Value, key: Value) -> Value:
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


class Splat(NamedTuple):
    """What follows, of each element of a value: ``value[*]…``."""

    value: Expression
    each: Expression
    """What follows, after the name ``*``."""

    def evaluate(self, scope: Scope) -> Value:
        """Return the list; of null it is empty, and any other value is a list of itself."""
        value = self.value.evaluate(scope)
        if isinstance(value, Unknown):
            return Unknown(value.of, value.hidden)
        listed = [] if value is None else value if isinstance(value, list) else [value]
        return [self.each.evaluate(Inner(scope, {"*": one})) for one in listed]


class Tuple(NamedTuple):
    """A list that is written out."""

    elements: Sequence[Expression]

    def evaluate(self, scope: Scope) -> Value:
        """Return it."""
        return [one.evaluate(scope) for one in self.elements]


class Object(NamedTuple):
    """An object that is written out."""

    members: Sequence[tuple[Expression, Expression]]

    def evaluate(self, scope: Scope) -> Value:
        """Return it; nothing of it is known if a key is not."""
        keys = [plain(key.evaluate(scope)) for key, _ in self.members]
        values = [value.evaluate(scope) for _, value in self.members]
        unknown = not_known(keys)
        return unknown or dict(zip(map(as_text, keys), values, strict=True))


class Template(NamedTuple):
    """A text with expressions in it."""

    parts: Sequence[Expression]

    def evaluate(self, scope: Scope) -> Value:
        """Return the text."""
        values = [plain(part.evaluate(scope)) for part in self.parts]
        unknown = not_known(values, linked=True)
        return "".join(map(as_text, values)) if unknown is None else unknown._replace(given=True)


class Conditional(NamedTuple):
    """One of two expressions."""

    condition: Expression
    yes: Expression
    no: Expression

    def evaluate(self, scope: Scope) -> Value:
        """Return the one that the condition chooses."""
        condition = plain(self.condition.evaluate(scope))
        if isinstance(condition, Unknown):
            return not_known([condition])
        chosen, other = (self.yes, self.no) if as_truth(condition) else (self.no, self.yes)
        value = chosen.evaluate(scope)
        return as_text(value) if _is_scalar(value) and _is_text(other) else value


def _is_scalar(value: Value) -> bool:
    return isinstance(value, (bool, int, float))


def _is_text(expression: Expression) -> bool:
    """Whether an expression is written as a text, whose type that of another one follows."""
    written = isinstance(expression, Literal) and isinstance(expression.value, str)
    return written or isinstance(expression, Template)


class Not(NamedTuple):
    """The opposite of a truth value."""

    value: Expression

    def evaluate(self, scope: Scope) -> Value:
        """Return it."""
        value = plain(self.value.evaluate(scope))
        return not_known([value]) if isinstance(value, Unknown) else not as_truth(value)


class Negative(NamedTuple):
    """The negative of a number."""

    value: Expression

    def evaluate(self, scope: Scope) -> Value:
        """Return it."""
        value = plain(self.value.evaluate(scope))
        return not_known([value]) if isinstance(value, Unknown) else -as_number(value)


class Operation(NamedTuple):
    """Two expressions with an operator between them."""

    operator: str
    left: Expression
    right: Expression

    def evaluate(self, scope: Scope) -> Value:
        """Return what the operator makes of them."""
        if self.operator in _DECIDES:
            return self._decided(scope, decides=_DECIDES[self.operator])
        left, right = plain(self.left.evaluate(scope)), plain(self.right.evaluate(scope))
        if self.operator in {"==", "!="}:
            found = equal(left, right)
            return found if isinstance(found, Unknown) else found is (self.operator == "==")
        unknown = not_known([left, right])
        if unknown is not None:
            return unknown
        try:
            return _OPERATIONS[self.operator](as_number(left), as_number(right))
        except (ZeroDivisionError, OverflowError):
            raise Fault from None

    def _decided(self, scope: Scope, *, decides: bool) -> Value:
        """Return the truth value that decides, if one side has it, whatever the other is."""
        sides = [plain(side.evaluate(scope)) for side in (self.left, self.right)]
        truths = [side if isinstance(side, Unknown) else as_truth(side) for side in sides]
        if any(truth is decides for truth in truths):
            return decides
        unknown = not_known(truths)
        return not decides if unknown is None else unknown


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


class For(NamedTuple):
    """A list or an object, made of each element of another."""

    names: Sequence[str]
    over: Expression
    key: Expression | None
    value: Expression
    condition: Expression | None
    grouped: bool

    def evaluate(self, scope: Scope) -> Value:
        """Return it; nothing of it is known if its length or a key is not."""
        over = plain(self.over.evaluate(scope))
        if isinstance(over, Unknown):
            return not_known([over], linked=True)
        chosen: list[Value] = []
        keys: list[Value] = []
        for inner in self._scopes(scope, over):
            wanted = plain(self.condition.evaluate(inner)) if self.condition else True
            if isinstance(wanted, Unknown):
                return not_known([wanted])
            if not as_truth(wanted):
                continue
            chosen.append(self.value.evaluate(inner))
            if self.key is not None:
                keys.append(plain(self.key.evaluate(inner)))
        if self.key is None:
            return chosen
        return not_known(keys) or self._object(keys, chosen)

    def _scopes(self, scope: Scope, over: Value) -> Iterator[Scope]:
        for key, value in items_of(over):
            yield Inner(scope, dict(zip(self.names, (key, value)[-len(self.names) :], strict=True)))

    def _object(self, keys: list[Value], values: list[Value]) -> Value:
        made: dict[str, Value] = {}
        for key, value in zip(map(as_text, keys), values, strict=True):
            if self.grouped:
                made.setdefault(key, []).append(value)
            elif key in made:
                raise Fault
            else:
                made[key] = value
        return made


class Attempt(NamedTuple):
    """``try``: the first of its arguments that has a value; ``can``: whether it has one."""

    arguments: Sequence[Expression]
    asks: bool

    def evaluate(self, scope: Scope) -> Value:
        """Return it; what is not known may turn out to have none."""
        for argument in self.arguments:
            try:
                value = argument.evaluate(scope)
            except Fault:
                continue
            if self.asks:
                return isinstance(value, Instance) or not_known([value]) or True
            whole = isinstance(value, (Instance, Unknown)) or is_known(value)
            return value if whole else not_known([value], linked=True)
        if self.asks:
            return False
        raise Fault
