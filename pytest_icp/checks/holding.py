"""Kind ``holding`` (持证): an organisation holds a licence of one of the categories in time.

``organisation`` is the path of an organisation with its ``licences``; ``throughout`` is
``as_of``, or ``{from: path, to: path}`` for the time of a contract.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from pytest_icp.checks import glance
from pytest_icp.checks import messages as say
from pytest_icp.checks.base import (
    SATISFIED,
    Fact,
    Glance,
    Judgement,
    Subject,
    World,
    judge_each,
    missing,
    violated,
)
from pytest_icp.checks.dated import time_of
from pytest_icp.core.catalogue import covers
from pytest_icp.core.describe import show
from pytest_icp.core.finding import Outcome
from pytest_icp.core.jsontypes import JsonObject
from pytest_icp.core.policy import Obligation
from pytest_icp.core.text import plain
from pytest_icp.core.times import civil_date


@dataclass(frozen=True, slots=True)
class Period:
    """The first and the last day on which the licence must hold."""

    first: date
    last: date


def check_holding(obligation: Obligation, world: World) -> Outcome:
    """Decide a ``holding``."""
    categories = tuple(str(code) for code in _list(obligation))

    def judge(subject: Subject) -> Judgement:
        ends = _ends(obligation, world, subject)
        if isinstance(ends, Fact):
            return missing(subject, ends.tokens)
        holder = world.fact(subject, obligation.path("organisation"))
        licences = world.subjects(f"{obligation.path('organisation')}.licences", subject)
        if licences.missing:
            return missing(subject, licences.missing[0])
        gaps = [_gap(world, licence, categories, ends) for licence in licences.subjects]
        if "will do" in gaps:
            return SATISFIED
        open_gap = next((gap for gap in gaps if isinstance(gap, Fact)), None)
        if open_gap is not None:
            return missing(subject, open_gap.tokens)
        return _none(subject, holder, categories, ends)

    return judge_each(obligation, world, judge, _glance(obligation, world, categories))


def _gap(
    world: World, licence: Subject, categories: tuple[str, ...], period: Period
) -> Fact | Literal["will do", "will not"]:
    """Say whether a licence will do, or return the fact that is wanting to say so."""
    held = world.fact(licence, "categories")
    since, until = world.fact(licence, "valid_from"), world.fact(licence, "valid_until")
    counts = any(_counts(code, categories) for code in held.values)
    if held.value is not None and not counts and None not in held.values:
        return "will not"
    end, start = time_of(until), time_of(since)
    if end is not None and civil_date(end) < period.last:
        return "will not"
    if start is not None and civil_date(start) > period.first:
        return "will not"
    if not counts:
        return held
    # A licence whose first day is not declared is taken to have begun.
    return until if end is None else "will do"


def _counts(held: object, categories: tuple[str, ...]) -> bool:
    """Whether a category held covers one of those wanted; of a wanted class, any does."""
    return isinstance(held, str) and any(covers(held, wanted) for wanted in categories)


def _ends(obligation: Obligation, world: World, subject: Subject) -> Period | Fact:
    if obligation.fields["throughout"] == "as_of":
        return Period(world.today, world.today)
    group = obligation.group("throughout")
    facts = [world.fact(subject, str(group[end])) for end in ("from", "to")]
    days = [time_of(fact) for fact in facts]
    first, last = days
    if first is None or last is None:
        return facts[days.index(None)]
    return Period(civil_date(first), civil_date(last))


def _none(subject: Subject, holder: Fact, categories: tuple[str, ...], period: Period) -> Judgement:
    name = holder.value.get("name") if isinstance(holder.value, dict) else None
    return violated(
        subject,
        (*holder.tokens, "licences"),
        say.NO_LICENCES.format(who=show(name)),
        found=plain(_summary(holder)),
        required=say.HOLDING.format(
            categories=", ".join(categories), first=period.first, last=period.last
        ),
    )


def _summary(holder: Fact) -> str:
    licences = holder.value.get("licences") if isinstance(holder.value, dict) else None
    if not isinstance(licences, list):
        return show(licences)
    return (
        "; ".join(
            f"{show(one.get('categories'))} – {show(one.get('valid_until'))}"
            for one in licences
            if isinstance(one, dict)
        )
        or "[]"
    )


def _list(obligation: Obligation) -> tuple[object, ...]:
    codes = obligation.fields["categories"]
    return tuple(codes) if isinstance(codes, list | tuple) else ()


def _glance(obligation: Obligation, world: World, categories: tuple[str, ...]) -> Glance | None:
    """See a licence that will do today; many organisations hold the same ones."""
    if not glance.knows(obligation.fields, "organisation", "categories", "throughout"):
        return None
    if obligation.fields["throughout"] != "as_of":
        return None
    today = Period(world.today, world.today)
    known: dict[str, bool] = {}

    def will_do(licence: JsonObject) -> bool:
        told = repr([licence.get(name) for name in ("categories", "valid_from", "valid_until")])
        if told not in known:
            known[told] = _gap(world, Subject((), licence), categories, today) == "will do"
        return known[told]

    read = glance.reader(world, f"{obligation.path('organisation')}.licences")
    return glance.any_record(read, will_do)
