"""The outcomes of fuzzing: an obligation breaks a law, crashes, or could not be tested."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct

from pytest_icp.authoring.fuzzing import messages as say
from pytest_icp.authoring.strategies.documents import Situation
from pytest_icp.authoring.strategies.trial import CheckCrashed, Trial
from pytest_icp.kinds.finding import Verdict
from pytest_icp.law.text import Text, plain


class BrokenLaw(Struct, frozen=True):
    """A law (法则) that is broken in one situation.

    ``law`` is the law in a sentence; ``found`` the verdict there, ``expected`` what the law
    requires, both None for a crash; ``why`` the reason for it; ``cause`` identifies a crash.
    """

    law: Text
    situation: Situation
    found: Verdict | None
    expected: Verdict | None
    why: Text
    cause: str = ""


class GaveUp(Struct, frozen=True, kw_only=True):
    """No violation was found in so many tries; ``reasons`` are the most common outcomes."""

    tries: int
    reasons: tuple[tuple[Text, int], ...]


Law: TypeAlias = Callable[[Trial, Situation], Iterator[BrokenLaw]]
"""Tests an obligation in variations of a situation, always in the same order."""


# ---- A check never crashes


def every_description_is_decided(trial: Trial, situation: Situation) -> Iterator[BrokenLaw]:
    """Decide once; whatever the check raises is a breach."""
    try:
        trial.verdict(situation)
    except CheckCrashed as crash:
        yield crash_of(crash)


def crash_of(crash: CheckCrashed) -> BrokenLaw:
    """Return a crash as a breach, with its error and the line that raised it."""
    error = crash.__cause__
    frames = traceback.extract_tb(error.__traceback__) if error else []
    own = [frame for frame in frames if "pytest_icp" not in Path(frame.filename).parts]
    frame = (own or frames)[-1]
    at = f"{Path(frame.filename).name}:{frame.lineno}"
    why = plain(f"{type(error).__name__}: {error} ({at})")
    cause = f"{type(error).__name__} {at}"
    return BrokenLaw(say.CRASH_LAW, crash.situation, None, None, why, cause)
