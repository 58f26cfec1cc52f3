"""Log4j 2: how long the files of rolling appenders are kept.

Files of earlier periods are deleted by ``Delete`` alone. The ``max`` of a strategy counts the
files of one period, or all of them where the name has no date: that limits by size.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from msgspec.structs import replace

from pytest_icp.facts.derived import Gap, Provenance
from pytest_icp.sources.elements import named, plain, text_of
from pytest_icp.sources.log_retention.deletions import Way, ways
from pytest_icp.sources.log_retention.kept import Found, Kept, after_apply, kinds_named
from pytest_icp.sources.log_retention.loggers import Logger, idle, idle_in, is_off
from pytest_icp.sources.log_retention.plugins import (
    Configuration,
    attributes_of,
    configurations,
    type_of,
)
from pytest_icp.sources.log_retention.variables import fill

if TYPE_CHECKING:
    from collections.abc import Mapping
    from xml.etree.ElementTree import Element

    from pytest_icp.sources.draft import ProvenanceLookup
    from pytest_icp.sources.log_retention.kept import File

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
    for one in configurations(file):
        if isinstance(one, Gap):
            yield one
        else:
            yield from _Reader(file, one).found()


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
