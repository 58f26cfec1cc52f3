"""Yearly windows, and months counted as days.

A yearly window (每年第一季度) is fixed by its two days and never moves.
"""

from __future__ import annotations

from calendar import isleap, monthrange
from collections import Counter
from datetime import date
from functools import cache, lru_cache
from itertools import accumulate, chain, islice
from operator import sub

from msgspec import Struct

from pytest_icp.law.times import time_error

_CYCLE_MONTHS = 400 * 12
_CYCLE_DAYS = 146_097
"""The Gregorian calendar repeats after 400 years, which have so many days."""

_LEAP_YEAR = 2000


class Window(Struct, frozen=True, kw_only=True):
    """The window (窗口期) of one year; both days are in it."""

    year: int
    opens: date
    closes: date


def windows(
    first: date,
    until: date,
    from_md: tuple[int, int] = (1, 1),
    to_md: tuple[int, int] = (3, 31),
) -> tuple[Window, ...]:
    """Return the yearly windows (窗口期) that bind somebody licensed from ``first`` to ``until``.

    They are those of the years after the year of ``first`` that have opened by ``until``.
    ``from_md`` and ``to_md`` are month and day; 29 February is the 28th in a year without it.
    Raises `ValueError` when the window closes before it opens, and `TimeError` for a day that
    no year has.
    """
    if from_md > to_md:
        raise ValueError(f"a window opens before it closes, not {from_md} to {to_md}")
    every = (
        Window(year=year, opens=_day_of(year, from_md), closes=_day_of(year, to_md))
        for year in range(first.year + 1, until.year + 1)
    )
    return tuple(window for window in every if window.opens <= until)


@cache
def months_as_days(months: int) -> tuple[int, int]:
    """Return the fewest and the most days that ``months`` months are (六个月: 181 to 184).

    Raises `ValueError` when ``months`` is negative.
    """
    lengths = [days for days, _ in _lengths(months)]
    return min(lengths), max(lengths)


def shortfall(days_kept: int, months: int) -> float:
    """Return the share (0 to 1) of start days for which so many days are less than the months.

    What is kept (留存) for 180 days is less than six months from whatever day on; the share
    counts every day of the 400 years after which the calendar repeats. Raises as
    `months_as_days` does.
    """
    short = sum(count for days, count in _lengths(months) if days > days_kept)
    return short / _CYCLE_DAYS


def _day_of(year: int, month_and_day: tuple[int, int]) -> date:
    month, day = month_and_day
    try:
        date(_LEAP_YEAR, month, day)
    except ValueError:
        named = f"{month:02}-{day:02}"
        raise time_error(f"没有一年有 {named} 这一天", f"no year has a day {named}") from None
    return date(year, month, min(day, monthrange(year, month)[1]))


@lru_cache(maxsize=16)
def _lengths(months: int) -> tuple[tuple[int, int], ...]:
    """Return each length in days that the months have, and from how many days of a cycle."""
    return tuple(_count_lengths(months).items())


def _count_lengths(months: int) -> Counter[int]:
    if months < 0:
        raise ValueError(f"a number of months is 0 or more, not {months}")
    cycles, rest = divmod(months, _CYCLE_MONTHS)
    cycle = _month_days()
    two_cycles = cycle * 2
    firsts = [0, *accumulate(two_cycles)]
    ends = islice(two_cycles, rest, None)
    aparts = map(sub, islice(firsts, rest, None), firsts)
    lengths: Counter[int] = Counter()
    # Few pairs of months differ in what matters here, so each is reckoned once.
    alike = Counter(zip(cycle, ends, aparts, strict=False))
    for (start, end, apart), count in alike.items():
        days = cycles * _CYCLE_DAYS + apart
        lengths[days] += min(start, end) * count
        # The last days of a longer month all end on the last day of the shorter one.
        for beyond in range(1, start - end + 1):
            lengths[days - beyond] += count
    return lengths


def _month_days() -> tuple[int, ...]:
    """Return the length of each month of a cycle that begins with the year 2000."""
    leap, common = (
        [monthrange(year, month)[1] for month in range(1, 13)]
        for year in (_LEAP_YEAR, _LEAP_YEAR + 1)
    )
    cycle = range(_LEAP_YEAR, _LEAP_YEAR + 400)
    return tuple(chain.from_iterable(leap if isleap(year) else common for year in cycle))
