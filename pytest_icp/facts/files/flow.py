"""Plain words of YAML as values, and values as YAML on one line (流式), as they are shown."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from math import isfinite

from pytest_icp.facts.files.faults import Fault, too_long
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.text import Text

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


_PLAIN_WORD = re.compile(r"[\w./+][\w ./+()（）、，。；-]*")


def flow(value: Json) -> str:
    """Return a value as YAML on one line, quoted only where it must be."""
    if isinstance(value, str):
        return value if _reads_as_itself(value) else _quoted(value)
    if isinstance(value, Mapping):
        members = (f"{flow(name)}: {flow(member)}" for name, member in value.items())
        return "{" + ", ".join(members) + "}"
    if isinstance(value, Sequence):
        return "[" + ", ".join(map(flow, value)) + "]"
    return json.dumps(value)


def _quoted(text: str) -> str:
    """Return a text in double quotes; what cannot be seen in it, or turns others, is escaped."""
    shown = json.dumps(text, ensure_ascii=False)
    return "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in shown)


def _reads_as_itself(word: str) -> bool:
    try:
        same = resolve_plain(word, 0) == word
    except Fault:
        return False
    return same and bool(_PLAIN_WORD.fullmatch(word)) and not word.endswith(" ")
