"""Strategies for situations with a given verdict (满足、违反、无法判断), for any kind.

They search step by step: starting from a given situation, or from nothing, they change one fact
after another to a value that the policy, the schema and the other facts make worth trying, until
the engine gives the verdict.
"""

from __future__ import annotations

from hypothesis import reject
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from pytest_icp.authoring.strategies.moves import Draw, Walker
from pytest_icp.authoring.strategies.trial import VERSION, Situation, Trial, can_be_read
from pytest_icp.kinds.finding import Outcome, Verdict
from pytest_icp.law.text import Text
from pytest_icp.law.times import TimeError, as_of_instant
from pytest_icp.rules.policy import Obligation, Policy

AS_OF = "2024-06-03"
"""The default as-of day of situations: a working day."""

_STEPS = 40
"""The number of changes after which an example is given up."""

_STUCK = 6
"""The number of times that the same change is tried once more in vain."""

_NOTHING = Text(zh="", en="")


def situations(
    obligation: Obligation,
    verdict: Verdict,
    *,
    policy: Policy | None = None,
    around: Situation | None = None,
    as_of: str | None = None,
) -> st.SearchStrategy[Situation]:
    """Return situations in which the engine finds a verdict on an obligation.

    ``policy`` is the provision of the obligation, for its applicability; ``around`` a situation
    to start from, by default one that declares nothing; ``as_of`` the day on which all are
    judged, by default any.

    Examples shrink to ``around`` where that has the verdict, else to few changes of it. Where none
    is found, Hypothesis reports that it cannot satisfy the strategy.

    Raises `InvalidArgument` for an ``as_of`` that is not a day, and an obligation with parts.
    """
    try:
        as_of_instant(as_of or AS_OF)
    except TimeError as error:
        raise InvalidArgument(f"as_of={as_of!r}: {error}") from error
    trial = trial_of(obligation, policy)
    start = around or Situation(document=dict(VERSION), as_of=as_of or AS_OF)

    @st.composite
    def found(draw: st.DrawFn) -> Situation:
        here, outcome = approached(draw, trial, verdict, start, fixed_day=as_of is not None)
        return here if outcome.verdict is verdict else reject()

    return found()


def trial_of(obligation: Obligation, policy: Policy | None) -> Trial:
    """Return a trial of an obligation; without its policy it applies to everyone.

    Raises `InvalidArgument` for one with parts: each of them is decided by itself.
    """
    if obligation.parts:
        named = ", ".join(part.part for part in obligation.parts)
        raise InvalidArgument(f"{obligation.rule_id} has parts, of which one is wanted: {named}")
    return Trial(obligation=obligation, policy=policy or _alone(obligation))


def _alone(obligation: Obligation) -> Policy:
    from pathlib import PurePath

    from pytest_icp.rules.policy import ALWAYS

    return Policy(
        id=obligation.provision,
        article="",
        title=_NOTHING,
        text=_NOTHING,
        reading=None,
        limits=None,
        applies=ALWAYS,
        obligations=(obligation,),
        path=PurePath(),
        family="",
    )


def approached(
    draw: Draw,
    trial: Trial,
    target: Verdict,
    start: Situation,
    *,
    fixed_day: bool,
    steps: int = _STEPS,
) -> tuple[Situation, Outcome]:
    """Walk from a situation towards a verdict; return the nearest one in so many steps."""
    walker = Walker(trial, fixed_day)
    here, outcome = start, trial.outcome(start)
    last, again = start, 0
    for _ in range(steps):
        if outcome.verdict is target or again == _STUCK:
            break
        there = walker.step(draw, here, outcome, target)
        last, again = there, again + 1 if there == last else 0
        if again or there == here or not can_be_read(there.document):
            continue
        beyond = trial.outcome(there)
        if distance(beyond, target) <= distance(outcome, target):
            here, outcome = there, beyond
    return here, outcome


def distance(outcome: Outcome, target: Verdict) -> int:
    """Estimate how far an outcome is from a verdict."""
    if outcome.verdict is target:
        return 0
    if outcome.verdict is Verdict.NOT_APPLICABLE:
        return 1000
    if target is not Verdict.SATISFIED:
        # How much is not known, or wrong, says nothing of how far it is to a violation.
        return 200 if outcome.findings else 100
    far = 500 if outcome.verdict is Verdict.UNKNOWN else 100
    return min(far, len(outcome.findings)) if outcome.findings else far - 1
