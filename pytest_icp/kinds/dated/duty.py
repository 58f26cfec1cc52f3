"""One duty with a date, for one subject: its last day, or how long it has to last."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from pytest_icp.kinds.dated.when import Dates, Moment
from pytest_icp.kinds.spans import Span, later, span_of_value
from pytest_icp.kinds.subjects import Subject
from pytest_icp.law.deadline import Due, Term
from pytest_icp.law.times import civil_date
from pytest_icp.rules.numbers import Amount, Number, Value


class Limit(Struct, frozen=True):
    """The last day, the term that it was reckoned from, and the value of its number.

    There is neither where the day was set, and no term where it lies beyond the calendar.
    """

    due: Due
    term: Term | None = None
    value: Value | None = None


class Duty(Struct, frozen=True, kw_only=True):
    """One duty of one subject: by when, done when, out of which event.

    ``whole`` is whether an act of which the day alone is told holds from the beginning of that day,
    ``day`` the day whose law counts, where it is not that of the event.
    """

    subject: Subject
    limit: Due
    act: Dates
    anchor: Moment
    forward: bool
    term: Term | None = None
    whole: bool = False
    day: date | None = None

    @property
    def on(self) -> date:
        """The day whose law counts: that of the event, or the last day of a term ahead of it."""
        return self.day or self.anchor.day

    @property
    def unsettled(self) -> bool:
        """Whether the last day may move; one that is counted back never does."""
        return self.forward and self.limit.provisional

    @property
    def last(self) -> date:
        """The last day in time."""
        return civil_date(self.limit.last)


class Gap(Struct, frozen=True):
    """How long something takes or lasts that begins on a day, by which value of its number.

    Where the value reaches what runs already, it is by that; while there is a grace, the less
    strict of it and of the value before is asked for.
    """

    number: Number
    value: Value
    asked: Value

    @property
    def span(self) -> Span:
        """The time that is asked for."""
        return span_of_value(self.number, self.asked)


def gap_from(length: Amount, day: date, today: date, *, least: bool) -> Gap:
    """Return the time that is to pass from a day at least, or at most, as is asked for today."""
    number = length.number

    def end(value: Value) -> date:
        return later(day, span_of_value(number, value))

    value = number.forward(day, end)
    before = number.before(value)
    spared = before if before and value.grace and today <= value.grace else value
    asked = (min if least else max)(value, spared, key=end)
    return Gap(number, value, asked)


def standing_gap(length: Amount, today: date) -> Gap:
    """Return for how long what is to be good today has to be so."""
    number = length.number
    return Gap(number, number.on(today), number.standing(today))
