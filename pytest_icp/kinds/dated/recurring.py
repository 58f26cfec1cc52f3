"""What is done again and again: from each time to the next (周期), or in a window of every year.

A period begins when the duty does, or with the last ``restart`` (a re-grading, a new version):
what lay before that is not judged. Each ends on the corresponding day (对应日, 民法典 202) and
never rolls. Done after the end of a period is late: violated for the look-back, then a note.

Once in every calendar year (每年至少一次) is not a year from the last time: a period then ends on
31 December, of the year after the last time, or so many years after it. The words count whole
years, so the rest of the year in which the duty began is free: what began in October is first due
by the end of the next year, and only what began on 1 January in the same.

A year's window (每年期间) binds who is licensed by the year before and still when it closes. The
latest window that has closed decides; earlier ones are violated only within the look-back. A record
that does not tell which year it answers, of which year it tells, or when it was, perhaps counts.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from datetime import MAXYEAR, date
from functools import cached_property

from msgspec import Struct

from pytest_icp.facts.asof import NEVER
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dated import say
from pytest_icp.kinds.dated.when import Dated, Dates, Moment, When, YearlyWindow, finding
from pytest_icp.kinds.dates import (
    Span,
    day_of,
    earlier,
    fixed,
    later,
    long_ago,
    moment,
    span_of_value,
    upcoming,
)
from pytest_icp.kinds.finding import NoteKind, Verdict
from pytest_icp.kinds.holdings import InForce, by_its_value, ended_early, in_force_by
from pytest_icp.kinds.judgement import (
    NOT_APPLICABLE,
    SATISFIED,
    Judge,
    Judgement,
    both,
    missing,
    noted,
    resting_on,
    unknown,
    violated,
)
from pytest_icp.kinds.legal_force import binding_since, in_force
from pytest_icp.kinds.messages import NOT_DONE
from pytest_icp.kinds.subjects import Fact, Subject, Tokens
from pytest_icp.law.recurrence import Window, windows
from pytest_icp.law.text import Text, plain
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

    def missed(self, begun: date | None, until: Moment | None = None) -> Iterator[Missed]:
        """Yield each period after a day that ended before it was done again, and before the duty.

        ``until`` is by when it was not done again, after the last time.
        """
        i = 0 if begun is None else bisect_right(self.done.days, begun)
        days = [*([] if begun is None else [begun]), *self.done.days[i:]]
        times = self.done.known[i + (begun is None) :]
        for day, time in zip(days, [*times, *([until] if until else [])], strict=False):
            end = self.end(day)
            if end < min(time.day, self.over):
                yield Missed(day, end, time)

    def doubt(self, begun: date) -> Tokens | None:
        """The fact that is not known, so that a period from ``begun`` may have ended otherwise."""
        if self.start is None:
            return self.since.open_at
        # What was done on the first day answers its calendar year, which then ends a year later.
        own = self.every.unit == "calendar_years" and self.at(begun) is None
        since = earlier(begun, Span(1, "days")) if own else begun
        open_at = self.done.open_after(since) or self.again.open_after(begun)
        return open_at or self.ends.open_at

    def judge(self) -> Judgement:
        """Judge each period that is over, and the one that runs."""
        last = self.last
        if last is None:
            return missing(self.subject, self.since.at)
        judged = self._perhaps_late()
        # What lay before a restart is not judged, whenever the duty began.
        for period in self.missed(self.start or max(self.again.days, default=None)):
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
        return self.context.explained(
            judged, lambda: say.steps_of_period(last, self.at(last), every, end)
        )

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
        doubt, over = self.doubt(begun), min(done.day, self.over) if done else None
        if doubt is not None and not (over and long_ago(self.context, over)):
            return missing(self.subject, doubt, due=end)
        days, latest = (begun, end), self.at(begun)
        judged = say.missed(self.subject, self.done.tokens, days, latest, done, over)
        return resting_on(judged, self.every, self.every.on(begun))


class Missed(Struct, frozen=True):
    """A period that was missed: from when it ran, its last day, and when it was done at last."""

    begun: date
    end: date
    time: Moment


def judging_periods(rule: Dated, every: Amount, obligation: Obligation, context: Context) -> Judge:
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


# ---- In a window of every year in which the licence is in force

_BETWEEN = Text(zh="{first} 至 {last}", en="between {first} and {last}")
_OUT_OF_WINDOW = Text(
    zh="{year} 年应于 {first} 至 {last} 办理，未办理",
    en="not done in the window of {year}, {first} to {last}",
)
_LATE_WINDOW = Text(
    zh="{year} 年应于 {first} 至 {last} 办理，实际于 {done} 办理",
    en="done on {done}, outside the window of {year}, {first} to {last}",
)
_EXPIRES_IN_WINDOW = Text(
    zh="许可证于 {until} 到期，在窗口关闭之前；稳妥的做法是到期前办理",
    en="the licence expires on {until}, before the window closes; do it before that day",
)
_ENDED = Text(
    zh="许可证状态为“{status}”，何时失效未申报；{year} 年是否应当办理，无法判断",
    en="the status of the licence is {status}, and since when is not declared; whether this was "
    "due in {year} cannot be decided",
)

_LATEST = 5  # windows that the steps tell of
_WINDOW = Text("{year} 年：{first} 至 {last}，{state}", "{year}: {first} to {last}, {state}")
_IN_WINDOW = Text("{day} 已办理", "done on {day}")
_NOT_IN_WINDOW = Text("{day} 办理，不在期内", "done on {day}, outside it")
_NO_RECORD = Text("没有记录", "no record")
_TO_COME = Text("尚未结束", "still open")


class Answer(Struct, frozen=True):
    """One time that the duty was done: when, for which ``year``, and telling of which.

    With ``open_at``, a fact that is not known, it only perhaps answers a year.
    """

    at: Fact
    year: int | None
    about: int | None
    open_at: Tokens | None

    @property
    def day(self) -> date | None:
        """The civil day, where it is known."""
        return day_of(self.at)

    def may_answer(self, window: Window) -> bool:
        """Whether it is for a window's year, as far as is known."""
        is_about = self.about in {None, window.year - 1}
        return self.at.value != NEVER and is_about and self.year in {None, window.year}


def judging_windows(
    rule: Dated, window: YearlyWindow, obligation: Obligation, context: Context
) -> Judge:
    """Return what judges whether the licence of a subject had what every year asks for."""
    ahead = rule.ahead

    def judge(licence: Subject) -> Judgement:
        first, issued, until = (
            context.fact(licence, name) for name in ("first_issued_on", "issued_on", "valid_until")
        )
        # It was issued for the first time by the day of its present issue.
        start, end = day_of(first) or day_of(issued), day_of(until)
        if start is None:
            return NOT_APPLICABLE if first.value == NEVER else missing(licence, first.tokens)
        if end is None:
            return missing(licence, until.tokens)
        known = in_force_by(context, until, end, ahead)
        collected = context.subjects(rule.acts.of or "", licence)
        course = Windows(
            context,
            licence,
            records=tuple(_record(context, one, rule.acts) for one in collected.subjects),
            tokens=context.fact(licence, rule.acts.of or "").tokens,
            declared=not collected.missing,
            known=known,
        )
        # A window that is still to come is told of, later ones are not.
        soon = date(context.today.year + 1, 12, 31)
        last = soon if known.last == date.max else known.last
        # A licence that ended within a window was to have it done while it was in force.
        every = tuple(
            one
            for one in windows(start, last, *window.days)
            if one.closes <= last or context.today <= last
        )

        def binding(some: Iterable[Window]) -> list[Window]:
            return [one for one in some if in_force(obligation, one.closes)]

        later = windows(start, context.today, *window.days)[len(every) :]
        perhaps = binding(later) if known.gap else []
        judged = course.judge(binding(every), perhaps)
        if known.gap:
            judged = both(judged, course.perhaps(perhaps, known.gap.tokens))
        if first.value is None:
            # Up to that year the look-back may reach.
            years = context.settings.lookback_days // 365 + 2
            earliest = date(max(start.year - years, 1), 1, 1)
            earlier = windows(earliest, last, *window.days)
            before = binding(one for one in earlier if one.year <= start.year)
            if any(one.closes < context.today for one in binding(every)):
                before = [one for one in before if not course.is_over(one)]
            judged = both(judged, course.perhaps(before, first.tokens))
        judged = by_its_value(judged, end, ahead)
        return context.explained(judged, lambda: course.steps(every))

    return judge


def _record(context: Context, one: Subject, act: When) -> Answer:
    at, year, about = (
        context.fact(one, path) if path else None for path in (act.at[0], act.year, act.about)
    )
    facts = [fact for fact in (at, year, about) if fact]
    open_at = next((fact.tokens for fact in facts if fact.value is None), None)
    day = day_of(facts[0])
    # Without a year of its own, it is for that of its day.
    answers = _number(year) if year else day.year if day else None
    return Answer(facts[0], answers, _number(about) if about else None, open_at)


class Windows(Struct, frozen=True):
    """The windows of a licence that is ``known`` to be in force, and what was done in them."""

    context: Context
    licence: Subject
    records: tuple[Answer, ...]
    tokens: Tokens
    declared: bool
    known: InForce

    def for_sure(self, window: Window) -> list[Answer]:
        """Return the records that certainly answer a window's year."""
        return [one for one in self.records if one.open_at is None and one.may_answer(window)]

    def is_met(self, window: Window) -> bool:
        """Whether it was certainly done in a window, for its year."""
        return any(_is_in(one.day, window) for one in self.for_sure(window))

    def doubt(self, window: Window, *, missed: bool) -> Tokens | None:
        """The first fact on which it hangs whether a window was ``missed``.

        What was done late, and that long ago, is only told of.
        """
        for one in self.records:
            if one.open_at is None or not one.may_answer(window):
                continue
            is_good = _is_in(one.day, window) or (one.day and long_ago(self.context, one.day))
            if one.day is None or is_good is missed:
                return one.open_at
        return None

    def judge(self, binding: list[Window], later: list[Window]) -> Judgement:
        """Judge the windows (窗口期) that are over, and the next; ``later`` ones bind perhaps."""
        closed = [window for window in binding if window.closes < self.context.today]
        judged = NOT_APPLICABLE
        for i, window in enumerate(reversed(closed)):
            one = self._unless_ended(window, self._closed(window, latest=i == 0))
            missed = one.verdict is Verdict.VIOLATED and long_ago(self.context, window.closes)
            if self.known.gap and later and i == 0 and missed:
                # Only the latest one counts, however long ago it was.
                one = missing(self.licence, self.known.gap.tokens, due=window.closes)
            judged = both(judged, one)
        return both(judged, self._pending(binding[len(closed) :]))

    def perhaps(self, some: Iterable[Window], open_at: Tokens) -> Judgement:
        """Judge windows that bind only if the licence was renewed, or held before: not known."""
        closed = [window for window in some if window.closes < self.context.today]
        wanted = [window for window in closed if not self.is_met(window)]
        due = wanted[-1].closes if wanted else None
        return missing(self.licence, open_at, due=due) if wanted else NOT_APPLICABLE

    def is_over(self, window: Window) -> bool:
        """Whether it no longer matters when a window was answered, if at all."""
        late = next((one.day for one in self.for_sure(window)), None)
        doubt = self.doubt(window, missed=False)
        return doubt is None and long_ago(self.context, late or window.closes)

    def _closed(self, window: Window, *, latest: bool) -> Judgement:
        """Judge a window that is over."""
        context, subject = self.context, self.licence
        if self.is_met(window):
            return SATISFIED
        late = next(iter(self.for_sure(window)), None)
        over = late.day if late else None
        past = long_ago(context, over) if over else not latest and long_ago(context, window.closes)
        open_at = self.doubt(window, missed=not past)
        if open_at is not None:
            return missing(subject, open_at, due=window.closes)
        if past and not over:
            return SATISFIED
        if not (over or self.declared):
            # One line to add is shown once.
            return missing(subject, self.tokens, due=window.closes) if latest else SATISFIED
        days = {"first": window.opens, "last": window.closes}
        said = _LATE_WINDOW if over else _OUT_OF_WINDOW
        return violated(
            subject,
            late.at.tokens if late and over else self.tokens,
            said.format(year=window.year, done=over, **days),
            found=plain(moment(over)) if over else NOT_DONE,
            required=_BETWEEN.format(**days),
            due=window.closes,
            on=window.closes,
            over=over,
        )

    def _unless_ended(self, window: Window, judged: Judgement) -> Judgement:
        """Doubt a window that was missed, where an authority may have ended the licence before."""
        status = self.context.fact(self.licence, "status")
        end = date.max if self.known.gap else self.known.last
        ended = ended_early(status, end, self.context.today)
        is_told_of = any(one.over and long_ago(self.context, one.over) for one in judged.findings)
        if judged.verdict is not Verdict.VIOLATED or ended is False or is_told_of:
            return judged
        if ended is None:
            return missing(self.licence, status.tokens, due=window.closes)
        said = _ENDED.format(status=status.text, year=window.year)
        found, required = plain(status.text or ""), judged.findings[0].required
        return unknown(
            self.licence, status.tokens, said, found=found, required=required, due=window.closes
        )

    def _pending(self, pending: list[Window]) -> Judgement:
        """Say when the next window closes that is not answered yet."""
        wanted = [window for window in pending if not self.is_met(window)]
        if not wanted:
            return SATISFIED if pending else NOT_APPLICABLE
        window, at = wanted[0], self.tokens
        until = self.known.last
        limit = fixed(self.context, window.closes, safe_until=until)
        judgement = upcoming(self.context, self.licence, at, limit)
        if until < window.closes and self.context.today >= window.opens:
            text, due = _EXPIRES_IN_WINDOW.format(until=until), until.isoformat()
            return both(judgement, noted(NoteKind.ADVICE, text, at, due=due))
        return judgement

    def steps(self, every: tuple[Window, ...]) -> Iterator[Text]:
        """Yield the latest windows that have begun, and what was done in them."""
        begun = [window for window in every if window.opens <= self.context.today]
        for window in begun[-_LATEST:]:
            state = _TO_COME if window.closes >= self.context.today else _NO_RECORD
            for record in self.records:
                day = record.day
                year = record.year or (day and day.year)
                if not day or year != window.year or not record.may_answer(window):
                    continue
                inside = _is_in(day, window)
                state = (_IN_WINDOW if inside else _NOT_IN_WINDOW).format(day=day)
                if inside:
                    break
            days = {"first": window.opens, "last": window.closes}
            yield _WINDOW.format(year=window.year, **days, state=state)


def _is_in(day: date | None, window: Window) -> bool:
    return day is not None and window.opens <= day <= window.closes


def _number(fact: Fact) -> int | None:
    return int(fact.value) if isinstance(fact.value, (int, float)) else None
