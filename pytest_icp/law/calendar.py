"""Which days are worked in China (工作日), by the yearly notices that are published.

The General Office of the State Council publishes one notice a year: the weekdays that are
off and the Saturdays and Sundays that are worked instead (调休). A year without a notice
follows the rule of the week, and `Calendar.known` is False: this is only a guess.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property

from msgspec import Struct

from pytest_icp.law.times import TimeError, add_days, time_error

_FRIDAY = 4


class Year(Struct, frozen=True, kw_only=True):
    """The notice (放假安排) of one year.

    ``holidays`` are the days off, on whatever day of the week; ``workdays`` the Saturdays
    and Sundays that are worked. A notice may reach into December of the year before.
    """

    holidays: frozenset[date]
    workdays: frozenset[date]


# Without equality: to compare two calendars would read their years.
class Calendar(Struct, frozen=True, eq=False, dict=True):
    """The working days (工作日) that follow from the published years.

    ``given`` maps a year to its notice, or is a function that does, called once when the first day
    is looked up; where two notices name one day, the later decides.
    Days are civil days in China. A day is known when the notice of its own year is there,
    although the notice of the next year may still move a day of late December.
    """

    given: Mapping[int, Year] | Callable[[], Mapping[int, Year]]

    @cached_property
    def years(self) -> Mapping[int, Year]:
        """The notices by their years."""
        return self.given() if callable(self.given) else self.given

    def known(self, day: date) -> bool:
        """Return whether the notice of the day's year is published (已公布)."""
        return day.year in self._notices.published

    def all_known(self, first: date, last: date) -> bool:
        """Return whether the years of all days from ``first`` to ``last`` are published."""
        return self._notices.published.issuperset(range(first.year, last.year + 1))

    def is_workday(self, day: date) -> bool:
        """Return whether the day is worked; without a notice, whether it is Monday to Friday."""
        return self._notices.works.get(day, day.weekday() <= _FRIDAY)

    def next_workday(self, day: date) -> date:
        """Return the first working day from ``day`` on, ``day`` itself when it is one."""
        while not self.is_workday(day):
            day = add_days(day, 1)
        return day

    def previous_workday(self, day: date) -> date:
        """Return the last working day up to ``day``, ``day`` itself when it is one."""
        while not self.is_workday(day):
            day = add_days(day, -1)
        return day

    def count_workdays(self, after: date, until: date) -> int:
        """Count the working days later than ``after`` and not later than ``until``."""
        return self._notices.worked(until.toordinal()) - self._notices.worked(after.toordinal())

    def add_workdays(self, day: date, n: int) -> date:
        """Return the ``n``-th working day after ``day``; ``day`` itself when ``n`` is 0.

        Raises `TimeError` when it lies beyond the year 9999, `ValueError` when ``n`` is
        negative: no term counts working days back.
        """
        worked = self._notices.worked
        before = worked(day.toordinal())
        return _nth_after(day, n, lambda until: worked(until.toordinal()) - before)

    def earliest_next_workday(self, day: date) -> date:
        """Return the earliest that `next_workday` can be, whatever is published later."""
        while self.known(day) and not self.is_workday(day):
            day = add_days(day, 1)
        return day

    def earliest_add_workdays(self, day: date, n: int) -> date:
        """Return the earliest that `add_workdays` can be, whatever is published later."""
        return _nth_after(day, n, lambda until: self._count_most(day, until))

    def exceptions(self, after: date, until: date) -> tuple[date, ...]:
        """Return the days of a span, as in `count_workdays`, that a notice sets apart.

        They are the weekdays off and the weekend days worked, in order.
        """
        apart = self._notices.apart
        return apart[bisect_right(apart, after) : bisect_right(apart, until)]

    @cached_property
    def _notices(self) -> _Notices:
        return _Notices.of(self.years)

    def _count_most(self, after: date, until: date) -> int:
        """Count as `count_workdays`, with every day of an unpublished year as worked."""
        total = 0
        for year in range(after.year, until.year + 1):
            start = max(after.toordinal(), date(year, 1, 1).toordinal() - 1)
            end = min(until.toordinal(), date(year, 12, 31).toordinal())
            if year in self._notices.published:
                total += self._notices.worked(end) - self._notices.worked(start)
            else:
                total += end - start
        return total


NOTHING_PUBLISHED = Calendar({})
"""The calendar of no year: every day follows the rule of the week."""


class _Notices(Struct, frozen=True):
    """The notices of all years, in forms that are quick to look up.

    ``off`` and ``extra`` are the ordinals of ``apart``: weekdays off, weekend days worked.
    """

    published: frozenset[int]
    works: Mapping[date, bool]
    apart: tuple[date, ...]
    off: tuple[int, ...]
    extra: tuple[int, ...]

    @classmethod
    def of(cls, years: Mapping[int, Year]) -> _Notices:
        works: dict[date, bool] = {}
        for year in sorted(years):
            works.update(dict.fromkeys(years[year].holidays, False))
            works.update(dict.fromkeys(years[year].workdays, True))
        apart = sorted(day for day, worked in works.items() if worked != (day.weekday() <= _FRIDAY))
        off = tuple(day.toordinal() for day in apart if not works[day])
        extra = tuple(day.toordinal() for day in apart if works[day])
        return cls(frozenset(years), works, tuple(apart), off, extra)

    def worked(self, ordinal: int) -> int:
        """Count the working days from 0001-01-01, a Monday, to the day of an ordinal."""
        weeks, rest = divmod(ordinal, 7)
        weekdays = weeks * 5 + min(rest, 5)
        return weekdays - bisect_right(self.off, ordinal) + bisect_right(self.extra, ordinal)


def _nth_after(day: date, n: int, count: Callable[[date], int]) -> date:
    """Return the first day after ``day`` until which ``count`` gives ``n``.

    ``m`` more working days take ``m`` more days at least, so a step by what is missing never
    goes too far, and few steps are needed.
    """
    if n < 0:
        raise ValueError(f"working days are counted forward only, not {n}")
    reached, missing = day, n
    while missing:
        try:
            reached = add_days(reached, missing)
        except TimeError:
            words = "working day" if n == 1 else "working days"
            raise time_error(
                f"{day} + {n} 个工作日，超出了 9999 年",
                f"{day} + {n} {words} lies beyond the year 9999",
            ) from None
        missing = n - count(reached)
    return reached
