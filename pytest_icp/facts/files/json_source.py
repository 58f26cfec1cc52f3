"""JSON text to JSON types, with nothing lost: no repeated key, no number that is none."""

from __future__ import annotations

import json
import re
import sys
from itertools import accumulate
from json.decoder import scanstring  # type: ignore[attr-defined]  # the stubs omit it
from math import isfinite
from typing import TYPE_CHECKING, Any, NoReturn

from pytest_icp.facts.files.faults import DEPTH, Fault, duplicate_key, empty, too_deep, too_long
from pytest_icp.facts.files.garbage import collector_spared
from pytest_icp.facts.files.json_positions import (
    Entry,
    JsonPositions,
    after_blank,
    entries,
    start_of,
)
from pytest_icp.law.text import Text

if TYPE_CHECKING:
    from pytest_icp.law.jsontypes import Json

_STRING = r'"(?:[^"\\]++|\\.)*+"'
_BRACKETS = re.compile(_STRING + r"|([\[{])|([\]}])", re.DOTALL)
# An escaped pair of surrogates, half a pair (the group), or any other escape.
_ESCAPE = re.compile(r"\\u[dD][89abAB]..\\u[dD][c-fC-F]..|(\\u[dD][89a-fA-F]..)|\\.", re.DOTALL)
# Escapes that can hide a bracket's string from `_is_shallow`, or be half a pair.
_TRICKY = re.compile(rb'\\(?:["\\]|u[dD][89a-fA-F])')
_HALF_MAYBE = re.compile(rb"\\u[dD][89a-fA-F]")
_BLANKS = b" \t\n\r"
# All but the characters that show how deep a text nests.
_FLAT = bytes(set(range(256)) - set(b'[]{}"'))


class _Odd(Exception):  # noqa: N818 - never leaves this module
    """A number that JSON does not have, as it is written."""


class _Twice(Exception):  # noqa: N818 - never leaves this module
    """An object somewhere in the value at the offset ``at`` repeats a key."""

    def __init__(self, at: int = 0) -> None:
        super().__init__(at)
        self.at = at


def parse_json(raw: bytes, text: str) -> tuple[Json, JsonPositions]:
    """Read JSON, given as UTF-8 without a byte-order mark and decoded, into JSON types.

    Returns the places of the values as well.

    Raises `Fault` for what is not JSON, a repeated key, NaN and infinities, half a surrogate
    pair, and nesting beyond `DEPTH`.
    """
    if not raw or raw.isspace():
        raise empty()
    with collector_spared():
        found = _by_member(text, _most_members(raw))
        data = _decode(text) if found is None else found[0]
        tricky = _TRICKY.search(raw) is not None
        if (tricky or not _is_shallow(raw)) and _depth(data) > DEPTH:
            raise _too_deep(text)
        if tricky and _HALF_MAYBE.search(raw):
            _refuse_half_pairs(text, data)
    return data, JsonPositions(text) if found is None else found[1]


def _most_members(raw: bytes) -> int:
    """Return how many members the objects of a JSON text have at most, in one quick pass.

    A colon follows the quote that closes a name; some others may, inside a string.
    """
    return raw.translate(None, _BLANKS).count(b'":')


def _by_member(text: str, most: int) -> tuple[Json, JsonPositions] | None:
    """Read an object member by member, so that it is known where each of them stands.

    None where anything is wrong or odd, or where fewer members were read than the text may
    have: a key may be repeated. `_decode` says what it is, or reads it in its own way.
    """
    members_read = 0

    def count(inner: dict[str, Json]) -> dict[str, Json]:
        nonlocal members_read
        members_read += len(inner)
        return inner

    decoder = json.JSONDecoder(
        object_hook=count, parse_float=_finite, parse_constant=_refuse_constant
    )
    start = at = start_of(text)
    data: dict[str, Json] = {}
    members: dict[str | None, Entry] = {}
    try:
        while text[at] == ("," if data else "{"):
            key = after_blank(text, at + 1)
            if text[key] != '"':
                return None
            name, end = scanstring(text, key + 1)
            colon = after_blank(text, end)
            if text[colon] != ":" or name in data:
                return None
            value = after_blank(text, colon + 1)
            data[name], end_of_value = decoder.raw_decode(text, value)
            members[name] = Entry(name, (key, end), (value, end_of_value))
            at = after_blank(text, end_of_value)
        whole = text[at] == "}" and after_blank(text, at + 1) == len(text)
    except (IndexError, ValueError, RecursionError, _Odd):
        return None
    positions = JsonPositions(text, (start, at + 1), members)
    distinct = members_read + len(data) == most
    return (data, positions) if whole and data and distinct else None


def _decode(text: str) -> Json:
    try:
        data: Json = _STRICT.decode(text)
    except json.JSONDecodeError as error:
        raise _not_json(error) from None
    except _Twice:
        raise _twice(text, start_of(text)) from None
    except _Odd as odd:
        raise _odd_number(text, str(odd)) from None
    except RecursionError:
        raise _too_deep(text) from None
    except ValueError:
        # Python converts no more digits than this, so that nobody can keep it busy.
        raise _long_number(text) from None
    return data


def _finite(literal: str) -> float:
    number = float(literal)
    if not isfinite(number):
        raise _Odd(literal)
    return number


def _refuse_constant(literal: str) -> NoReturn:
    raise _Odd(literal)


def _distinct(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _Twice
    return members


_STRICT = json.JSONDecoder(
    object_pairs_hook=_distinct, parse_float=_finite, parse_constant=_refuse_constant
)


def _is_shallow(raw: bytes) -> bool:
    """Prove cheaply that JSON without escaped quotes nests no deeper than `DEPTH`.

    Only brackets and quotes are kept. When every quote then has a neighbour, no string holds
    a bracket; so the innermost pairs of brackets can vanish, once for each level. False means
    only that this proof fails.
    """
    kept = raw.translate(None, _FLAT)
    if 2 * kept.count(b'""') != kept.count(b'"'):
        return False
    rest = kept.translate(None, b'"')
    levels = 0
    while rest and levels < DEPTH:
        rest = rest.replace(b"[]", b"").replace(b"{}", b"")
        levels += 1
    return not rest


def _depth(data: Json) -> int:
    """Return how deep lists and objects nest, counted no further than beyond `DEPTH`."""
    depth = 0
    level: list[Any] = [[data]]
    while level and depth <= DEPTH + 1:
        depth += 1
        level = [
            value
            for container in level
            for value in (container.values() if container.__class__ is dict else container)
            if value.__class__ is dict or value.__class__ is list
        ]
    return depth - 1


def _twice(text: str, at: int) -> Fault:
    while True:
        seen: dict[str, int] = {}
        try:
            for entry in entries(text, at, _skip_strictly):  # pragma: no branch - one repeats
                if entry.key is None or entry.name is None:
                    continue
                if entry.name in seen:
                    return duplicate_key(entry.name, entry.key, seen[entry.name])
                seen[entry.name] = entry.key[0]
        except _Twice as inside:
            at = inside.at


def _refuse_half_pairs(text: str, data: Json) -> None:
    try:
        json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        start = next((e.start() for e in _ESCAPE.finditer(text) if e[1]), 0)
        raise Fault(
            Text(zh="半个代理对不是字符", en="half a surrogate pair is no character"),
            start=start,
            end=start + 6,
            hint=Text(
                zh=r"两个 \u 转义要成对，或者直接写出该字符",
                en=r"write both \u escapes of the pair, or the character itself",
            ),
        ) from None


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
_COMMA = Text(zh="最后一项之后不能有逗号", en="no comma may follow the last entry")
_HINTS = (
    ("'", Text(zh="JSON 只用双引号", en="JSON has double quotes only")),
    ("//", Text(zh="JSON 没有注释", en="JSON has no comments")),
    ("/*", Text(zh="JSON 没有注释", en="JSON has no comments")),
    ("#", Text(zh="JSON 没有注释", en="JSON has no comments")),
)


def _outside_strings(text: str, token: str) -> tuple[int, int]:
    """Return the span of the first token that is no part of a string."""
    found = re.finditer(f"{_STRING}|({token})", text, re.DOTALL)
    return next((match.span(1) for match in found if match.group(1)), (0, 1))


def _odd_number(text: str, literal: str) -> Fault:
    start, end = _outside_strings(text, rf"(?<![0-9.eE+-]){re.escape(literal)}")
    return Fault(
        Text(zh=f"JSON 没有 {literal[:40]} 这个数", en=f"JSON has no number {literal[:40]}"),
        start=start,
        end=end,
    )


def _long_number(text: str) -> Fault:
    start, end = _outside_strings(text, f"-?[0-9]{{{sys.get_int_max_str_digits() + 1},}}")
    return too_long(start, end)


def _too_deep(text: str) -> Fault:
    brackets = [match for match in _BRACKETS.finditer(text) if match.lastindex]
    depths = accumulate(1 if match.lastindex == 1 else -1 for match in brackets)
    beyond = (match.start() for match, depth in zip(brackets, depths, strict=True) if depth > DEPTH)
    # Only a caller's own deep stack leaves it without an answer.
    return too_deep(next(beyond, 0))


def _skip_strictly(text: str, at: int) -> tuple[object, int]:
    try:
        return _STRICT.raw_decode(text, at)
    except _Twice:
        raise _Twice(at) from None
