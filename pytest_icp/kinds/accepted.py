"""What the parts of a rule come to together (合并), and what people accept or decide (认可) of it.

Whether an entry of the waivers file still holds is checked only here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from msgspec.structs import replace

from pytest_icp.kinds.finding import Decided, Finding, Note, Outcome, Verdict, worst
from pytest_icp.kinds.result import PartResult, Result, Waived
from pytest_icp.law.location import Location
from pytest_icp.law.text import plain
from pytest_icp.rules.policy import Obligation
from pytest_icp.rules.waivers import Waiver

# ---- What the parts of a rule come to together (合并), and what their levels make of it


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
        parts=tuple(replace(one, steps={}) for one in own),
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


def holding(waivers: Iterable[Waiver], today: date) -> tuple[Waiver, ...]:
    """Return the waivers that have not expired, and the decisions that are made, by a day."""
    return tuple(
        one
        for one in waivers
        if today <= one.expires and (one.decided_on is None or one.decided_on <= today)
    )


def settled(rule: Obligation, outcome: Outcome, waivers: Sequence[Waiver]) -> Outcome:
    """Return the outcome of a rule in which what a person has decided is not open any more."""
    decisions = [one for one in waivers if one.decided_on]
    if not decisions or not any(finding.review for finding in outcome.findings):
        return outcome
    parts = [_settled(rule.rule_id, one, decisions) for one in outcome.parts or (outcome,)]
    return joined(rule, parts)


def _settled(rule_id: str, outcome: Outcome, decisions: Sequence[Waiver]) -> Outcome:
    found = tuple(_decided(rule_id, one, decisions) for one in outcome.findings)
    if found == outcome.findings:
        return outcome
    verdict = worst((Verdict.SATISFIED, *(one.verdict for one in found)))
    return replace(outcome, verdict=verdict, findings=found)


def _decided(rule_id: str, finding: Finding, decisions: Sequence[Waiver]) -> Finding:
    """Return a finding as it was decided; what was due only later was not decided with it."""
    for one in decisions if finding.review else ():
        if one.covers(rule_id, finding.subject, finding.part) and one.settles(finding.due):
            decided = Decided(reason=one.reason, owner=one.owner, day=str(one.decided_on))
            return replace(finding, verdict=Verdict.SATISFIED, review=False, decided=decided)
    return finding


def parts_of(
    rule: Obligation, outcome: Outcome, waivers: Sequence[Waiver]
) -> tuple[PartResult, ...]:
    """Return what was decided of each part of a rule; without parts, of the only one."""
    return tuple(
        PartResult(
            name=part.part,
            title=part.title,
            level=part.level,
            verdict=one.verdict,
            quote=part.quote,
            fix=part.fix,
            waived=_waived(rule.rule_id, one.verdict, one.findings, waivers),
        )
        for part, one in zip(rule.each_part, outcome.parts or (outcome,), strict=True)
    )


def with_waiver(result: Result, waivers: Sequence[Waiver]) -> Result:
    """Return a result with the waiver that covers it, where each breach of its duty has one."""
    found = _waived(result.rule_id, result.verdict, result.binding, waivers)
    return replace(result, waived=found) if found else result


def _waived(
    rule_id: str, verdict: Verdict, findings: Sequence[Finding], waivers: Sequence[Waiver]
) -> Waived | None:
    """Return the waiver that expires first, if each breach that was found has one.

    What is unknown for another reason than that a person must decide cannot be waived.
    """
    terms = [one for one in waivers if not one.decided_on]
    if not terms:
        return None
    broken = [one for one in findings if one.broken]
    undecided = any(one.verdict is Verdict.UNKNOWN and not one.review for one in findings)
    if verdict is Verdict.UNKNOWN and undecided:
        return None
    covering = (
        (one for one in terms if one.covers(rule_id, finding.subject, finding.part))
        for finding in broken
    )
    used = [first for one in covering if (first := next(one, None))]
    if not used or len(used) < len(broken):
        return None
    first = min(used, key=lambda waiver: waiver.expires)
    return Waived(reason=first.reason, owner=first.owner, expires=first.expires.isoformat())
