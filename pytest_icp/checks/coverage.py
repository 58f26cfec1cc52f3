"""Kind ``coverage`` (覆盖): everything of one kind is found among the records of another.

Each value of ``fact`` must be among the values of ``covers`` of the records ``by`` (those that
meet ``by_where``). ``match: host`` asks that the value lies under one of the others,
``match: domain`` that one of the others lies under it; else values are equal. ``times: one``
asks for exactly one record.
"""

from __future__ import annotations

from dataclasses import dataclass

from pytest_icp.checks import glance
from pytest_icp.checks import messages as say
from pytest_icp.checks.base import (
    SATISFIED,
    Fact,
    Glance,
    Judgement,
    Subject,
    Tokens,
    World,
    both,
    judge_each,
    missing,
    violated,
)
from pytest_icp.checks.hosts import covered
from pytest_icp.core.condition import truth
from pytest_icp.core.describe import show
from pytest_icp.core.finding import Outcome
from pytest_icp.core.jsontypes import Json
from pytest_icp.core.policy import Obligation
from pytest_icp.core.text import Text, plain


@dataclass(frozen=True, slots=True)
class Cover:
    """What the records cover: the values of each, and where it is not known."""

    values: tuple[tuple[Json, ...], ...]
    unknown: tuple[Tokens, ...]


def check_coverage(obligation: Obligation, world: World) -> Outcome:
    """Decide a ``coverage``."""
    cover = _cover(obligation, world)

    def judge(subject: Subject) -> Judgement:
        fact = world.fact(subject, obligation.path("fact"))
        if fact.value is None:
            return missing(subject, fact.tokens)
        judgement = SATISFIED
        for i, value in enumerate(fact.values):
            at = (*fact.tokens, i) if isinstance(fact.value, list) else fact.tokens
            judgement = both(judgement, _value(obligation, cover, subject, Fact(at, value)))
        return judgement

    return judge_each(obligation, world, judge, _glance(obligation, world, cover))


def _cover(obligation: Obligation, world: World) -> Cover:
    records = world.subjects(obligation.path("by"))
    where = obligation.condition("by_where")
    values: list[tuple[Json, ...]] = []
    open_at: list[Tokens] = list(records.missing)
    for record in records.subjects:
        counts = truth(where, record.value, world.decide)
        fact = world.fact(record, obligation.path("covers"))
        if counts is False:
            continue
        if counts is None or fact.value is None or None in fact.values:
            open_at.append(fact.tokens)
        if counts:
            values.append(tuple(value for value in fact.values if value is not None))
    return Cover(tuple(values), tuple(open_at))


def _value(obligation: Obligation, cover: Cover, subject: Subject, fact: Fact) -> Judgement:
    if fact.value is None:
        return missing(subject, fact.tokens)
    times = sum(_covers(obligation, fact.value, values) for values in cover.values)
    once = obligation.fields.get("times") == "one"
    if times > 1 and once:
        return _wrong(obligation, cover, subject, fact, say.COVERED_TWICE)
    if cover.unknown and (once or not times):
        return missing(subject, cover.unknown[0])
    if not times:
        return _wrong(obligation, cover, subject, fact, say.NOT_COVERED)
    return SATISFIED


def _covers(obligation: Obligation, value: Json, values: tuple[Json, ...]) -> bool:
    match obligation.fields.get("match"):
        case "host":
            return covered(value, values)
        case "domain":
            return any(covered(host, [value]) for host in values)
        case _:
            return value in values


def _wrong(
    obligation: Obligation, cover: Cover, subject: Subject, fact: Fact, message: Text
) -> Judgement:
    by = f"{obligation.path('by').lstrip('/')}.{obligation.path('covers')}"
    known = sorted({show(value) for values in cover.values for value in values})
    required = say.AMONG.format(by=by, values=", ".join(known[:5]) or "-")
    shown = show(fact.value)
    return violated(
        subject,
        fact.tokens,
        message.format(value=shown, by=by),
        found=plain(shown),
        required=required,
    )


def _glance(obligation: Obligation, world: World, cover: Cover) -> Glance | None:
    """See values that are covered, where it does not matter what is not known."""
    known = ("fact", "by", "covers", "match", "times", "by_where")
    once = obligation.fields.get("times") == "one"
    if not glance.knows(obligation.fields, *known) or (once and cover.unknown):
        return None

    def well(value: Json) -> bool:
        if not once:
            return any(_covers(obligation, value, values) for values in cover.values)
        return sum(_covers(obligation, value, values) for values in cover.values) == 1

    return glance.every_value(glance.reader(world, obligation.path("fact")), well)
