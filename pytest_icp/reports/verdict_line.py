"""A run in one line that a person can quote: how many rules have which standing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pytest_icp.kinds.result import Result
from pytest_icp.kinds.standing import Standing, standing, standing_name
from pytest_icp.law.text import Text
from pytest_icp.reports.matrix import Marked

_LINE = Text(zh="{names} 截至 {day}：{counts}", en="{names} as of {day}: {counts}")
_SEVERAL = Text(zh="{n} 份描述", en="{n:description}")
_COUNT = Text(zh="{standing} {n}", en="{n} {standing}")
_BETWEEN = Text(zh="，", en="; ")


def verdict_line(results: Sequence[Result], marked: Sequence[Marked] = ()) -> Text | None:
    """Return how many rules have which standing, the worst first.

    ``marked`` are the verdicts of ordinary tests. None if no rule of a description was decided.
    """
    if not results:
        return None
    names = {result.description for result in results}
    counts = Counter(result.standing for result in results)
    counts.update(standing(one.verdict, "mandatory", waived=False) for one in marked)
    parts = [
        _COUNT.format(standing=standing_name(how), n=str(counts[how]))
        for how in Standing
        if counts[how]
    ]
    return _LINE.format(
        names=_SEVERAL.format(n=len(names)) if len(names) > 1 else names.pop(),
        day=results[0].as_of[:10],
        counts=_BETWEEN.join(parts),
    )
