"""The files that formats of log settings read: their elements, properties and variables.

Python's own expat reads XML. It fetches nothing, and a file that declares or uses entities of its
own is refused: no configuration needs any, and a few of them make gigabytes. The standard library
has no reader of Java properties, and those on PyPI keep no lines.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TypeAlias
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers.expat import ExpatError, ParserCreate, errors

from jsonschema_rs import Draft202012Validator, RegexOptions
from msgspec import Struct

from pytest_icp.facts.derived import Gap, Provenance
from pytest_icp.facts.files.budget import Meter
from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.files.disk import decode
from pytest_icp.facts.files.faults import DEPTH, too_deep
from pytest_icp.facts.files.positions import Lines
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.documents import Document, ProvenanceLookup, Read, Value, documents_in
from pytest_icp.sources.gathering import listed
from pytest_icp.sources.log_stores import LOGS, Kept, kinds_named
from pytest_icp.sources.request import Request

_OWN_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)[\w.-]++;")


class _RefusedError(Exception):
    """A file declares or uses an entity of its own, or nests too deeply."""


def parse_elements(
    path: Path, text: str, meter: Meter
) -> tuple[Element, dict[Element, tuple[int, int]]]:
    """Return the outermost element of an XML file, and the line and column of each.

    Prefixes stay a part of names. Raises `InputError` with the line if the file is not
    well-formed, nested too deeply or declares entities, and `OverBudgetError` for more elements
    than the budget.
    """
    meter.spend("elements", text.count("<") - text.count("</"))
    parser, builder = ParserCreate(), TreeBuilder()
    places: dict[Element, tuple[int, int]] = {}
    depth = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEPTH:
            raise _RefusedError(too_deep(0).message)
        place = parser.CurrentLineNumber, parser.CurrentColumnNumber + 1
        places[builder.start(tag, attributes)] = place

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(tag)

    def declared(*_: object) -> None:
        raise _RefusedError(_ENTITIES)

    def document_type(*_: object) -> None:
        # What a document type that is not fetched declares is left out without a word.
        if _OWN_ENTITY.search(text):
            raise _RefusedError(_ENTITIES)

    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    parser.EntityDeclHandler = declared
    parser.StartDoctypeDeclHandler = document_type
    try:
        parser.Parse(text, True)  # noqa: FBT003 - positional only
    except _RefusedError as refused:
        place = Place(path=path, line=parser.CurrentLineNumber)
        raise InputError(refused.args[0], place=place) from None
    except ExpatError as error:
        why = errors.messages[error.code]
        place = Place(path=path, line=error.lineno, column=error.offset + 1)
        raise InputError(_NOT_XML.format(why=why), place=place) from None
    return builder.close(), places


@lru_cache(maxsize=1024)
def plain(tag: str) -> str:
    """Return the name of an element in small letters, without a prefix."""
    return tag.rpartition(":")[2].lower()


def named(element: Element, *names: str) -> Iterator[Element]:
    """Yield the children of some names, in small letters and without a prefix."""
    return (child for child in element if plain(child.tag) in names)


def first_of(element: Element, name: str) -> Element | None:
    """Return the first child of a name, in small letters and without a prefix."""
    for child in element:
        if plain(child.tag) == name:
            return child
    return None


def text_of(element: Element) -> str:
    """Return what stands directly in an element, without the space around it."""
    text = element.text or ""
    if len(element):
        text = "".join([text, *[child.tail or "" for child in element]])
    return text.strip()


_ENTITIES = Text(
    zh="XML 文件声明或使用了自定义实体，不予读取",
    en="this XML file declares or uses entities of its own, so it is not read",
)
_NOT_XML = Text(zh="不是格式正确的 XML：{why}", en="this is not well-formed XML: {why}")


_DEEPEST = 10


def fill(
    text: str, values: Mapping[str, str | None], *, default: str = ":-", depth: int = 0
) -> str:
    """Fill in the variables of a text; one without a value is left as it is written.

    ``default`` stands between a name and its default. A value that is None is one that is set
    somewhere, but not known.
    """
    out: list[str] = []
    at = 0
    while (start := text.find("${", at)) >= 0:
        end = _closing(text, start + 2) if depth <= _DEEPEST else None
        if end is None:
            break
        name, given, otherwise = text[start + 2 : end].partition(default)
        value = values.get(name)
        if value is None:
            value = text[start : end + 1]
            if given and name not in values:
                value = fill(otherwise, values, default=default, depth=depth + 1)
        out += (text[at:start], value)
        at = end + 1
    return "".join([*out, text[at:]])


def known(filled: str) -> str | None:
    """Return a text that was filled in, or None if a variable in it has no value."""
    return None if "${" in filled else filled


def _closing(text: str, at: int) -> int | None:
    """Return the offset of the brace that closes the one opened before ``at``."""
    open_braces = 1
    while open_braces:
        end = text.find("}", at)
        if end < 0:
            return None
        open_braces += text.count("${", at, end) - 1
        at = end + 1
    return at - 1


_ENTRY = re.compile(
    r"^[ \t\f]*+(?![#!])((?:\\.|[^\s\\:=])++)[ \t\f]*+[:=]?[ \t\f]*+"
    r"((?:[^\r\n\\]|\\\r\n|\\[^\r]|\\\r)*+)",
    re.MULTILINE,
)
_JOINED = re.compile(r"\\(?:\r\n|\r|\n)[ \t\f]*+")
_ESCAPED = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)", re.DOTALL)
_LETTERS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}


class Entry(Confidential, Struct, frozen=True):
    """One property: its name, its value, and what looks its place up; it may be a secret."""

    key: str
    value: str
    place: Callable[[], Place]


def properties_of(file: File) -> Iterator[Entry]:
    """Yield the properties of a file in their order."""
    for found in _ENTRY.finditer(file.text):
        start, end = found.span()

        def place(start: int = start, end: int = end) -> Place:
            return file.place(start, end)

        yield Entry(_plain(found[1]), _plain(found[2].rstrip()), place)


def _plain(written: str) -> str:
    return _ESCAPED.sub(_character, _JOINED.sub("", written)) if "\\" in written else written


def _character(found: re.Match[str]) -> str:
    code = found[1]
    return chr(int(code[1:], 16)) if len(code) > 1 else _LETTERS.get(code, code)


_BREAK = re.compile(r"\r\n?|\n")
# An element that is alone on its line may be quoted.
_ALONE = re.compile(r"\s*+<[^<>]*+>(?:[^<>]*+</[^<>]*+>)?+\s*+")

_WHOLE = re.compile(r"\d{1,9}")


class Unread(Struct, frozen=True):
    """Something that may keep logs and is of a type that is not read; it is counted."""

    type: str


Found: TypeAlias = "Kept | Gap | Unread | File | Text"
"""What a format finds in a file; a text is a remark."""


class Format(Struct, frozen=True, kw_only=True):
    """A format (格式): the paths and the content that are recognised, and what reads them.

    ``paths`` is searched in the name of a file and of its folder, with ``/`` between them;
    ``signs`` in the text.
    """

    name: str
    paths: re.Pattern[str]
    signs: Draft202012Validator
    read: Callable[[File], Iterable[Found]]

    def is_in(self, file: File) -> bool:
        """Whether the text of a file has the signs of the format."""
        return self.signs.is_valid(file.text)


def signs(pattern: str) -> Draft202012Validator:
    """Return what finds a pattern in a text.

    The engine of jsonschema-rs takes linear time, and a thousandth of what `re` takes.
    """
    return Draft202012Validator({"pattern": pattern}, pattern_options=RegexOptions())


@lru_cache(maxsize=4)
def _lines_of(text: str) -> list[str]:
    return _BREAK.split(text)


class File:
    """A file that formats read: its text, its elements or documents, and places in it.

    It is opened when one of them is asked for. ``request`` reads what it refers to; ``called`` is
    what it is called, with the folders around it.
    """

    def __init__(self, request: Request, path: Path) -> None:
        self.request = request
        self.path = path
        self.called = path.as_posix()

    @cached_property
    def _raw(self) -> bytes:
        return self.request.read(None if self.path == self.request.path else self.path)

    @cached_property
    def written(self) -> str:
        """Its path as it is written in facts."""
        return self.request.as_written(self.path)

    def moved(self, found: Found) -> Found:
        """Return what was found in the file with its places where people find them."""
        return found

    @cached_property
    def text(self) -> str:
        """The text, in whatever encoding it is."""
        return decode(self._raw)

    @cached_property
    def _positions(self) -> Lines:
        return Lines(self.text)

    def documents(self) -> Sequence[Read]:
        """Return the documents of a YAML or JSON file, which several formats may read."""
        return self._documents

    @cached_property
    def _documents(self) -> Sequence[Read]:
        return tuple(documents_in(self.request, self.path, self._raw))

    def values(self) -> Iterator[Value | Gap]:
        """Yield the values of the documents; one that cannot be read is a gap."""
        for document in self._documents:
            if isinstance(document, Document):
                yield Value(document.data, document.places)
            else:
                kinds = frozenset({LOGS})
                yield Gap(message=document.message, place=document.place, kinds=kinds)

    @property
    def root(self) -> Element:
        """The outermost element of an XML file, which several formats may read."""
        return self._elements[0]

    @cached_property
    def _elements(self) -> tuple[Element, dict[Element, tuple[int, int]]]:
        return parse_elements(self.path, self.text, self.request.meter)

    def place(self, start: int, end: int) -> Place:
        """Return the place of a span of the text, whose line is quoted: it has no secret."""
        return self._positions.place(self.path, start, end)

    def place_of(self, element: Element) -> Callable[[], Place]:
        """Return what looks up the place of an element, and does not hold on to the tree.

        It is quoted if it is alone on its line.
        """
        path, text, (line, column) = self.path, self.text, self._elements[1][element]

        def place() -> Place:
            written = _lines_of(text)[line - 1]
            shown = written.rstrip() if _ALONE.fullmatch(written) else ""
            width = max(1, len(shown) - column + 1)
            return Place(path=path, line=line, column=column, excerpt=shown, width=width)

        return place

    def of(self, element: Element, address: str, attribute: str = "") -> ProvenanceLookup:
        """Return what looks up the provenance of an element, by its address in the file."""
        place = self.place_of(element)
        return lambda: Provenance(place=place(), address=address, attribute=attribute)


def common_kinds(paths: Sequence[str]) -> tuple[str, ...]:
    """Return the kinds of what is collected from files: what the names of all of them say."""
    named = [set(kinds_named(path)) for path in paths]
    return tuple(sorted(set.intersection(*named))) if named else ()


def whole(written: str) -> int | None:
    """Return a whole number, None for anything else."""
    text = written.strip()
    return int(text) if _WHOLE.fullmatch(text) else None


NOT_HERE = Text(
    zh="{path} 不在仓库中，其中的日志保存多久无法判断",
    en="{path} is not in the repository, so how long the logs in it are kept is not known",
)
"""Why it is not known how long the logs in a file are kept that another one includes."""


class Logger(Struct, frozen=True):
    """A logger: the names that it writes to, whether it is off, and whether it hands on.

    ``additive``: what it logs also goes to where the loggers above it write to.
    """

    refs: tuple[str, ...]
    off: bool = False
    additive: bool = True


def idle(
    names: Iterable[str], loggers: Sequence[Logger], handed: Mapping[str, Sequence[str]]
) -> list[str]:
    """Return the names that nothing writes to, sorted.

    ``handed`` are the names that an appender hands on to, by its own. Without a logger the file is
    a part of something, and a name with a variable may be any: then none is known to be idle.
    """
    # Into one that is off, others may still write that hand on to it.
    silent = not any(one.additive and not one.off for one in loggers)
    used = {name for one in loggers if not (one.off and silent) for name in one.refs}
    if not loggers or any("${" in name for refs in (used, *handed.values()) for name in refs):
        return []
    waiting = list(used)
    while waiting:
        for name in handed.get(waiting.pop(), ()):
            if name not in used:
                used.add(name)
                waiting.append(name)
    return sorted(set(names) - used)


def is_off(level: str) -> bool:
    """Whether a level lets nothing through."""
    return level.strip().upper() == "OFF"


def idle_in(file: str, names: Sequence[str]) -> Text:
    """Return the remark on names that nothing in a file writes to."""
    return _IDLE.format(file=file, names=listed(names))


_IDLE = Text(
    zh="{file}：没有日志写入 {names}，不算日志存储",
    en="{file}: nothing logs to {names}, which are no stores of logs for that reason",
)
