"""Reads the JSON Lines of an earlier run (以前的报告), to compare a run with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from pytest_icp.facts.files.source import MEGABYTE, read_bytes
from pytest_icp.kinds.standing import OPEN, Standing
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.reports.run import VERSION
from pytest_icp.reports.since import Base, Was
from pytest_icp.rules.policy import part_id

_LARGEST = 512 * MEGABYTE
_NO_LINE = Text(
    zh="不是 pytest-icp 的 JSON Lines 报告", en="this is no JSON Lines report of pytest-icp"
)
_WRITE_ONE = Text(zh="由 --icp-report=jsonl=文件 写出", en="--icp-report=jsonl=FILE writes one")
_GRADES = frozenset(Standing)


def earlier_run(path: Path, name: str) -> Base:
    """Return the findings of an earlier run; raises `InputError` for what is no report of one."""
    findings, upcoming, days = {}, {}, set()
    for line in _lines(path):
        days.add(str(line.get("as_of", ""))[:10])
        if line.get("grade") not in _GRADES or "fingerprint" not in line:
            continue
        was = Was(
            description=str(line.get("description", "")),
            rule=part_id(str(line.get("rule", "")), str(line.get("part", ""))),
            subject=str(line.get("subject", "")),
            pointer=str(line.get("pointer", "")),
            fingerprint=str(line["fingerprint"]),
            standing=Standing(str(line["grade"])),
        )
        if was.standing in {*OPEN, Standing.WAIVED}:
            findings[was.key] = was
        if was.standing is Standing.DUE_SOON and "due" in line:
            upcoming[was.description, was.rule, was.subject] = str(line["due"])
    return Base(name=name, day=max(days, default=""), findings=findings, upcoming=upcoming)


def _lines(path: Path) -> Iterator[Mapping[str, object]]:
    for n, raw in enumerate(read_bytes(path, root=None, limit=_LARGEST).splitlines(), 1):
        if not raw.strip():
            continue
        try:
            line = msgspec.json.decode(raw, type=dict[str, object])
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            line = {}
        if line.get("apiVersion") != VERSION:
            raise InputError(_NO_LINE, place=Place(path=path, line=n), hint=_WRITE_ONE)
        yield line
