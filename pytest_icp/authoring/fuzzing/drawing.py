"""Which situations are tried (取样): those that a seed stands for, in every process the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

import hypothesis
from hypothesis import HealthCheck
from hypothesis import strategies as st
from hypothesis.database import (
    DirectoryBasedExampleDatabase,
    ExampleDatabase,
    InMemoryExampleDatabase,
)
from msgspec import Struct

from pytest_icp.authoring.strategies.situations import Situation
from pytest_icp.authoring.strategies.trial import CheckCrashed

Test: TypeAlias = Callable[[Situation], None]

EXAMPLES = MappingProxyType({"ci": 6, "nightly": 200})
"""In how many situations each obligation is tried."""

_SEED_OF_CI = "ci"
_BYTES = 8192
"""How much chance one situation may use up; none needs a tenth of it."""

_KEY = b"situations"
_SETTINGS = hypothesis.settings(
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    verbosity=hypothesis.Verbosity.quiet,
)


class Enough(Exception):  # noqa: N818 - what happened, not an error
    """What was tried for has been met: nothing more is tried."""


class Effort(Struct, frozen=True, kw_only=True):
    """How hard fuzzing tries (力度).

    ``profile`` tells whether the same examples are tried each time (``ci``) or new ones
    (``nightly``); ``examples`` how many, the profile's own number when None; ``seed`` makes
    any run repeat itself; ``database`` is the folder that remembers what failed, where what is
    tried is new each time.
    """

    profile: Literal["ci", "nightly"] = "ci"
    examples: int | None = None
    seed: str | None = None
    database: Path | None = None

    @property
    def situations(self) -> int:
        """In how many situations each obligation is tried."""
        return self.examples or EXAMPLES[self.profile]

    def kept(self) -> ExampleDatabase:
        """Return what is remembered: nothing where the same is tried each time anyway."""
        repeats = self.profile == "ci" or self.seed is not None
        if repeats or self.database is None:
            return InMemoryExampleDatabase()
        return DirectoryBasedExampleDatabase(self.database)

    def chance(self) -> Iterator[bytes]:
        """Yield what situations are drawn out of, the simplest first."""
        yield bytes(_BYTES)
        fixed = self.seed or (_SEED_OF_CI if self.profile == "ci" else None)
        random = Random(fixed)  # noqa: S311 - nothing is secret
        while True:
            yield random.randbytes(_BYTES)


def try_each(
    situations: st.SearchStrategy[Situation], test: Test, effort: Effort, examples: int
) -> None:
    """Try a test in so many situations, until it raises `Enough` or a check crashes.

    Hypothesis makes them out of bytes that are drawn here. What its own engine draws depends on
    the constants in the modules that are imported at the time, and so on what else is tested.
    Nothing is shrunk: what is found is made small by leaving facts out.
    """

    # Hypothesis takes functions alone.
    def drawn(situation: Situation) -> None:
        test(situation)

    run: Any = _SETTINGS(hypothesis.given(situations)(drawn))
    kept = effort.kept()
    remembered = sorted(kept.fetch(_KEY))
    for chance in (*remembered, *islice(effort.chance(), examples)):
        try:
            run.hypothesis.fuzz_one_input(chance)
        except (Enough, CheckCrashed):
            kept.save(_KEY, chance)
            raise
        kept.delete(_KEY, chance)
