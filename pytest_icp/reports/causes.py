"""Findings by cause (同一原因): what several subjects violate for one reason is shown once."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Sequence

from msgspec.structs import replace

from pytest_icp.kinds.finding import Finding, Verdict, alike, as_one
from pytest_icp.law.text import Text, plain
from pytest_icp.reports.entries import Entry

_NAMED = 3
"""Further subjects that are named; the others are counted."""


def by_cause(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings of a result, those with one cause as one."""
    groups: dict[Hashable, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(alike(finding), []).append(finding)
    return [as_one(group) for group in groups.values()]


def entries_by_cause(
    found: Iterable[Entry], verdicts: Collection[Verdict] = frozenset(Verdict)
) -> list[Entry]:
    """Return entries, those of one result with one of some verdicts and one cause as one.

    What is known from an earlier state and what is new stay apart.
    """
    groups: dict[Hashable, list[Entry]] = {}
    for i, entry in enumerate(found):
        cause = alike(entry.finding) if entry.finding.verdict in verdicts else i
        same = id(entry.result), entry.standing, entry.known, entry.new, entry.kept, entry.tolerated
        groups.setdefault((same, cause), []).append(entry)
    return [_as_one(group) for group in groups.values()]


def _as_one(group: Sequence[Entry]) -> Entry:
    return replace(group[0], finding=as_one([entry.finding for entry in group]))


def others(finding: Finding, besides: int = 0) -> Text:
    """Name the first further subjects of a finding, with their places, and count the rest.

    There are so many ``besides`` of these.
    """
    here = ("", str(finding.location))
    named = [
        one.subject if one.place in here else f"{one.subject} ({one.place})"
        for one in finding.others[:_NAMED]
    ]
    more = len(finding.others) - len(named) + besides
    return plain(", ".join(named) + (f", … (+{more})" if more else ""))
