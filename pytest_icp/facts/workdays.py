"""The published working days (工作日), the years that a user adds by file, and `due` with them."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING

from msgspec import Struct

from pytest_icp.facts.files.repository import repository_of
from pytest_icp.facts.files.source import read_source
from pytest_icp.law import deadline
from pytest_icp.law.calendar import Calendar, LazyYears, Year
from pytest_icp.law.deadline import Due
from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Text, plain
from pytest_icp.law.times import TimeError, parse_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from pytest_icp.facts.files.source import Source
    from pytest_icp.law.jsontypes import Json


_KEYS = ("year", "source", "holidays", "workdays")
_SATURDAY = 5
_DECEMBER = 12

_SHAPE = Text(
    f"年度文件只有这几个键，缺一不可：{'、'.join(_KEYS)}",
    f"a year file has exactly the keys {', '.join(_KEYS)}",
)
_EXAMPLE = plain("{year: 2031, source: https://…, holidays: [2031-01-01], workdays: [2031-01-04]}")
_NO_YEAR = Text("year 是年份，例如 2031", "year is a number such as 2031")
_NO_SOURCE = Text("source 写明放假通知的出处", "source names the notice, for example its address")
_NO_LIST = Text("{key} 是日期的列表", "{key} is a list of dates")
_NO_DAY = Text("{text} 不是存在的日期", "{text} is not a date that exists, written as 2031-01-01")
_NO_HOLIDAYS = Text(
    "holidays 为空：每年的通知都有放假的日子",
    "holidays is empty: the notice of every year names days off",
)
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
    return Calendar(LazyYears(_carried))


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
        file = _YearFile.read(path, repository_of(path, rootdir))
        if file.year in added:
            raise file.wrong("year", _TWICE.format(year=file.year))
        added[file.year] = file.notice()
    if not added:
        return calendar
    return Calendar(LazyYears(lambda: {**calendar.years, **added}))


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


class _YearFile(Struct, frozen=True):
    """One year file, of the right keys; `notice` checks its days."""

    source: Source
    fields: Mapping[str, Json]
    year: int

    @classmethod
    def read(cls, path: Path, root: Path) -> _YearFile:
        source = read_source(path, root=root)
        fields = source.data
        if not isinstance(fields, dict) or set(fields) != set(_KEYS):
            raise _wrong(source, "", _SHAPE, hint=_EXAMPLE)
        year, origin = fields["year"], fields["source"]
        if not isinstance(year, int) or isinstance(year, bool) or not 1 <= year <= date.max.year:
            raise _wrong(source, "/year", _NO_YEAR)
        if not isinstance(origin, str) or not origin.strip():
            raise _wrong(source, "/source", _NO_SOURCE)
        return cls(source, fields, year)

    def notice(self) -> Year:
        """Return the notice in the file; raise `InputError` for a day that cannot be right."""
        holidays, workdays = self._days("holidays"), self._days("workdays")
        if not holidays:
            raise self.wrong("holidays", _NO_HOLIDAYS)
        for day, index in workdays.items():
            if day in holidays:
                raise self.wrong(f"workdays/{index}", _BOTH.format(day=day))
            if day.weekday() < _SATURDAY:
                raise self.wrong(f"workdays/{index}", _NO_WEEKEND.format(day=day))
        return Year(holidays=frozenset(holidays), workdays=frozenset(workdays))

    def wrong(self, where: str, message: Text) -> InputError:
        return _wrong(self.source, f"/{where}", message)

    def _days(self, key: str) -> dict[date, int]:
        """Return the days of a list, each with its index."""
        days = self.fields[key]
        if not isinstance(days, list):
            raise self.wrong(key, _NO_LIST.format(key=key))
        return {self._day(f"{key}/{index}", text): index for index, text in enumerate(days)}

    def _day(self, where: str, text: Json) -> date:
        try:
            day = parse_time(text) if isinstance(text, str) else None
        except TimeError:
            day = None
        if day is None or isinstance(day, datetime):
            raise self.wrong(where, _NO_DAY.format(text=text))
        if day.year != self.year and (day.year, day.month) != (self.year - 1, _DECEMBER):
            raise self.wrong(where, _OTHER_YEAR.format(day=day, year=self.year))
        return day


def _wrong(source: Source, where: str, message: Text, *, hint: Text | str = "") -> InputError:
    return InputError(message, place=source.place(where), hint=hint)
