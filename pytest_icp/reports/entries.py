"""The entries of a report: every finding of a run with its standing and its fingerprint."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.kinds.finding import Finding, Note, NoteKind, Verdict, of_each_subject
from pytest_icp.kinds.result import Result
from pytest_icp.kinds.standing import Standing, standing
from pytest_icp.law.jsontypes import stable_pointer
from pytest_icp.law.once import once
from pytest_icp.law.text import plain
from pytest_icp.reports.layout import one_line
from pytest_icp.reports.run import Run
from pytest_icp.rules.policy import part_id
from pytest_icp.rules.practice import by_practice


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
        if (one.location, one.part) == (note.location, note.part)
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
