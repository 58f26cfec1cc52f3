"""When something was done (何时): where a policy finds the day, and which days count.

A day is that of a fact, or the earliest of the records at a path: of those that meet a condition,
do what an item is for, and belong to the subject. What is not known to count, or on which day it
was, is kept apart: it perhaps counts. So does all that may lie before the first day that counts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime
from functools import cached_property
from typing import ClassVar

from msgspec import Struct, field
from msgspec.structs import replace

from pytest_icp.facts.asof import NEVER
from pytest_icp.kinds.context import OPERATED, Context, operates
from pytest_icp.kinds.dates import NO_DAY, time_of
from pytest_icp.kinds.likeness import EQUAL, Index
from pytest_icp.kinds.subjects import Collected, Fact, Subject, Tokens, steps
from pytest_icp.kinds.words import shown
from pytest_icp.law.blame import blame
from pytest_icp.law.condition import ANYTHING, Node, Truth
from pytest_icp.law.text import Text
from pytest_icp.law.times import civil_date
from pytest_icp.rules.numbers import Amount
from pytest_icp.rules.policy import Join, Spec

# ---- The fields of a duty with a date


class When(Struct, frozen=True, kw_only=True):
    """Where a day stands: at paths, or in records.

    Of several paths the first counts that is not written as ``never``: the day of an act, and the
    planned day while the act has not happened. What is not known may be any day.

    Records are those at ``of``, each with its day at ``at``. They count where they meet ``where``,
    are services in use that do what an item of ``doing`` is for, and have the value of ``match`` in
    common with the subject. What lies before the day at ``since`` does not count. With a window of
    every year, ``year`` is the path in a record of the year that it answers, which is else that of
    its day, and ``about`` of the year that it tells of: the one before.
    """

    MAIN: ClassVar[str] = "at"

    at: tuple[str, ...]
    of: str | None = None
    where: Node = ANYTHING
    match: Join | None = None
    since: tuple[str, ...] = ()
    doing: tuple[str, ...] = ()
    year: str | None = None
    about: str | None = None

    @classmethod
    def on(cls, *paths: str) -> When:
        """Return the day of a fact, or of the first of several that is one."""
        return cls(at=paths)


TODAY = When.on("today")
"""The act of a duty to keep something in force."""

LICENCE_TERM = When.on("licence.term")
"""The anchor that is the end of the term of the licence (许可期), as it is renewed."""

_PRINTED = When.on("/licence/valid_until")
_ANCHOR = ("anchor",)


class YearlyWindow(Struct, frozen=True, rename={"from_": "from"}):
    """The first and the last day of a window of every year, as ``01-31``."""

    from_: str
    to: str

    @property
    def days(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """The month and the day of both."""
        return _month_day(self.from_), _month_day(self.to)


class Floor(Struct, frozen=True, rename={"for_": "for"}):
    """The subjects that meet a condition should have records ``since`` the first of some days."""

    for_: Node
    since: When


class Dated(Spec, frozen=True, kw_only=True):
    """An act, an anchor, and one bound.

    - ``within``: the act is done by so long after the anchor (民法典 203 moves the last day);
    - ``ahead``: by so long before it, which never moves; ahead by 0 is by the anchor itself;
    - ``lasts``, ``at_most``: the act is at least, at most so long after the anchor;
    - ``every``: the act is done again and again, from the anchor on, from each to the next.
      ``restart`` begins a new period, and the duty ``ends``;
    - ``yearly``: the act is done in a window of every year in which the licence is in force. A
      renewal that was applied for so long ``ahead``, and not decided, counts as granted;
    - ``reaches``: records go back so long, as they are set to be ``kept``, and with an act by the
      oldest of them. Recording began at the anchor and ``ends``; the ``floor`` says since when
      there should be records, however late it began.

    Where the act is ``today``, something has to be good: until the anchor, or so long ``within``
    it. Where the anchor is ``licence.term``, an act in the term before counts for any term, unless
    each ``term`` has to have its ``own``.
    """

    act: When | None = None
    anchor: When | None = None
    term: str | None = None
    within: Amount | None = None
    ahead: Amount | None = None
    lasts: Amount | None = None
    at_most: Amount | None = None
    every: Amount | None = None
    restart: When | None = None
    ends: When | None = None
    yearly: YearlyWindow | None = None
    reaches: Amount | None = None
    kept: str = ""
    floor: tuple[Floor, ...] = ()

    @property
    def event_decides_law(self) -> bool:
        """Whether the term runs from an event: then the law of its day counts."""
        return self.within is not None and self.act != TODAY

    @property
    def runs_from(self) -> str | None:
        """The path of the one day that the term runs from, where it is a fact of the subject."""
        anchor = self.anchors
        own = self.event_decides_law and anchor.of is None and len(anchor.at) == 1
        return anchor.at[0] if own else None

    @property
    def has_last_day(self) -> bool:
        """Whether the act is done by a day; else its own day is one to compare."""
        return self.lasts is None and self.at_most is None

    @property
    def acts(self) -> When:
        """Where the day of the act stands."""
        act = self.act or TODAY
        return replace(act, since=self.anchors.at) if act.since == _ANCHOR else act

    @property
    def anchors(self) -> When:
        """Where the day of the anchor stands; of a term of the licence, its printed last day."""
        anchor = self.anchor or LICENCE_TERM
        return _PRINTED if anchor == LICENCE_TERM else anchor

    @property
    def gap(self) -> Amount | None:
        """How long before or after the anchor the last day is; None where it is the anchor."""
        return self.within or (None if self._by_then else self.ahead)

    @property
    def _by_then(self) -> bool:
        number = self.ahead.number if self.ahead else None
        return number is not None and not number.id and number.newest.n == 0


def _month_day(written: str) -> tuple[int, int]:
    month, _, day = written.partition("-")
    return int(month), int(day)


class Moment(Struct, frozen=True, gc=False):
    """A day or instant, and the fact that declares it."""

    at: date
    tokens: Tokens

    @property
    def day(self) -> date:
        """The civil day."""
        return civil_date(self.at)


class Open(Struct, frozen=True, gc=False):
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
    open: tuple[Open, ...] = ()
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
        return not self.known and not self.open

    @cached_property
    def days(self) -> tuple[date, ...]:
        """The civil days that are known, the earliest first."""
        return tuple(moment.day for moment in self.known)

    @property
    def open_at(self) -> Tokens | None:
        """The place of the first fact that is not known, so that there may be others."""
        return self.open[0].tokens if self.open else None

    @property
    def at(self) -> Tokens:
        """The place of the earliest day; where none is known, of the fact that should be it."""
        return self.first.tokens if self.first else self.open_at or self.tokens

    @cached_property
    def at_best(self) -> Moment | None:
        """The earliest day that may count; None if there is certainly none."""
        return min(
            (*self.known[:1], *(one.earliest for one in self.open)), key=in_time, default=None
        )

    def open_after(self, day: date) -> Tokens | None:
        """The place of the first fact that is not known, so that there may be one after a day."""
        return next((one.tokens for one in self.open if one.latest > day), None)


NOTHING = Dates(())


def finding(context: Context, when: When | None) -> Callable[[Subject], Dates]:
    """Return what finds the days of each subject; of nothing there are none."""
    return Finder(context, when).of if when else lambda _: NOTHING


class Finder(Struct, frozen=True, eq=False):
    """Finds days for subjects; what is the same for all of them, only once."""

    context: Context
    when: When
    owners: dict[Collected, Index] = field(default_factory=dict)
    of_others: list[Dates] = field(default_factory=list)

    def of(self, subject: Subject) -> Dates:
        """Return the days that count for a subject."""
        path, match = self.when.of, self.when.match
        if path is None:
            return self._single(subject)
        records = self.context.subjects(path, subject)
        mine = Fact((), None)
        own: Collection[int] = range(len(records.subjects))
        if match:
            mine = self.context.fact(subject, match.subject)
            own = self._owners_of(records, match).at(mine.values)
        # What is everybody's, or of somebody who is not named, is the same for all such subjects.
        alike = steps(path)[1] and not self.when.since and not (match and (own or mine.is_open))
        if not alike:
            return self._among(subject, records, mine, own)
        if not self.of_others:
            self.of_others.append(self._among(subject, records, mine, own))
        return self.of_others[0]

    def _owners_of(self, records: Collected, match: Join) -> Index:
        """Return the records by the value that they share with a subject."""
        if records not in self.owners:
            facts = (self.context.fact(one, match.record) for one in records.subjects)
            self.owners[records] = Index.of(EQUAL, facts)
        return self.owners[records]

    def _since(self, subject: Subject) -> Fact:
        """Return the day before which nothing counts; where there is none, it is ``never``."""
        paths = self.when.since
        return first_day(self.context, subject, paths) if paths else _ANY_DAY

    def _single(self, subject: Subject) -> Dates:
        """Return the day of a fact, or what does not let it count."""
        fact, since = first_day(self.context, subject, self.when.at), self._since(subject)
        where, decide = self.when.where, self.context.decide
        counts = where is ANYTHING or decide.truth(where, subject.value)
        found = self._counting(subject, fact, since, counts)
        if isinstance(found, Moment):
            return Dates(fact.tokens, (found,))
        if found:
            return Dates(fact.tokens, open=(found,))
        at = time_of(fact)
        if at is None:
            return Dates(fact.tokens, endless=fact.text in ENDLESS)
        if counts:
            return Dates(fact.tokens, early=at, since=time_of(since))
        fault = blame(where, subject.value, decide)
        tokens = (*subject.tokens, *fault.path)
        return Dates(tokens, found=shown(fault.found, tokens))

    def _among(
        self, subject: Subject, records: Collected, mine: Fact, own: Collection[int]
    ) -> Dates:
        """Return the days of records; those that are not its ``own`` perhaps share ``mine``."""
        context, match, where = self.context, self.when.match, self.when.where
        since = self._since(subject)
        every: Iterable[int] = own
        if match:
            every = sorted({*own, *self._owners_of(records, match).others_of(mine)})
        known, open_ = list[Moment](), [Open(None, tokens) for tokens in records.missing]
        for i in every:
            record = records.subjects[i]
            fact, counts = first_day(context, record, self.when.at), context.counts(record, where)
            found = self._counting(record, fact, since, counts)
            moment = found.moment if isinstance(found, Open) else found
            if match and i not in own and moment:
                # It is not known whose it is.
                theirs = context.fact(record, match.record)
                found = Open(moment, theirs.tokens if theirs.is_open else mine.tokens)
            if isinstance(found, Moment):
                known.append(found)
            elif found:
                open_.append(found)
        known.sort(key=in_time)
        at = context.fact(subject, self.when.of or "").tokens
        return Dates(at, tuple(known), tuple(open_))

    def _counting(
        self, record: Subject, fact: Fact, since: Fact, counts: Truth
    ) -> Moment | Open | None:
        """Return the day of a record that ``counts``, or perhaps does; None if it does not."""
        when, context = self.when, self.context
        at, does = time_of(fact), OPERATED
        if when.doing:
            does = operates(record.value, record.tokens, when.doing, strict=context.strict)
        if fact.text in NO_DAY or False in {counts, does.truth}:
            return None
        if at is None:
            return Open(None, fact.tokens)
        if when.since and is_before(at, time_of(since)):
            return None
        gap = since.tokens if since.value is None else None
        if not (counts and does.truth):
            gap = does.open_at or context.open_of(record, when.where)
        moment = Moment(at, fact.tokens)
        return Open(moment, gap) if gap else moment


_ANY_DAY = Fact((), NEVER)
"""The day since when what happened counts, where it does whenever it was."""

ENDLESS = NO_DAY - {NEVER}
"""The words for a day that is not set, or an end that will not come."""


def first_day(context: Context, subject: Subject, paths: tuple[str, ...]) -> Fact:
    """Return the first of several facts that is not ``never``, else the last."""
    for path in paths:
        fact = context.fact(subject, path)
        if fact.text not in NO_DAY:
            break
    return fact


def is_before(when: date, since: date | None) -> bool:
    """Whether one moment lies on a day before another."""
    return since is not None and civil_date(when) < civil_date(since)


def in_time(moment: Moment) -> tuple[date, float]:
    """Return a key that sorts moments; of one day, an instant comes before the day alone."""
    exact = moment.at.timestamp() if isinstance(moment.at, datetime) else float("inf")
    return moment.day, exact
