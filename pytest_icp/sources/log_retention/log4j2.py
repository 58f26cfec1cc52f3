"""Log4j 2: how long the files of rolling appenders are kept.

Its configurations are XML or properties, which differ in form alone; what Log4j calls a plugin is
an element here. Files of earlier periods are deleted by ``Delete`` alone, whose
conditions are read as alternatives: an age and limits that must all hold. Whether a deletion
concerns the files at all is decided by an example of their names. The ``max`` of a strategy counts
the files of one period, or all of them where the name has no date: that limits by size.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from itertools import islice
from xml.etree.ElementTree import Element, SubElement

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.derived import Gap, Provenance
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.documents import ProvenanceLookup
from pytest_icp.sources.log_retention.files import (
    Entry,
    File,
    Found,
    Logger,
    fill,
    idle,
    idle_in,
    is_off,
    named,
    plain,
    properties_of,
    text_of,
    whole,
)
from pytest_icp.sources.log_stores import Kept, after_apply, kinds_named

_DEEPEST = 20


class Configuration(Struct, frozen=True):
    """A configuration: its outermost plugin, and what looks up where a plugin in it is."""

    root: Element
    place_of: Callable[[Element], Callable[[], Place]]


def configuration(file: File) -> Configuration | None:
    """Return the configuration of a file; None of one that is neither properties nor XML."""
    suffix = file.path.suffix.lower()
    if suffix == ".properties":
        return _of_properties(file, properties_of(file))
    if suffix == ".xml" or file.text.lstrip().startswith("<"):
        return Configuration(file.root, file.place_of)
    return None


def type_of(plugin: Element) -> str:
    """Return the type of a plugin in small letters: in the strict form it is an attribute."""
    type_ = plain(plugin.tag)
    return attributes_of(plugin).get("type", type_).lower() if type_ == "appender" else type_


def attributes_of(plugin: Element) -> dict[str, str]:
    """Return the attributes of a plugin by their names in small letters."""
    attributes = {name.lower(): value for name, value in plugin.items()}
    if text := text_of(plugin):
        attributes.setdefault("value", text)
    for child in plugin:
        # An attribute may be written as an element.
        if not child.attrib and (text := text_of(child)):
            attributes.setdefault(plain(child.tag), text)
    return attributes


def _of_properties(file: File, entries: Iterator[Entry]) -> Configuration:
    """Return the tree that the dots in the names make; ``property.x = y`` is a property."""
    root = Element("configuration")
    components: dict[str, Element] = {"": root}
    places: dict[Element, Callable[[], Place]] = {}
    for entry in entries:
        file.request.meter.spend("elements")
        *path, name = entry.key.lower().split(".")
        if path[:1] == ["property"]:
            SubElement(root, "property", name=entry.key.partition(".")[2], value=entry.value)
            continue
        if name == "rootlogger" or path == ["logger"]:
            path, name = [*path, name], "value"
        above, key = root, ""
        for part in path[:_DEEPEST]:
            type_ = "loggers" if (key, part) == ("", "logger") else part
            type_, key = "logger" if key == ".logger" else type_, f"{key}.{part}"
            if key not in components:
                components[key] = SubElement(above, type_)
                places[components[key]] = entry.place
            above = components[key]
        if name == "type":
            above.tag = entry.value
            places[above] = entry.place
        above.set(name, entry.value)
    return Configuration(root, places.__getitem__)


_AGE = re.compile(
    r"P?(?:(\d{1,9})D)?(?:T?(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})S?)?)?", re.IGNORECASE
)
_UNITS = (86_400, 3_600, 60, 1)
_ACCUMULATED = ("ifaccumulatedfilesize", "ifaccumulatedfilecount")
_MOST = 64
_DATED = re.compile(r"%d(?:ate)?+\{([^{}]*+)\}(?:\{[^{}]*+\})*+")
_TOKEN = re.compile(r"%-?\d{0,3}+[A-Za-z]++")
_LETTERS = re.compile(r"([A-Za-z])\1*+")


class Way(Struct, frozen=True):
    """One way in which a file is deleted: after seconds, and only beyond all of the limits."""

    seconds: int = 0
    limits: tuple[str, ...] = ()
    known: bool = True


Fill = Callable[[str], str]
"""Fills in the variables of a text, as far as they have values."""


def ways(delete: Element, pattern: str, filled: Fill) -> list[Way]:
    """Return the ways in which a deletion deletes files whose names have a pattern."""
    own = attributes_of(delete)
    example = _relative(_example(pattern), own, filled)
    trial = filled(own.get("testmode", "false")).lower()
    if example is None or trial == "true":
        return []
    if trial != "false":
        return [Way(known=False)]
    return _all(delete, example, filled)


def _all(conditions: Iterable[Element], example: str, filled: Fill) -> list[Way]:
    """Return the ways in which all conditions hold."""
    found = [Way()]
    for one in conditions:
        each = _one(one, example, filled)
        if len(found) * len(each) > _MOST:
            return [Way(known=False)]
        found = [
            Way(max(a.seconds, b.seconds), a.limits + b.limits, a.known and b.known)
            for a in found
            for b in each
        ]
    return found


def _one(condition: Element, example: str, filled: Fill) -> list[Way]:
    type_, own = plain(condition.tag), attributes_of(condition)
    if type_ == "ifany":
        return [way for one in condition for way in _one(one, example, filled)]
    if type_ == "iflastmodified":
        seconds = seconds_of(filled(own.get("age", "")))
        here = Way(seconds or 0, known=seconds is not None)
    elif type_ in _ACCUMULATED:
        here = Way(limits=(f"{condition.tag.rpartition(':')[2]} {own.get('exceeds', '')}",))
    elif type_ == "iffilename" and "glob" in own:
        if not matches(filled(own["glob"]), example):
            return []
        here = Way()
    else:
        here = Way(known=type_ == "ifall")
    below = _all(condition, example, filled)
    return [
        Way(max(here.seconds, w.seconds), here.limits + w.limits, here.known and w.known)
        for w in below
    ]


def seconds_of(age: str) -> int | None:
    """Return an age in seconds: ``P30D``, ``30d``, ``12h``; ``6M`` are six minutes."""
    found = _AGE.fullmatch(age.strip())
    parts = found.groups() if found else ()
    if not any(parts):
        return None
    return sum(int(n or 0) * unit for n, unit in zip(parts, _UNITS, strict=True))


def _example(pattern: str) -> str:
    """Return a name that files of a pattern could have."""
    dated = _DATED.sub(lambda found: _LETTERS.sub(_digits, found[1]), pattern)
    return _TOKEN.sub("1", dated).replace("\\", "/").removeprefix("./")


def _digits(found: re.Match[str]) -> str:
    return f"{1:0{len(found[0])}}"


def _relative(example: str, own: Mapping[str, str], filled: Fill) -> str | None:
    """Return the example below the folder of a deletion, None if it is not reached there."""
    base = filled(own.get("basepath", "")).replace("\\", "/").removeprefix("./")
    base = base.rstrip("/")
    if base in {"", "."}:
        below = example
    elif example.startswith(f"{base}/"):
        below = example[len(base) + 1 :]
    else:
        return None
    depth = filled(own.get("maxdepth", "1"))
    deepest = whole(depth)
    return None if deepest is not None and below.count("/") >= deepest else below


def matches(glob: str, path: str) -> bool:
    """Whether a glob is of a path; ``**`` stands for any folders before the rest."""
    wanted, parts = glob.replace("\\", "/").split("/"), path.split("/")
    if "**" in wanted:
        wanted = wanted[len(wanted) - wanted[::-1].index("**") :]
        parts = parts[len(parts) - len(wanted) :] if wanted else parts
    same = len(wanted) == len(parts) or not wanted
    return same and all(map(fnmatchcase, parts, wanted or parts))


_ROLLING = ("rollingfile", "rollingrandomaccessfile")
_PLAIN = ("file", "randomaccessfile", "memorymappedfile")
_STRATEGIES = ("defaultrolloverstrategy", "directwriterolloverstrategy")
_BY_TIME = ("timebasedtriggeringpolicy", "crontriggeringpolicy")
_LOGGER = re.compile(r"(?:async)?(?:root|logger|rootlogger)")
_APPENDERS = ("appenders", "appender")
_REFS = frozenset({"ref", "primary", "errorref"})
_WINDOW = "7"
_DATE = re.compile(r"%d(?:ate)?+(?![A-Za-z])")
_COUNTER = re.compile(r"%\d{0,3}+i")
_LOOKUP = re.compile(r"\$\$\{date:([^{}]*+)\}")


def read_log4j2(file: File) -> Iterator[Found]:
    """Yield the appenders that write files."""
    found = configuration(file)
    if found is not None:
        yield from _Reader(file, found).found()
    elif _NAMED.match(file.path.name):
        yield Gap(message=_NO_XML, place=Place(path=file.path), kinds=frozenset({"log_stores"}))


_NAMED = re.compile(r"log4j.*\.(?:ya?ml|jsn|json)$", re.IGNORECASE)
_NO_XML = Text(
    zh="Log4j 2 的 YAML、JSON 配置没有读取；请改用 XML 或 properties",
    en="settings of Log4j 2 in YAML or JSON are not read; use XML or properties",
)


class _Reader:
    """Reads one configuration, with the values of its properties."""

    def __init__(self, file: File, configuration: Configuration) -> None:
        self._file = file
        self._root = configuration.root
        self._place_of = configuration.place_of
        self._values: dict[str, str | None] = {"sys:file.separator": "/"}

    def found(self) -> Iterator[Found]:
        """Yield the appenders that write files, wherever they are."""
        plugins = [(type_of(one), one) for one in self._root.iter()]
        for type_, one in plugins:
            if type_ in {"property", "properties"}:
                self._define(one)
        files = [
            (type_, one, own)
            for type_, one in plugins
            if type_ in _ROLLING or type_ in _PLAIN
            for own in [attributes_of(one)]
            if type_ in _ROLLING or "filename" in own
        ]
        unused = _idle(plugins)
        if unused:
            yield idle_in(self._file.written, unused)
        files = [one for one in files if one[2].get("name", "") not in unused]
        # An appender deletes whatever its conditions are true of, also files of another one.
        deletes = [{_written(one): one for one in _deletes(appender)} for _, appender, _ in files]
        every = {written: one for each in reversed(deletes) for written, one in each.items()}
        for (type_, one, own), mine in zip(files, deletes, strict=True):
            yield self._appender(type_, one, own, [*(mine | every | mine).values()])

    def _define(self, plugin: Element) -> None:
        own = attributes_of(plugin)
        name = own.get("name")
        if name is None:
            return
        value = self._text(own.get("value", ""))
        self._values[name] = value if self._values.get(name, value) == value else None
        # A property is the default of what it names elsewhere.
        for lookup in ("sys", "env"):
            self._values[f"{lookup}:{name}"] = self._values[name]

    def _text(self, text: str) -> str:
        """Fill in the variables that have values."""
        if "${" not in text:
            return text
        filled = fill(_LOOKUP.sub(_date, text), self._values)
        self._file.request.meter.spend("expansions", len(filled))
        return filled

    def _appender(
        self, type_: str, plugin: Element, own: Mapping[str, str], deletes: list[Element]
    ) -> Kept:
        name, pattern = own.get("name", type_), own.get("filepattern", "")
        kinds = kinds_named(name, own.get("filename", ""), pattern)
        kept = Kept(name=name, at=self._at(plugin, name), kinds=kinds)
        if type_ in _PLAIN:
            return kept
        pattern = self._text(pattern)
        self._file.request.meter.spend("expansions", len(deletes))
        kept = replace(kept, limits=tuple(self._counted(plugin, pattern)))
        found: list[tuple[Way, Element]] = [
            (way, delete) for delete in deletes for way in ways(delete, pattern, self._text)
        ]
        return self._deleted(kept, found) if found else kept

    def _counted(self, appender: Element, pattern: str) -> Iterator[str]:
        """Yield the limit of the number of files, where more than time makes new ones."""
        types = [plain(one.tag) for one in appender.iter()]
        policies = [one for one in types if one.endswith("triggeringpolicy")]
        by_time = not _COUNTER.search(pattern) or all(one in _BY_TIME for one in policies)
        if _DATE.search(pattern) and by_time:
            return
        strategy = next(named(appender, *_STRATEGIES), None)
        settings = {} if strategy is None else attributes_of(strategy)
        if strategy is not None and plain(strategy.tag) == "directwriterolloverstrategy":
            limit = self._text(settings.get("maxfiles", "0"))
            setting = f"maxFiles {limit}"
        else:
            limit = self._text(settings.get("max", _WINDOW))
            setting = f"max {limit}"
        if settings.get("fileindex", "").lower() != "nomax" and limit != "0":
            yield setting

    def _deleted(self, kept: Kept, found: list[tuple[Way, Element]]) -> Kept:
        """Return what the ways of deletion say of how long files are kept."""
        by_age = [(way.seconds, at) for way, at in found if way.known and not way.limits]
        unclear = [at for way, at in found if not way.known]
        if unclear or not by_age:
            sizes = (limit for way, _ in found for limit in way.limits)
            kept = replace(kept, limits=(*kept.limits, *dict.fromkeys(sizes)))
            at = self._at(unclear[0], kept.name, "Delete") if unclear else None
            return replace(kept, period_at=after_apply(at) if at else None)
        seconds, delete = min(by_age, key=lambda one: one[0])
        sooner = (limit for way, _ in found if way.seconds < seconds for limit in way.limits)
        return replace(
            kept,
            period={"days": seconds // 86_400},
            period_at=self._at(_age_of(delete), kept.name, "Delete.IfLastModified.age"),
            limits=(*kept.limits, *dict.fromkeys(sooner)),
        )

    def _at(self, plugin: Element, name: str, attribute: str = "") -> ProvenanceLookup:
        place = self._place_of(plugin)
        return lambda: Provenance(place=place(), address=name, attribute=attribute)


def _date(lookup: re.Match[str]) -> str:
    """Return the date that a lookup stands for as a pattern has it."""
    return f"%d{{{lookup[1]}}}"


def _age_of(delete: Element) -> Element:
    """Return the condition of the age, for its place."""
    return next((one for one in delete.iter() if plain(one.tag) == "iflastmodified"), delete)


def _deletes(appender: Element) -> Iterator[Element]:
    for strategy in named(appender, *_STRATEGIES):
        yield from named(strategy, "delete")


def _written(delete: Element) -> tuple[object, ...]:
    """Return what is written in a deletion, which is the same where two do the same."""
    return tuple([(one.tag, *one.items(), text_of(one), len(one)) for one in delete.iter()])


def _idle(plugins: list[tuple[str, Element]]) -> list[str]:
    """Return the names of appenders of files that nothing logs to."""
    loggers = [_logger(type_, one) for type_, one in plugins if _LOGGER.fullmatch(type_)]
    names: list[str] = []
    handed: dict[str, list[str]] = {}
    # Those inside of another are used by it.
    for appender in [one for type_, around in plugins if type_ in _APPENDERS for one in around]:
        own = attributes_of(appender)
        name = own.get("name", "")
        handed.setdefault(name, []).extend(_refs(appender, own))
        if type_of(appender) in (*_ROLLING, *_PLAIN):
            names.append(name)
    return idle(names, loggers, handed)


def _logger(type_: str, plugin: Element) -> Logger:
    own = attributes_of(plugin)
    # In properties also ``rootLogger = INFO, FILE``.
    names = (name.strip() for name in own.get("value", "").split(",")[1:])
    additive = "root" not in type_ and own.get("additivity", "").lower() != "false"
    return Logger((*_refs(plugin, own), *names), _is_off(own), additive)


def _refs(around: Element, own: Mapping[str, str]) -> Iterator[str]:
    """Yield the names that a plugin, or one in it, refers to, unless nothing goes there."""
    yield from map(own.__getitem__, _REFS & own.keys())
    for one in islice(around.iter(), 1, None):
        # Few refer to any.
        if _REFS.isdisjoint(map(str.lower, one.keys())) and _REFS.isdisjoint(map(_tag, one)):
            continue
        inner = attributes_of(one)
        if not _is_off(inner):
            yield from map(inner.__getitem__, _REFS & inner.keys())


def _tag(one: Element) -> str:
    return plain(one.tag)


def _is_off(own: Mapping[str, str]) -> bool:
    return is_off(own.get("level", own.get("value", "").partition(",")[0]))
