"""Numbers of the law with their days (数值): which value a day chooses.

A number such as ``p12.renew`` has one value or several, each from a day on. What a rule asks
decides which day chooses: the event of a term, the last day of a term that is counted back, the
day on which a period begins, else the as-of day. The value chosen carries its article, so that one
day chooses article and number alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Literal, TypeAlias

from msgspec import Struct

from pytest_icp.law.text import Text, plain

Confidence: TypeAlias = Literal["primary", "secondary", "unverified", "default"]


class Value(Struct, frozen=True, kw_only=True):
    """One value of a number (取值), and from which day on it holds.

    ``start`` is None for one that is as old as the edition of the licence that prints it.
    ``running`` values also reach terms that still run on ``start`` (适用于尚未届满的期限). Until
    ``grace`` (过渡期) the value before is enough as well. One that a policy writes itself, instead
    of naming a number of the law, has no source.
    """

    n: int | float
    start: date | None = None
    running: bool = False
    grace: date | None = None
    article: str | None = None
    source: Text | None = None
    confidence: Confidence = "default"

    @property
    def since(self) -> date:
        """The first day on which it holds."""
        return self.start or date.min


class Number(Struct, frozen=True, kw_only=True):
    """A number that law or practice fixes (数值): its values, the oldest first, in one unit."""

    id: str
    title: Text
    unit: str
    values: tuple[Value, ...]

    @classmethod
    def of(cls, n: float, unit: str) -> Number:
        """Return a number that a policy writes itself: it always holds."""
        return cls(id="", title=plain(""), unit=unit, values=(Value(n=n),))

    @property
    def newest(self) -> Value:
        """The value that holds from the last day on that is known."""
        return self.values[-1]

    def on(self, day: date) -> Value:
        """Return the value that holds on a day; before the first one, the first."""
        return next((one for one in reversed(self.values) if one.since <= day), self.values[0])

    def forward(self, event: date, end: Callable[[Value], date]) -> Value:
        """Return the value for a term that runs from an event to the ``end`` that a value gives.

        It is the one of the event's day, or the newest that reaches the running term.
        """
        chosen = self.on(event)
        for one in self.values:
            if one.running and event < one.since <= end(chosen):
                chosen = one
        return chosen

    def backward(self, end: Callable[[Value], date]) -> Value:
        """Return the value for a term counted back to the ``end`` that a value gives.

        It is the newest that was law on the last day that it gives itself, so that nobody is late
        before the number is law.
        """
        return next((one for one in reversed(self.values) if end(one) >= one.since), self.values[0])

    def before(self, value: Value) -> Value | None:
        """Return the value that held before another one, None before the first."""
        i = self.values.index(value)
        return self.values[i - 1] if i else None


class Amount(Struct, frozen=True, kw_only=True):
    """How long something takes or lasts: a number of one unit, as a policy writes it (时长)."""

    days: Number | None = None
    working_days: Number | None = None
    months: Number | None = None
    years: Number | None = None
    calendar_years: Number | None = None
    hours: Number | None = None
    minutes: Number | None = None

    @property
    def number(self) -> Number:
        """The number; its unit is the name that it is written under."""
        units: Iterable[Number | None] = (getattr(self, u) for u in Amount.__struct_fields__)
        return next(number for number in units if number is not None)
