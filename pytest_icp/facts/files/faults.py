"""Faults in a text, before its file and lines are known, and values as they are written.

A value is written in a message, or as YAML on one line (流式); a plain word of YAML is a value.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from math import isfinite

from pytest_icp.law.jsontypes import Json
from pytest_icp.law.text import Text

EMPTY = Text(zh="文件是空的", en="the file is empty")
DEPTH = 100
"""The deepest nesting of lists and objects that is read."""


class Fault(Exception):  # noqa: N818 - becomes an InputError as soon as the file is known
    """A fault in a text, before the file is known.

    ``start`` and ``end`` are character offsets; ``earlier`` is an offset
    before it whose line fills ``{line}`` in the hint.
    """

    def __init__(
        self,
        message: Text,
        *,
        start: int,
        end: int | None = None,
        hint: Text | None = None,
        earlier: int | None = None,
    ) -> None:
        super().__init__(message.en)
        self.message = message
        self.start = start
        self.end = start + 1 if end is None else end
        self.hint = hint or Text(zh="", en="")
        self.earlier = earlier


def duplicate_key(name: str, span: tuple[int, int], earlier: int) -> Fault:
    """Return the fault of a key that an object has twice."""
    return Fault(
        Text(zh=f"键 {show(name)} 重复", en=f"duplicate key {show(name)}"),
        start=span[0],
        end=span[1],
        hint=Text(zh="第一次写在第 {line} 行", en="first written on line {line}"),
        earlier=earlier,
    )


def too_long(start: int, end: int) -> Fault:
    """Return the fault of an integer with more digits than are read."""
    return Fault(
        Text(zh="整数的位数太多", en="this integer has too many digits"), start=start, end=end
    )


def too_deep(at: int) -> Fault:
    """Return the fault of nesting beyond `DEPTH`."""
    return Fault(
        Text(zh=f"嵌套超过 {DEPTH} 层", en=f"nested more than {DEPTH} levels deep"), start=at
    )


def empty() -> Fault:
    """Return the fault of a text without any value."""
    return Fault(EMPTY, start=0)


_LONGEST = 60
_MOST = 8


def show(value: object) -> str:
    """Return a value as a message quotes it: texts in single quotes, long ones cut."""
    written = f"'{value}'" if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    written = "".join(c if c.isprintable() else "�" for c in written)
    return written if len(written) <= _LONGEST else f"{written[: _LONGEST - 1]}…"


def kind_of(value: object) -> Text:
    """Return the kind of a value in words."""
    if isinstance(value, bool):
        return Text(zh="真假值（true 或 false）", en="true or false")
    return _KINDS[type(value)]


_KINDS = {
    dict: Text(zh="键值对（键: 值）", en="a mapping of keys to values"),
    list: Text(zh="清单", en="a list"),
    str: Text(zh="字符串", en="a string"),
    int: Text(zh="整数", en="a whole number"),
    float: Text(zh="数", en="a number"),
    type(None): Text(zh="空值 null", en="null"),
}


def either(words: Sequence[object]) -> Text:
    """Return alternatives in words, the first few of many."""
    shown = [show(word) for word in words[:_MOST]]
    if len(words) > _MOST:
        return Text(zh="、".join(shown) + " 等", en=", ".join(shown) + ", …")
    if len(shown) == 1:
        return Text(zh=shown[0], en=shown[0])
    return Text(
        zh="、".join(shown[:-1]) + " 或 " + shown[-1],
        en=", ".join(shown[:-1]) + " or " + shown[-1],
    )


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
