from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pytest_icp.kinds.dates import (
    Span,
    earlier,
    fixed,
    later,
    long_ago,
    moment,
    not_after,
    span_of,
    time_of,
)
from pytest_icp.kinds.subjects import Fact
from pytest_icp.law.times import parse_time
from tests.contexts import context


@pytest.mark.parametrize(
    ("t", "limit", "answer"),
    [
        ("2024-06-03", "2024-06-03", True),
        ("2024-06-03T23:59:59", "2024-06-03", True),
        ("2024-06-03T16:00:00Z", "2024-06-03", False),
        ("2024-06-03T10:00", "2024-06-03T10:00", True),
        ("2024-06-03T10:01", "2024-06-03T10:00", False),
        ("2024-06-02", "2024-06-03T10:00", True),
        ("2024-06-03", "2024-06-03T10:00", None),
        ("2024-06-04", "2024-06-03T10:00", False),
    ],
)
def test_a_day_is_sometimes_too_coarse(t: str, limit: str, answer: bool | None) -> None:
    assert not_after(parse_time(t), parse_time(limit)) is answer


def test_times_of_facts() -> None:
    assert time_of(Fact((), "2024-06-03")) == date(2024, 6, 3)
    assert [time_of(Fact((), value)) for value in ("never", None, 3)] == [None] * 3
    assert moment(parse_time("2024-06-03T01:30:00Z")) == "2024-06-03 09:30"
    assert moment(parse_time("2024-06-03")) == "2024-06-03"


def test_a_fixed_day_never_rolls() -> None:
    here = context({})
    sunday = date(2024, 6, 9)
    limit = fixed(here, sunday)
    assert (limit.last, limit.safe, limit.provisional) == (sunday, date(2024, 6, 7), False)
    assert fixed(here, sunday, safe_until=date(2024, 6, 5)).safe == date(2024, 6, 5)
    unpublished = date(2026, 6, 7)
    assert fixed(here, unpublished).safe == unpublished


def test_long_ago_is_before_the_look_back() -> None:
    here = context({}, "2024-06-03", lookback_days=3)
    assert not long_ago(here, date(2024, 5, 31))
    assert long_ago(here, date(2024, 5, 30))
    assert not long_ago(context({}, lookback_days=10**15), date.min)


@pytest.mark.parametrize(
    ("written", "span", "months", "words"),
    [
        ({"days": 3}, Span(3, "days"), 0, "3 days"),
        ({"months": 6}, Span(6, "months"), 6, "6 months"),
        ({"years": 2.0}, Span(2, "years"), 24, "2 years"),
    ],
)
def test_spans(written: dict[str, int], span: Span, months: int, words: str) -> None:
    assert span_of(written) == span
    assert (span.months, span.text.en) == (months, words)


@pytest.mark.parametrize("written", [None, {}, {"days": None}, "3 days"])
def test_a_span_that_is_not_known(written: object) -> None:
    assert span_of(written) is None  # type: ignore[arg-type]  # that is the point


def test_a_span_before_and_after_a_day() -> None:
    day = date(2024, 3, 31)
    assert later(day, Span(1, "days")) == date(2024, 4, 1)
    assert later(day, Span(1, "months")) == date(2024, 4, 30)
    assert earlier(day, Span(1, "months")) == date(2024, 2, 29)
    assert earlier(day, Span(31, "days")) == date(2024, 2, 29)


@pytest.mark.parametrize("unit", ["days", "months", "years"])
def test_a_span_beyond_the_calendar_ends_where_the_calendar_does(unit: Any) -> None:
    day, span = date(2024, 3, 31), Span(10**12, unit)
    assert (earlier(day, span), later(day, span)) == (date.min, date.max)
