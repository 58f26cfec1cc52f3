"""Days found among records (记录中的日期): those that count for a subject, and the first of them.

A policy writes a day as the path of a fact, or as ``{first: path, where: …, at: path}``: the
earliest of the records at a path; ``operates`` instead of ``where`` means the services in use that
do what one of its items is for. A record of which it is not known whether it counts, or when it
was, is kept apart.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import cached_property
from heapq import merge
from operator import itemgetter

from msgspec import Struct, field

from pytest_icp.facts.asof import NEVER
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import time_of
from pytest_icp.kinds.matching import Join, Sharing, sharing
from pytest_icp.kinds.services import OPERATED, Operated, operates
from pytest_icp.kinds.subjects import Collected, Fact, Subject, Tokens, steps
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


class Dates(Struct, frozen=True, eq=False, dict=True):
    """The days of the records that count, the earliest first, and those that perhaps do.

    ``tokens`` is the place of the records; of a single fact, its own.
    """

    tokens: Tokens
    known: tuple[Moment, ...]
    open: Iterable[OpenDate]

    @property
    def first(self) -> Moment | None:
        """The earliest day that is known."""
        return self.known[0] if self.known else None

    @property
    def never(self) -> bool:
        """Whether there is certainly none."""
        return not self.known and self.open_at is None

    @cached_property
    def days(self) -> tuple[date, ...]:
        """The civil days that are known, the earliest first."""
        return tuple(moment.day for moment in self.known)

    @cached_property
    def open_at(self) -> Tokens | None:
        """The place of the first fact that is not known, so that there may be others."""
        return next((one.tokens for one in self.open), None)

    @property
    def at(self) -> Tokens:
        """The place of the earliest day; where none is known, of the fact that should be it."""
        return self.first.tokens if self.first else self.open_at or self.tokens

    def open_after(self, day: date) -> Tokens | None:
        """The place of the first fact that is not known, so that there may be one after a day."""
        i = bisect_right(self._rising, (False, day), key=_latest)
        return self._rising[i].tokens if i < len(self._rising) else None

    @cached_property
    def _rising(self) -> list[OpenDate]:
        """Those of the open days that may lie later than all before them."""
        rising: list[OpenDate] = []
        for one in self.open:
            if not rising or _latest(one) > _latest(rising[-1]):
                rising.append(one)
        return rising


NOTHING = Dates((), (), ())


class Merged(Struct, frozen=True):
    """Days that perhaps count, in the order of their records, by the positions of these.

    The ``others`` are shared by many subjects; those of them that are ``named`` do not count here.
    A place that is left out is that of ``here``.
    """

    own: Sequence[tuple[int, OpenDate]]
    others: Sequence[tuple[int, OpenDate]]
    named: Container[int]
    here: Tokens

    def __iter__(self) -> Iterator[OpenDate]:
        others = (one for one in self.others if one[0] not in self.named)
        for _, one in merge(self.own, others, key=itemgetter(0)):
            yield one if one.tokens else OpenDate(one.at, self.here)


def dates_of(
    context: Context, day: str | FirstOf, join: Join | None = None
) -> Callable[[Subject], Dates]:
    """Return what tells of each subject a day that a policy writes as a path, or a `FirstOf`."""
    if isinstance(day, str):
        return lambda subject: _single(context.fact(subject, day))
    return Finder(context, day, join).of


class Finder(Struct, frozen=True, eq=False, dict=True):
    """Finds the days of all records that a rule counts; what is the same for all subjects, once."""

    context: Context
    rule: FirstOf
    join: Join | None
    known: dict[bool, Sequence[tuple[int, OpenDate]]] = field(default_factory=dict)

    def of(self, subject: Subject) -> Dates:
        """Return the days that count for a subject."""
        if self._is_absolute and self.join is None:
            return self._of_all
        return self._dates(subject)

    @cached_property
    def _is_absolute(self) -> bool:
        return steps(self.rule.first)[1]

    @cached_property
    def _of_all(self) -> Dates:
        return self._dates(Subject((), self.context.view.facts))

    def _dates(self, subject: Subject) -> Dates:
        context, join = self.context, self.join
        records = context.subjects(self.rule.first, subject)
        named: Sequence[int] = range(len(records.subjects))
        others: Sequence[tuple[int, OpenDate]] = ()
        here: Tokens = ()
        if join:
            mine = context.fact(subject, join.subject)
            shared = sharing(context, records, join.record, mine)
            named, others, here = shared.named, self._others(records, shared, mine), mine.tokens
        known: list[Moment] = []
        open_ = [(-1, OpenDate(None, tokens)) for tokens in records.missing]
        for i, one in self._counting(records, named):
            if isinstance(one, Moment):
                known.append(one)
            else:
                open_.append((i, one))
        return Dates(
            context.fact(subject, self.rule.first).tokens,
            tuple(sorted(known, key=_in_time)),
            Merged(open_, others, {*named} if others else (), here),
        )

    def _others(
        self, records: Collected, shared: Sharing, mine: Fact
    ) -> Sequence[tuple[int, OpenDate]]:
        """Return the days of the records that may be those of a subject, without its own place."""
        if not self._is_absolute:
            return [*self._perhaps(records, shared.others)]
        if mine.is_open not in self.known:
            self.known[mine.is_open] = [*self._perhaps(records, shared.others)]
        return self.known[mine.is_open]

    def _perhaps(
        self, records: Collected, positions: Iterable[int]
    ) -> Iterator[tuple[int, OpenDate]]:
        path = self.join.record if self.join else ""
        for i, one in self._counting(records, positions):
            there = self.context.fact(records.subjects[i], path)
            gap = there.tokens if there.is_open else ()
            yield i, OpenDate(one.at, one.tokens if one.at is None else gap)

    def _counting(
        self, records: Collected, positions: Iterable[int]
    ) -> Iterator[tuple[int, Moment | OpenDate]]:
        """Yield the days of the records that count, or perhaps do, with their positions."""
        for i in positions:
            record = records.subjects[i]
            counts = self.context.decide.truth(self.rule.where, record.value)
            does = _does(self.context, record, self.rule.operates)
            if counts is not False and not does.truth:
                counts = does.truth
            fact = self.context.fact(record, self.rule.at)
            if counts is False or fact.value == NEVER:
                continue
            when = time_of(fact)
            if when is None:
                yield i, OpenDate(None, fact.tokens)
            elif counts:
                yield i, Moment(when, fact.tokens)
            else:
                yield i, OpenDate(when, _gap(self.context, record, self.rule.where, does))


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


def _latest(one: OpenDate) -> tuple[bool, date]:
    """Return the last day of all that one may be, None being after every day."""
    return one.at is None, date.min if one.at is None else civil_date(one.at)


def _in_time(moment: Moment) -> tuple[date, float]:
    exact = moment.at.timestamp() if isinstance(moment.at, datetime) else float("inf")
    return moment.day, exact
