"""Days and instants of Chinese law: one fixed zone, civil days, and months by 民法典 202.

A fact is a `date` when only its day is known, else a `datetime`. China has had one zone
without summer time since 1991, so the zone is a fixed UTC+8 and needs no zone database.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import MAXYEAR, MINYEAR, date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from pytest_icp.law.errors import IcpError

if TYPE_CHECKING:
    from pytest_icp.law.text import Text

CST = timezone(timedelta(hours=8), "CST")
"""China standard time (北京时间), the zone of every day and instant here."""

_FORM = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?P<time>T[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?"
)


_JUDGED = range(2000, 2100)
"""The years as of which a run can judge: the first licences of this kind date from 2000."""


class TimeError(IcpError, ValueError):
    """A date or time that does not exist, is not written as one, or leaves the years 1-9999.

    ``message`` says so in both languages.
    """

    def __init__(self, message: Text) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        """Return the message in English."""
        return self.message.en


def time_error(zh: str, en: str) -> TimeError:
    """Return an error with its message; texts are needed only where one is raised."""
    from pytest_icp.law.text import Text

    return TimeError(Text(zh=zh, en=en))


@lru_cache(maxsize=16384)
def parse_time(text: str) -> date | datetime:
    """Read a day (日期) or an instant (时点).

    ``2024-03-06`` gives a `date`; ``2024-03-06T09:30``, with seconds, a fraction of them and
    a zone (``Z`` or ``+08:00``) if they are written, a `datetime` in `CST`. Without a zone
    the time is that of Beijing. Digits beyond the microsecond are dropped.

    Raises `TimeError` when the text has another form or names what does not exist.
    """
    form = _FORM.fullmatch(text)
    if form is None:
        raise time_error(
            f"{text!r} 不是日期（写法如 2024-03-06），也不是日期和时间（写法如 2024-03-06T09:30 或 "
            "2024-03-06T09:30:00+08:00）",
            f"{text!r} is not a date such as 2024-03-06, "
            "nor a date and time such as 2024-03-06T09:30 or 2024-03-06T09:30:00+08:00",
        )
    try:
        day = date.fromisoformat(form["day"])
    except ValueError:
        named = form["day"]
        raise time_error(f"没有 {named} 这一天", f"{named} is not a date that exists") from None
    if form["time"] is None:
        return day
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise time_error(f"没有 {text} 这个时间", f"{text} is not a time that exists") from None
    return in_china(instant)


_SPAN = re.compile(r"(?P<n>[0-9]+)(?P<unit>[dmy]?)")
_DAYS = {"": 1, "d": 1, "m": 30, "y": 365}


def days_of(span: str) -> int | None:
    """Return the days of a span such as ``24m``; None for anything else.

    A month is 30 of them, a year 365.
    """
    form = _SPAN.fullmatch(span.strip())
    return int(form["n"]) * _DAYS[form["unit"]] if form else None


def in_china(instant: datetime) -> datetime:
    """Return the instant in `CST` (北京时间); one without a zone is read as that of Beijing.

    Raises `TimeError` when it lies outside the years 1-9999 there.
    """
    if instant.tzinfo is None:
        return instant.replace(tzinfo=CST)
    try:
        return instant.astimezone(CST)
    except OverflowError:
        raise _beyond(instant.isoformat()) from None


def civil_date(t: date | datetime) -> date:
    """Return the day of ``t`` in China (日), whatever the zone it is written in."""
    return in_china(t).date() if isinstance(t, datetime) else t


def start_of_day(day: date) -> datetime:
    """Return the first instant of a day in China (零时)."""
    return datetime.combine(day, time.min, CST)


def end_of_day(day: date) -> datetime:
    """Return the last microsecond before 24:00 of a day in China (二十四时, 民法典 203)."""
    return datetime.combine(day, time.max, CST)


def as_of_instant(value: str | date | datetime) -> datetime:
    """Return the instant (核对日) that a run judges as of; a day alone means its end.

    Raises `TimeError` as `parse_time` does, and for a year outside those that can be judged:
    there is no such law then, and terms would reach beyond the calendar.
    """
    t = parse_time(value) if isinstance(value, str) else value
    instant = in_china(t) if isinstance(t, datetime) else end_of_day(t)
    if instant.year not in _JUDGED:
        first, last = _JUDGED[0], _JUDGED[-1]
        raise time_error(
            f"{value} 不在可以核对的 {first} 年至 {last} 年之内",
            f"{value} is outside the supported years, {first} to {last}",
        )
    return instant


def happened(t: date | datetime, as_of: datetime) -> bool:
    """Return whether a fact had happened (已发生) by an instant.

    A fact known by its day has happened when that day is not after the day of ``as_of``.
    """
    instant = in_china(as_of)
    if isinstance(t, datetime):
        return in_china(t) <= instant
    return t <= instant.date()


def add_days(day: date, n: int) -> date:
    """Return the day ``n`` calendar days (日) later, earlier when ``n`` is negative.

    Raises `TimeError` when it lies outside the years 1-9999.
    """
    try:
        return day + timedelta(days=n)
    except OverflowError:
        raise _outside(day, n, "day") from None


def add_months(day: date, n: int) -> date:
    """Return the corresponding day (对应日) ``n`` months later, else that month's last day.

    By 民法典 202; ``n`` may be negative. Raises `TimeError` when the day lies outside
    the years 1-9999.
    """
    year, month0 = divmod(day.year * 12 + day.month - 1 + n, 12)
    if not MINYEAR <= year <= MAXYEAR:
        raise _outside(day, n, "month")
    return date(year, month0 + 1, min(day.day, monthrange(year, month0 + 1)[1]))


def add_time(instant: datetime, n: int, unit: Literal["hours", "minutes"]) -> datetime:
    """Return the instant ``n`` hours or minutes later, through nights and holidays, in `CST`.

    Raises `TimeError` when it lies outside the years 1-9999.
    """
    start = in_china(instant)
    try:
        return start + timedelta(**{unit: n})
    except OverflowError:
        raise _outside(start, n, unit.removesuffix("s")) from None


def _outside(start: date | datetime, n: int, unit: str) -> TimeError:
    from pytest_icp.law.text import plural

    sign = "-" if n < 0 else "+"
    words = unit if abs(n) == 1 else plural(unit)
    return _beyond(f"{start} {sign} {abs(n)} {words}", f"{start} {sign} {abs(n)} {_UNITS[unit]}，")


_UNITS = {"day": "日", "month": "个月", "hour": "小时", "minute": "分钟"}


def _beyond(en: str, zh: str = "") -> TimeError:
    return time_error(
        f"{zh or f'{en} '}超出了 1 年至 9999 年", f"{en} lies outside the years 1 to 9999"
    )
