"""JSON text to JSON types, strictly: repeated keys, NaN and infinities are refused.

Places are found on demand, by a second scan of only the containers on the way.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate
from math import isfinite
from typing import TYPE_CHECKING, Any

import msgspec

from pytest_icp.facts.files.faults import DEPTH, Fault, duplicate_key, empty, too_deep, too_long
from pytest_icp.facts.files.positions import NO_KEY, Node, Positions
from pytest_icp.law.text import Text

if TYPE_CHECKING:
    from pytest_icp.law.jsontypes import Json

# An unclosed one extends to the end, or each quote in it would be tried as a beginning.
_STRING = r'"(?:[^"\\]++|\\.)*+"?'
_TOKEN = re.compile(
    rf"({_STRING})([ \t\n\r]*:)?|([\[{{])|([\]}}])|(-?(?:[0-9][0-9.eE+-]*|Infinity|NaN))", re.DOTALL
)
# An escaped pair of surrogates, half a pair (the group), or any other escape.
_ESCAPE = re.compile(r"\\u[dD][89abAB]..\\u[dD][c-fC-F]..|(\\u[dD][89a-fA-F]..)|\\.", re.DOTALL)
# All but the characters that show how deep a text nests, brackets of one form, and what each
# adds, as a signed byte.
_FLAT = bytes(set(range(256)) - set(b'[]{}"'))
_ALIKE = bytes.maketrans(b"{}", b"[]")
_ADDS = bytes.maketrans(b"[]", b"\x01\xff")
_SHALLOW = 8

_blank = re.compile(r"[ \t\n\r]*").match
# What stands before a value: a bracket or a comma, and in an object its key.
_BEFORE = re.compile(
    rb'[ \t\n\r]*[\[{,][ \t\n\r]*(?:("(?:[^"\\]++|\\.)*+")[ \t\n\r]*:[ \t\n\r]*)?', re.DOTALL
)
_CONTAINERS: dict[bytes, Any] = {b"{": dict[str, msgspec.Raw], b"[": list[msgspec.Raw]}


def parse_json(raw: bytes) -> tuple[Json, JsonPositions]:
    """Read JSON, given as UTF-8 without a byte-order mark, into JSON types.

    Returns the places of the values as well.

    Raises `Fault` for what is not JSON, a repeated key, NaN and infinities, half a surrogate
    pair, and nesting beyond `DEPTH`.
    """
    if not raw or raw.isspace():
        raise empty()
    try:
        data: Json = msgspec.json.decode(raw)
        written = _without_escapes(msgspec.json.encode(data))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise _fault(raw) from None
    # What is decoded has every string of the text, unless the last of a repeated key counts.
    # How deep it nests is seen in what is written of it, where nothing is blank.
    if written.count(b'"') != _without_escapes(raw).count(b'"') or _depth(written) > DEPTH:
        raise _fault(raw)
    return data, JsonPositions(raw)


def embedded(text: str) -> Json:
    """Read JSON embedded as a text in another file; None if it is not JSON or nests too deeply.

    It is read like the program that it is written for reads it: the last of a repeated key counts.
    """
    try:
        deep = _depth(_without_escapes(text.encode(errors="replace"))) > DEPTH
        data: Json = None if deep else json.loads(text)
    except ValueError:
        return None
    return data


def _without_escapes(raw: bytes) -> bytes:
    """Return a text without the escaped quotes in its strings."""
    return raw.replace(rb"\\", b"").replace(rb"\"", b"") if b"\\" in raw else raw


def _depth(raw: bytes) -> int:
    """Return how deep the brackets of a text without escapes nest, in a few quick passes."""
    kept = raw.translate(_ALIKE, _FLAT)
    # Two quotes side by side can vanish: what follows is inside a string as before, or outside.
    brackets = b"".join(kept.replace(b'""', b"").split(b'"')[::2])
    depth = 0
    while brackets and depth < _SHALLOW:
        # Without the innermost pairs, it nests less deeply by one; few texts have more to add up.
        brackets = brackets.replace(b"[]", b"")
        depth += 1
    rest = accumulate(memoryview(brackets.translate(_ADDS)).cast("b"))
    return depth + max(rest, default=0)


def _too_deep(text: str) -> Fault | None:
    depth = 0
    for token in _TOKEN.finditer(text):
        depth += (token[3] is not None) - (token[4] is not None)
        if depth > DEPTH:
            return too_deep(token.start())
    return None


def _fault(raw: bytes) -> Fault:
    """Return the first fault of what nests too deeply, is not decoded, or repeats a key."""
    text = raw.decode(errors="replace")
    deep = _too_deep(text) if _depth(_without_escapes(raw)) > DEPTH else None
    if deep is not None:
        return deep
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return _not_json(error)
    except ValueError:
        pass  # an integer with more digits than Python converts
    return next(_faults(text), Fault(_NO_TEXT, start=0))


def _faults(text: str) -> Iterator[Fault]:
    """Yield the faults of well-formed JSON, at least one, in the order of the text."""
    objects: list[dict[str, int]] = []
    for token in _TOKEN.finditer(text):  # pragma: no branch - only the first is used
        string, colon, opening, closing, number = token.groups()
        start, end = token.span()
        if string:
            yield from _half_pairs(string, start)
        if colon:
            name, keys = json.loads(string), objects[-1]
            if name in keys:
                yield duplicate_key(name, token.span(1), keys[name])
            keys[name] = start
        elif opening:
            objects.append({})
        elif closing:
            objects.pop()
        elif number:
            yield from _no_number(number, start, end)


def _half_pairs(string: str, start: int) -> Iterator[Fault]:
    for escape in _ESCAPE.finditer(string):
        if escape[1]:
            yield Fault(
                Text(zh="半个代理对不是字符", en="half a surrogate pair is not a character"),
                start=start + escape.start(),
                end=start + escape.end(),
                hint=Text(
                    zh=r"两个 \u 转义要成对，或者直接写出该字符",
                    en=r"write both \u escapes of the pair, or the character itself",
                ),
            )


def _no_number(literal: str, start: int, end: int) -> Iterator[Fault]:
    try:
        number = json.loads(literal)
    except ValueError:
        yield too_long(start, end)
    else:
        if isinstance(number, float) and not isfinite(number):
            zh, en = f"JSON 没有 {literal[:40]} 这个数", f"JSON has no number {literal[:40]}"
            yield Fault(Text(zh=zh, en=en), start=start, end=end)


def _not_json(error: json.JSONDecodeError) -> Fault:
    zh, en = _SENTENCES.get(error.msg, (f"不是有效的 JSON：{error.msg}", f"not JSON: {error.msg}"))
    at = error.doc[error.pos : error.pos + 2]
    hint = next((text for start, text in _HINTS if at.startswith(start)), None)
    before = error.doc[: error.pos].rstrip()
    if "trailing comma" in error.msg or (at[:1] in tuple("}],") and before.endswith(",")):
        hint = _COMMA
    return Fault(Text(zh=zh, en=en), start=error.pos, hint=hint)


_SENTENCES = {
    "Expecting value": ("此处应有一个值", "expected a value"),
    "Expecting ',' delimiter": ("此处应有 ','", "expected ','"),
    "Expecting ':' delimiter": ("此处应有 ':'", "expected ':'"),
    "Expecting property name enclosed in double quotes": (
        "此处应有双引号中的键",
        "expected a key in double quotes",
    ),
    "Illegal trailing comma before end of object": ("多了一个逗号", "one comma too many"),
    "Illegal trailing comma before end of array": ("多了一个逗号", "one comma too many"),
    "Extra data": ("JSON 到此已经结束，后面还有内容", "the JSON ends before this"),
    "Invalid control character at": (
        "字符串里有控制字符",
        "a control character inside a string",
    ),
    "Unterminated string starting at": ("字符串没有结束的引号", "this string is not closed"),
    "Invalid \\escape": ("不认识的转义", "unknown escape"),
    "Invalid \\uXXXX escape": ("\\u 之后应有四位十六进制数", "expected four hex digits after \\u"),
}
_NO_TEXT = Text(zh="不是 UTF-8", en="not UTF-8")
_COMMA = Text(zh="最后一项之后不能有逗号", en="no comma may follow the last entry")
_HINTS = (
    ("'", Text(zh="JSON 只用双引号", en="JSON allows double quotes only")),
    ("//", Text(zh="JSON 没有注释", en="JSON has no comments")),
    ("/*", Text(zh="JSON 没有注释", en="JSON has no comments")),
    ("#", Text(zh="JSON 没有注释", en="JSON has no comments")),
)


class JsonPositions(Positions):
    """Finds values in a JSON text; a list or an object is scanned as far as is needed."""

    def __init__(self, raw: bytes, start: int = 0) -> None:
        """Take UTF-8, and the offset at which it begins in the text that it is cut from."""
        self._raw = raw
        self._start = start
        self._known: dict[int, tuple[dict[str, Node], Iterator[tuple[str, Node]]]] = {}

    @cached_property
    def _text(self) -> str:
        return self._raw.decode()

    def text(self) -> str:
        """Return the text."""
        return self._text

    def root(self) -> Node:
        """Return the node of the whole value."""
        blank = after_blank(self._text, 0)
        start, end = self._start + blank, self._start + len(self._text)
        return (*NO_KEY, start, end, memoryview(self._raw)[blank:])

    def child(self, node: Node, token: str) -> Node | None:
        """Return a member or an element of a node."""
        start = node[2]
        if start not in self._known:
            self._known[start] = {}, entries(node[4], start)
        known, rest = self._known[start]
        if token not in known:
            for name, below in rest:
                known[name] = below
                if name == token:
                    break
        return known.get(token)


def is_list(node: Node) -> bool:
    """Whether a value in a JSON text is a list."""
    return bytes(memoryview(node[4])[:1]) == b"["


def entries(written: msgspec.Raw | memoryview, at: int) -> Iterator[tuple[str, Node]]:
    """Yield the members of an object, or the elements of a list by index.

    It begins ``at`` an offset. What is in a member is skipped by the decoder written in C.
    """
    whole = memoryview(written)
    opening = bytes(whole[:1])
    if opening not in _CONTAINERS:
        return
    try:
        inner = msgspec.json.decode(written, type=_CONTAINERS[opening])
    except (msgspec.DecodeError, RecursionError):
        return  # of a plan that only another parser reads
    here = 0
    for name, value in inner.items() if isinstance(inner, dict) else enumerate(inner):
        before, inside = _BEFORE.match(whole, here), memoryview(value)
        if before is None or whole[before.end() : before.end() + inside.nbytes] != inside:
            return  # a key is repeated, in a plan; its last value is not the one that stands here
        # Only keys and values have characters of several bytes.
        key, (start, end) = NO_KEY, before.span(1)
        if start >= 0:
            at += start - here
            key = (at, at + len(before[1].decode()))
            at, here = key[1], end
        at += before.end() - here
        after = at + len(str(value, "utf-8"))
        yield str(name), (*key, at, after, value)
        at, here = after, before.end() + inside.nbytes


def after_blank(text: str, at: int) -> int:
    """Return the offset of the first character from an offset on that is not blank."""
    if text[at : at + 1] > " ":
        return at
    return _blank(text, at).end()  # type: ignore[union-attr]  # it matches the empty text too
