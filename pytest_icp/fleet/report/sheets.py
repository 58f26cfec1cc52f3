"""The figures of a fleet as sheets: headings, rows and notes that every form of report lays out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from pytest_icp.fleet.report.figures import Figures, Tally
from pytest_icp.kinds.messages import NOT_DECLARED
from pytest_icp.kinds.policies import default_policies
from pytest_icp.law.catalogue import CatalogueError, name_of
from pytest_icp.law.text import Text, plain
from pytest_icp.rules.policy import part_id

Cell = str | int | Text

TITLE = Text(zh="截至 {day} 的核对结果汇总", en="What was found as of {day}")
_ALL = Text(zh="{n} 份描述", en="{n:description}")
_VIOLATING = Text(zh="{n} 份违反强制性要求", en="{n} violate a mandatory duty")
_OPEN = Text(zh="{n} 份有强制性要求无法判断", en="{n} leave a mandatory duty open")
_ONLY_OPEN = Text(zh="{n} 份没有违反，但有无法判断的", en="{n} violate none, but leave one open")
_CLEAR = Text(zh="{n} 份全部符合", en="{n} meet all of them")
_PROBLEMS = Text(zh="{n} 项未能核对", en="{n:problem} kept something from being judged")
_MISSING = Text(
    zh="结果不完整：还有 {n} 个分片没有核对；再运行一次 pytest-icp fleet 即可继续",
    en="this is not complete: {n:shard} not judged yet; run pytest-icp fleet again to go on",
)

_BY_PROVISION = Text(zh="各条规定", en="by provision")
_BY_RULE = Text(zh="被违反的规则", en="rules that are violated")
_BY_PROVINCE = Text(zh="各省", en="by province")
_BY_LINE = Text(zh="各类业务", en="by line of business")
_BY_MONTH = Text(zh="各月到期的事项", en="what falls due, by month")
_NEXT = Text(zh="最近到期的 {n} 项", en="the next {n:date}")
_NOT_JUDGED = Text(zh="未能核对及其原因", en="not judged, and why")
_LEFT_OPEN = Text(zh="无法判断的规则及主要原因", en="rules that are left open, and the main reason")

_PROVISION = Text(zh="规定", en="provision")
_RULE = Text(zh="规则", en="rule")
_PROVINCE = Text(zh="省份", en="province")
_LINE = Text(zh="业务", en="line of business")
_DESCRIPTIONS = Text(zh="份数", en="all")
_VIOLATED = Text(zh="违反", en="violate")
_SHARE = Text(zh="占比", en="share")
_UNDECIDED = Text(zh="无法判断", en="open")
_WAIVED = Text(zh="已豁免", en="waived")
_MONTH = Text(zh="月份", en="month")
_DUTIES = Text(zh="项数", en="duties")
_DAY = Text(zh="最后一日", en="last day")
_HOLDER = Text(zh="公司", en="holder")
_NUMBER = Text(zh="许可证", en="licence")
_TITLE = Text(zh="名称", en="title")
_COUNT = Text(zh="次数", en="times")
_REASON = Text(zh="原因", en="reason")
_EXAMPLE = Text(zh="例如", en="such as")
_ADVISORY = Text(zh="（建议性）", en=" (advisory)")
_LATER = Text(zh="另有 {n} 种原因未分别列出", en="{n} more with other reasons")


class Sheet(Struct, frozen=True, kw_only=True):
    """A table of a report: its columns and rows.

    ``bars`` is the column of numbers that a picture shows, None for none.
    """

    title: Text
    head: tuple[Text, ...]
    rows: list[tuple[Cell, ...]]
    bars: int | None = None
    note: Text | None = None


def summary(found: Figures) -> list[Text]:
    """Return the figures in a few sentences."""
    every = found.all
    return [
        _ALL.format(n=every.descriptions),
        _VIOLATING.format(n=every.violating),
        _OPEN.format(n=every.open),
        _CLEAR.format(n=every.clear),
        *remarks(found),
    ]


def remarks(found: Figures) -> list[Text]:
    """Return what could not be judged in a few sentences."""
    said = []
    if found.problem_count:
        said.append(_PROBLEMS.format(n=found.problem_count))
    if found.missing:
        said.append(_MISSING.format(n=found.missing))
    return said


def parts(found: Figures) -> Iterator[tuple[str, int, Text]]:
    """Yield the parts of all descriptions, each of which is in one: standing, number, words."""
    every = found.all
    left_open = every.descriptions - every.violating - every.clear
    yield "violated", every.violating, _VIOLATING.format(n=every.violating)
    yield "unknown", left_open, _ONLY_OPEN.format(n=left_open)
    yield "satisfied", every.clear, _CLEAR.format(n=every.clear)


def sheets(found: Figures) -> Iterator[Sheet]:
    """Yield the sheets that have rows."""
    policies = default_policies()
    titles = {one.id: one.title for one in policies}
    rules = {rule.rule_id: rule.title for one in policies for rule in one.obligations}
    for sheet in (
        _provisions(found, titles),
        _rules(found, rules),
        _tallies(_BY_PROVINCE, _PROVINCE, found.provinces, {}),
        _tallies(_BY_LINE, _LINE, found.lines, {line: _line(line) for line in found.lines}),
        _months(found),
        _next(found, rules),
        _problems(found),
        _left_open(found, rules),
    ):
        if sheet.rows:
            yield sheet


def _provisions(found: Figures, titles: Mapping[str, Text]) -> Sheet:
    rows: list[tuple[Cell, ...]] = [
        (name, tally.violating, _share(tally), tally.open, titles.get(name, plain("")))
        for name, tally in found.provisions.items()
        if tally.violating or tally.open
    ]
    head = (_PROVISION, _VIOLATED, _SHARE, _UNDECIDED, _TITLE)
    return Sheet(title=_BY_PROVISION, head=head, rows=rows, bars=1)


def _rules(found: Figures, titles: Mapping[str, Text]) -> Sheet:
    violated = [one for one in found.rules.items() if one[1].violated or one[1].waived]
    violated.sort(key=lambda one: (-one[1].violated, one[0]))
    rows: list[tuple[Cell, ...]] = []
    for name, tally in violated:
        title = titles.get(name, plain(""))
        title += _ADVISORY if tally.level == "advisory" else plain("")
        rows.append((name, tally.violated, tally.waived, tally.unknown, title))
    head = (_RULE, _VIOLATED, _WAIVED, _UNDECIDED, _TITLE)
    return Sheet(title=_BY_RULE, head=head, rows=rows)


def _tallies(
    title: Text, kind: Text, tallies: Mapping[str, Tally], names: Mapping[str, Text]
) -> Sheet:
    rows: list[tuple[Cell, ...]] = [
        (
            names.get(name, plain(name)) if name else NOT_DECLARED,
            tally.descriptions,
            tally.violating,
            _share(tally),
            tally.open,
        )
        for name, tally in tallies.items()
    ]
    head = (kind, _DESCRIPTIONS, _VIOLATED, _SHARE, _UNDECIDED)
    return Sheet(title=title, head=head, rows=rows, bars=2)


def _months(found: Figures) -> Sheet:
    rows: list[tuple[Cell, ...]] = [(month, n) for month, n in found.months.items()]
    return Sheet(title=_BY_MONTH, head=(_MONTH, _DUTIES), rows=rows, bars=1)


def _next(found: Figures, titles: Mapping[str, Text]) -> Sheet:
    rows: list[tuple[Cell, ...]] = [
        (
            one.last_day,
            part_id(one.rule, one.part),
            one.licence,
            one.holder,
            titles.get(one.rule, plain("")),
        )
        for one in found.next
    ]
    head = (_DAY, _RULE, _NUMBER, _HOLDER, _TITLE)
    return Sheet(title=_NEXT.format(n=len(rows)), head=head, rows=rows)


def _problems(found: Figures) -> Sheet:
    rows: list[tuple[Cell, ...]] = [(one.count, one.example, one.message) for one in found.problems]
    more = found.problem_count - sum(one.count for one in found.problems)
    note = _LATER.format(n=more) if more else None
    return Sheet(title=_NOT_JUDGED, head=(_COUNT, _EXAMPLE, _REASON), rows=rows, note=note)


def _left_open(found: Figures, titles: Mapping[str, Text]) -> Sheet:
    unknown = [one for one in found.rules.items() if one[1].unknown]
    unknown.sort(key=lambda one: (-one[1].unknown, one[0]))
    rows: list[tuple[Cell, ...]] = [
        (name, tally.unknown, tally.reason or titles.get(name, plain("")))
        for name, tally in unknown
    ]
    return Sheet(title=_LEFT_OPEN, head=(_RULE, _UNDECIDED, _REASON), rows=rows)


def _line(code: str) -> Text:
    try:
        return name_of(code) + plain(f" {code}")
    except CatalogueError:
        return plain(code)


def _share(tally: Tally) -> str:
    return f"{tally.violating / tally.descriptions:.1%}" if tally.descriptions else "–"
