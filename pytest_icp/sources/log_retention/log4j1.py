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
from pytest_icp.sources.log_retention.properties import properties_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_icp.law.location import Place
    from pytest_icp.sources.log_retention.kept import File

_PREFIX = "log4j.appender."
_NO_FILE = re.compile(r"(?:Console|Async|Null)\w*?Appender$")
_BY_SIZE = re.compile(r"(?<!Daily)RollingFileAppender$")


class _Appender(Struct):
    """An appender: its name, class, settings by their names in lower case, and its place."""

    name: str
    type: str
    place: Callable[[], Place]
    settings: dict[str, str] = field(default_factory=dict)


def read_log4j1(file: File) -> Iterator[Found]:
    """Yield the appenders that write files."""
    is_xml = file.path.suffix.lower() == ".xml"
    for one in _of_xml(file) if is_xml else _of_properties(file):
        if one.type.endswith("FileAppender"):
            yield _kept(one)
        elif one.type and not _NO_FILE.search(one.type):
            yield Unread(one.type)


def _of_xml(file: File) -> Iterator[_Appender]:
    for element in file.elements().iter():
        if plain(element.tag) == "appender":
            own = element.attrib
            yield _Appender(
                own.get("name", ""),
                own.get("class", ""),
                file.place_of(element),
                {
                    one.get("name", "").lower(): one.get("value", "")
                    for one in named(element, "param")
                },
            )


def _of_properties(file: File) -> Iterator[_Appender]:
    found: dict[str, _Appender] = {}
    for entry in properties_of(file):
        if entry.key.startswith(_PREFIX):
            name, dot, setting = entry.key.removeprefix(_PREFIX).partition(".")
            one = found.setdefault(name, _Appender(name, "", entry.place))
            if dot:
                one.settings[setting.lower()] = entry.value
            else:
                one.type, one.place = entry.value.strip(), entry.place
    yield from found.values()


def _kept(one: _Appender) -> Kept:
    by_size = (f"MaxBackupIndex {one.settings.get('maxbackupindex', '1')}",)
    return Kept(
        name=one.name,
        at=lambda: Provenance(place=one.place(), address=one.name),
        kinds=kinds_named(one.name, one.settings.get("file", "")),
        limits=by_size if _BY_SIZE.search(one.type) else (),
    )
