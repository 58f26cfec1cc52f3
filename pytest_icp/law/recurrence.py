"""Yearly windows, and months counted as days.

A yearly window (每年第一季度) is fixed by its two days and never moves.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from functools import lru_cache
from itertools import pairwise

from msgspec import Struct

_CYCLE_MONTHS = 400 * 12
_CYCLE_DAYS = 146_097
"""The Gregorian calendar repeats after 400 years, which have so many days."""
_FIRST = 2000
"""The year that a cycle is reckoned from."""


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
    ``from_md`` and ``to_md`` are month and day, the second not before the first; 29 February is
    the 28th in a year without it.
    """
    every = (
        Window(year=year, opens=_day_of(year, from_md), closes=_day_of(year, to_md))
        for year in range(first.year + 1, until.year + 1)
    )
    return tuple(window for window in every if window.opens <= until)


@lru_cache(maxsize=16)
def months_as_days(months: int) -> tuple[int, int]:
    """Return the fewest and the most days that ``months`` months are (六个月: 181 to 184)."""
    cycles, rest = divmod(months, _CYCLE_MONTHS)
    several = range(_CYCLE_MONTHS + rest + 1)
    firsts = [date(_FIRST + i // 12, i % 12 + 1, 1).toordinal() for i in several]
    days_of = [after - first for first, after in pairwise(firsts)]
    most = [firsts[i + rest] - firsts[i] for i in range(_CYCLE_MONTHS)]
    # From the last day of a longer month they end on the last day of the shorter one.
    fewest = (n - max(days_of[i] - days_of[i + rest], 0) for i, n in enumerate(most))
    whole = cycles * _CYCLE_DAYS
    return whole + min(fewest), whole + max(most)


def _day_of(year: int, month_and_day: tuple[int, int]) -> date:
    month, day = month_and_day
    return date(year, month, min(day, monthrange(year, month)[1]))
