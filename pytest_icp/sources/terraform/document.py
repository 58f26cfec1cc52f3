"""The JSON of a plan or a state: freed of surrounding text, and the places of what is in it.

It contains secrets in plain text. No error quotes it, no place has an excerpt of it, and no
``repr`` shows it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import msgspec

from pytest_icp.facts.files.disk import decoded_as
from pytest_icp.facts.files.faults import EMPTY
from pytest_icp.facts.files.json import JsonPositions, after_blank, is_list
from pytest_icp.facts.files.positions import Lines, Node
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.request import Request
from pytest_icp.sources.terraform.resource import ARROW, Origin, Resource

Keys: TypeAlias = tuple[str, ...]
"""The way to a value: the names of members, and the numbers of elements."""


class Form(NamedTuple):
    """What a document has to be: a plan, or a state.

    ``refusal`` tells by its members what an object is instead; None if it is one. ``holders`` are
    the paths from a resource to the objects with its attributes; the last counts.
    """

    refusal: Callable[[Collection[str], Callable[[str], Any]], Text | None]
    hint: Text
    holders: tuple[Keys, ...]


class Document:
    """The text of a plan (计划) or a state (状态), and the offset of its JSON."""

    def __init__(self, path: Path, raw: bytes, form: Form) -> None:
        self.path = path
        self.remarks: list[Text] = []
        self._form = form
        self.text = _decoded(path, raw, form.hint)
        self.start = self.end = 0
        self._members: Mapping[str, Any] = {}

    @property
    def one_line(self) -> bool:
        """Whether the JSON is on one line, as Terraform writes a plan."""
        end = self.text.find("\n", self.start)
        return end < 0 or after_blank(self.text, end) == len(self.text)

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self.text)

    def place(self, offset: int) -> Place:
        """Return the line and column of an offset, without an excerpt."""
        found = self._lines.place(self.path, offset, offset)
        return Place(path=self.path, line=found.line, column=found.column or 1)

    def find(self) -> None:
        """Find the object of its form.

        Raises `InputError` if there is none, and for what is not JSON.
        """
        refused: Text | None = None
        end = 0
        for at in self._starts():
            if at < end:
                continue
            found, end = self._decoded_at(at)
            self._members = found
            instead = self._form.refusal(found.keys(), self.value)
            if instead is None:
                self.start, self.end = at, end
                self._remark(before=at, rest=after_blank(self.text, end))
                return
            refused = refused or instead
        place = self.place(after_blank(self.text, 0))
        raise InputError(refused or _NO_JSON, place=place, hint=self._form.hint)

    def value(self, name: str) -> Any:
        """Return a member of the object; None if there is none."""
        return self._value(self._members.get(name))

    def elements(self, name: str) -> Iterator[Any] | None:
        """Return the elements of a member, decoded one by one; None if it is no list."""
        member = self._members.get(name)
        if isinstance(member, msgspec.Raw) and bytes(memoryview(member)[:1]) == b"[":
            member = msgspec.json.decode(member, type=list[msgspec.Raw])
        return map(self._value, member) if isinstance(member, list) else None

    def _value(self, member: Any) -> Any:
        """Return a value as it is read; raise `InputError` if it nests too deeply."""
        value, most = member, _DEEPEST + 1
        if isinstance(member, msgspec.Raw):
            raw = bytes(member)
            most = raw.count(b"{") + raw.count(b"[")
            try:
                value = msgspec.json.decode(raw)
            except _NOT_DECODED:
                value, _ = self._parsed(raw.decode(), 0)
        if most > _DEEPEST and _is_deep(value):
            raise self._refuse(_DEEP)
        return value

    def _refuse(self, message: Text) -> InputError:
        return InputError(message, place=Place(path=self.path))

    def _starts(self) -> Iterator[int]:
        """Yield where objects may begin: at the first character, and at the start of lines."""
        here = after_blank(self.text, 0)
        if self.text.startswith("{", here):
            yield here
        for found in _OBJECT.finditer(self.text, here + 1):
            yield found.end() - 1

    def _decoded_at(self, at: int) -> tuple[dict[str, Any], int]:
        """Return the members of the object at an offset, not decoded yet, and where it ends."""
        found: dict[str, Any] | None = None
        # Its error holds the whole text, so nothing is raised while it is handled.
        with suppress(*_NOT_DECODED):
            found = msgspec.json.decode(self.text[at:], type=dict[str, msgspec.Raw])
        return self._parsed(self.text, at) if found is None else (found, len(self.text))

    def _parsed(self, text: str, at: int) -> tuple[Any, int]:
        """Return the value at an offset, as a parser reads it that stops behind it; where it ends.

        Raises `InputError` with the place of what is wrong.
        """
        try:
            return _DECODER.raw_decode(text, at)
        except json.JSONDecodeError as error:
            open_ = error.msg.startswith("Unterminated string")
            # Some libraries pickle an error with those before it; this one holds the whole text.
            error.doc = ""
            raise self._broken(error.pos, cut=open_) from None
        except RecursionError:
            raise self._refuse(_DEEP) from None
        except ValueError:
            raise self._refuse(_LONG_NUMBER) from None

    def _remark(self, *, before: int, rest: int) -> None:
        if self.text[:before].strip():
            self.remarks.append(_BEFORE.format(file=self.path.name))
        if rest < len(self.text):
            self.remarks.append(_AFTER.format(file=self.path.name))

    def _broken(self, at: int, *, cut: bool) -> InputError:
        rest = self.text[at : at + _LONGEST_WORD].rstrip()
        cut = cut or any(word.startswith(rest) for word in _WORDS)
        message = _CUT if cut else _NOT_JSON
        return InputError(message, place=self.place(at), hint=self._form.hint)


_DECODER = json.JSONDecoder()
_NOT_DECODED = (msgspec.DecodeError, UnicodeError, RecursionError)
_WORDS = ("true", "false", "null")
_LONGEST_WORD = 6
_OBJECT = re.compile(r"^[ \t]*\{", re.MULTILINE)
_DEEPEST = 90
"""How many levels a member may have, or an element of one."""


def _is_deep(value: Any, left: int = _DEEPEST) -> bool:
    """Whether a value nests too deeply to be read."""
    if not isinstance(value, (dict, list)):
        return False
    parts = value.values() if isinstance(value, dict) else value
    # Most parts are texts and numbers.
    inner = [part for part in parts if isinstance(part, (dict, list))]
    return not left or any(_is_deep(part, left - 1) for part in inner)


def _decoded(path: Path, raw: bytes, hint: Text) -> str:
    """Return the text, in whichever encoding JSON may be."""
    if raw.startswith(b"PK\x03\x04"):
        raise InputError(_BINARY, place=Place(path=path), hint=hint)
    if not raw.strip():
        raise InputError(EMPTY, place=Place(path=path), hint=hint)
    text = decoded_as(raw, json.detect_encoding(raw))
    if text is None:
        raise InputError(_NOT_TEXT, place=Place(path=path), hint=hint)
    return text


class DocumentPlaces:
    """Looks up places; the first lookup reads the document again.

    ``keys`` lead to what resources come from, by the numbers that are their origins. A document
    on a single line has no places: a column in the millions leads nobody to a resource, its
    address does.
    """

    def __init__(self, request: Request, form: Form, document: Document, keys: list[Keys]) -> None:
        self._request = request
        self._form = form
        self._start, self._end = document.start, document.end
        self._whole = Place(path=request.path)
        self._one_line = document.one_line
        self._keys = keys
        self._addresses: dict[str, int] | None = None

    def place(self, origin: Origin) -> Place:
        """Return line and column of an attribute of a resource, or of the region of a provider."""
        document = None if self._one_line else self._document
        if document is None:
            return self._whole
        if origin.resource is not None:
            return document.place(self._of_resource(document, origin.resource, origin.attribute))
        if not origin.provider_key:
            return self._whole
        span = self._positions.find((*_PROVIDERS, origin.provider_key, "expressions", "region"))
        return document.place((span.key or span.value)[0])

    @cached_property
    def _document(self) -> Document | None:
        try:
            return Document(self._request.path, self._request.read(), self._form)
        except InputError:
            return None  # it was removed or replaced in the meantime

    @cached_property
    def _positions(self) -> JsonPositions:
        """The finder of values; it reads no part of the document twice."""
        text = self._document.text if self._document else ""
        return JsonPositions(text[self._start : self._end].encode(), self._start)

    def _of_resource(self, document: Document, resource: Resource, attribute: str) -> int:
        """Return the offset of an attribute, nested or not; else of what is nearest above it."""
        if resource.origin < 0:
            return self._address(document, resource.address)
        positions = self._positions
        here: Node | None = positions.root()
        for name in self._keys[resource.origin]:
            here = here and positions.child(here, name)
        if here is None:
            return self._start
        deepest, offset = 0, here[2]
        for holder in self._form.holders:
            node: Node | None = here
            for name in holder:
                node = node and positions.child(node, name)
            for depth, name in enumerate(attribute.partition(ARROW)[0].split("."), start=1):
                node = node and _member(positions, node, name)
                if node is not None and node[0] is not None and depth >= deepest:
                    deepest, offset = depth, node[0]
        return offset

    def _address(self, document: Document, address: str) -> int:
        """Return the offset of a resource that a plan does not change; of the text if none."""
        if self._addresses is None:
            self._addresses = {}
            for found in _ADDRESS.finditer(document.text, self._start, self._end):
                self._addresses.setdefault(json.loads(found[1]), found.start(1))
        return self._addresses.get(address, 0)


_PROVIDERS = ("configuration", "provider_config")
_ADDRESS = re.compile(r'"address"\s*:\s*("(?:[^"\\]|\\.)*")')


def _member(positions: JsonPositions, node: Node, name: str) -> Node | None:
    """Return a member of an object, or of the first object in a list that has it."""
    if not is_list(node):
        return positions.child(node, name)
    index = 0
    while (element := positions.child(node, str(index))) is not None:
        found = _member(positions, element, name)
        if found is not None:
            return found
        index += 1
    return None


_BINARY = Text(zh="这是二进制的计划文件，不是 JSON", en="this is a binary plan file, not JSON")
_NO_JSON = Text(zh="不是 JSON：没有以 { 开头的行", en="not JSON: no line begins with {")
_NOT_JSON = Text(zh="不是有效的 JSON", en="not valid JSON")
_CUT = Text(
    zh="JSON 到文件末尾还没有结束，文件不完整",
    en="the JSON is cut off at the end of the file",
)
_DEEP = Text(zh="嵌套太深", en="nested too deeply")
_LONG_NUMBER = Text(zh="有一个数太长", en="a number is too long")
_NOT_TEXT = Text(
    zh="既不是 UTF-8 也不是 UTF-16，可能是二进制或加密的文件",
    en="neither UTF-8 nor UTF-16: perhaps a binary or encrypted file",
)
_BEFORE = Text(
    zh="{file}：JSON 之前另有文字（例如日志），已略过",
    en="{file}: other text (such as a log) before the JSON was skipped",
)
_AFTER = Text(
    zh="{file}：JSON 之后另有文字，已略过",
    en="{file}: other text after the JSON was skipped",
)
