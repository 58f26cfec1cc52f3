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

from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.documents import ProvenanceLookup
from pytest_icp.sources.log_retention.files import (
    File,
    Found,
    Kept,
    Logger,
    after_apply,
    fill,
    gap,
    idle,
    idle_in,
    is_off,
    kinds_named,
    looked_up,
    named,
    plain,
    properties_of,
    text_of,
    whole,
)

_DEEPEST = 20
Places = Callable[[Element], Callable[[], Place]]
"""Returns what looks up where a plugin is."""


def _of_properties(file: File) -> tuple[Element, Places]:
    """Return the tree that the dots in the names make; ``property.x = y`` is a property."""
    root = Element("configuration")
    components: dict[str, Element] = {"": root}
    places: dict[Element, Callable[[], Place]] = {}
    for entry in properties_of(file):
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
    return root, places.__getitem__


def _type_of(plugin: Element) -> str:
    """Return the type of a plugin in small letters: in the strict form it is an attribute."""
    type_ = plain(plugin.tag)
    return _attributes(plugin).get("type", type_).lower() if type_ == "appender" else type_


def _attributes(plugin: Element) -> dict[str, str]:
    """Return the attributes of a plugin by their names in small letters."""
    attributes = {name.lower(): value for name, value in plugin.items()}
    # An attribute may be written as an element.
    for name, one in [("value", plugin), *((plain(one.tag), one) for one in plugin)]:
        if (one is plugin or not one.attrib) and (text := text_of(one)):
            attributes.setdefault(name, text)
    return attributes


_AGE = re.compile(
    r"P?(?:(\d{1,9})D)?(?:T?(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})S?)?)?", re.IGNORECASE
)
_SECONDS = (86_400, 3_600, 60, 1)
_ACCUMULATED = ("ifaccumulatedfilesize", "ifaccumulatedfilecount")
_MOST = 64
_DATED = re.compile(r"%d(?:ate)?+\{([^{}]*+)\}(?:\{[^{}]*+\})*+")
_TOKEN = re.compile(r"%-?\d{0,3}+[A-Za-z]++")
# Braces of alternatives, ``*.{log,gz}``, and not of a variable.
_CHOICE = re.compile(r"(?<!\$)\{")
_LETTERS = re.compile(r"([A-Za-z])\1*+")


class _Way(Struct, frozen=True):
    """One way in which a file is deleted: after seconds, and only beyond all of the limits."""

    seconds: int = 0
    limits: tuple[str, ...] = ()
    known: bool = True

    def __and__(self, other: _Way) -> _Way:
        """Return the way in which a file is deleted if both conditions hold."""
        seconds = max(self.seconds, other.seconds)
        return _Way(seconds, self.limits + other.limits, self.known and other.known)


_Fill = Callable[[str], str]
"""Fills in the variables of a text, as far as they have values."""


def _ways(delete: Element, pattern: str, filled: _Fill) -> list[_Way]:
    """Return the ways in which a deletion deletes files whose names have a pattern."""
    own = _attributes(delete)
    example = _relative(_example(pattern), own, filled)
    trial = filled(own.get("testmode", "false")).lower()
    if example is None or trial == "true":
        return []
    return _all(delete, example, filled) if trial == "false" else [_Way(known=False)]


def _all(conditions: Iterable[Element], example: str, filled: _Fill) -> list[_Way]:
    """Return the ways in which all conditions hold."""
    found = [_Way()]
    for one in conditions:
        each = _one(one, example, filled)
        if len(found) * len(each) > _MOST:
            return [_Way(known=False)]
        found = [a & b for a in found for b in each]
    return found


def _one(condition: Element, example: str, filled: _Fill) -> list[_Way]:
    type_, own = plain(condition.tag), _attributes(condition)
    if type_ == "ifany":
        return [way for one in condition for way in _one(one, example, filled)]
    here = _Way(known=type_ == "ifall")
    if type_ == "iflastmodified":
        seconds = _seconds_of(filled(own.get("age", "")))
        here = _Way(seconds or 0, known=seconds is not None)
    elif type_ in _ACCUMULATED:
        here = _Way(limits=(f"{condition.tag.rpartition(':')[2]} {own.get('exceeds', '')}",))
    elif type_ == "iffilename" and "glob" in own and not _CHOICE.search(own["glob"]):
        if not _matches(filled(own["glob"]), example):
            return []
        here = _Way()
    return [here & below for below in _all(condition, example, filled)]


def _seconds_of(age: str) -> int | None:
    """Return an age in seconds: ``P30D``, ``30d``, ``12h``; ``6M`` are six minutes."""
    found = _AGE.fullmatch(age.strip())
    parts = found.groups("0") if found and any(found.groups()) else ()
    return sum(int(n) * unit for n, unit in zip(parts, _SECONDS, strict=False)) if parts else None


def _example(pattern: str) -> str:
    """Return a name that files of a pattern could have."""
    dated = _DATED.sub(
        lambda date: _LETTERS.sub(lambda found: f"{1:0{len(found[0])}}", date[1]), pattern
    )
    return _slashes(_TOKEN.sub("1", dated))


def _slashes(path: str) -> str:
    return path.replace("\\", "/").removeprefix("./")


def _relative(example: str, own: Mapping[str, str], filled: _Fill) -> str | None:
    """Return the example below the folder of a deletion, None if it is not reached there."""
    base = _slashes(filled(own.get("basepath", ""))).rstrip("/")
    prefix = "" if base in {"", "."} else f"{base}/"
    below = example.removeprefix(prefix)
    deepest = whole(filled(own.get("maxdepth", "1")))
    reached = deepest is None or below.count("/") < deepest
    return below if reached and example.startswith(prefix) else None


def _matches(glob: str, path: str) -> bool:
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
_NAMED = re.compile(r"log4j.*\.(?:ya?ml|jsn|json)$", re.IGNORECASE)
_INCLUDES = Text(
    zh="用 XInclude 引入的 {path} 没有读取，其中的日志保存多久无法判断；请合并为一个文件",
    en="{path} is included by XInclude and not read, so how long the logs in it are kept is not "
    "known; make it one file",
)
_NO_XML = Text(
    zh="Log4j 2 的 YAML、JSON 配置没有读取；请改用 XML 或 properties",
    en="settings of Log4j 2 in YAML or JSON are not read; use XML or properties",
)


def read_log4j2(file: File) -> Iterator[Found]:
    """Yield the appenders that write files."""
    suffix = file.path.suffix.lower()
    if suffix == ".properties":
        yield from _Log4j(file, *_of_properties(file)).found()
    elif suffix == ".xml" or file.text.lstrip().startswith("<"):
        yield from _Log4j(file, file.root, file.place_of).found()
    elif _NAMED.match(file.path.name):
        yield gap(_NO_XML, Place(path=file.path))


class _Appender(Struct, frozen=True, eq=False):
    """An appender that writes files, with its type and its attributes."""

    element: Element
    type: str
    own: Mapping[str, str]

    @property
    def deletes(self) -> dict[tuple[object, ...], Element]:
        """Its deletions by what is written in them, which is the same where two do the same."""
        return {
            tuple(
                [(one.tag, *one.items(), text_of(one), len(one)) for one in delete.iter()]
            ): delete
            for strategy in named(self.element, *_STRATEGIES)
            for delete in named(strategy, "delete")
        }


class _Log4j:
    """Reads one configuration, with the values of its properties."""

    def __init__(self, file: File, root: Element, place_of: Places) -> None:
        self._file = file
        self._root = root
        self._place_of = place_of
        self._values: dict[str, str | None] = {"sys:file.separator": "/"}

    def found(self) -> Iterator[Found]:
        """Yield the appenders that write files, wherever they are."""
        plugins = [(_type_of(one), one) for one in self._root.iter()]
        for type_, one in plugins:
            if type_ in {"property", "properties"}:
                self._define(_attributes(one))
            elif type_ == "include" and "href" in one.attrib:
                said = _INCLUDES.format(path=one.attrib["href"][:80])
                yield gap(said, self._place_of(one)())
        unused = _idle(plugins)
        if unused:
            yield idle_in(self._file, unused)
        files = [
            _Appender(one, type_, _attributes(one))
            for type_, one in plugins
            if type_ in _ROLLING or type_ in _PLAIN
        ]
        files = [
            one
            for one in files
            if (one.type in _ROLLING or "filename" in one.own)
            and one.own.get("name", "") not in unused
        ]
        # An appender deletes whatever its conditions are true of, also files of another one.
        deletes = [one.deletes for one in files]
        every = {written: one for each in reversed(deletes) for written, one in each.items()}
        for appender, mine in zip(files, deletes, strict=True):
            yield self._kept(appender, [*(mine | every | mine).values()])

    def _define(self, own: Mapping[str, str]) -> None:
        name = own.get("name")
        if name is None:
            return
        value = self._text(own.get("value", ""))
        value_or_none = value if self._values.get(name, value) == value else None
        # A property is the default of what it names elsewhere.
        for lookup in ("", "sys:", "env:"):
            self._values[f"{lookup}{name}"] = value_or_none

    def _text(self, text: str) -> str:
        """Fill in the variables that have values; a lookup of a date is as a pattern has it."""
        if "${" not in text:
            return text
        filled = fill(_LOOKUP.sub(r"%d{\1}", text), self._values)
        self._file.request.meter.spend("expansions", len(filled))
        return filled

    def _kept(self, appender: _Appender, deletes: list[Element]) -> Kept:
        own = appender.own
        name, pattern = own.get("name", appender.type), own.get("filepattern", "")
        kinds = kinds_named(name, own.get("filename", ""), pattern)
        kept = Kept(name=name, at=self._at(appender.element, name), kinds=kinds)
        if appender.type in _PLAIN:
            return kept
        pattern = self._text(pattern)
        self._file.request.meter.spend("expansions", len(deletes))
        kept = replace(kept, limits=tuple(self._counted(appender.element, pattern)))
        found = [(way, one) for one in deletes for way in _ways(one, pattern, self._text)]
        return self._deleted(kept, found) if found else kept

    def _counted(self, appender: Element, pattern: str) -> Iterator[str]:
        """Yield the limit of the number of files, where more than time makes new ones."""
        types = [plain(one.tag) for one in appender.iter()]
        policies = [one for one in types if one.endswith("triggeringpolicy")]
        by_time = not _COUNTER.search(pattern) or all(one in _BY_TIME for one in policies)
        if _DATE.search(pattern) and by_time:
            return
        strategy = next(iter(named(appender, *_STRATEGIES)), None)
        settings = {} if strategy is None else _attributes(strategy)
        direct = strategy is not None and plain(strategy.tag) == _STRATEGIES[1]
        name, default = ("maxFiles", "0") if direct else ("max", _WINDOW)
        limit = self._text(settings.get(name.lower(), default))
        if settings.get("fileindex", "").lower() != "nomax" and limit != "0":
            yield f"{name} {limit}"

    def _deleted(self, kept: Kept, found: list[tuple[_Way, Element]]) -> Kept:
        """Return what the ways of deletion say of how long files are kept."""
        by_age = [(way.seconds, at) for way, at in found if way.known and not way.limits]
        unclear = [at for way, at in found if not way.known]
        if unclear or not by_age:
            sizes = (limit for way, _ in found for limit in way.limits)
            kept = replace(kept, limits=(*kept.limits, *dict.fromkeys(sizes)))
            at = after_apply(self._at(unclear[0], kept.name, "Delete")) if unclear else None
            return replace(kept, period_at=at)
        seconds, delete = min(by_age, key=lambda one: one[0])
        sooner = (limit for way, _ in found if way.seconds < seconds for limit in way.limits)
        ages = (one for one in delete.iter() if plain(one.tag) == "iflastmodified")
        at = self._at(next(ages, delete), kept.name, "Delete.IfLastModified.age")
        return kept.lasting({"days": seconds // 86_400}, at, dict.fromkeys(sooner))

    def _at(self, plugin: Element, name: str, attribute: str = "") -> ProvenanceLookup:
        return looked_up(self._place_of(plugin), name, attribute)


def _idle(plugins: list[tuple[str, Element]]) -> list[str]:
    """Return the names of appenders of files that nothing logs to."""
    loggers = [_logger(type_, one) for type_, one in plugins if _LOGGER.fullmatch(type_)]
    names: list[str] = []
    handed: dict[str, list[str]] = {}
    # Those inside of another are used by it.
    for appender in [one for type_, around in plugins if type_ in _APPENDERS for one in around]:
        own = _attributes(appender)
        name = own.get("name", "")
        handed.setdefault(name, []).extend(_refs(appender, own))
        if _type_of(appender) in (*_ROLLING, *_PLAIN):
            names.append(name)
    return idle(names, loggers, handed)


def _logger(type_: str, plugin: Element) -> Logger:
    own = _attributes(plugin)
    # In properties also ``rootLogger = INFO, FILE``.
    names = (name.strip() for name in own.get("value", "").split(",")[1:])
    additive = "root" not in type_ and own.get("additivity", "").lower() != "false"
    return Logger([*_refs(plugin, own), *names], _level(own), additive)


def _refs(around: Element, own: Mapping[str, str]) -> Iterator[str]:
    """Yield the names that a plugin, or one in it, refers to, unless nothing goes there."""
    yield from map(own.__getitem__, _REFS & own.keys())
    for one in islice(around.iter(), 1, None):
        inner = _attributes(one)
        if not is_off(_level(inner)):
            yield from map(inner.__getitem__, _REFS & inner.keys())


def _level(own: Mapping[str, str]) -> str:
    return own.get("level", own.get("value", "").partition(",")[0])
