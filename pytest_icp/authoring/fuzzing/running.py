"""Fuzzes one obligation: draws situations around a description and tests the laws in each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterator
from functools import partial
from itertools import islice
from random import Random
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, TypeAlias

import hypothesis
from hypothesis import HealthCheck
from hypothesis import strategies as st
from msgspec import Struct, field
from msgspec.structs import replace

from pytest_icp.authoring.fuzzing.laws import laws
from pytest_icp.authoring.fuzzing.tried import (
    BrokenLaw,
    GaveUp,
    Law,
    crash_of,
    every_description_is_decided,
    neighbours,
)
from pytest_icp.authoring.strategies.moves import Draw, Walker, approached
from pytest_icp.authoring.strategies.trial import (
    CheckCrashed,
    Situation,
    Tokens,
    Trial,
    can_be_read,
    found_at,
    without,
)
from pytest_icp.kinds.finding import Outcome, Verdict
from pytest_icp.kinds.standing import standing_name
from pytest_icp.law.text import Text, plain

# ---- What is drawn: the same for a seed in every process


EXAMPLES = MappingProxyType({"ci": 6, "nightly": 200})
"""The number of situations in which each obligation is tried."""

_SEED_OF_CI = "ci"
_BYTES = 8192
"""The bytes that one situation may use up; none needs a tenth of them."""

_SETTINGS = hypothesis.settings(
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    verbosity=hypothesis.Verbosity.quiet,
)


class Effort(Struct, frozen=True, kw_only=True):
    """How hard fuzzing tries (力度).

    ``profile`` decides whether the same examples are tried each time (``ci``) or new ones
    (``nightly``); ``examples`` is their number, the profile's own when None; ``seed`` makes any
    run repeatable.
    """

    profile: Literal["ci", "nightly"] = "ci"
    examples: int | None = None
    seed: str | None = None

    @property
    def situations(self) -> int:
        """The number of situations in which each obligation is tried."""
        return self.examples or EXAMPLES[self.profile]

    def random_bytes(self) -> Iterator[bytes]:
        """Yield the bytes that situations are drawn from, the simplest first."""
        yield bytes(_BYTES)
        fixed = self.seed or (_SEED_OF_CI if self.profile == "ci" else None)
        random = Random(fixed)  # noqa: S311 - nothing is secret
        while True:
            yield random.randbytes(_BYTES)


def drawn(
    situations: st.SearchStrategy[Situation], effort: Effort, examples: int
) -> Iterator[Situation]:
    """Yield so many situations.

    Hypothesis makes them from bytes that are drawn here: what its own engine draws depends on the
    constants in the modules imported so far, and so on the other tests. Nothing is shrunk here;
    `reduced` makes a counterexample small.
    """
    found: list[Situation] = []

    # Hypothesis accepts functions only.
    def keep(situation: Situation) -> None:
        found.append(situation)

    run: Any = _SETTINGS(hypothesis.given(situations)(keep))
    for data in islice(effort.random_bytes(), examples):
        run.hypothesis.fuzz_one_input(data)
        yield from found
        found.clear()


# ---- A counterexample as small as possible (最小反例)


Retry: TypeAlias = Callable[[Situation], BrokenLaw | None]
"""Tests one law in a situation; None where it is kept."""

_MOST_TRIES = 600
_KEPT = frozenset({"apiVersion", "id"})


def reduced(situation: Situation, breach: BrokenLaw, retry: Retry) -> BrokenLaw:
    """Remove one part after another from a situation as long as it still breaks the law.

    Return the breach in the smallest situation reached in a bounded number of tries.
    """
    bare = replace(situation, files=())
    if situation.files and (smaller_breach := retry(bare)):
        situation, breach = bare, smaller_breach
    tried: set[Tokens] = set()
    removed = False
    for _ in range(_MOST_TRIES):
        at = _untried(situation, tried)
        if at is None and removed:
            # What had to stay may go without what has gone since.
            tried, removed = set(), False
            at = _untried(situation, tried)
        if at is None:
            break
        tried.add(at)
        smaller = situation.having(without(situation.document, at))
        if can_be_read(smaller.document) and (smaller_breach := retry(smaller)):
            situation, breach, removed = smaller, smaller_breach, True
    return breach


def _untried(situation: Situation, tried: Container[Tokens]) -> Tokens | None:
    return next((at for at in _removable(situation.document, ()) if at not in tried), None)


def _removable(value: object, at: Tokens) -> Iterator[Tokens]:
    """Yield the places that may be removed, the whole before its parts, lists from the end."""
    if isinstance(value, dict):
        inside: list[Tokens] = [(*at, name) for name in value if name not in _KEPT]
    elif isinstance(value, list):
        inside = [(*at, i) for i in reversed(range(len(value)))]
    else:
        return
    yield from inside
    for place in inside:
        yield from _removable(found_at(value, place[-1:]), place)


# ---- The laws in what is drawn


_FEW_STEPS = 12
_MOST_CHANGES = 3
_SEARCHES = 20
"""Searches for a violation, per situation tried, when none was met by chance."""


class Counterexample(NamedTuple):
    """A law that is broken in a situation."""

    law: Law
    situation: Situation
    breach: BrokenLaw


class Attempts(Struct):
    """The situations tried, their verdicts, and the outcomes at which searches ended."""

    tried: list[Situation] = field(default_factory=list)
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    ends: Counter[Text] = field(default_factory=Counter)

    def missed(self, outcome: Outcome) -> None:
        """Count the outcome at which a search ended."""
        messages = [f.message for f in outcome.findings if f.verdict is outcome.verdict]
        reason = messages[0] if messages else outcome.reason
        self.ends[standing_name(outcome.verdict) + plain(": ") + reason] += 1


def fuzz(trial: Trial, around: Situation, effort: Effort) -> BrokenLaw | GaveUp | None:
    """Fuzz an obligation around a situation; return the first law that is broken, if one is.

    Gives up on an obligation that no situation violates: perhaps it checks nothing.
    """
    tally = Attempts()
    tried = drawn(_situations(trial, around), effort, effort.situations)
    found = next(filter(None, (try_laws(trial, tally, one) for one in tried)), None)
    if found is None and not tally.verdicts[Verdict.VIOLATED]:
        try:
            violation = violated(trial, around, effort, tally)
        except CheckCrashed as crash:
            found = _crashed(crash)
        else:
            if violation is None:
                reasons = tuple(tally.ends.most_common(2))
                return GaveUp(tries=sum(tally.ends.values()), reasons=reasons)
            found = try_laws(trial, tally, violation)
    if found is None:
        return None
    retry = partial(_breach, found.law, trial, cause=found.breach.cause)
    return reduced(found.situation, found.breach, retry)


def try_laws(trial: Trial, tally: Attempts, situation: Situation) -> Counterexample | None:
    """Test every law in a situation; return the first that is broken, if one is."""
    turn = len(tally.tried)
    every: tuple[Law, ...] = (every_description_is_decided, *laws(turn))
    if situation in tally.tried:
        # It was drawn before. Only laws that try other days each turn may find something new.
        before = (every_description_is_decided, *laws(turn - 1))
        every = tuple(law for law in every if law not in before)
    for law in every:
        try:
            breach = next(law(trial, situation), None)
        except CheckCrashed as crash:
            # It crashed in a variation that the law made.
            return _crashed(crash)
        if breach is not None:
            return Counterexample(law, situation, breach)
    tally.tried.append(situation)
    tally.verdicts[trial.verdict(situation)] += 1
    return None


def _crashed(crash: CheckCrashed) -> Counterexample:
    return Counterexample(every_description_is_decided, crash.situation, crash_of(crash))


def _breach(law: Law, trial: Trial, situation: Situation, *, cause: str) -> BrokenLaw | None:
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


def violated(trial: Trial, around: Situation, effort: Effort, tally: Attempts) -> Situation | None:
    """Search for a violation; None where there is none. Raises `CheckCrashed`.

    After some changes at random, one of every fact is tried: what random changes come to is most
    often satisfied, and a violation is one change away.
    """

    @st.composite
    def nearer(draw: st.DrawFn) -> Situation:
        return approached(draw, trial, Verdict.VIOLATED, around, fixed_day=False)[0]

    # Who asks for few situations has no rule given up that others find violated.
    searches = max(effort.situations, EXAMPLES["ci"]) * _SEARCHES
    for here in drawn(nearer(), effort, searches):
        outcome = trial.outcome(here)
        if outcome.verdict is Verdict.VIOLATED:
            return here
        tally.missed(outcome)
        if outcome.verdict is Verdict.NOT_APPLICABLE:
            continue
        for _, _, other in neighbours(trial, here):
            if trial.verdict(other) is Verdict.VIOLATED and can_be_read(other.document):
                return other
    return None
