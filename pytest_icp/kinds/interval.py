"""The periods of a recurring duty (周期): from its beginning, from each time to the next.

A period begins when the duty does, or with the last ``restart`` (a re-grading, a new version):
what lay before that is not judged. Each ends on the corresponding day (对应日, 民法典 202) and
never rolls. Done after the end of a period is late: violated for the look-back, then a note.
"""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from pytest_icp.facts.asof import NEVER
from pytest_icp.kinds import messages as say
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import fixed, long_ago, moment, upcoming
from pytest_icp.kinds.finding import Note, NoteKind, Verdict
from pytest_icp.kinds.judgement import (
    NOT_APPLICABLE,
    SATISFIED,
    Judgement,
    both,
    missing,
    violated,
)
from pytest_icp.kinds.record_dates import NOTHING, Found, Moment, Open, among, find
from pytest_icp.kinds.spans import Span, later, span_of
from pytest_icp.kinds.subjects import Subject, Tokens
from pytest_icp.law.jsontypes import pointer
from pytest_icp.law.text import plain
from pytest_icp.law.times import civil_date
from pytest_icp.rules.policy import Obligation


class Course(Struct, frozen=True):
    """What is known of the course of a duty: its gap, its beginning, and each time it was done.

    ``start`` is None while it is not known when the duty began.
    """

    gap: Span
    since: Found
    again: Found
    done: Found

    @property
    def start(self) -> date | None:
        """The day from which the first period runs: the beginning, or the last restart."""
        begun = self.since.first
        if begun is None:
            return None
        return max([begun.day, *(restart.day for restart in self.again.known)])

    @property
    def times(self) -> tuple[Moment, ...]:
        """Each time that it was done after the start."""
        start = self.start
        return tuple(one for one in self.done.known if start is None or one.day > start)

    @property
    def last(self) -> date | None:
        """The day from which the period runs that is open."""
        return self.times[-1].day if self.times else self.start

    def doubt(self, begun: date) -> Tokens | None:
        """The fact for want of which a period from ``begun`` may have ended otherwise."""
        if self.start is None:
            return self.since.wanting
        perhaps: tuple[Open, ...] = (*self.done.open, *self.again.open)
        return next((one.tokens for one in perhaps if one.after(begun)), None)


def course(obligation: Obligation, context: Context, subject: Subject) -> Course | None:
    """Return the course of a duty; None where it has no beginning, or its gap is not known."""
    rule = obligation.group("every")
    gap = span_of(rule)
    since = find(obligation, context, subject, "every.since", rule["since"])
    if gap is None or since.never:
        return None
    if "last" in obligation.fields:
        latest = find(obligation, context, subject, "last", obligation.fields["last"])
        return Course(gap, since, latest, latest)
    again = NOTHING
    if "restart" in rule:
        again = find(obligation, context, subject, "every.restart", rule["restart"])
    paths = (obligation.path("records"), obligation.path("at"))
    where = obligation.condition("records_where")
    return Course(gap, since, again, among(obligation, context, subject, paths, where))


def judge_interval(obligation: Obligation, context: Context, subject: Subject) -> Judgement:
    """Judge a duty that comes back so long after the last time."""
    told = course(obligation, context, subject)
    if told is None:
        return NOT_APPLICABLE
    if told.last is None:
        return missing(subject, told.since.at)
    judged = _perhaps_late(context, subject, told)
    begun = told.start
    for time in told.times:
        if begun is not None and time.day > later(begun, told.gap):
            judged = both(judged, _late(context, subject, told, begun, time))
        begun = time.day
    return both(judged, _open(context, subject, told, told.last))


def _perhaps_late(context: Context, subject: Subject, told: Course) -> Judgement:
    """Judge the periods where the duty perhaps began on an earlier day than is known."""
    begun = told.since.first
    for one in told.since.open:
        day = civil_date(one.at) if one.at is not None else date.min
        # Without any day it is counted from the first time that it was done.
        settled = one.at is None if begun is None else begun.day <= day
        if settled or any(restart.day > day for restart in told.again.known):
            continue
        times = [time.day for time in told.done.known if time.day > day]
        for time in (*times, context.today):
            if time > later(day, told.gap) and not long_ago(context, time):
                return missing(subject, one.tokens, due=later(day, told.gap))
            day = time
    return SATISFIED


def _late(context: Context, subject: Subject, told: Course, begun: date, time: Moment) -> Judgement:
    end = later(begun, told.gap)
    message = say.INTERVAL_LATE.format(since=begun, last=end, done=time.day)
    if long_ago(context, time.day):
        at = pointer(time.tokens)
        note = Note(kind=NoteKind.LATE_REMEDIED, text=message, pointer=at, due=end)
        return Judgement(verdict=Verdict.SATISFIED, notes=(note,))
    doubt = told.doubt(begun)
    if doubt is not None:
        return missing(subject, doubt, due=end)
    return violated(
        subject,
        time.tokens,
        message,
        found=plain(moment(time.day)),
        required=say.BY.format(last=end),
        due=end,
        on=end,
    )


def _open(context: Context, subject: Subject, told: Course, last: date) -> Judgement:
    """Judge the period that runs."""
    end = later(last, told.gap)
    if context.today <= end:
        return upcoming(context, subject, told.done.tokens, fixed(context, end))
    doubt = told.doubt(last)
    if doubt is not None:
        return missing(subject, doubt, due=end)
    # What is spoken of is one of the times, where the period does not run from the beginning.
    latest = next((one for one in told.done.known if one.day == last), None)
    missed = say.INTERVAL_MISSED if latest else say.INTERVAL_NEVER
    return violated(
        subject,
        latest.tokens if latest else told.done.tokens,
        missed.format(since=last, last=end),
        found=plain(moment(last) if latest else NEVER),
        required=say.BY.format(last=end),
        due=end,
        on=end,
    )
