"""Records that belong to a subject (关联记录): those that name it, those in force in its time.

``joined_by`` joins a record to a subject by a value that both name: a path that is the same in
both, or ``{record, subject}``. ``in_force`` asks that a record runs ``from`` its first day (the
latest of several) ``until`` its last, at the time of the subject: ``on`` a day of its own, or
``since`` one up to the day asked about.
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
from pytest_icp.rules.policy import Obligation


class Days(Struct, frozen=True):
    """Days from the first to the last, both included."""

    first: date
    last: date


ALWAYS = Days(date.min, date.max)


class Asked(Struct, frozen=True):
    """The days that are asked about; ``open_at`` where a fact says more and is not known."""

    days: Days
    open_at: Tokens | None = None


class Belonging(Struct, frozen=True):
    """A record that belongs to a subject, or may.

    ``surely`` are the days on which it certainly does, ``perhaps`` those on which it may;
    ``open_at`` is the first fact for want of which the two differ.
    """

    record: Subject
    surely: Days | None
    perhaps: Days
    open_at: Tokens | None


def asked(obligation: Obligation, context: Context, subject: Subject) -> Asked | None:
    """Return the days on which a record is wanted; None where no day of them is known."""
    rule = obligation.group("in_force")
    if "on" in rule:
        day = day_of(context.fact(subject, str(rule["on"])))
        return None if day is None else Asked(Days(day, day))
    if "since" not in rule:
        return Asked(Days(context.today, context.today))
    since = context.fact(subject, str(rule["since"]))
    begun = day_of(since)
    if begun is not None:
        return Asked(Days(begun, context.today))
    return Asked(Days(context.today, context.today), None if since.value == NEVER else since.tokens)


def belonging(
    obligation: Obligation,
    context: Context,
    subject: Subject,
    records: Collected,
    among: Sequence[int] | None = None,
) -> list[Belonging]:
    """Return the records that belong to a subject at some time, or may; others are left out.

    ``among`` are the positions of those to look at; None is all of them.
    """
    join, rule = obligation.fields.get("joined_by"), obligation.group("in_force")
    if isinstance(obligation.fields.get("with"), dict):
        join = obligation.group("with").get("joined_by")
    starts, ends = paths(rule.get("from", [])), paths(rule.get("until", []))
    found = []
    for record, names, gap in _naming(context, subject, records, join, among):
        surely, perhaps, open_at = _runs(context, record, starts, ends)
        if perhaps is not None:
            sure = surely if names else None
            found.append(Belonging(record, sure, perhaps, open_at if gap is None else gap))
    return found


def sharing(context: Context, records: Collected, path: str, here: Fact) -> Sequence[int]:
    """Return the positions of the records that share a value at a path with a fact, or may."""
    if here.is_open:
        return range(len(records.subjects))
    register = _register(context, records, path)
    found = [register.named.get(text, []) for text in here.values if isinstance(text, str)]
    return sorted({*register.others}.union(*found))


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


def _naming(
    context: Context, subject: Subject, records: Collected, join: Json, among: Sequence[int] | None
) -> Iterator[tuple[Subject, bool, Tokens | None]]:
    """Yield each record that names a subject, or may: whether it does, else what is wanting."""
    positions = range(len(records.subjects)) if among is None else among
    if join is None:
        yield from ((records.subjects[i], True, None) for i in positions)
        return
    theirs, mine = (join["record"], join["subject"]) if isinstance(join, dict) else (join, join)
    here = context.fact(subject, str(mine))
    named = sharing(context, records, str(theirs), here)
    for i in named if among is None else sorted({*among}.intersection(named)):
        record = records.subjects[i]
        there = context.fact(record, str(theirs))
        if any(value in here.values for value in there.values if value is not None):
            yield record, True, None
            continue
        gap = next((side.tokens for side in (there, here) if side.is_open), None)
        if gap is not None:
            yield record, False, gap


def _register(context: Context, records: Collected, path: str) -> Register:
    """Return the records by what each names at a path, made once for all that ask."""
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
    context: Context, record: Subject, from_: list[str], until: list[str]
) -> tuple[Days | None, Days | None, Tokens | None]:
    """Return when a record surely runs, when at most, and the fact that is wanting."""
    starts = [context.fact(record, path) for path in from_]
    if any(start.value == NEVER for start in starts):
        return None, None, None
    ends = [context.fact(record, path) for path in until]
    days = Days(
        max((day for start in starts if (day := day_of(start))), default=ALWAYS.first),
        min((day for end in ends if (day := day_of(end))), default=ALWAYS.last),
    )
    wanting = [fact.tokens for fact in (*starts, *ends) if fact.value is None]
    return (None, days, wanting[0]) if wanting else (days, days, None)


def paths(written: Json) -> list[str]:
    """Return the paths that a field names, one or several."""
    return [str(path) for path in (written if isinstance(written, list) else [written])]
