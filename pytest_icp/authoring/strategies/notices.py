"""Strategies for calendars (工作日历) with invented holidays and make-up days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TypeAlias

from hypothesis import strategies as st

from pytest_icp.law.calendar import Calendar, Year

_SATURDAY = 5
_Notice: TypeAlias = tuple[frozenset[int], frozenset[int]]


def calendars() -> st.SearchStrategy[Calendar]:
    """Return calendars of some years between 2018 and 2030, each with a notice of its own.

    Years in between may have none, as future years do.

    Examples shrink to a calendar of no published year.
    """
    # Days of a year, counted from its first: what is drawn is the same for every year.
    days = st.frozensets(st.integers(0, 364), max_size=8)
    return st.dictionaries(st.integers(2018, 2030), st.tuples(days, days), max_size=4).map(_made)


def _made(notices: Mapping[int, _Notice]) -> Calendar:
    years = {}
    for year, (off, worked) in notices.items():
        holidays = frozenset(_day(year, n) for n in off)
        weekends = frozenset(_weekend(_day(year, n)) for n in worked)
        years[year] = Year(holidays=holidays, workdays=weekends - holidays)
    return Calendar(years)


def _day(year: int, n: int) -> date:
    return date(year, 1, 1) + timedelta(days=n)


def _weekend(day: date) -> date:
    """Return the Saturday of the day's week, the day itself on a Sunday."""
    return day if day.weekday() > _SATURDAY else day + timedelta(days=_SATURDAY - day.weekday())
