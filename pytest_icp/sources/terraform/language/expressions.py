"""Expressions as trees (表达式), their values in a scope, functions (函数) and types (类型约束).

Of lists, sets and objects some elements may not be known; most functions ask for values that are
wholly known. One that is not in the tables gives what is not known.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Any, NamedTuple, Protocol, TypeAlias

from pytest_icp.sources.terraform.language.values import (
    HIDDEN,
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
    unified,
)

Function: TypeAlias = Callable[..., Value]
_VERB = re.compile(r"%(0?\d{0,2}(?=d))?([%svdt])|%")


def _texts(value: Value) -> list[str]:
    if not isinstance(value, list):
        raise Fault
    return [as_text(element) for element in value]


def _split(separator: Value, text: Value) -> list[str]:
    by, whole = as_text(separator), as_text(text)
    return whole.split(by) if by else [*whole]


def _replace(text: Value, old: Value, new: Value) -> str:
    wanted = as_text(old)
    if len(wanted) > 1 and wanted[0] == wanted[-1] == "/":
        raise ValueError  # a pattern
    return as_text(text).replace(wanted, as_text(new))


def _format(form: Value, *values: Value) -> str:
    rest = list(values)

    def written(found: re.Match[str]) -> str:
        width, verb = found.groups()
        if verb == "%":
            return "%"
        if not (verb and rest):
            raise ValueError
        value = rest.pop(0)
        if verb == "d":
            number = as_number(value)
            return f"{int(number):{width}d}" if number == int(number) else _fail()
        return (
            _encoded(value) if isinstance(value, (list, dict)) and verb == "v" else as_text(value)
        )

    made = _VERB.sub(written, as_text(form))
    return _fail() if rest else made


def _fail() -> str:
    raise ValueError


def _formatlist(form: Value, *values: Value) -> Value:
    lengths = {len(value) for value in values if isinstance(value, list)}
    if len(lengths) != 1:
        raise ValueError
    return [
        _format(form, *(value[at] if isinstance(value, list) else value for value in values))
        for at in range(lengths.pop())
    ]


def _substr(text: Value, offset: Value, length: Value) -> str:
    whole, start, count = as_text(text), int(as_number(offset)), int(as_number(length))
    start = max(len(whole) + start, 0) if start < 0 else start
    return whole[start:] if count < 0 else whole[start : start + count]


def _encoded(value: Value) -> str:
    """Return a value as JSON, as the language writes it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    for mark in "<>&\u2028\u2029":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return text


def _numbers(values: tuple[Value, ...]) -> list[int | float]:
    if not values:
        raise Fault
    return [as_number(value) for value in values]


def _distinct(value: Value) -> Value:
    made: dict[str, Value] = {}
    for element in unified([element for _, element in items_of(value)]):
        made.setdefault(_encoded(element), element)
    return [*made.values()]


def _trims(side: str) -> Function:
    def trimmed(text: Value, affix: Value) -> str:
        whole: str = getattr(as_text(text), f"remove{side}")(as_text(affix))
        return whole

    return trimmed


TEXTS: Mapping[str, Function] = {
    "compact": lambda value: [one for one in value if one is not None and one != ""],
    "distinct": _distinct,
    "endswith": lambda text, end: as_text(text).endswith(as_text(end)),
    "format": _format,
    "formatlist": _formatlist,
    "join": lambda by, *lists: as_text(by).join(one for each in lists for one in _texts(each)),
    "jsonencode": _encoded,
    "lower": lambda text: as_text(text).lower(),
    "max": lambda *values: max(_numbers(values)),
    "min": lambda *values: min(_numbers(values)),
    "replace": _replace,
    "setunion": lambda *values: ordered(one for value in values for _, one in items_of(value)),
    "sort": lambda value: sorted(_texts(value)),
    "split": _split,
    "startswith": lambda text, start: as_text(text).startswith(as_text(start)),
    "strcontains": lambda text, part: as_text(part) in as_text(text),
    "substr": _substr,
    "tobool": lambda value: None if value is None else as_truth(value),
    "tonumber": lambda value: None if value is None else as_number(value),
    "tostring": lambda value: None if value is None else as_text(value),
    "trim": lambda text, marks: as_text(text).strip(as_text(marks)),
    "trimprefix": _trims("prefix"),
    "trimspace": lambda text: as_text(text).strip(),
    "trimsuffix": _trims("suffix"),
    "upper": lambda text: as_text(text).upper(),
}
"""Each raises `Fault` only where Terraform certainly refuses the call, and `ValueError` or the like
where what it gives cannot be told here.
"""


_LONGEST = 1024
"""A range has at most so many numbers."""


def _listed(value: Value, *, sets: bool = True) -> list[Value]:
    """Return the elements of a list. Raises `Fault` for what is none."""
    if not isinstance(value, list) or (isinstance(value, Set) and not sets):
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
        made |= {} if value is None else _of(value, dict)
    return made


def _flatten(value: Value) -> Value:
    made: list[Value] = []
    for element in _listed(value):
        inner = _flatten(element) if isinstance(element, list) else plain(element)
        if isinstance(inner, Unknown):
            return not_known([value], linked=True)
        made += inner if isinstance(element, list) else [element]
    return made


def _lookup(value: Value, key: Value, *default: Value) -> Value:
    if isinstance(value, Unknown) or isinstance(key, Unknown):
        return not_known([part for part in (value, key) if isinstance(part, Unknown)])
    found = _of(value, dict)
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


def _decided(values: Sequence[Value], *, by: bool) -> Value:
    """Return the truth value that decides if one of some is it, whatever the others are."""
    truths = [one if isinstance(one, Unknown) else as_truth(one) for one in map(plain, values)]
    return by if any(one is by for one in truths) else not_known(truths) or (not by)


def _range(*values: Value) -> Value:
    numbers = [int(as_number(value)) for value in values]
    if any(number != value for number, value in zip(numbers, values, strict=True)):
        raise ValueError
    start, end = (0, numbers[0]) if len(numbers) == 1 else numbers[:2]
    step = numbers[2] if numbers[2:] else 1 if start <= end else -1
    if step == 0 or len(range(start, end, step)) > _LONGEST:
        raise Fault
    return [*range(start, end, step)]


COLLECTIONS: Mapping[str, Function] = {
    "alltrue": lambda value: _decided(_listed(value), by=False),
    "anytrue": lambda value: _decided(_listed(value), by=True),
    "coalesce": _coalesce,
    "coalescelist": _coalescelist,
    "concat": lambda a, *more: [each for one in (a, *more) for each in _listed(one, sets=False)],
    "contains": _contains,
    "element": _element,
    "flatten": _flatten,
    "keys": lambda value: [key for key, _ in items_of(_of(value, dict))],
    "length": _length,
    "lookup": _lookup,
    "merge": _merge,
    "one": _one,
    "range": _range,
    "reverse": lambda value: _listed(value)[::-1],
    "setproduct": lambda *values: [[*one] for one in product(*map(_listed, values))],
    "slice": _slice,
    "tolist": lambda value: None if value is None else unified(_listed(value)),
    "tomap": lambda value: None if value is None else _of(value, dict),
    "toset": lambda value: None if value is None else _toset(value),
    "values": lambda value: [element for _, element in items_of(_of(value, dict))],
    "zipmap": _zipmap,
}
"""Each raises `Fault` only where Terraform certainly refuses the call."""
ANSWERS = frozenset({"coalesce", "contains", "lookup"})
"""Functions that may answer although the value of an argument is not known."""


_LINKED = frozenset(
    {"join", "format", "formatlist", "tostring", "trimspace", "jsonencode", "compact", "distinct"}
    | {"flatten", "sort", "toset", "tolist", "coalescelist", "concat", "element", "one", "values"}
    | {"lower", "upper", "setunion", "merge", "reverse", "slice"}
)
"""Functions whose value refers to what their arguments refer to."""


def _called(name: str, values: Sequence[Value]) -> Value:
    """Return what a function gives: not known if an argument is not, unless it is all the same."""
    if name in {"sensitive", "nonsensitive"}:
        return HIDDEN if name == "sensitive" else values[0] if values else UNKNOWN
    partly, wholly = COLLECTIONS.get(name), TEXTS.get(name)
    open_ = [one for one in values if isinstance(one, Unknown)] if partly else values
    unknown = None if name in ANSWERS else not_known(open_, linked=name in _LINKED)
    if unknown is not None:
        return unknown._replace(made=values[0]) if name == "jsonencode" else unknown
    called = partly or wholly
    if called is None:
        return UNKNOWN
    try:
        return called(*values)
    except (ArithmeticError, LookupError, TypeError, ValueError):
        return UNKNOWN  # it is more than is read here


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


def _indexed(value: Value, key: Value) -> Value:
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
        return _decided((left, right), by=_DECIDES[one.operator])
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
    return _called(one.name.removeprefix("core::"), values)


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
    Index: lambda one, scope: _indexed(evaluate(one.value, scope), evaluate(one.key, scope)),
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
