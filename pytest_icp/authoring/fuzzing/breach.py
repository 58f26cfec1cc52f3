"""The outcomes of fuzzing: an obligation breaks a law, or could not be tested."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from msgspec import Struct

from pytest_icp.authoring.strategies.situations import Situation
from pytest_icp.authoring.strategies.trial import Trial
from pytest_icp.law.text import Text


class Breach(Struct, frozen=True, kw_only=True):
    """A law (法则) that is broken in one situation.

    ``law`` is the law in a sentence; ``found`` the verdict there, ``expected`` what the law
    requires; ``why`` the reason for it; ``cause`` identifies a crash.
    """

    law: Text
    situation: Situation
    found: Text
    expected: Text
    why: Text
    cause: str = ""


class GaveUp(Struct, frozen=True, kw_only=True):
    """No violation was found in so many tries; ``reasons`` are the most common outcomes."""

    tries: int
    reasons: tuple[tuple[Text, int], ...]


Law: TypeAlias = Callable[[Trial, Situation], Iterator[Breach]]
"""Tests an obligation in variations of a situation, always in the same order."""
