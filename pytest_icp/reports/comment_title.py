"""The title of a comment: one line that says what a change does to the licence, to be quoted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pytest_icp.kinds.standing import FAILING, Standing
from pytest_icp.law.text import Text, plain
from pytest_icp.reports.incomplete import incomplete
from pytest_icp.reports.markdown_blocks import SIGNS
from pytest_icp.reports.overview import overview
from pytest_icp.reports.run import Run
from pytest_icp.reports.since import Change, Since

_MOST_NAMED = 6

_BREAKS = Text(
    zh="这项变更违反 {n} 项规则：{rules}", en="This change breaks {n:rule} of the licence: {rules}"
)
_CALENDAR = Text(
    zh="只因日期已过，{n} 项规则变差：{rules}",
    en="By the calendar alone, {n:rule} got worse: {rules}",
)
_UNDECIDED = Text(
    zh="这项变更使 {n} 项规则无法判断：{rules}",
    en="This change leaves {n:rule} undecided: {rules}",
)
_UNSEEN = Text(
    zh="这项变更使 {n} 项规则不再核对：{rules}",
    en="This change takes {n:rule} out of the check: {rules}",
)
_WAIVES = Text(zh="这项变更豁免 {n} 项规则：{rules}", en="This change waives {n:rule}: {rules}")
_DECIDES = Text(
    zh="这项变更认定 {n} 项规则已经履行：{rules}",
    en="This change decides that {n:rule} {rules} was complied with",
)
_FIXES = Text(zh="这项变更改正 {n} 项规则：{rules}", en="This change fixes {n:rule}: {rules}")
_NO_WORSE = Text(
    zh="没有必须遵守的规则因这项变更变差", en="No mandatory rule got worse by this change"
)
_NOTHING = Text(
    zh="这项变更不影响任何规则和期限", en="This change alters no verdict and no due date"
)
_AS_FAR = Text(zh="仅就能够比较的部分：{rest}", en="As far as it could be compared: {rest}")
_NOT_JUDGED = Text(zh="{word}：{n} 处未能核对", en="{word}: {n:place} not judged")
_ALONE = Text(zh="{word}：违反 {n} 项规则", en="{word}: {n:rule} violated")


def title_of(run: Run, since: Since | None) -> tuple[str, Text]:
    """Return a sign and the title of a run; ``since`` is None where it is compared with nothing."""
    seen, missed = overview(run), len((*run.troubles, *incomplete(run)))
    if missed:
        return "🚫", _NOT_JUDGED.format(word=seen.word, n=missed)
    if since is None:
        n = seen.counts[Standing.VIOLATED]
        return SIGNS[seen.worst], _ALONE.format(word=seen.word, n=n) if n else seen.word
    for sign, said, rules in _effects(run, since):
        if named := list(dict.fromkeys(rules)):
            return sign, said.format(n=len(named), rules=_list(named))
    rest = _NOTHING if since.nothing else _NO_WORSE
    partly = bool(since.base.unjudged or since.base.apart)
    return "➖", _AS_FAR.format(rest=rest) if partly else rest


def _effects(run: Run, since: Since) -> Iterator[tuple[str, Text, Iterable[str]]]:
    """Yield each thing that a change may do, the worst first, with the rules that it does it to."""

    def of(after: Standing, *, dated: bool = False) -> list[Change]:
        every = (one for one in since.rules if one.new and one.dated is dated)
        return [one for one in every if one.after is after]

    yield "❌", _BREAKS, (one.rule_id for one in of(Standing.VIOLATED))
    unknown = of(Standing.UNKNOWN)
    lost = (one.rule_id for one in unknown if one.before not in FAILING)
    yield "❓", _UNDECIDED, lost
    yield "⚠️", _UNSEEN, (one.rule_id for one in since.unseen)
    came = (one for how in FAILING for one in of(how, dated=True))
    yield "❌", _CALENDAR, (one.rule_id for one in came)
    pairs = [(one.rule_id, one.before, one.after) for one in since.rules]
    left = {one.rule_id for one in run.results if one.standing in FAILING}

    def became(*afters: Standing) -> Iterator[str]:
        return (one for one, was, after in pairs if was in FAILING and after in afters)

    yield "⏸️", _WAIVES, became(Standing.WAIVED)
    yield SIGNS[Standing.DECIDED], _DECIDES, became(Standing.DECIDED)
    yield "✅", _FIXES, (rule for rule in became(Standing.SATISFIED) if rule not in left)


def _list(rules: list[str]) -> Text:
    named = Text(zh="、", en=", ").join(map(plain, rules[:_MOST_NAMED]))
    return named + plain(" …") if len(rules) > _MOST_NAMED else named
