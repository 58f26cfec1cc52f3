"""What is tried: the simplest first, the same for the same seed, and what failed again."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.database import InMemoryExampleDatabase

from pytest_icp.authoring.fuzzing.running import EXAMPLES, Effort, StopTrying, try_each
from pytest_icp.authoring.strategies.documents import Situation
from pytest_icp.authoring.strategies.trial import CheckCrashed
from tests.authoring.fuzzing.fuzzed import situation

SITUATIONS = st.integers(0).map(lambda number: situation({"company": {"name": str(number)}}))


def tried(effort: Effort, examples: int = 8) -> list[str]:
    names: list[str] = []
    try_each(SITUATIONS, lambda one: names.append(name(one)), effort, examples)
    return names


def name(one: Situation) -> str:
    return str(one.document["company"]["name"])


def test_each_profile_has_its_number() -> None:
    assert [Effort(profile=name).situations for name in ("ci", "nightly")] == [*EXAMPLES.values()]
    assert Effort(examples=3).situations == 3


def test_the_simplest_comes_first_and_the_others_differ() -> None:
    names = tried(Effort())
    assert (names[0], len(names), len({*names})) == ("0", 8, 8)


REPEATING = [Effort(), Effort(seed="7"), Effort(profile="nightly", seed="7")]


@pytest.mark.parametrize("effort", REPEATING)
def test_what_repeats_is_the_same_each_time(effort: Effort) -> None:
    assert tried(effort) == tried(effort)


def test_seeds_and_nights_differ() -> None:
    efforts = [
        Effort(),
        *(Effort(seed=seed) for seed in ("0", "7", "word")),
        *[Effort(profile="nightly")] * 2,
    ]
    assert len({tuple(tried(effort)) for effort in efforts}) == len(efforts)


def test_a_seed_means_the_same_in_each_profile() -> None:
    assert tried(Effort(seed="7")) == tried(Effort(profile="nightly", seed="7"))


def failing(effort: Effort, *, at: str = "7", error: Exception | None = None) -> list[str]:
    """Return what is tried until something fails: a number that ends so."""
    names: list[str] = []

    def test(one: Situation) -> None:
        names.append(name(one))
        if name(one).endswith(at):
            raise error or StopTrying

    with pytest.raises(type(error or StopTrying())):
        try_each(SITUATIONS, test, effort, 500)
    return names


CRASH = CheckCrashed("OWN/x", situation({}))


@pytest.mark.parametrize("error", [StopTrying(), CRASH])
def test_what_failed_at_night_is_tried_first(tmp_path: Path, error: Exception) -> None:
    effort = Effort(profile="nightly", database=tmp_path / "kept")
    first = failing(effort, error=error)
    assert failing(effort, error=error) == first[-1:]


def test_what_fails_no_more_is_forgotten(tmp_path: Path) -> None:
    effort = Effort(profile="nightly", database=tmp_path / "kept")
    (*_, failed) = failing(effort)
    assert tried(effort, 3)[0] == failed
    assert tried(effort, 3)[0] == "0"


def test_another_error_is_our_own_mistake(tmp_path: Path) -> None:
    effort = Effort(profile="nightly", database=tmp_path / "kept")
    failing(effort, error=RuntimeError())
    assert tried(effort, 3)[0] == "0"


@pytest.mark.parametrize("given", [{}, {"seed": "7"}, {"seed": "7", "profile": "nightly"}])
def test_what_repeats_remembers_nothing(tmp_path: Path, given: dict[str, Any]) -> None:
    effort = Effort(database=tmp_path / "kept", **given)
    assert failing(effort) == failing(effort)
    assert not (tmp_path / "kept").exists()


def test_night_without_a_folder_remembers_nothing() -> None:
    assert isinstance(Effort(profile="nightly").example_database(), InMemoryExampleDatabase)


def test_chance_is_endless_and_begins_with_nothing() -> None:
    first, second, third = islice(Effort().random_bytes(), 3)
    assert (first.strip(b"\0"), len(first)) == (b"", len(second))
    assert second != third
