"""Numbers of the law with their days (数值): which value a day chooses.

A number such as ``p12.renew`` has one value or several, each from a day on. What a rule asks
decides which day chooses: the event of a term, the last day of a term that is counted back, the
day on which a period begins, else the as-of day. The value chosen carries its article, so that one
day chooses article and number alike. Some numbers differ by the subject (`Cases`), and some of
what the law lists is words (`Listing`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import ClassVar, Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.law.calendar import Calendar
from pytest_icp.law.condition import Node
from pytest_icp.law.deadline import Due, Term, Unit, settled
from pytest_icp.law.deadline import reckon as end_of_term
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.text import Text, plain
from pytest_icp.law.times import TimeError, civil_date, end_of_day

Confidence: TypeAlias = Literal["primary", "secondary", "unverified", "default"]


class Dated(Struct, frozen=True, kw_only=True, rename={"start": "from"}):
    """What the law says from a day on, perhaps until another one, and where it says so.

    ``start`` is None for what is as old as the ``edition`` of the licence that prints it, and for
    what is assumed without a text. What a policy writes itself, instead of naming a number of the
    law, has no source.
    """

    start: date | None = None
    until: date | None = None
    edition: bool = False
    article: Text | None = None
    source: Text | None = None
    confidence: Confidence = "default"

    @property
    def since(self) -> date:
        """The first day on which it holds."""
        return self.start or date.min

    @property
    def last(self) -> date:
        """The last day on which it holds."""
        return self.until or date.max


class Value(Dated, frozen=True, kw_only=True, rename={"n": "value"}):
    """One value of a number (取值).

    ``running`` values also reach terms that still run on ``start`` (适用于尚未届满的期限). With
    ``begun`` what had happened before ``start`` counts as if it happened on it (此前已经发生的,
    自该日起算). Until ``grace`` (过渡期) the value before is enough as well.
    """

    n: int | float
    running: bool = False
    begun: bool = False
    grace: date | None = None


class Number(Struct, frozen=True, kw_only=True, dict=True):
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

    @property
    def changes(self) -> frozenset[date]:
        """The days on which a standing duty gets another value."""
        ends = (one.grace + timedelta(days=1) for one in self.values if one.grace)
        return frozenset({*(one.since for one in self.values[1:]), *ends})

    def on(self, day: date) -> Value:
        """Return the value that holds on a day; before the first one, the first."""
        return next((one for one in reversed(self.values) if one.since <= day), self.values[0])

    def counted_from(self, day: date, today: date) -> date:
        """Return from when a term runs whose event is on a day, once the number is law."""
        first = self.values[0]
        return first.since if first.begun and day < first.since <= today else day

    def standing(self, day: date) -> Value:
        """Return the value that a standing duty asks for on a day; in its grace, the one before."""
        value = self.on(day)
        spared = value.grace is not None and day <= value.grace
        return self.before(value) or value if spared else value

    def as_of(self, day: date) -> Json:
        """Return what a standing duty asks for on a day, as a policy would write it."""
        return self.standing(day).n

    def forward(self, event: date, end: Callable[[Value], date]) -> Value:
        """Return the value for a term that runs from an event to the ``end`` that a value gives.

        It is the one of the event's day, or the newest that reaches the running term and still
        runs under it on the day from which it holds.
        """
        chosen = self.on(event)
        for one in self.values:
            if one.running and event < one.since <= min(end(chosen), end(one)):
                chosen = one
        return chosen

    def backward(self, end: Callable[[Value], date]) -> Value:
        """Return the value for a term counted back to the ``end`` that a value gives.

        It is the newest that was law on the last day that it gives itself, so that nobody is late
        before the number is law.
        """
        return next((one for one in reversed(self.values) if end(one) >= one.since), self.values[0])

    def latest(self, value: Value, end: Callable[[Value], date]) -> date:
        """Return the last day by a value: until its grace, that of the value before is enough."""
        last, before = end(value), self.before(value)
        if value.grace is None or before is None:
            return last
        return max(last, min(end(before), value.grace))

    def before(self, value: Value) -> Value | None:
        """Return the value that held before another one, None before the first."""
        i = self.values.index(value)
        return self.values[i - 1] if i else None


class Case(Struct, frozen=True):
    """The subjects for which a number has values of their own: those that meet a condition."""

    where: Node
    written: Json
    number: Number


class Cases(Struct, frozen=True, kw_only=True):
    """A number whose values differ by the subject (分情形的数值)."""

    id: str
    title: Text
    unit: str
    cases: tuple[Case, ...]

    @property
    def values(self) -> tuple[Value, ...]:
        """The values of all cases."""
        return tuple(value for case in self.cases for value in case.number.values)

    @property
    def changes(self) -> frozenset[date]:
        """The days on which a standing duty gets another value."""
        return frozenset(day for case in self.cases for day in case.number.changes)


class Entry(Dated, frozen=True, kw_only=True):
    """One word of a list, as long as the law lists it."""

    value: str


class Listing(Struct, frozen=True, kw_only=True):
    """What the law lists (清单), each entry in its time."""

    id: str
    title: Text
    values: tuple[Entry, ...]
    unit: Literal["list"] = "list"

    @classmethod
    def of(cls, words: Iterable[str]) -> Listing:
        """Return a list that a policy writes itself: it always holds."""
        return cls(id="", title=plain(""), values=tuple(Entry(value=word) for word in words))

    @property
    def changes(self) -> frozenset[date]:
        """The days on which an entry begins or has ended."""
        starts = (one.start for one in self.values if one.start)
        ends = (one.until + timedelta(days=1) for one in self.values if one.until)
        return frozenset({*starts, *ends})

    def entry(self, value: object) -> Entry | None:
        """Return the entry of a word; None where the law does not list it."""
        return next((one for one in self.values if one.value == value), None)

    def has(self, value: object, day: date) -> bool:
        """Whether the law lists a word on a day."""
        entry = self.entry(value)
        return entry is not None and entry.since <= day <= entry.last

    def as_of(self, day: date) -> Json:
        """Return the words that the law lists on a day, as a policy would write them."""
        return [one.value for one in self.values if one.since <= day <= one.last]


Known: TypeAlias = Number | Listing
"""What has the same values for every subject."""

Named: TypeAlias = Known | Cases
"""What policies may refer to by its id."""


class Amount(Struct, frozen=True, kw_only=True, dict=True):
    """How long something takes or lasts: a number of one unit, as a policy writes it (时长).

    Written as 0, it is no time at all.
    """

    MAIN: ClassVar[str] = "days"

    days: Number | None = None
    working_days: Number | None = None
    months: Number | None = None
    years: Number | None = None
    calendar_years: Number | None = None
    hours: Number | None = None
    minutes: Number | None = None

    @cached_property
    def number(self) -> Number:
        """The number; its unit is the name that it is written under."""
        units: Iterable[Number | None] = (getattr(self, u) for u in Amount.__struct_fields__)
        return next(number for number in units if number is not None)


class Reckoned(Struct, frozen=True):
    """When a term ends (期限届满), and the value of its number that was chosen.

    ``term`` is what the end was reckoned from: the chosen value, or within its grace the value
    before. It is None where the last day is that of the grace itself, or lies beyond the calendar.
    """

    due: Due
    value: Value
    term: Term | None


def reckon(
    number: Number,
    event: date | datetime,
    direction: Literal["after", "before"],
    calendar: Calendar | None = None,
) -> Reckoned:
    """Return when a term of a number ends that runs from an event, or back from it.

    Forward, the event's day chooses the value, or the newest one that reaches the running term;
    back, the newest that was law on the last day that it gives. Until its grace the value before
    is enough as well: the last day is the later one of the chosen value's, and of that which the
    value before gives, but for the grace.
    """
    unit = Unit(number.unit)

    def by(value: Value) -> tuple[Due, Term | None]:
        term = Term(start=event, direction=direction, amount=int(value.n), unit=unit)
        try:
            return end_of_term(term, calendar), term
        except TimeError:
            # One that leaves the calendar ends where the calendar does.
            return settled(date.max if direction == "after" else date.min), None

    def end(value: Value) -> date:
        return civil_date(by(value)[0].raw)

    back = direction == "before"
    value = number.backward(end) if back else number.forward(civil_date(event), end)
    due, term = by(value)
    before = number.before(value)
    if value.grace is None or before is None:
        return Reckoned(due, value, term)
    spared, its = by(before)
    if civil_date(spared.last) > value.grace:
        spared, its = _until(spared, value.grace), None
    if _instant(spared.last) > _instant(due.last):
        due, term = _whichever(spared, due), its
    return Reckoned(due, value, term)


def _until(due: Due, grace: date) -> Due:
    """Return a last day that lies on the last day of a grace at the latest."""
    last = end_of_day(grace) if isinstance(due.last, datetime) else grace
    return Due(
        raw=min(due.raw, last),
        last=last,
        safe=min(due.safe, last),
        provisional=due.provisional,
        certain=min(due.certain, last),
    )


def _whichever(later: Due, sooner: Due) -> Due:
    """Return the later one of two last days; what is certain of either is certain."""
    certain = max(later.certain, sooner.certain, key=_instant)
    return replace(later, certain=certain, provisional=later.provisional or sooner.provisional)


def _instant(last: date | datetime) -> datetime:
    """Return the end of a last day, or a last moment as it is."""
    return last if isinstance(last, datetime) else end_of_day(last)
