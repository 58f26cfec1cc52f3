"""Configuration files of Python's ``logging``: ``logging.conf``, ``dictConfig`` as YAML or JSON.

A handler by time keeps ``backupCount`` files of ``interval`` times the unit ``when``; one by size
keeps so many files. Without a count, nothing is deleted.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from msgspec.structs import replace

from pytest_icp.facts.derived import Gap, Provenance
from pytest_icp.law.jsontypes import escape
from pytest_icp.sources.documents import Document
from pytest_icp.sources.log_retention.kept import Found, Kept, Unread, after_apply, kinds_named
from pytest_icp.sources.log_retention.loggers import Logger, idle, idle_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_icp.law.jsontypes import Json, JsonObject
    from pytest_icp.sources.documents import DocumentPlaces
    from pytest_icp.sources.draft import ProvenanceLookup
    from pytest_icp.sources.log_retention.kept import File

_SECTION = re.compile(
    r"^\[(?P<kind>handler|logger)_(?P<name>[^\]\r\n]++)\][ \t]*+\r?$", re.MULTILINE
)
_END = re.compile(r"^\[", re.MULTILINE)
# Lines that are indented continue a value.
_KEY = re.compile(r"^([A-Za-z]++)[ \t]*+[=:][ \t]*+(.*+(?:\n[ \t]++\S.*+)*+)$", re.MULTILINE)
_LONGEST = 2_000
_NO_FILE = re.compile(
    r"(?:Stream|Null|Console|Rich|SysLog|SMTP|AdminEmail|Memory|Queue|Buffering|Watchtower)\w{0,40}?Handler$"
)
_TIMED = {
    "TimedRotatingFileHandler": ("filename", "when", "interval", "backupCount"),
    "ConcurrentTimedRotatingFileHandler": ("filename", "when", "interval", "backupCount"),
}
_SIZED = {
    "RotatingFileHandler": ("filename", "mode", "maxBytes", "backupCount"),
    "ConcurrentRotatingFileHandler": ("filename", "mode", "maxBytes", "backupCount"),
}
_PLAIN = ("FileHandler", "WatchedFileHandler")
_SECONDS = {"S": 1, "M": 60, "H": 3_600, "D": 86_400, "MIDNIGHT": 86_400, "W": 604_800}
_DAY = 86_400
_NONE = ("0", "None")

Arguments = Mapping[str, object]
"""The arguments of a handler by name; what is no literal is an `Ellipsis`."""


def read_logging_yaml(file: File) -> Iterator[Found]:
    """Yield the handlers of a dictionary of settings that write files."""
    for document in file.documents():
        if not isinstance(document, Document):
            kinds = frozenset({"log_stores"})
            yield Gap(message=document.message, place=document.place, kinds=kinds)
            continue
        yield from _dictionaries(file.written, document.data, document.places, "")


def _dictionaries(
    written: str, data: Json, places: DocumentPlaces, pointer: str
) -> Iterator[Found]:
    """Yield the handlers of the settings in a document, which may be below a key of their own."""
    if not isinstance(data, Mapping):
        return
    handlers = data.get("handlers")
    if "version" in data and isinstance(handlers, Mapping):
        unused = _unused(data, handlers)
        if unused:
            yield idle_in(written, unused)
        for name, body in handlers.items():
            if isinstance(body, Mapping) and name not in unused:
                at = _in_document(places, f"{pointer}/handlers/{escape(name)}", name)
                type_ = str(body.get("class", body.get("()", "")))
                yield from _handler(name, type_, body, at)
    elif not pointer:
        for name, value in data.items():
            yield from _dictionaries(written, value, places, f"/{escape(name)}")


def _unused(data: JsonObject, handlers: JsonObject) -> list[str]:
    """Return the names of handlers of files that nothing logs to."""
    loggers = data.get("loggers")
    each = [*(loggers.values() if isinstance(loggers, Mapping) else ()), data.get("root")]
    found = [Logger(tuple(_words(one.get("handlers")))) for one in each if isinstance(one, Mapping)]
    # A handler may hand on to others, as one with a queue.
    handed = {
        name: [word for key in ("handlers", "target") for word in _words(body.get(key))]
        for name, body in handlers.items()
        if isinstance(body, Mapping)
    }
    return idle([name for name in handed if _writes(handlers[name])], found, handed)


def _words(value: Json) -> list[str]:
    words = value if isinstance(value, list) else [value]
    return [str(word).removeprefix("cfg://handlers.") for word in words]


def _writes(body: Json) -> bool:
    return isinstance(body, Mapping) and str(body.get("class", "")).endswith("FileHandler")


def _in_document(
    places: DocumentPlaces, pointer: str, name: str
) -> Callable[[str], ProvenanceLookup]:
    def at(attribute: str) -> ProvenanceLookup:
        below = f"{pointer}/{attribute}" if attribute else pointer
        return lambda: Provenance(place=places.place(below), address=name, attribute=attribute)

    return at


def read_logging_ini(file: File) -> Iterator[Found]:
    """Yield the handlers of ``logging.conf`` that write files."""
    sections = [(one, _keys(file, one)) for one in _SECTION.finditer(file.text)]
    handed = {
        one["name"]: keys["target"][2].split() if "target" in keys else []
        for one, keys in sections
        if one["kind"] == "handler"
    }
    loggers = [
        Logger(tuple(map(str.strip, keys["handlers"][2].split(","))) if "handlers" in keys else ())
        for one, keys in sections
        if one["kind"] == "logger"
    ]
    unused = idle(handed, loggers, handed)
    if unused:
        yield idle_in(file.written, unused)
    for section, keys in sections:
        if section["kind"] == "logger" or section["name"] in unused:
            continue
        name, type_ = section["name"], keys["class"][2].strip() if "class" in keys else ""
        names = next((row for row in _rows(type_)), ("filename",))
        arguments: dict[str, object] = {}
        for key in ("args", "kwargs"):
            if key in keys:
                arguments |= _literals(keys[key][2], names)

        def at(
            attribute: str, keys: Mapping[str, re.Match[str]] = keys, here: re.Match[str] = section
        ) -> ProvenanceLookup:
            found = keys.get("kwargs" if attribute and "args" not in keys else "args", here)
            start, stop = (found if attribute else here).span()
            return lambda: Provenance(
                place=file.place(start, stop), address=here["name"], attribute=attribute
            )

        yield from _handler(name, type_, arguments, at)


def _keys(file: File, section: re.Match[str]) -> dict[str, re.Match[str]]:
    """Return the keys of a section in small letters."""
    file.request.meter.spend("elements")
    following = _END.search(file.text, section.end())
    end = following.start() if following else len(file.text)
    return {found[1].lower(): found for found in _KEY.finditer(file.text, section.end(), end)}


def _rows(type_: str) -> Iterator[tuple[str, ...]]:
    short = type_.rpartition(".")[2]
    yield from (row for table in (_TIMED, _SIZED) for name, row in table.items() if name == short)


def _literals(written: str, names: tuple[str, ...]) -> dict[str, object]:
    """Return the arguments in a tuple or a dictionary of Python, of which nothing is run."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(written.strip()[:_LONGEST], mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return dict.fromkeys(names, ...)
    if isinstance(tree, ast.Dict):
        keys = [key.value if isinstance(key, ast.Constant) else ... for key in tree.keys]
        return {str(key): _value(value) for key, value in zip(keys, tree.values, strict=True)}
    parts = tree.elts if isinstance(tree, (ast.Tuple, ast.List)) else [tree]
    return dict(zip(names, map(_value, parts), strict=False))


def _value(node: ast.expr) -> object:
    return node.value if isinstance(node, ast.Constant) else ...


def _handler(
    name: str, type_: str, arguments: Arguments, at: Callable[[str], ProvenanceLookup]
) -> Iterator[Found]:
    short = type_.rpartition(".")[2]
    known = short in _TIMED or short in _SIZED or short in _PLAIN
    if not known:
        if type_ and not _NO_FILE.search(short):
            yield Unread(type_)
        return
    file = arguments.get("filename", "")
    kinds = kinds_named(name, file if isinstance(file, str) else "")
    kept = Kept(name=name, at=at(""), kinds=kinds)
    count = arguments.get("backupCount", 0)
    if short in _PLAIN or str(count) in _NONE:
        yield kept
    elif short in _SIZED:
        if str(arguments.get("maxBytes", 0)) not in _NONE:
            kept = replace(kept, limits=(f"backupCount {'…' if count is ... else count}",))
        yield kept
    else:
        yield _timed(kept, arguments, count, at("backupCount"))


def _timed(kept: Kept, arguments: Arguments, count: object, at: ProvenanceLookup) -> Kept:
    """Return how long a handler by time keeps its files."""
    when, interval = arguments.get("when", "H"), arguments.get("interval", 1)
    unit = _SECONDS.get(when.upper().rstrip("0123456")) if isinstance(when, str) else None
    n, times = _number(count), _number(interval)
    if n is None or times is None or unit is None:
        return replace(kept, period_at=after_apply(at))
    limit = arguments.get("maxBytes", 0)
    limits = () if str(limit) in _NONE else (f"maxBytes {limit}",)
    return replace(kept, period={"days": n * times * unit // _DAY}, period_at=at, limits=limits)


def _number(value: object) -> int | None:
    whole = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9
    return int(str(value)) if whole else None
