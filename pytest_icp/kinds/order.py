"""Kind ``order`` (先后): one date comes before another, perhaps by a least or greatest gap.

``first`` and ``then`` are paths of dates, or ``{first: path, where: …, at: path}`` for the
earliest of several records; ``joined_by`` tells which records belong to the subject.
``at_least`` and ``at_most`` give the gap as ``{days | months | years: n}``; without either,
``then`` may fall on the same day, and of two instants it is not the earlier. What has happened
while ``first`` never did came too soon; a greatest gap, though, never began to run.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import partial

from pytest_icp.facts.asof import NEVER
from pytest_icp.kinds import glance
from pytest_icp.kinds import messages as say
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import fixed, moment, not_after, upcoming
from pytest_icp.kinds.finding import Outcome, Verdict
from pytest_icp.kinds.judgement import (
    NOT_APPLICABLE,
    SATISFIED,
    Judgement,
    missing,
    unknown,
    violated,
)
from pytest_icp.kinds.legal_force import in_force
from pytest_icp.kinds.record_dates import Found, Moment, find
from pytest_icp.kinds.selection import Glance, judge_each
from pytest_icp.kinds.spans import Span, earlier, later, span_of
from pytest_icp.kinds.subjects import Subject
from pytest_icp.law.text import Text, plain
from pytest_icp.law.times import civil_date
from pytest_icp.rules.policy import Obligation


def check_order(obligation: Obligation, context: Context) -> Outcome:
    """Decide an ``order``."""

    def judge(subject: Subject) -> Judgement:
        first, then = ends(obligation, context, subject)
        if then.never or not _binds(obligation, first, then):
            return NOT_APPLICABLE
        if first.never and "at_most" in obligation.fields:
            # A greatest gap has not begun to run.
            return NOT_APPLICABLE
        if first.never and then.first is not None:
            return _never(obligation, context, subject, first, then.first)
        if first.first is None or then.first is None:
            side = then if first.first is not None or first.never else first
            return missing(subject, side.at)
        judged = _compare(obligation, subject, first.first, then.first)
        return _certain(obligation, subject, judged, first, then)

    return judge_each(obligation, context, judge, _glance(obligation, context))


def ends(obligation: Obligation, context: Context, subject: Subject) -> tuple[Found, Found]:
    """Find the two dates that are compared."""
    first, then = (
        find(obligation, context, subject, name, obligation.fields[name])
        for name in ("first", "then")
    )
    return first, then


def _binds(obligation: Obligation, first: Found, then: Found) -> bool:
    """Whether the law was in force: when the gap began to run, else when ``then`` happened."""
    gap = {"at_least", "at_most"} & obligation.fields.keys()
    event = first.first if gap else then.first
    return event is None or in_force(obligation, event.day)


def _never(
    obligation: Obligation, context: Context, subject: Subject, first: Found, then: Moment
) -> Judgement:
    """Judge what has happened, or is planned, while what comes first was never done."""
    least = span_of(obligation.group("at_least"))
    last = earlier(then.day, least) if least else then.at
    if not_after(context.as_of, last):
        return upcoming(context, subject, first.tokens, fixed(context, civil_date(last)))
    return violated(
        subject,
        first.tokens,
        say.NOT_FIRST.format(then=moment(then.at)),
        found=plain(NEVER),
        required=say.NOT_AFTER.format(day=moment(last)),
        on=then.day,
    )


def _compare(obligation: Obligation, subject: Subject, first: Moment, then: Moment) -> Judgement:
    least = span_of(obligation.group("at_least"))
    most = span_of(obligation.group("at_most"))

    def wrong(message: Text, required: Text) -> Judgement:
        found = plain(moment(then.at))
        return violated(subject, then.tokens, message, found=found, required=required, on=then.day)

    if least and then.day < later(first.day, least):
        return wrong(_gap(say.TOO_SOON, first, then, least), _bound(say.NOT_BEFORE, first, least))
    if most and then.day > later(first.day, most):
        return wrong(_gap(say.TOO_LATE, first, then, most), _bound(say.NOT_AFTER, first, most))
    required = say.NOT_BEFORE.format(day=moment(first.at))
    if then.day < first.day or _earlier(then.at, first.at):
        words = {"first": moment(first.at), "then": moment(then.at)}
        return wrong(say.BACKWARDS.format(**words), required)
    if not (least or most) and _too_coarse(first.at, then.at):
        found = plain(moment(then.at))
        return unknown(subject, then.tokens, say.IMPRECISE, found=found, required=required)
    return SATISFIED


def _earlier(then: date, first: date) -> bool:
    return isinstance(then, datetime) and isinstance(first, datetime) and then < first


def _too_coarse(first: date, then: date) -> bool:
    """Whether one is an instant on the other, of which the day alone is known."""
    exact = {isinstance(first, datetime), isinstance(then, datetime)}
    return len(exact) > 1 and moment(first)[:10] == moment(then)[:10]


def _certain(
    obligation: Obligation, subject: Subject, judged: Judgement, first: Found, then: Found
) -> Judgement:
    """Doubt a judgement that an earlier record might turn, where there perhaps is one."""
    sides = [first, then] if judged.verdict is Verdict.VIOLATED else [then, first]
    if "at_most" not in obligation.fields:
        sides = sides[:1]
    wanting = next((side.wanting for side in sides if side.wanting is not None), None)
    return judged if wanting is None else missing(subject, wanting)


def _gap(message: Text, first: Moment, then: Moment, gap: Span) -> Text:
    return message.format(first=first.day, then=then.day, gap=gap.text)


def _bound(message: Text, first: Moment, gap: Span) -> Text:
    return message.format(day=later(first.day, gap))


def _glance(obligation: Obligation, context: Context) -> Glance | None:
    """See two days in order, with the gaps that are asked for."""
    if not glance.knows(obligation.fields, "first", "then", "at_least", "at_most"):
        return None
    if not all(isinstance(obligation.fields[name], str) for name in ("first", "then")):
        return None
    first, then = (glance.reader(context, obligation.path(name)) for name in ("first", "then"))
    least, most = (span_of(obligation.group(name)) for name in ("at_least", "at_most"))
    return glance.in_order(first, then, (least, most), partial(in_force, obligation))
