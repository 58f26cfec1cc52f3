from __future__ import annotations

from datetime import date, timedelta

import pytest

from pytest_icp.law.recurrence import Window, months_as_days, windows
from pytest_icp.law.times import add_months


def test_the_windows_of_a_licence() -> None:
    assert windows(date(2019, 3, 6), date(2021, 3, 6)) == (
        Window(year=2020, opens=date(2020, 1, 1), closes=date(2020, 3, 31)),
        Window(year=2021, opens=date(2021, 1, 1), closes=date(2021, 3, 31)),
    )


@pytest.mark.parametrize(
    ("first", "until", "years"),
    [
        # A licence of the last day of a year reports in the next, one of the first day does not.
        (date(2019, 12, 31), date(2020, 12, 31), [2020]),
        (date(2020, 1, 1), date(2020, 12, 31), []),
        # One that ends before the window opens owes nothing in it, on its first day it does.
        (date(2019, 3, 6), date(2020, 12, 31), [2020]),
        (date(2019, 3, 6), date(2021, 1, 1), [2020, 2021]),
        (date(2021, 1, 1), date(2019, 1, 1), []),
        (date(9998, 1, 1), date(9999, 12, 31), [9999]),
    ],
)
def test_which_years_owe_a_report(first: date, until: date, years: list[int]) -> None:
    assert [window.year for window in windows(first, until)] == years


def test_other_windows() -> None:
    found = windows(date(2023, 5, 1), date(2025, 6, 30), (2, 29), (6, 30))
    assert [(window.opens, window.closes) for window in found] == [
        (date(2024, 2, 29), date(2024, 6, 30)),
        (date(2025, 2, 28), date(2025, 6, 30)),
    ]
    assert [w.year for w in windows(date(2023, 5, 1), date(2024, 6, 30), (7, 1), (7, 31))] == []


@pytest.mark.parametrize(
    ("months", "expected"),
    [
        (0, (0, 0)),
        (1, (28, 31)),
        (6, (181, 184)),
        (12, (365, 366)),
        (36, (1095, 1096)),
        (96, (2921, 2922)),
        (400 * 12 + 6, (146_097 + 181, 146_097 + 184)),
    ],
)
def test_months_as_days(months: int, expected: tuple[int, int]) -> None:
    assert months_as_days(months) == expected


@pytest.mark.parametrize("months", [1, 6, 11, 12])
def test_the_days_agree_with_counting_from_every_day(months: int) -> None:
    first = date(2001, 1, 1)
    cycle = [first + timedelta(days=n) for n in range(146_097)]
    lengths = [(add_months(day, months) - day).days for day in cycle]
    assert (min(lengths), max(lengths)) == months_as_days(months)
