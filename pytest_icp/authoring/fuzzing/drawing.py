"""Draws the situations that fuzzing tries (取样), the same for a seed in every process."""

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
"""The number of situations in which each obligation is tried."""

_SEED_OF_CI = "ci"
_BYTES = 8192
"""The bytes that one situation may use up; none needs a tenth of them."""

_KEY = b"situations"
_SETTINGS = hypothesis.settings(
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    verbosity=hypothesis.Verbosity.quiet,
)


class StopTrying(Exception):  # noqa: N818 - what happened, not an error
    """Raised by a test to end the search: it has reached its goal."""


class Effort(Struct, frozen=True, kw_only=True):
    """How hard fuzzing tries (力度).

    ``profile`` decides whether the same examples are tried each time (``ci``) or new ones
    (``nightly``); ``examples`` is their number, the profile's own when None; ``seed`` makes any
    run repeatable; ``database`` is the folder of failed examples for runs that are not.
    """

    profile: Literal["ci", "nightly"] = "ci"
    examples: int | None = None
    seed: str | None = None
    database: Path | None = None

    @property
    def situations(self) -> int:
        """The number of situations in which each obligation is tried."""
        return self.examples or EXAMPLES[self.profile]

    def example_database(self) -> ExampleDatabase:
        """Return the failed examples of earlier runs; none where a run repeats itself anyway."""
        repeats = self.profile == "ci" or self.seed is not None
        if repeats or self.database is None:
            return InMemoryExampleDatabase()
        return DirectoryBasedExampleDatabase(self.database)

    def random_bytes(self) -> Iterator[bytes]:
        """Yield the bytes that situations are drawn from, the simplest first."""
        yield bytes(_BYTES)
        fixed = self.seed or (_SEED_OF_CI if self.profile == "ci" else None)
        random = Random(fixed)  # noqa: S311 - nothing is secret
        while True:
            yield random.randbytes(_BYTES)


def try_each(
    situations: st.SearchStrategy[Situation], test: Test, effort: Effort, examples: int
) -> None:
    """Run a test in so many situations, until it raises `StopTrying` or a check crashes.

    Hypothesis makes the situations from bytes that are drawn here: what its own engine draws
    depends on the constants in the modules imported so far, and so on the other tests. Nothing
    is shrunk here; `reduced` makes a counterexample small.
    """

    # Hypothesis accepts functions only.
    def drawn(situation: Situation) -> None:
        test(situation)

    run: Any = _SETTINGS(hypothesis.given(situations)(drawn))
    database = effort.example_database()
    remembered = sorted(database.fetch(_KEY))
    for data in (*remembered, *islice(effort.random_bytes(), examples)):
        try:
            run.hypothesis.fuzz_one_input(data)
        except (StopTrying, CheckCrashed):
            database.save(_KEY, data)
            raise
        database.delete(_KEY, data)
