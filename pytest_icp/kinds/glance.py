"""What is plainly well, told at a glance: most elements of a long list, without a word to say.

A glance answers what the judgement of its kind would answer where that is `SATISFIED` or
`NOT_APPLICABLE` and nothing more: no finding, nothing that falls due, no note but a doubt that
an earlier element has raised. Of everything else it says None, and the judgement looks at the
element. So a glance may always be left out, and only saves time. It is given where a policy
asks nothing but what it knows of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from operator import methodcaller
from typing import TypeAlias

from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import NO_DAY, not_after
from pytest_icp.kinds.judgement import NOT_APPLICABLE, SATISFIED, Judgement
from pytest_icp.kinds.selection import Glance
from pytest_icp.kinds.spans import Span, later, span_of
from pytest_icp.kinds.subjects import Subject
from pytest_icp.law.condition import Node
from pytest_icp.law.deadline import Due
from pytest_icp.law.jsontypes import Json, JsonObject
from pytest_icp.law.times import civil_date, parse_time

Reader: TypeAlias = Callable[[JsonObject], Json]
"""Reads one fact of an element; None is not known."""

_DAY = len("2024-03-06")


def reader(context: Context, path: str) -> Reader:
    """Return what reads the fact at a path, as `Context.fact` does."""
    if path.startswith("/"):
        value = context.fact(Subject((), context.view.facts), path).value
        return lambda _: value
    names = path.replace("/", ".").split(".")
    if len(names) == 1:
        found: Reader = methodcaller("get", names[0])
        return found

    def follow(element: JsonObject) -> Json:
        value: Json = element
        for name in names:
            value = value.get(name) if isinstance(value, dict) else None
        return value

    return follow


def record_reader(context: Context, path: str, at: str, where: Node) -> Reader:
    """Return what reads a fact of the only record at a path, where it certainly counts."""
    records, fact = reader(context, path), reader(context, at)

    def read(element: JsonObject) -> Json:
        found = records(element)
        one = found[0] if isinstance(found, list) and len(found) == 1 else None
        if isinstance(one, dict) and context.decide.certain(where, one):
            return fact(one)
        return None

    return read


def same_text(first: Reader, second: Reader) -> Glance:
    """Be satisfied where two texts are known and the very same."""

    def glance(element: JsonObject) -> Judgement | None:
        text = first(element)
        return SATISFIED if isinstance(text, str) and text == second(element) else None

    return glance


def every_value(read: Reader, well: Callable[[Json], bool]) -> Glance:
    """Be satisfied where each value of a fact is known and well."""

    def glance(element: JsonObject) -> Judgement | None:
        value = read(element)
        if value is None:
            return None
        values = value if isinstance(value, list) else (value,)
        return SATISFIED if all(v is not None and well(v) for v in values) else None

    return glance


def any_record(read: Reader, well: Callable[[JsonObject], bool]) -> Glance:
    """Be satisfied where one record of a list is well, whatever the others are."""

    def glance(element: JsonObject) -> Judgement | None:
        records = read(element)
        if not isinstance(records, list):
            return None
        found = any(isinstance(record, dict) and well(record) for record in records)
        return SATISFIED if found else None

    return glance


def in_time(event: Reader, done: Reader, limit_of: Callable[[str], Due | None]) -> Glance:
    """Be satisfied where it was done on a safe day, or earlier; not applicable before an event.

    ``limit_of`` tells by when, for an event as it is written; None where the law did not bind.
    """
    # Events share days, and a term is the same from each. Days as they are written lie in the
    # order of their texts, and whatever the zone, the day in China is at most the next one.
    limits: dict[str, tuple[Due | None, str]] = {}

    def limited(since: str) -> tuple[Due | None, str]:
        limit = limit_of(since)
        return limit, _safe_day(limit) if limit else ""

    def glance(element: JsonObject) -> Judgement | None:
        since, at = event(element), done(element)
        if not isinstance(since, str):
            return None
        if since in NO_DAY:
            return NOT_APPLICABLE
        known = limits.get(since)
        if known is None:
            known = limits[since] = limited(since)
        limit, safe = known
        if limit is None:
            return NOT_APPLICABLE
        if not isinstance(at, str) or at in NO_DAY:
            return None
        if at[:_DAY] < safe:
            return SATISFIED
        return SATISFIED if _safely(parse_time(at), limit) else None

    return glance


def _safe_day(limit: Due) -> str:
    """Write the last safe day; no day is told of a term that ends within one."""
    if isinstance(limit.last, datetime):
        return ""
    return min(civil_date(limit.certain), civil_date(limit.safe)).isoformat()


def _safely(done: date, limit: Due) -> bool:
    """Whether a day or an instant is in time, and not even late enough for a note."""
    if not isinstance(limit.last, datetime):
        done = civil_date(done)
    # The safe day is never later than the end by arithmetic alone.
    return bool(not_after(done, limit.certain) and not_after(done, limit.safe))


def in_order(
    first: Reader,
    then: Reader,
    gaps: tuple[Span | None, Span | None],
    binds: Callable[[date], bool],
) -> Glance:
    """Be satisfied where a day lies after another, by no less and no more than the gaps.

    One day for both is not told at a glance: then the hours count. ``binds`` tells whether the
    law was in force.
    """
    least, most = gaps
    bounds: dict[str, tuple[date, date] | None] = {}

    def bounds_of(written: str) -> tuple[date, date] | None:
        day = civil_date(parse_time(written))
        if day == date.max or not binds(day):
            return None
        next_day = day + timedelta(days=1)
        start = max(next_day, later(day, least)) if least else next_day
        return start, later(day, most) if most else date.max

    def glance(element: JsonObject) -> Judgement | None:
        before, after = first(element), then(element)
        if not isinstance(before, str) or not isinstance(after, str) or {before, after} & NO_DAY:
            return None
        if before not in bounds:
            bounds[before] = bounds_of(before)
        span = bounds[before]
        if span is None:
            return None
        day = civil_date(parse_time(after))
        return SATISFIED if span[0] <= day <= span[1] and binds(day) else None

    return glance


def kept(setting: Reader, enough: Callable[[Span], bool], oldest: Glance | None) -> Glance:
    """Be satisfied where a span is set up that is long enough, and what is kept shows it."""
    known: dict[tuple[str, Json], bool] = {}

    def long_enough(written: JsonObject) -> bool:
        span = span_of(written)
        return span is not None and enough(span)

    def glance(element: JsonObject) -> Judgement | None:
        written = setting(element)
        if not isinstance(written, dict) or len(written) != 1:
            return None
        ((unit, n),) = written.items()
        if not isinstance(n, int):
            return None
        if (unit, n) not in known:
            known[unit, n] = long_enough(written)
        if not known[unit, n]:
            return None
        return oldest(element) if oldest else SATISFIED

    return glance


def not_later(read: Reader, day: date) -> Glance:
    """Be satisfied where something happened on a day or before it."""

    def glance(element: JsonObject) -> Judgement | None:
        written = read(element)
        if not isinstance(written, str) or written in NO_DAY:
            return None
        return SATISFIED if civil_date(parse_time(written)) <= day else None

    return glance


def knows(fields: Iterable[str], *names: str) -> bool:
    """Whether a policy gives no other fields than those that a glance knows of."""
    return set(fields) <= set(names)
