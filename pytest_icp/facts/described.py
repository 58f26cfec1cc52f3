"""Of what sources list is known since when (描述日期): from the day of the description on.

A file that is deployed says what is there, not since when. Of an earlier day it tells nothing: its
elements are left out then, and what there was instead is a gap.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType

from msgspec import Struct

from pytest_icp.facts.asof import Hidden, Since
from pytest_icp.facts.derived import Gap
from pytest_icp.facts.origins import Origins
from pytest_icp.facts.timeplan import TimePlan
from pytest_icp.law.jsontypes import Json, JsonObject, object_of
from pytest_icp.law.text import Text
from pytest_icp.law.times import civil_date

DESCRIBED_ON = "described_on"

_EARLIER = Text(
    zh="来源所列的从 {day} 起才知道（described_on），此前有哪些不知道",
    en="what sources list is known from {day} on (described_on), and not what there was before",
)


class Undated(Struct, frozen=True):
    """The elements of deployed files of which nobody says since when they are there.

    Before the day of the description they are ``hidden``, from it on they are there. Without that
    day it is the fact that would tell ``since`` when they are.
    """

    hidden: Hidden = MappingProxyType({})
    since: Since = MappingProxyType({})


def undated(facts: JsonObject, origins: Origins, plan: TimePlan, as_of: datetime) -> Undated:
    """Return the elements of deployed files that do not say since when they are there."""
    if not origins.deployed:
        return Undated()
    found = {
        name: frozenset(_undated(name, value, origins, plan))
        for name, value in facts.items()
        if isinstance(value, list)
    }
    elements = {name: indices for name, indices in found.items() if indices}
    if is_described_after(facts, as_of):
        return Undated(hidden=elements)
    tells = "" if isinstance(facts.get(DESCRIBED_ON), str) else f"/{DESCRIBED_ON}"
    return Undated(since={name: dict.fromkeys(some, tells) for name, some in elements.items()})


def is_described_after(facts: JsonObject, as_of: datetime) -> bool:
    """Whether the day of the description lies after an instant."""
    day = facts.get(DESCRIBED_ON)
    return isinstance(day, str) and day > civil_date(as_of).isoformat()


def _undated(name: str, elements: list[Json], origins: Origins, plan: TimePlan) -> Iterator[int]:
    below = plan.children.get(name)
    begins = below.begins if below else ()
    for i in origins.joined.elements_of(name, len(elements), origins.deployed):
        known = object_of(elements[i])
        if all(known.get(one) is None for one in begins):
            yield i


def earlier(facts: JsonObject, origins: Origins, hidden: Hidden) -> Mapping[str, tuple[Gap, ...]]:
    """Return for each list what is not known of it, because elements of it are left out."""
    gap = Gap(
        message=_EARLIER.format(day=facts.get(DESCRIBED_ON)),
        place=origins.place((DESCRIBED_ON,)),
        kinds=frozenset(hidden),
    )
    return dict.fromkeys(hidden, (gap,))
