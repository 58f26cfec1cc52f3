"""When something was done (何时): the days among facts and records that count for a subject.

A day is that of a fact, or the earliest of the records at a path: of those that meet a condition,
do what an item is for, and belong to the subject. What is not known to count, or on which day it
was, is kept apart: it perhaps counts. So does all that may lie before the first day that counts.
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
from pytest_icp.kinds.dated.spec import When
from pytest_icp.kinds.dates import NO_DAY, time_of
from pytest_icp.kinds.matching import Sharing, sharing
from pytest_icp.kinds.services import OPERATED, Operated, operates
from pytest_icp.kinds.subjects import Collected, Fact, Subject, Tokens, steps
from pytest_icp.kinds.words import shown
from pytest_icp.law.blame import blame
from pytest_icp.law.text import Text
from pytest_icp.law.times import civil_date


class Moment(Struct, frozen=True):
    """A day or instant, and the fact that declares it."""

    at: date
    tokens: Tokens

    @property
    def day(self) -> date:
        """The civil day."""
        return civil_date(self.at)


class Open(Struct, frozen=True):
    """A day that perhaps counts, and the fact on which that hangs; None where it is not known."""

    moment: Moment | None
    tokens: Tokens

    @property
    def earliest(self) -> Moment:
        """The earliest day that it may be."""
        return self.moment or Moment(date.min, self.tokens)

    @property
    def latest(self) -> date:
        """The latest day that it may be."""
        return self.moment.day if self.moment else date.max


class Dates(Struct, frozen=True, eq=False, dict=True):
    """The days that count, the earliest first, and those that perhaps do.

    ``tokens`` is the place of the records; of a single fact, its own. One that does not count is
    kept for what is said of it: ``early`` lies before the day ``since``, or in another term, and
    ``found`` is what does not let it count. What is ``endless`` has no day, by its own words.
    """

    tokens: Tokens
    known: tuple[Moment, ...] = ()
    open: Iterable[Open] = ()
    early: date | None = None
    since: date | None = None
    found: Text | None = None
    endless: bool = False

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

    @property
    def at_best(self) -> Moment | None:
        """The earliest day that may count; None if there is certainly none."""
        best = self.open.best if isinstance(self.open, Merged) else _best(self.open)
        return min(filter(None, (self.first, best)), key=in_time, default=None)

    def open_after(self, day: date) -> Tokens | None:
        """The place of the first fact that is not known, so that there may be one after a day."""
        i = bisect_right(self._rising, day, key=lambda one: one.latest)
        return self._rising[i].tokens if i < len(self._rising) else None

    @cached_property
    def _rising(self) -> list[Open]:
        """Those of the open days that may lie later than all before them."""
        rising: list[Open] = []
        for one in self.open:
            if not rising or one.latest > rising[-1].latest:
                rising.append(one)
        return rising


NOTHING = Dates(())


class Others(Struct, frozen=True, eq=False, dict=True):
    """Days of records that perhaps belong to any subject, with the positions of these."""

    each: Sequence[tuple[int, Open]] = ()

    @cached_property
    def best(self) -> Moment | None:
        """The earliest day that may count."""
        return _best(one for _, one in self.each)


class Merged(Struct, frozen=True):
    """Days that perhaps count, in the order of their records, by the positions of these.

    The ``others`` are shared by many subjects; those of them that are ``named`` do not count here.
    A place that is left out is that of ``here``.
    """

    own: Sequence[tuple[int, Open]]
    others: Others
    named: Container[int]
    here: Tokens

    def __iter__(self) -> Iterator[Open]:
        others = (one for one in self.others.each if one[0] not in self.named)
        for _, one in merge(self.own, others, key=itemgetter(0)):
            yield one if one.tokens else Open(one.moment, self.here)

    @property
    def best(self) -> Moment | None:
        """The earliest day that may count; the named ones among the others count in any case."""
        best = _best(one for _, one in self.own), self.others.best
        return min(filter(None, best), key=in_time, default=None)


def finding(context: Context, when: When) -> Callable[[Subject], Dates]:
    """Return what finds the days of each subject."""
    return Finder(context, when).of


class Finder(Struct, frozen=True, eq=False, dict=True):
    """Finds days for subjects; what is the same for all of them, only once."""

    context: Context
    when: When
    shared: dict[bool, Others] = field(default_factory=dict)

    def of(self, subject: Subject) -> Dates:
        """Return the days that count for a subject."""
        if self.when.of is None:
            return self._single(subject)
        if self._is_absolute and not self.when.match and not self.when.since:
            return self._of_all
        return self._among(self.when.of, subject)

    @cached_property
    def _is_absolute(self) -> bool:
        return steps(self.when.of or "")[1]

    @cached_property
    def _of_all(self) -> Dates:
        return self._among(self.when.of or "", Subject((), self.context.view.facts))

    def _since(self, subject: Subject) -> Fact:
        """Return the day before which nothing counts; where there is none, it is ``never``."""
        paths = self.when.since
        return first_day(self.context, subject, paths) if paths else Fact((), NEVER)

    def _single(self, subject: Subject) -> Dates:
        """Return the day of a fact, or what does not let it count."""
        decide, where = self.context.decide, self.when.where
        fact = first_day(self.context, subject, self.when.at)
        at, tokens = time_of(fact), fact.tokens
        if at is None:
            open_ = () if fact.text in NO_DAY else (Open(None, tokens),)
            return Dates(tokens, open=open_, endless=fact.text in ENDLESS)
        moment, counts = Moment(at, tokens), decide.truth(where, subject.value)
        if not counts:
            fault = blame(where, subject.value, decide)
            tokens = (*subject.tokens, *fault.path)
            open_ = (Open(moment, tokens),) if counts is None else ()
            return Dates(tokens, open=open_, found=shown(fault.found))
        since = self._since(subject)
        if since.value is None:
            return Dates(tokens, open=(Open(moment, since.tokens),))
        if is_before(at, time_of(since)):
            return Dates(tokens, early=at, since=time_of(since))
        return Dates(tokens, (moment,))

    def _among(self, path: str, subject: Subject) -> Dates:
        """Return the days of the records at a path."""
        context, match = self.context, self.when.match
        records, since = context.subjects(path, subject), self._since(subject)
        named: Sequence[int] = range(len(records.subjects))
        others, here = Others(), subject.tokens
        if match:
            mine = context.fact(subject, match.subject)
            joined = sharing(context, records, match.record, mine)
            named, here = joined.named, mine.tokens
            others = self._others(records, joined, mine, since)
        known: list[Moment] = []
        open_ = [(-1, Open(None, tokens)) for tokens in records.missing]
        for i, moment, gap in self._counting(records, named, since):
            if moment and gap is None:
                known.append(moment)
            else:
                open_.append((i, Open(moment, gap or ())))
        return Dates(
            context.fact(subject, path).tokens,
            tuple(sorted(known, key=in_time)),
            Merged(open_, others, {*named} if others.each else (), here),
        )

    def _others(self, records: Collected, joined: Sharing, mine: Fact, since: Fact) -> Others:
        """Return the days of the records that may be those of a subject, without its own place."""
        shared = self._is_absolute and not self.when.since
        known = self.shared.get(mine.is_open) if shared else None
        if known is None:
            known = Others([*self._perhaps(records, joined.others, since)])
            self.shared[mine.is_open] = known
        return known

    def _perhaps(
        self, records: Collected, positions: Iterable[int], since: Fact
    ) -> Iterator[tuple[int, Open]]:
        path = self.when.match.record if self.when.match else ""
        for i, moment, gap in self._counting(records, positions, since):
            there = self.context.fact(records.subjects[i], path)
            join = there.tokens if there.is_open else ()
            yield i, Open(moment, join if moment else gap or ())

    def _counting(
        self, records: Collected, positions: Iterable[int], since: Fact
    ) -> Iterator[tuple[int, Moment | None, Tokens | None]]:
        """Yield the days of records with their positions, and on what it hangs if they count."""
        when = self.when
        for i in positions:
            record = records.subjects[i]
            counts = self.context.counts(record, when.where)
            does = self._does(record)
            if counts is not False and not does.truth:
                counts = does.truth
            fact = first_day(self.context, record, when.at)
            if counts is False or fact.text in NO_DAY:
                continue
            at = time_of(fact)
            if at is None:
                yield i, None, fact.tokens
            elif not is_before(at, time_of(since)):
                gap = since.tokens if since.value is None else None
                if not counts:
                    gap = does.open_at or self.context.open_of(record, when.where)
                yield i, Moment(at, fact.tokens), gap

    def _does(self, record: Subject) -> Operated:
        """Whether a record is a service that does what one of the items is for."""
        doing, strict = self.when.doing, self.context.strict
        return operates(record.value, record.tokens, doing, strict=strict) if doing else OPERATED


ENDLESS = NO_DAY - {NEVER}
"""The words for a day that is not set, or an end that will not come."""


def first_day(context: Context, subject: Subject, paths: tuple[str, ...]) -> Fact:
    """Return the first of several facts that is not ``never``, else the last."""
    facts = [context.fact(subject, path) for path in paths]
    return next((fact for fact in facts if fact.text not in NO_DAY), facts[-1])


def is_before(when: date, since: date | None) -> bool:
    """Whether one moment lies on a day before another."""
    return since is not None and civil_date(when) < civil_date(since)


def in_time(moment: Moment) -> tuple[date, float]:
    """Return a key that sorts moments; of one day, an instant comes before the day alone."""
    exact = moment.at.timestamp() if isinstance(moment.at, datetime) else float("inf")
    return moment.day, exact


def _best(every: Iterable[Open]) -> Moment | None:
    return min((one.earliest for one in every), key=in_time, default=None)
