"""Logback (``logback.xml``, ``logback-spring.xml``): how long the files of appenders are kept.

``maxHistory`` counts periods, whose unit is the finest one in the date pattern of the file's name;
``totalSizeCap`` may delete before. Without ``maxHistory`` nothing is deleted, and the cap is
ignored. Of a fixed window only so many files are kept, whatever their age.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import chain
from pathlib import Path
from xml.etree.ElementTree import Element

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.derived import Gap
from pytest_icp.facts.files.disk import is_file
from pytest_icp.law.errors import InputError
from pytest_icp.sources.log_retention.files import (
    NOT_HERE,
    File,
    Found,
    Logger,
    Unread,
    fill,
    first_of,
    idle,
    idle_in,
    is_off,
    known,
    named,
    plain,
    properties_of,
    text_of,
    whole,
)
from pytest_icp.sources.log_retention.spring import (
    BOOT,
    CAP,
    DATE,
    HISTORY,
    Beside,
    beside,
    duration,
    first,
    name_of,
    unit_of,
)
from pytest_icp.sources.log_stores import Kept, after_apply, kinds_named

# What keeps no file: it writes to the console, or hands on to another appender.
_NO_FILE = re.compile(r"(?:Console|Async|Disruptor|Sifting|NOP|Nop|List)\w{0,40}?Appender$")
_WINDOW = 7
_OF_SPRING = re.compile(r"^org/springframework/boot/logging/")
_KEEPS = re.compile(r"FileAppender$")
_FILE_OF_BOOT = re.compile(
    r"^org/springframework/boot/logging/logback/(?:base|file-appender)\.xml$"
)
# What Spring Boot makes variables of.
_OF_BOOT = {
    HISTORY: ("LOGBACK_ROLLINGPOLICY_MAX_HISTORY", "LOG_FILE_MAX_HISTORY"),
    CAP: ("LOGBACK_ROLLINGPOLICY_TOTAL_SIZE_CAP", "LOG_FILE_TOTAL_SIZE_CAP"),
}
# Nothing else asks for what Spring Boot sets.
_ASK_BOOT = (*chain(*_OF_BOOT.values()), "logback/base.xml", "logback/file-appender.xml")
_ITSELF = re.compile(r"logback.*\.xml", re.IGNORECASE)
_PROPERTIES = ("property", "variable", "substitutionproperty", "springproperty", "define")
_CONDITIONS = ("springprofile", "if", "then", "else")
_READ = frozenset({*_PROPERTIES, "root", "logger", "appender", "appender-ref", "include"})


def read_logback(file: File) -> Iterator[Found]:
    """Yield the appenders that write files, those inside a sifting appender too."""
    yield from _Reader(file).found()


class _Placed(Struct, frozen=True):
    """An element with the condition that it stands under, such as a profile of Spring.

    ``name`` is its name in small letters; ``nested``: it is inside of an appender.
    """

    element: Element
    name: str
    condition: str
    nested: bool


def _place(
    elements: Iterable[Element], into: list[_Placed], condition: str = "", *, nested: bool = False
) -> None:
    """Add elements, and those in them, that have the names that are read, in their order."""
    for element in elements:
        name = plain(element.tag)
        if name in _READ:
            into.append(_Placed(element, name, condition, nested))
        if len(element):
            inner = element.get("name", name) if name in _CONDITIONS else condition
            _place(element, into, inner, nested=nested or name == "appender")


def _named(name: str, one: _Placed) -> str:
    return f"{name}[{one.condition}]" if one.condition else name


class _Reader:
    """Reads one file, with the values of its properties."""

    def __init__(self, file: File, around: _Reader | None = None) -> None:
        self._file = file
        self._inner = around is not None
        # Resources are below the folder of the main file, files of their own below another.
        self._top: Path = around._top if around else file.path.parent
        self._seen: set[str] = around._seen if around else set()
        self._values: dict[str, str | None] = dict(around._values) if around else {}
        asked = any(map(file.text.__contains__, _ASK_BOOT))
        for setting, names in _OF_BOOT.items() if asked else ():
            if self._boot.differs(*setting) or self._boot.value(*setting) is not None:
                self._values |= dict.fromkeys(names, self._boot.value(*setting))

    @cached_property
    def _boot(self) -> Beside:
        return beside(self._file)

    def found(self) -> Iterator[Found]:
        """Yield the appenders that write files."""
        root = self._file.root
        placed: list[_Placed] = []
        _place([root], placed)
        for one in placed:
            if one.name in _PROPERTIES:
                self._define(one.element)
        unused = _idle(root, placed)
        if unused:
            yield idle_in(self._file.request.as_written(self._file.path), unused)
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
        if self._file.request.given is not None:
            return None
        written = self._text(element.get("resource") or element.get("file") or "")
        written = written.removeprefix("classpath:").lstrip("/")
        paths = (folder / written for folder in (self._file.path.parent, self._top))
        return next(filter(is_file, paths), None)

    def _included(self, element: Element) -> Iterator[Found]:
        """Yield what an included file keeps; one that is not there is a gap.

        It is read once; in a folder, one whose name says what it is is read by itself.
        """
        own, request, kinds = element.attrib, self._file.request, frozenset({"log_stores"})
        written = own.get("resource") or own.get("file") or own.get("url") or ""
        path = self._beside(element)
        if _OF_SPRING.search(written):
            return
        if path is None and own.get("optional") == "true" and "resource" in own:
            return
        if path is None:
            message = NOT_HERE.format(path=written[:80])
            yield Gap(message=message, place=self._file.place_of(element)(), kinds=kinds)
            return
        alone = self._inner or request.path == self._file.path
        if not self._seen:
            self._seen.add(os.path.realpath(self._file.path))
        real = os.path.realpath(path)
        if real not in self._seen and (alone or not _ITSELF.fullmatch(path.name)):
            self._seen.add(real)
            try:
                inner = list(_Reader(File(request, path), self).found())
            except InputError as error:
                place = error.place or self._file.place_of(element)()
                inner = [Gap(message=error.message, place=place, kinds=kinds)]
            for one in inner:
                yield replace(one, path=one.path or path) if isinstance(one, Kept) else one

    def _define(self, element: Element) -> None:
        """Take the value of a property; one that has several values is not known."""
        name = element.get("name")
        if not name:
            self._define_all(self._beside(element))
            return
        written = element.get("value", element.get("defaultValue"))
        if source := element.get("source"):
            setting = name_of(source)
            if self._boot.differs(setting):
                written = None
            elif first((setting,), self._boot.base):
                written = self._boot.value(setting)
        value = self._text(written) if written is not None else None
        self._values[name] = value if self._values.get(name, value) == value else None

    def _define_all(self, path: Path | None) -> None:
        """Take the properties of a file, if it is there; they may be secrets."""
        if path is None:
            return
        try:
            entries = list(properties_of(File(self._file.request, path)))
        except InputError:
            return
        for one in entries:
            value = self._values.get(one.key, one.value)
            self._values[one.key] = value if value == one.value else None

    def _text(self, text: str) -> str:
        """Fill in the variables that have values."""
        if "${" not in text:
            return text
        filled = fill(text, self._values)
        self._file.request.meter.spend("expansions", len(filled))
        return filled

    def _file_of_boot(self, one: _Placed) -> Kept:
        """Return the log file of Spring Boot, which another file of Spring's sets up."""
        kept = Kept(name=_named("FILE", one), at=self._file.of(one.element, "FILE"))
        history, cap = (self._values.get(names[0], "") for names in _OF_BOOT.values())
        if history == "":
            return replace(kept, why=BOOT)
        n = whole(history or "")
        if history is None or cap is None:
            return replace(kept, period_at=after_apply(kept.at))
        limits = (f"total-size-cap {cap}",) if cap.strip("0BKMG") else ()
        return replace(kept, period={"days": n}, period_at=kept.at, limits=limits) if n else kept

    def _appender(self, one: _Placed) -> Kept | Unread | None:
        """Return what an appender keeps, None if it writes no file."""
        element = one.element
        type_ = element.get("class", "")
        policy = first_of(element, "rollingpolicy")
        if policy is None and not type_.endswith("FileAppender"):
            return None if _NO_FILE.search(type_) else Unread(type_)
        name = element.get("name", "")
        written = [text_of(child) for child in named(element, "file")]
        if policy is not None:
            written += [text_of(child) for child in named(policy, "filenamepattern")]
        # Of the module logback-access, every log is one of accesses.
        accesses = self._file.path.name.startswith("logback-access")
        kinds = ("access",) if accesses else kinds_named(name, *written)
        kept = Kept(
            name=_named(name, one),
            at=self._file.of(element, name),
            # Whether anything is written to it hangs on its condition.
            kinds=() if one.condition else kinds,
        )
        return self._limited(kept, name, policy) if policy is not None else kept

    def _limited(self, kept: Kept, name: str, policy: Element) -> Kept:
        """Return what a policy says of how long the files of an appender are kept."""
        if policy.get("class", "").endswith("FixedWindowRollingPolicy"):
            highest = first_of(policy, "maxindex")
            limit = f"maxIndex {_WINDOW if highest is None else text_of(highest)}"
            return replace(kept, limits=(limit,))
        # Of several, the last one holds.
        history = next(iter([*named(policy, "maxhistory")][::-1]), None)
        if history is None:
            return kept
        count = known(self._text(text_of(history)))
        at = self._file.of(history, name, "rollingPolicy.maxHistory")
        unit = self._unit(policy)
        if count is None or unit is None:
            return replace(kept, period_at=after_apply(at), limits=tuple(self._caps(policy)))
        n = whole(count)
        if not n:
            return kept
        return replace(
            kept, period=duration(n, unit), period_at=at, limits=tuple(self._caps(policy))
        )

    def _unit(self, policy: Element) -> str | None:
        """Return the unit of the periods that are counted; None if the pattern is not known."""
        pattern = first_of(policy, "filenamepattern")
        written = text_of(pattern) if pattern is not None else ""
        for found in DATE.findall(self._text(written)):
            date, *more = found.split(",")
            if "aux" not in {word.strip() for word in more}:
                return unit_of(date or "yyyy-MM-dd")
        return None

    def _caps(self, policy: Element) -> Iterator[str]:
        """Yield the limit of the size of all files, unless it is none."""
        for cap in named(policy, "totalsizecap"):
            if whole(self._text(text_of(cap))) != 0:
                yield f"totalSizeCap {text_of(cap)}"


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
    names = (one.get("name", "") for one in own if _KEEPS.search(one.get("class", "")))
    handed = defaultdict[str, list[str]](list)
    for one in own:
        handed[one.get("name", "")] += _refs(one)
    loggers = [_logger(one) for one in placed if one.name in {"root", "logger"}]
    return idle(names, loggers, handed)


def _logger(one: _Placed) -> Logger:
    level = one.element.get("level")
    if level is None:
        level = next((each.get("value", "") for each in named(one.element, "level")), "")
    additive = one.name == "logger" and one.element.get("additivity") != "false"
    return Logger(tuple(_refs(one.element)), is_off(level), additive)


def _refs(around: Element) -> list[str]:
    return [one.get("ref", "") for one in around.iter() if plain(one.tag) == "appender-ref"]
