"""The periods of a recurring duty (周期): from its beginning, from each time to the next.

A period begins when the duty does, or with the last ``restart`` (a re-grading, a new version):
what lay before that is not judged. Each ends on the corresponding day (对应日, 民法典 202) and
never rolls. Done after the end of a period is late: violated for the look-back, then a note.

Once in every calendar year (每年至少一次) is not a year from the last time: a period then ends on
31 December, of the year after the last time, or so many years after it. The words count whole
years, so the rest of the year in which the duty began is free: what began in October is first due
by the end of the next year, and only what began on 1 January in the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import MAXYEAR, date

from msgspec import Struct

from pytest_icp.facts.asof import NEVER
from pytest_icp.kinds import messages as say
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import day_of, fixed, long_ago, moment, upcoming
from pytest_icp.kinds.judgement import (
    NOT_APPLICABLE,
    SATISFIED,
    Judgement,
    both,
    missing,
    violated,
)
from pytest_icp.kinds.matching import Join
from pytest_icp.kinds.record_dates import (
    NOTHING,
    Dates,
    FirstOf,
    Moment,
    OpenDate,
    dates_among,
    dates_at,
)
from pytest_icp.kinds.spans import Span, earlier, later
from pytest_icp.kinds.subjects import Subject, Tokens
from pytest_icp.kinds.words import shown
from pytest_icp.law.text import Text, plain
from pytest_icp.law.times import civil_date

_INTERVAL_MISSED = Text(
    zh="上次办理于 {since}，应不晚于 {last} 再次办理",
    en="last done on {since}, due again by {last}",
)
_INTERVAL_NEVER = Text(
    zh="自 {since} 起算，应不晚于 {last} 办理，未办理",
    en="not done; it was due by {last}, counted from {since}",
)
_INTERVAL_LATE = Text(
    zh="{since} 之后应不晚于 {last} 再次办理，实际于 {done} 办理",
    en="done on {done}: after {since} it was due again by {last}",
)

_FIRST_LATE = Text(
    zh="自 {since} 起算，应不晚于 {last} 办理，实际于 {done} 办理",
    en="done on {done}: it was due by {last}, counted from {since}",
)

_LAST_TIME = Text("最近一次办理于 {day}", "last done on {day}")
_BEGAN = Text("自 {day} 起算", "counted from {day}")
_EACH_YEAR = Text("每 {span}一次，应不晚于 {end}", "once in {span}: by {end}")


class Every(Struct, frozen=True, kw_only=True):
    """How long after the last time, or after a beginning, the next time is due."""

    days: int | None = None
    months: int | None = None
    years: int | None = None
    calendar_years: int | None = None
    since: str | FirstOf
    until: str | None = None
    restart: FirstOf | None = None

    @property
    def gap(self) -> Span:
        """The time from one to the next."""
        if self.days is not None:
            return Span(self.days, "days")
        if self.months is not None:
            return Span(self.months, "months")
        if self.calendar_years is not None:
            return Span(self.calendar_years, "calendar_years")
        return Span(self.years or 0, "years")


class Repeated(Struct, frozen=True):
    """A recurring duty, and where each time is recorded: records, or one fact for the last.

    ``law`` is the first day on which the duty was law.
    """

    every: Every
    times: FirstOf | str
    joined_by: Join | None
    law: date = date.min


class Course(Struct, frozen=True):
    """What is known of the course of a duty: its gap, its beginning, and each time it was done.

    ``start`` is None while it is not known when the duty began.
    """

    gap: Span
    since: Dates
    again: Dates
    done: Dates
    law: date

    @property
    def start(self) -> date | None:
        """The day from which the first period runs: the beginning, the law's, or a restart."""
        begun = self.since.first
        if begun is None:
            return None
        return max([begun.day, self.law, *(restart.day for restart in self.again.known)])

    @property
    def times(self) -> tuple[Moment, ...]:
        """Each time that it was done after the start."""
        start = self.start
        return tuple(one for one in self.done.known if start is None or one.day > start)

    @property
    def last(self) -> date | None:
        """The day from which the period runs that is open."""
        return self.times[-1].day if self.times else self.start

    def was_done(self, day: date) -> bool:
        """Whether the duty was done on a day."""
        return any(one.day == day for one in self.done.known)

    def end(self, begun: date) -> date:
        """The last day of the period that runs from a day: a time that it was done, or a start."""
        if self.gap.unit != "calendar_years":
            return later(begun, self.gap)
        # The year of a time is answered by it; that of a start only counts when it is whole.
        before = begun if self.was_done(begun) else earlier(begun, Span(1, "days"))
        return date(min(before.year + self.gap.n, MAXYEAR), 12, 31)

    def doubt(self, begun: date) -> Tokens | None:
        """The fact that is not known, so that a period from ``begun`` may have ended otherwise."""
        if self.start is None:
            return self.since.open_at
        perhaps: tuple[OpenDate, ...] = (*self.done.open, *self.again.open)
        return next((one.tokens for one in perhaps if one.after(begun)), None)


def _course(rule: Repeated, context: Context, subject: Subject) -> Course | None:
    """Return the course of a duty; None where it has no beginning."""
    every = rule.every
    since = dates_at(context, subject, every.since, rule.joined_by)
    if since.never:
        return None
    if isinstance(rule.times, str):
        latest = dates_at(context, subject, rule.times, rule.joined_by)
        return Course(every.gap, since, latest, latest, rule.law)
    again = NOTHING
    if every.restart:
        again = dates_among(context, subject, every.restart, rule.joined_by)
    done = dates_among(context, subject, rule.times, rule.joined_by)
    return Course(every.gap, since, again, done, rule.law)


def judge_interval(rule: Repeated, context: Context, subject: Subject) -> Judgement:
    """Judge a duty that comes back so long after the last time."""
    course = _course(rule, context, subject)
    if course is None:
        return NOT_APPLICABLE
    last = course.last
    if last is None:
        return missing(subject, course.since.at)
    judged = _perhaps_late(context, subject, course)
    begun = course.start
    for time in course.times:
        if begun is not None and time.day > course.end(begun):
            judged = both(judged, _late(context, subject, course, begun, time))
        begun = time.day
    if not _ended(rule.every, context, subject, course.end(last)):
        judged = both(judged, _open(context, subject, course, last))
    return judged.by(lambda: _steps(course, last))


def _steps(course: Course, last: date) -> Iterator[Text]:
    yield (_LAST_TIME if course.was_done(last) else _BEGAN).format(day=last)
    step = _EACH_YEAR if course.gap.unit == "calendar_years" else say.PLUS
    yield step.format(start=last, span=course.gap.text, end=course.end(last))


def _perhaps_late(context: Context, subject: Subject, course: Course) -> Judgement:
    """Judge the periods where the duty perhaps began on an earlier day than is known."""
    begun = course.since.first
    for one in course.since.open:
        day = max(civil_date(one.at) if one.at is not None else date.min, course.law)
        # Without any day it is counted from the first time that it was done.
        settled = one.at is None if begun is None else begun.day <= day
        if settled or any(restart.day > day for restart in course.again.known):
            continue
        times = [time.day for time in course.done.known if time.day > day]
        for time in (*times, context.today):
            if time > course.end(day) and not long_ago(context, time):
                return missing(subject, one.tokens, due=course.end(day))
            day = time
    return SATISFIED


def _late(
    context: Context, subject: Subject, course: Course, begun: date, time: Moment
) -> Judgement:
    end = course.end(begun)
    doubt = course.doubt(begun)
    if doubt is not None and not long_ago(context, time.day):
        return missing(subject, doubt, due=end)
    return violated(
        subject,
        time.tokens,
        (_INTERVAL_LATE if course.was_done(begun) else _FIRST_LATE).format(
            since=begun, last=end, done=time.day
        ),
        found=plain(moment(time.day)),
        required=say.BY.format(last=end),
        due=end,
        on=end,
        over=time.day,
    )


def _ended(every: Every, context: Context, subject: Subject, due: date) -> bool:
    """Whether the duty ended before it was due again, or so long ago that it no longer counts."""
    day = day_of(context.fact(subject, every.until)) if every.until else None
    return day is not None and (day <= due or long_ago(context, day))


def _open(context: Context, subject: Subject, course: Course, last: date) -> Judgement:
    """Judge the period that runs."""
    end = course.end(last)
    if context.today <= end:
        return upcoming(context, subject, course.done.tokens, fixed(context, end))
    doubt = course.doubt(last)
    if doubt is not None:
        return missing(subject, doubt, due=end)
    # What is spoken of is one of the times, where the period does not run from the beginning.
    latest = next((one for one in course.done.known if one.day == last), None)
    missed = _INTERVAL_MISSED if latest else _INTERVAL_NEVER
    return violated(
        subject,
        latest.tokens if latest else course.done.tokens,
        missed.format(since=last, last=end),
        found=plain(moment(last)) if latest else shown(NEVER),
        required=say.BY.format(last=end),
        due=end,
        on=end,
    )
