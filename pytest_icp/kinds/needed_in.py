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


def needed_in(
    areas: Places | str | None, context: Context
) -> Callable[[Subject], Iterable[Fact | None]]:
    """Return what tells the areas where a licence is needed for a subject.

    Where some of them perhaps count, first come all that may, then those that do, one not known.
    """
    if isinstance(areas, Places):
        return _Addresses(areas, context).of
    return lambda subject: [context.fact(subject, areas) if areas else None]


class _Addresses(Struct, frozen=True, eq=False):
    rule: Places
    context: Context
    others: dict[bool, list[tuple[int, Tokens]]] = field(default_factory=dict)

    def of(self, subject: Subject) -> list[Fact | None]:
        """Return the provinces of a subject, at the place of the last that is not known."""
        records, join = self.context.subjects(self.rule.records), self.rule.joined_by
        if records.missing:
            return [Fact(records.missing[0], None)]
        here = self.context.fact(subject, join.subject)
        shared = sharing(self.context, records, join.record, here)
        provinces: list[Json] = []
        perhaps: list[Json] = []
        last, at = -1, subject.tokens
        for i, place, open_at in self._counting(records, shared.named):
            known = province_of(place.value) if isinstance(place.value, Mapping) else None
            if known and not open_at:
                provinces.append(known)
            else:
                perhaps.append(known)
                last, at = i, open_at or place.tokens
        others = self._perhaps(records, shared.others, here_is_open=here.is_open)
        named = {*shared.named} if others else ()
        other = next((one for one in others if one[0] not in named), None)
        if other:
            perhaps.append(None)
            at = max((last, at), other, key=itemgetter(0))[1]
        if not perhaps:
            return [Fact(at, provinces)]
        surely = Fact(at, [*provinces, None])
        return [surely] if None in perhaps else [Fact(at, [*provinces, *perhaps]), surely]

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
    ) -> Iterator[tuple[int, Fact, Tokens | None]]:
        """Yield the addresses of the records that count, or for a fact not known perhaps do."""
        where = self.rule.where
        for i in positions:
            record = records.subjects[i]
            counts = self.context.counts(record, where)
            if counts is not False:
                place = self.context.fact(record, self.rule.place)
                yield i, place, None if counts else self.context.open_of(record, where)
