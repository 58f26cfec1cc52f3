"""Fuzzes one obligation: draws situations around a description and tests the laws in each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import TypeAlias

from hypothesis import strategies as st
from msgspec import Struct, field

from pytest_icp.authoring.fuzzing.breach import Breach, GaveUp, Law
from pytest_icp.authoring.fuzzing.crashes import crash_of, every_description_is_decided
from pytest_icp.authoring.fuzzing.drawing import EXAMPLES, Effort, StopTrying, try_each
from pytest_icp.authoring.fuzzing.laws import laws
from pytest_icp.authoring.fuzzing.reduced import reduced
from pytest_icp.authoring.strategies.moves import Walker
from pytest_icp.authoring.strategies.situations import Situation
from pytest_icp.authoring.strategies.solving import Draw
from pytest_icp.authoring.strategies.trial import CheckCrashed, Trial, can_be_read
from pytest_icp.authoring.strategies.verdicts import approached
from pytest_icp.kinds.finding import Outcome, Verdict
from pytest_icp.kinds.standing import standing_name
from pytest_icp.law.text import Text, plain

_FEW_STEPS = 12
_MOST_CHANGES = 3
_SEARCHES = 20
"""Searches for a violation, per situation tried, when none was met by chance."""


class BreachFound(StopTrying):
    """A law was broken in a situation that Hypothesis drew."""

    def __init__(self, law: Law, situation: Situation, breach: Breach) -> None:
        super().__init__(breach.law.en)
        self.law = law
        self.situation = situation
        self.breach = breach


class _VerdictReached(StopTrying):
    """The search met a situation with the verdict."""


Laws: TypeAlias = Callable[[int], tuple[Law, ...]]
"""Returns the laws that are tested in a situation, by the number of situations before it."""


class Tally(Struct):
    """The situations tried, their verdicts, and the outcomes at which searches ended."""

    laws: Laws = laws
    tried: list[Situation] = field(default_factory=list)
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    ends: Counter[Text] = field(default_factory=Counter)

    def missed(self, outcome: Outcome) -> None:
        """Count the outcome at which a search ended."""
        messages = [f.message for f in outcome.findings if f.verdict is outcome.verdict]
        reason = messages[0] if messages else outcome.reason
        self.ends[standing_name(outcome.verdict) + plain(": ") + reason] += 1


def fuzz(
    trial: Trial, around: Situation, effort: Effort, laws: Laws = laws
) -> Breach | GaveUp | None:
    """Fuzz an obligation around a situation; return the first law that is broken, if one is.

    Gives up on an obligation that no situation violates: perhaps it checks nothing.
    """
    tally = Tally(laws=laws)
    try:
        try_each(
            _situations(trial, around), partial(try_laws, trial, tally), effort, effort.situations
        )
        bites = tally.verdicts[Verdict.VIOLATED] or reach(trial, around, effort, tally)
        if not bites:
            reasons = tuple(tally.ends.most_common(2))
            return GaveUp(tries=sum(tally.ends.values()), reasons=reasons)
    except BreachFound as found:
        retry = partial(_breach, found.law, trial, cause=found.breach.cause)
        return reduced(found.situation, found.breach, retry)
    return None


def try_laws(trial: Trial, tally: Tally, situation: Situation) -> None:
    """Test every law in a situation."""
    turn = len(tally.tried)
    every: tuple[Law, ...] = (every_description_is_decided, *tally.laws(turn))
    if situation in tally.tried:
        # It was drawn before. Only laws that try other days each turn may find something new.
        before = (every_description_is_decided, *tally.laws(turn - 1))
        every = tuple(law for law in every if law not in before)
    for law in every:
        try:
            breach = next(law(trial, situation), None)
        except CheckCrashed as crash:
            # It crashed in a variation that the law made.
            law, situation = every_description_is_decided, crash.situation  # noqa: PLW2901
            breach = crash_of(crash)
        if breach is not None:
            raise BreachFound(law, situation, breach)
    tally.tried.append(situation)
    tally.verdicts[trial.verdict(situation)] += 1


def _breach(law: Law, trial: Trial, situation: Situation, *, cause: str) -> Breach | None:
    """Test one law again; None for a crash with another cause."""
    try:
        breach = next(law(trial, situation), None)
    except CheckCrashed:
        return None
    return breach if breach is not None and breach.cause == cause else None


def _situations(trial: Trial, around: Situation) -> st.SearchStrategy[Situation]:
    """Return a strategy for the description itself and for others a few changes away."""

    @st.composite
    def situations(draw: st.DrawFn) -> Situation:
        return near(draw, trial, around)

    return situations()


def near(draw: Draw, trial: Trial, around: Situation) -> Situation:
    """Return a situation a few changes away from one, or one where a check crashes."""
    target: Verdict | None = draw(st.sampled_from([None, *Verdict]))
    here = around
    try:
        if target in {Verdict.VIOLATED, Verdict.SATISFIED}:
            return approached(draw, trial, target, around, fixed_day=False, steps=_FEW_STEPS)[0]
        walker = Walker(trial, fixed_day=False)
        for _ in range(draw(st.integers(1, _MOST_CHANGES)) if target else 0):
            there = walker.step(draw, here, trial.outcome(here), target or Verdict.UNKNOWN)
            here = there if can_be_read(there.document) else here
    except CheckCrashed as crash:
        return crash.situation
    return here


def reach(trial: Trial, around: Situation, effort: Effort, tally: Tally) -> bool:
    """Search for a violation, and test the laws in it; return whether there is one."""
    target = Verdict.VIOLATED

    @st.composite
    def nearer(draw: st.DrawFn) -> Situation:
        here, outcome = approached(draw, trial, target, around, fixed_day=False)
        if outcome.verdict is not target:
            tally.missed(outcome)
        return here

    def test(situation: Situation) -> None:
        if trial.verdict(situation) is target:
            try_laws(trial, tally, situation)
            raise _VerdictReached

    try:
        # Who asks for few situations has no rule given up that others find violated.
        searches = max(effort.situations, EXAMPLES["ci"]) * _SEARCHES
        try_each(nearer(), test, effort, searches)
    except _VerdictReached:
        return True
    except CheckCrashed as crash:
        law = every_description_is_decided
        raise BreachFound(law, crash.situation, crash_of(crash)) from crash
    return False
