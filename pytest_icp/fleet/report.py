"""The figures of a fleet as a report, for a terminal and as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from pytest_icp.fleet.figures import Figures, Tally
from pytest_icp.kinds.messages import NOT_DECLARED
from pytest_icp.kinds.policies import default_policies
from pytest_icp.law.catalogue import CatalogueError, name_of
from pytest_icp.law.text import Text, plain
from pytest_icp.reports import blocks as b
from pytest_icp.reports.as_markdown import markdown_text
from pytest_icp.reports.as_text import text_lines
from pytest_icp.reports.words import Language
from pytest_icp.rules.policy import part_id

_MOST_IN_TEXT, _MOST_IN_MARKDOWN = 100, 200
"""So many rows of a sheet are shown."""


Cell = str | int | Text

_HEADING = Text(zh="截至 {day} 的核对结果汇总", en="What was found as of {day}")
_ALL = Text(zh="{n} 份描述", en="{n:description}")
_VIOLATING = Text(zh="{n} 份违反强制性要求", en="{n} violate a mandatory duty")
_OPEN = Text(zh="{n} 份有强制性要求无法判断", en="{n} leave a mandatory duty open")
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
    """A table of a report: its columns and rows."""

    title: Text
    head: tuple[Text, ...]
    rows: list[tuple[Cell, ...]]
    note: Text | None = None


def _summary(found: Figures) -> list[Text]:
    """Return the figures in a few sentences, and what could not be judged."""
    every = found.all
    said = [
        _ALL.format(n=every.descriptions),
        _VIOLATING.format(n=every.violating),
        _OPEN.format(n=every.open),
        _CLEAR.format(n=every.clear),
    ]
    if found.problem_count:
        said.append(_PROBLEMS.format(n=found.problem_count))
    if found.missing:
        said.append(_MISSING.format(n=found.missing))
    return said


def _sheets(found: Figures) -> Iterator[Sheet]:
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
    return Sheet(title=_BY_PROVISION, head=head, rows=rows)


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
    return Sheet(title=title, head=head, rows=rows)


def _months(found: Figures) -> Sheet:
    rows: list[tuple[Cell, ...]] = [(month, n) for month, n in found.months.items()]
    return Sheet(title=_BY_MONTH, head=(_MONTH, _DUTIES), rows=rows)


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


# ---- Laid out


def report_text(found: Figures, language: Language, columns: int) -> str:
    """Return the report in lines of at most so many columns."""
    blocks = [*map(b.paragraph, _summary(found)), *_tables(found, _MOST_IN_TEXT)]
    title = b.Heading(b.line(_HEADING.format(day=found.head.as_of)), 1)
    lines = text_lines([title, *blocks, b.paragraph(found.head.versions)], language, columns)
    return "\n".join(lines)


def report_markdown(found: Figures, language: Language) -> str:
    """Return the report as Markdown."""
    said = [b.line(one) for one in _summary(found)]
    blocks = [*b.items(said, len(said)), *_tables(found, _MOST_IN_MARKDOWN)]
    title = b.Heading(b.line(_HEADING.format(day=found.head.as_of)), 1)
    return markdown_text([title, *blocks, b.paragraph(found.head.versions)], language)


def _tables(found: Figures, most: int) -> Iterator[b.Block]:
    for sheet in _sheets(found):
        yield b.Heading(b.line(sheet.title), 2)
        yield from _sheet(sheet, most)


def _sheet(sheet: Sheet, most: int) -> Iterator[b.Block]:
    """Yield the table of a sheet, and its note."""
    numbers = frozenset(i for i, cell in enumerate(sheet.rows[0]) if isinstance(cell, int))
    rows = tuple(tuple(map(_cell, row)) for row in sheet.rows[:most])
    yield b.Table(tuple(map(b.line, sheet.head)), rows, "sheet", numbers)
    yield from b.more(len(sheet.rows) - most)
    if sheet.note:
        yield b.paragraph(b.soft(sheet.note))


def _cell(cell: Cell) -> b.Line:
    return b.line(b.short(cell if isinstance(cell, Text) else plain(str(cell)), 300))
