"""The periods of a duty that comes back (周期): from its anchor, from each time to the next.

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
from functools import cached_property

from msgspec import Struct

from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dated import say
from pytest_icp.kinds.dated.when import NOTHING, Dated, Dates, Moment, finding
from pytest_icp.kinds.dates import Span, earlier, fixed, later, long_ago, span_of_value, upcoming
from pytest_icp.kinds.judgement import NOT_APPLICABLE, SATISFIED, Judgement, both, missing
from pytest_icp.kinds.legal_force import binding_since
from pytest_icp.kinds.numbers import resting_on
from pytest_icp.kinds.subjects import Subject, Tokens
from pytest_icp.rules.numbers import Amount, Number, Value
from pytest_icp.rules.policy import Obligation


class Course(Struct, frozen=True, eq=False, dict=True):
    """What is known of the course of a duty: its beginning, each time it was done, and its end.

    ``start`` is None while it is not known when the duty began; ``law`` is the first day on which
    it was law.
    """

    since: Dates
    again: Dates
    done: Dates
    every: Number
    law: date
    ends: Dates

    @property
    def over(self) -> date:
        """The day on which the duty ended, as far as is known."""
        return self.ends.first.day if self.ends.first else date.max

    @cached_property
    def start(self) -> date | None:
        """The day from which the first period runs: the beginning, the law's, or a restart."""
        begun = self.since.first
        return None if begun is None else max(begun.day, self.law, *self.again.days[-1:])

    @property
    def last(self) -> date | None:
        """The day from which the period runs that is open."""
        days = self.done.days
        after = days[-1] if days and (self.start is None or days[-1] > self.start) else None
        return after or self.start

    def at(self, day: date) -> Moment | None:
        """Return the first time on a day."""
        i = bisect_left(self.done.days, day)
        return self.done.known[i] if self.done.days[i : i + 1] == (day,) else None

    def end(self, begun: date) -> date:
        """The last day of the period that runs from a day: a time that it was done, or a start."""
        if len(self.every.values) == 1:
            return self._by(begun, self.every.newest)
        return self.every.latest(self.every.on(begun), lambda value: self._by(begun, value))

    def _by(self, begun: date, value: Value) -> date:
        gap = span_of_value(self.every, value)
        if gap.unit != "calendar_years":
            return later(begun, gap)
        # The year of a time is answered by it; that of a start only counts when it is whole.
        before = begun if self.at(begun) else earlier(begun, Span(1, "days"))
        return date(min(before.year + gap.n, MAXYEAR), 12, 31)

    def missed(self, begun: date | None, until: Moment | None = None) -> Iterator[Period]:
        """Yield each period after a day that ended before it was done again, and before the duty.

        ``until`` is by when it was not done again, after the last time.
        """
        i = 0 if begun is None else bisect_right(self.done.days, begun)
        days = [*([] if begun is None else [begun]), *self.done.days[i:]]
        times = self.done.known[i + (begun is None) :]
        for day, time in zip(days, [*times, *([until] if until else [])], strict=False):
            end = self.end(day)
            if end < min(time.day, self.over):
                yield Period(day, end, time)

    def doubt(self, begun: date) -> Tokens | None:
        """The fact that is not known, so that a period from ``begun`` may have ended otherwise."""
        if self.start is None:
            return self.since.open_at
        open_at = self.done.open_after(begun) or self.again.open_after(begun)
        return open_at or self.ends.open_at


class Period(Struct, frozen=True):
    """A period that was missed: from when it ran, its last day, and when it was done at last."""

    begun: date
    end: date
    time: Moment


def judging_periods(
    rule: Dated, every: Amount, obligation: Obligation, context: Context
) -> Callable[[Subject], Judgement]:
    """Return what judges a duty that comes back so long after the last time."""
    law = binding_since(obligation)
    since_of, done_of = finding(context, rule.anchors), finding(context, rule.acts)
    again_of = finding(context, rule.restart) if rule.restart else None
    ends_of = finding(context, rule.ends) if rule.ends else None

    def judge(subject: Subject) -> Judgement:
        since = since_of(subject)
        if since.never:
            return NOT_APPLICABLE
        done, again = done_of(subject), again_of(subject) if again_of else NOTHING
        if rule.acts.of is None:
            # Of what only the last time is told, earlier times are not judged.
            again = done
        ends = ends_of(subject) if ends_of else NOTHING
        return _judge(context, subject, Course(since, again, done, every.number, law, ends))

    return judge


def _judge(context: Context, subject: Subject, course: Course) -> Judgement:
    last = course.last
    if last is None:
        return missing(subject, course.since.at)
    judged = _perhaps_late(context, subject, course)
    for period in course.missed(course.start):
        judged = both(judged, _late(context, subject, course, period))
    end, ended = course.end(last), course.ends.first
    if not ended or not (ended.day <= end or long_ago(context, ended.day)):
        judged = both(judged, _open(context, subject, course, last))
    every = span_of_value(course.every, course.every.on(last))
    return judged.by(lambda: say.steps_of_period(last, course.at(last), every, end))


def _perhaps_late(context: Context, subject: Subject, course: Course) -> Judgement:
    """Judge the periods where the duty perhaps began on an earlier day than is known."""
    begun, restarts = course.since.first, course.again.days
    tried = set[date]()
    for one in course.since.open:
        day = max(one.earliest.day, course.law, *restarts[-1:])
        if day in tried or (begun and begun.day <= day):
            continue
        tried.add(day)
        for period in course.missed(day, until=Moment(context.today, ())):
            if not long_ago(context, period.time.day):
                return missing(subject, one.tokens, due=period.end)
    return SATISFIED


def _late(context: Context, subject: Subject, course: Course, period: Period) -> Judgement:
    begun, doubt = period.begun, course.doubt(period.begun)
    if doubt is not None and not long_ago(context, period.time.day):
        return missing(subject, doubt, due=period.end)
    days, records = (begun, period.end), course.done.tokens
    judged = say.missed(subject, records, days, course.at(begun), period.time)
    return resting_on(judged, course.every, course.every.on(begun))


def _open(context: Context, subject: Subject, course: Course, last: date) -> Judgement:
    """Judge the period that runs."""
    end = course.end(last)
    if context.today <= end:
        return upcoming(context, subject, course.done.tokens, fixed(context, end))
    doubt = course.doubt(last)
    if doubt is not None:
        return missing(subject, doubt, due=end)
    judged = say.missed(subject, course.done.tokens, (last, end), course.at(last), None)
    return resting_on(judged, course.every, course.every.on(last))
