"""Fluent Bit: the stores that its outputs write logs to.

Only CloudWatch is told by an output how long to keep a log, and only for a group that the output
creates; every other store has a period of its own elsewhere. An output that hands on, such as
``forward`` or ``kafka``, stores nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.derived import Gap, Provenance
from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.sources.log_retention.files import Found, Unread, common_kinds, whole
from pytest_icp.sources.log_stores import ELSEWHERE, Kept, after_apply

if TYPE_CHECKING:
    from pytest_icp.sources.gathering import ProvenanceLookup
    from pytest_icp.sources.log_retention.files import File

_LINE = re.compile(r"^[ \t]*+(?:\[(\w++)\]|([A-Za-z][\w.]*+)[ \t]++([^\r\n]++))", re.MULTILINE)
_YAML = re.compile(r"^pipeline:", re.MULTILINE)
_ON = frozenset({"on", "true", "yes", "1"})

_NAMED_BY: Mapping[str, str] = MappingProxyType(
    {
        "azure": "log_type",
        "azure_blob": "container_name",
        "bigquery": "table_id",
        "cloudwatch": "log_group_name",
        "cloudwatch_logs": "log_group_name",
        "es": "index",
        "file": "path",
        "loki": "labels",
        "opensearch": "index",
        "pgsql": "table",
        "s3": "bucket",
        "splunk": "event_index",
    }
)
"""The outputs that are stores, and what names the log there."""

_HANDED_ON = frozenset(
    {
        *("counter", "exit", "flowcounter", "forward", "gelf", "http", "kafka", "kafka-rest"),
        *("kinesis_firehose", "kinesis_streams", "nats", "null", "opentelemetry", "plot"),
        *("prometheus_exporter", "prometheus_remote_write", "stdout", "syslog", "tcp", "udp"),
    }
)


class _Section(Confidential, Struct, frozen=True, eq=False):
    """An input or output: its settings by their names in small letters, each with its place."""

    _shown = ("is_output",)

    is_output: bool
    at: ProvenanceLookup
    settings: dict[str, tuple[str, ProvenanceLookup]]

    def says(self, name: str) -> str:
        """Return a setting, or nothing."""
        return self.settings[name][0] if name in self.settings else ""


def read_fluent_bit(file: File) -> Iterator[Found]:
    """Yield the stores of the outputs."""
    sections: list[_Section] = []
    for found in _documents(file) if _YAML.search(file.text) else _classic(file):
        if isinstance(found, Gap):
            yield found
        else:
            sections.append(found)
    paths = [one.says("path") for one in sections if not one.is_output]
    kinds = common_kinds(paths)
    for section in sections:
        if section.is_output:
            yield from _output(section, kinds)


def _classic(file: File) -> Iterator[_Section]:
    section: _Section | None = None
    for line in _LINE.finditer(file.text):
        file.request.meter.spend("elements")
        if line[1]:
            kind = line[1].lower()
            section = None
            if kind in {"input", "output"}:
                section = _Section(kind == "output", _at(file, line), {})
                yield section
        elif section is not None:
            name = line[2].lower()
            section.settings[name] = line[3].strip(), _at(file, line, line[2])


def _at(file: File, line: re.Match[str], attribute: str = "") -> ProvenanceLookup:
    # The line is not quoted: what stands beside it on a line may be a secret.
    start, end = line.span(2 if attribute else 0)

    def lookup() -> Provenance:
        place = replace(file.place(start, end), excerpt="")
        return Provenance(place=place, address="output", attribute=attribute)

    return lookup


def _documents(file: File) -> Iterator[_Section | Gap]:
    for root in file.values():
        if isinstance(root, Gap):
            yield root
            continue
        for kind in ("inputs", "outputs"):
            for _, one in root.get("pipeline", kind).members():
                settings = {
                    name.lower(): (value.text, value.at("output")) for name, value in one.members()
                }
                yield _Section(kind == "outputs", one.at("output"), settings)


def _output(section: _Section, kinds: tuple[str, ...]) -> Iterator[Found]:
    plugin = section.says("name").lower()
    if plugin not in _NAMED_BY:
        if plugin not in _HANDED_ON:
            yield Unread(f"output {plugin}")
        return
    by = _NAMED_BY[plugin]
    if section.says("logstash_format").lower() in _ON:
        by = "logstash_prefix"
    name = f"{plugin} {section.says(by)}".strip()
    # A group is called by its name wherever it is spoken of.
    group = section.says(by) if plugin.startswith("cloudwatch") else ""
    id_ = group if "$" not in group else ""
    kept = Kept(name=name, id=id_, at=section.at, kinds=kinds, why=ELSEWHERE)
    if plugin == "file":
        yield replace(kept, why=None)
    elif "log_retention_days" in section.settings:
        written, at = section.settings["log_retention_days"]
        days = whole(written)
        if days is None:
            yield replace(kept, why=None, period_at=after_apply(at))
        else:
            yield replace(kept, why=None, period={"days": days}, period_at=at)
    else:
        yield kept
