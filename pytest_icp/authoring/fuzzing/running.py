"""One obligation is fuzzed: Hypothesis draws situations around a description, laws are tried."""

from __future__ import annotations

from collections import Counter
from functools import partial

from hypothesis import strategies as st
from msgspec import Struct, field

from pytest_icp.authoring.fuzzing.breach import Breach, GaveUp, Law
from pytest_icp.authoring.fuzzing.crashes import crash_of, every_description_is_decided
from pytest_icp.authoring.fuzzing.drawing import Effort, Enough, try_each
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
"""For each situation that is tried, how many searches a verdict that was never met is worth."""


class Found(Enough):
    """A law was broken about a situation that Hypothesis drew."""

    def __init__(self, law: Law, situation: Situation, breach: Breach) -> None:
        super().__init__(breach.law.en)
        self.law = law
        self.situation = situation
        self.breach = breach


class _Reached(Enough):
    """A verdict that was searched for was met."""


class Tally(Struct):
    """How often each verdict was met, and at what the searches for others ended."""

    tried: int = 0
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    ends: Counter[Text] = field(default_factory=Counter)

    def missed(self, outcome: Outcome) -> None:
        """Note at what a search for a verdict ended."""
        wanting = [f.message for f in outcome.findings if f.verdict is outcome.verdict]
        reason = wanting[0] if wanting else outcome.reason
        self.ends[standing_name(outcome.verdict) + plain(": ") + reason] += 1


def fuzz(trial: Trial, around: Situation, effort: Effort) -> Breach | GaveUp | None:
    """Fuzz an obligation around a situation; return the first law that is broken, if one is.

    An obligation that no situation was found to violate is given up: it checks nothing.
    """
    tally = Tally()
    try:
        try_each(_situations(trial, around), partial(_try, trial, tally), effort, effort.situations)
        bites = tally.verdicts[Verdict.VIOLATED] or reach(trial, around, effort, tally)
        if not bites:
            reasons = tuple(tally.ends.most_common(2))
            return GaveUp(tries=sum(tally.ends.values()), reasons=reasons)
    except Found as found:
        again = partial(_breach, found.law, trial, cause=found.breach.cause)
        return reduced(found.situation, found.breach, again)
    return None


def _try(trial: Trial, tally: Tally, situation: Situation) -> None:
    """Try every law about a situation."""
    for law in (every_description_is_decided, *laws(tally.tried)):
        try:
            breach = next(law(trial, situation), None)
        except CheckCrashed as crash:
            # The law met it on the way, in a situation of its own.
            law, situation = every_description_is_decided, crash.situation  # noqa: PLW2901
            breach = crash_of(crash)
        if breach is not None:
            raise Found(law, situation, breach)
    tally.tried += 1
    tally.verdicts[trial.verdict(situation)] += 1


def _breach(law: Law, trial: Trial, situation: Situation, *, cause: str) -> Breach | None:
    """Try one law again; another crash is another breach."""
    try:
        breach = next(law(trial, situation), None)
    except CheckCrashed:
        return None
    return breach if breach is not None and breach.cause == cause else None


def _situations(trial: Trial, around: Situation) -> st.SearchStrategy[Situation]:
    """Return the description itself, and others that are some changes away from it."""

    @st.composite
    def situations(draw: st.DrawFn) -> Situation:
        return near(draw, trial, around)

    return situations()


def near(draw: Draw, trial: Trial, around: Situation) -> Situation:
    """Return a situation some changes away from one, or the one where a check crashes."""
    wanted: Verdict | None = draw(st.sampled_from([None, *Verdict]))
    here = around
    try:
        if wanted in {Verdict.VIOLATED, Verdict.SATISFIED}:
            return approached(draw, trial, wanted, around, fixed_day=False, steps=_FEW_STEPS)[0]
        walker = Walker(trial, fixed_day=False)
        for _ in range(draw(st.integers(1, _MOST_CHANGES)) if wanted else 0):
            there = walker.step(draw, here, trial.outcome(here), wanted or Verdict.UNKNOWN)
            here = there if can_be_read(there.document) else here
    except CheckCrashed as crash:
        return crash.situation
    return here


def reach(trial: Trial, around: Situation, effort: Effort, tally: Tally) -> bool:
    """Search for a violation, which was not met so far, and try the laws where there is one."""
    wanted = Verdict.VIOLATED

    @st.composite
    def nearer(draw: st.DrawFn) -> Situation:
        here, outcome = approached(draw, trial, wanted, around, fixed_day=False)
        if outcome.verdict is not wanted:
            tally.missed(outcome)
        return here

    def test(situation: Situation) -> None:
        if trial.verdict(situation) is wanted:
            _try(trial, tally, situation)
            raise _Reached

    try:
        try_each(nearer(), test, effort, effort.situations * _SEARCHES)
    except _Reached:
        return True
    except CheckCrashed as crash:
        law = every_description_is_decided
        raise Found(law, crash.situation, crash_of(crash)) from crash
    return False
