"""What one file or one source may use (预算): time, bytes, elements and expansions.

The defaults are generous: what no real file needs, and a run still bears.
"""

from __future__ import annotations

import os
from time import process_time
from typing import Literal, TypeAlias

from msgspec import Struct

from pytest_icp.law.errors import IcpError
from pytest_icp.law.text import Text

Spent: TypeAlias = Literal["bytes", "elements", "expansions"]


class Budget(Struct, frozen=True, kw_only=True):
    """The budget of one source, or of one file of a description.

    ``seconds`` is processor time, so that a busy machine decides nothing. ``bytes`` are read
    from files. ``elements`` are values of YAML and JSON, directives, records, resources, rows.
    ``expansions`` are what a file makes of itself: values of aliases, characters of variables,
    lines and directives that includes insert, records of ``$GENERATE``, servers of sites.
    """

    seconds: float = 60
    bytes: int = 1024 * 1024 * 1024
    elements: int = 5_000_000
    expansions: int = 10_000_000


ALL_SOURCES = Budget(
    seconds=300, bytes=4 * 1024 * 1024 * 1024, elements=20_000_000, expansions=40_000_000
)
"""The budget of all sources of a description together."""


class OverBudgetError(IcpError):
    """A source takes more than its budget; ``message`` names which part of it, and how much."""

    def __init__(self, message: Text) -> None:
        super().__init__(message)
        self.message = message


_OFTEN = 1000
_NAMES = {
    "bytes": Text(zh="{n:,} 字节", en="{n:,} bytes"),
    "elements": Text(zh="{n:,} 个元素", en="{n:,} elements"),
    "expansions": Text(zh="展开 {n:,} 项", en="{n:,} expansions"),
    "seconds": Text(zh="处理器时间 {n:g} 秒", en="{n:g} seconds of processor time"),
}
_OVER = Text(zh="超出预算：最多{most}", en="over budget: more than {most}")
OVER_TOGETHER = Text(
    zh="超出一份描述全部来源的预算：合计最多{most}",
    en="over the budget of all sources of a description: more than {most}",
)
SMALLER = Text(
    zh="拆成几个较小的来源；限额见 docs/limits.zh.md",
    en="split it into smaller sources; docs/limits.md has the limits",
)


class Meter:
    """What has been spent of a budget since the meter was made.

    ``within`` is the meter of all sources together, ``over`` what is said beyond the budget.
    """

    def __init__(
        self, budget: Budget | None = None, *, within: Meter | None = None, over: Text = _OVER
    ) -> None:
        self._budget = budget or Budget()
        self._within, self._over = within, over
        self._left: dict[Spent, int] = {
            "bytes": self._budget.bytes,
            "elements": self._budget.elements,
            "expansions": self._budget.expansions,
        }
        self._ends = _processor_time() + self._budget.seconds
        self._until_check = _OFTEN

    def spend(self, what: Spent, n: int = 1) -> None:
        """Spend ``n`` of a part of the budget, and every thousand, or what is more, look at time.

        Raises `OverBudgetError` beyond it.
        """
        left = self._left[what] = self._left[what] - n
        if left < 0:
            raise self._beyond(what, getattr(self._budget, what))
        self._until_check -= n
        if self._until_check < 0:
            self._until_check = _OFTEN
            self.check_time()

    def check_time(self) -> None:
        """Raise `OverBudgetError` if the processor time is spent, with that of children."""
        if _processor_time() > self._ends:
            raise self._beyond("seconds", self._budget.seconds)
        if self._within:
            self._within.check_time()

    def check(self) -> None:
        """Raise `OverBudgetError` if a part of the budget is spent."""
        for what, left in self._left.items():
            if left < 0:
                raise self._beyond(what, getattr(self._budget, what))
        self.check_time()

    def close(self) -> None:
        """Take what was spent here from the budget of all sources, too."""
        if self._within:
            for what, left in self._left.items():
                self._within._left[what] -= getattr(self._budget, what) - left

    def _beyond(self, what: str, most: float) -> OverBudgetError:
        return OverBudgetError(self._over.format(most=_NAMES[what].format(n=most)))


def _processor_time() -> float:
    """Return the seconds of this process, and of the children that it has waited for."""
    times = os.times()
    return process_time() + times.children_user + times.children_system
