"""The figures of a fleet (汇总), which DuckDB counts in its tables, as text and as Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from pytest_icp.fleet.place import Head, ResultPlace
from pytest_icp.kinds.messages import NOT_DECLARED
from pytest_icp.kinds.policies import default_policies
from pytest_icp.law.catalogue import CATALOGUE, name_of
from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Text, plain
from pytest_icp.reports import blocks as b
from pytest_icp.reports.as_markdown import markdown_text
from pytest_icp.reports.as_text import Screen
from pytest_icp.reports.words import Language
from pytest_icp.rules.policy import part_id

NEXT = 100
"""So many of the next dates are listed."""

_MOST_REASONS = 1000
"""So many reasons why something was not judged are told apart, those of most things."""

_NO_FLEET = Text(
    zh="{place} 里没有 pytest-icp fleet 的结果", en="{place} has no result of pytest-icp fleet"
)


class Tally(Struct, frozen=True):
    """How many descriptions there are of a kind; of them, how many violate or leave open a duty.

    ``clear`` are those that do neither. A violation that is waived does not count.
    """

    descriptions: int = 0
    violating: int = 0
    open: int = 0
    clear: int = 0


class RuleTally(Struct, frozen=True):
    """How many descriptions violate a rule, leave it open, or have waived it; why most are open."""

    level: str
    reason: Text | None = None
    violated: int = 0
    unknown: int = 0
    waived: int = 0


class Due(Struct, frozen=True):
    """A date that comes next: the last day of a duty, and whose it is."""

    last_day: str
    rule: str
    part: str
    licence: str
    holder: str


class Problem(Struct, frozen=True):
    """Why something could not be judged, how often, and a description with it."""

    count: int
    example: str
    message: Text


class Figures(Struct, frozen=True, kw_only=True):
    """All that the reports say, in exact numbers of descriptions.

    ``missing`` shards of the place are not finished. Those of ``provinces`` that are not declared
    are under an empty name; who has several lines of business counts under each. Tallies begin
    with those of most violations.
    """

    head: Head
    missing: int
    all: Tally = Tally()
    rules: dict[str, RuleTally] = {}
    provisions: dict[str, Tally] = {}
    provinces: dict[str, Tally] = {}
    lines: dict[str, Tally] = {}
    months: dict[str, int] = {}
    next: list[Due] = []
    problems: list[Problem] = []
    problem_count: int = 0


def figures(place: ResultPlace) -> Figures:
    """Count the tables of a place; raises `InputError` if there are none, or one is broken."""
    head = place.head()
    if head is None:
        raise InputError(_NO_FLEET.format(place=place.name))
    missing = head.shards - len(place.finished())
    if missing == head.shards:
        return Figures(head=head, missing=missing)
    with place.tables() as tables:

        def rows(query: str) -> list[tuple[Any, ...]]:
            found: list[tuple[Any, ...]] = tables.execute(query).fetchall()
            return found

        def tallies(key: str, of: str) -> dict[str, Tally]:
            return {name: Tally(*numbers) for name, *numbers in rows(_TALLY.format(key=key, of=of))}

        tables.execute(_EACH)
        reasons = {rule: Text(zh=zh, en=en) for rule, zh, en in rows(_REASONS)}
        return Figures(
            head=head,
            missing=missing,
            all=tallies("''", "each").get("", Tally()),
            rules={
                name: RuleTally(level, reasons.get(name), *numbers)
                for name, level, *numbers in rows(_RULES)
            },
            provisions=tallies("provision", _OF_PROVISIONS),
            provinces=tallies("province", "each"),
            lines=tallies("line", _OF_LINES),
            months=dict(rows(_MONTHS)),
            next=[Due(*row) for row in rows(_NEXT_DATES.format(most=NEXT))],
            problems=[
                Problem(count, example, Text(zh=zh, en=en))
                for count, example, zh, en in rows(_COMMON_PROBLEMS.format(most=_MOST_REASONS))
            ],
            problem_count=rows("SELECT count(*) FROM errors")[0][0],
        )


_EACH = """
CREATE VIEW counted AS
SELECT *,
    level <> 'advisory' AND waived_until IS NULL AND verdict = 'violated' AS bad,
    level <> 'advisory' AND waived_until IS NULL AND verdict = 'unknown' AS undecided
FROM verdicts;
CREATE TABLE each AS
SELECT
    coalesce(any_value(province), '') AS province,
    any_value(CASE WHEN len(lines) > 0 THEN lines ELSE [''] END) AS lines,
    bool_or(bad) AS bad,
    bool_or(undecided) AS undecided
FROM counted
GROUP BY filename, description
"""
"""Of each description: a file of a table holds all of what is said of it."""

_OF_LINES = "(SELECT unnest(lines) AS line, bad, undecided FROM each)"
_OF_PROVISIONS = """(
    SELECT provision, bool_or(bad) AS bad, bool_or(undecided) AS undecided
    FROM counted
    GROUP BY filename, description, provision
)"""
_TALLY = """
SELECT {key}, count(*), count_if(bad), count_if(undecided), count_if(NOT (bad OR undecided))
FROM {of}
GROUP BY 1
ORDER BY 3 DESC, 4 DESC, 1
"""
_RULES = """
SELECT
    rule,
    any_value(level),
    count_if(verdict = 'violated' AND waived_until IS NULL),
    count_if(verdict = 'unknown' AND waived_until IS NULL),
    count(waived_until)
FROM verdicts
GROUP BY rule
"""
_REASONS = """
SELECT rule, message_zh, message_en
FROM findings
WHERE contains(standing, 'unknown')
GROUP BY rule, message_zh, message_en
QUALIFY row_number() OVER (PARTITION BY rule ORDER BY count(*) DESC, message_en) = 1
"""
_MONTHS = "SELECT strftime(last_day, '%Y-%m'), count(*) FROM due GROUP BY 1 ORDER BY 1"
_NEXT_DATES = """
SELECT
    strftime(last_day, '%Y-%m-%d'),
    rule,
    coalesce(part, ''),
    coalesce(licence, ''),
    coalesce(nullif(holder, ''), description)
FROM due
ORDER BY last_day, coalesce(licence, ''), description, rule, part NULLS FIRST, subject NULLS FIRST
LIMIT {most}
"""
_COMMON_PROBLEMS = """
SELECT count(*), min(description), message_zh, message_en
FROM errors
GROUP BY what, message_zh, message_en
ORDER BY 1 DESC, message_en
LIMIT {most}
"""


_MOST_IN_TEXT, _MOST_IN_MARKDOWN = 100, 200
"""So many rows of a table are shown."""

_NOTHING = plain("")

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


def _sheets(found: Figures) -> Iterator[tuple[Text, tuple[Text, ...], list[tuple[Cell, ...]]]]:
    """Yield the tables of a report: title, columns and rows."""
    policies = default_policies()
    titles = {one.id: one.title for one in policies}
    titles |= {rule.rule_id: rule.title for one in policies for rule in one.obligations}

    def title(name: str) -> Text:
        return titles.get(name, _NOTHING)

    yield (
        _BY_PROVISION,
        (_PROVISION, _VIOLATED, _SHARE, _UNDECIDED, _TITLE),
        [
            (name, one.violating, _share(one), one.open, title(name))
            for name, one in found.provisions.items()
            if one.violating or one.open
        ],
    )
    yield (
        _BY_RULE,
        (_RULE, _VIOLATED, _WAIVED, _UNDECIDED, _TITLE),
        [
            (name, one.violated, one.waived, one.unknown, title(name) + _of_level(one))
            for name, one in sorted(found.rules.items(), key=lambda one: (-one[1].violated, one[0]))
            if one.violated or one.waived
        ],
    )
    columns = (_DESCRIPTIONS, _VIOLATED, _SHARE, _UNDECIDED)
    yield _BY_PROVINCE, (_PROVINCE, *columns), [*_tallied(found.provinces, plain)]
    yield _BY_LINE, (_LINE, *columns), [*_tallied(found.lines, _line)]
    yield _BY_MONTH, (_MONTH, _DUTIES), [*found.months.items()]
    yield (
        _NEXT.format(n=len(found.next)),
        (_DAY, _RULE, _NUMBER, _HOLDER, _TITLE),
        [
            (one.last_day, part_id(one.rule, one.part), one.licence, one.holder, title(one.rule))
            for one in found.next
        ],
    )
    yield (
        _NOT_JUDGED,
        (_COUNT, _EXAMPLE, _REASON),
        [(one.count, one.example, one.message) for one in found.problems],
    )
    yield (
        _LEFT_OPEN,
        (_RULE, _UNDECIDED, _REASON),
        [
            (name, one.unknown, one.reason or title(name))
            for name, one in sorted(found.rules.items(), key=lambda one: (-one[1].unknown, one[0]))
            if one.unknown
        ],
    )


def _tallied(
    tallies: Mapping[str, Tally], name: Callable[[str], Text]
) -> Iterator[tuple[Cell, ...]]:
    for key, one in tallies.items():
        shown = name(key) if key else NOT_DECLARED
        yield shown, one.descriptions, one.violating, _share(one), one.open


def _of_level(tally: RuleTally) -> Text:
    return _ADVISORY if tally.level == "advisory" else _NOTHING


def _line(code: str) -> Text:
    return name_of(code) + plain(f" {code}") if code in CATALOGUE else plain(code)


def _share(tally: Tally) -> str:
    return f"{tally.violating / tally.descriptions:.1%}" if tally.descriptions else "–"


# ---- Laid out


def report_text(found: Figures, language: Language, columns: int) -> str:
    """Return the report in lines of at most so many columns."""
    blocks = [*map(b.paragraph, _summary(found)), *_tables(found, _MOST_IN_TEXT)]
    title = b.Heading(b.line(_HEADING.format(day=found.head.as_of)), 1)
    every = [title, *blocks, b.paragraph(found.head.versions)]
    return "\n".join(Screen(language, columns).lines(every))


def report_markdown(found: Figures, language: Language) -> str:
    """Return the report as Markdown."""
    said = [b.line(one) for one in _summary(found)]
    blocks = [*b.items(said, len(said)), *_tables(found, _MOST_IN_MARKDOWN)]
    title = b.Heading(b.line(_HEADING.format(day=found.head.as_of)), 1)
    return markdown_text([title, *blocks, b.paragraph(found.head.versions)], language)


def _tables(found: Figures, most: int) -> Iterator[b.Block]:
    """Yield the tables that have rows, each with its heading, and what they leave out."""
    for title, head, rows in _sheets(found):
        if rows:
            numbers = frozenset(i for i, cell in enumerate(rows[0]) if isinstance(cell, int))
            shown = tuple(tuple(map(_cell, row)) for row in rows[:most])
            yield b.Heading(b.line(title), 2)
            yield b.Table(tuple(map(b.line, head)), shown, "sheet", numbers)
            yield from b.more(len(rows) - most)
        others = found.problem_count - sum(one.count for one in found.problems)
        if rows and title is _NOT_JUDGED and others:
            yield b.paragraph(b.soft(_LATER.format(n=others)))


def _cell(cell: Cell) -> b.Line:
    return b.line(b.short(cell if isinstance(cell, Text) else plain(str(cell)), 300))
