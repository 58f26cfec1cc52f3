"""Licences that somebody holds (所持许可): what each is for, and on which days it counts.

Those of another organisation stand in its ``licences``. The company's own are its licence,
with its renewal, and ``other_licences``.
"""

from __future__ import annotations

from datetime import timedelta

from msgspec import Struct

from pytest_icp.facts.asof import NEVER
from pytest_icp.kinds import messages as say
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import day_of
from pytest_icp.kinds.licence_scope import licensed_scope
from pytest_icp.kinds.matching import ALWAYS, Days
from pytest_icp.kinds.subjects import Fact, Subject, Tokens
from pytest_icp.law.text import Text

IN_FORCE = "正常"
"""The status of a licence in force, in the words of the licensing system."""


class Wanting(Struct, frozen=True):
    """The place of a fact that is wanting, and what is said of it when it is not just absent."""

    tokens: Tokens
    message: Text | None = None


class Held(Struct, frozen=True):
    """One licence: its codes, the days on which it counts for sure, and those on which it may.

    ``wanting`` is the first fact for want of which the two differ.
    """

    codes: Fact
    surely: Days | None
    perhaps: Days
    wanting: Wanting | None = None


class Holdings(Struct, frozen=True):
    """The licences that are described, and the places where there may be more."""

    licences: tuple[Held, ...]
    missing: tuple[Tokens, ...]


def holdings_of(context: Context, subject: Subject, organisation: str) -> Holdings:
    """Return the licences of an organisation; those of the company itself without a path."""
    if not organisation:
        return _own(context)
    found = context.subjects(f"{organisation}.licences", subject)
    licences = tuple(licence_held(context, one) for one in found.subjects)
    return Holdings(licences, found.missing)


def licence_held(context: Context, licence: Subject) -> Held:
    """Read one licence of an organisation."""
    return _licence(context, licence, ("categories", "valid_from", "valid_until"))


def _licence(context: Context, licence: Subject, names: tuple[str, str, str]) -> Held:
    codes, since, until = (context.fact(licence, name) for name in names)
    # A licence whose first day is not declared is taken to have begun.
    first, last = day_of(since) or ALWAYS.first, day_of(until)
    days = Days(first, last or ALWAYS.last)
    return Held(codes, days if last else None, days, None if last else Wanting(until.tokens))


def _own(context: Context) -> Holdings:
    others = context.subjects("other_licences")
    held = [_main(context), *(_other(context, one) for one in others.subjects)]
    return Holdings(tuple(held), others.missing)


def _other(context: Context, licence: Subject) -> Held:
    held = _licence(context, licence, ("codes", "obtained_on", "valid_until"))
    status = context.fact(licence, "status")
    if status.text == IN_FORCE:
        return held
    if status.text is None:
        return Held(held.codes, None, held.perhaps, Wanting(status.tokens))
    # It is no longer in force; whether it was on an earlier day is not told.
    last = min(held.perhaps.last, context.today - timedelta(days=1))
    said = Wanting(status.tokens, say.NO_LONGER.format(status=status.text))
    return Held(held.codes, None, Days(held.perhaps.first, last), said)


def _main(context: Context) -> Held:
    """Return the licence that is described, through its earlier issues and its renewal."""
    licence = Subject(("licence",), context.view.facts)
    scope = licensed_scope(context.view.facts.get("licence"))
    codes = Fact(("licence", "service_lines"), None if scope is None else sorted(scope.permitted))
    first, earliest = (
        context.fact(licence, f"/licence/{name}") for name in ("issued_on", "first_issued_on")
    )
    until, moves = _end(context, licence)
    begun, last = day_of(first), day_of(until)
    earlier = Wanting(first.tokens, say.EARLIER_ISSUE)
    gaps = [earlier] if first.value == NEVER else []
    gaps += [Wanting(fact.tokens) for fact in (first, until) if day_of(fact) is None]
    # What an earlier issue was for is not described, nor what follows an end that may move.
    gaps += [moves] if moves else []
    perhaps = Days(day_of(earliest) or ALWAYS.first, last if last and not moves else ALWAYS.last)
    surely = Days(begun, last) if begun and last else None
    return Held(codes, surely, perhaps, [*gaps, earlier][0])


def _end(context: Context, licence: Subject) -> tuple[Fact, Wanting | None]:
    """Return the last day of the licence, and what may yet move it."""
    until, applied, decision = (
        context.fact(licence, path)
        for path in ("/licence/valid_until", "/renewal/applied_on", "/renewal/decision")
    )
    if decision.text == "granted":
        return context.fact(licence, "/renewal/new_valid_until"), None
    if applied.value == NEVER or decision.text == "refused":
        return until, None
    if applied.value is None:
        return until, Wanting(applied.tokens)
    return until, Wanting(decision.tokens, say.UNDECIDED_RENEWAL.format(until=until.value))
