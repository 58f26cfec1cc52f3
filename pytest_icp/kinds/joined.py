"""What the parts of a rule come to together (合并), and what their levels make of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from pytest_icp.kinds.finding import Finding, Note, Outcome, Verdict
from pytest_icp.law.location import Location
from pytest_icp.law.text import plain
from pytest_icp.rules.policy import Obligation


def joined(rule: Obligation, outcomes: Sequence[Outcome]) -> Outcome:
    """Return the outcome of a rule, given one for each of its parts; without parts, the only one.

    Its verdict is the worst of those parts that are more than advice, and of advice where all is;
    what is found in a part names it. What is advice is listed after the others.
    """
    parts = rule.each_part
    own = [_of_part(part, one) for part, one in zip(parts, outcomes, strict=True)]
    if not rule.parts:
        return own[0]
    binding = [one for part, one in zip(parts, own, strict=True) if part.level != "advisory"]
    advice = [one for part, one in zip(parts, own, strict=True) if part.level == "advisory"]
    every = [*binding, *advice]
    lead = min(binding or advice, key=lambda one: [*Verdict].index(one.verdict))
    return Outcome(
        verdict=lead.verdict,
        reason=lead.reason,
        pointer=lead.pointer,
        findings=tuple(finding for one in every for finding in one.findings),
        notes=_shared(note for one in every for note in one.notes),
        upcoming=tuple(duty for one in every for duty in one.upcoming),
        subjects=max(one.subjects for one in every),
        parts=tuple(own),
    )


def _shared(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Return the notes on parts; what several parts say alike is a note on the rule."""
    said: dict[Note, Note] = {}
    for note in notes:
        of_rule = replace(note, part="")
        said[of_rule] = of_rule if of_rule in said else note
    return tuple(said.values())


def _of_part(part: Obligation, outcome: Outcome) -> Outcome:
    """Return an outcome as that of a part: what it finds names the part, and has its level."""
    if part.level == "review":
        outcome = _to_review(part, outcome)
    if not part.part:
        return outcome
    name = part.part
    return replace(
        outcome,
        findings=tuple(replace(one, part=name) for one in outcome.findings),
        notes=tuple(replace(one, part=name) for one in outcome.notes),
        upcoming=tuple(replace(one, part=name) for one in outcome.upcoming),
    )


def _to_review(part: Obligation, outcome: Outcome) -> Outcome:
    """Return an outcome in which what is broken is unknown: a person must say what it means."""
    if outcome.verdict is not Verdict.VIOLATED:
        return outcome
    found = outcome.findings or (
        Finding(
            verdict=Verdict.VIOLATED,
            subject="",
            location=Location(pointer=outcome.pointer),
            message=outcome.reason,
            found=plain(""),
            required=part.meaning,
        ),
    )
    return replace(
        outcome,
        verdict=Verdict.UNKNOWN,
        findings=tuple(
            replace(one, verdict=Verdict.UNKNOWN, review=True) if one.broken else one
            for one in found
        ),
    )
