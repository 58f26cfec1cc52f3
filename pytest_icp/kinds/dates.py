"""Dates and spans of duties: days and instants, notices before the last day, days together."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.asof import NEVER
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.finding import NoteKind, Upcoming
from pytest_icp.kinds.judgement import SATISFIED, Judgement, noted
from pytest_icp.kinds.subjects import Fact, Subject, Tokens
from pytest_icp.law.deadline import Due, settled
from pytest_icp.law.jsontypes import Json, JsonObject, pointer
from pytest_icp.law.text import Text, counted
from pytest_icp.law.times import (
    TimeError,
    add_days,
    add_months,
    civil_date,
    end_of_day,
    parse_time,
    start_of_day,
)
from pytest_icp.rules.numbers import Number, Value

# ---- Spans of time as facts and policies write them: ``{days | months | years: n}`` (时长)


class Span(Struct, frozen=True):
    """A number of days, of calendar months (民法典 202), or of years from January to December."""

    n: int
    unit: Literal["days", "months", "years", "calendar_years"]

    @property
    def months(self) -> int:
        """The span in months; 0 for one in days."""
        return {"days": 0, "months": 1, "years": 12}[self.unit] * self.n

    @property
    def text(self) -> Text:
        """The span in words."""
        return counted(self.n, self.unit)


def span_of(written: Json | JsonObject) -> Span | None:
    """Read a span; None when it is not known."""
    if not isinstance(written, Mapping):
        return None
    units: tuple[Literal["days", "months", "years"], ...] = ("days", "months", "years")
    for unit in units:
        n = written.get(unit)
        if isinstance(n, (int, float)):
            return Span(int(n), unit)
    return None


def span_of_value(number: Number, value: Value) -> Span:
    """Return the span that a value of a number of the law is."""
    unit: Any = number.unit
    return Span(int(value.n), unit)


def later(day: date, span: Span) -> date:
    """Return the day that lies a span after another, at most the last one there is."""
    return _moved(day, span, 1, date.max)


def earlier(day: date, span: Span) -> date:
    """Return the day that lies a span before another, at least the first one there is."""
    return _moved(day, span, -1, date.min)


def _moved(day: date, span: Span, sign: int, outermost: date) -> date:
    try:
        if span.unit == "days":
            return add_days(day, sign * span.n)
        return add_months(day, sign * span.months)
    except TimeError:
        return outermost


_DUE_SOON = Text(zh="还有 {days} 日到期：{last}", en="due by {last}, in {days:day}")
_DUE_TODAY = Text(zh="今日到期：{last}", en="due today, {last}")
_SAFE_DAY = Text(zh="；此前最后一个工作日为 {safe}", en="; the last working day before is {safe}")
_IS_PROVISIONAL = Text(
    zh="；该年放假安排尚未公布，日期为暂定",
    en="; provisional, as that year's working days are not published",
)
_PROVISIONAL = Text(
    zh="到期日 {last} 为暂定：该年放假安排尚未公布",
    en="the due date {last} is provisional: that year's working days are not published",
)

NO_DAY = frozenset({NEVER, "none", "open"})
"""What a description writes for the day of what has not happened, or has no last day or end."""


def time_of(fact: Fact) -> date | None:
    """Return the day or instant of a fact; None when there is none, or it is not known."""
    text = fact.text
    return parse_time(text) if text and text not in NO_DAY else None


def day_of(fact: Fact) -> date | None:
    """Return the civil day of a fact; None when there is none, or it is not known."""
    when = time_of(fact)
    return civil_date(when) if when else None


def not_after(t: date, limit: date) -> bool | None:
    """Whether ``t`` is not later than ``limit``; None when a day is too coarse to decide.

    Both are days or instants. A last day lasts until its end, 24:00 (民法典 203).
    """
    if not isinstance(limit, datetime):
        return civil_date(t) <= limit
    if isinstance(t, datetime):
        return t <= limit
    if end_of_day(t) <= limit:
        return True
    return False if start_of_day(t) > limit else None


def moment(t: date) -> str:
    """Write a day as ``2024-03-06``, an instant as ``2024-03-06 09:30`` of Beijing."""
    return t.strftime("%Y-%m-%d %H:%M") if isinstance(t, datetime) else t.isoformat()


def long_ago(context: Context, day: date) -> bool:
    """Whether a day lies before the look-back (回溯期), so that what was late on it is a note."""
    return (context.today - day).days > context.settings.lookback_days


def fixed(context: Context, last: date, *, safe_until: date | None = None) -> Due:
    """Return the due date of a day that no calendar moves: it never rolls (不顺延).

    The safe day is the last working day not after it, or not after ``safe_until`` where that
    is earlier; in a year whose working days are not published, the day itself.
    """
    day = min(last, safe_until or last)
    safe = context.calendar.previous_workday(day) if context.calendar.known(day) else day
    return replace(settled(last), safe=safe)


def upcoming(context: Context, subject: Subject, at: Tokens, limit: Due) -> Judgement:
    """Return that a duty is not yet due, with its due date, and a note when that is soon."""
    last = civil_date(limit.last).isoformat()
    safe = civil_date(limit.safe).isoformat()
    item = Upcoming(
        subject=subject.label,
        last=last,
        safe=safe,
        provisional=limit.provisional,
        pointer=pointer(at),
    )
    days, judged = (civil_date(limit.last) - context.today).days, SATISFIED
    if days <= context.settings.warn_days:
        judged = noted(NoteKind.DUE_SOON, _soon(days, limit), at, due=last)
    elif limit.provisional:
        text = _PROVISIONAL.format(last=moment(limit.last))
        judged = noted(NoteKind.PROVISIONAL, text, at, due=last)
    return replace(judged, upcoming=(item,))


def _soon(days: int, limit: Due) -> Text:
    text = (_DUE_SOON if days else _DUE_TODAY).format(days=days, last=moment(limit.last))
    if civil_date(limit.safe) < civil_date(limit.last):
        text += _SAFE_DAY.format(safe=civil_date(limit.safe))
    return text + _IS_PROVISIONAL if limit.provisional else text


# ---- Days on which several are in force together (连续有效)


class Days(Struct, frozen=True):
    """Days from the first to the last, both included."""

    first: date
    last: date

    def has(self, day: date) -> bool:
        """Whether a day is one of them."""
        return self.first <= day <= self.last

    def meets(self, other: Days) -> bool:
        """Whether some of them are days of others as well."""
        return self.first <= other.last and other.first <= self.last


ALWAYS = Days(date.min, date.max)
_DAY = timedelta(days=1)


class Runs(Struct, frozen=True):
    """Days on which something runs, in order and apart from each other."""

    days: tuple[Days, ...]

    def at(self, day: date) -> Days | None:
        """Return the days without a gap of which a day is one."""
        i = bisect_right(self.days, day, key=lambda days: days.first) - 1
        return self.days[i] if i >= 0 and day <= self.days[i].last else None


def merged(runs: Iterable[Days | None]) -> Runs:
    """Return some days in order, those that touch as one."""
    apart: list[Days] = []
    for days in sorted((d for d in runs if d is not None), key=lambda d: d.first):
        before = apart[-1] if apart else None
        if days.first > days.last:
            continue
        if before is None or before.last.toordinal() + 1 < days.first.toordinal():
            apart.append(days)
        elif days.last > before.last:
            apart[-1] = Days(before.first, days.last)
    return Runs(tuple(apart))


def covered(needed: Days, *several: Runs) -> bool:
    """Whether some days together cover every day that is needed, without a gap."""
    last = covered_until(needed.first, *several)
    return last is not None and last >= needed.last


def covered_until(first: date, *several: Runs) -> date | None:
    """Return the last of the days, from the first on, that some days together cover; or None."""
    last, day = None, first
    while runs := [days for one in several if (days := one.at(day))]:
        last = max(days.last for days in runs)
        if last == date.max:
            break
        day = last + _DAY
    return last


def last_gap(needed: Days, *several: Runs) -> date | None:
    """Return the last day that is not covered, where some days together cover all after it."""
    last = needed.last
    while runs := [days for one in several if (days := one.at(last))]:
        last = min(days.first for days in runs) - _DAY
    return last if last < needed.last else None
