"""The syntax of ``.tf.json`` and ``.tfvars.json`` files: JSON to blocks (JSON 语法)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from pytest_icp.sources.terraform.language.blocks import Argument, Block, SyntaxFault
from pytest_icp.sources.terraform.language.expressions import Expression, Literal, Object, Tuple
from pytest_icp.sources.terraform.language.syntax import DEEPEST, parse_expression, parse_template

_BLANK = re.compile(r"[ \t\r\n]*+")


def _refused(_: str) -> float:
    raise ValueError


_DECODER = json.JSONDecoder(strict=False, parse_constant=_refused)
_LABELS = {"resource": 2, "data": 2, "ephemeral": 2}
_LABELS |= dict.fromkeys(("module", "variable", "output", "provider", "check"), 1)
_REFERS = {"provider", "type", "iterator"}
"""Arguments whose text is an expression without ``${``."""


class _Member(NamedTuple):
    """A member of an object: its name, line and value."""

    name: str
    line: int
    value: Any


class _Reader:
    """Reads a document; an object is a tuple of `_Member`, a list a list."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._line = 1
        self._counted = 0

    def document(self) -> Any:
        """Return all of it. Raises `SyntaxFault`."""
        try:
            value, at = self._value(self._blank(0), 0)
            self._end(self._blank(at))
        except (json.JSONDecodeError, IndexError) as error:
            at = getattr(error, "pos", len(self._text))
            found = json.JSONDecodeError("", self._text, at)
            raise SyntaxFault("json", "", found.lineno, found.colno) from None
        return value

    def _end(self, at: int) -> None:
        if at < len(self._text):
            raise json.JSONDecodeError("", self._text, at)

    def _blank(self, at: int) -> int:
        found = _BLANK.match(self._text, at)
        return found.end() if found else at

    def _line_of(self, at: int) -> int:
        self._line += self._text.count("\n", self._counted, at)
        self._counted = at
        return self._line

    def _value(self, at: int, depth: int) -> tuple[Any, int]:
        if depth > DEEPEST:
            raise RecursionError
        mark = self._text[at]
        if mark == "{":
            return self._object(at + 1, depth + 1)
        if mark == "[":
            return self._list(at + 1, depth + 1)
        return self._scalar(at)

    def _scalar(self, at: int) -> tuple[Any, int]:
        try:
            return _DECODER.raw_decode(self._text, at)
        except json.JSONDecodeError:
            raise
        except ValueError:  # no number, or one of more digits than Python reads
            raise json.JSONDecodeError("", self._text, at) from None

    def _object(self, at: int, depth: int) -> tuple[tuple[_Member, ...], int]:
        members: list[_Member] = []
        at = self._blank(at)
        while self._text[at] != "}":
            if self._text[at] != '"':
                raise json.JSONDecodeError("", self._text, at)
            line = self._line_of(at)
            name, at = self._scalar(at)
            at = self._blank(at)
            if self._text[at] != ":":
                raise json.JSONDecodeError("", self._text, at)
            value, at = self._value(self._blank(at + 1), depth)
            members.append(_Member(name, line, value))
            at = self._next(at, "}")
        return tuple(members), at + 1

    def _list(self, at: int, depth: int) -> tuple[list[Any], int]:
        elements: list[Any] = []
        at = self._blank(at)
        while self._text[at] != "]":
            element, at = self._value(at, depth)
            elements.append(element)
            at = self._next(at, "]")
        return elements, at + 1

    def _next(self, at: int, closing: str) -> int:
        at = self._blank(at)
        if self._text[at] == ",":
            at = self._blank(at + 1)
            if self._text[at] != closing:
                return at
        elif self._text[at] == closing:
            return at
        raise json.JSONDecodeError("", self._text, at)


def parse_json(text: str, file: str) -> tuple[dict[str, Argument], list[Block]]:
    """Return the top-level values of a file as arguments, and as blocks. Raises `SyntaxFault`."""
    members = [one for body in _bodies(_Reader(text).document()) for one in body]
    arguments = {one.name: Argument(Literal(_plain(one.value)), one.line) for one in members}
    return arguments, [block for one in members for block in _blocks(one, file)]


def _bodies(value: Any) -> Iterator[tuple[_Member, ...]]:
    """Yield the objects in a value: itself, or those in a list."""
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, tuple):
            yield tuple(member for member in one if member.name != "//")


def _blocks(top: _Member, file: str) -> Iterator[Block]:
    found: list[tuple[tuple[str, ...], _Member]] = [((), top)]
    for _ in range(_LABELS.get(top.name, 0)):
        found = [
            ((*labels, inner.name), inner)
            for labels, one in found
            for body in _bodies(one.value)
            for inner in body
        ]
    for labels, one in found:
        yield from _made(one._replace(name=top.name), labels, file)


def _made(one: _Member, labels: tuple[str, ...], file: str) -> Iterator[Block]:
    """Yield the blocks that a member stands for."""
    for body in _bodies(one.value):
        arguments: dict[str, Argument] = {}
        blocks: list[Block] = []
        for inner in body:
            if inner.name == "dynamic":
                some = [name for each in _bodies(inner.value) for name in each]
                blocks += [block for name in some for block in _dynamic(name, file)]
            elif inner.name == "lifecycle" or _has_dynamic(inner.value):
                blocks += _made(inner, (), file)
            else:
                arguments[inner.name] = _argument(inner)
        yield Block(one.name, labels, file, one.line, arguments, blocks, {})


def _dynamic(one: _Member, file: str) -> Iterator[Block]:
    """Yield the dynamic blocks of a name: what is made of each element is a block in them."""
    for body in _bodies(one.value):
        written = [inner for inner in body if inner.name == "content"]
        contents = [content for inner in written for content in _made(inner, (), file)]
        arguments = {inner.name: _argument(inner) for inner in body if inner.name != "content"}
        yield Block("dynamic", (one.name,), file, one.line, arguments, contents, {})


def _has_dynamic(value: Any) -> bool:
    return any(
        inner.name == "dynamic" or _has_dynamic(inner.value)
        for body in _bodies(value)
        for inner in body
    )


def _argument(one: _Member) -> Argument:
    if one.name in _REFERS and isinstance(one.value, str) and "${" not in one.value:
        return Argument(parse_expression(one.value, one.line), one.line)
    if one.name == "providers":
        members = [inner for body in _bodies(one.value) for inner in body]
        pairs = [(Literal(i.name), parse_expression(str(i.value), i.line)) for i in members]
        return Argument(Object(pairs), one.line)
    return Argument(_expression(one.value, one.line), one.line)


def _expression(value: Any, line: int) -> Expression:
    """Return a value as an expression: its texts are templates."""
    if isinstance(value, str):
        return parse_template(value, line) if "${" in value or "%{" in value else Literal(value)
    if isinstance(value, list):
        return Tuple([_expression(one, line) for one in value])
    if isinstance(value, tuple):
        members = [one for one in value if one.name != "//"]
        return Object(
            [(_expression(i.name, i.line), _expression(i.value, i.line)) for i in members]
        )
    return Literal(value)


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return {one.name: _plain(one.value) for one in value}
    return [_plain(one) for one in value] if isinstance(value, list) else value
