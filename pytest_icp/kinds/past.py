"""What is past (既往): acts that nothing bound yet, and breaches that are over.

An obligation names with ``happened`` the day of an act and with ``over`` the day on which a matter
ended. Before its article was in force, and before the licence was first issued where it rests on
the licence, it bound nobody. A breach that is over cannot be mended: it stays a violation for the
look-back (回溯期), then it is a note; only a day that is declared excuses. A kind says of its
findings itself when they were over, such as of what was done late. With ``over: never`` the breach
goes on, however long ago it began.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from msgspec.structs import replace

from pytest_icp.facts.asof import NEVER
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import day_of, long_ago
from pytest_icp.kinds.finding import Finding, Note, NoteKind, Verdict, worst
from pytest_icp.kinds.judgement import SATISFIED, Judgement, missing
from pytest_icp.kinds.legal_force import in_force
from pytest_icp.kinds.spans import Span, later
from pytest_icp.kinds.subjects import Subject
from pytest_icp.law.text import Text
from pytest_icp.rules.policy import Obligation

_STAYS = Text(
    zh="；已无法补救，至 {until} 仍属违反",
    en="; this can no longer be mended, and stays a violation until {until}",
)
_BEFORE = Text(zh="；早于回溯期，只作提示", en="; before the look-back, so only a note")


def before_the_licence(obligation: Obligation, context: Context, day: date) -> bool:
    """Whether a day lies before the first issue of the licence that an obligation rests on."""
    if obligation.basis != "licence" or _goes_on(obligation):
        return False
    issued = context.first_issued_on
    return issued is not None and day < issued


def _goes_on(obligation: Obligation) -> bool:
    return obligation.past.over == (NEVER,)


def binds(obligation: Obligation, context: Context, day: date) -> bool:
    """Whether an obligation binds what happens on a day."""
    return in_force(obligation, day) and not before_the_licence(obligation, context, day)


def bound(obligation: Obligation, context: Context, subject: Subject) -> bool:
    """Whether an obligation binds a subject, as far as its days tell.

    One whose values are those of a time is for what happened then; of what has not happened, or
    nobody knows when, for the as-of day.
    """
    happened, over = _happened(obligation, context, subject), _over(obligation, context, subject)
    if happened and not binds(obligation, context, happened):
        return False
    span = obligation.past.span
    if span and not span[0] <= (happened or context.today) <= span[1]:
        return False
    return not (over and before_the_licence(obligation, context, over))


def judged_now(
    obligation: Obligation, context: Context, subject: Subject, judgement: Judgement
) -> Judgement:
    """Judge anew what is over: beyond the look-back it is no violation, whatever else is so."""
    path = obligation.past.happened
    if obligation.past.span and path and judgement.verdict is not Verdict.NOT_APPLICABLE:
        # It is not known by which values to judge.
        fact = context.fact(subject, path)
        if fact.value is None:
            return missing(subject, fact.tokens)
    if judgement.verdict not in {Verdict.VIOLATED, Verdict.UNKNOWN} or _goes_on(obligation):
        return judgement
    happened, over = _happened(obligation, context, subject), _over(obligation, context, subject)
    if judgement.verdict is Verdict.UNKNOWN:
        return SATISFIED if over and long_ago(context, over) else judgement
    found = [
        replace(one, over=one.over or over, on=one.on or happened) for one in judgement.findings
    ]
    return _sorted_out(obligation, context, judgement, found)


def _happened(obligation: Obligation, context: Context, subject: Subject) -> date | None:
    path = obligation.past.happened
    return day_of(context.fact(subject, path)) if path else None


def _over(obligation: Obligation, context: Context, subject: Subject) -> date | None:
    paths = () if _goes_on(obligation) else obligation.past.over
    days = (day_of(context.fact(subject, path)) for path in paths)
    return next((day for day in days if day), None)


def _sorted_out(
    obligation: Obligation, context: Context, judgement: Judgement, found: Iterable[Finding]
) -> Judgement:
    kept: list[Finding] = []
    notes = [*judgement.notes]
    for one in found:
        day = one.over
        if one.verdict is not Verdict.VIOLATED or day is None or day > context.today:
            kept.append(replace(one, over=None))
        elif before_the_licence(obligation, context, day):
            continue
        elif long_ago(context, day):
            kind, text = NoteKind.LATE_REMEDIED, one.message + _BEFORE
            notes.append(Note(kind=kind, text=text, location=one.location, due=one.due))
        else:
            until = later(day, Span(context.settings.lookback_days, "days"))
            kept.append(replace(one, message=one.message + _STAYS.format(until=until)))
    rest = [Verdict.SATISFIED] if notes or judgement.upcoming else []
    verdict = worst([*rest, *(one.verdict for one in kept)])
    return replace(judgement, verdict=verdict, findings=tuple(kept), notes=tuple(notes))
