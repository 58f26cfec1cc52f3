"""What a changed policy is told by: where, which mistake, and who noticed."""

from __future__ import annotations

from msgspec import Struct

from pytest_icp.law.location import Place


class Change(Struct, frozen=True, kw_only=True):
    """One change of a policy (变异) as a reader sees it.

    ``rule`` is the rule that is changed, or the provision where the change is of all its rules;
    ``id`` names the change within it; ``before`` and ``after`` are the lines of the file.
    """

    rule: str
    id: str
    operator: str
    place: Place
    before: tuple[str, ...]
    after: tuple[str, ...]


class Survivor(Struct, frozen=True, kw_only=True):
    """A change that no case noticed (存活变异); ``reason`` where nobody could."""

    change: Change
    reason: str = ""


class Score(Struct, frozen=True, kw_only=True):
    """How many changes of one provision were tried, noticed, and could not be noticed (得分)."""

    provision: str
    tried: int
    killed: int
    equivalent: int

    @property
    def percent(self) -> float:
        """The share of the changes that was noticed, of those that could be."""
        counted = self.tried - self.equivalent
        return 100 * self.killed / counted if counted else 100.0
