"""Days found among records (记录中的日期): those that count for a subject, and the first of them.

A policy writes a day as the path of a fact, or as ``{first: path, where: …, at: path}``: the
earliest of the records at a path; ``operates`` instead of ``where`` means the services in use that
do what one of its items is for. A record of which it is not known whether it counts, or when it
was, is kept apart.
"""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct

from pytest_icp.facts.asof import NEVER
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import time_of
from pytest_icp.kinds.matching import Join, matches
from pytest_icp.kinds.services import OPERATED, Operated, operates
from pytest_icp.kinds.subjects import Fact, Subject, Tokens
from pytest_icp.law.blame import gaps
from pytest_icp.law.condition import ANYTHING, Node
from pytest_icp.law.times import civil_date


class FirstOf(Struct, frozen=True):
    """The earliest day of the records at a path: those that meet a condition, or do an item."""

    first: str
    at: str
    where: Node = ANYTHING
    operates: tuple[str, ...] = ()


class Moment(Struct, frozen=True):
    """A day or instant, and the fact that declares it."""

    at: date
    tokens: Tokens

    @property
    def day(self) -> date:
        """The civil day."""
        return civil_date(self.at)


class OpenDate(Struct, frozen=True):
    """A day that perhaps counts: None where it is not known, and the unknown fact that decides."""

    at: date | None
    tokens: Tokens

    def after(self, day: date) -> bool:
        """Whether it may lie after a day."""
        return self.at is None or civil_date(self.at) > day


class Dates(Struct, frozen=True):
    """The days of the records that count, the earliest first, and those that perhaps do.

    ``tokens`` is the place of the records; of a single fact, its own.
    """

    tokens: Tokens
    known: tuple[Moment, ...]
    open: tuple[OpenDate, ...]

    @property
    def first(self) -> Moment | None:
        """The earliest day that is known."""
        return self.known[0] if self.known else None

    @property
    def never(self) -> bool:
        """Whether there is certainly none."""
        return not self.known and not self.open

    @property
    def open_at(self) -> Tokens | None:
        """The place of the first fact that is not known, so that there may be others."""
        return self.open[0].tokens if self.open else None

    @property
    def at(self) -> Tokens:
        """The place of the earliest day; where none is known, of the fact that should be it."""
        return self.first.tokens if self.first else self.open_at or self.tokens


NOTHING = Dates((), (), ())


def dates_at(context: Context, subject: Subject, day: str | FirstOf, join: Join | None) -> Dates:
    """Return a day that a policy writes as a path, or as the first of several records."""
    if isinstance(day, str):
        return _single(context.fact(subject, day))
    return dates_among(context, subject, day, join)


def dates_among(context: Context, subject: Subject, rule: FirstOf, join: Join | None) -> Dates:
    """Return the days of all records that a rule counts."""
    collected = context.subjects(rule.first, subject)
    known: list[Moment] = []
    open_: list[OpenDate] = [OpenDate(None, tokens) for tokens in collected.missing]
    for match in matches(context, subject, collected, join):
        record = match.record
        counts = context.decide.truth(rule.where, record.value)
        does = _does(context, record, rule.operates)
        if counts is not False and not does.truth:
            counts = does.truth
        fact = context.fact(record, rule.at)
        if counts is False or fact.value == NEVER:
            continue
        when = time_of(fact)
        if when is None:
            open_.append(OpenDate(None, fact.tokens))
        elif counts and match.surely is not None:
            known.append(Moment(when, fact.tokens))
        else:
            gap = match.open_at or _gap(context, record, rule.where, does)
            open_.append(OpenDate(when, gap))
    place = context.fact(subject, rule.first).tokens
    return Dates(place, tuple(sorted(known, key=_in_time)), tuple(open_))


def _single(fact: Fact) -> Dates:
    when = time_of(fact)
    known = () if when is None else (Moment(when, fact.tokens),)
    open_ = () if known or fact.value == NEVER else (OpenDate(None, fact.tokens),)
    return Dates(fact.tokens, known, open_)


def _does(context: Context, record: Subject, operating: tuple[str, ...]) -> Operated:
    """Whether a record is a service that does what one of the items is for."""
    return operates(record.value, operating, strict=context.strict) if operating else OPERATED


def _gap(context: Context, record: Subject, where: Node, does: Operated) -> Tokens:
    if does.open_at:
        return (*record.tokens, *does.open_at)
    gap = next(iter(gaps(where, record.value, context.decide)))
    return (*record.tokens, *gap.path)


def _in_time(moment: Moment) -> tuple[date, float]:
    exact = moment.at.timestamp() if isinstance(moment.at, datetime) else float("inf")
    return moment.day, exact
