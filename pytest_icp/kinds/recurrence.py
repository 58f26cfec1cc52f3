"""Kind ``recurrence`` (周期): something is done in a window of every year, or every so often.

With ``window: {from: "01-01", to: "03-31"}`` and ``while: {from: path, until: path}`` each
year's window binds whoever is licensed by the year before and still at some time in it (a
later ``renewed_until`` counts where it is known, and a renewal that was applied for ``deemed`` so
long ahead, where it was not decided; where ``from`` is not known, ``from_at_latest`` tells since
when it binds in any case, and what is before is not known); the
``records`` give their year by ``year`` and the day by ``at``; one whose ``about`` is not the year
before does not count. With ``every: {months:
n, since: …}`` the next time is due so many months after the last, or after ``restart``, the last
of several records that begin a new period; ``since`` is a path, or the first of several records,
and ``until`` the path of the day on which the duty ends.
``calendar_years: n`` instead is once in every year, or in every n, from January to December.
``records_where`` and ``joined_by`` select the records that count. The latest window that has closed
decides; earlier ones are violated only within the look-back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from msgspec import Struct

from pytest_icp.facts.asof import NEVER
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dated.core import judging
from pytest_icp.kinds.dated.duty import Dated
from pytest_icp.kinds.dated.when import When, whenever
from pytest_icp.kinds.dates import day_of, fixed, long_ago, moment, upcoming
from pytest_icp.kinds.finding import Note, NoteKind, Outcome, Verdict
from pytest_icp.kinds.judgement import (
    NOT_APPLICABLE,
    SATISFIED,
    Judgement,
    both,
    missing,
    violated,
)
from pytest_icp.kinds.kind import Kind
from pytest_icp.kinds.legal_force import in_force
from pytest_icp.kinds.matching import Join
from pytest_icp.kinds.selection import judge_each
from pytest_icp.kinds.subjects import Fact, Subject, Tokens, location
from pytest_icp.kinds.terms import last_day
from pytest_icp.kinds.words import shown
from pytest_icp.law.condition import ANYTHING, Node
from pytest_icp.law.recurrence import Window, windows
from pytest_icp.law.text import Text, plain
from pytest_icp.rules.numbers import Amount
from pytest_icp.rules.policy import Obligation, Spec

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

_LATEST = 5
"""How many windows the steps tell of, the latest."""

_WINDOW = Text("{year} 年：{first} 至 {last}，{state}", "{year}: {first} to {last}, {state}")
_IN_WINDOW = Text("{day} 已办理", "done on {day}")
_NOT_IN_WINDOW = Text("{day} 办理，不在期内", "done on {day}, outside it")
_NO_RECORD = Text("没有记录", "no record")
_TO_COME = Text("尚未结束", "still open")


class YearlyWindow(Struct, frozen=True, rename={"from_": "from"}):
    """The first and the last day of a window of every year, as ``01-31``."""

    from_: str
    to: str


class Licensed(Struct, frozen=True, rename={"from_": "from"}):
    """The paths of the days from and until which the duty binds, and of a later last day.

    ``from_at_latest`` is the path of a day from which on it binds where the first is not known.
    """

    from_: str
    until: str
    from_at_latest: str | None = None
    renewed_until: str | None = None
    deemed: Amount | None = None


class Every(Amount, frozen=True, kw_only=True):
    """How long after the last time, or after a beginning, the next time is due."""

    since: str | When
    until: str | None = None
    restart: When | None = None


class Recurrence(Spec, frozen=True, kw_only=True, rename={"while_": "while"}):
    """A window of every year or a span after each time, and where the times are recorded."""

    window: YearlyWindow | None = None
    while_: Licensed | None = None
    every: Every | None = None
    last: str | None = None
    records: str | None = None
    at: str | None = None
    year: str | None = None
    about: str | None = None
    records_where: Node = ANYTHING
    joined_by: Join | None = None

    def dated(self, every: Every) -> Dated:
        """Return what comes back as an act, its anchor and a bound."""
        at = (self.at or "",)
        records = When(of=self.records, at=at, where=self.records_where, match=self.joined_by)
        again = whenever(every.restart, self.joined_by) if every.restart else None
        return Dated(
            act=When.on(self.last) if self.last else records,
            anchor=whenever(every.since, self.joined_by),
            every=every,
            restart=again,
            ends=When.on(every.until) if every.until else None,
        )


class Record(Struct, frozen=True):
    """One time that the duty was done: the year it answers and the civil day, where known."""

    year: int | None
    at: Fact
    day: date | None


class Records(Struct, frozen=True):
    """All the times, and the place where they should be declared."""

    known: tuple[Record, ...]
    tokens: Tokens
    declared: bool


def check_recurrence(obligation: Obligation, context: Context) -> Outcome:
    """Decide a ``recurrence``."""
    spec = obligation.spec_as(Recurrence)
    if spec.every:
        rule = spec.dated(spec.every)
        return judge_each(obligation, context, judging(rule, obligation, context))

    def judge(subject: Subject) -> Judgement:
        if not (spec.window and spec.while_):
            return NOT_APPLICABLE
        found = _records(spec, context, subject)
        return _windows(obligation, (spec.window, spec.while_), context, subject, found)

    return judge_each(obligation, context, judge)


def _records(spec: Recurrence, context: Context, subject: Subject) -> Records:
    path, at = spec.records or "", spec.at or ""
    collected = context.subjects(path, subject)
    known = tuple(
        Record(year, done, day_of(done))
        for one in collected.subjects
        for done in (context.fact(one, at),)
        for year in (_year(context.fact(one, spec.year)) if spec.year else None,)
        if not spec.about or _is_about(_year(context.fact(one, spec.about)), year)
    )
    return Records(known, context.fact(subject, path).tokens, declared=not collected.missing)


def _is_about(told: int | None, year: int | None) -> bool:
    """Whether a record may tell of the year before the one that it answers."""
    return told is None or year is None or told == year - 1


def _windows(
    obligation: Obligation,
    rule: tuple[YearlyWindow, Licensed],
    context: Context,
    subject: Subject,
    records: Records,
) -> Judgement:
    window, bound = rule
    first, until = context.fact(subject, bound.from_), context.fact(subject, bound.until)
    start, end = day_of(first), day_of(until)
    open_from = first.tokens if start is None else None
    if start is None and bound.from_at_latest:
        start = day_of(context.fact(subject, bound.from_at_latest))
    if start is None:
        return missing(subject, first.tokens)
    if end is None:
        return missing(subject, until.tokens)
    last, open_at = end, None
    if bound.renewed_until:
        new = day_of(context.fact(subject, bound.renewed_until))
        last, open_at = last_day(context, last, new, bound.deemed)
    # A window that is still to come is told of, later ones are not.
    soon = date(context.today.year + 1, 12, 31)
    days = _month_day(window.from_), _month_day(window.to)
    every = windows(start, soon if last == date.max else last, *days)
    binding = [one for one in every if in_force(obligation, one.closes)]
    judged = _each_window(context, subject, records, binding, last)
    if open_at:
        later = windows(start, context.today, *days)[len(every) :]
        judged = both(judged, _perhaps(context, subject, records, later, open_at))
    if open_from:
        before = _before(context, start, last, days)
        before = [one for one in before if in_force(obligation, one.closes)]
        if any(one.closes < context.today for one in binding):
            before = [one for one in before if not long_ago(context, one.closes)]
        judged = both(judged, _perhaps(context, subject, records, before, open_from))
    return judged.by(lambda: _steps(context, records, every))


def _before(
    context: Context, start: date, until: date, days: tuple[tuple[int, int], tuple[int, int]]
) -> list[Window]:
    """Return the windows up to the year of ``start`` that the look-back may reach."""
    years = context.settings.lookback_days // 365 + 2
    every = windows(date(max(start.year - years, 1), 1, 1), until, *days)
    return [window for window in every if window.year <= start.year]


def _perhaps(
    context: Context, subject: Subject, records: Records, perhaps: Iterable[Window], open_at: Tokens
) -> Judgement:
    """Judge the windows that bind if the licence was renewed, or held before: it is not known."""
    closed = [window for window in perhaps if window.closes < context.today]
    wanted = [window for window in closed if not _in_window(records, window)]
    return missing(subject, open_at, due=wanted[-1].closes) if wanted else NOT_APPLICABLE


def _each_window(
    context: Context, subject: Subject, records: Records, binding: list[Window], until: date
) -> Judgement:
    """Judge the windows (窗口期) that are over, and the next one."""
    closed = [window for window in binding if window.closes < context.today]
    judged = NOT_APPLICABLE
    for i, window in enumerate(reversed(closed)):
        judged = both(judged, _closed(context, subject, records, window, latest=i == 0))
    pending = [window for window in binding if window.closes >= context.today]
    return both(judged, _pending(context, subject, records, pending, until))


def _steps(context: Context, records: Records, every: tuple[Window, ...]) -> Iterator[Text]:
    begun = [window for window in every if window.opens <= context.today]
    for window in begun[-_LATEST:]:
        state = _TO_COME if window.closes >= context.today else _NO_RECORD
        for record in records.known:
            day = record.day
            if day is None or (record.year or day.year) != window.year:
                continue
            inside = window.opens <= day <= window.closes
            state = (_IN_WINDOW if inside else _NOT_IN_WINDOW).format(day=day)
            if inside:
                break
        yield _WINDOW.format(year=window.year, first=window.opens, last=window.closes, state=state)


def _closed(
    context: Context, subject: Subject, records: Records, window: Window, *, latest: bool
) -> Judgement:
    """Judge a window that is over."""
    if _in_window(records, window):
        return SATISFIED
    answers = [r for r in records.known if _answers(r, window)]
    past = not latest and long_ago(context, window.closes)
    open_at = next((r.at.tokens for r in answers if r.at.value is None), None)
    if open_at is not None and not past:
        return missing(subject, open_at, due=window.closes)
    late = next((r for r in answers if r.day is not None), None)
    if late is not None:
        return _wrong(subject, late.at.tokens, window, late.day)
    if past:
        return SATISFIED
    if not records.declared:
        # One line to add is shown once.
        return missing(subject, records.tokens, due=window.closes) if latest else SATISFIED
    return _wrong(subject, records.tokens, window, None)


def _wrong(subject: Subject, at: Tokens, window: Window, done: date | None) -> Judgement:
    """Return that it was not done in a window, but later or earlier, or never."""
    dates = {"first": window.opens, "last": window.closes}
    message = _OUT_OF_WINDOW if done is None else _LATE_WINDOW
    return violated(
        subject,
        at,
        message.format(year=window.year, done=done, **dates),
        found=plain(moment(done)) if done else shown(NEVER),
        required=_BETWEEN.format(**dates),
        due=window.closes,
        on=window.closes,
        over=done,
    )


def _pending(
    context: Context, subject: Subject, records: Records, pending: list[Window], until: date
) -> Judgement:
    """Say when the next window closes that is not answered yet."""
    wanted = [window for window in pending if not _in_window(records, window)]
    if not wanted:
        return SATISFIED if pending else NOT_APPLICABLE
    window = wanted[0]
    limit = fixed(context, window.closes, safe_until=until)
    judgement = upcoming(context, subject, records.tokens, limit)
    if until < window.closes and context.today >= window.opens:
        text = _EXPIRES_IN_WINDOW.format(until=until)
        at, due = location(records.tokens), until.isoformat()
        note = Note(kind=NoteKind.ADVICE, text=text, location=at, due=due)
        judgement = both(judgement, Judgement(verdict=Verdict.SATISFIED, notes=(note,)))
    return judgement


def _in_window(records: Records, window: Window) -> bool:
    return any(
        record.day is not None
        and window.opens <= record.day <= window.closes
        and record.year in {None, window.year}
        for record in records.known
    )


def _answers(record: Record, window: Window) -> bool:
    """Whether a record is for the window's year, by its own year or else by its day."""
    if record.year is not None:
        return record.year == window.year and record.at.value != NEVER
    return record.at.value is None or (record.day is not None and record.day.year == window.year)


def _year(fact: Fact) -> int | None:
    return int(fact.value) if isinstance(fact.value, (int, float)) else None


def _month_day(written: str) -> tuple[int, int]:
    month, _, day = written.partition("-")
    return int(month), int(day)


KIND = Kind("recurrence", Recurrence, check_recurrence)
