from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_icp.law.calendar import NOTHING_PUBLISHED, Calendar, Year
from pytest_icp.law.times import TimeError

if TYPE_CHECKING:
    from collections.abc import Mapping

NATIONAL_DAY = Year(
    holidays=frozenset(date(2026, 10, day) for day in range(1, 8)),
    workdays=frozenset({date(2026, 9, 20), date(2026, 10, 10)}),
)
AUTUMN = Calendar({2026: NATIONAL_DAY})

FIRST, LAST = date(2029, 12, 1), date(2033, 1, 31)
DAYS = st.dates(FIRST, LAST)


@st.composite
def years(draw: st.DrawFn, year: int) -> Year:
    """Any notice: of its own year and of the December before."""
    days = st.dates(date(year - 1, 12, 20), date(year, 12, 31))
    off = draw(st.frozensets(days, max_size=40))
    worked = draw(st.frozensets(days, max_size=20))
    return Year(holidays=off, workdays=frozenset(day for day in worked if day.weekday() >= 5))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Some of the years 2030-2032; the others are not published."""
    published = draw(st.sets(st.sampled_from([2030, 2031, 2032])))
    return Calendar({year: draw(years(year)) for year in published})


def span(after: date, until: date) -> list[date]:
    return [after + timedelta(days=n) for n in range(1, (until - after).days + 1)]


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 9, 18), True),
        (date(2026, 9, 19), False),
        (date(2026, 9, 20), True),
        (date(2026, 10, 1), False),
        (date(2026, 10, 3), False),
        (date(2026, 10, 8), True),
        (date(2026, 10, 10), True),
        (date(2026, 10, 11), False),
    ],
)
def test_a_notice_moves_days(day: date, worked: bool) -> None:
    assert AUTUMN.is_workday(day) is worked


def test_without_a_notice_the_week_decides() -> None:
    assert [NOTHING_PUBLISHED.is_workday(date(2026, 10, day)) for day in range(1, 8)] == [
        *(True, True),
        *(False, False),
        *(True, True, True),
    ]


def test_a_day_is_known_by_its_year() -> None:
    assert AUTUMN.known(date(2026, 1, 1))
    assert not AUTUMN.known(date(2027, 1, 1))
    assert AUTUMN.all_known(date(2026, 1, 1), date(2026, 12, 31))
    assert not AUTUMN.all_known(date(2026, 12, 31), date(2027, 1, 1))
    assert not AUTUMN.all_known(date(2025, 12, 31), date(2026, 1, 1))


def test_the_later_notice_decides_a_day_of_december() -> None:
    silvester = date(2026, 12, 31)
    off = Year(holidays=frozenset({silvester}), workdays=frozenset())
    none = Year(holidays=frozenset({date(2026, 1, 1)}), workdays=frozenset())
    assert not Calendar({2027: off, 2026: none}).is_workday(silvester)
    saturday = date(2026, 12, 26)
    rests = Year(holidays=frozenset({saturday}), workdays=frozenset())
    works = Year(holidays=frozenset(), workdays=frozenset({saturday}))
    assert Calendar({2027: works, 2026: rests}).is_workday(saturday)
    assert not Calendar({2027: rests, 2026: works}).is_workday(saturday)


@pytest.mark.parametrize(
    ("day", "following", "preceding"),
    [
        (date(2026, 9, 20), date(2026, 9, 20), date(2026, 9, 20)),
        (date(2026, 10, 1), date(2026, 10, 8), date(2026, 9, 30)),
        (date(2026, 10, 7), date(2026, 10, 8), date(2026, 9, 30)),
        (date(2026, 10, 11), date(2026, 10, 12), date(2026, 10, 10)),
    ],
)
def test_next_and_previous_include_the_day(day: date, following: date, preceding: date) -> None:
    assert AUTUMN.next_workday(day) == following
    assert AUTUMN.previous_workday(day) == preceding


@given(calendars(), DAYS)
def test_next_and_previous_pass_over_rest_days_only(calendar: Calendar, day: date) -> None:
    following, preceding = calendar.next_workday(day), calendar.previous_workday(day)
    assert calendar.is_workday(following)
    assert calendar.is_workday(preceding)
    assert preceding <= day <= following
    between = [other for other in span(preceding, following)[:-1] if other != day]
    assert not any(map(calendar.is_workday, between))


@given(calendars(), DAYS, DAYS)
def test_counting_agrees_with_looking_at_each_day(
    calendar: Calendar, one: date, other: date
) -> None:
    after, until = sorted((one, other))
    looked = sum(map(calendar.is_workday, span(after, until)))
    assert calendar.count_workdays(after, until) == looked


@given(calendars(), DAYS, st.integers(0, 300))
def test_adding_reaches_the_nth_working_day(calendar: Calendar, day: date, n: int) -> None:
    end = calendar.add_workdays(day, n)
    assert sum(map(calendar.is_workday, span(day, end))) == n
    assert calendar.is_workday(end) if n else end == day


@given(calendars(), DAYS, st.integers(0, 300))
def test_the_earliest_counts_every_unpublished_day(calendar: Calendar, day: date, n: int) -> None:
    end = calendar.earliest_add_workdays(day, n)
    counted = [
        other for other in span(day, end) if calendar.is_workday(other) or not calendar.known(other)
    ]
    assert len(counted) == n
    assert counted[-1] == end if n else end == day


@given(calendars(), DAYS)
def test_the_earliest_next_stops_at_an_unpublished_day(calendar: Calendar, day: date) -> None:
    end = calendar.earliest_next_workday(day)
    assert not calendar.known(end) or calendar.is_workday(end)
    passed = [day, *span(day, end)][:-1]
    assert all(calendar.known(other) and not calendar.is_workday(other) for other in passed)


def test_exceptions_are_the_days_set_apart() -> None:
    autumn = Calendar({2026: NATIONAL_DAY})
    assert autumn.exceptions(date(2026, 9, 19), date(2026, 10, 5)) == (
        date(2026, 9, 20),
        date(2026, 10, 1),
        date(2026, 10, 2),
        date(2026, 10, 5),
    )
    assert autumn.exceptions(date(2026, 9, 20), date(2026, 9, 30)) == ()


def test_a_long_count_is_quick() -> None:
    calls = 0

    class Counting(Calendar):
        def count_workdays(self, after: date, until: date) -> int:
            nonlocal calls
            calls += 1
            return super().count_workdays(after, until)

    assert Counting({}).add_workdays(date(1, 1, 1), 2_000_000).weekday() < 5
    assert calls < 30


def test_working_days_are_not_counted_back() -> None:
    with pytest.raises(ValueError, match="working days are counted forward only, not -1"):
        AUTUMN.add_workdays(date(2026, 10, 8), -1)


def test_the_end_of_the_years_is_a_time_error() -> None:
    end = Calendar({9999: Year(holidays=frozenset({date(9999, 12, 31)}), workdays=frozenset())})
    with pytest.raises(TimeError):
        end.next_workday(date(9999, 12, 31))
    with pytest.raises(TimeError):
        end.earliest_next_workday(date(9999, 12, 31))
    with pytest.raises(TimeError, match=r"9999-12-30 \+ 1 working day lies beyond") as refused:
        end.add_workdays(date(9999, 12, 30), 1)
    assert refused.value.message.zh == "9999-12-30 + 1 个工作日，超出了 9999 年"
    with pytest.raises(TimeError, match=r"9999-12-30 \+ 5 working days lies beyond the year 9999"):
        end.add_workdays(date(9999, 12, 30), 5)


def test_the_first_day_is_a_monday() -> None:
    assert NOTHING_PUBLISHED.count_workdays(date(1, 1, 1), date(1, 1, 8)) == 5
    assert NOTHING_PUBLISHED.earliest_add_workdays(date(1, 1, 1), 7) == date(1, 1, 8)


def test_lazy_years_are_read_once_and_only_when_asked() -> None:
    reads = []

    def read() -> Mapping[int, Year]:
        reads.append("read")
        return {2026: NATIONAL_DAY}

    calendar = Calendar(read)
    assert reads == []
    assert calendar.known(date(2026, 1, 1))
    assert not calendar.is_workday(date(2026, 10, 1))
    assert (len(calendar.years), list(calendar.years)) == (1, [2026])
    assert reads == ["read"]
