"""The JSON of a plan or a state: decoded, freed of surrounding text, and read member by member.

It contains secrets in plain text. No error quotes it, no place has an excerpt of it, and no
``repr`` shows it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from json.decoder import scanstring  # type: ignore[attr-defined]  # the stubs omit it
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from pytest_icp.facts.files.faults import EMPTY
from pytest_icp.facts.files.json import JsonPositions, after_blank
from pytest_icp.facts.files.positions import Lines
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.terraform.reading import ARROW

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_icp.facts.files.positions import Node
    from pytest_icp.sources.request import Request
    from pytest_icp.sources.terraform.resource import Origin, Resource


class DocumentPlaces:
    """Looks up places; the first lookup reads the document again.

    One on a single line has no places: a column in the millions leads nobody to a resource, its
    address does.
    """

    def __init__(self, request: Request, form: Form, start: int, *, one_line: bool) -> None:
        self._request = request
        self._form = form
        self._start = start
        self._whole = Place(path=request.path)
        self._one_line = one_line
        self._resources: dict[Resource, JsonPositions] = {}
        self._found: JsonPositions | None = None
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
        region = (*_PROVIDERS, origin.provider_key, "expressions", "region")
        span = self._positions(document).find(region)
        return document.place((span.key or span.value)[0])

    @cached_property
    def _document(self) -> Document | None:
        try:
            return Document(self._request.path, self._request.read(), self._form)
        except InputError:
            return None  # it was removed or replaced in the meantime

    def _positions(self, document: Document) -> JsonPositions:
        """Return the finder of values; it reads no part of the document twice."""
        if self._found is None:
            self._found = JsonPositions(document.text, self._start)
        return self._found

    def _of_resource(self, document: Document, resource: Resource, attribute: str) -> int:
        """Return the offset of an attribute, nested or not; else of what is nearest above it."""
        if resource.origin < 0:
            return self._address(document, resource.address)
        positions = self._resources.get(resource)
        if positions is None:
            positions = JsonPositions(document.text, resource.origin)
            self._resources[resource] = positions
        deepest, offset = 0, resource.origin
        for holder in self._form.holders:
            node: Node | None = positions.root()
            for name in holder:
                node = node and positions.child(node, name)
            for depth, name in enumerate(_parts(attribute), start=1):
                node = node and _member(positions, node, name)
                if node is not None and node[0] is not None and depth >= deepest:
                    deepest, offset = depth, node[0]
        return offset

    def _address(self, document: Document, address: str) -> int:
        """Return the offset of a resource that a plan does not change; of the text if none."""
        if self._addresses is None:
            self._addresses = {}
            for found in _ADDRESS.finditer(document.text):
                name = document.as_utf8(json.loads(found[1]))
                self._addresses.setdefault(name, found.start(1))
        return self._addresses.get(address, 0)


_PROVIDERS = ("configuration", "provider_config")
_ADDRESS = re.compile(r'"address"\s*:\s*("(?:[^"\\]|\\.)*")')


def _parts(attribute: str) -> list[str]:
    """Return the path of the attribute that is read of the resource itself."""
    return attribute.partition(ARROW)[0].split(".")


def _member(positions: JsonPositions, node: Node, name: str) -> Node | None:
    """Return a member of an object, or of the first object in a list that has it."""
    if positions.text()[node[2]] != "[":
        return positions.child(node, name)
    index = 0
    while (element := positions.child(node, str(index))) is not None:
        found = _member(positions, element, name)
        if found is not None:
            return found
        index += 1
    return None


Take: TypeAlias = "Callable[[int], int]"
"""Reads the value at an offset and returns where it ends."""

_DECODER = json.JSONDecoder()
_SKIPPER = json.JSONDecoder(object_hook=lambda _: None)
_WORDS = ("true", "false", "null")
_LONGEST_WORD = 6
_BOM = "\u00ef\u00bb\u00bf"
_BLOCK = 1 << 14
_CONTINUING = re.compile("[\u0080-\u00bf]")
_BYTES = re.compile("[\u0080-\u00ff]+")
_BYTE_ESCAPED = re.compile(rb"\\u00[89a-fA-F]")
_OBJECT = re.compile(r"^[ \t]*\{", re.MULTILINE)


class Form(NamedTuple):
    """What a document has to be: a plan, or a state.

    ``refusal`` tells what an object is instead, by the offsets of its members; None if it is one.
    ``holders`` are the paths from a resource to the objects with its attributes; the last counts.
    """

    refusal: Callable[[Document, Mapping[str, int]], Text | None]
    hint: Text
    holders: tuple[tuple[str, ...], ...]


class Document:
    """The text of a plan (计划) or a state (状态), and the offset of its JSON.

    ``text`` has one character per byte of UTF-8, because a Chinese character would at least double
    the memory for the whole text; `as_utf8` decodes the values that are taken from it.
    """

    __slots__ = ("_before", "_bytewise", "_form", "_lines", "path", "remarks", "start", "text")

    def __init__(self, path: Path, raw: bytes, form: Form) -> None:
        self.path = path
        self.remarks: list[Text] = []
        self._form = form
        self.text, self._bytewise = _decoded(path, raw, form.hint)
        self._lines: Lines | None = None
        self._before = [0]
        self.start = 0

    @property
    def one_line(self) -> bool:
        """Whether the JSON is on one line, as Terraform writes a plan."""
        end = self.text.find("\n", self.start)
        return end < 0 or after_blank(self.text, end) == len(self.text)

    def place(self, offset: int) -> Place:
        """Return the line and column of an offset, without an excerpt."""
        if self._lines is None:
            self._lines = Lines(self.text)
        found = self._lines.place(self.path, offset, offset)
        column = found.column or 1
        if self._bytewise:
            column -= self._continuing(offset) - self._continuing(offset - column + 1)
        return Place(path=self.path, line=found.line, column=column)

    def _continuing(self, offset: int) -> int:
        """Return how many bytes before an offset only continue a character.

        They are counted block by block, each once: a plan is often one line of megabytes.
        """
        block = offset // _BLOCK
        while len(self._before) <= block:
            start = (len(self._before) - 1) * _BLOCK
            more = len(_CONTINUING.findall(self.text, start, start + _BLOCK))
            self._before.append(self._before[-1] + more)
        return self._before[block] + len(_CONTINUING.findall(self.text, block * _BLOCK, offset))

    def decode(
        self, at: int, keep: Callable[[dict[str, Any]], Any] | None = None
    ) -> tuple[Any, int]:
        """Return the value at an offset and where it ends.

        ``keep`` maps each object in it, innermost first, to its replacement.
        """
        decoder = _DECODER if keep is None else json.JSONDecoder(object_hook=keep)
        value, end = decoder.raw_decode(self.text, at)
        return value if self.text[at:end].isascii() else self.as_utf8(value), end

    def as_utf8(self, value: Any) -> Any:
        """Return a value with its texts decoded as UTF-8; see `text`.

        Raises `InputError` if the file is not UTF-8.
        """
        if not self._bytewise:
            return value
        try:
            return _utf8_value(value)
        except UnicodeError:
            raise InputError(_NOT_TEXT, place=Place(path=self.path), hint=self._form.hint) from None

    def skip(self, at: int) -> int:
        """Return where the value at an offset ends, without building it."""
        return _SKIPPER.raw_decode(self.text, at)[1]

    def begin(self, takes: Mapping[str, Take]) -> dict[str, int]:
        """Find the object of its form, and return where the value of each member begins.

        Members with a name in ``takes`` are passed to that function, the others are skipped.

        Raises `InputError` if there is none.
        """
        refused: Text | None = None
        end = 0
        for at in self._starts():
            if at < end:
                continue
            found, end = self._members_at(at, takes)
            instead = self._form.refusal(self, found)
            if instead is None:
                self.start = at
                self._remark(before=at, rest=after_blank(self.text, end))
                return found
            refused = refused or instead
        if self._bytewise:
            self.as_utf8(self.text)  # raises the error for a file that is not text
        place = self.place(after_blank(self.text, 0))
        raise InputError(refused or _NO_JSON, place=place, hint=self._form.hint)

    def _starts(self) -> Iterator[int]:
        """Yield where objects may begin: at the first character, and at the start of lines."""
        here = after_blank(self.text, 0)
        if self.text.startswith("{", here):
            yield here
        for found in _OBJECT.finditer(self.text, here + 1):
            yield found.end() - 1

    def _members_at(self, at: int, takes: Mapping[str, Take]) -> tuple[dict[str, int], int]:
        found: dict[str, int] = {}

        def note(name: str) -> Take:
            def take(start: int) -> int:
                found[name] = start
                return takes.get(name, self.skip)(start)

            return take

        end = self.read(lambda: self.members(at, note))
        return found, end

    def read(self, task: Callable[[], int]) -> int:
        """Run a task that reads JSON; turn any error of it into an `InputError`."""
        try:
            return task()
        except json.JSONDecodeError as error:
            open_ = error.msg.startswith("Unterminated string")
            # Some libraries pickle an error with those before it; this one holds the whole text.
            error.doc = ""
            raise self._broken(error.pos, cut=open_) from None
        except (IndexError, StopIteration):
            raise self._broken(len(self.text), cut=True) from None
        except RecursionError:
            raise InputError(_DEEP, place=Place(path=self.path)) from None
        except ValueError:
            raise InputError(_LONG_NUMBER, place=Place(path=self.path)) from None

    def members(self, at: int, handler: Callable[[str], Take]) -> int:
        """Pass the value of each member of the object at an offset to its handler."""
        text = self.text
        at = after_blank(text, at + 1)
        while text[at] != "}":
            if text[at] != '"':
                raise json.JSONDecodeError("key", text, at)
            name, end = scanstring(text, at + 1)
            colon = after_blank(text, end)
            if text[colon] != ":":
                raise json.JSONDecodeError("colon", text, colon)
            at = self._after(handler(name)(after_blank(text, colon + 1)), "}")
        return at + 1

    def elements(self, at: int, take: Callable[[Any, int], None]) -> int:
        """Pass each element of the list at an offset, with its own offset; null has none."""

        def each(here: int) -> int:
            value, end = _DECODER.raw_decode(self.text, here)
            take(value, here)
            return end

        return self.each(at, each)

    def each(self, at: int, take: Take) -> int:
        """Pass the offset of each element of the list at an offset; null has none."""
        text = self.text
        if text[at] != "[":
            return self.skip(at)
        at = after_blank(text, at + 1)
        while text[at] != "]":
            at = self._after(take(at), "]")
        return at + 1

    def _after(self, end: int, closing: str) -> int:
        """Return where the next member begins after a comma, or the closing bracket is."""
        at = after_blank(self.text, end)
        if self.text[at] == ",":
            return after_blank(self.text, at + 1)
        if self.text[at] != closing:
            raise json.JSONDecodeError("comma", self.text, at)
        return at

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


def _decoded(path: Path, raw: bytes, hint: Text) -> tuple[str, bool]:
    """Return the text, and whether it has one character per byte of UTF-8."""
    if raw.startswith(b"PK\x03\x04"):
        raise InputError(_BINARY, place=Place(path=path), hint=hint)
    if not raw.strip():
        raise InputError(EMPTY, place=Place(path=path), hint=hint)
    encoding = json.detect_encoding(raw)
    try:
        if not encoding.startswith("utf-8"):
            raw = raw.decode(encoding).encode()
        if raw.isascii() or _BYTE_ESCAPED.search(raw):
            return raw.decode("utf-8-sig"), False
    except UnicodeError:
        raise InputError(_NOT_TEXT, place=Place(path=path), hint=hint) from None
    return raw.decode("latin-1").removeprefix(_BOM), True


def _utf8_value(value: Any) -> Any:
    if isinstance(value, str):
        return _utf8_text(value)
    if isinstance(value, dict):
        return {_utf8_text(name): _utf8_value(part) for name, part in value.items()}
    return [_utf8_value(part) for part in value] if isinstance(value, list) else value


def _utf8_text(text: str) -> str:
    """Decode the characters up to U+00FF of a text as bytes of UTF-8."""
    if text.isascii():
        return text
    return _BYTES.sub(lambda found: found[0].encode("latin-1").decode(), text)


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
