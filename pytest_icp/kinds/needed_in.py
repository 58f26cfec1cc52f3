"""The areas where a licence is needed (须持证的地域): named, or the provinces of addresses.

A record of which nobody knows whether it belongs to a subject may belong to any. What such records
come to is found once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter

from msgspec import Struct, field

from pytest_icp.kinds.context import Context
from pytest_icp.kinds.matching import Join, sharing
from pytest_icp.kinds.subjects import Collected, Fact, Subject, Tokens
from pytest_icp.law.condition import ANYTHING, Node
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.places import province_of


class Places(Struct, frozen=True):
    """Records that belong to the subject, and the address of each."""

    records: str
    joined_by: Join
    place: str
    where: Node = ANYTHING


def needed_in(areas: Places | str | None, context: Context) -> Callable[[Subject], Fact | None]:
    """Return what tells the areas where a licence is needed for a subject."""
    if isinstance(areas, Places):
        return _Addresses(areas, context).of
    return lambda subject: context.fact(subject, areas) if areas else None


class _Addresses(Struct, frozen=True, eq=False):
    rule: Places
    context: Context
    others: dict[bool, list[tuple[int, Tokens]]] = field(default_factory=dict)

    def of(self, subject: Subject) -> Fact:
        """Return the provinces of a subject, at the place of the last that is not known."""
        records, join = self.context.subjects(self.rule.records), self.rule.joined_by
        if records.missing:
            return Fact(records.missing[0], None)
        here = self.context.fact(subject, join.subject)
        shared = sharing(self.context, records, join.record, here)
        provinces: list[Json] = []
        last, at = -1, subject.tokens
        for i, place, counts in self._counting(records, shared.named):
            known = province_of(place.value) if isinstance(place.value, Mapping) else None
            provinces.append(known if counts else None)
            if not provinces[-1]:
                last, at = i, place.tokens
        perhaps = self._perhaps(records, shared.others, here_is_open=here.is_open)
        named = {*shared.named} if perhaps else ()
        for i, tokens in perhaps:
            if i not in named:
                provinces.append(None)
                return Fact(max((last, at), (i, tokens), key=itemgetter(0))[1], provinces)
        return Fact(at, provinces)

    def _perhaps(
        self, records: Collected, others: Sequence[int], *, here_is_open: bool
    ) -> list[tuple[int, Tokens]]:
        """Return the addresses of the records that may belong to any subject, the last first."""
        if here_is_open not in self.others:
            found = [(i, place.tokens) for i, place, _ in self._counting(records, others)]
            self.others[here_is_open] = found[::-1]
        return self.others[here_is_open]

    def _counting(
        self, records: Collected, positions: Iterable[int]
    ) -> Iterator[tuple[int, Fact, bool | None]]:
        """Yield the addresses of the records that count, or perhaps do (None)."""
        for i in positions:
            record = records.subjects[i]
            counts = self.context.decide.truth(self.rule.where, record.value)
            if counts is not False:
                yield i, self.context.fact(record, self.rule.place), counts
