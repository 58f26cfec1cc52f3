"""Kind ``recurrence`` (周期): something is done in a window of every year, or every so often.

With ``window: {from: "01-01", to: "03-31"}`` and ``while: {from: path, until: path}`` each
year's window binds whoever is licensed by the year before and still at some time in it (a
later ``renewed_until`` counts where it is known); the
``records`` tell by ``year`` which year they answer and by ``at`` when. With ``every: {months:
n, since: …}`` the next time is due so many months after the last, or after ``restart``, the last
of several records that begin a new period; ``since`` is a path, or the first of several records.
``records_where`` and ``joined_by`` tell which records count. The latest window or period that
has closed decides; earlier ones are violated only within the look-back.
"""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from pytest_icp.facts.asof import NEVER
from pytest_icp.kinds import messages as say
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import day_of, fixed, long_ago, moment, time_of, upcoming
from pytest_icp.kinds.finding import Note, NoteKind, Outcome, Verdict
from pytest_icp.kinds.interval import judge_interval
from pytest_icp.kinds.judgement import (
    NOT_APPLICABLE,
    SATISFIED,
    Judgement,
    both,
    missing,
    violated,
)
from pytest_icp.kinds.legal_force import in_force
from pytest_icp.kinds.selection import judge_each
from pytest_icp.kinds.subjects import Fact, Subject, Tokens
from pytest_icp.law.jsontypes import pointer
from pytest_icp.law.recurrence import Window, windows
from pytest_icp.law.text import plain
from pytest_icp.law.times import civil_date
from pytest_icp.rules.policy import Obligation


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
    yearly = "window" in obligation.fields

    def judge(subject: Subject) -> Judgement:
        if yearly:
            return _windows(obligation, context, subject, _records(obligation, context, subject))
        return judge_interval(obligation, context, subject)

    return judge_each(obligation, context, judge)


def windows_of(obligation: Obligation, first: date, until: date) -> tuple[Window, ...]:
    """Return the windows (窗口期) that bind a licence held from ``first`` to ``until``."""
    window = obligation.group("window")
    return windows(first, until, _month_day(window["from"]), _month_day(window["to"]))


def _records(obligation: Obligation, context: Context, subject: Subject) -> Records:
    path = obligation.path("records")
    collected = context.subjects(path, subject)
    year = obligation.path("year")
    at = obligation.path("at")
    known = tuple(
        Record(_year(context.fact(one, year)) if year else None, done, day_of(done))
        for one in collected.subjects
        for done in (context.fact(one, at),)
    )
    return Records(known, context.fact(subject, path).tokens, declared=not collected.missing)


def _windows(
    obligation: Obligation, context: Context, subject: Subject, records: Records
) -> Judgement:
    span = obligation.group("while")
    first, until = (context.fact(subject, str(span[end])) for end in ("from", "until"))
    start, end = time_of(first), time_of(until)
    if start is None:
        return missing(subject, first.tokens)
    if end is None:
        return missing(subject, until.tokens)
    longer = time_of(context.fact(subject, str(span.get("renewed_until", "until"))))
    end = max(civil_date(end), civil_date(longer)) if longer else civil_date(end)
    every = windows_of(obligation, civil_date(start), end)
    bound = [window for window in every if in_force(obligation, window.closes)]
    closed = [window for window in bound if window.closes < context.today]
    judged = NOT_APPLICABLE
    for i, window in enumerate(reversed(closed)):
        judged = both(judged, _closed(context, subject, records, window, latest=i == 0))
    pending = [window for window in bound if window.closes >= context.today]
    return both(judged, _pending(context, subject, records, pending, end))


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
    if late is not None and late.day is not None:
        return _late(subject, late, window, forgiven=long_ago(context, late.day))
    if past:
        return SATISFIED
    if not records.declared:
        # One line to add is asked for once.
        return missing(subject, records.tokens, due=window.closes) if latest else SATISFIED
    return violated(
        subject,
        records.tokens,
        say.OUT_OF_WINDOW.format(year=window.year, first=window.opens, last=window.closes),
        found=plain(NEVER),
        required=say.BETWEEN.format(first=window.opens, last=window.closes),
        due=window.closes,
        on=window.closes,
    )


def _late(subject: Subject, record: Record, window: Window, *, forgiven: bool) -> Judgement:
    day = record.day or window.closes
    message = say.LATE_WINDOW.format(
        year=window.year, first=window.opens, last=window.closes, done=day
    )
    if forgiven:
        at = pointer(record.at.tokens)
        note = Note(kind=NoteKind.LATE_REMEDIED, text=message, pointer=at, due=window.closes)
        return Judgement(verdict=Verdict.SATISFIED, notes=(note,))
    return violated(
        subject,
        record.at.tokens,
        message,
        found=plain(moment(day)),
        required=say.BETWEEN.format(first=window.opens, last=window.closes),
        due=window.closes,
        on=window.closes,
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
        text = say.EXPIRES_IN_WINDOW.format(until=until)
        note = Note(kind=NoteKind.ADVICE, text=text, pointer=pointer(records.tokens), due=until)
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
    """Whether a record answers the window's year, as it says or, silent, by its day."""
    if record.year is not None:
        return record.year == window.year and record.at.value != NEVER
    return record.at.value is None or (record.day is not None and record.day.year == window.year)


def _year(fact: Fact) -> int | None:
    return int(fact.value) if isinstance(fact.value, int | float) else None


def _month_day(written: object) -> tuple[int, int]:
    month, _, day = str(written).partition("-")
    return int(month), int(day)
