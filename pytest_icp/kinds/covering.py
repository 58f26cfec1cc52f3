"""Records that cover a value of a subject at its time (按期覆盖): when they do, or may.

Many subjects ask for the same value, and a record of which nobody knows whose it is may be that of
each. What such records come to is found once for all subjects.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeAlias

from msgspec import Struct, field

from pytest_icp.kinds.context import Context
from pytest_icp.kinds.matching import (
    Days,
    InForce,
    Join,
    Runs,
    in_force,
    key_of,
    merged,
    sharing,
)
from pytest_icp.kinds.subjects import Collected, Fact, Subject, Tokens
from pytest_icp.law.condition import Node

_Open: TypeAlias = tuple[int, Tokens]
"""The position of a record, and the fact that is not known."""

_Entry: TypeAlias = tuple[int, bool, Tokens | None]
"""The position of a record, whether it covers a value, and what is not known of whose it is."""

_HERE: Tokens = ()
"""Stands for the place of the subject's own fact."""

_ANY: Hashable = ()
"""The key of the records of which it is not known what they cover."""


class Wanted(Struct, frozen=True):
    """Which records cover a value, whose they are, and when they are in force.

    ``counts`` tells whether a record counts; where that is not known, it hangs on ``where``.
    """

    covers: str
    counts: Callable[[Subject], bool | None]
    where: Node
    joined_by: Join | None
    in_force: InForce | None


class Covered(Struct, frozen=True):
    """When records surely cover a value, and when perhaps; ``ever`` is whether any at all may.

    ``open_at`` is the first fact for which the two differ, as it is not known.
    """

    surely: tuple[Runs, ...]
    perhaps: tuple[Runs, ...]
    ever: bool
    open_at: Tokens | None


class _Group(Struct, frozen=True):
    """What the records at some positions come to together."""

    positions: frozenset[int]
    surely: Runs
    perhaps: Runs
    ever: bool
    open_at: tuple[_Open, ...]

    def first(self, *passed: Container[int]) -> Iterator[_Open]:
        """Yield the first fact that is not known, but for those of the records passed over."""
        left = (one for one in self.open_at if not any(one[0] in those for those in passed))
        return islice(left, 1)


class Covering(Struct, frozen=True, eq=False):
    """The records that may cover a value of any subject."""

    wanted: Wanted
    context: Context
    records: Collected
    shared: dict[tuple[Hashable, bool | None], _Group] = field(default_factory=dict)

    def of(self, subject: Subject, fact: Fact) -> Covered:
        """Return when the records that may belong to a subject cover a value of it."""
        context, records, join = self.context, self.records, self.wanted.joined_by
        values = sharing(context, records, self.wanted.covers, fact)
        here = context.fact(subject, join.subject) if join else None
        mine = sharing(context, records, join.record, here).named if join and here else ()
        own = self._group(mine, self._of_subject(mine, fact))
        named = self._shared(key_of(fact.value), values.named, here)
        others = self._shared(_ANY, values.others, here)
        open_at = (
            *own.first(),
            *named.first(own.positions),
            *others.first(own.positions, named.positions),
        )
        return Covered(
            (own.surely, named.surely),
            (own.perhaps, named.perhaps, others.perhaps),
            own.ever or named.ever or others.ever,
            min(open_at)[1] or (here.tokens if here else None) if open_at else None,
        )

    def _of_subject(self, mine: Sequence[int], fact: Fact) -> Iterator[_Entry]:
        """Yield those of the subject's own records that may cover a value."""
        for i in mine:
            covers = self.context.fact(self.records.subjects[i], self.wanted.covers)
            if fact.value in covers.values:
                yield i, True, None
            elif covers.is_open:
                yield i, False, None

    def _shared(self, key: Hashable, positions: Sequence[int], here: Fact | None) -> _Group:
        """Return what some records come to that may belong to any subject, found once."""
        place = here.is_open if here else None
        if (key, place) not in self.shared:
            entries = ((i, key is not _ANY, gap) for i, gap in self._perhaps(positions, here))
            self.shared[key, place] = self._group(positions, entries)
        return self.shared[key, place]

    def _perhaps(
        self, positions: Sequence[int], here: Fact | None
    ) -> Iterator[tuple[int, Tokens | None]]:
        """Yield the records that may belong to a subject, each with what is not known of that."""
        join = self.wanted.joined_by
        for i in positions:
            there = self.context.fact(self.records.subjects[i], join.record) if join else None
            if there is None:
                yield i, None
            elif there.is_open:
                yield i, there.tokens
            elif here and here.is_open:
                yield i, _HERE

    def _group(self, positions: Sequence[int], entries: Iterable[_Entry]) -> _Group:
        surely: list[Days | None] = []
        perhaps: list[Days] = []
        open_at: list[_Open] = []
        for i, covers, gap in entries:
            record = self.records.subjects[i]
            counts, runs = (
                self.wanted.counts(record),
                in_force(self.wanted.in_force, self.context, record),
            )
            if counts is False or runs is None:
                continue
            perhaps.append(runs.perhaps)
            if not covers:
                open_at.append((i, self.context.fact(record, self.wanted.covers).tokens))
            elif not counts:
                open_at.append((i, self.context.open_of(record, self.wanted.where)))
            elif gap is not None:
                open_at.append((i, gap))
            elif runs.open_at:
                open_at.append((i, runs.open_at))
            else:
                surely.append(runs.surely)
        ever = bool(perhaps)
        return _Group(frozenset(positions), merged(surely), merged(perhaps), ever, tuple(open_at))
