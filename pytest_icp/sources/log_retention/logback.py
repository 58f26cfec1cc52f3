"""Logback and Spring Boot: how long the files of appenders are kept, and access logs of servers.

Of Logback (``logback.xml``, ``logback-spring.xml``), ``maxHistory`` counts periods, whose unit is
the finest one in the date pattern of the file's name; ``totalSizeCap`` may delete before. Without
``maxHistory`` nothing is deleted, and the cap is ignored. Of a fixed window only so many files are
kept, whatever their age.

The log file of Spring Boot (``application.yml``, ``application.properties``) is kept as Logback
does it, by days. A file of settings for Logback or Log4j beside it decides instead; what that asks
Spring for is in the files of settings beside it.
"""

from __future__ import annotations

import os
import re
from collections import ChainMap, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TypeAlias
from weakref import WeakKeyDictionary
from xml.etree.ElementTree import Element

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.derived import Gap
from pytest_icp.facts.files.budget import Meter
from pytest_icp.facts.files.disk import is_file
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import JsonObject
from pytest_icp.law.text import Text
from pytest_icp.sources.documents import ProvenanceLookup, Value
from pytest_icp.sources.log_retention.files import (
    NOT_HERE,
    File,
    Found,
    Kept,
    Logger,
    Setting,
    fill,
    gap,
    idle,
    idle_in,
    kinds_named,
    known,
    looked_up,
    named,
    plain,
    properties_of,
    text_of,
    whole,
)

_DATE = re.compile(r"%d(?:ate)?+(?:\{((?:\$\{[^{}]*+\}|[^{}])*+)\})?")
"""A date in the name of a file, with its pattern, in which a variable may be left."""
_QUOTED = re.compile(r"'[^']*+'")
# The finest unit counts. The letters are those of SimpleDateFormat and DateTimeFormatter.
_UNITS = (
    ("seconds", "SsAnN", 86_400),
    ("minutes", "m", 1_440),
    ("hours", "HhKk", 24),
    ("days", "dDEeuF", 1),
    ("weeks", "wW", 1),
    ("months", "ML", 1),
)


def _periods(count: str | None, pattern: str) -> JsonObject | None:
    """Return so many periods of the dates in the name of a file, whole days of shorter ones.

    Nothing is deleted of 0 periods, and of what is not a number: {}. None is not known.
    """
    dates = [found[1] or "yyyy-MM-dd" for found in _DATE.finditer(pattern)]
    if any("${" in date for date in dates):
        return None
    own = [date for date in dates if "aux" not in map(str.strip, date.split(",")[1:])]
    shown = set(_QUOTED.sub("", own[0].partition(",")[0])) if own else set()
    for unit, letters, in_a_day in _UNITS if count is not None else ():
        if not shown.isdisjoint(letters):
            n = whole(count or "")
            if not n:
                return {}
            if unit == "months":
                return {"months": n}
            return {"days": 7 * n if unit == "weeks" else n // in_a_day}
    return None


Settings: TypeAlias = Mapping[str, Setting]
"""Settings by their keys in the one form that Spring gives all ways of writing."""

_ALL = re.compile(r"(?:application|bootstrap)\.(?:ya?ml|properties)", re.IGNORECASE)
_APPLICATION = re.compile(
    r"(?:application|bootstrap)(?:-[^/]*)?\.(?:ya?ml|properties)", re.IGNORECASE
)
_POLICY = "logging.logback.rollingpolicy."
_HISTORY = (f"{_POLICY}maxhistory", "logging.file.maxhistory")
_CAP = (f"{_POLICY}totalsizecap", "logging.file.totalsizecap")
"""The settings of how long the log file is kept, and of its size, by their new and old names."""
_PROFILES = ("spring.config.activate.onprofile", "spring.profiles")
"""The settings that bind a document to a profile."""


class _Beside(Struct, frozen=True, eq=False):
    """The settings of a folder that hold in all profiles, and all values that any document sets."""

    base: Settings
    values: Mapping[str, Collection[str]]

    def value(self, *names: str) -> str | None:
        """Return the value of a setting by its names; None if it is not set, or not known."""
        setting = _first(names, self.base)
        return known(setting.filled) if setting and not self.varies(*names) else None

    def varies(self, *names: str) -> bool:
        """Whether a profile or another document sets something else."""
        values = {value for name in names for value in self.values.get(name, ())}
        return len(values) > 1 or (bool(values) and not _first(names, self.base))


_KNOWN: WeakKeyDictionary[Meter, dict[object, _Beside]] = WeakKeyDictionary()


def _beside(file: File) -> _Beside:
    """Return the settings of the folder of a file, which is read once."""
    read = _KNOWN.setdefault(file.request.meter, {})
    if file.folder not in read:
        read[file.folder] = _read_beside(file.beside(_APPLICATION.fullmatch))
    return read[file.folder]


def _read_beside(files: Sequence[File]) -> _Beside:
    base: dict[str, Setting] = {}
    values = defaultdict[str, set[str]](set)
    # Of files, one of properties comes first; of documents in one, the last.
    for file in reversed(files):
        try:
            found = list(_settings(file))
        except InputError:
            # What is wrong with it is said where it is read.
            continue
        for own in found:
            if isinstance(own, Gap):
                continue
            for name, setting in own.items():
                values[name].add(setting.value)
            if _ALL.fullmatch(file.path.name) and not _first(_PROFILES, own):
                base |= own
    return _Beside(base, values)


def _settings(file: File) -> Iterator[Settings | Gap]:
    """Yield the settings of each document of a file; one that cannot be read is a gap."""
    if file.path.suffix.lower() == ".properties":
        yield {_name_of(one.key): one for one in properties_of(file)}
        return
    for value in file.values:
        if isinstance(value, Gap):
            yield value
        else:
            yield {_name_of(one.key): one for one in _flat(value)}


def _flat(value: Value) -> Iterator[Setting]:
    if isinstance(value.data, Mapping):
        for _, inner in value.members():
            yield from _flat(inner)
    elif isinstance(value.data, (str, int, float)):
        text = value.text.lower() if isinstance(value.data, bool) else value.text
        yield Setting(".".join(value.path), text, value.place)


def _name_of(key: str) -> str:
    """Return a key in the one form that Spring gives all its ways of writing."""
    return re.sub(r"[-_]", "", key).lower()


def _first(names: Iterable[str], *settings: Settings) -> Setting | None:
    """Return the first setting that there is of some names, in the first of several files."""
    return next((one[name] for one in settings for name in names if name in one), None)


_ENDS = ("xml", "yaml", "yml", "json", "jsn", "properties")
_DECIDING = (
    *("logback-spring.xml", "logback.xml", "logback-spring.groovy", "logback.groovy"),
    *(f"log4j2{of}.{end}" for of in ("-spring", "") for end in _ENDS),
)
_FILES = ("logging.file.name", "logging.file.path", "logging.file", "logging.path")
_PATTERN = (f"{_POLICY}filenamepattern", "logging.pattern.rollingfilename")
_OF_POLICY = tuple(
    f"{_POLICY}{name}"
    for name in "cleanhistoryonstart filenamepattern maxfilesize maxhistory totalsizecap".split()
)
_DEFAULT_DAYS = 7
# What Spring takes for yes and no.
_ON = frozenset({"true", "on", "yes", "1"})
_OFF = frozenset({"false", "off", "no", "0"})
_SERVERS = (
    ("server.tomcat.accesslog", "maxdays", None),
    ("server.jetty.accesslog", "retentionperiod", 31),
    ("server.undertow.accesslog", "", None),
)
"""The access log of each server: its settings, that of the period, and its default in days."""


def read_spring(file: File) -> Iterator[Found]:
    """Yield the log file that is set up, and the access logs of the server."""
    base: dict[str, Setting] = {}
    above = ChainMap(base, dict(_beside(file).base))
    for own in _settings(file):
        if isinstance(own, Gap):
            yield own
            continue
        profile = _first(_PROFILES, own)
        mark = f"[{profile.value}]" if profile else ""
        document = _Document(file, own, above, mark)
        yield from document.log_file()
        for row in _SERVERS:
            yield from document.access_log(*row)
        base |= {} if profile else own


class _Document(Struct, frozen=True, eq=False):
    """A document of settings of Spring, with those above; ``mark`` shows its profile."""

    file: File
    own: Settings
    above: Settings
    mark: str

    def _first(self, *names: str) -> Setting | None:
        return _first(names, self.own, self.above)

    def _varies(self, *names: str) -> bool:
        """Whether something else is set than in this document, which holds in all profiles."""
        holds = not self.mark and _ALL.fullmatch(self.file.path.name)
        return bool(holds) and _beside(self.file).varies(*names)

    def log_file(self) -> Iterator[Found]:
        """Yield the log file of Spring Boot, or why another file decides."""
        named = _first(_FILES, self.own)
        if named is None:
            if _first(_HISTORY, self.own) and not _first(_FILES, self.above):
                yield _NO_FILE.format(file=self.file.written)
            return
        if decides := self._deciding():
            yield _DECIDED.format(file=self.file.written, other=decides)
            return
        address = "logging.file"
        kept = Kept(name=f"{address}{self.mark}", at=named.at(address))
        history, cap, pattern = (self._first(*each) for each in (_HISTORY, _CAP, _PATTERN))
        if history is not None:
            dates = "%d" if pattern is None else pattern.value
            varies = self._varies(*_HISTORY) or self._varies(*_CAP)
            count = None if varies else known(history.filled)
            period = _periods(count, dates)
            limited = period and cap and not re.match(r"0+\D*$", cap.filled)
            limits = [f"total-size-cap {cap.value}"] if cap and limited else ()
            yield kept.lasting(period, history.at(address), limits)
        elif self._first(*_OF_POLICY):
            # Only versions that delete after so many days have such settings.
            yield kept.lasting({"days": _DEFAULT_DAYS}, kept.at)
        else:
            yield replace(kept, why=_BOOT)

    def _deciding(self) -> str:
        """Return the file of settings that decides instead; empty if there is none."""
        # Its value is an address, which may have a password in it.
        if self._first("logging.config"):
            return "logging.config"
        path, names = self.file.path, () if self.file.alone else _DECIDING
        return next((name for name in names if is_file(path.with_name(name))), "")

    def access_log(self, prefix: str, period: str, default: int | None) -> Iterator[Found]:
        """Yield the access log of a server, if it is on."""
        enabled = self.own.get(f"{prefix}.enabled")
        if enabled is None or enabled.filled.lower() not in _ON:
            if any(key.startswith(f"{prefix}.") for key in self.own):
                yield _NOT_ON.format(file=self.file.written, log=prefix)
            return
        # Whether a profile is active is not known.
        always = not self.mark and not self._varies(f"{prefix}.enabled")
        server = prefix.split(".")[1]
        kinds = ("access",) if always else ()
        kept = Kept(name=f"{prefix}{self.mark}", at=enabled.at(server), kinds=kinds)
        rotate = self._first(f"{prefix}.rotate")
        days = self._first(f"{prefix}.{period}")
        if rotate is not None and rotate.filled.lower() in _OFF:
            yield kept
        elif days is None:
            yield kept.lasting({"days": default} if default else {}, kept.at)
        else:
            count = None if self._varies(f"{prefix}.{period}") else known(days.filled)
            yield kept.lasting(_periods(count, "%d"), days.at(server))


_DECIDED = Text(
    zh="{file}：日志由 {other} 设置，请把它列为来源",
    en="{file}: {other} decides how logs are kept; name it as a source",
)
_NO_FILE = Text(
    zh="{file}：设置了保存时间，但没有设置日志文件",
    en="{file}: a period is set, and no log file that it is for",
)
_NOT_ON = Text(
    zh="{file}：{log} 没有写明启用，不算访问日志",
    en="{file}: {log} is not said to be on, so it is not an access log",
)
_BOOT = Text(
    zh="没有设置保存时间，用的是 Spring Boot 的默认值（2.2 版起用 Logback 时为 7 天），无法判断",
    en="no period is set, so the default of Spring Boot applies, which is not certain: 7 days with "
    "Logback since version 2.2",
)


# What keeps nothing here: it writes to the console, hands on to another appender, or sends.
_NO_FILES = re.compile(
    r"(?:Console|Async|Disruptor|Sifting|NOP|Nop|List|Socket|Tcp|TCP|Udp|UDP|Http|HTTP|Syslog|SMTP"
    r"|Kafka|Loghub|Cls|Lts|Logstash|Gelf|GELF|Sentry|GRPC|Loki|Redis|A[Mm][Qq][Pp]|JMS|Flume|Fluen[ct]"
    r"|Telemetry|Tracing|Metrics|Instrumented|CloudWatch|AwsLogs|Elastic|ApplicationInsights|DingTalk"
    r"|DingDing|Fei[Ss]hu|We[Cc]hat|RabbitM[Qq]|RocketM[Qq])\w{0,40}?Appender$"
)
_APPENDS = Text(
    zh="不认识 {type} 这种 appender，它把日志写到哪里、保存多久不得而知",
    en="an appender of the type {type} is not known, so where it keeps logs, and how long, is not",
)
_WINDOW = 7
_OF_SPRING = re.compile(r"^org/springframework/boot/logging/")
_FILE_OF_BOOT = re.compile(
    r"^org/springframework/boot/logging/logback/(?:base|file-appender)\.xml$"
)
# What Spring Boot makes variables of.
_OF_BOOT = {
    _HISTORY: ("LOGBACK_ROLLINGPOLICY_MAX_HISTORY", "LOG_FILE_MAX_HISTORY"),
    _CAP: ("LOGBACK_ROLLINGPOLICY_TOTAL_SIZE_CAP", "LOG_FILE_TOTAL_SIZE_CAP"),
}
# Nothing else asks for what Spring Boot sets.
_ASK_BOOT = (*chain(*_OF_BOOT.values()), "logback/base.xml", "logback/file-appender.xml")
_ITSELF = re.compile(r"logback.*\.xml", re.IGNORECASE)
_PROPERTIES = ("property", "variable", "substitutionproperty", "springproperty", "define")
_CONDITIONS = ("springprofile", "if", "then", "else")
_LOGGERS = ("root", "logger")
_READ = frozenset({*_PROPERTIES, *_LOGGERS, "appender", "include"})


def read_logback(file: File) -> Iterator[Found]:
    """Yield the appenders that write files, those inside a sifting appender too."""
    yield from _Logback(file).found()


class _Placed(Struct, frozen=True):
    """An element with the condition that it stands under, such as a profile of Spring.

    ``name`` is its name in small letters; ``nested``: it is inside of an appender.
    """

    element: Element
    name: str
    condition: str
    nested: bool

    def called(self, name: str) -> str:
        """Return a name with the condition."""
        return f"{name}[{self.condition}]" if self.condition else name


def _placed(
    elements: Iterable[Element], condition: str = "", *, nested: bool = False
) -> Iterator[_Placed]:
    """Yield elements, and those in them, that have the names that are read, in their order."""
    for element in elements:
        name = plain(element.tag)
        if name in _READ:
            yield _Placed(element, name, condition, nested)
        if len(element):
            inner = element.get("name", name) if name in _CONDITIONS else condition
            yield from _placed(element, inner, nested=nested or name == "appender")


class _Logback:
    """Reads one file, with the values of its properties."""

    def __init__(self, file: File, around: _Logback | None = None) -> None:
        self._file = file
        self._inner = around is not None
        # Resources are below the folder of the main file, files of their own below another.
        self._top: Path = around._top if around else file.path.parent
        self._seen: set[str] = around._seen if around else {os.path.realpath(file.path)}
        self._values: dict[str, str | None] = dict(around._values) if around else {}
        asked = any(map(file.text.__contains__, _ASK_BOOT))
        for setting, names in _OF_BOOT.items() if asked else ():
            value = self._boot.value(*setting)
            if value is not None or self._boot.varies(*setting):
                self._values |= dict.fromkeys(names, value)

    @cached_property
    def _boot(self) -> _Beside:
        return _beside(self._file)

    def found(self) -> Iterator[Found]:
        """Yield the appenders that write files."""
        root = self._file.root
        placed = list(_placed([root]))
        for one in placed:
            if one.name in _PROPERTIES:
                self._define(one.element)
        unused = _idle(root, placed)
        if unused:
            yield idle_in(self._file, unused)
        for one in placed:
            if one.name == "appender":
                kept = None if one.element.get("name") in unused else self._appender(one)
                if kept is not None:
                    yield kept
            elif one.name == "include" and _FILE_OF_BOOT.search(one.element.get("resource", "")):
                yield self._file_of_boot(one)
            elif one.name == "include":
                yield from self._included(one.element)

    def _beside(self, element: Element) -> Path | None:
        """Return the file that an element names as a resource or a file, in the same folder.

        What an included file names may also be in the folder of the main file.
        """
        if self._file.alone:
            return None
        written = self._text(element.get("resource") or element.get("file") or "")
        written = written.removeprefix("classpath:").lstrip("/")
        paths = (folder / written for folder in (self._file.path.parent, self._top))
        return next(filter(is_file, paths), None)

    def _included(self, element: Element) -> Iterator[Found]:
        """Yield what an included file keeps; one that is not there is a gap.

        It is read once; in a folder, one whose name says what it is is read by itself.
        """
        own, request = element.attrib, self._file.request
        written = own.get("resource") or own.get("file") or own.get("url") or ""
        path = self._beside(element)
        if _OF_SPRING.search(written):
            return
        if path is None:
            if own.get("optional") != "true" or "resource" not in own:
                yield gap(NOT_HERE.format(path=written[:80]), self._file.place_of(element)())
            return
        alone = self._inner or request.path == self._file.path
        real = os.path.realpath(path)
        if real not in self._seen and (alone or not _ITSELF.fullmatch(path.name)):
            self._seen.add(real)
            try:
                inner = list(_Logback(File(request, path), self).found())
            except InputError as error:
                inner = [gap(error.message, error.place or self._file.place_of(element)())]
            for one in inner:
                yield replace(one, path=one.path or path) if isinstance(one, Kept) else one

    def _define(self, element: Element) -> None:
        """Take the value of a property, or the properties of a file, which may be secrets."""
        name = element.get("name")
        if not name:
            path = self._beside(element)
            try:
                entries = list(properties_of(File(self._file.request, path))) if path else []
            except InputError:
                return
            for one in entries:
                self._set(one.key, one.value)
            return
        written = element.get("value", element.get("defaultValue"))
        source = element.get("source")
        if source and _name_of(source) in self._boot.values:
            written = self._boot.value(_name_of(source))
        self._set(name, self._text(written) if written is not None else None)

    def _set(self, name: str, value: str | None) -> None:
        """Set a property; one that has several values is not known."""
        self._values[name] = value if self._values.get(name, value) == value else None

    def _text(self, text: str) -> str:
        """Fill in the variables that have values."""
        if "${" not in text:
            return text
        filled = fill(text, self._values)
        self._file.request.meter.spend("expansions", len(filled))
        return filled

    def _file_of_boot(self, one: _Placed) -> Kept:
        """Return the log file of Spring Boot, which another file of Spring's sets up."""
        kept = Kept(name=one.called("FILE"), at=self._at(one.element, "FILE"))
        history, cap = (self._values.get(names[0], "") for names in _OF_BOOT.values())
        if history == "":
            return replace(kept, why=_BOOT)
        if history is None or cap is None:
            return kept.lasting(None, kept.at)
        limits = (f"total-size-cap {cap}",) if cap.strip("0BKMG") else ()
        return kept.lasting(_periods(history, "%d"), kept.at, limits)

    def _appender(self, one: _Placed) -> Kept | Gap | None:
        """Return what an appender keeps, None if it writes no file."""
        element, name = one.element, one.element.get("name", "")
        type_ = element.get("class", "")
        # Of several, the last one holds.
        policy = next(reversed(named(element, "rollingpolicy")), None)
        if policy is None and not type_.endswith("FileAppender"):
            sends = not type_ or _NO_FILES.search(type_)
            return (
                None if sends else gap(_APPENDS.format(type=type_), self._at(element, name)().place)
            )
        written = [text_of(child) for child in named(element, "file")]
        if policy is not None:
            written += [text_of(child) for child in named(policy, "filenamepattern")]
        # Of the module logback-access, every log is one of accesses.
        accesses = self._file.path.name.startswith("logback-access")
        kinds = ("access",) if accesses else kinds_named(name, *written)
        # Whether anything is written to it hangs on its condition.
        kinds = () if one.condition else kinds
        kept = Kept(name=one.called(name), at=self._at(element, name), kinds=kinds)
        return self._limited(kept, name, policy) if policy is not None else kept

    def _limited(self, kept: Kept, name: str, policy: Element) -> Kept:
        """Return what a policy says of how long the files of an appender are kept."""
        texts = {plain(child.tag): text_of(child) for child in reversed(policy)}
        if policy.get("class", "").endswith("FixedWindowRollingPolicy"):
            return replace(kept, limits=(f"maxIndex {texts.get('maxindex', _WINDOW)}",))
        history = named(policy, "maxhistory")
        if not history:
            return kept
        # Of several, the last one holds.
        count = known(self._text(text_of(history[-1])))
        at = self._at(history[-1], name, "rollingPolicy.maxHistory")
        caps = [text_of(cap) for cap in named(policy, "totalsizecap")]
        limits = [f"totalSizeCap {cap}" for cap in caps if whole(self._text(cap)) != 0]
        pattern = self._text(texts.get("filenamepattern", ""))
        return kept.lasting(_periods(count, pattern), at, limits)

    def _at(self, element: Element, address: str, attribute: str = "") -> ProvenanceLookup:
        return looked_up(self._file.place_of(element), address, attribute)


def _idle(root: Element, placed: list[_Placed]) -> list[str]:
    """Return the names of appenders that nothing logs to, where the file is the whole."""
    includes = any(
        one.name == "include" and not _OF_SPRING.search(one.element.get("resource", ""))
        for one in placed
    )
    if plain(root.tag) != "configuration" or includes:
        return []
    # Those inside of another are used by it.
    own = [one.element for one in placed if not one.nested and one.name == "appender"]
    names = [one.get("name", "") for one in own if one.get("class", "").endswith("FileAppender")]
    handed = defaultdict[str, list[str]](list)
    for one in own:
        handed[one.get("name", "")] += _refs(one)
    return idle(names, [_logger(one) for one in placed if one.name in _LOGGERS], handed)


def _logger(one: _Placed) -> Logger:
    levels = [each.get("value", "") for each in named(one.element, "level")]
    level = one.element.get("level", next(iter(levels), ""))
    additive = one.name == "logger" and one.element.get("additivity") != "false"
    return Logger(_refs(one.element), level, additive)


def _refs(around: Element) -> list[str]:
    return [one.get("ref", "") for one in around.iter() if plain(one.tag) == "appender-ref"]
