from __future__ import annotations

import csv
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_icp.facts.workdays import published
from pytest_icp.law.calendar import Calendar, Year
from pytest_icp.law.deadline import Due, due
from pytest_icp.law.times import CST, TimeError

CASES = Path(__file__).parents[1] / "data" / "deadlines.csv"


def cases(rule: str) -> list[tuple[int, str, str, str]]:
    with CASES.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["rule"] == rule]
    assert rows
    return [(int(r["n"]), r["event"], r["raw_or_legal"], r["last_or_safe"]) for r in rows]


def test_every_case_is_of_a_rule_tested_here() -> None:
    with CASES.open(encoding="utf-8", newline="") as file:
        rules = {row["rule"] for row in csv.DictReader(file)}
    assert rules == {"days_after", "working_days_after", "days_before"}


@pytest.mark.parametrize(("n", "event", "raw", "last"), cases("days_after"))
def test_days_after(n: int, event: str, raw: str, last: str) -> None:
    found = due(after=event, days=n, calendar=published())
    assert (str(found.raw), str(found.last)) == (raw, last)
    assert (found.certain, found.provisional) == (found.last, False)


@pytest.mark.parametrize(("n", "event", "raw", "last"), cases("working_days_after"))
def test_working_days_after(n: int, event: str, raw: str, last: str) -> None:
    found = due(after=event, working_days=n, calendar=published())
    assert (str(found.raw), str(found.last)) == (raw, last)
    assert found.raw == found.last == found.safe == found.certain
    assert not found.provisional


@pytest.mark.parametrize(("n", "event", "legal", "safe"), cases("days_before"))
def test_days_before(n: int, event: str, legal: str, safe: str) -> None:
    found = due(before=event, days=n, calendar=published())
    assert (str(found.last), str(found.safe)) == (legal, safe)
    assert found.raw == found.last == found.certain
    assert not found.provisional


@pytest.mark.parametrize(
    ("event", "months", "raw", "last", "safe"),
    [
        # 2026-02-28 is a make-up Saturday; the corresponding day of 31 August is missing.
        ("2025-08-31", 6, "2026-02-28", "2026-02-28", "2026-02-28"),
        ("2025-08-17", 6, "2026-02-17", "2026-02-24", "2026-02-14"),
        ("2019-03-06", 60, "2024-03-06", "2024-03-06", "2024-03-06"),
        ("2026-01-31", 1, "2026-02-28", "2026-02-28", "2026-02-28"),
        ("2024-02-29", 12, "2025-02-28", "2025-02-28", "2025-02-28"),
    ],
)
def test_months_after(event: str, months: int, raw: str, last: str, safe: str) -> None:
    found = due(after=event, months=months, calendar=published())
    assert (str(found.raw), str(found.last), str(found.safe)) == (raw, last, safe)


@pytest.mark.parametrize(
    ("end", "months", "last", "safe"),
    [
        ("2026-12-31", 6, "2026-06-30", "2026-06-30"),
        ("2026-11-01", 1, "2026-10-01", "2026-09-30"),
        ("2026-03-31", 1, "2026-02-28", "2026-02-28"),
        ("2026-05-17", 3, "2026-02-17", "2026-02-14"),
    ],
)
def test_months_before(end: str, months: int, last: str, safe: str) -> None:
    found = due(before=end, months=months, calendar=published())
    assert (str(found.raw), str(found.last), str(found.safe)) == (last, last, safe)


def test_hours_run_through_nights_and_holidays() -> None:
    found = due(after="2026-09-30T20:00", hours=24, calendar=published())
    end = datetime(2026, 10, 1, 20, tzinfo=CST)
    assert found == Due(raw=end, last=end, safe=end, provisional=False, certain=end)


def test_minutes_run_like_hours() -> None:
    found = due(after="2026-09-30T23:45", minutes=30, calendar=published())
    assert found.last == found.certain == datetime(2026, 10, 1, 0, 15, tzinfo=CST)
    bounds = due(after="2026-09-30", minutes=30)
    assert bounds.certain == datetime(2026, 9, 30, 0, 30, tzinfo=CST)


def test_hours_are_counted_from_the_instant_in_any_zone() -> None:
    found = due(after=datetime(2026, 9, 30, 12, tzinfo=UTC), hours=1)
    assert isinstance(found.last, datetime)
    assert found.last.isoformat() == "2026-09-30T21:00:00+08:00"


def test_hours_after_a_day_alone_have_two_bounds() -> None:
    found = due(after="2026-09-30", hours=1)
    latest = datetime(2026, 10, 1, 0, 59, 59, 999_999, tzinfo=CST)
    earliest = datetime(2026, 9, 30, 1, tzinfo=CST)
    assert found == Due(raw=latest, last=latest, safe=earliest, provisional=False, certain=earliest)


@given(st.times(), st.integers(0, 1000))
def test_the_bounds_of_a_day_hold_for_each_of_its_instants(clock: time, n: int) -> None:
    day = date(2026, 9, 30)
    bounds = due(after=day, hours=n)
    exact = due(after=datetime.combine(day, clock, CST), hours=n)
    assert bounds.certain <= exact.last <= bounds.last


@pytest.mark.parametrize(
    ("event", "n", "safe"),
    [
        # The event may be answered on its own day, but not before it.
        ("2026-01-09", 1, "2026-01-09"),
        # No day from Saturday to Sunday is worked: the Sunday itself is in time by arithmetic.
        ("2026-01-10", 1, "2026-01-11"),
        ("2026-01-10", 2, "2026-01-12"),
    ],
)
def test_the_safe_day_is_never_before_the_event(event: str, n: int, safe: str) -> None:
    assert str(due(after=event, days=n, calendar=published()).safe) == safe


def test_the_only_day_worked_since_the_event_is_the_safe_one() -> None:
    tuesday_off = Year(holidays=frozenset({date(2030, 1, 8)}), workdays=frozenset())
    found = due(after="2030-01-06", days=2, calendar=Calendar({2030: tuesday_off}))
    assert (found.safe, found.last) == (date(2030, 1, 7), date(2030, 1, 9))


NEW_YEAR = Year(holidays=frozenset({date(2023, 1, 1), date(2023, 1, 2)}), workdays=frozenset())


@pytest.mark.parametrize(
    ("event", "unit", "n", "provisional"),
    [
        # The year of the event has no notice, but no day on which the term may end is in it.
        ("2022-12-30", "days", 30, False),
        ("2022-12-31", "working_days", 1, False),
        # The next working day after 1 January is in 2023; the last before it is not.
        ("2022-12-30", "days", 2, True),
        # Were Saturday the 31st worked, it would be the safe day.
        ("2022-12-31", "days", 1, True),
        ("2022-12-30", "working_days", 1, True),
    ],
)
def test_a_term_is_provisional_where_an_unpublished_day_may_move_it(
    event: str, unit: str, n: int, provisional: bool
) -> None:
    found = due(after=event, calendar=Calendar({2023: NEW_YEAR}), **{unit: n})
    assert found.provisional is provisional


def test_what_depends_on_an_unpublished_year_is_provisional() -> None:
    # 2 January 2200 is a Thursday; no notice is published for it.
    found = due(after="2199-12-03", days=30, calendar=published())
    assert found.provisional
    assert found.certain == found.raw == date(2200, 1, 2)


def test_a_known_rest_day_before_an_unpublished_year_is_certain() -> None:
    rest = Year(holidays=frozenset({date(2031, 12, 31)}), workdays=frozenset())
    found = due(after="2031-12-30", days=1, calendar=Calendar({2031: rest}))
    assert (found.raw, found.certain) == (date(2031, 12, 31), date(2032, 1, 1))
    assert found.provisional


def test_without_a_calendar_nothing_is_published() -> None:
    assert due(after="2026-01-16", days=30).provisional
    assert due(after="2026-01-16", working_days=1).provisional
    assert due(before="2026-05-16", days=90).provisional
    assert not due(after="2026-01-16", days=0).provisional


@pytest.mark.parametrize(
    ("keywords", "said"),
    [
        ({"days": 1}, "^a term has exactly one of after and before$"),
        ({"after": "2026-01-01", "before": "2026-01-01", "days": 1}, "one of after and before"),
        ({"after": "2026-01-01"}, "days, working_days, months, hours, minutes; given: none"),
        ({"after": "2026-01-01", "days": 1, "months": 1}, "given: days, months"),
        ({"after": "2026-01-01", "days": True}, "days is a whole number, not True"),
        ({"after": "2026-01-01", "months": 1.0}, "months is a whole number, not 1.0"),
        ({"after": "2026-01-01", "hours": "1"}, "hours is a whole number, not '1'"),
        ({"after": 20260101, "days": 1}, "a date, a datetime or a text of one, not 20260101"),
        (
            {"before": "2026-01-01", "working_days": 1},
            "not with working_days: no provision counts these back from a day$",
        ),
        ({"before": "2026-01-01", "hours": 1}, "days or months, not with hours"),
        ({"before": "2026-01-01", "minutes": 1}, "days or months, not with minutes"),
    ],
)
def test_what_is_not_one_term_is_a_type_error(keywords: dict[str, object], said: str) -> None:
    with pytest.raises(TypeError, match=said):
        due(**keywords)


@pytest.mark.parametrize("unit", ["days", "working_days", "months", "hours"])
def test_a_negative_amount_is_refused(unit: str) -> None:
    with pytest.raises(ValueError, match=f"{unit} is a number from 0, not -1"):
        due(after="2026-01-01", **{unit: -1})


def test_a_day_that_does_not_exist_is_refused() -> None:
    with pytest.raises(TimeError, match="2024-02-30 is not a date that exists"):
        due(after="2024-02-30", days=1)


@pytest.mark.parametrize(
    "keywords",
    [
        {"after": "9999-12-31", "days": 1},
        {"after": "9999-12-31", "working_days": 1},
        {"after": "9999-12-31", "months": 1},
        {"after": "9999-12-31", "hours": 1},
        {"after": "9999-12-31T23:00", "hours": 1},
        {"after": "2026-01-01", "days": 10**12},
        {"after": "2026-01-01", "working_days": 10**12},
        {"after": "2026-01-01", "hours": 10**30},
        {"before": "0001-01-01", "days": 1},
        {"before": "0001-01-01", "months": 1},
    ],
)
def test_leaving_the_years_is_a_time_error(keywords: dict[str, object]) -> None:
    with pytest.raises(TimeError, match="the year"):
        due(**keywords)


def test_the_first_and_last_days_of_the_years_work() -> None:
    assert due(after="9999-12-30", days=1).last == date(9999, 12, 31)
    assert due(after="0001-01-01", days=1).safe == date(1, 1, 2)
    assert due(before="0001-01-02", days=1).safe == date(1, 1, 1)


# Laws, over calendars of 2030-2032 of which some years may be unpublished.

YEARS = (2030, 2031, 2032)
EVENTS = st.dates(date(2030, 1, 1), date(2032, 6, 30))
UNITS = st.sampled_from(["days", "working_days", "months"])
AMOUNTS = st.integers(0, 60)


def of_year(year: int) -> st.SearchStrategy[date]:
    return st.dates(date(year, 1, 1), date(year, 12, 31))


def weekends_of(year: int) -> list[date]:
    days = (date(year, 1, 1) + timedelta(days=n) for n in range(366))
    return [day for day in days if day.weekday() >= 5 and day.year == year]


@st.composite
def notices(draw: st.DrawFn, year: int) -> Year:
    holidays = draw(st.frozensets(of_year(year), max_size=30))
    weekends = draw(st.frozensets(st.sampled_from(weekends_of(year)), max_size=10))
    return Year(holidays=holidays, workdays=weekends - holidays)


@st.composite
def calendars(draw: st.DrawFn, years: tuple[int, ...] = YEARS) -> Calendar:
    return Calendar({year: draw(notices(year)) for year in years})


WEEKENDS = st.sampled_from([day for year in YEARS for day in weekends_of(year)])
PARTLY = st.sets(st.sampled_from(YEARS)).flatmap(lambda years: calendars(tuple(sorted(years))))


def with_day(calendar: Calendar, day: date, *, worked: bool) -> Calendar:
    year = calendar.years[day.year]
    changed = Year(
        holidays=year.holidays - {day} if worked else year.holidays | {day},
        workdays=year.workdays | {day} if worked else year.workdays - {day},
    )
    return Calendar({**calendar.years, day.year: changed})


def after(event: date, unit: str, n: int, calendar: Calendar) -> Due:
    return due(after=event, calendar=calendar, **{unit: n})


@given(PARTLY, EVENTS, UNITS, AMOUNTS)
def test_later_events_and_longer_terms_end_no_earlier(
    calendar: Calendar, event: date, unit: str, n: int
) -> None:
    one = after(event, unit, n, calendar)
    for other in (
        after(event + timedelta(days=1), unit, n, calendar),
        after(event, unit, n + 1, calendar),
    ):
        assert one.raw <= other.raw
        assert one.last <= other.last
        assert one.safe <= other.safe
        assert one.certain <= other.certain


@given(PARTLY, EVENTS, st.sampled_from(["days", "months"]), AMOUNTS)
def test_backward_later_ends_and_shorter_terms_are_no_earlier(
    calendar: Calendar, end: date, unit: str, n: int
) -> None:
    one = due(before=end, calendar=calendar, **{unit: n + 1})
    for other in (
        due(before=end + timedelta(days=1), calendar=calendar, **{unit: n + 1}),
        due(before=end, calendar=calendar, **{unit: n}),
    ):
        assert one.last <= other.last
        assert one.safe <= other.safe


@given(PARTLY, EVENTS, UNITS, AMOUNTS)
def test_the_days_of_a_forward_term_are_in_order(
    calendar: Calendar, event: date, unit: str, n: int
) -> None:
    found = after(event, unit, n, calendar)
    assert event <= found.safe <= found.raw <= found.last
    assert found.certain <= found.last
    if unit != "working_days":
        assert found.raw <= found.certain


@given(PARTLY, EVENTS, UNITS, st.integers(1, 60))
def test_a_forward_term_ends_on_a_working_day(
    calendar: Calendar, event: date, unit: str, n: int
) -> None:
    found = after(event, unit, n, calendar)
    assert calendar.is_workday(found.last)
    between = [event + timedelta(days=k) for k in range((found.raw - event).days + 1)]
    assert calendar.is_workday(found.safe) or not any(map(calendar.is_workday, between))


@given(PARTLY, EVENTS, st.integers(0, 60))
def test_working_days_are_at_least_so_many_days(calendar: Calendar, event: date, n: int) -> None:
    assert after(event, "working_days", n, calendar).last >= event + timedelta(days=n)


@given(PARTLY, EVENTS, UNITS)
def test_a_term_of_nothing_is_the_event(calendar: Calendar, event: date, unit: str) -> None:
    assert after(event, unit, 0, calendar) == Due(
        raw=event, last=event, safe=event, provisional=False, certain=event
    )


@given(PARTLY, EVENTS, st.sampled_from(["days", "months"]), AMOUNTS)
def test_a_backward_term_never_moves(calendar: Calendar, end: date, unit: str, n: int) -> None:
    found = due(before=end, calendar=calendar, **{unit: n})
    assert found.last == found.raw == found.certain
    assert found.safe == calendar.previous_workday(found.raw)


@given(calendars(), EVENTS, UNITS, AMOUNTS, st.sampled_from(YEARS).flatmap(of_year))
def test_a_holiday_more_makes_no_term_shorter(
    calendar: Calendar, event: date, unit: str, n: int, day: date
) -> None:
    more = with_day(calendar, day, worked=False)
    assert after(event, unit, n, more).last >= after(event, unit, n, calendar).last
    safe = due(before=event, days=n, calendar=calendar).safe
    assert due(before=event, days=n, calendar=more).safe <= safe


@given(calendars(), EVENTS, UNITS, AMOUNTS, WEEKENDS)
def test_a_make_up_day_more_makes_no_term_longer(
    calendar: Calendar, event: date, unit: str, n: int, day: date
) -> None:
    more = with_day(calendar, day, worked=True)
    assert after(event, unit, n, more).last <= after(event, unit, n, calendar).last
    safe = due(before=event, days=n, calendar=calendar).safe
    assert due(before=event, days=n, calendar=more).safe >= safe


@given(PARTLY, calendars(), EVENTS, UNITS, AMOUNTS)
def test_certain_holds_whatever_is_published(
    calendar: Calendar, published_later: Calendar, event: date, unit: str, n: int
) -> None:
    complete = Calendar({**published_later.years, **calendar.years})
    now, then = after(event, unit, n, calendar), after(event, unit, n, complete)
    assert now.certain <= then.last
    if not now.provisional:
        assert (now.certain, now.last, now.safe) == (now.last, then.last, then.safe)


@given(PARTLY, EVENTS, UNITS, AMOUNTS)
def test_certain_is_the_last_such_day(calendar: Calendar, event: date, unit: str, n: int) -> None:
    now = after(event, unit, n, calendar)
    worst = Calendar({**{year: all_worked(year) for year in range(2030, 2040)}, **calendar.years})
    assert after(event, unit, n, worst).last == now.certain


def all_worked(year: int) -> Year:
    return Year(holidays=frozenset(), workdays=frozenset(weekends_of(year)))


@given(PARTLY, calendars(), EVENTS, st.sampled_from(["days", "months"]), AMOUNTS)
def test_a_safe_day_that_is_not_provisional_stays(
    calendar: Calendar, published_later: Calendar, end: date, unit: str, n: int
) -> None:
    complete = Calendar({**published_later.years, **calendar.years})
    now = due(before=end, calendar=calendar, **{unit: n})
    then = due(before=end, calendar=complete, **{unit: n})
    assert now.last == then.last
    assert now.provisional or now.safe == then.safe


@given(calendars(), EVENTS, UNITS, AMOUNTS, st.times(), st.integers(-12, 14))
def test_the_time_of_day_and_the_zone_do_not_matter(
    calendar: Calendar, event: date, unit: str, n: int, clock: time, hours: int
) -> None:
    moment = datetime.combine(event, clock, CST).astimezone(timezone(timedelta(hours=hours)))
    found = due(after=moment, calendar=calendar, **{unit: n})
    assert found == after(event, unit, n, calendar)
    assert due(after=moment.isoformat(), calendar=calendar, **{unit: n}) == found
    assert type(found.last) is date
