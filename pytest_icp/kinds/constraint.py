"""Kind ``constraint`` (条件): facts of a kind satisfy a condition.

``each`` names the subjects, ``where`` those that it applies to, ``require`` what they must meet.
One call of a compiled schema decides a whole list when all is well; only otherwise are its
elements looked at one by one, to report which and why.
"""

from __future__ import annotations

from collections.abc import Sequence

from pytest_icp.kinds.context import Context
from pytest_icp.kinds.finding import Outcome, Verdict
from pytest_icp.kinds.judgement import SATISFIED, Judgement, blamed
from pytest_icp.kinds.kind import Kind
from pytest_icp.kinds.selection import judge_each, reason
from pytest_icp.kinds.subjects import Subject
from pytest_icp.law.blame import blame
from pytest_icp.law.condition import ANYTHING, Node, truth
from pytest_icp.law.jsontypes import Json
from pytest_icp.rules.policy import Obligation, Spec


class Constraint(Spec, frozen=True):
    """The condition that subjects must meet."""

    require: Node = ANYTHING


def check_constraint(obligation: Obligation, context: Context) -> Outcome:
    """Decide a ``constraint``."""
    require = obligation.spec_as(Constraint).require
    # One call cannot decide the whole list where more than ``where`` selects the subjects.
    narrowed = obligation.parent_where is not ANYTHING or obligation.serving is not None

    def judge(subject: Subject) -> Judgement:
        if truth(require, subject.value, context.decide):
            return SATISFIED
        return blamed(subject, blame(require, subject.value, context.decide))

    elements = context.view.facts.get(obligation.each)
    if narrowed or not isinstance(elements, list) or not elements:
        return judge_each(obligation, context, judge)
    if context.decide.all_comply(obligation.where, require, elements):
        return _at_once(obligation, context, elements)
    return judge_each(obligation, context, judge)


def _at_once(obligation: Obligation, context: Context, elements: Sequence[Json]) -> Outcome:
    applies = context.decide.any_possible(obligation.where, elements)
    verdict = Verdict.SATISFIED if applies else Verdict.NOT_APPLICABLE
    return Outcome(
        verdict=verdict,
        reason=reason(obligation, verdict, len(elements)),
        pointer=f"/{obligation.each}",
        subjects=len(elements) if applies else 0,
    )


KIND = Kind("constraint", Constraint, check_constraint)
