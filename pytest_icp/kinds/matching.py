"""Records that belong to a subject (关联记录): those joined to it, and in force in its time.

``joined_by`` joins a record to a subject by a value that both name: a path that is the same in
both, or ``{record, subject}``. ``in_force`` requires that a record runs ``from`` its first day (the
latest of several) ``until`` its last, at the time of the subject: ``on`` a day of its own, or
``since`` one up to the as-of day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from msgspec import Struct

from pytest_icp.facts.asof import NEVER
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import day_of
from pytest_icp.kinds.subjects import Collected, Fact, Register, Subject, Tokens
from pytest_icp.law.jsontypes import Json


class Join(Struct, frozen=True):
    """The paths of the value that a record and its subject share."""

    record: str
    subject: str

    @classmethod
    def from_written(cls, written: Json) -> Join:
        """Read a path that is the same in both, or one for each."""
        if isinstance(written, dict):
            return cls(written["record"], written["subject"])
        return cls(str(written), str(written))


class InForce(Struct, frozen=True, rename={"from_": "from"}):
    """The days of a record, and the day of the subject on which, or since which, it must run."""

    from_: tuple[str, ...]
    until: str | None = None
    on: str | None = None
    since: str | None = None


class Days(Struct, frozen=True):
    """Days from the first to the last, both included."""

    first: date
    last: date


ALWAYS = Days(date.min, date.max)


class Period(Struct, frozen=True):
    """The days that count for a subject; ``open_at`` where there may be more: a fact not known."""

    days: Days
    open_at: Tokens | None = None


class Match(Struct, frozen=True):
    """A record that belongs to a subject, or may.

    ``surely`` are the days on which it certainly does, ``perhaps`` those on which it may;
    ``open_at`` is the first fact for which the two differ, as it is not known.
    """

    record: Subject
    surely: Days | None
    perhaps: Days
    open_at: Tokens | None


def period_of(rule: InForce | None, context: Context, subject: Subject) -> Period | Fact:
    """Return the days on which a record must be in force, else the unknown fact that decides."""
    if rule and rule.on:
        on = context.fact(subject, rule.on)
        day = day_of(on)
        return on if day is None else Period(Days(day, day))
    today = Days(context.today, context.today)
    if not rule or not rule.since:
        return Period(today)
    since = context.fact(subject, rule.since)
    begun = day_of(since)
    if begun is not None:
        return Period(Days(begun, context.today))
    return Period(today, None if since.value == NEVER else since.tokens)


def matches(
    context: Context,
    subject: Subject,
    records: Collected,
    join: Join | None,
    in_force: InForce | None = None,
    among: Sequence[int] | None = None,
) -> list[Match]:
    """Return the records that belong to a subject at some time, or may; others are left out.

    ``among`` are the positions of those to look at; None is all of them.
    """
    starts = in_force.from_ if in_force else ()
    ends = (in_force.until,) if in_force and in_force.until else ()
    found = []
    for record, names, gap in _joined(context, subject, records, join, among):
        surely, perhaps, open_at = _runs(context, record, starts, ends)
        if perhaps is not None:
            sure = surely if names else None
            found.append(Match(record, sure, perhaps, open_at if gap is None else gap))
    return found


def sharing(context: Context, records: Collected, path: str, here: Fact) -> Sequence[int]:
    """Return the positions of the records that share a value at a path with a fact, or may."""
    if here.is_open:
        return range(len(records.subjects))
    register = _register(context, records, path)
    found = [register.named.get(text, []) for text in here.values if isinstance(text, str)]
    return sorted({*register.others}.union(*found))


def span(needed: Days, runs: Iterable[Days | None]) -> bool:
    """Whether some days together cover every day that is needed, without a gap."""
    last = covered_until(needed.first, runs)
    return last is not None and last >= needed.last


def covered_until(first: date, runs: Iterable[Days | None]) -> date | None:
    """Return the last of the days, from the first on, that some days together cover; or None."""
    last: date | None = None
    for days in sorted((d for d in runs if d is not None), key=lambda d: d.first):
        start = first if last is None else last + timedelta(days=1)
        if days.first > start:
            break
        if days.last == date.max:
            return days.last
        last = days.last if days.last >= start else last
    return last


def last_gap(needed: Days, runs: Iterable[Days | None]) -> date | None:
    """Return the last day that is not covered, where some days together cover all after it."""
    known, last = [days for days in runs if days], needed.last
    while starts := [days.first for days in known if days.first <= last <= days.last]:
        last = min(starts) - timedelta(days=1)
    return last if last < needed.last else None


def _joined(
    context: Context,
    subject: Subject,
    records: Collected,
    join: Join | None,
    among: Sequence[int] | None,
) -> Iterator[tuple[Subject, bool, Tokens | None]]:
    """Yield each record that names a subject, or may: whether it does, else what is not known."""
    positions = range(len(records.subjects)) if among is None else among
    if join is None:
        yield from ((records.subjects[i], True, None) for i in positions)
        return
    here = context.fact(subject, join.subject)
    named = sharing(context, records, join.record, here)
    for i in named if among is None else sorted({*among}.intersection(named)):
        record = records.subjects[i]
        there = context.fact(record, join.record)
        if any(value in here.values for value in there.values if value is not None):
            yield record, True, None
            continue
        gap = next((side.tokens for side in (there, here) if side.is_open), None)
        if gap is not None:
            yield record, False, gap


def _register(context: Context, records: Collected, path: str) -> Register:
    """Return the records by the values at a path, made once for all subjects."""
    known = records.registers.get(path)
    if known is None:
        named: dict[str, list[int]] = {}
        others: list[int] = []
        for i, record in enumerate(records.subjects):
            values = context.fact(record, path).values
            texts = {value for value in values if isinstance(value, str)}
            if len(texts) < len(values) or not values:
                others.append(i)
            for text in texts:
                named.setdefault(text, []).append(i)
        known = records.registers[path] = Register(named, others)
    return known


def _runs(
    context: Context, record: Subject, from_: Sequence[str], until: Sequence[str]
) -> tuple[Days | None, Days | None, Tokens | None]:
    """Return when a record surely runs, when at most, and the fact that is not known."""
    starts = [context.fact(record, path) for path in from_]
    if any(start.value == NEVER for start in starts):
        return None, None, None
    ends = [context.fact(record, path) for path in until]
    days = Days(
        max((day for start in starts if (day := day_of(start))), default=ALWAYS.first),
        min((day for end in ends if (day := day_of(end))), default=ALWAYS.last),
    )
    open_at = [fact.tokens for fact in (*starts, *ends) if fact.value is None]
    return (None, days, open_at[0]) if open_at else (days, days, None)
