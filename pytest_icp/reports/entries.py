"""The entries of a report: every finding of a run with its standing and its fingerprint."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from hashlib import sha256

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.kinds.finding import (
    Finding,
    Note,
    NoteKind,
    Verdict,
    alike,
    as_one,
    of_each_subject,
)
from pytest_icp.kinds.result import Result
from pytest_icp.kinds.standing import Standing, standing
from pytest_icp.law.jsontypes import stable_pointer
from pytest_icp.law.once import once
from pytest_icp.law.text import Text, plain
from pytest_icp.reports.layout import one_line
from pytest_icp.reports.run import Run
from pytest_icp.rules.policy import part_id
from pytest_icp.rules.practice import by_practice

_NAMED = 3
"""Further subjects that are named; the others are counted."""


class Entry(Struct, frozen=True, kw_only=True):
    """One finding of one result, or a duty that falls due soon.

    ``fingerprint`` identifies the finding whatever its line, wording and day (指纹), uniquely
    within a description. ``known`` tells that the baseline has it, ``new`` that the state that the
    run is compared with does not, ``kept`` that this state surely does, ``tolerated`` that it does
    not fail the run.
    """

    result: Result
    standing: Standing
    finding: Finding
    fingerprint: str
    known: bool = False
    new: bool = False
    kept: bool = False
    tolerated: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """What tells it apart from all others."""
        return self.result.description, self.fingerprint

    @property
    def reported_key(self) -> tuple[str, str]:
        """The same, with the description as reports write it."""
        return one_line(self.result.description), self.fingerprint


@once
def entries(run: Run) -> tuple[Entry, ...]:
    """Return the entries of a run, in the order of file, provision, rule and place."""
    found: list[Entry] = []
    seen: Counter[tuple[str, str]] = Counter()
    for result in run.results:
        ordered = sorted(_standing(result), key=_order)
        for how, finding in ((how, one) for how, each in ordered for one in of_each_subject(each)):
            # Of several that are alike the number in their order tells them apart.
            at = stable_pointer(finding.pointer)
            rule = part_id(result.rule_id, finding.part)
            first = fingerprint(rule, finding.subject, at)
            key = (result.description, first)
            seen[key] += 1
            own = first if seen[key] == 1 else fingerprint(first, str(seen[key]))
            entry = Entry(result=result, standing=how, finding=finding, fingerprint=own)
            found.append(_marked(entry, run))
    return tuple(found)


def _marked(entry: Entry, run: Run) -> Entry:
    """Return an entry with what is known of it from elsewhere."""
    known = run.known is not None and entry.reported_key in run.known
    new = run.since is not None and entry.reported_key in run.since.new
    kept = run.since is not None and entry.reported_key in run.since.known
    tolerated = entry.key in run.tolerated
    if not (known or new or kept or tolerated):
        return entry
    return replace(entry, known=known, new=new, kept=kept, tolerated=tolerated)


def worst_first(found: Iterable[Entry]) -> list[Entry]:
    """Return entries by standing, within one as they are most urgent, else in their order.

    New ones come first, of the unknown those that would be violated, and known ones last; then
    what authorities pursue most.
    """
    rank = {how: i for i, how in enumerate(Standing)}

    def order(one: Entry) -> tuple[int, bool, bool, bool, int]:
        pursued = by_practice(one.result.rule_id)
        return rank[one.standing], not one.new, one.finding.hinge is None, one.known, pursued

    return sorted(found, key=order)


def fingerprint(*parts: str) -> str:
    """Return a hash of the parts that also depends on where each part ends."""
    text = "\0".join([f"{len(part)}:{part}" for part in parts])
    return sha256(text.encode("utf-8", "replace")).hexdigest()


def _standing(result: Result) -> Iterator[tuple[Standing, Finding]]:
    for finding in result.findings or _whole(result):
        about = result.about(finding)
        waived = about.waived is not None and finding.broken
        how = standing(finding.verdict, about.level, waived=waived)
        yield Standing.DECIDED if finding.decided else how, finding
    for note in result.notes:
        if note.kind == NoteKind.DUE_SOON:
            yield Standing.DUE_SOON, _due_soon(result, note)


def _whole(result: Result) -> Iterator[Finding]:
    """Yield the result as a finding, for a user's own check that named no subject."""
    if result.verdict in {Verdict.VIOLATED, Verdict.UNKNOWN}:
        yield Finding(
            verdict=result.verdict,
            subject="",
            message=result.reason,
            found=plain(""),
            required=result.meaning,
            location=replace(result.location, pointer=""),
            cited=result.cited,
        )


def _due_soon(result: Result, note: Note) -> Finding:
    subjects = (
        one.subject
        for one in result.upcoming
        if (one.pointer, one.part) == (note.location.pointer, note.part)
    )
    return Finding(
        verdict=Verdict.SATISFIED,
        subject=next(subjects, ""),
        message=note.text,
        found=plain(""),
        required=result.meaning,
        due=note.due,
        location=replace(note.location, pointer="/due-soon"),
        cited=result.cited,
        part=note.part,
    )


def _order(entry: tuple[Standing, Finding]) -> tuple[object, ...]:
    how, finding = entry
    spot = finding.location
    place = (spot.path, spot.line or 0, spot.column or 0)
    return (*place, finding.subject, finding.pointer, finding.message.en, how)


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
