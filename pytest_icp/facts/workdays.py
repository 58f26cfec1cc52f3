"""The published working days (工作日), the years that a user adds by file, and `due` with them."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, cast

from pytest_icp.facts.files.disk import repository_of
from pytest_icp.facts.files.schema import check
from pytest_icp.facts.files.source import Source, read_source
from pytest_icp.law import deadline
from pytest_icp.law.calendar import Calendar, Year
from pytest_icp.law.deadline import Due
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import texts_of
from pytest_icp.law.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


_SATURDAY = 5
_DECEMBER = 12

_NO_WEEKEND = Text(
    "{day} 不是星期六或星期日，不需要调休上班",
    "{day} is not a Saturday or Sunday: it is a working day anyway",
)
_BOTH = Text("{day} 既放假又上班", "{day} is in holidays as well")
_OTHER_YEAR = Text("{day} 不属于 {year} 年", "{day} does not belong to {year}")
_TWICE = Text("{year} 年已由另一个文件给出", "another file gives the year {year} as well")


@cache
def published() -> Calendar:
    """Return the calendar of the notices (放假安排) that the package chinesecalendar carries.

    They begin with 2004. The package is imported when the first day is looked up.
    """
    return Calendar(_carried)


def with_years(
    calendar: Calendar, files: Iterable[Path], *, rootdir: Path | None = None
) -> Calendar:
    """Return the calendar with the years of the user's files (年度文件) added.

    A file is ``{year, source, holidays, workdays}``: the year, where its notice is found, the
    days off and the Saturdays and Sundays worked. It replaces a year that the
    calendar has. Its days may lie in the December before, as those of a notice may. ``rootdir``
    stands for the repository where there is no ``.git``.

    Raises `InputError` when a file cannot be read, has another shape, names a day that cannot
    belong to its year, or repeats the year of another file.
    """
    added: dict[int, Year] = {}
    for path in files:
        source = read_source(path, root=repository_of(path, rootdir))
        check(source, "workdays")
        year = int(cast(float, source.members["year"]))
        if year in added:
            raise _wrong(source, "year", _TWICE.format(year=year))
        added[year] = _notice(source, year)
    if not added:
        return calendar
    return Calendar(lambda: {**calendar.years, **added})


def due(
    *,
    after: str | date | datetime | None = None,
    before: str | date | datetime | None = None,
    days: int | None = None,
    working_days: int | None = None,
    months: int | None = None,
    hours: int | None = None,
    minutes: int | None = None,
    calendar: Calendar | None = None,
) -> Due:
    """Return the last day (期限届满日) of a term after an event or before a day.

    ``after`` or ``before`` is a day, an instant, or either as an ISO 8601 text, in China; one
    amount of ``days``, ``working_days``, ``months``, ``hours``, ``minutes`` goes with it.
    Forward, the day of the event is not counted, and a last day that is a rest day rolls to the
    next working day (民法典 201, 203). Backward (提前 90 日), nothing rolls. ``calendar``
    replaces the published working days.

    The result is ``Due(raw, last, safe, provisional)``: the day as counted, the last day in
    time, the last working day that is not after it, and whether a year counts whose working
    days are not published.

    Raises `TypeError` when not exactly one of each is given, `IcpError` (an `AmountError`) for an
    amount that is negative or no whole number, `TimeError` for a date that does not exist.
    """
    return deadline.due(
        after=after,
        before=before,
        days=days,
        working_days=working_days,
        months=months,
        hours=hours,
        minutes=minutes,
        calendar=calendar or published(),
    )


def _carried() -> Mapping[int, Year]:
    import chinese_calendar

    off, worked = _by_year(chinese_calendar.holidays), _by_year(chinese_calendar.workdays)
    return {
        year: Year(holidays=frozenset(days), workdays=frozenset(worked.get(year, ())))
        for year, days in off.items()
    }


def _by_year(days: Iterable[date]) -> dict[int, list[date]]:
    years: dict[int, list[date]] = {}
    for day in days:
        years.setdefault(day.year, []).append(day)
    return years


def _notice(source: Source, year: int) -> Year:
    """Return the notice in a year file; raise `InputError` for a day that cannot be right."""
    holidays, workdays = (_days(source, year, key) for key in ("holidays", "workdays"))
    for day, index in workdays.items():
        if day in holidays:
            raise _wrong(source, f"workdays/{index}", _BOTH.format(day=day))
        if day.weekday() < _SATURDAY:
            raise _wrong(source, f"workdays/{index}", _NO_WEEKEND.format(day=day))
    return Year(holidays=frozenset(holidays), workdays=frozenset(workdays))


def _days(source: Source, year: int, key: str) -> dict[date, int]:
    """Return the days of a list, each with its index."""
    written = texts_of(source.members[key])
    days = {date.fromisoformat(day): index for index, day in enumerate(written)}
    for day, index in days.items():
        if day.year != year and (day.year, day.month) != (year - 1, _DECEMBER):
            raise _wrong(source, f"{key}/{index}", _OTHER_YEAR.format(day=day, year=year))
    return days


def _wrong(source: Source, where: str, message: Text) -> InputError:
    return InputError(message, place=source.place(f"/{where}"))
