"""The files that formats of log settings read, and the logs (日志) that they find in them.

Python's own expat reads XML. It fetches nothing, and a file that declares or uses entities of its
own is refused: no configuration needs any, and a few of them make gigabytes. The standard library
has no reader of Java properties, and those on PyPI keep no lines.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import TypeAlias
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers.expat import ExpatError, ParserCreate, errors

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.derived import Gap, Provenance, Status
from pytest_icp.facts.files.budget import Meter
from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.files.disk import decode
from pytest_icp.facts.files.faults import DEPTH, too_deep
from pytest_icp.facts.files.positions import Lines
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, JsonObject
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.documents import Document, ProvenanceLookup, Value, read_documents
from pytest_icp.sources.gathering import listed
from pytest_icp.sources.request import Request

LOGS = "log_stores"


class Kept(Struct, frozen=True, kw_only=True):
    """One log (日志), and how long a file says that it is kept.

    ``name`` is that of the appender, output or policy in its file; ``id`` is only given where the
    log has an address of its own in its tool. ``period`` is the time after which entries are
    deleted (``{"days": 30}``), with its place in ``period_at``; without one, that is where a
    period is set that is not known, and its status says why. ``limits`` are the settings that may
    end it sooner: sizes, numbers of files. ``why`` says another reason for which the period is
    no more than a bound, or not known. ``path`` is the file if it is another one.
    """

    name: str
    at: ProvenanceLookup
    id: str = ""
    kinds: tuple[str, ...] = ()
    period: JsonObject | None = None
    period_at: ProvenanceLookup | None = None
    limits: tuple[str, ...] = ()
    why: Text | None = None
    path: Path | None = None

    @property
    def is_bound(self) -> bool:
        """Whether a period is set, and is no more than a bound."""
        return self.period is not None and bool(self.limits or self.why)

    def lasting(
        self, period: JsonObject | None, at: ProvenanceLookup, limits: Iterable[str] = ()
    ) -> Kept:
        """Return it with the period that is set at a place, and what may end it sooner.

        None is a period that is not known; an empty one, such as of 0 days, deletes nothing.
        """
        if period == {}:
            return self
        at = after_apply(at) if period is None else at
        return replace(self, period=period, period_at=at, limits=(*self.limits, *limits))


def after_apply(at: ProvenanceLookup) -> ProvenanceLookup:
    """Return the same place with the status of what is only known when it runs."""
    return lambda: replace(at(), status=Status.AFTER_APPLY)


Found: TypeAlias = "Kept | Gap | File | Text"
"""What a format finds in a file; a text is a remark."""


def gap(message: Text, place: Place) -> Gap:
    """Return the gap of what may set up more logs and is not read."""
    return Gap(message=message, place=place, kinds=frozenset({LOGS}))


def looked_up(place: Callable[[], Place], address: str, attribute: str = "") -> ProvenanceLookup:
    """Return what looks up a place, with the address of what stands there in its file."""
    return lambda: Provenance(place=place(), address=address, attribute=attribute)


# A kind is a word of its own in a name: ``access.log``, ``accessLog``, ``USER_LOGIN``.
_KINDS = {
    "access": re.compile(
        r"(?<![A-Za-z])(?<!data[-_.])(?:[Aa]ccess(?:log)?+(?![a-z])|ACCESS(?![A-Za-z]))"
    ),
    "login": re.compile(r"(?<![A-Za-z])(?:[Ll]ogin(?:log)?+(?![a-z])|LOGIN(?![A-Za-z]))"),
}


def kinds_named(*names: str) -> tuple[str, ...]:
    """Return the kinds of log that names, such as those of files, say; mostly they say none."""
    files = [name.replace("\\", "/").rpartition("/")[2] for name in names]
    return tuple([kind for kind, named in _KINDS.items() if any(map(named.search, files))])


_DAY = 86_400
Units: TypeAlias = "Mapping[str, float]"
"""Units of periods in seconds."""

_SMALL = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
GO: Units = {**_SMALL, "d": _DAY, "w": 7 * _DAY, "y": 365 * _DAY}
"""Units of Loki and Prometheus."""
ELASTIC: Units = {**_SMALL, "nanos": 1e-9, "micros": 1e-6, "d": _DAY}
"""Units of Elasticsearch and OpenSearch."""
_PART = re.compile(r"\s*+(\d{1,12}+(?:\.\d{1,12}+)?+)\s*+([A-Za-zµ]{0,8}+)\s*+")
_LONGEST = 200


def seconds(written: Json, units: Units) -> float | None:
    """Return how long a period is; None if it is not one, such as a variable.

    ``0`` needs no unit.
    """
    text = "" if isinstance(written, bool) else str(written)
    if not 0 < len(text) < _LONGEST:
        return None
    at, total = 0, 0.0
    while at < len(text):
        part = _PART.match(text, at)
        size = units.get(part[2]) if part else None
        if part is None or (size is None and float(part[1])):
            return None
        total += float(part[1]) * (size or 0)
        at = part.end()
    return total


def whole_days(period: float, *, up: bool = False) -> JsonObject:
    """Return a period as a span of whole days; ``up`` of a limit that nothing outlasts."""
    days = period / _DAY
    return {"days": math.ceil(days) if up else math.floor(days)}


_WHOLE = re.compile(r"\d{1,9}")


def whole(written: str) -> int | None:
    """Return a whole number, None for anything else."""
    text = written.strip()
    return int(text) if _WHOLE.fullmatch(text) else None


_OWN_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)[\w.-]++;")


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

    def refuse(message: Text) -> None:
        raise InputError(message, place=Place(path=path, line=parser.CurrentLineNumber))

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEPTH:
            refuse(too_deep(0).message)
        place = parser.CurrentLineNumber, parser.CurrentColumnNumber + 1
        places[builder.start(tag, attributes)] = place

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(tag)

    def document_type(*_: object) -> None:
        # What a document type that is not fetched declares is left out without a word.
        if _OWN_ENTITY.search(text):
            refuse(_ENTITIES)

    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    parser.EntityDeclHandler = lambda *_: refuse(_ENTITIES)
    parser.StartDoctypeDeclHandler = document_type
    try:
        parser.Parse(text, True)  # noqa: FBT003 - positional only
    except ExpatError as error:
        why = errors.messages[error.code]
        place = Place(path=path, line=error.lineno, column=error.offset + 1)
        raise InputError(_NOT_XML.format(why=why), place=place) from None
    return builder.close(), places


@lru_cache(maxsize=1024)
def plain(tag: str) -> str:
    """Return the name of an element in small letters, without a prefix."""
    return tag.rpartition(":")[2].lower()


def named(element: Element, *names: str) -> list[Element]:
    """Return the children of some names, in small letters and without a prefix."""
    return [child for child in element if plain(child.tag) in names]


def text_of(element: Element) -> str:
    """Return what stands directly in an element, without the space around it."""
    text = element.text or ""
    if len(element):
        text = "".join([text, *[child.tail or "" for child in element]])
    return text.strip()


_DEEPEST = 10
_VARIABLE = re.compile(r"\$\{([^{}]*+)\}")
# Braces of what is filled in already.
_DONE = str.maketrans("{}", "\ue000\ue001")
_BRACES = str.maketrans("\ue000\ue001", "{}")


def fill(text: str, values: Mapping[str, str | None], *, default: str = ":-") -> str:
    """Fill in the variables of a text; one without a value is left as it is written.

    ``default`` stands between a name and its default. A value that is None is one that is set
    somewhere, but not known.
    """

    def value(found: re.Match[str]) -> str:
        name, _, otherwise = found[1].partition(default)
        value = values.get(name)
        if value is None:
            value = otherwise if default in found[1] and name not in values else found[0]
        return value.translate(_DONE)

    # From the inside outwards: a default may have variables.
    for _ in range(_DEEPEST if "${" in text else 0):
        text = _VARIABLE.sub(value, text)
    return text.translate(_BRACES)


def known(filled: str) -> str | None:
    """Return a text that was filled in, or None if a variable in it has no value."""
    return None if "${" in filled else filled


_BREAK = re.compile(r"\r\n?|\n")
# An element that is alone on its line may be quoted.
_ALONE = re.compile(r"\s*+<[^<>]*+>(?:[^<>]*+</[^<>]*+>)?+\s*+")


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
        # What stands for the folder that it is in.
        self.folder: object = path.parent

    @property
    def alone(self) -> bool:
        """Whether it is standard input, beside which there is no other file."""
        return self.request.given is not None

    @cached_property
    def _raw(self) -> bytes:
        return self.request.read(self.path)

    @cached_property
    def written(self) -> str:
        """Its path as it is written in facts."""
        return self.request.as_written(self.path)

    def beside(self, named: Callable[[str], object]) -> Sequence[File]:
        """Return the files in its folder that are so named, itself among them, sorted."""
        # Few of the names become paths.
        own = [self.path.name] if self.alone else sorted(os.listdir(self.path.parent))  # noqa: PTH208
        return [File(self.request, self.path.with_name(one)) for one in filter(named, own)]

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

    @cached_property
    def values(self) -> Sequence[Value | Gap]:
        """The documents of a YAML or JSON file; one that cannot be read is a gap."""
        return [
            read.value if isinstance(read, Document) else gap(read.message, read.place)
            for read in read_documents(self.request, self.path, self._raw)
        ]

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


_ENTRY = re.compile(
    r"^[ \t\f]*+(?![#!])((?:\\.|[^\s\\:=])++)[ \t\f]*+[:=]?[ \t\f]*+"
    r"((?:[^\r\n\\]|\\\r\n|\\[^\r]|\\\r)*+)",
    re.MULTILINE,
)
_JOINED = re.compile(r"\\(?:\r\n|\r|\n)[ \t\f]*+")
_ESCAPED = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)", re.DOTALL)
_LETTERS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}


class Setting(Confidential, Struct, frozen=True):
    """A setting: its key as written, its value, which may be a secret, and its place."""

    key: str
    value: str
    place: Callable[[], Place]

    @property
    def filled(self) -> str:
        """The value with the defaults of its variables, as Spring writes them."""
        return fill(self.value, {}, default=":")

    def at(self, address: str) -> ProvenanceLookup:
        """Return what looks up where it is."""
        return looked_up(self.place, address, self.key)


def properties_of(file: File) -> Iterator[Setting]:
    """Yield the properties of a file in their order."""
    for found in _ENTRY.finditer(file.text):
        place = partial(file.place, *found.span())
        yield Setting(_unescaped(found[1]), _unescaped(found[2].rstrip()), place)


def _unescaped(written: str) -> str:
    return _ESCAPED.sub(_character, _JOINED.sub("", written)) if "\\" in written else written


def _character(found: re.Match[str]) -> str:
    code = found[1]
    return chr(int(code[1:], 16)) if len(code) > 1 else _LETTERS.get(code, code)


class Logger(Struct, frozen=True):
    """A logger: the names that it writes to, its level, and whether it hands on.

    ``additive``: what it logs also goes to where the loggers above it write to.
    """

    refs: Sequence[str]
    level: str
    additive: bool

    @property
    def off(self) -> bool:
        """Whether its level lets nothing through."""
        return is_off(self.level)


def is_off(level: str) -> bool:
    """Whether a level lets nothing through."""
    return level.strip().upper() == "OFF"


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
    for name in waiting:
        more = set(handed.get(name, ())) - used
        used |= more
        waiting += more
    return sorted(set(names) - used)


def idle_in(file: File, names: Sequence[str]) -> Text:
    """Return the remark on names that nothing in a file writes to."""
    return _IDLE.format(file=file.written, names=listed(names))


_ENTITIES = Text(
    zh="XML 文件声明或使用了自定义实体，不予读取",
    en="this XML file declares or uses entities of its own, so it is not read",
)
_NOT_XML = Text(zh="不是格式正确的 XML：{why}", en="this is not well-formed XML: {why}")
_IDLE = Text(
    zh="{file}：没有日志写入 {names}，不算日志存储",
    en="{file}: nothing logs to {names}, which are not stores of logs for that reason",
)
NOT_HERE = Text(
    zh="{path} 不在仓库中，其中的日志保存多久无法判断",
    en="{path} is not in the repository, so how long the logs in it are kept is not known",
)
"""Why it is not known how long the logs in a file are kept that another one includes."""
