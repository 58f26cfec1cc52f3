"""The value of a YAML scalar: a number, a constant, or a text."""

from __future__ import annotations

import re
from math import isfinite
from typing import TYPE_CHECKING, NoReturn

from pytest_icp.facts.files.faults import Fault, too_long
from pytest_icp.facts.files.wording import show
from pytest_icp.facts.files.yaml_faults import Event, fault_at
from pytest_icp.law.text import Text

if TYPE_CHECKING:
    from pytest_icp.law.jsontypes import Json

CORE = "tag:yaml.org,2002:"
"""What the tags of the core schema begin with."""

_CONSTANTS: dict[str, Json] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NO_NUMBER = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")


def resolve_plain(word: str, start: int) -> Json:
    """Return the value of a plain scalar (无引号标量) in the core schema of YAML 1.2.

    Raises `Fault` for .inf, .nan and numbers too large for a float or an integer.
    """
    if word in _CONSTANTS:
        return _CONSTANTS[word]
    end = start + len(word)
    try:
        if _INTEGER.fullmatch(word):
            return int(word)
        if _OCTAL.fullmatch(word) or _HEXADECIMAL.fullmatch(word):
            integer = int(word, 0)
            str(integer)  # one that cannot be printed is refused here, not in a message
            return integer
    except ValueError:
        # Python limits the digits that it converts, against denial of service.
        raise too_long(start, end) from None
    if _FLOAT.fullmatch(word) and isfinite(number := float(word)):
        return number
    if _FLOAT.fullmatch(word) or _NO_NUMBER.fullmatch(word):
        raise Fault(
            Text(zh=f"JSON 没有 {word[:40]} 这个数", en=f"JSON has no number {word[:40]}"),
            start=start,
            end=end,
            hint=_QUOTE,
        )
    return word


_QUOTE = Text(zh="若是文字，请加引号", en="if it is a text, put it in quotes")


def tagged(event: Event) -> Json:
    """Return the value of a scalar with a tag that the core schema knows."""
    kind = (event.tag or "").removeprefix(CORE)
    word: str = event.value
    start: int = event.start_mark.index
    if kind in {"str", "!"}:
        return word
    value = resolve_plain(word, start)
    if kind == "float" and isinstance(value, int) and not isinstance(value, bool):
        value = _as_float(event, value)
    classes = {"int": int, "float": float, "bool": bool, "null": type(None)}
    if kind not in classes:
        refuse_tag(event)
    if value.__class__ is not classes[kind]:
        raise fault_at(event, f"{word[:40]} 不合标签 !!{kind}", f"{word[:40]} is not a !!{kind}")
    return value


def _as_float(event: Event, value: int) -> float:
    try:
        return float(value)
    except OverflowError:
        raise fault_at(event, "数太大", "this number is too large for a float") from None


def refuse_tag(event: Event) -> NoReturn:
    """Refuse a tag outside the core schema."""
    tag = show(event.tag)
    raise fault_at(
        event,
        f"不支持标签 {tag}",
        f"the tag {tag} is not supported",
        Text(zh="请去掉标签，只写值", en="leave the tag out and write the value alone"),
    )
