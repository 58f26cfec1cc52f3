"""Records that belong to a subject (关联记录): those that name it, those in force in its time.

``joined_by`` joins a record to a subject by a value that both name: a path that is the same in
both, or ``{record, subject}``. ``in_force`` asks that a record runs ``from`` its first day (the
latest of several) ``until`` its last, at the time of the subject: ``on`` a day of its own, or
``since`` one up to the day asked about.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from pytest_icp.checks.base import World
from pytest_icp.checks.dated import day_of
from pytest_icp.checks.subjects import Fact, Subject, Tokens
from pytest_icp.core.asof import NEVER
from pytest_icp.core.jsontypes import Json, JsonObject
from pytest_icp.core.policy import Obligation
from pytest_icp.core.values import frozen


@frozen
class Days:
    """Days from the first to the last, both included."""

    first: date
    last: date


ALWAYS = Days(date.min, date.max)


@frozen
class Asked:
    """The days that are asked about; ``open_at`` where a fact says more and is not known."""

    days: Days
    open_at: Tokens | None = None


@frozen
class Belonging:
    """A record that belongs to a subject, or may.

    ``surely`` are the days on which it certainly does, ``perhaps`` those on which it may;
    ``open_at`` is the first fact for want of which the two differ.
    """

    record: Subject
    surely: Days | None
    perhaps: Days
    open_at: Tokens | None


def asked(obligation: Obligation, world: World, subject: Subject) -> Asked | None:
    """Return the days on which a record is wanted; None where no day of them is known."""
    rule = obligation.group("in_force")
    if "on" in rule:
        day = day_of(world.fact(subject, str(rule["on"])))
        return None if day is None else Asked(Days(day, day))
    if "since" not in rule:
        return Asked(Days(world.today, world.today))
    since = world.fact(subject, str(rule["since"]))
    begun = day_of(since)
    if begun is not None:
        return Asked(Days(begun, world.today))
    return Asked(Days(world.today, world.today), None if since.value == NEVER else since.tokens)


def belonging(
    obligation: Obligation, world: World, subject: Subject, records: Iterable[Subject]
) -> list[Belonging]:
    """Return the records that belong to a subject at some time, or may; others are left out."""
    join, rule = obligation.fields.get("joined_by"), obligation.group("in_force")
    if isinstance(obligation.fields.get("with"), dict):
        join = obligation.group("with").get("joined_by")
    found = []
    for record in records:
        names, gap = _names(world, record, subject, join)
        surely, perhaps, open_at = _runs(world, record, rule)
        if names is False or perhaps is None:
            continue
        found.append(
            Belonging(record, surely if names else None, perhaps, open_at if gap is None else gap)
        )
    return found


def span(wanted: Days, runs: Iterable[Days | None]) -> bool:
    """Whether some days together hold every day that is wanted, without a gap."""
    need = wanted.first
    for days in sorted((d for d in runs if d is not None), key=lambda d: d.first):
        if days.first > need:
            return False
        if days.last >= wanted.last:
            return True
        need = max(need, days.last + timedelta(days=1))
    return False


def _names(
    world: World, record: Subject, subject: Subject, join: Json
) -> tuple[bool | None, Tokens | None]:
    """Whether a record names a subject; with None, the fact that is wanting."""
    if join is None:
        return True, None
    theirs, mine = (join["record"], join["subject"]) if isinstance(join, dict) else (join, join)
    sides = (world.fact(record, str(theirs)), world.fact(subject, str(mine)))
    there, here = sides
    if any(value in here.values for value in there.values if value is not None):
        return True, None
    gap = next((side.tokens for side in sides if _is_open(side)), None)
    return (False, None) if gap is None else (None, gap)


def _is_open(fact: Fact) -> bool:
    return fact.value is None or None in fact.values


def _runs(
    world: World, record: Subject, rule: JsonObject
) -> tuple[Days | None, Days | None, Tokens | None]:
    """Return when a record surely runs, when at most, and the fact that is wanting."""
    starts = [world.fact(record, path) for path in paths(rule.get("from", []))]
    if any(start.value == NEVER for start in starts):
        return None, None, None
    ends = [world.fact(record, path) for path in paths(rule.get("until", []))]
    days = Days(
        max((day for start in starts if (day := day_of(start))), default=ALWAYS.first),
        min((day for end in ends if (day := day_of(end))), default=ALWAYS.last),
    )
    wanting = [fact.tokens for fact in (*starts, *ends) if fact.value is None]
    return (None, days, wanting[0]) if wanting else (days, days, None)


def paths(written: Json) -> list[str]:
    """Return the paths that a field names, one or several."""
    return [str(path) for path in (written if isinstance(written, list) else [written])]
