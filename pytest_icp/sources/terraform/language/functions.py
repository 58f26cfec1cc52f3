"""Functions (函数).

Of lists, sets and objects some elements may not be known; other functions ask for values that are
wholly known. One that is not in the tables gives what is not known.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import TypeAlias

from pytest_icp.sources.terraform.language.values import (
    HIDDEN,
    UNKNOWN,
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


COLLECTIONS: Mapping[str, Function] = {
    "alltrue": lambda value: _decided(value, by=False),
    "anytrue": lambda value: _decided(value, by=True),
    "coalesce": _coalesce,
    "coalescelist": _coalescelist,
    "concat": lambda a, *more: [each for one in (a, *more) for each in _listed(one, sets=False)],
    "contains": _contains,
    "element": _element,
    "flatten": _flatten,
    "keys": lambda value: [key for key, _ in items_of(_mapped(value))],
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
    "values": lambda value: [element for _, element in items_of(_mapped(value))],
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


def call(name: str, values: Sequence[Value]) -> Value:
    """Return what a function gives: not known if an argument is not, unless it is all the same."""
    if name in {"sensitive", "nonsensitive"}:
        return HIDDEN if name == "sensitive" else values[0] if values else UNKNOWN
    partly, wholly = COLLECTIONS.get(name), TEXTS.get(name)
    open_ = [one for one in values if isinstance(one, Unknown)] if partly else values
    unknown = None if name in ANSWERS else not_known(open_, linked=name in _LINKED)
    if unknown is not None:
        return unknown
    called = partly or wholly
    if called is None:
        return UNKNOWN
    try:
        return called(*values)
    except (ArithmeticError, LookupError, TypeError, ValueError):
        return UNKNOWN  # it is more than is read here
