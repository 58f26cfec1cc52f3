"""The timeline (时间线): what is overdue, each day of the next 90, then months, then years.

Months are those of this year and the next one.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from datetime import date, timedelta
from itertools import groupby

from msgspec import Struct

from pytest_icp.law.text import Text
from pytest_icp.reports import labels
from pytest_icp.reports.duties import Duty, State

NEAR_DAYS = 90
"""How far ahead each day is drawn: licences and their reports are applied for 90 days ahead."""

_SHOWN, _FOLDED = 20, 100
"""Entries of one part that are shown, and further ones that can be opened."""

_FEW, _MANY = 5, 60
"""Of so many in months or years, fewer are shown of each."""


class Due(Struct, frozen=True):
    """The duties of one rule that fall due on one day, as one, with their subjects."""

    duty: Duty
    subjects: Sequence[str]


class Part(Struct, frozen=True):
    """A stretch of time, its ``name`` a month or a year: what is shown, folded, and left out."""

    name: str
    shown: Sequence[Due]
    folded: Sequence[Due]
    more: int


class Stretch(Struct, frozen=True):
    """A kind of time: what is overdue, near, in some month, or in some year."""

    name: str
    title: Text
    count: int
    parts: Sequence[Part]


def timeline(duties: Sequence[Duty]) -> list[Stretch]:
    """Return dated duties, which are in the order of their days, by how far they are."""
    groups: dict[str, list[Due]] = {}
    for due in _by_rule(duties):
        groups.setdefault(_stretch(due.duty), []).append(due)
    titles = {
        "overdue": labels.OVERDUE_TITLE,
        "near": labels.NEAR.format(n=NEAR_DAYS),
        "months": labels.BY_MONTH,
        "years": labels.BY_YEAR,
    }
    return [
        Stretch(name, title, len(groups[name]), _parts(groups[name], name))
        for name, title in titles.items()
        if name in groups
    ]


def _by_rule(duties: Iterable[Duty]) -> list[Due]:
    found: dict[Hashable, tuple[Duty, list[str]]] = {}
    for one in duties:
        if one.last == date.max:
            # What is never due again, as far as dates go.
            continue
        key = (one.last, one.own_id, one.description, one.state, one.provisional, one.waived)
        found.setdefault(key, (one, []))[1].append(one.subject)
    return [Due(duty, subjects) for duty, subjects in found.values()]


def _stretch(duty: Duty) -> str:
    if duty.state is State.OVERDUE:
        return "overdue"
    if duty.days <= NEAR_DAYS:
        return "near"
    today = duty.last - timedelta(days=duty.days)
    return "months" if duty.last.year <= today.year + 1 else "years"


def _parts(dues: Sequence[Due], name: str) -> list[Part]:
    length = {"months": len("2023-12"), "years": len("2023")}.get(name, 0)
    shown = _FEW if length and len(dues) > _MANY else _SHOWN
    parts = []
    for day, group in groupby(dues, key=lambda due: str(due.duty.last)[:length]):
        every = list(group)
        last = shown + _FOLDED
        parts.append(Part(day, every[:shown], every[shown:last], max(0, len(every) - last)))
    return parts
