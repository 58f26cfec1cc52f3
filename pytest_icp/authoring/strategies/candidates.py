"""Values of a fact at which the verdict of an obligation may change (边界取值)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import MAXYEAR, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from pytest_icp.authoring.strategies.shapes import (
    MUST_BE_READ,
    Shape,
    examples_of,
    expand,
    mistaken_for,
    shape_at,
    spellings,
    words_of,
)
from pytest_icp.authoring.strategies.trial import Document, Tokens, Trial, dotted, found_at
from pytest_icp.authoring.words import leaves, turning
from pytest_icp.facts.asof import NEVER
from pytest_icp.law.condition import Node, is_number
from pytest_icp.law.deadline import Unit, due
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.times import (
    CST,
    TimeError,
    add_days,
    as_of_instant,
    civil_date,
    end_of_day,
    parse_time,
    start_of_day,
)
from pytest_icp.rules.fields import CONDITIONS, Field
from pytest_icp.rules.numbers import Number

_UNITS = frozenset(unit.value for unit in Unit)


def conditions_of(trial: Trial) -> Iterator[Node]:
    """Yield every condition of an obligation and of its provision."""
    yield from (field.node for field in trial.fields.walk() if field.what in CONDITIONS)
    yield from (gate.when for gate in trial.gates if gate.when is not None)


@lru_cache(maxsize=64)
def constants(trial: Trial) -> Mapping[str, list[Any]]:
    """Return the values that conditions compare facts with, and their neighbours, by name."""
    by_name: dict[str, list[Any]] = {}
    for node in conditions_of(trial):
        for name, leaf in leaves(node):
            values = by_name.setdefault(name, [])
            values += [value for value in turning(leaf) if value not in values]
    return by_name


@lru_cache(maxsize=64)
def declared(trial: Trial) -> tuple[tuple[str, int], ...]:
    """Return the terms and numbers that a policy declares (约定数值)."""
    written = [number for field in trial.fields.walk() for number in _numbers(field)]
    return tuple(dict.fromkeys([*written, *_former(trial)]))


def _former(trial: Trial) -> Iterator[tuple[str, int]]:
    """Yield the values that the numbers of the law had before."""
    for named in trial.obligation.relies_on:
        if isinstance(named, Number):
            others = (one.n for one in named.values if one.n != named.newest.n)
            yield from ((named.unit, int(n)) for n in others)


def _numbers(field: Field) -> Iterator[tuple[str, int]]:
    """Yield the numbers of a field, each with its unit or else its name."""
    if field.what in CONDITIONS:
        yield from _named_numbers(field.value, field.name)
    elif type(field.value) in {int, float}:
        yield field.mark("x-icp-unit") or field.name, int(float(str(field.value)))


def _named_numbers(condition: Json, name: str) -> Iterator[tuple[str, int]]:
    if isinstance(condition, Mapping):
        for key, value in condition.items():
            yield from _named_numbers(value, key)
    elif isinstance(condition, list):
        for value in condition:
            yield from _named_numbers(value, name)
    elif is_number(condition):
        yield name, int(condition)


def candidates(trial: Trial, document: Document, as_of: str, at: Tokens) -> Iterator[Any]:
    """Yield the values worth trying at a place: those that may flip a verdict, and neighbours.

    Their order is fixed, those that the policy names first. Not all are valid there.
    """
    try:
        shape = shape_at(at)
    except LookupError:
        return
    if dotted(at).startswith(MUST_BE_READ):
        return
    seen: set[tuple[type, Any]] = set()
    for value in _worth_trying(trial, document, as_of, at, shape):
        # In Python `True == 1`, but they are different facts.
        if not isinstance(value, (list, dict)) and (type(value), value) not in seen:
            seen.add((type(value), value))
            yield value


def _worth_trying(
    trial: Trial, document: Document, as_of: str, at: Tokens, shape: Shape
) -> Iterator[Any]:
    name = next((token for token in reversed(at) if isinstance(token, str)), "")
    words = words_of(shape)
    named = [*constants(trial).get(name, ()), *words]
    if words and not _open(shape):
        yield from (word for word in named if word in words)
        return
    yield from named
    kinds = {kind for one in shape.alternatives() for kind in one.types}
    if "number" in kinds or "integer" in kinds:
        yield from (n + step for _, n in declared(trial) for step in (0, 1, -1))
        yield from (0, 1)
    if is_dated(shape):
        yield from dates_about(trial, document, as_of, at)
    elif "string" in kinds:
        yield from (*examples_of(shape), *_texts(trial, document, at))


def _open(shape: Shape) -> bool:
    """Whether values are allowed that the schema does not list."""
    listed = {"enum", "const"}
    return any(listed.isdisjoint(one.schema) and "boolean" not in one.types for one in shape.known)


def is_dated(shape: Shape) -> bool:
    """Whether a shape is a day or an instant."""
    return any(one.is_day or one.is_instant for one in shape.alternatives())


def takes_instants(shape: Shape) -> bool:
    """Whether a shape may be an instant."""
    return any(one.is_instant for one in shape.alternatives())


def _texts(trial: Trial, document: Document, at: Tokens) -> Iterator[str]:
    """Yield texts of other facts that the obligation reads, and hosts similar to its domains."""
    for path in trial.reads:
        for other in expand(document, path):
            found = found_at(document, other)
            for value in found if isinstance(found, list) else [found]:
                if isinstance(value, str) and other != at:
                    yield value
    if "domains" in at or at[-1] in {"name", "host"}:
        for domain in domains_of(document):
            yield from (*spellings(domain), f"www.{domain}", *mistaken_for(domain))


def domains_of(document: Document) -> list[str]:
    """Return the domains that the licence prints."""
    return [
        str(found_at(document, at))
        for at in expand(document, "licence.attachments.domains")
        for at in _each(document, at)
    ]


def _each(document: Document, at: Tokens) -> list[Tokens]:
    elements = found_at(document, at)
    return [(*at, i) for i in range(len(elements))] if isinstance(elements, list) else []


def dates_about(trial: Trial, document: Document, as_of: str, at: Tokens) -> Iterator[str]:
    """Yield the days and instants at which a verdict may change.

    These are the other dates that the obligation reads and the as-of day, moved by each term
    that the policy declares, after and before; the days beside them; the last seconds of days.
    """
    yield NEVER
    bases = [civil_date(as_of_instant(as_of)), *_days_read(trial, document, at), *_laws(trial)]
    instants = takes_instants(shape_at(at))
    for base in dict.fromkeys(bases):
        for end in (base, *_ends(trial, base)):
            yield from (day.isoformat() for step in (0, 1, -1) for day in _moved(end, step))
            if instants:
                yield end_of_day(end).replace(microsecond=0).isoformat()
                yield (start_of_day(end) + timedelta(days=1)).isoformat()
    if instants:
        yield from _moments(trial, document, at)


def _moved(day: date, days: int) -> Iterator[date]:
    try:
        yield add_days(day, days)
    except TimeError:
        return


def _ends(trial: Trial, base: date) -> Iterator[date]:
    for keyword, amount in declared(trial):
        if keyword == "calendar_years":
            yield date(min(base.year + amount, MAXYEAR), 12, 31)
        unit = "months" if keyword == "years" else keyword
        if unit not in _UNITS or amount < 0:
            continue
        term: dict[str, Any] = {unit: amount * (12 if keyword == "years" else 1)}
        try:
            yield civil_date(due(after=base, calendar=trial.calendar, **term).last)
            if unit in {"days", "months"}:
                yield civil_date(due(before=base, calendar=trial.calendar, **term).last)
        except TimeError:
            continue


def _moments(trial: Trial, document: Document, at: Tokens) -> Iterator[str]:
    """Yield the ends of terms of hours and minutes, to the second."""
    units = {"hours": 3600, "minutes": 60}
    for when in _times_read(trial, document, at):
        if isinstance(when, datetime):
            for keyword, n in declared(trial):
                for off in (0, 1, -1) if keyword in units else ():
                    moved = when + timedelta(seconds=n * units[keyword] + off)
                    yield moved.astimezone(CST).isoformat()


def _days_read(trial: Trial, document: Document, at: Tokens) -> list[date]:
    return [civil_date(when) for when in _times_read(trial, document, at)]


def _times_read(trial: Trial, document: Document, at: Tokens) -> Iterator[date]:
    for path in trial.reads:
        for other in expand(document, path):
            found = found_at(document, other)
            if isinstance(found, str) and other != at:
                try:
                    yield parse_time(found)
                except TimeError:
                    continue


def _laws(trial: Trial) -> Iterator[date]:
    """Yield the first days of the cited laws, and those on which a number of the law changes."""
    for citation in trial.obligation.cites:
        yield min(version.effective_from for version in citation.versions)
    for named in trial.obligation.relies_on:
        yield from sorted(named.changes)
