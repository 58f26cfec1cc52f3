"""The figures of a fleet, which DuckDB counts in its tables (汇总)."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from pytest_icp.fleet.place import Head, ResultPlace
from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Text

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
            next=[Due(*row) for row in rows(_NEXT.format(most=NEXT))],
            problems=[
                Problem(count, example, Text(zh=zh, en=en))
                for count, example, zh, en in rows(_PROBLEMS.format(most=_MOST_REASONS))
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
_NEXT = """
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
_PROBLEMS = """
SELECT count(*), min(description), message_zh, message_en
FROM errors
GROUP BY what, message_zh, message_en
ORDER BY 1 DESC, message_en
LIMIT {most}
"""
