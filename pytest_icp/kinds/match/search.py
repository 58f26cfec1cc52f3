"""Searches the records that say a value of a subject (查找), or perhaps do."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from itertools import chain
from math import isclose
from operator import itemgetter
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from pytest_icp.kinds.areas import in_areas
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.match.naming import Names
from pytest_icp.kinds.match.records import Pool, Record
from pytest_icp.kinds.match.spec import Match
from pytest_icp.kinds.matching import ALWAYS, Days, key_of, merged, span
from pytest_icp.kinds.subjects import Fact, Subject, Tokens
from pytest_icp.law.jsontypes import Json

_OWN: Tokens = ()
"""Stands for the place of the subject's own fact, where what is found is the same for several."""


class Found(Struct, frozen=True, kw_only=True):
    """The days on which records certainly say a value, and those on which they may.

    ``open_at`` is the first fact for want of which one only may. ``there`` are the records that
    certainly count, belong to the subject and are valid, whatever they say; ``maybe`` is the first
    fact for want of which there only may be one.
    """

    sure: tuple[Days, ...] = ()
    perhaps: tuple[Days, ...] = ()
    open_at: Tokens | None = None
    there: tuple[Record, ...] = ()
    maybe: Tokens | None = None

    def of(self, own: Tokens) -> Found:
        """Return it for a subject with a fact of its own that is not known."""
        at, maybe = (own if one == _OWN else one for one in (self.open_at, self.maybe))
        return replace(self, open_at=at, maybe=maybe)


class Search(Struct, frozen=True, eq=False):
    """Searches some records for values; what is the same for several subjects, only once."""

    spec: Match
    context: Context
    pool: Pool
    known: dict[Hashable, Found] = field(default_factory=dict)

    def of(self, subject: Subject, fact: Fact, days: Days, names: Names | None) -> Found:
        """Return which records say a value of a subject on some days.

        What is looked for may not be known; then only whether there are records is told.
        """
        heres = [self.context.fact(subject, path) for path, _ in self.pool.joins]
        if names:
            found = self._search(fact.value, heres, days, names)
        else:
            key = (key_of(fact.value), days, *(key_of(here.value) for here in heres))
            known = self.known.get(key)
            found = known or self._search(fact.value, heres, days, None)
            self.known[key] = found
        own = next((here.tokens for here in heres if here.is_open), fact.tokens)
        return found.of(own) if _OWN in {found.open_at, found.maybe} else found

    def in_areas(self, area: str) -> Found:
        """Return whether an area is one of those of all records together, or lies in one."""
        key = ("area", area)
        if key not in self.known:
            self.known[key] = self._in_areas(area)
        return self.known[key]

    def _in_areas(self, area: str) -> Found:
        each = [(one, {str(value) for value in one.known}) for one in self.pool.records]
        gaps = [
            one.counts_if or one.says.tokens for one, _ in each if one.counts_if or one.says.is_open
        ]
        certain = {value for one, values in each if one.counts_if is None for value in values}
        every = {value for _, values in each for value in values}
        anything = any(one.says.is_open for one, _ in each)
        perhaps = anything or in_areas(area, every)
        open_at = (*self.pool.missing, *(gaps if perhaps else ()))
        sure = (ALWAYS,) if in_areas(area, certain) else ()
        return Found(sure=sure, open_at=next(iter(open_at), None))

    def _search(self, value: Json, heres: Sequence[Fact], days: Days, names: Names | None) -> Found:
        pool = self.pool
        sure, there = list[Days](), list[Record]()
        maybe = [(-1, place) for place in pool.missing]
        perhaps = [(-1, place, days) for place in pool.missing]
        # Whether there is a record of a subject at all, only what joins the two tells.
        by_value = None if self.spec.how or self.spec.if_none == "not_applicable" else value
        named, others = pool.candidates(heres[0] if heres else None, by_value)
        first = dict.fromkeys(named)
        for i in chain(first, (i for i in others if i not in first)):
            # One that may be meant is enough: of the others none is certain.
            if i not in first and perhaps and span(days, merged([*sure, perhaps[-1][2]])):
                break
            record, joined = pool.records[i], self._joined(i, heres)
            if joined is None or record.days.last < days.first or days.last < record.days.first:
                continue
            gaps = [one for one in (record.counts_if, *joined, record.valid_if) if one is not None]
            if gaps:
                maybe.append((i, gaps[0]))
            else:
                there.append(record)
            says = self._says(value, i, record, names)
            if says is None:
                gap = names.gap if names and not record.says.is_open else record.says.tokens
                gaps.insert(0, _OWN if gap is None else gap)
            if gaps and says is not False:
                perhaps.append((i, gaps[0], record.days))
            elif says:
                sure.append(record.days)
        return Found(
            sure=tuple(sure),
            perhaps=tuple(one[2] for one in perhaps),
            open_at=min(perhaps, key=itemgetter(0))[1] if perhaps else None,
            there=tuple(there),
            maybe=min(maybe, key=itemgetter(0))[1] if maybe else None,
        )

    def _joined(self, i: int, heres: Sequence[Fact]) -> list[Tokens] | None:
        """Return the facts for want of which a record only perhaps is a subject's; None if not."""
        gaps: list[Tokens] = []
        for here, (_, index) in zip(heres, self.pool.joins, strict=True):
            if index.says(i, here.values):
                continue
            there = index.facts[i]
            if not there.is_open and not here.is_open:
                return None
            gaps.append(there.tokens if there.is_open else _OWN)
        return gaps

    def _says(self, value: Json, i: int, record: Record, names: Names | None) -> bool | None:
        """Whether a record says a value; None where that is not known."""
        if value is None:
            return None
        if names:
            answers = [names.like(name) for name in record.known]
        elif self.spec.how == "at_most":
            answers = [_at_most(value, most) for most in record.known]
        else:
            return self.pool.said.says(i, [value])
        if True in answers:
            return True
        return None if None in answers or record.says.is_open else False


def _at_most(value: Any, most: Any) -> bool:
    """Whether a number is no more than another one; sums of decimals may be a hair off."""
    return bool(value <= most or isclose(value, most))
