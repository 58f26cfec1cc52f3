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

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from datetime import MAXYEAR, date
from functools import cached_property, lru_cache
from itertools import pairwise

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
    dates_of,
)
from pytest_icp.kinds.spans import Span, earlier, later, span_on
from pytest_icp.kinds.subjects import Subject, Tokens
from pytest_icp.kinds.words import shown
from pytest_icp.law.text import Text, plain
from pytest_icp.law.times import civil_date
from pytest_icp.rules.numbers import Amount, Number

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


class Every(Amount, frozen=True, kw_only=True):
    """How long after the last time, or after a beginning, the next time is due."""

    since: str | FirstOf
    until: str | None = None
    restart: FirstOf | None = None


class Repeated(Struct, frozen=True):
    """A recurring duty, and where each time is recorded: records, or one fact for the last.

    ``law`` is the first day on which the duty was law.
    """

    every: Every
    times: FirstOf | str
    joined_by: Join | None
    law: date = date.min


class Times(Struct, frozen=True, eq=False, dict=True):
    """Each time that a duty was done, and how long after it the next is due."""

    done: Dates
    gap: Number

    def was_done(self, day: date) -> bool:
        """Whether the duty was done on a day."""
        return self.at(day) is not None

    def at(self, day: date) -> Moment | None:
        """Return the first time on a day."""
        i = bisect_left(self.done.days, day)
        return self.done.known[i] if self.done.days[i : i + 1] == (day,) else None

    def end(self, begun: date) -> date:
        """The last day of the period that runs from a day: a time that it was done, or a start."""
        gap = span_on(self.gap, begun)
        if gap.unit != "calendar_years":
            return later(begun, gap)
        # The year of a time is answered by it; that of a start only counts when it is whole.
        before = begun if self.was_done(begun) else earlier(begun, Span(1, "days"))
        return date(min(before.year + gap.n, MAXYEAR), 12, 31)

    @cached_property
    def late(self) -> list[int]:
        """The numbers of the times that were too long after the one before."""
        days = pairwise(self.done.days)
        return [i for i, (one, next_) in enumerate(days, start=1) if next_ > self.end(one)]

    def late_after(self, number: int) -> list[int]:
        """Return those that come after a time."""
        return self.late[bisect_right(self.late, number) :]


class Course(Struct, frozen=True, eq=False, dict=True):
    """What is known of the course of a duty: its beginning, and each time it was done.

    ``start`` is None while it is not known when the duty began.
    """

    since: Dates
    again: Dates
    times: Times
    law: date

    @cached_property
    def start(self) -> date | None:
        """The day from which the first period runs: the beginning, the law's, or a restart."""
        begun = self.since.first
        return None if begun is None else max(begun.day, self.law, *self.again.days[-1:])

    @cached_property
    def number(self) -> int:
        """The number of the first time after the start."""
        return 0 if self.start is None else bisect_right(self.times.done.days, self.start)

    @property
    def last(self) -> date | None:
        """The day from which the period runs that is open."""
        days = self.times.done.days
        return days[-1] if self.number < len(days) else self.start

    def late(self) -> Iterator[tuple[date, Moment]]:
        """Yield each time that came too late, and the day from which its period ran."""
        done, start, i = self.times.done, self.start, self.number
        if start is not None and i < len(done.days) and done.days[i] > self.times.end(start):
            yield start, done.known[i]
        yield from ((done.days[j - 1], done.known[j]) for j in self.times.late_after(i))

    def doubt(self, begun: date) -> Tokens | None:
        """The fact that is not known, so that a period from ``begun`` may have ended otherwise."""
        if self.start is None:
            return self.since.open_at
        return self.times.done.open_after(begun) or self.again.open_after(begun)


def _courses(rule: Repeated, context: Context) -> Callable[[Subject], Course | None]:
    """Return what tells the course of a duty of each subject; None where it has no beginning."""
    every = rule.every
    since_of = dates_of(context, every.since, rule.joined_by)
    done_of = dates_of(context, rule.times, rule.joined_by)
    again_of = dates_of(context, every.restart, rule.joined_by) if every.restart else None

    @lru_cache(maxsize=1)
    def times(done: Dates) -> Times:
        return Times(done, every.number)

    def course(subject: Subject) -> Course | None:
        since = since_of(subject)
        if since.never:
            return None
        done = done_of(subject)
        again = again_of(subject) if again_of else NOTHING
        return Course(since, done if isinstance(rule.times, str) else again, times(done), rule.law)

    return course


def judging_interval(rule: Repeated, context: Context) -> Callable[[Subject], Judgement]:
    """Return what judges a duty that comes back so long after the last time."""
    course_of = _courses(rule, context)

    def judge(subject: Subject) -> Judgement:
        course = course_of(subject)
        return NOT_APPLICABLE if course is None else _judge(rule, context, subject, course)

    return judge


def _judge(rule: Repeated, context: Context, subject: Subject, course: Course) -> Judgement:
    last = course.last
    if last is None:
        return missing(subject, course.since.at)
    judged = _perhaps_late(context, subject, course)
    for begun, time in course.late():
        judged = both(judged, _late(context, subject, course, begun, time))
    if not _ended(rule.every, context, subject, course.times.end(last)):
        judged = both(judged, _open(context, subject, course, last))
    return judged.by(lambda: _steps(course.times, last))


def _steps(times: Times, last: date) -> Iterator[Text]:
    yield (_LAST_TIME if times.was_done(last) else _BEGAN).format(day=last)
    step = _EACH_YEAR if times.gap.unit == "calendar_years" else say.PLUS
    yield step.format(start=last, span=span_on(times.gap, last).text, end=times.end(last))


def _perhaps_late(context: Context, subject: Subject, course: Course) -> Judgement:
    """Judge the periods where the duty perhaps began on an earlier day than is known."""
    begun, restarts = course.since.first, course.again.days
    for one in course.since.open:
        day = max(civil_date(one.at) if one.at is not None else date.min, course.law)
        # Without any day it is counted from the first time that it was done.
        settled = one.at is None if begun is None else begun.day <= day
        if settled or (restarts and restarts[-1] > day):
            continue
        due = _missed_after(context, course.times, day)
        if due is not None:
            return missing(subject, one.tokens, due=due)
    return SATISFIED


def _missed_after(context: Context, times: Times, day: date) -> date | None:
    """Return the end of the first period after a day that was missed, and still counts."""
    days, today = times.done.days, context.today
    i = bisect_right(days, day)
    periods = [(day, days[i] if i < len(days) else today)]
    periods += [(days[j - 1], days[j]) for j in times.late_after(i)]
    if i < len(days):
        periods.append((days[-1], today))
    ends = ((times.end(begun), time) for begun, time in periods)
    return next((end for end, time in ends if time > end and not long_ago(context, time)), None)


def _late(
    context: Context, subject: Subject, course: Course, begun: date, time: Moment
) -> Judgement:
    end = course.times.end(begun)
    doubt = course.doubt(begun)
    if doubt is not None and not long_ago(context, time.day):
        return missing(subject, doubt, due=end)
    return violated(
        subject,
        time.tokens,
        (_INTERVAL_LATE if course.times.was_done(begun) else _FIRST_LATE).format(
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
    times = course.times
    end = times.end(last)
    if context.today <= end:
        return upcoming(context, subject, times.done.tokens, fixed(context, end))
    doubt = course.doubt(last)
    if doubt is not None:
        return missing(subject, doubt, due=end)
    # What is spoken of is one of the times, where the period does not run from the beginning.
    latest = times.at(last)
    missed = _INTERVAL_MISSED if latest else _INTERVAL_NEVER
    return violated(
        subject,
        latest.tokens if latest else times.done.tokens,
        missed.format(since=last, last=end),
        found=plain(moment(last)) if latest else shown(NEVER),
        required=say.BY.format(last=end),
        due=end,
        on=end,
    )
