"""Obligations fuzzed in process, around a few facts."""

from __future__ import annotations

from typing import Any

from pytest_icp.authoring.fuzzing.running import Effort, fuzz
from pytest_icp.authoring.fuzzing.tried import BrokenLaw, GaveUp
from pytest_icp.authoring.strategies.moves import trial_of
from pytest_icp.authoring.strategies.trial import VERSION, Situation, Trial
from pytest_icp.kinds import Kind
from pytest_icp.kinds.finding import Outcome, Verdict
from pytest_icp.law.text import plain
from pytest_icp.rules.policy import Obligation, Spec
from tests.obligations import obligation

AS_OF = "2024-06-03"


def situation(facts: dict[str, Any], as_of: str = AS_OF) -> Situation:
    return Situation(document={**VERSION, **facts}, as_of=as_of)


def fuzzed(
    made: Obligation, facts: dict[str, Any], effort: Effort | None = None
) -> BrokenLaw | GaveUp | None:
    return fuzz(trial_of(made, None), situation(facts), effort or Effort())


def own(check: Any, each: str = "sites", *, kind: str = "own_kind", **fields: Any) -> Trial:
    """Return a trial of a kind, by default of the user's, that a function decides."""

    def decided(_: Obligation, context: Any) -> Outcome:
        verdict = check(context.view.facts, context)
        return Outcome(
            verdict=verdict
            if isinstance(verdict, Verdict)
            else Verdict.SATISFIED
            if verdict
            else Verdict.VIOLATED,
            reason=plain("told"),
        )

    made = obligation(kind, each, **fields)
    known = trial_of(made, None)
    return Trial(obligation=made, policy=known.policy, kinds={kind: Kind(kind, Spec, decided)})
