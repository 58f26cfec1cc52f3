"""What fuzzing finds: a law that an obligation breaks, or that it could not be tried."""

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
    allows; ``why`` tells the other half of a comparison; ``cause`` tells crashes apart.
    """

    law: Text
    situation: Situation
    found: Text
    expected: Text
    why: Text
    cause: str = ""


class GaveUp(Struct, frozen=True, kw_only=True):
    """No situation was found that violates: out of how many tries, and what most ended at."""

    tries: int
    reasons: tuple[tuple[Text, int], ...]


Law: TypeAlias = Callable[[Trial, Situation], Iterator[Breach]]
"""Tries an obligation about one situation, always in the same order."""
