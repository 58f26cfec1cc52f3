from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Literal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from pytest_icp.facts.workdays import published
from pytest_icp.law.calendar import Calendar
from pytest_icp.law.deadline import due
from pytest_icp.law.text import Text
from pytest_icp.law.times import CST, civil_date, end_of_day
from pytest_icp.rules.numbers import Number, Value, reckon

CHANGE = date(2027, 3, 1)
Direction = Literal["after", "before"]


def number(*values: Value, unit: str = "days") -> Number:
    return Number(id="n", title=Text("期限", "A time"), unit=unit, values=values)


def change(old: int, new: int, *, since: date = CHANGE, unit: str = "days", **more: Any) -> Number:
    """Return a number that was changed on a day."""
    return number(Value(n=old), Value(n=new, start=since, **more), unit=unit)


def last(of: Number, event: str, direction: Direction) -> str:
    return str(reckon(of, date.fromisoformat(event), direction, published()).due.last)


@pytest.mark.parametrize(
    ("day", "n"), [("0001-01-01", 6), ("2027-02-28", 6), ("2027-03-01", 12), ("9999-12-31", 12)]
)
def test_a_day_chooses_its_value(day: str, n: int) -> None:
    changed = change(6, 12)
    assert changed.on(date.fromisoformat(day)).n == n
    assert changed.newest.n == 12


@pytest.mark.parametrize(("day", "n"), [("2027-02-28", 6), ("2027-06-30", 6), ("2027-07-01", 12)])
def test_until_its_grace_a_standing_duty_asks_for_the_value_before(day: str, n: int) -> None:
    spared = change(6, 12, grace=date(2027, 6, 30))
    assert spared.standing(date.fromisoformat(day)).n == n


@pytest.mark.parametrize(
    ("day", "today", "begun", "expected"),
    [
        ("2022-05-01", "2027-03-01", True, "2027-03-01"),
        ("2027-03-02", "2027-04-01", True, "2027-03-02"),
        ("2022-05-01", "2027-02-28", True, "2022-05-01"),
        ("2022-05-01", "2027-03-01", False, "2022-05-01"),
    ],
)
def test_what_had_happened_before_may_count_from_the_first_day(
    day: str, today: str, begun: bool, expected: str
) -> None:
    first = number(Value(n=30, start=CHANGE, begun=begun))
    counted = first.counted_from(date.fromisoformat(day), date.fromisoformat(today))
    assert str(counted) == expected


@pytest.mark.parametrize(
    ("of", "event", "direction", "expected"),
    [
        # The event before the change, and on its day.
        (change(30, 20), "2027-02-28", "after", "2027-03-30"),
        (change(30, 20), "2027-03-01", "after", "2027-03-22"),
        # A term that runs on the day of the change.
        (change(30, 45, running=True), "2027-01-29", "after", "2027-03-01"),
        (change(30, 45, running=True), "2027-01-30", "after", "2027-03-16"),
        (change(30, 45), "2027-01-30", "after", "2027-03-01"),
        # The shorter term would have ended before it was law.
        (change(30, 20, running=True), "2027-02-08", "after", "2027-03-10"),
        (change(30, 20, running=True), "2027-02-09", "after", "2027-03-01"),
        # Counted back: the newest that was law on the last day that it gives.
        (change(90, 60), "2027-04-29", "before", "2027-01-29"),
        (change(90, 60), "2027-04-30", "before", "2027-03-01"),
        (change(90, 120), "2027-06-28", "before", "2027-03-30"),
        (change(90, 120), "2027-06-29", "before", "2027-03-01"),
        # With a grace the value before is enough as well: until its own last day, or the grace's.
        (change(90, 120, grace=date(2027, 6, 30)), "2027-06-29", "before", "2027-03-31"),
        (change(90, 120, grace=date(2027, 3, 15)), "2027-06-29", "before", "2027-03-15"),
        (change(90, 120, grace=date(2027, 3, 15)), "2027-07-29", "before", "2027-03-31"),
        (change(90, 60, grace=date(2027, 6, 30)), "2027-06-29", "before", "2027-04-30"),
        (change(30, 20, grace=date(2027, 3, 25)), "2027-03-01", "after", "2027-03-25"),
    ],
)
def test_the_last_day_of_a_term(
    of: Number, event: str, direction: Direction, expected: str
) -> None:
    assert last(of, event, direction) == expected


def test_what_the_end_was_reckoned_from() -> None:
    spared = change(90, 120, grace=date(2027, 6, 30))
    day = date(2027, 6, 29)
    found = reckon(spared, day, "before")
    assert found.value is spared.newest
    assert found.term is not None
    assert found.term.amount == 90
    clamped = reckon(change(90, 120, grace=date(2027, 3, 15)), day, "before")
    assert clamped.value.n == 120
    assert clamped.term is None


@pytest.mark.parametrize(("direction", "end"), [("after", date.max), ("before", date.min)])
def test_a_term_that_leaves_the_calendar_ends_where_it_does(
    direction: Direction, end: date
) -> None:
    found = reckon(number(Value(n=10**7)), CHANGE, direction)
    assert (found.due.last, found.term) == (end, None)


def test_hours_run_to_the_end_of_the_grace() -> None:
    spared = change(72, 1, unit="hours", grace=CHANGE)
    event = datetime(2027, 3, 1, 9, tzinfo=CST)
    assert reckon(spared, event, "after").due.last == end_of_day(CHANGE)
    late = datetime(2027, 3, 1, 23, 30, tzinfo=CST)
    assert reckon(spared, late, "after").due.last == datetime(2027, 3, 2, 0, 30, tzinfo=CST)


def test_what_hangs_on_an_unpublished_year_stays_open() -> None:
    unpublished = Calendar({})
    spared = change(10, 5, unit="working_days", grace=date(2027, 12, 31))
    old = due(after=CHANGE, working_days=10, calendar=unpublished)
    assert reckon(spared, CHANGE, "after", unpublished).due == old
    capped = change(10, 5, unit="working_days", grace=date(2027, 3, 12))
    found = reckon(capped, CHANGE, "after", unpublished).due
    assert found.provisional
    assert (found.certain, found.last) == (old.certain, date(2027, 3, 12))


DAYS = st.dates(date(2024, 1, 1), date(2029, 12, 31))
UNITS = st.sampled_from(["days", "months"])
BACK: st.SearchStrategy[Direction] = st.sampled_from(["after", "before"])
AMOUNTS = st.integers(0, 200)


@st.composite
def numbers(draw: st.DrawFn) -> Number:
    unit = draw(UNITS)
    amounts = AMOUNTS if unit == "days" else st.integers(0, 12)
    starts = sorted(draw(st.sets(DAYS, min_size=1, max_size=3)))
    values = [Value(n=draw(amounts))]
    for start in starts:
        grace = draw(st.none() | st.integers(0, 120).map(lambda n: start + timedelta(days=n)))  # noqa: B023  # used at once
        value = Value(n=draw(amounts), start=start, running=draw(st.booleans()), grace=grace)
        values.append(value)
    return number(*values, unit=unit)


@given(numbers(), DAYS, BACK)
def test_nobody_is_late_before_the_number_is_law(
    of: Number, event: date, direction: Direction
) -> None:
    found = reckon(of, event, direction, published())
    assert found.due.last >= found.value.since


@given(numbers(), DAYS, DAYS, BACK)
def test_a_change_turns_nothing_late_before_its_day(
    of: Number, event: date, done: date, direction: Direction
) -> None:
    assume(done < of.newest.since)
    old = replace(of, values=of.values[:-1])
    if done <= reckon(old, event, direction, published()).due.last:
        assert done <= reckon(of, event, direction, published()).due.last


@given(numbers(), DAYS, BACK)
def test_a_grace_only_adds_time_and_ends(of: Number, event: date, direction: Direction) -> None:
    strict = number(*(replace(value, grace=None) for value in of.values), unit=of.unit)
    with_it = reckon(of, event, direction, published())
    without = reckon(strict, event, direction, published())
    assert with_it.value.n == without.value.n
    assert with_it.due.last >= without.due.last
    if with_it.due.last > without.due.last:
        assert with_it.value.grace is not None
        assert with_it.due.last <= with_it.value.grace


@given(AMOUNTS, DAYS, BACK)
def test_a_number_that_never_changed_is_that_term(
    n: int, event: date, direction: Direction
) -> None:
    found = reckon(number(Value(n=n)), event, direction, published())
    given_ = {direction: event}
    assert found.due == due(**given_, days=n, calendar=published())  # type: ignore[arg-type]


@given(numbers(), DAYS)
def test_the_day_of_an_event_chooses_unless_a_value_reaches_what_runs(
    of: Number, event: date
) -> None:
    value = reckon(of, event, "after", published()).value
    if value != of.on(event):
        assert value.running
        assert event < value.since
        assert (
            civil_date(reckon(number(value, unit=of.unit), event, "after").due.raw) >= value.since
        )
