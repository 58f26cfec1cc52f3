"""What one file or one source may take of a run (预算): time, bytes, elements and expansions.

The defaults are generous: what no real file needs, and a run still bears.
"""

from __future__ import annotations

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
SMALLER = Text(
    zh="拆成几个较小的来源；限额见 docs/limits.zh.md",
    en="split it into smaller sources; docs/limits.md has the limits",
)


class Meter:
    """What has been spent of a budget since the meter was made."""

    def __init__(self, budget: Budget | None = None) -> None:
        self._budget = budget or Budget()
        self._left = {
            "bytes": self._budget.bytes,
            "elements": self._budget.elements,
            "expansions": self._budget.expansions,
        }
        self._ends = process_time() + self._budget.seconds
        self._until_check = _OFTEN

    def spend(self, what: Spent, n: int = 1) -> None:
        """Spend ``n`` of a part of the budget, and every thousand, or what is more, look at time.

        Raises `OverBudgetError` beyond it.
        """
        left = self._left[what] = self._left[what] - n
        if left < 0:
            raise _over(what, getattr(self._budget, what))
        self._until_check -= n
        if self._until_check < 0:
            self._until_check = _OFTEN
            self.check_time()

    def check_time(self) -> None:
        """Raise `OverBudgetError` if the processor time is spent."""
        if process_time() > self._ends:
            raise _over("seconds", self._budget.seconds)


def _over(what: str, most: float) -> OverBudgetError:
    return OverBudgetError(_OVER.format(most=_NAMES[what].format(n=most)))
