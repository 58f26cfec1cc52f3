"""Continuing duties: what is repeated, and how far records go back.

A period (周期) begins when the duty does, or with the last ``restart`` (a re-grading, a new
version): what lay before that is not judged. Each ends on the corresponding day (对应日, 民法典
202) and never rolls. Done after its end is late: violated for the look-back, then a note.

Once in every calendar year (每年至少一次) is not a year from the last time: a period then ends on
31 December, of the year after the last time, or so many years after it. The words count whole
years, so the rest of the year in which the duty began is free: what began in October is first due
by the end of the next year, and only what began on 1 January in the same.

A year's window (每年期间) binds who is licensed by the year before and still when it closes. The
latest window that has closed decides; earlier ones are violated only within the look-back. A record
that does not tell which year it answers, of which year it tells, or when it was, perhaps counts.

Records go back (留存) as they are set to be kept, and as they are really there: the oldest lies so
long back, or recording is younger. However late recording began, it goes back to the day since when
there should be records, unless other subjects hold those of the time before without a gap. When so
much time is over since recording ended, nothing is asked any more. Six months are calendar months
(民法典 202): 184 days always reach them, 181 to 183 only for some first days, unless a user accepts
180.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from datetime import MAXYEAR, date
from functools import cache, cached_property

from msgspec import Struct

from pytest_icp.facts.asof import NEVER
from pytest_icp.kinds import messages as say
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dated.say import Gap
from pytest_icp.kinds.dated.when import (
    NOTHING,
    Dated,
    Dates,
    Moment,
    Open,
    When,
    YearlyWindow,
    finding,
    in_time,
)
from pytest_icp.kinds.dates import (
    Days,
    Span,
    covered,
    day_of,
    earlier,
    fixed,
    later,
    long_ago,
    merged,
    moment,
    span_of,
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
from pytest_icp.kinds.subjects import Fact, Subject, Tokens
from pytest_icp.kinds.words import shown
from pytest_icp.law.blame import gaps
from pytest_icp.law.condition import AT_MOST, Leaf, Node, Truth
from pytest_icp.law.jsontypes import Json, object_of
from pytest_icp.law.recurrence import Window, months_as_days, windows
from pytest_icp.law.text import Text, plain
from pytest_icp.law.times import add_days
from pytest_icp.rules.numbers import Amount, Number, Value
from pytest_icp.rules.policy import Obligation

_IN_PERIOD = Text(
    zh="{since}，应不晚于 {last} 办理，{state}", en="{state}: it was due by {last}, {since}"
)
_LAST_TIME = Text("最近一次办理于 {day}", "last done on {day}")
_BEGAN = Text("自 {day} 起算", "counted from {day}")
_DONE_ON, _UNDONE = Text("实际于 {done} 办理", "done on {done}"), Text("未办理", "not done")


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
        return self.every.latest(self.value(begun), lambda value: self._by(begun, value))

    def value(self, begun: date) -> Value:
        """The value by which a period goes that runs from a day: that of the day it begins on."""
        if self.every.unit != "calendar_years":
            return self.every.on(begun)
        return self.every.on(date(min(self._year_before(begun) + 1, MAXYEAR), 1, 1))

    def _by(self, begun: date, value: Value) -> date:
        gap = span_of_value(self.every, value)
        if gap.unit != "calendar_years":
            return later(begun, gap)
        return date(min(self._year_before(begun) + gap.n, MAXYEAR), 12, 31)

    def _year_before(self, begun: date) -> int:
        """The calendar year after which a period from a day begins.

        The year of a time is answered by it; that of a start only counts when it is whole.
        """
        return (begun if self.at(begun) else earlier(begun, Span(1, "days"))).year

    def missed(
        self, begun: date, until: Moment | None = None
    ) -> Iterator[tuple[date, date, Moment]]:
        """Yield each period after a day that ended before it was done again, and before the duty.

        It is given by the day from which it runs, its last day, and when it was done at last.
        ``until`` is by when it was not done again, after the last time.
        """
        i = bisect_right(self.done.days, begun)
        times = [*self.done.known[i:], *([until] if until else [])]
        for day, time in zip((begun, *self.done.days[i:]), times, strict=False):
            end = self.end(day)
            if end < min(time.day, self.over):
                yield day, end, time

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
        for period in self.missed(self.start) if self.start else ():
            judged = both(judged, self._missed(*period))
        end, ended = self.end(last), self.ends.first
        if self.context.today <= end:
            limit = fixed(self.context, end)
            runs = upcoming(self.context, self.subject, self.done.tokens, limit)
        else:
            runs = self._missed(last, end, None)
        if not ended or not (ended.day <= end or long_ago(self.context, ended.day)):
            judged = both(judged, runs)
        every = span_of_value(self.every, self.value(last))
        return self.context.explained(
            judged, lambda: [say.PLUS.format(start=last, span=every.text, end=end)]
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
            for _, end, time in self.missed(day, until=Moment(today, ())):
                if not long_ago(self.context, min(time.day, self.over)):
                    return missing(self.subject, one.tokens, due=end)
        return SATISFIED

    def _missed(self, begun: date, end: date, done: Moment | None) -> Judgement:
        """Judge a period in which it was not done, or ``done`` only after it."""
        doubt, over = self.doubt(begun), min(done.day, self.over) if done else None
        if doubt is not None and not (over and long_ago(self.context, over)):
            return missing(self.subject, doubt, due=end)
        last = done or self.at(begun)
        state = _DONE_ON.format(done=done.day) if done else _UNDONE
        judged = violated(
            self.subject,
            last.tokens if last else self.done.tokens,
            _IN_PERIOD.format(since=self._begun(begun), last=end, state=state),
            found=plain(moment(last.day)) if last else say.NOT_DONE,
            required=say.BY.format(last=end),
            due=end,
            on=end,
            over=over,
        )
        return resting_on(judged, self.every, self.value(begun))

    def _begun(self, day: date) -> Text:
        """Say with what a period began: a time that it was done, or the beginning."""
        return (_LAST_TIME if self.at(day) else _BEGAN).format(day=day)


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
_MISSED = Text(
    zh="{year} 年应于 {first} 至 {last} 办理，{state}",
    en="{state}: the window of {year} was {first} to {last}",
)
_ENDED = Text(
    zh="许可证状态为“{status}”，何时失效未申报；{year} 年是否应当办理，无法判断",
    en="the status of the licence is {status}, and since when is not declared; whether this was "
    "due in {year} cannot be decided",
)

_LATEST = 5  # windows that the steps tell of
_WINDOW = Text(
    "{year} 年：{first} 至 {last}；办理：{found}", "{year}: {first} to {last}; done: {found}"
)


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

        def binds(one: Window) -> bool | Tokens:
            if one.year <= start.year:
                return first.tokens
            # A licence that ended within a window was to have it done while it was in force.
            running = one.opens <= known.last and context.today <= known.last
            if running or one.closes <= known.last:
                return True
            return known.gap.tokens if known.gap and one.opens <= context.today else False

        # Up to that year the look-back may reach, where it is not known since when there is one.
        years = context.settings.lookback_days // 365 + 2
        since = date(max(start.year - years, 1), 1, 1) if first.value is None else start
        # A window that is still to come is told of, later ones are not.
        every = windows(since, date(context.today.year + 1, 12, 31), *window.days)
        binding = [(one, binds(one)) for one in every if in_force(obligation, one.closes)]
        judged = by_its_value(course.judge(binding), end, ahead)
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

    def judge(self, every: Sequence[tuple[Window, bool | Tokens]]) -> Judgement:
        """Judge the windows (窗口期) that are over, and the next.

        Each is given with whether it binds, or the unknown fact on which that hangs.
        """
        judged, asked, latest = NOT_APPLICABLE, set[Tokens](), True
        for window, binds in reversed(every):
            if window.closes >= self.context.today or binds is False:
                continue
            one = self._closed(window, latest=latest)
            if binds is True:
                one = self._unless_ended(window, one)
                missed = one.verdict is Verdict.VIOLATED and long_ago(self.context, window.closes)
                gap = self.known.gap
                if latest and missed and gap and any(at == gap.tokens for _, at in every):
                    # Only the latest one counts, however long ago it was.
                    one = missing(self.licence, gap.tokens, due=window.closes)
                latest = False
            elif one is SATISFIED or self._is_told_of(one) or binds in asked:
                one = NOT_APPLICABLE
            else:
                # It is a matter of the fact on which it hangs, once.
                asked.add(binds)
                one = missing(self.licence, binds, due=window.closes)
            judged = both(judged, one)
        pending = [one for one, at in every if at is True and one.closes >= self.context.today]
        return both(judged, self._pending(pending))

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
        state = _DONE_ON.format(done=over) if over else _UNDONE
        return violated(
            subject,
            late.at.tokens if late and over else self.tokens,
            _MISSED.format(year=window.year, state=state, **days),
            found=plain(moment(over)) if over else say.NOT_DONE,
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
        if judged.verdict is not Verdict.VIOLATED or ended is False or self._is_told_of(judged):
            return judged
        if ended is None:
            return missing(self.licence, status.tokens, due=window.closes)
        said = _ENDED.format(status=status.text, year=window.year)
        found, required = plain(status.text or ""), judged.findings[0].required
        return unknown(
            self.licence, status.tokens, said, found=found, required=required, due=window.closes
        )

    def _is_told_of(self, judged: Judgement) -> bool:
        """Whether what was done late was so long ago that it is only told of."""
        return any(one.over and long_ago(self.context, one.over) for one in judged.findings)

    def _pending(self, pending: list[Window]) -> Judgement:
        """Say when the next window closes that is not answered yet."""
        wanted = [window for window in pending if not self.is_met(window)]
        if not wanted:
            return SATISFIED if pending else NOT_APPLICABLE
        # Where the licence ends within the window, it is safe until then.
        limit = fixed(self.context, wanted[0].closes, safe_until=self.known.last)
        return upcoming(self.context, self.licence, self.tokens, limit)

    def steps(self, every: tuple[Window, ...]) -> Iterator[Text]:
        """Yield the latest windows that have begun, and when it was done for them."""
        begun = [window for window in every if window.opens <= self.context.today]
        for window in begun[-_LATEST:]:
            days = [
                moment(one.day)
                for one in self.records
                if one.day and one.may_answer(window) and (one.year or one.day.year) == window.year
            ]
            found = plain(", ".join(days)) if days else say.NOT_DONE
            yield _WINDOW.format(
                year=window.year, first=window.opens, last=window.closes, found=found
            )


def _is_in(day: date | None, window: Window) -> bool:
    return day is not None and window.opens <= day <= window.closes


def _number(fact: Fact) -> int | None:
    return int(fact.value) if isinstance(fact.value, (int, float)) else None


# ---- How far records go back (留存)

_OLDEST = Text(
    zh="最早的日志为 {oldest}，但 {cut} 的日志应仍在",
    en="the oldest entry is from {oldest}, but one from {cut} should still be there",
)
_LATER = Text(
    zh="现有最早的记录晚于截至日；当日存有的记录未申报，无法判断",
    en="the oldest entry is from a later day; what was there on this day is not declared, so this "
    "cannot be decided",
)
_TOO_SHORT = Text(zh="留存 {kept}，不足 {span}", en="kept for {kept}, which is less than {span}")
_ONLY_A_BOUND = Text(
    zh="只知道至多留存 {bound}，实际设定的期限不知道",
    en="all that is known is that it is kept for at most {bound}",
)
_NOT_OVER = Text(zh="至多 {span}", en="at most {span}")
_AT_LEAST = Text(zh="不少于 {span}", en="at least {span}")
_AT_LEAST_DAYS = Text(
    zh="不少于 {span}（{days} 日以上）", en="at least {span} ({days:day} or more)"
)
_ACCEPTED_180 = Text(
    zh="描述中 six_months: 180，接受 180 日为六个月",
    en="six_months: 180 in the description accepts 180 days as six months",
)

_SIX_MONTHS = 6
_ACCEPTED = Span(180, "days")


class Reach(Struct, frozen=True, eq=False, dict=True):
    """Judges how far the records of each subject go back; what is the same for all, only once."""

    rule: Dated
    asked: Gap
    context: Context
    each: str

    def judge(self, subject: Subject) -> Judgement:
        """Judge what is set to be kept, and what is there, until so long after recording ended."""
        ends = self._ends_of(subject)
        if ends.first and ends.first.day < self.cut:
            return NOT_APPLICABLE
        judged = self._judge_kept(subject)
        if self.rule.act:
            judged = both(judged, self._judge_there(subject))
        if ends.open_at and judged.verdict is Verdict.VIOLATED:
            judged = missing(subject, ends.open_at)
        judged = resting_on(judged, self.asked.number, self.asked.value)
        return self.context.explained(judged, self._steps) if self.rule.act else judged

    def _steps(self) -> Iterator[Text]:
        """Yield of which day a record must still be there."""
        today, least = self.context.today, self.asked.span
        yield say.MINUS.format(start=today, span=least.text, end=earlier(today, least))

    @cached_property
    def cut(self) -> date:
        """The first day whose records must still be there.

        Those of 29 February are kept to 29 August: on the 30th and 31st they are not required.
        """
        today, least = self.context.today, self.asked.span
        day = earlier(today, least)
        return day if later(day, least) >= today else add_days(day, 1)

    @cached_property
    def _ends_of(self) -> Callable[[Subject], Dates]:
        return finding(self.context, self.rule.ends)

    @cached_property
    def _oldest_of(self) -> Callable[[Subject], Dates]:
        return finding(self.context, self.rule.acts)

    @cached_property
    def _began_of(self) -> Callable[[Subject], Dates]:
        return finding(self.context, self.rule.anchors)

    @cached_property
    def _since_of(self) -> tuple[Callable[[Subject], Dates], ...]:
        return tuple(finding(self.context, floor.since) for floor in self.rule.floor)

    @cached_property
    def _held(self) -> dict[tuple[int, Days], bool | Tokens]:
        return {}

    @cached_property
    def _least(self) -> Span:
        """How long it is to be set up; a user may accept 180 days as six months."""
        asked = self.asked.span
        accepted = self.context.settings.six_months == "180" and asked.months == _SIX_MONTHS
        return _ACCEPTED if accepted else asked

    def _is_enough(self, kept: Json, least: Span) -> Truth:
        return self.context.decide.truth(_lasting(least), kept)

    def _judge_kept(self, subject: Subject) -> Judgement:
        """Judge the span that is set up; of one that several files declare, a bound as well."""
        fact, least = self.context.fact(subject, self.rule.kept), self._least
        written = object_of(fact.value)
        bound, kept = span_of(written.get(AT_MOST)), span_of(written)
        long_enough = self._is_enough({kept.unit: kept.n} if kept else None, least)
        is_bounded = bound and self._is_enough({bound.unit: bound.n}, least) is False
        if long_enough and not is_bounded:
            by_days = self._is_enough(fact.value, self.asked.span) is False
            return noted(NoteKind.DEFAULT, _ACCEPTED_180, fact.tokens) if by_days else SATISFIED
        at, found = fact.tokens, kept.text if kept else plain("")
        if bound and long_enough is not False:
            at, found = (*at, AT_MOST), _NOT_OVER.format(span=bound.text)
        required = _AT_LEAST.format(span=least.text)
        if least.unit != "days":
            most = months_as_days(least.months)[1]
            required = _AT_LEAST_DAYS.format(span=least.text, days=most)
        if long_enough is False or is_bounded:
            said = _TOO_SHORT.format(kept=found, span=least.text)
            return violated(subject, at, said, found=found, required=required)
        if bound is None:
            return missing(subject, fact.tokens)
        said = _ONLY_A_BOUND.format(bound=bound.text)
        return unknown(subject, fact.tokens, said, found=found, required=required)

    def _judge_there(self, subject: Subject) -> Judgement:
        """Judge whether a record of that long ago is there, or recording is younger."""
        oldest, began = self._oldest_of(subject), self._began_of(subject)
        # What has records has begun, whatever else is said.
        if (began.never and oldest.never) or (oldest.first and oldest.first.day <= self.cut):
            return SATISFIED
        if oldest.open_at:
            return missing(subject, oldest.open_at)
        if oldest.first is None:
            required = say.NOT_AFTER.format(day=self.cut)
            return unknown(subject, oldest.tokens, _LATER, found=shown(NEVER), required=required)
        return self._since(subject, oldest.first, began)

    def _since(self, subject: Subject, oldest: Moment, began: Dates) -> Judgement:
        """Judge records that are younger than what must be there, unless nothing is older."""
        owed = self._owed(subject, oldest.day)
        start = min((*began.days[:1], *owed.days[:1]), default=None)
        if start is None:
            return missing(subject, began.at)
        needed = max(self.cut, start)
        if oldest.day <= needed:
            gap = began.open_at or owed.open_at
            return missing(subject, gap) if gap else SATISFIED
        found = plain(oldest.day.isoformat())
        text = _OLDEST.format(oldest=oldest.day, cut=needed)
        required = say.NOT_AFTER.format(day=needed)
        return violated(subject, oldest.tokens, text, found=found, required=required)

    def _owed(self, subject: Subject, oldest: date) -> Dates:
        """Return since when a subject should have records that others do not hold up to its own."""
        known, open_at = list[Moment](), list[Tokens]()
        for number, floor in enumerate(self.rule.floor):
            counts = self.context.decide.truth(floor.for_, subject.value)
            since = NOTHING if counts is False else self._since_of[number](subject)
            if since.first:
                held = self._is_held(number, self._before(since.first.day, oldest))
                if held is False and counts:
                    known.append(since.first)
                elif held is not True:
                    open_at.append(held or subject.tokens)
            before = self._before(self.cut, oldest)
            if since.open_at and self._is_held(number, before) is not True:
                open_at.append(since.open_at)
        open_ = tuple(Open(None, at) for at in open_at)
        return Dates((), tuple(sorted(known, key=in_time)), open_)

    def _before(self, since: date, oldest: date) -> Days:
        """Return the days before the oldest record on which there should be some."""
        first = max(self.cut, since)
        return Days(first, max(first, add_days(oldest, -1)))

    def _is_held(self, number: int, days: Days) -> bool | Tokens:
        """Whether subjects have records of some days, or the unknown fact on which that hangs."""
        key = number, days
        if key not in self._held:
            self._held[key] = self._holders(self.rule.floor[number].for_, days)
        return self._held[key]

    def _holders(self, of: Node, needed: Days) -> bool | Tokens:
        surely, perhaps, open_at = list[Days](), list[Days](), list[Tokens]()
        for one in self.context.subjects(self.each).subjects:
            counts = self.context.decide.truth(of, one.value)
            oldest, ends = self._oldest_of(one), self._ends_of(one)
            if counts is False or oldest.never:
                continue
            first = oldest.first.day if oldest.first else date.min
            last = ends.first.day if ends.first else self.context.today
            if counts and oldest.first:
                surely.append(Days(first, first if ends.open_at else last))
            gap = next(iter(gaps(of, one.value, self.context.decide))).path if not counts else ()
            at = oldest.open_at or ((*one.tokens, *gap) if gap else ends.open_at)
            if at and Days(first, last).meets(needed):
                open_at.append(at)
            perhaps.append(Days(first, last))
        if covered(needed, merged(surely)):
            return True
        return next(iter(open_at), False) if covered(needed, merged(perhaps)) else False


@cache
def _lasting(least: Span) -> Node:
    """Return the condition that a span of time is so long, from whatever day on."""
    return Leaf({"minimum": {least.unit: least.n}})
