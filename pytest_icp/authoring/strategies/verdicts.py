"""Strategies for situations with a given verdict (满足、违反、无法判断), for any kind.

They search step by step: starting from a given situation, or from nothing, they change one fact
after another to a value that the policy, the schema and the other facts make worth trying, until
the engine gives the verdict.
"""

from __future__ import annotations

from hypothesis import reject
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from msgspec import Struct

from pytest_icp.authoring.strategies.documents import VERSION, Situation, Tokens
from pytest_icp.authoring.strategies.moves import Draw, Walker
from pytest_icp.authoring.strategies.trial import Trial, can_be_read
from pytest_icp.kinds.finding import Outcome, Verdict
from pytest_icp.law.jsontypes import pointer
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


class NearMiss(Struct, frozen=True, kw_only=True):
    """Two situations that differ in one fact, one satisfied and one violated (临界).

    ``changed`` is the JSON Pointer of that fact.
    """

    satisfied: Situation
    violated: Situation
    changed: str


def satisfying(
    obligation: Obligation,
    *,
    policy: Policy | None = None,
    around: Situation | None = None,
    as_of: str | None = None,
) -> st.SearchStrategy[Situation]:
    """Return situations in which the engine finds an obligation satisfied (满足).

    ``policy`` is the provision of the obligation, for its applicability; ``around`` a situation
    to start from, by default one that declares nothing; ``as_of`` the day on which all are
    judged, by default any.

    Examples shrink to ``around`` where that satisfies it, else to few changes of it. Where none
    is found, Hypothesis reports that it cannot satisfy the strategy.

    Raises `InvalidArgument` for an ``as_of`` that is not a day.
    """
    return answering(trial_of(obligation, policy), Verdict.SATISFIED, around=around, as_of=as_of)


def violating(
    obligation: Obligation,
    *,
    policy: Policy | None = None,
    around: Situation | None = None,
    as_of: str | None = None,
) -> st.SearchStrategy[Situation]:
    """Return situations that violate an obligation (违反); arguments as for `satisfying`.

    Examples shrink to few changes of ``around``.
    """
    return answering(trial_of(obligation, policy), Verdict.VIOLATED, around=around, as_of=as_of)


def undecided(
    obligation: Obligation,
    *,
    policy: Policy | None = None,
    around: Situation | None = None,
    as_of: str | None = None,
) -> st.SearchStrategy[Situation]:
    """Return situations in which an obligation is unknown (无法判断); else as `satisfying`.

    Examples shrink to few changes of ``around``.
    """
    return answering(trial_of(obligation, policy), Verdict.UNKNOWN, around=around, as_of=as_of)


def near_misses(
    obligation: Obligation,
    *,
    policy: Policy | None = None,
    around: Situation | None = None,
    as_of: str | None = None,
) -> st.SearchStrategy[NearMiss]:
    """Return pairs of situations, one satisfied and one violated, exactly one fact apart (临界).

    Arguments are those of `satisfying`. A whole record or document counts as one fact.

    Examples shrink to few changes of ``around``.
    """
    trial = trial_of(obligation, policy)

    @st.composite
    def misses(draw: st.DrawFn) -> NearMiss:
        start = draw(answering(trial, Verdict.SATISFIED, around=around, as_of=as_of))
        return missed(draw, trial, start) or reject()

    return misses()


def missed(draw: Draw, trial: Trial, start: Situation) -> NearMiss | None:
    """Walk through satisfied situations until one step violates; None where none does."""
    walker = Walker(trial, fixed_day=True)
    for _ in range(_STEPS):
        other = walker.step(draw, start, trial.outcome(start), Verdict.VIOLATED)
        changed = difference(start, other)
        if changed is None or not can_be_read(other.document):
            continue
        verdict = trial.verdict(other)
        if verdict is Verdict.VIOLATED:
            return NearMiss(satisfied=start, violated=other, changed=pointer(changed))
        if verdict is Verdict.SATISFIED:
            start = other
    return None


def difference(one: Situation, other: Situation) -> Tokens | None:
    """Return the one place where two situations differ; None where there is none, or several."""
    if one.as_of != other.as_of or one.files != other.files:
        return None
    places = _differing(one.document, other.document, ())
    return places[0] if len(places) == 1 else None


def _differing(one: object, other: object, at: Tokens) -> list[Tokens]:
    if type(one) is type(other) and one == other:
        return []
    if isinstance(one, dict) and isinstance(other, dict):
        names = {**one, **other}
        return [
            p for name in names for p in _differing(one.get(name), other.get(name), (*at, name))
        ]
    if isinstance(one, list) and isinstance(other, list):
        if len(one) == len(other):
            pairs = enumerate(zip(one, other, strict=True))
            return [p for i, (a, b) in pairs for p in _differing(a, b, (*at, i))]
        short, long = sorted((one, other), key=len)
        for i in range(len(long)):
            if long[:i] + long[i + 1 :] == short:
                return [(*at, i)]
        return [at, at]
    return [at]


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


def answering(
    trial: Trial, target: Verdict, *, around: Situation | None = None, as_of: str | None = None
) -> st.SearchStrategy[Situation]:
    """Return situations in which a trial ends with a verdict."""
    try:
        as_of_instant(as_of or AS_OF)
    except TimeError as error:
        raise InvalidArgument(f"as_of={as_of!r}: {error}") from error
    start = around or Situation(document=dict(VERSION), as_of=as_of or AS_OF)

    @st.composite
    def situations(draw: st.DrawFn) -> Situation:
        here, outcome = approached(draw, trial, target, start, fixed_day=as_of is not None)
        return here if outcome.verdict is target else reject()

    return situations()


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
