from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pytest_icp.kinds.dates import (
    Span,
    earlier,
    later,
    not_after,
)
from pytest_icp.law.times import parse_time


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


@pytest.mark.parametrize("unit", ["days", "months", "years"])
def test_a_span_beyond_the_calendar_ends_where_the_calendar_does(unit: Any) -> None:
    day, span = date(2024, 3, 31), Span(10**12, unit)
    assert (earlier(day, span), later(day, span)) == (date.min, date.max)
