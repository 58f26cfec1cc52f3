"""What is past (既往): acts that nothing bound yet, and breaches that are over.

An obligation names with ``happened`` the day of an act and with ``over`` the day on which a matter
ended. Before its article was in force, and before the licence was first issued where it rests on
the licence, it bound nobody. A breach that is over cannot be fixed: it stays a violation for the
look-back (回溯期), then it is a note. A kind says of its findings itself when they were over, such
as of what was done late. With ``over: never`` the breach goes on, however long ago it began. Where
such a day is not known, and may excuse, a violation is only an unknown.
"""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from pytest_icp.facts.asof import NEVER
from pytest_icp.kinds import messages as say
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import day_of, long_ago
from pytest_icp.kinds.editions import prints
from pytest_icp.kinds.finding import Finding, Note, NoteKind, Verdict, worst
from pytest_icp.kinds.judgement import SATISFIED, Judgement, missing, would_be_violated
from pytest_icp.kinds.legal_force import binding_since, in_force, is_statute_in_force
from pytest_icp.kinds.spans import Span, later
from pytest_icp.kinds.subjects import Fact, Subject, Tokens
from pytest_icp.law.text import Text
from pytest_icp.rules.policy import Obligation

_STAYS = Text(
    zh="；违法行为已经发生，不能补正，在回溯期内（至 {until}）继续列示",
    en="; this can no longer be fixed, and stays a violation until {until}",
)
_BEFORE = Text(zh="；早于回溯期，只作提示", en="; before the look-back, so only a note")
_NOT_OVER = Text(zh="该事项没有在回溯期以前结束", en="it was not over before the look-back")

_NEVER = Fact((), NEVER)


FIRST_ISSUE: Tokens = ("licence", "first_issued_on")
"""The fact of when there was a licence for the first time."""


def before_the_licence(obligation: Obligation, context: Context, day: date) -> bool | None:
    """Whether a day lies before the first issue of the licence that an obligation rests on.

    None where that is not known; the paper at hand is the first one, or a later one.
    """
    if not obligation.by_licence or _goes_on(obligation) or is_statute_in_force(obligation, day):
        return False
    first, issued = context.first_issued_on, context.issued_on
    if first is not None:
        return day < first
    return False if issued is not None and issued <= day else None


def _goes_on(obligation: Obligation) -> bool:
    return obligation.past.over == (NEVER,)


def binds(obligation: Obligation, context: Context, day: date) -> bool | None:
    """Whether an obligation binds what happens on a day; None where that is not known."""
    if not in_force(obligation, day):
        return False
    if is_statute_in_force(obligation, day):
        return True
    before = before_the_licence(obligation, context, day)
    if before or prints(obligation, context, day) is False:
        return False
    return None if before is None else True


def bound(obligation: Obligation, context: Context, subject: Subject) -> bool | Tokens:
    """Whether an obligation binds a subject, or the unknown fact on which that hangs.

    One whose values are those of a time is for what happened then; of what has not happened, or
    nobody knows when, for the as-of day.
    """
    past = obligation.past
    if past.happened is None and not past.over and past.span is None:
        return True
    happened, over = _happened(obligation, context, subject), _over(obligation, context, subject)
    act, end = day_of(happened), day_of(over)
    truths = [binds(obligation, context, act)] if act else []
    if end:
        before = before_the_licence(obligation, context, end)
        truths.append(None if before is None else not before)
        # What was over before there was a law, it bound nobody to.
        truths.append(end >= binding_since(obligation))
    span = obligation.past.span
    if False in truths or (span and not span[0] <= (act or context.today) <= span[1]):
        return False
    if happened.value is None and obligation.basis != "own":
        return happened.tokens
    return FIRST_ISSUE if None in truths else True


def judged_now(
    obligation: Obligation, context: Context, subject: Subject, judgement: Judgement
) -> Judgement:
    """Judge anew what is over: beyond the look-back it is no violation, whatever else is so."""
    is_right = judgement.verdict not in {Verdict.VIOLATED, Verdict.UNKNOWN}
    if is_right and not obligation.past.span:
        return judgement
    happened = _happened(obligation, context, subject)
    # It is not known by which values to judge.
    is_open = obligation.past.span and happened.value is None
    if is_open and judgement.verdict is not Verdict.NOT_APPLICABLE:
        return missing(subject, happened.tokens)
    if is_right or _goes_on(obligation):
        return judgement
    over, act = _over(obligation, context, subject), day_of(happened)
    end = day_of(over)
    if judgement.verdict is Verdict.UNKNOWN:
        return SATISFIED if end and long_ago(context, end) else judgement
    return _sorted_out(obligation, context, subject, judgement, act, over)


def in_doubt(context: Context, subject: Subject, judgement: Judgement, at: Tokens) -> Judgement:
    """Return as unknown what is violated if a duty applies, where that hangs on a fact."""
    found = tuple(
        one if one.over and long_ago(context, one.over) else _doubted(subject, one, at)
        for one in judgement.findings
    )
    verdict = worst(one.verdict for one in found) if found else judgement.verdict
    return replace(judgement, verdict=verdict, findings=found)


def _doubted(
    subject: Subject, finding: Finding, at: Tokens, condition: Text = say.IT_APPLIES
) -> Finding:
    """Return what is found as what would be a violation, if it is one."""
    if finding.verdict is not Verdict.VIOLATED:
        return finding
    gap = missing(subject, at).findings[0]
    return would_be_violated(condition, gap, [finding])[0]


def _perhaps_over(context: Context, finding: Finding) -> bool:
    """Whether a breach of which it is not known when it was over may be long past."""
    return finding.on is None or long_ago(context, finding.on)


def _happened(obligation: Obligation, context: Context, subject: Subject) -> Fact:
    path = obligation.past.happened
    return context.fact(subject, path) if path else _NEVER


def _over(obligation: Obligation, context: Context, subject: Subject) -> Fact:
    """Return the first of the days on which the matter was over that is not ``never``."""
    paths = () if _goes_on(obligation) else obligation.past.over
    facts = (context.fact(subject, path) for path in paths)
    return next((fact for fact in facts if fact.value != NEVER), _NEVER)


def _sorted_out(
    obligation: Obligation,
    context: Context,
    subject: Subject,
    judgement: Judgement,
    happened: date | None,
    over: Fact,
) -> Judgement:
    kept: list[Finding] = []
    notes = [*judgement.notes]
    for found in judgement.findings:
        # Of two days on which it was over, the first counts.
        ends = filter(None, (found.over, day_of(over)))
        one = replace(found, over=min(ends, default=None), on=found.on or happened)
        day = one.over
        if one.verdict is not Verdict.VIOLATED or (day and day > context.today):
            kept.append(replace(one, over=None))
            continue
        is_open = over.value is None and _perhaps_over(context, one)
        if day is None:
            kept.append(_doubted(subject, one, over.tokens, _NOT_OVER) if is_open else one)
            continue
        before = before_the_licence(obligation, context, day)
        if before:
            continue
        if long_ago(context, day):
            kind, text = NoteKind.LATE_REMEDIED, one.message + _BEFORE
            notes.append(Note(kind=kind, text=text, location=one.location, due=one.due))
            continue
        until = later(day, Span(context.settings.lookback_days, "days"))
        # Whether it violates anything at level review, a person must say.
        asked = obligation.level == "review"
        said = Text("", "") if asked else _STAYS.format(until=until)
        stays = replace(one, message=one.message + said)
        stays = _doubted(subject, stays, over.tokens, _NOT_OVER) if is_open else stays
        kept.append(_doubted(subject, stays, FIRST_ISSUE) if before is None else stays)
    rest = [Verdict.SATISFIED] if notes or judgement.upcoming else []
    verdict = worst([*rest, *(one.verdict for one in kept)])
    return replace(judgement, verdict=verdict, findings=tuple(kept), notes=tuple(notes))
