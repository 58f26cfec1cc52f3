"""Kind ``growth`` (增长): where a number has grown by much, a condition must be met.

``earlier`` and ``later`` are the paths of the number then and now. It has grown by much when it
is at least ``factor`` times what it was, or ``increase`` more; then ``require`` must be met.
Where ``require`` is met anyway, the figures do not matter.
"""

from __future__ import annotations

from pytest_icp.kinds.context import Context
from pytest_icp.kinds.finding import Outcome
from pytest_icp.kinds.judgement import (
    NOT_APPLICABLE,
    SATISFIED,
    Judgement,
    blamed,
    missing,
    violated,
)
from pytest_icp.kinds.kind import Kind
from pytest_icp.kinds.selection import judge_each
from pytest_icp.kinds.subjects import Fact, Subject
from pytest_icp.kinds.words import condition, shown
from pytest_icp.law.blame import blame
from pytest_icp.law.condition import ANYTHING, Node
from pytest_icp.law.describe import show
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.text import Text
from pytest_icp.rules.policy import Obligation, Spec

_GROWN = Text(zh="由 {before} 增至 {after}", en="it grew from {before} to {after}")


class Growth(Spec, frozen=True, kw_only=True):
    """A number then and now, when it has grown by much, and the condition to meet then."""

    earlier: str
    later: str
    factor: float | None = None
    increase: float | None = None
    require: Node = ANYTHING


def check_growth(obligation: Obligation, context: Context) -> Outcome:
    """Decide a ``growth``."""
    spec = obligation.spec_as(Growth)
    require = spec.require

    def judge(subject: Subject) -> Judgement:
        before, after = context.fact(subject, spec.earlier), context.fact(subject, spec.later)
        unknown = next((fact for fact in (before, after) if _number(fact.value) is None), None)
        much = None if unknown else _grew(spec, before, after)
        if much is False:
            return NOT_APPLICABLE
        met = context.decide.truth(require, subject.value)
        if met:
            return SATISFIED
        if unknown:
            return missing(subject, unknown.tokens)
        fault = blame(require, subject.value, context.decide)
        if met is None:
            return blamed(subject, fault)
        return violated(
            subject,
            (*subject.tokens, *fault.path),
            _GROWN.format(before=show(before.value), after=show(after.value)),
            found=shown(fault.found),
            required=condition(fault.test, (*subject.tokens, *fault.at)),
        )

    return judge_each(obligation, context, judge)


def _grew(spec: Growth, before: Fact, after: Fact) -> bool:
    """Whether it has grown by much: so many times, or by so much."""
    then, now = _number(before.value) or 0, _number(after.value) or 0
    times = spec.factor is not None and now >= spec.factor * then
    more = spec.increase is not None and now - then >= spec.increase
    return now > then and (times or more)


def _number(value: Json) -> float | None:
    # A truth value is a number to Python.
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


KIND = Kind("growth", Growth, check_growth)
