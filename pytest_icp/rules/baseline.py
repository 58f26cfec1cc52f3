"""Reads baselines: the findings of an earlier day, which are marked as known, never hidden."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from pytest_icp.facts.files.schema import check
from pytest_icp.facts.files.source import read_source


class KnownFinding(Struct, frozen=True, kw_only=True):
    """A finding of a baseline, identified by its description and fingerprint."""

    description: str
    rule: str
    subject: str
    pointer: str
    fingerprint: str

    @property
    def key(self) -> tuple[str, str]:
        """What the findings of a run are compared with."""
        return self.description, self.fingerprint


def read_baseline(path: Path, *, root: Path | None = None) -> tuple[tuple[KnownFinding, ...], str]:
    """Read a baseline and the day that it is of, inside ``root`` where one is given.

    Raises `InputError` when it cannot be read: without it, all findings would look new.
    """
    source = read_source(path, root=root)
    check(source, "baseline")
    data = source.data if isinstance(source.data, Mapping) else {}
    findings = data.get("findings")
    known = tuple(
        KnownFinding(**{name: str(value) for name, value in one.items()})
        for one in (findings if isinstance(findings, list) else ())
        if isinstance(one, Mapping)
    )
    return known, str(data.get("as_of", ""))[:10]
