"""What people accept or decide (认可): waivers of breaches, and decisions that a duty was met.

Whether an entry of the waivers file still holds is checked only here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from msgspec.structs import replace

from pytest_icp.kinds.finding import Decided, Finding, Outcome, Verdict, worst
from pytest_icp.kinds.joined import joined
from pytest_icp.kinds.result import PartResult, Result, Waived
from pytest_icp.rules.policy import Obligation
from pytest_icp.rules.waivers import Waiver


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
    """Return what was decided of each part of a rule."""
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
        for part, one in zip(rule.parts, outcome.parts, strict=True)
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
