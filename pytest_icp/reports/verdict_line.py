"""A run in lines that a person can quote: how its rules stand, and how many are not selected.

Nothing is said of a licence or a company as a whole, and of rules no more than was decided.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from enum import Enum, auto

from pytest_icp.facts.roles import roles
from pytest_icp.kinds.result import Result
from pytest_icp.kinds.standing import UNDECIDED, Standing, standing
from pytest_icp.law.text import Text
from pytest_icp.reports.matrix import Marked
from pytest_icp.reports.record import Record

_LINE = Text(zh="{names} 截至 {day}：{said}", en="{names} as of {day}: {said}")
_SEVERAL = Text(zh="{n} 份描述", en="{n:description}")
_COUNTS: dict[Standing, Text] = {
    Standing.VIOLATED: Text(zh="违反 {n}", en="{n} violated"),
    Standing.UNKNOWN: Text(zh="无法判断 {n}", en="{n} undecided"),
    Standing.ADVISORY: Text(zh="建议未做到 {n}", en="{n} advice not met"),
    Standing.ADVISORY_UNKNOWN: Text(zh="建议无法判断 {n}", en="{n} advice undecided"),
    Standing.DUE_SOON: Text(zh="即将到期 {n}", en="{n} due soon"),
    Standing.WAIVED: Text(zh="已豁免 {n}", en="{n} waived"),
    Standing.DECIDED: Text(zh="认定为已履行 {n}", en="{n} decided: complied"),
    Standing.SATISFIED: Text(zh="符合 {n}", en="{n} satisfied"),
    Standing.NOT_APPLICABLE: Text(zh="不适用 {n}", en="{n} not applicable"),
}
_WOULD_BE = Text(zh="可能违反 {n}", en="{n} would be")
_COMMA = Text(zh="，", en=", ")
_NONE_FOUND = Text(zh="没有发现违反，{counts}", en="no violation found, {counts}")
_SELECTED = Text(
    zh="本次核对的 {n} 项规则中没有发现违反（{counts}）",
    en="no violation among the {n:rule} selected ({counts})",
)
_ALL = Text(
    zh="{n} 项规则均已判断，没有发现违反：{counts}",
    en="all {n:rule} decided, no violation: {counts}",
)
_LEFT = Text(
    zh="{n} 项未列入本次核对（{roles}）：select: all",
    en="{n} not selected ({roles}): `select: all`",
)
_BY_OPTION = Text(
    zh="按 icp_select、icp_ignore，{n} 项未列入本次核对（{roles}）",
    en="{n} not selected by icp_select and icp_ignore ({roles})",
)
_OF_ROLE = Text(zh="{role} {n}", en="{role} {n}")


class Among(Enum):
    """Among which rules something was found: every one, those selected, or some of these."""

    EVERY = auto()
    SELECTED = auto()
    SOME = auto()


def verdict_line(
    results: Sequence[Result],
    marked: Sequence[Marked] = (),
    *,
    among: Among = Among.EVERY,
) -> Text | None:
    """Return how many rules stand how, the worst first, and ``among`` which that is.

    ``marked`` are the verdicts of ordinary tests. None if no rule of a description was decided.
    """
    if not results:
        return None
    names = {result.description for result in results}
    return _LINE.format(
        names=_SEVERAL.format(n=len(names)) if len(names) > 1 else names.pop(),
        day=results[0].as_of[:10],
        said=_said(results, marked, among),
    )


def _said(results: Sequence[Result], marked: Sequence[Marked], among: Among) -> Text:
    counts = Counter(result.standing for result in results)
    counts.update(standing(one.verdict, "mandatory", waived=False) for one in marked)
    said = _COMMA.join(
        _parts(
            counts,
            sum(one.would_be_violated for one in results if one.standing is Standing.UNKNOWN),
        )
    )
    if counts[Standing.VIOLATED]:
        return said
    if among is Among.SOME or any(counts[how] for how in UNDECIDED):
        return _NONE_FOUND.format(counts=said)
    whole = _ALL if among is Among.EVERY else _SELECTED
    return whole.format(n=counts.total(), counts=said)


def _parts(counts: Counter[Standing], would_be: int) -> list[Text]:
    """Return each count; what would be violated is not counted with what is undecided."""
    parts = []
    for how, words in _COUNTS.items():
        n = counts[how]
        if how is Standing.UNKNOWN and would_be:
            parts.append(_WOULD_BE.format(n=str(would_be)))
            n -= would_be
        if n:
            parts.append(words.format(n=str(n)))
    return parts


def not_selected(records: Iterable[Record], options: Collection[str] = ()) -> Text | None:
    """Return how many rules are not selected, and whom they would ask; None if all are.

    ``options`` are the names of those that are set: they decide in place of a description.
    """
    left: Counter[str] = Counter()
    for record in records:
        left.update({role: len(rules) for role, rules in record.left.items()})
    if not left:
        return None
    named = roles()
    parts = [_OF_ROLE.format(role=named[role], n=str(n)) for role, n in left.most_common()]
    by_option = not {"icp_select", "icp_ignore"}.isdisjoint(options)
    said = _BY_OPTION if by_option else _LEFT
    return said.format(n=str(left.total()), roles=_COMMA.join(parts))
