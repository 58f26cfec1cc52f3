"""Which properties of a document are dates, and what each date means for a view in time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal, TypeAlias

from pytest_icp.law.values import frozen

TimeRole: TypeAlias = Literal["begins", "event", "schedule"]
"""``begins``: the element does not exist before it (开始); ``event``: something happened or was
done (发生); ``schedule``: known in advance (预定)."""


@frozen(kw_only=True)
class TimePlan:
    """The dated properties (日期字段) of one kind of object and of the objects below it.

    ``fields`` maps a property of the object to the role of its date; ``children`` maps a
    property to the plan of the object it holds. Lists are transparent: the plan of a list is
    the plan of its elements. Properties without dates below them are left out.

    What follows is read off these two for whoever walks many objects: the names of the dates
    by role, and the children in which a view may differ from the description.
    """

    fields: Mapping[str, TimeRole]
    children: Mapping[str, TimePlan]
    begins: tuple[str, ...] = field(init=False, repr=False, compare=False)
    events: tuple[str, ...] = field(init=False, repr=False, compare=False)
    changing: tuple[tuple[str, TimePlan], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for name, role in (("begins", "begins"), ("events", "event")):
            names = tuple(key for key, time in self.fields.items() if time == role)
            object.__setattr__(self, name, names)
        below = (
            (key, plan)
            for key, plan in self.children.items()
            if plan.begins or plan.events or plan.changing
        )
        object.__setattr__(self, "changing", tuple(below))
