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
from functools import cached_property, lru_cache
from itertools import pairwise

from msgspec import Struct

from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dated import say
from pytest_icp.kinds.dated.spec import Dated
from pytest_icp.kinds.dated.when import NOTHING, Dates, Moment, finding
from pytest_icp.kinds.dates import fixed, long_ago, upcoming
from pytest_icp.kinds.judgement import NOT_APPLICABLE, SATISFIED, Judgement, both, missing
from pytest_icp.kinds.legal_force import binding_since
from pytest_icp.kinds.numbers import resting_on
from pytest_icp.kinds.spans import Span, earlier, later, span_of_value
from pytest_icp.kinds.subjects import Subject, Tokens
from pytest_icp.rules.numbers import Amount, Number, Value
from pytest_icp.rules.policy import Obligation


class Times(Struct, frozen=True, eq=False, dict=True):
    """Each time that a duty was done, and how long after it the next is due."""

    done: Dates
    every: Number

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

    @cached_property
    def late(self) -> list[int]:
        """The numbers of the times that were too long after the one before."""
        days = pairwise(self.done.days)
        return [i for i, (one, next_) in enumerate(days, start=1) if next_ > self.end(one)]

    def late_after(self, number: int) -> list[int]:
        """Return those that come after a time."""
        return self.late[bisect_right(self.late, number) :]


class Course(Struct, frozen=True, eq=False, dict=True):
    """What is known of the course of a duty: its beginning, each time it was done, and its end.

    ``start`` is None while it is not known when the duty began; ``law`` is the first day on which
    it was law.
    """

    since: Dates
    again: Dates
    times: Times
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
        """Yield each time that came too late, and the day from which its period ran.

        None is late in a period that would have ended after the duty.
        """
        done, start, i = self.times.done, self.start, self.number
        late = [(done.days[j - 1], done.known[j]) for j in self.times.late_after(i)]
        if start is not None and i < len(done.days) and done.days[i] > self.times.end(start):
            late.insert(0, (start, done.known[i]))
        yield from (one for one in late if self.times.end(one[0]) < self.over)

    def doubt(self, begun: date) -> Tokens | None:
        """The fact that is not known, so that a period from ``begun`` may have ended otherwise."""
        if self.start is None:
            return self.since.open_at
        open_at = self.times.done.open_after(begun) or self.again.open_after(begun)
        return open_at or self.ends.open_at


def judging_periods(
    rule: Dated, every: Amount, obligation: Obligation, context: Context
) -> Callable[[Subject], Judgement]:
    """Return what judges a duty that comes back so long after the last time."""
    law = binding_since(obligation)
    since_of, done_of = finding(context, rule.anchors), finding(context, rule.acts)
    again_of = finding(context, rule.restart) if rule.restart else None
    # Of what only the last time is told, earlier times are not judged.
    last_only = rule.acts.of is None

    @lru_cache(maxsize=1)
    def times(done: Dates) -> Times:
        return Times(done, every.number)

    ends_of = finding(context, rule.ends) if rule.ends else None

    def judge(subject: Subject) -> Judgement:
        since = since_of(subject)
        if since.never:
            return NOT_APPLICABLE
        done, again = done_of(subject), again_of(subject) if again_of else NOTHING
        ends = ends_of(subject) if ends_of else NOTHING
        course = Course(since, done if last_only else again, times(done), law, ends)
        return _judge(context, subject, course)

    return judge


def _judge(context: Context, subject: Subject, course: Course) -> Judgement:
    last = course.last
    if last is None:
        return missing(subject, course.since.at)
    judged = _perhaps_late(context, subject, course)
    for begun, time in course.late():
        judged = both(judged, _late(context, subject, course, begun, time))
    end = course.times.end(last)
    ended = course.ends.first
    if not ended or not (ended.day <= end or long_ago(context, ended.day)):
        judged = both(judged, _open(context, subject, course, last))
    number = course.times.every
    every = span_of_value(number, number.on(last))
    return judged.by(lambda: say.steps_of_period(last, course.times.at(last), every, end))


def _perhaps_late(context: Context, subject: Subject, course: Course) -> Judgement:
    """Judge the periods where the duty perhaps began on an earlier day than is known."""
    begun, restarts = course.since.first, course.again.days
    for one in course.since.open:
        day = max(one.earliest.day, course.law, *restarts[-1:])
        if begun and begun.day <= day:
            continue
        due = _missed_after(context, course, day)
        if due is not None:
            return missing(subject, one.tokens, due=due)
    return SATISFIED


def _missed_after(context: Context, course: Course, day: date) -> date | None:
    """Return the end of the first period after a day that was missed, and still counts."""
    times, today = course.times, context.today
    days = times.done.days
    i = bisect_right(days, day)
    periods = [(day, days[i] if i < len(days) else today)]
    periods += [(days[j - 1], days[j]) for j in times.late_after(i)]
    if i < len(days):
        periods.append((days[-1], today))
    ends = ((times.end(begun), time) for begun, time in periods)
    missed = ((end, time) for end, time in ends if time > end and course.over > end)
    return next((end for end, time in missed if not long_ago(context, time)), None)


def _late(
    context: Context, subject: Subject, course: Course, begun: date, time: Moment
) -> Judgement:
    end, doubt = course.times.end(begun), course.doubt(begun)
    if doubt is not None and not long_ago(context, time.day):
        return missing(subject, doubt, due=end)
    again = course.times.at(begun) is not None
    return _resting(course.times, begun, say.late_again(subject, begun, time, end, again=again))


def _open(context: Context, subject: Subject, course: Course, last: date) -> Judgement:
    """Judge the period that runs."""
    times = course.times
    end = times.end(last)
    if context.today <= end:
        return upcoming(context, subject, times.done.tokens, fixed(context, end))
    doubt = course.doubt(last)
    if doubt is not None:
        return missing(subject, doubt, due=end)
    missed = say.missed(subject, last, times.at(last), times.done.tokens, end)
    return _resting(times, last, missed)


def _resting(times: Times, begun: date, judged: Judgement) -> Judgement:
    """Say by which value the period that runs from a day was reckoned."""
    return resting_on(judged, times.every, times.every.on(begun))
