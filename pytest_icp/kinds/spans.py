"""Spans of time as facts and policies write them: ``{days | months | years: n}`` (时长)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from msgspec import Struct

from pytest_icp.law.jsontypes import Json, JsonObject
from pytest_icp.law.text import Text
from pytest_icp.law.times import TimeError, add_days, add_months
from pytest_icp.law.units import counted
from pytest_icp.law.watch import following
from pytest_icp.rules.numbers import Number, Value


class Span(Struct, frozen=True):
    """A number of days, of calendar months (民法典 202), or of years from January to December."""

    n: int
    unit: Literal["days", "months", "years", "calendar_years"]

    @classmethod
    def from_written(cls, written: Json) -> Span | None:
        """Read a span as a policy writes it."""
        return span_of(written)

    @property
    def months(self) -> int:
        """The span in months; 0 for one in days."""
        return {"days": 0, "months": 1, "years": 12}[self.unit] * self.n

    @property
    def text(self) -> Text:
        """The span in words."""
        return counted(self.n, self.unit)


def span_of(written: Json | JsonObject) -> Span | None:
    """Read a span; None when it is not known."""
    if not isinstance(written, Mapping):
        return None
    units: tuple[Literal["days", "months", "years"], ...] = ("days", "months", "years")
    for unit in units:
        n = written.get(unit)
        if isinstance(n, (int, float)):
            return Span(int(n), unit)
    return None


def span_of_value(number: Number, value: Value) -> Span:
    """Return the span that a value of a number of the law is."""
    unit: Any = number.unit
    return Span(int(value.n), unit)


def later(day: date, span: Span) -> date:
    """Return the day that lies a span after another, at most the last one there is."""
    return _moved(day, span, 1, date.max)


def earlier(day: date, span: Span) -> date:
    """Return the day that lies a span before another, at least the first one there is."""
    return _moved(day, span, -1, date.min)


def _moved(day: date, span: Span, sign: int, outermost: date) -> date:
    try:
        if span.unit == "days":
            return add_days(day, sign * span.n)
        return following(day, lambda one: add_months(one, sign * span.months))
    except TimeError:
        return outermost
