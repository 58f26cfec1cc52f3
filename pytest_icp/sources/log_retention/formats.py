"""The formats in which applications and log systems say how long logs are kept.

A new one is a module with a function `(File) -> Iterable[Kept | Gap]` and a row here. Every row
whose path and signs fit reads the file; if no path fits, the first that finds something does.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from pytest_icp.facts.derived import Gap
from pytest_icp.sources.log_retention.filebeat import read_filebeat
from pytest_icp.sources.log_retention.files import File, Format, Found, signs
from pytest_icp.sources.log_retention.fluent_bit import read_fluent_bit
from pytest_icp.sources.log_retention.index_policies import read_index_policies
from pytest_icp.sources.log_retention.log4j2 import read_log4j2
from pytest_icp.sources.log_retention.logback import read_logback
from pytest_icp.sources.log_retention.logrotate import read_logrotate
from pytest_icp.sources.log_retention.loki import read_loki
from pytest_icp.sources.log_retention.spring import read_spring
from pytest_icp.sources.log_stores import Kept

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_icp.law.location import Place
    from pytest_icp.sources.gathering import ProvenanceLookup
    from pytest_icp.sources.request import Request
    from pytest_icp.sources.values import Value

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
            return replace(found, place=self._around(found.place))
        if isinstance(found, Kept):
            period_at = found.period_at and self._moved(found.period_at)
            id_ = f"{self.called}:{found.name}"
            return replace(found, id=id_, at=self._moved(found.at), period_at=period_at)
        return found

    def _moved(self, at: ProvenanceLookup) -> ProvenanceLookup:
        return lambda: replace(at(), place=self._around(at().place))

    def _around(self, place: Place) -> Place:
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
        signs=signs(r"(?i)<appender\b|springframework/boot/logging"),
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
        name="Fluent Bit",
        paths=re.compile(r"\.(?:conf|ya?ml)$", re.IGNORECASE),
        signs=signs(r"(?im)^\[output\]|^pipeline:"),
        read=read_fluent_bit,
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
