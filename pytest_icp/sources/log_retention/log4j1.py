"""Log4j 1 (``log4j.properties``, ``log4j.xml``): its appenders delete by number of files at most.

``DailyRollingFileAppender`` never deletes. ``RollingFileAppender`` keeps ``MaxBackupIndex`` files,
one by default, whatever their age.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct, field

from pytest_icp.facts.derived import Provenance
from pytest_icp.sources.elements import named, plain
from pytest_icp.sources.log_retention.kept import Found, Kept, Unread, kinds_named
from pytest_icp.sources.log_retention.loggers import Logger, idle, idle_in, is_off
from pytest_icp.sources.log_retention.properties import properties_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from xml.etree.ElementTree import Element

    from pytest_icp.law.location import Place
    from pytest_icp.sources.log_retention.kept import File

_PREFIX = "log4j.appender."
_LOGGER = re.compile(r"log4j\.(?:root(?:Logger|Category)|(?:logger|category)\.(.++))")
_LOGGERS = ("root", "logger", "category")
_NO_FILE = re.compile(r"(?:Console|Async|Null)\w{0,40}?Appender$")
_BY_SIZE = re.compile(r"(?<!Daily)RollingFileAppender$")


class _Appender(Struct):
    """An appender: its name, class, settings by their names in lower case, and its place."""

    name: str
    type: str
    place: Callable[[], Place]
    settings: dict[str, str] = field(default_factory=dict)
    refs: list[str] = field(default_factory=list)


class _Read(Struct):
    """What a file declares."""

    appenders: list[_Appender] = field(default_factory=list)
    loggers: list[Logger] = field(default_factory=list)


def read_log4j1(file: File) -> Iterator[Found]:
    """Yield the appenders that write files."""
    is_xml = file.path.suffix.lower() == ".xml"
    read = _of_xml(file) if is_xml else _of_properties(file)
    files = [one.name for one in read.appenders if one.type.endswith("FileAppender")]
    unused = idle(files, read.loggers, {one.name: one.refs for one in read.appenders})
    if unused:
        yield idle_in(file.written, unused)
    for one in read.appenders:
        if one.name in unused:
            continue
        if one.type.endswith("FileAppender"):
            yield _kept(one)
        elif one.type and not _NO_FILE.search(one.type):
            yield Unread(one.type)


def _of_xml(file: File) -> _Read:
    found = _Read()
    for element in file.elements().iter():
        own, type_ = element.attrib, plain(element.tag)
        if type_ == "appender":
            settings = {
                one.get("name", "").lower(): one.get("value", "") for one in named(element, "param")
            }
            place = file.place_of(element)
            one = _Appender(own.get("name", ""), own.get("class", ""), place, settings)
            one.refs += _refs(element)
            found.appenders.append(one)
        elif type_ in _LOGGERS:
            level = next((one.get("value", "") for one in named(element, "level", "priority")), "")
            additive = type_ != "root" and own.get("additivity") != "false"
            found.loggers.append(Logger(tuple(_refs(element)), is_off(level), additive))
    return found


def _refs(around: Element) -> list[str]:
    return [one.get("ref", "") for one in named(around, "appender-ref")]


def _of_properties(file: File) -> _Read:
    found: dict[str, _Appender] = {}
    entries = list(properties_of(file))
    alone = {one.key for one in entries if one.value.strip() == "false"}
    loggers: list[Logger] = []
    for entry in entries:
        if entry.key.startswith(_PREFIX):
            name, dot, setting = entry.key.removeprefix(_PREFIX).partition(".")
            one = found.setdefault(name, _Appender(name, "", entry.place))
            if dot:
                one.settings[setting.lower()] = entry.value
            else:
                one.type, one.place = entry.value.strip(), entry.place
        elif logger := _LOGGER.fullmatch(entry.key):
            level, *names = [word.strip() for word in entry.value.split(",")]
            additive = bool(logger[1]) and f"log4j.additivity.{logger[1]}" not in alone
            loggers.append(Logger(tuple(names), is_off(level), additive))
    return _Read([*found.values()], loggers)


def _kept(one: _Appender) -> Kept:
    by_size = (f"MaxBackupIndex {one.settings.get('maxbackupindex', '1')}",)
    return Kept(
        name=one.name,
        at=lambda: Provenance(place=one.place(), address=one.name),
        kinds=kinds_named(one.name, one.settings.get("file", "")),
        limits=by_size if _BY_SIZE.search(one.type) else (),
    )
