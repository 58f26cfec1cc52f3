from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from functools import partial
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pytest_icp.law.errors import IcpError
from pytest_icp.law.times import (
    CST,
    TimeError,
    add_days,
    add_months,
    add_time,
    as_of_instant,
    civil_date,
    days_of,
    end_of_day,
    happened,
    in_china,
    parse_time,
    start_of_day,
)

if TYPE_CHECKING:
    from collections.abc import Callable

MIDDLE = st.dates(date(1000, 1, 1), date(3000, 12, 31))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2024-03-06", date(2024, 3, 6)),
        ("2024-02-29", date(2024, 2, 29)),
        ("2024-03-06T09:30", datetime(2024, 3, 6, 9, 30, tzinfo=CST)),
        ("2024-03-06T09:30:15", datetime(2024, 3, 6, 9, 30, 15, tzinfo=CST)),
        ("2024-03-06T09:30:15+08:00", datetime(2024, 3, 6, 9, 30, 15, tzinfo=CST)),
        ("2024-03-06T09:30Z", datetime(2024, 3, 6, 17, 30, tzinfo=CST)),
        ("2024-03-06T22:30-05:00", datetime(2024, 3, 7, 11, 30, tzinfo=CST)),
        ("2024-03-06T09:30:15.25", datetime(2024, 3, 6, 9, 30, 15, 250_000, tzinfo=CST)),
        ("2024-03-06T09:30:15.123456789Z", datetime(2024, 3, 6, 17, 30, 15, 123456, tzinfo=CST)),
    ],
)
def test_a_day_or_an_instant_is_read(text: str, meant: date) -> None:
    read = parse_time(text)
    assert read == meant
    assert type(read) is type(meant)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2024-02-30", "2024-02-30 is not a date that exists"),
        ("2023-02-29T10:00", "2023-02-29 is not a date that exists"),
        ("2100-02-29", "2100-02-29 is not a date that exists"),
        ("0000-01-01", "0000-01-01 is not a date that exists"),
        ("2024-13-01", "2024-13-01 is not a date that exists"),
        ("2024-03-06T25:00", "2024-03-06T25:00 is not a time that exists"),
        ("2024-03-06T24:00", "2024-03-06T24:00 is not a time that exists"),
        ("2024-03-06T09:60", "2024-03-06T09:60 is not a time that exists"),
        ("2024-03-06T09:30+24:00", "2024-03-06T09:30+24:00 is not a time that exists"),
        ("9999-12-31T20:00Z", "9999-12-31T20:00:00+00:00 lies outside the years 1 to 9999"),
        ("0001-01-01T00:00+09:00", "0001-01-01T00:00:00+09:00 lies outside the years 1 to 9999"),
    ],
)
def test_what_does_not_exist_is_named(text: str, said: str) -> None:
    with pytest.raises(TimeError) as caught:
        parse_time(text)
    assert str(caught.value) == said
    assert said in repr(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "never",
        "20240306",
        "2024-3-6",
        "2024-W10-3",
        "2024-03-06\n",
        " 2024-03-06",
        "2024-03-06 09:30",
        "2024-03-06T09",
        "2024-03-06T09:30+0800",
        "2024-03-06T09:30:15,5",
        "２０２４-03-06",
        "٢٠٢٤-03-06",
        "2024/03/06",
        "+2024-03-06",
    ],
)
def test_another_form_is_refused_with_examples(text: str) -> None:
    with pytest.raises(TimeError) as refused:
        parse_time(text)
    assert str(refused.value) == (
        f"{text!r} is not a date such as 2024-03-06, "
        "nor a date and time such as 2024-03-06T09:30 or 2024-03-06T09:30:00+08:00"
    )


def test_a_time_error_is_in_both_languages() -> None:
    form = (
        "'soon' 不是日期（写法如 2024-03-06），也不是日期和时间（写法如 2024-03-06T09:30 或 "
        "2024-03-06T09:30:00+08:00）"
    )
    wrong = (
        lambda: parse_time("2024-02-30"),
        lambda: parse_time("2024-03-06T25:00"),
        lambda: parse_time("soon"),
        lambda: parse_time("9999-12-31T20:00Z"),
        lambda: as_of_instant("1999-12-31"),
        lambda: add_days(date.max, 1),
        lambda: add_months(date.min, -2),
    )
    said = []
    for call in wrong:
        with pytest.raises(TimeError) as caught:
            call()
        said.append(caught.value.message.zh)
    assert said == [
        "没有 2024-02-30 这一天",
        "没有 2024-03-06T25:00 这个时间",
        form,
        "9999-12-31T20:00:00+00:00 超出了 1 年至 9999 年",
        "1999-12-31 不在可以核对的 2000 年至 2099 年之内",
        "9999-12-31 + 1 日，超出了 1 年至 9999 年",
        "0001-01-01 - 2 个月，超出了 1 年至 9999 年",
    ]


def test_a_time_error_is_a_user_error_and_a_value_error() -> None:
    assert issubclass(TimeError, IcpError)
    assert issubclass(TimeError, ValueError)


@given(MIDDLE)
def test_every_date_reads_back(day: date) -> None:
    assert parse_time(day.isoformat()) == day


@given(st.datetimes(datetime(1000, 1, 1), datetime(3000, 1, 1)))
def test_every_instant_reads_back(naive: datetime) -> None:
    instant = naive.replace(tzinfo=CST)
    assert parse_time(instant.isoformat()) == instant
    assert parse_time(naive.isoformat()) == instant


@given(st.text("0123456789-T:Z+.", max_size=26))
def test_no_text_makes_another_error(text: str) -> None:
    try:
        read = parse_time(text)
    except TimeError:
        return
    assert parse_time(read.isoformat()) == read


@pytest.mark.parametrize(
    ("t", "day"),
    [
        (date(2024, 3, 6), date(2024, 3, 6)),
        (datetime(2024, 3, 6, 23, 59), date(2024, 3, 6)),
        (datetime(2024, 3, 6, 15, 59, tzinfo=UTC), date(2024, 3, 6)),
        (datetime(2024, 3, 6, 16, 0, tzinfo=UTC), date(2024, 3, 7)),
        (datetime(2024, 3, 6, 0, 30, tzinfo=timezone(timedelta(hours=9))), date(2024, 3, 5)),
        # Summer time was kept in 1986-1991; it is not counted, the zone is fixed.
        (datetime(1988, 7, 1, 15, 30, tzinfo=UTC), date(1988, 7, 1)),
    ],
)
def test_the_day_is_that_of_china(t: date, day: date) -> None:
    found = civil_date(t)
    assert found == day
    assert type(found) is date


def test_a_day_runs_from_midnight_to_midnight_in_china() -> None:
    assert start_of_day(date(2024, 3, 6)).isoformat() == "2024-03-06T00:00:00+08:00"
    assert end_of_day(date(2024, 3, 6)).isoformat() == "2024-03-06T23:59:59.999999+08:00"


def test_an_instant_without_a_zone_is_of_beijing() -> None:
    assert in_china(datetime(2024, 3, 6, 9)) == datetime(2024, 3, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "value", ["2024-03-06", date(2024, 3, 6), datetime(2024, 3, 6, 23, 59, 59, 999_999)]
)
def test_as_of_a_day_is_its_end(value: str | date) -> None:
    assert as_of_instant(value).isoformat() == "2024-03-06T23:59:59.999999+08:00"


def test_as_of_an_instant_is_that_instant() -> None:
    assert as_of_instant("2024-03-06T01:00Z").isoformat() == "2024-03-06T09:00:00+08:00"


@pytest.mark.parametrize("value", ["2000-01-01", "2099-12-31", "2000-01-01T00:00+08:00"])
def test_as_of_the_first_and_the_last_day_of_the_range(value: str) -> None:
    assert as_of_instant(value).tzinfo is CST


@pytest.mark.parametrize(
    "value",
    [
        *("0001-01-01", "1999-12-31", "2100-01-01", "9999-12-31", "1999-12-31T15:59Z"),
        *(date(1, 1, 1), datetime(9999, 12, 31, 23, tzinfo=UTC)),
    ],
)
def test_as_of_a_day_that_nobody_means_is_refused(value: str | date) -> None:
    with pytest.raises(TimeError, match=r"years 1 to 9999|supported years, 2000 to 2099"):
        as_of_instant(value)


def test_as_of_no_date_is_refused() -> None:
    with pytest.raises(TimeError, match="2024-02-30 is not a date that exists"):
        as_of_instant("2024-02-30")


NOON = datetime(2024, 3, 6, 12, tzinfo=CST)


@pytest.mark.parametrize(
    ("t", "expected"),
    [
        (date(2024, 3, 5), True),
        (date(2024, 3, 6), True),
        (date(2024, 3, 7), False),
        (datetime(2024, 3, 6, 12), True),
        (datetime(2024, 3, 6, 12, 0, 1), False),
        (datetime(2024, 3, 6, 4, tzinfo=UTC), True),
        (datetime(2024, 3, 6, 5, tzinfo=UTC), False),
    ],
)
def test_what_has_happened_by_noon(t: date, expected: bool) -> None:
    assert happened(t, NOON) is expected


def test_as_of_may_come_in_any_zone() -> None:
    assert happened(date(2024, 3, 7), datetime(2024, 3, 6, 16, tzinfo=UTC))
    assert not happened(date(2024, 3, 7), datetime(2024, 3, 6, 15, 59, tzinfo=UTC))
    assert happened(date(2024, 3, 6), datetime(2024, 3, 6, 0, 0))


@given(MIDDLE, st.integers(-400, 400))
def test_what_has_happened_by_a_day_has_happened_by_its_end(day: date, n: int) -> None:
    other = day + timedelta(days=n)
    assert happened(other, end_of_day(day)) is (n <= 0)
    assert happened(start_of_day(other), end_of_day(day)) is (n <= 0)
    assert happened(end_of_day(other), end_of_day(day)) is (n <= 0)


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        (date(2019, 3, 6), 60, date(2024, 3, 6)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2025, 8, 31), 6, date(2026, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 8, 31), -6, date(2026, 2, 28)),
        (date(2026, 5, 5), 0, date(2026, 5, 5)),
        (date(1, 2, 28), -1, date(1, 1, 28)),
        (date(9999, 11, 30), 1, date(9999, 12, 30)),
    ],
)
def test_months_end_on_the_corresponding_day_or_the_last(day: date, n: int, expected: date) -> None:
    assert add_months(day, n) == expected


@given(MIDDLE, st.integers(-1200, 1200))
def test_months_keep_the_day_unless_the_month_is_too_short(day: date, n: int) -> None:
    end = add_months(day, n)
    assert (end.year - day.year) * 12 + end.month - day.month == n
    assert end.day == day.day or (end.day < day.day and (end + timedelta(days=1)).day == 1)


@given(MIDDLE, st.integers(-1200, 1200))
def test_months_are_monotone(day: date, n: int) -> None:
    assert add_months(day, n) <= add_months(day + timedelta(days=1), n)
    assert add_months(day, n) < add_months(day, n + 1)


@given(MIDDLE, st.integers(0, 100))
def test_years_by_months_agree_with_replacing_the_year(day: date, years: int) -> None:
    assume((day.month, day.day) != (2, 29))
    assert add_months(day, 12 * years) == day.replace(year=day.year + years)


@pytest.mark.parametrize(
    ("reckon", "start", "n", "said"),
    [
        (add_days, date(9999, 12, 31), 1, r"9999-12-31 \+ 1 day lies outside"),
        (add_days, date(1, 1, 2), -2, "0001-01-02 - 2 days lies outside"),
        (add_days, date(1, 1, 1), -1, "0001-01-01 - 1 day lies outside"),
        (add_days, date(2024, 1, 1), 10**30, "lies outside the years 1 to 9999"),
        (add_months, date(9999, 12, 1), 1, r"9999-12-01 \+ 1 month lies outside"),
        (add_months, date(1, 1, 1), -1, "0001-01-01 - 1 month lies outside"),
        (add_months, date(2024, 1, 1), 10**30, "lies outside the years 1 to 9999"),
        (
            partial(add_time, unit="hours"),
            datetime(9999, 12, 31, 23),
            1,
            r"9999-12-31 23:00:00\+08:00 \+ 1 hour lies outside",
        ),
        (
            partial(add_time, unit="minutes"),
            datetime(9999, 12, 31, 23, 59),
            1,
            r"9999-12-31 23:59:00\+08:00 \+ 1 minute lies outside",
        ),
        (
            partial(add_time, unit="hours"),
            datetime(2024, 1, 1),
            10**30,
            "lies outside the years 1 to 9999",
        ),
    ],
)
def test_leaving_the_years_is_a_time_error(
    reckon: Callable[[date, int], date], start: date, n: int, said: str
) -> None:
    with pytest.raises(TimeError, match=said):
        reckon(start, n)


@given(MIDDLE, st.integers(-10_000, 10_000))
def test_days_agree_with_ordinals(day: date, n: int) -> None:
    assert add_days(day, n).toordinal() == day.toordinal() + n


def test_hours_run_through_the_night() -> None:
    assert add_time(datetime(2024, 3, 6, 23), 2, "hours") == datetime(2024, 3, 7, 1, tzinfo=CST)


@pytest.mark.parametrize(
    ("text", "days"),
    [("730", 730), ("30d", 30), ("24m", 720), ("2y", 730), (" 1y ", 365), ("2w", None), ("", None)],
)
def test_a_span_in_days(text: str, days: int | None) -> None:
    assert days_of(text) == days
