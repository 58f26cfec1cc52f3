"""What joins records to a subject (关联), and days on which several are in force together."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Hashable, Iterable, Mapping
from datetime import date, timedelta
from typing import cast

from msgspec import Struct

from pytest_icp.law.jsontypes import Json
from pytest_icp.rules.policy import Join


class Pair(Join, frozen=True):
    """A join as a rule writes it: ``{record: subject}``."""

    @classmethod
    def from_written(cls, written: Json) -> Pair:
        """Read the one pair of a mapping, which its schema asks for."""
        ((record, subject),) = cast("Mapping[str, str]", written).items()
        return cls(record, subject)


class Days(Struct, frozen=True):
    """Days from the first to the last, both included."""

    first: date
    last: date


ALWAYS = Days(date.min, date.max)
_DAY = timedelta(days=1)


class Runs(Struct, frozen=True):
    """Days on which something runs, in order and apart from each other."""

    days: tuple[Days, ...]
    firsts: tuple[date, ...]

    def at(self, day: date) -> Days | None:
        """Return the days without a gap of which a day is one."""
        i = bisect_right(self.firsts, day) - 1
        return self.days[i] if i >= 0 and day <= self.days[i].last else None


def merged(runs: Iterable[Days | None]) -> Runs:
    """Return some days in order, those that touch as one."""
    apart: list[Days] = []
    for days in sorted((d for d in runs if d is not None), key=lambda d: d.first):
        before = apart[-1] if apart else None
        if days.first > days.last:
            continue
        if before is None or before.last.toordinal() + 1 < days.first.toordinal():
            apart.append(days)
        elif days.last > before.last:
            apart[-1] = Days(before.first, days.last)
    return Runs(tuple(apart), tuple(days.first for days in apart))


def span(needed: Days, *several: Runs) -> bool:
    """Whether some days together cover every day that is needed, without a gap."""
    last = covered_until(needed.first, *several)
    return last is not None and last >= needed.last


def covered_until(first: date, *several: Runs) -> date | None:
    """Return the last of the days, from the first on, that some days together cover; or None."""
    last, day = None, first
    while runs := [days for one in several if (days := one.at(day))]:
        last = max(days.last for days in runs)
        if last == date.max:
            break
        day = last + _DAY
    return last


def last_gap(needed: Days, *several: Runs) -> date | None:
    """Return the last day that is not covered, where some days together cover all after it."""
    last = needed.last
    while runs := [days for one in several if (days := one.at(last))]:
        last = min(days.first for days in runs) - _DAY
    return last if last < needed.last else None


def key_of(value: Json) -> Hashable:
    """Return what is equal for equal values."""
    if isinstance(value, (list, dict)):
        return (json.dumps(value, sort_keys=True),)
    return value
