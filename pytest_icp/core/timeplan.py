"""Which properties of a document are dates, and what each date means for a view in time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

TimeRole: TypeAlias = Literal["begins", "event", "schedule"]
"""``begins``: the element does not exist before it (开始); ``event``: something happened or was
done (发生); ``schedule``: known in advance (预定)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimePlan:
    """The dated properties (日期字段) of one kind of object and of the objects below it.

    ``fields`` maps a property of the object to the role of its date; ``children`` maps a
    property to the plan of the object it holds. Lists are transparent: the plan of a list is
    the plan of its elements. Properties without dates below them are left out.
    """

    fields: Mapping[str, TimeRole]
    children: Mapping[str, TimePlan]
