"""What a plain scalar of YAML means: a number, a constant, or the text that it is."""

from __future__ import annotations

import re
from math import isfinite
from typing import TYPE_CHECKING

from pytest_icp.facts.files.faults import Fault, too_long
from pytest_icp.law.text import Text

if TYPE_CHECKING:
    from pytest_icp.law.jsontypes import Json

_CONSTANTS: dict[str, Json] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o([0-7]+)")
_HEXADECIMAL = re.compile(r"0x([0-9a-fA-F]+)")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NO_NUMBER = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")


def resolve_plain(word: str, start: int) -> Json:
    """Return the value of a plain scalar (无引号标量) in the core schema of YAML 1.2.

    Raises `Fault` for .inf, .nan and numbers beyond a float's or an integer's reach.
    """
    if word in _CONSTANTS:
        return _CONSTANTS[word]
    end = start + len(word)
    try:
        if _INTEGER.fullmatch(word):
            return int(word)
        if found := _OCTAL.fullmatch(word):
            return int(found[1], 8)
        if found := _HEXADECIMAL.fullmatch(word):
            return int(found[1], 16)
    except ValueError:
        # Python converts no more digits than this, so that nobody can keep it busy.
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
