"""Kind ``order`` (先后): one date comes before another, perhaps by a least or greatest gap.

``first`` and ``then`` are paths of dates. ``at_least`` and ``at_most`` give the gap as
``{days | months | years: n}``; without either, ``then`` may fall on the same day.
"""

from __future__ import annotations

from datetime import date

from pytest_icp.checks import glance
from pytest_icp.checks import messages as say
from pytest_icp.checks.base import (
    NOT_APPLICABLE,
    SATISFIED,
    Glance,
    Judgement,
    Subject,
    Tokens,
    World,
    judge_each,
    missing,
    violated,
)
from pytest_icp.checks.dated import moment, time_of
from pytest_icp.checks.spans import Span, later, span_of
from pytest_icp.core.asof import NEVER
from pytest_icp.core.finding import Outcome
from pytest_icp.core.policy import Obligation
from pytest_icp.core.text import Text, plain
from pytest_icp.core.times import civil_date


def check_order(obligation: Obligation, world: World) -> Outcome:
    """Decide an ``order``."""

    def judge(subject: Subject) -> Judgement:
        first = world.fact(subject, obligation.path("first"))
        then = world.fact(subject, obligation.path("then"))
        if NEVER in {first.text, then.text}:
            return NOT_APPLICABLE
        start, end = time_of(first), time_of(then)
        if start is None:
            return missing(subject, first.tokens)
        if end is None:
            return missing(subject, then.tokens)
        return _compare(obligation, subject, then.tokens, civil_date(start), civil_date(end))

    return judge_each(obligation, world, judge, _glance(obligation, world))


def _compare(
    obligation: Obligation, subject: Subject, at: Tokens, first: date, then: date
) -> Judgement:
    least = span_of(obligation.group("at_least"))
    most = span_of(obligation.group("at_most"))

    def wrong(message: Text, required: Text) -> Judgement:
        return violated(subject, at, message, found=plain(moment(then)), required=required, on=then)

    if least and then < later(first, least):
        return wrong(_gap(say.TOO_SOON, first, then, least), _bound(say.NOT_BEFORE, first, least))
    if most and then > later(first, most):
        return wrong(_gap(say.TOO_LATE, first, then, most), _bound(say.NOT_AFTER, first, most))
    if then < first:
        return wrong(say.BACKWARDS.format(first=first, then=then), say.NOT_BEFORE.format(day=first))
    return SATISFIED


def _gap(message: Text, first: date, then: date, gap: Span) -> Text:
    return message.format(first=first, then=then, gap=gap.text)


def _bound(message: Text, first: date, gap: Span) -> Text:
    return message.format(day=later(first, gap))


def _glance(obligation: Obligation, world: World) -> Glance | None:
    """See two days in order, with the gaps that are asked for."""
    if not glance.knows(obligation.fields, "first", "then", "at_least", "at_most"):
        return None
    first, then = (glance.reader(world, obligation.path(name)) for name in ("first", "then"))
    least, most = (span_of(obligation.group(name)) for name in ("at_least", "at_most"))
    return glance.in_order(first, then, least, most)
