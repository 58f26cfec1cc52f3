from __future__ import annotations

import pickle
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from operator import eq, ge, gt, le, lt, ne
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_icp.law.text import Text
from pytest_icp.law.times import CST, add_months, civil_date, end_of_day, in_china
from pytest_icp.law.watch import Watch, following, watching

NOW = end_of_day(date(2024, 3, 6))
DAYS = st.integers(-40, 40)
COMPARE = st.sampled_from([lt, le, gt, ge, eq, ne])


def instant(watch: Watch, now: datetime = NOW) -> datetime:
    return watching(now, watch)


def day(watch: Watch, now: datetime = NOW) -> date:
    return civil_date(in_china(instant(watch, now)))


def first_difference(asked: Callable[[datetime], object]) -> int | None:
    """After how many days the answer is another, found by asking on each."""
    now = asked(NOW)
    later = (n for n in range(1, 200) if asked(NOW + timedelta(days=n)) != now)
    return next(later, None)


def check(asked: Callable[[datetime], object], watched: Callable[[Watch], object]) -> None:
    """A watched answer is the answer; it changes on the day that the watch says, or on the next."""
    watch = Watch()
    assert watched(watch) == asked(NOW)
    changes = first_difference(asked)
    assert changes is None or watch.days in {changes, changes - 1} - {0}


@given(COMPARE, DAYS)
def test_a_day_knows_when_it_passes_another(how: Any, n: int) -> None:
    other = NOW.date() + timedelta(days=n)
    check(lambda now: how(now.date(), other), lambda watch: how(day(watch), other))
    check(lambda now: how(other, now.date()), lambda watch: how(other, day(watch)))


@given(COMPARE, DAYS, st.integers(-10, 10))
def test_a_day_that_is_moved_watches_on(how: Any, n: int, moved: int) -> None:
    other, span = NOW.date() + timedelta(days=n), timedelta(days=moved)
    check(lambda now: how(now.date() + span, other), lambda watch: how(day(watch) + span, other))
    check(lambda now: how(other, now.date() - span), lambda watch: how(other, day(watch) - span))
    check(lambda now: how(span + now.date(), other), lambda watch: how(span + day(watch), other))


@given(COMPARE, DAYS, DAYS)
def test_a_number_of_days_knows_when_it_passes_another(how: Any, n: int, limit: int) -> None:
    other = NOW.date() + timedelta(days=n)
    check(
        lambda now: how((now.date() - other).days, limit),
        lambda watch: how((day(watch) - other).days, limit),
    )
    check(
        lambda now: how((other - now.date()).days, limit),
        lambda watch: how((other - day(watch)).days, limit),
    )
    check(
        lambda now: bool((now.date() - other).days), lambda watch: bool((day(watch) - other).days)
    )


@given(COMPARE, st.datetimes(datetime(2024, 2, 1), datetime(2024, 5, 1)))
def test_an_instant_knows_when_it_passes_another(how: Any, naive: datetime) -> None:
    other = naive.replace(tzinfo=CST)
    check(lambda now: how(now, other), lambda watch: how(instant(watch), other))
    check(lambda now: how(other, now), lambda watch: how(other, instant(watch)))


@pytest.mark.parametrize("n", [-1, 0, 1, 5])
@pytest.mark.parametrize("how", [lt, le, gt, ge, eq, ne])
def test_an_instant_knows_when_it_is_another_to_the_microsecond(how: Any, n: int) -> None:
    other = NOW + timedelta(days=n)
    check(lambda now: how(now, other), lambda watch: how(instant(watch), other))
    check(lambda now: how(other, now), lambda watch: how(other, instant(watch)))


def days_since(now: datetime) -> int:
    """So many days since the first of March, 5 of them now."""
    return (civil_date(in_china(now)) - date(2024, 3, 1)).days


@pytest.mark.parametrize(
    "ask",
    [
        lambda now: civil_date(in_china(now)).year,
        lambda now: civil_date(in_china(now)).weekday(),
        lambda now: hash(civil_date(in_china(now))),
        hash,
        lambda now: hash(days_since(now)),
        lambda now: abs(days_since(now)),
        lambda now: -days_since(now),
        lambda now: days_since(now) + 2,
        lambda now: 2 + days_since(now),
        lambda now: days_since(now) - 2,
        lambda now: 2 - days_since(now),
        lambda now: days_since(now) * 2,
        lambda now: days_since(now) // 2,
        lambda now: days_since(now) % 2,
        lambda now: days_since(now) == 0.5,
        lambda now: now - NOW,
        lambda now: NOW - now,
        lambda now: now + timedelta(days=1),
        lambda now: now.astimezone(timezone(timedelta(hours=3))).isoformat(),
    ],
)
def test_what_is_asked_in_another_way_may_be_different_on_the_morrow(
    ask: Callable[[datetime], object],
) -> None:
    watch = Watch()
    assert ask(instant(watch)) == ask(NOW)
    assert watch.days == 1


def test_two_days_that_move_on_together_stay_as_they_are() -> None:
    watch = Watch()
    today = day(watch)
    assert today < today + timedelta(days=3)
    assert (today + timedelta(days=3) - today).days == 3
    assert watch.days is None


@pytest.mark.parametrize("moved", [-2, -1, 0, 1, 2])
@pytest.mark.parametrize("how", [lt, le, gt, ge, eq, ne])
def test_the_order_of_days_that_move_on_together_never_changes(how: Any, moved: int) -> None:
    watch, span = Watch(), timedelta(days=moved)
    assert how(day(watch), day(watch) + span) == how(NOW.date(), NOW.date() + span)
    assert watch.days is None


def test_what_is_gone_by_is_not_waited_for() -> None:
    watch = Watch()
    watch.at(0, -5)
    assert watch.days is None
    watch.at(9, 4, 7)
    assert watch.days == 4


def test_days_are_written_as_ever_and_that_decides_nothing() -> None:
    watch = Watch()
    words = Text(zh="{n} 日，{d}", en="{n:day} since {d}")
    count = (day(watch) - date(2024, 3, 1)).days
    assert words.format(n=count, d=day(watch)) == Text(
        "5 日，2024-03-06", "5 days since 2024-03-06"
    )
    assert f"{instant(watch):%H:%M}" == "23:59"
    assert watch.days is None


def test_other_things_are_compared_as_ever() -> None:
    watch = Watch()
    assert day(watch) != "2024-03-06"
    assert instant(watch) != "x"
    assert watch.days is None
    with pytest.raises(TypeError):
        assert day(watch) < 3


def test_a_watching_day_stays_in_its_process() -> None:
    with pytest.raises(TypeError, match=r"^a watching day stays in its process$"):
        pickle.dumps(day(Watch()))


@pytest.mark.parametrize("how", [lt, le, gt, ge, eq, ne])
def test_so_many_days_know_when_they_are_more_or_fewer(how: Any) -> None:
    other = NOW.date() - timedelta(days=3)
    check(
        lambda now: how((now.date() - other).days, 5),
        lambda watch: how((day(watch) - other).days, 5),
    )


def months_before(day: date, months: int = 6) -> date:
    return add_months(day, -months)


@given(COMPARE, st.integers(-400, 400), st.dates(date(2023, 1, 1), date(2025, 1, 1)))
def test_a_day_some_months_away_is_examined_before_it_passes_another(
    how: Any, n: int, today: date
) -> None:
    other, now = months_before(today) + timedelta(days=n), end_of_day(today)
    watch = Watch()
    assert how(following(day(watch, now), months_before), other) == how(months_before(today), other)
    later = ((k, months_before(today + timedelta(days=k))) for k in range(1, 600))
    changes = next(
        (k for k, moved in later if how(moved, other) != how(months_before(today), other)), None
    )
    assert changes is None or (watch.days is not None and watch.days <= changes)


def test_a_day_some_months_away_is_not_examined_each_day() -> None:
    watch = Watch()
    moved = following(day(watch), months_before)
    assert moved < months_before(NOW.date()) + timedelta(days=100)
    assert watch.days is not None
    assert watch.days > 80
    assert following(NOW.date(), months_before) == date(2023, 9, 6)


def test_a_day_some_months_away_that_is_past_another_stays_past_it() -> None:
    watch = Watch()
    assert following(day(watch), months_before) > date(2023, 9, 5)
    assert watch.days is None


def test_what_is_reckoned_with_a_day_some_months_away_may_change_each_day() -> None:
    for reckoned in (
        lambda moved, _: moved + timedelta(days=1),
        lambda moved, _: timedelta(days=1) + moved,
        lambda moved, _: moved - timedelta(days=1),
        lambda moved, _: moved - date(2023, 1, 1),
        lambda moved, _: date(2024, 1, 1) - moved,
        lambda moved, today: moved < today,
        lambda moved, today: today > moved,
    ):
        watch = Watch()
        plain = reckoned(months_before(NOW.date()), NOW.date())
        assert reckoned(following(day(watch), months_before), day(watch)) == plain
        assert watch.days == 1
