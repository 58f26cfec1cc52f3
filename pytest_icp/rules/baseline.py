"""A baseline: the findings that were there on a day, marked as known and never hidden."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from pytest_icp.facts.files.schema import check
from pytest_icp.facts.files.source import read_source


class Known(Struct, frozen=True, kw_only=True):
    """A finding of a baseline; the fingerprint and its description say which it is."""

    description: str
    rule: str
    subject: str
    pointer: str
    fingerprint: str

    @property
    def key(self) -> tuple[str, str]:
        """What a finding of a run is compared with."""
        return self.description, self.fingerprint


def read_baseline(path: Path) -> tuple[Known, ...]:
    """Read a baseline.

    Raises `InputError` for one that cannot be read: without it, all would look new.
    """
    source = read_source(path)
    check(source, "baseline")
    data = source.data if isinstance(source.data, Mapping) else {}
    findings = data.get("findings")
    return tuple(
        Known(**{name: str(value) for name, value in one.items()})
        for one in (findings if isinstance(findings, list) else ())
        if isinstance(one, Mapping)
    )
