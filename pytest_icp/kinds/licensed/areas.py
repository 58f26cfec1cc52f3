"""The areas where a licence is needed (须持证的地域): named, or the provinces of addresses.

A record of which nobody knows whether it belongs to a subject may belong to any. What such records
come to is found once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

from msgspec import Struct

from pytest_icp.kinds.areas import lies_abroad
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.matching import Pair, sharing
from pytest_icp.kinds.subjects import Fact, Subject, Tokens
from pytest_icp.law.condition import ANYTHING, Node
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.places import province_of


class Places(Struct, frozen=True):
    """Records ``of`` which some belong to a subject, ``match``, and the address ``at`` each."""

    of: str
    at: str
    match: Pair
    where: Node = ANYTHING


Areas: TypeAlias = Callable[[Subject], Iterable[Fact | None]]
"""Returns the areas where a licence is needed for a subject, in each way in which it may be."""

_Counted: TypeAlias = tuple[int, Fact, Tokens | None]
"""The number of a record, its address, and the fact for which it only perhaps counts."""


def needed_in(areas: Places | str | None, context: Context) -> Areas:
    """Return what tells the areas where a licence is needed for a subject.

    Where some of them perhaps count, first come all that may, then those that do, one not known.
    """
    if isinstance(areas, Places):
        return _provinces(areas, context)
    return lambda subject: [context.fact(subject, areas) if areas else None]


def _provinces(rule: Places, context: Context) -> Areas:
    """Return what tells the provinces of a subject, at the place of the last that is not known."""
    records = context.subjects(rule.of)
    theirs, ours = rule.match.record, rule.match.subject

    def counting(positions: Iterable[int]) -> Iterator[_Counted]:
        """Yield the addresses of the records that count, or for a fact not known perhaps do."""
        for i in positions:
            record = records.subjects[i]
            counts = context.counts(record, rule.where)
            if counts is not False:
                place = context.fact(record, rule.at)
                yield i, place, None if counts else context.open_of(record, rule.where)

    # Which records may belong to any subject hangs on whether its own fact is known.
    found: dict[bool, list[tuple[int, Tokens]]] = {}

    def of(subject: Subject) -> list[Fact | None]:
        if records.missing:
            return [Fact(records.missing[0], None)]
        here = context.fact(subject, ours)
        shared = sharing(context, records, theirs, here)
        if here.is_open not in found:
            others = [(i, place.tokens) for i, place, _ in counting(shared.others)]
            found[here.is_open] = others[::-1]
        other = next((one for one in found[here.is_open] if one[0] not in shared.named), None)
        return _together(subject, counting(shared.named), other)

    return of


def _together(
    subject: Subject, named: Iterable[_Counted], other: tuple[int, Tokens] | None
) -> list[Fact | None]:
    """Return the provinces of addresses; ``other`` is one that may belong to any subject."""
    provinces: list[Json] = []
    perhaps: list[Json] = [None] if other else []
    open_at = [other] if other else []
    for i, place, doubt in named:
        known = province_of(place.value) if isinstance(place.value, Mapping) else None
        if known and not doubt:
            provinces.append(known)
        else:
            perhaps.append(known)
            open_at.append((i, doubt or place.tokens))
    if not open_at:
        return [Fact(subject.tokens, provinces)]
    _, at = max(open_at)
    surely = Fact(at, [*provinces, None])
    return [surely] if None in perhaps else [Fact(at, [*provinces, *perhaps]), surely]


def inland_part(areas: Fact) -> Fact | None:
    """Return the areas without those that certainly lie abroad; None where all of them do."""
    kept = [one for one in areas.values if one is None or lies_abroad(str(one)) is not True]
    if areas.values and not kept:
        return None
    return areas if len(kept) == len(areas.values) else Fact(areas.tokens, kept)


def may_be_abroad(areas: Fact) -> bool:
    """Whether it is not known that any of the areas lies in mainland China."""
    known = (lies_abroad(str(one)) for one in areas.values if one is not None)
    return areas.value != [] and False not in known
