"""Changes of a policy as reports show them, and the score of a provision."""

from __future__ import annotations

from msgspec import Struct

from pytest_icp.law.location import Place


class Change(Struct, frozen=True, kw_only=True):
    """One change of a policy (变异).

    ``rule`` is the changed rule, or the provision where the change affects all its rules;
    ``id`` names the change within it; ``before`` and ``after`` are the lines of the file.
    """

    rule: str
    id: str
    operator: str
    place: Place
    before: tuple[str, ...]
    after: tuple[str, ...]


class Survivor(Struct, frozen=True, kw_only=True):
    """A change that no case noticed (存活变异); ``reason`` explains why none could."""

    change: Change
    reason: str = ""


class Score(Struct, frozen=True, kw_only=True):
    """How many changes of a provision were tried, noticed, and impossible to notice (得分)."""

    provision: str
    tried: int
    killed: int
    equivalent: int

    @property
    def percent(self) -> float:
        """The share of noticed changes among those that can be noticed."""
        counted = self.tried - self.equivalent
        return 100 * self.killed / counted if counted else 100.0
