"""The entries of a report: every finding of a run, graded, with a fingerprint of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from enum import StrEnum
from hashlib import sha256

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.kinds.finding import Finding, Note, NoteKind, Verdict
from pytest_icp.kinds.result import Result
from pytest_icp.law.text import Text, plain
from pytest_icp.reports.run import Run, once


class Grade(StrEnum):
    """How bad an entry is (等级), the worst first."""

    VIOLATED = "violated"
    UNKNOWN = "unknown"
    ADVISORY = "advisory"
    DUE_SOON = "due soon"
    WAIVED = "waived"


_NAMES = {
    Grade.VIOLATED: Text(zh="违反", en="violated"),
    Grade.UNKNOWN: Text(zh="无法判断", en="unknown"),
    Grade.ADVISORY: Text(zh="建议性要求未满足", en="advisory, not met"),
    Grade.DUE_SOON: Text(zh="即将到期", en="due soon"),
    Grade.WAIVED: Text(zh="已豁免", en="waived"),
}


def grade_name(grade: Grade) -> Text:
    """Return the word for a grade in both languages."""
    return _NAMES[grade]


class Entry(Struct, frozen=True, kw_only=True):
    """One finding of one result, or a duty that falls due soon.

    ``fingerprint`` says which finding it is, whatever its line, words and day (指纹); two of
    one description are never the same. ``known`` says that the baseline has it.
    """

    result: Result
    grade: Grade
    finding: Finding
    fingerprint: str
    known: bool = False


@once
def entries(run: Run) -> tuple[Entry, ...]:
    """Return the entries of a run, in the order of file, provision, rule and place."""
    known = run.known or frozenset()
    found: list[Entry] = []
    seen: Counter[tuple[str, str]] = Counter()
    for result in run.results:
        for grade, finding in sorted(_graded(result), key=_order):
            # Of several that are alike the number in their order tells them apart.
            at = stable_pointer(finding.pointer)
            first = fingerprint(result.rule_id, finding.subject, at)
            key = (result.description, first)
            seen[key] += 1
            own = first if seen[key] == 1 else fingerprint(first, str(seen[key]))
            entry = Entry(result=result, grade=grade, finding=finding, fingerprint=own)
            if (result.description, own) in known:
                entry = replace(entry, known=True)
            found.append(entry)
    return tuple(found)


def worst_first(found: Iterable[Entry]) -> list[Entry]:
    """Return entries by grade; within one grade the new ones first, else in their order."""
    rank = {grade: i for i, grade in enumerate(Grade)}
    return sorted(found, key=lambda entry: (rank[entry.grade], entry.known))


def fingerprint(*parts: str) -> str:
    """Return a hash that tells parts apart wherever one ends and the next begins."""
    text = "\0".join([f"{len(part)}:{part}" for part in parts])
    return sha256(text.encode("utf-8", "replace")).hexdigest()


def stable_pointer(json_pointer: str) -> str:
    """Return a pointer without the places in lists, which change when an element is added."""
    return "/".join(["*" if token.isdecimal() else token for token in json_pointer.split("/")])


def _graded(result: Result) -> Iterator[tuple[Grade, Finding]]:
    for finding in result.findings or _whole(result):
        yield _grade(result, finding), finding
    for note in result.notes:
        if note.kind == NoteKind.DUE_SOON:
            yield Grade.DUE_SOON, _due_soon(result, note)


def _grade(result: Result, finding: Finding) -> Grade:
    if finding.verdict is Verdict.UNKNOWN:
        return Grade.UNKNOWN
    if result.waived:
        return Grade.WAIVED
    return Grade.VIOLATED if result.level == "mandatory" else Grade.ADVISORY


def _whole(result: Result) -> Iterator[Finding]:
    """Yield the result as a finding, where a check of somebody's own named no subject."""
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
    subjects = (one.subject for one in result.upcoming if one.location == note.location)
    return Finding(
        verdict=Verdict.SATISFIED,
        subject=next(subjects, ""),
        message=note.text,
        found=plain(""),
        required=result.meaning,
        due=note.due,
        location=replace(note.location, pointer="/due-soon"),
        cited=result.cited,
    )


def _order(graded: tuple[Grade, Finding]) -> tuple[object, ...]:
    grade, finding = graded
    spot = finding.location
    place = (spot.path, spot.line or 0, spot.column or 0)
    return (*place, finding.subject, finding.pointer, finding.message.en, grade)
