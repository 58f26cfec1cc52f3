"""Source kind ``log-retention``: how long the settings of applications and log systems keep logs.

A file, or a folder of which every file is read that a format recognises. Each log is a store; why
its period is not known, a remark says. A new format is a function ``(File) -> Iterable[Found]`` and
a row in `FORMATS`: every row whose path and signs fit reads the file; if no path fits, the first
that finds something does.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from msgspec.structs import replace

from pytest_icp.facts.derived import Derived, Gap
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.documents import ProvenanceLookup, Value
from pytest_icp.sources.gathering import Gathering, listed
from pytest_icp.sources.log_retention.files import File, Format, Found, Unread, signs
from pytest_icp.sources.log_retention.log4j2 import read_log4j2
from pytest_icp.sources.log_retention.logback import read_logback
from pytest_icp.sources.log_retention.logrotate import read_logrotate
from pytest_icp.sources.log_retention.spring import read_spring
from pytest_icp.sources.log_retention.systems import (
    read_filebeat,
    read_index_policies,
    read_loki,
)
from pytest_icp.sources.log_stores import LOGS, Kept, LogStores
from pytest_icp.sources.request import Request

_BLOCK = ("|", "|-", "|+")


class InnerFile(File):
    """A file that is the text of a value (内含文件): what it says is said at that value."""

    def __init__(self, request: Request, name: str, outer: Value, address: str) -> None:
        path = Path(name)
        super().__init__(replace(request, path=path, given=outer.text.encode()), path)
        self._at = outer.at(address)
        # Its address: ``ConfigMap/namespace/name/file``.
        self.called = f"{address}/{name}"

    def moved(self, found: Found) -> Found:
        """Return what was found with its places in the file around."""
        if isinstance(found, Gap):
            return replace(found, place=self.around(found.place))
        if isinstance(found, Kept):
            period_at = found.period_at and self.placed(found.period_at)
            id_ = f"{self.called}:{found.name}"
            return replace(found, id=id_, at=self.placed(found.at), period_at=period_at)
        return found

    def placed(self, at: ProvenanceLookup) -> ProvenanceLookup:
        """Return what looks up where something in it is in the file around."""
        return lambda: replace(at(), place=self.around(at().place))

    def around(self, place: Place) -> Place:
        """Return the place in the file around: its line if the text is a block, else the value."""
        around = self._at().place
        block = around.excerpt.rstrip().endswith(_BLOCK)
        line = (around.line or 1) + (place.line or 1) if block else around.line
        # The line is not quoted: all of the file may stand on it.
        return replace(around, line=line, column=None, excerpt="", width=1)


def inner_files(request: Request, config_map: Value, address: str) -> Iterator[InnerFile]:
    """Yield the files of a ConfigMap."""
    for name, value in config_map.get("data").members():
        yield InnerFile(request, name, value, address)


def read_manifests(file: File) -> Iterator[Found]:
    """Yield the files in the ConfigMaps of a file."""
    for root in file.values():
        if isinstance(root, Gap):
            yield root
        else:
            for value in _config_maps(root):
                metadata = value.get("metadata")
                names = ("ConfigMap", metadata.get("namespace").text, metadata.get("name").text)
                yield from inner_files(file.request, value, "/".join(filter(None, names)))


def _config_maps(root: Value) -> Iterator[Value]:
    """Yield the ConfigMaps of a document, also those in lists."""
    waiting = [root]
    while waiting:
        value = waiting.pop()
        kind, version = value.get("kind").text, value.get("apiVersion").text
        if kind.endswith("List") and "items" in value:
            waiting += [inner for _, inner in reversed(value.get("items").members())]
        elif kind == "ConfigMap" and version and "/" not in version:
            yield value


_DOCUMENTS = re.compile(r"\.(?:json|ya?ml)$", re.IGNORECASE)

FORMATS = (
    Format(
        name="Logback",
        paths=re.compile(r"(?:^|/)logback[^/]*\.xml$|logback(?:-spring)?\.xml$", re.IGNORECASE),
        # The main file may only include others.
        signs=signs(r"(?i)<(?:appender|include)\b"),
        read=read_logback,
    ),
    Format(
        name="Spring Boot",
        paths=re.compile(
            r"(?:^|/)(?:application|bootstrap)[^/]*\.(?:ya?ml|properties)$", re.IGNORECASE
        ),
        signs=signs(r"(?i)\b(?:logging|accesslog)\b"),
        read=read_spring,
    ),
    Format(
        name="Log4j 2",
        paths=re.compile(r"log4j[^/]*\.(?:xml|properties|ya?ml|jsn|json)$", re.IGNORECASE),
        signs=signs(r"(?i)\b(?:Rolling|(?:Rolling)?RandomAccess|MemoryMapped)?File\b"),
        read=read_log4j2,
    ),
    Format(
        name="logrotate",
        paths=re.compile(r"logrotate[^/]*+(?:/[^/]++)?+(?<!\.yaml)(?<!\.yml)(?<!\.json)(?<!\.sh)$"),
        signs=signs(
            r"(?m)^[ \t]*(?:rotate[ \t=]+[-\d{]"
            r"|(?:hour|dai|week|month|year)ly(?:[ \t\r]*$|[ \t]+rotate\b)"
            r"|(?:max|min)?(?:size|age)[ \t=]+[\d{]"
            r"|(?:missingok|notifempty|delaycompress|copytruncate|sharedscripts)\b"
            r"|include[ \t]+[^;\r\n]+$)"
        ),
        read=read_logrotate,
    ),
    Format(
        name="ILM, ISM",
        paths=_DOCUMENTS,
        signs=signs(r"\b(?:phases|default_state|data_retention)\"?\s*:"),
        read=read_index_policies,
    ),
    Format(
        name="Loki",
        paths=_DOCUMENTS,
        signs=signs(
            r"(?m)\b(?:limits_config|schema_config|table_manager)\"?\s*:|^overrides:[ \t\r]*$"
        ),
        read=read_loki,
    ),
    Format(
        name="Filebeat",
        paths=re.compile(r"\.ya?ml$", re.IGNORECASE),
        signs=signs(r"(?m)^(?:filebeat[.:]|output\.(?:elasticsearch|file)\b)"),
        read=read_filebeat,
    ),
    Format(
        name="ConfigMap",
        paths=_DOCUMENTS,
        signs=signs(r"\bkind\"?\s*:\s*[\"']?ConfigMap\b"),
        read=read_manifests,
    ),
)


@lru_cache(maxsize=16)
def formats_of(called: str) -> tuple[Format, ...]:
    """Return the formats that know files of a name, with ``/`` between the folders above."""
    near = "/".join(called.split("/")[-2:])
    return tuple([one for one in FORMATS if one.paths.search(near)])


class Stores(LogStores):
    """The stores of logs that files set up, and the files in ConfigMaps."""

    def __init__(self, request: Request, into: Gathering, *, elsewhere: bool = True) -> None:
        super().__init__(into, elsewhere=elsewhere)
        self._request = request

    def read(self, file: File, *, alone: bool = False) -> bool:
        """Take what is in a file; return whether there is anything.

        A file whose name no format knows is read if it was asked for ``alone``, by the first format
        that finds something in it.
        """
        named = [one for one in formats_of(file.called) if one.is_in(file)]
        by_signs = (one for one in FORMATS if alone and one.is_in(file))
        names: defaultdict[str, int] = defaultdict(int)
        for one in named or by_signs:
            for found in one.read(file):
                self._take(file, file.moved(found), names)
            if names and not named:
                break
        return bool(names)

    def _take(self, file: File, found: Found, names: defaultdict[str, int]) -> None:
        """Take what a format found; of two logs in a file with one name, the second is ``#2``."""
        if isinstance(found, Kept):
            written = file.written if found.path is None else self._request.as_written(found.path)
            id_ = found.id or f"{written}:{found.name}"
            names[id_] += 1
            times = names[id_]
            self.keep(id_ if times == 1 or found.id else f"{id_}#{times}", found)
        elif isinstance(found, Gap):
            names[""] += 1
            self._into.gap(found.message, found.place, *found.kinds)
        elif isinstance(found, Unread):
            names[""] += 1
            self._into.unmapped[found.type] += 1
        elif isinstance(found, Text):
            names[""] += 1
            self._into.remark(found)
        else:
            names[""] += self.read_inner(found)

    def read_inner(self, inner: File) -> bool:
        """Take what is in a file inside of another; one that cannot be read is a gap."""
        try:
            return self.read(inner)
        except InputError as error:
            place = error.place or Place(path=inner.path)
            gap = Gap(message=error.message, place=place, kinds=frozenset({LOGS}))
            self._take(inner, inner.moved(gap), defaultdict(int))
            return True


def read_log_retention(request: Request) -> Derived:
    """Read how long logs are kept (日志保存设置): each log is a store of logs.

    A period is known where a file sets one and nothing but time limits it. Of a folder, a file
    that cannot be read is a gap.

    Raises `InputError` if there is no log in what is read.
    """
    into = Gathering(request)
    stores = Stores(request, into)
    paths = list(request.files())
    alone = paths == [request.path]
    found = False
    for path in paths:
        try:
            found |= stores.read(File(request, path), alone=alone)
        except InputError as error:
            if alone:
                raise
            found = True
            into.refused(error, path, LOGS)
    if not found:
        hint = _FORMATS.format(names=listed([one.name for one in FORMATS]))
        raise InputError(_NONE, place=Place(path=request.path), hint=hint)
    stores.finish()
    return into.derived()


_NONE = Text(zh="没有关于日志保存时间的设置", en="nothing here says how long logs are kept")
_FORMATS = Text(zh="能够读取的格式：{names}", en="formats that are read: {names}")
