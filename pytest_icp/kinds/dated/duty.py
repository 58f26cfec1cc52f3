"""A duty with a date, and its last day for one subject (期限届满日)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from typing import Literal

from msgspec import Struct

from pytest_icp.facts.files.properties import property_at
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dated.when import Dates, Moment, When
from pytest_icp.kinds.dates import fixed
from pytest_icp.kinds.spans import Span, later, span_of_value
from pytest_icp.kinds.subjects import Subject
from pytest_icp.law.deadline import Due, Term, settled
from pytest_icp.law.times import civil_date
from pytest_icp.rules.fields import join_path
from pytest_icp.rules.numbers import Amount, Number, Value, reckon


class Dated(Struct, frozen=True, kw_only=True):
    """An act, an anchor, and one bound.

    - ``within``: the act is done by so long after the anchor (民法典 203 moves the last day);
    - ``ahead``: by so long before it, which never moves; ahead by 0 is by the anchor itself;
    - ``lasts``, ``at_most``: the act is at least, at most so long after the anchor;
    - ``every``: the act is done again and again, from the anchor on, from each to the next.
      ``restart`` begins a new period, and the duty ``ends``.

    Where the act is ``TODAY``, something has to be good: until the anchor, or so long ``within``
    it. ``of_acts``: the anchor is an act as well, and it is what came too soon.
    """

    act: When
    anchor: When
    within: Amount | None = None
    ahead: Amount | None = None
    lasts: Amount | None = None
    at_most: Amount | None = None
    every: Amount | None = None
    restart: When | None = None
    ends: When | None = None
    of_acts: bool = False

    @property
    def has_last_day(self) -> bool:
        """Whether the act is done by a day; else its own day is one to compare."""
        return self.lasts is None and self.at_most is None


TODAY = When.on()
"""The act of a duty to keep something in force."""

BY_THEN = Amount(days=Number.of(0, "days"))
"""No time ahead at all: what is due by a day that was set, or by another act."""


class Limit(Struct, frozen=True):
    """The last day, the term that it was reckoned from, and the value of its number.

    There is no term where the day was set, or where it lies beyond the calendar.
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
    of_acts: bool = False
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


def reckoner(rule: Dated, context: Context) -> Callable[[date], Limit]:
    """Return what reckons the last day (期限届满日) for the day or instant of an event."""

    @cache
    def limit(event: date) -> Limit:
        length = rule.within or rule.ahead
        if length is None or length is BY_THEN:
            return Limit(settled(event) if isinstance(event, datetime) else fixed(context, event))
        direction: Literal["after", "before"] = "after" if rule.within else "before"
        reckoned = reckon(length.number, event, direction, context.calendar)
        return Limit(reckoned.due, reckoned.term, reckoned.value)

    return limit


def holds_all_day(each: str, when: When) -> bool:
    """Whether a day holds from its beginning: one on which something takes effect as planned."""
    path = ".".join(filter(None, (when.of, when.at[0])))
    known = property_at("description", join_path(join_path("", each), path))
    return known is not None and known.time == "schedule"


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


def gap_from(length: Amount | None, day: date, today: date, *, least: bool) -> Gap | None:
    """Return the time that is to pass from a day at least, or at most, as is asked for today."""
    if length is None:
        return None
    number = length.number

    def end(value: Value) -> date:
        return later(day, span_of_value(number, value))

    value = number.forward(day, end)
    before = number.before(value)
    spared = before if before and value.grace and today <= value.grace else value
    asked = (min if least else max)(value, spared, key=end)
    return Gap(number, value, asked)


def span(gap: Gap | None) -> Span | None:
    """Return the time that is asked for, if any is."""
    return gap.span if gap else None


def standing_gap(length: Amount | None, today: date) -> Gap | None:
    """Return for how long what is to be good today has to be so."""
    if length is None:
        return None
    number = length.number
    return Gap(number, number.on(today), number.standing(today))
