"""Licences that somebody holds (所持许可): what each is for, and on which days it counts.

Those of another organisation stand in its ``licences``. The company's own are its licence,
with its renewal, and ``other_licences``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from pytest_icp.checks.base import Fact, Subject, Tokens, World
from pytest_icp.checks.dated import time_of
from pytest_icp.checks.joined import ALWAYS, Days
from pytest_icp.checks.licensed import licensed_scope
from pytest_icp.core.asof import NEVER
from pytest_icp.core.times import civil_date

IN_FORCE = "正常"
"""The status of a licence in force, in the words of the licensing system."""


@dataclass(frozen=True, slots=True)
class Held:
    """One licence: its codes, the days on which it counts for sure, and those on which it may.

    ``open_at`` is the first fact for want of which the two differ.
    """

    codes: Fact
    surely: Days | None
    perhaps: Days
    open_at: Tokens | None = None


@dataclass(frozen=True, slots=True)
class Holdings:
    """The licences that are described, and the places where there may be more."""

    licences: tuple[Held, ...]
    missing: tuple[Tokens, ...]


def holdings_of(world: World, subject: Subject, organisation: str) -> Holdings:
    """Return the licences of an organisation; those of the company itself without a path."""
    if not organisation:
        return _own(world)
    found = world.subjects(f"{organisation}.licences", subject)
    licences = tuple(
        _licence(world, one, ("categories", "valid_from", "valid_until")) for one in found.subjects
    )
    return Holdings(licences, found.missing)


def _licence(world: World, licence: Subject, names: tuple[str, str, str]) -> Held:
    codes, since, until = (world.fact(licence, name) for name in names)
    # A licence whose first day is not declared is taken to have begun.
    first, last = _day(since) or ALWAYS.first, _day(until)
    days = Days(first, last or ALWAYS.last)
    return Held(codes, days if last else None, days, None if last else until.tokens)


def _own(world: World) -> Holdings:
    others = world.subjects("other_licences")
    held = [_main(world), *(_other(world, one) for one in others.subjects)]
    return Holdings(tuple(held), others.missing)


def _other(world: World, licence: Subject) -> Held:
    held = _licence(world, licence, ("codes", "obtained_on", "valid_until"))
    status = world.fact(licence, "status")
    if status.text == IN_FORCE:
        return held
    if status.text is None:
        return Held(held.codes, None, held.perhaps, status.tokens)
    # It is no longer in force; whether it was on an earlier day is not told.
    last = min(held.perhaps.last, world.today - timedelta(days=1))
    return Held(held.codes, None, Days(held.perhaps.first, last), status.tokens)


def _main(world: World) -> Held:
    """Return the licence that is described, through its earlier issues and its renewal."""
    licence = Subject(("licence",), {})
    scope = licensed_scope(world.view.facts.get("licence"))
    permitted = None if scope is None else sorted(scope.permitted)
    first = world.fact(licence, "/licence/issued_on")
    earliest = world.fact(licence, "/licence/first_issued_on")
    ends = list(_ends(world, licence))
    gaps = [fact.tokens for fact in (first, *ends) if _day(fact) is None]
    begun, last = _day(first), _day(ends[0])
    # What an earlier issue was for is not described, nor what follows an end that may move.
    perhaps = Days(_day(earliest) or ALWAYS.first, (last if not gaps else None) or ALWAYS.last)
    surely = Days(begun, last) if begun and last else None
    open_at = gaps[0] if gaps else earliest.tokens
    return Held(Fact(("licence", "service_lines"), permitted), surely, perhaps, open_at)


def _ends(world: World, licence: Subject) -> Iterator[Fact]:
    """Yield the last day, and after it the fact that may yet move it, when there is one."""
    until = world.fact(licence, "/licence/valid_until")
    applied = world.fact(licence, "/renewal/applied_on")
    decision = world.fact(licence, "/renewal/decision")
    if decision.text == "granted":
        yield world.fact(licence, "/renewal/new_valid_until")
        return
    yield until
    if applied.value != NEVER and decision.text != "refused":
        yield Fact((applied if applied.value is None else decision).tokens, None)


def _day(fact: Fact) -> date | None:
    when = time_of(fact)
    return civil_date(when) if when else None
