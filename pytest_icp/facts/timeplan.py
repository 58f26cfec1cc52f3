"""Which properties of a document are dates, and what each date means for a view in time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Literal, TypeAlias

from msgspec import Struct

TimeRole: TypeAlias = Literal["begins", "event", "schedule"]
"""``begins``: the element does not exist before it (开始); ``event``: something happened or was
done (发生); ``schedule``: known in advance (预定)."""


class TimePlan(Struct, frozen=True, kw_only=True, dict=True):
    """The dated properties (日期字段) of one kind of object and of the objects below it.

    ``fields`` maps a property of the object to the role of its date; ``children`` maps a
    property to the plan of the object in it. Lists are transparent: the plan of a list is
    the plan of its elements. Properties without dates below them are left out.
    """

    fields: Mapping[str, TimeRole]
    children: Mapping[str, TimePlan]

    # A walk over many objects needs these for each of them.
    @cached_property
    def begins(self) -> tuple[str, ...]:
        """The names of the dates before which the object does not exist."""
        return tuple(name for name, role in self.fields.items() if role == "begins")

    def beginnings(self, path: str) -> Iterator[tuple[str, str]]:
        """Yield the dotted paths of the elements on the way to a fact, with what begins each."""
        plan: TimePlan | None = self
        names = path.split(".")
        for count, name in enumerate(names, 1):
            plan = plan.children.get(name) if plan else None
            at = ".".join(names[:count])
            yield from ((at, begins) for begins in (plan.begins if plan else ()))

    @cached_property
    def events(self) -> tuple[str, ...]:
        """The names of the dates on which something happened."""
        return tuple(name for name, role in self.fields.items() if role == "event")

    @cached_property
    def changing(self) -> tuple[tuple[str, TimePlan], ...]:
        """The children in which a view may differ from the description."""
        return tuple(
            (name, plan)
            for name, plan in self.children.items()
            if plan.begins or plan.events or plan.changing
        )
