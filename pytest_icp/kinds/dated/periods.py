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
from pytest_icp.kinds.dated.when import Dated, Dates, Moment, finding
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

    context: Context
    subject: Subject
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

    def judge(self) -> Judgement:
        """Judge each period that is over, and the one that runs."""
        last = self.last
        if last is None:
            return missing(self.subject, self.since.at)
        judged = self._perhaps_late()
        for period in self.missed(self.start):
            judged = both(judged, self._missed(period.begun, period.end, period.time))
        end, ended = self.end(last), self.ends.first
        if self.context.today <= end:
            limit = fixed(self.context, end)
            runs = upcoming(self.context, self.subject, self.done.tokens, limit)
        else:
            runs = self._missed(last, end, None)
        if not ended or not (ended.day <= end or long_ago(self.context, ended.day)):
            judged = both(judged, runs)
        every = span_of_value(self.every, self.every.on(last))
        return judged.by(lambda: say.steps_of_period(last, self.at(last), every, end))

    def _perhaps_late(self) -> Judgement:
        """Judge the periods where the duty perhaps began on an earlier day than is known."""
        begun, restarts, today = self.since.first, self.again.days, self.context.today
        tried = set[date]()
        for one in self.since.open:
            day = max(one.earliest.day, self.law, *restarts[-1:])
            if day in tried or (begun and begun.day <= day):
                continue
            tried.add(day)
            for period in self.missed(day, until=Moment(today, ())):
                if not long_ago(self.context, period.time.day):
                    return missing(self.subject, one.tokens, due=period.end)
        return SATISFIED

    def _missed(self, begun: date, end: date, done: Moment | None) -> Judgement:
        """Judge a period in which it was not done, or ``done`` only after it."""
        doubt = self.doubt(begun)
        if doubt is not None and not (done and long_ago(self.context, done.day)):
            return missing(self.subject, doubt, due=end)
        days, latest = (begun, end), self.at(begun)
        judged = say.missed(self.subject, self.done.tokens, days, latest, done)
        return resting_on(judged, self.every, self.every.on(begun))


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
    again_of, ends_of = finding(context, rule.restart), finding(context, rule.ends)

    def judge(subject: Subject) -> Judgement:
        since = since_of(subject)
        if since.never:
            return NOT_APPLICABLE
        done, ends = done_of(subject), ends_of(subject)
        # Of what only the last time is told, earlier times are not judged.
        again = done if rule.acts.of is None else again_of(subject)
        course = Course(context, subject, since, again, done, every.number, law, ends)
        return course.judge()

    return judge
