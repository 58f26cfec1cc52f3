"""The matrix that ends a run: a row for each provision, and how many of its rules stand how."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from msgspec import Struct

from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.result import PartResult, Result
from pytest_icp.kinds.standing import Standing
from pytest_icp.law.text import Text, plain
from pytest_icp.reports import labels
from pytest_icp.reports import words as w
from pytest_icp.reports.as_text import text_lines
from pytest_icp.reports.blocks import Table, line
from pytest_icp.reports.layout import cut, inert, uncommanded, wrap
from pytest_icp.reports.words import Language, each_language, in_languages

_SIGNS = {
    Verdict.VIOLATED: "F",
    Verdict.UNKNOWN: "?",
    Verdict.SATISFIED: ".",
    Verdict.NOT_APPLICABLE: "-",
}
_ADVISORY = {Standing.ADVISORY: "a", Standing.ADVISORY_UNKNOWN: "u"}
_ORDER = "F?auw.-"
_NAMED = "F?"

_Rule = tuple[str, Text, str]
"""The id of a rule, the title of its provision, and its sign."""


class Marked(Struct, frozen=True):
    """A verdict that an ordinary Python test gave for a rule (marker ``icp``)."""

    rule_id: str
    verdict: Verdict


def sign(result: Result | PartResult) -> str:
    """Return the character of a rule, or of a part of one, in the matrix."""
    if result.waived:
        return "w"
    return _ADVISORY.get(result.standing) or _SIGNS[result.verdict]


def matrix(
    results: Sequence[Result],
    marked: Iterable[Marked],
    language: Language,
    columns: int,
) -> Iterator[str]:
    """Yield the matrix of results in the order of their files, then that of marked tests."""
    parts: list[tuple[str, list[_Rule]]] = []
    for description, group in groupby(results, key=lambda one: one.description):
        of_one = list(group)
        day = in_languages(w.AS_OF.format(day=of_one[0].as_of[:10]), language)
        rules = [(one.rule_id, one.provision_title, sign(one)) for one in of_one]
        parts.append((f"{inert(description)}  {day}", rules))
    tests = sorted(marked, key=lambda one: one.rule_id)
    if tests:
        names: dict[str, dict[str, None]] = {}
        for one in tests:
            provision, _, name = one.rule_id.partition("/")
            names.setdefault(provision, {})[name] = None
        titles = {provision: plain(", ".join(each)) for provision, each in names.items()}
        rules = [
            (one.rule_id, titles[one.rule_id.partition("/")[0]], _SIGNS[one.verdict])
            for one in tests
        ]
        parts.append((in_languages(w.MARKED, language), rules))
    for heading, rules in parts:
        yield cut(uncommanded(heading), columns)
        for row in text_lines([_table(rules)], language, columns - 2):
            yield f"  {row}"
    for legend in each_language(w.LEGEND, language) if parts else ():
        yield from wrap(f"  {legend}", columns, indent="  ")


def _table(rules: Iterable[_Rule]) -> Table:
    """Return a row for each provision, with the names of what is violated or unknown."""
    told = list(rules)
    signs = [sign for sign in _ORDER if any(one[2] == sign for one in told)]
    rows = []
    for provision, group in groupby(told, key=lambda one: one[0].partition("/")[0]):
        of_one = list(group)
        counts = Counter(sign for _, _, sign in of_one)
        names = {
            mark: dict.fromkeys(_name(one) for one in of_one if one[2] == mark) for mark in _NAMED
        }
        amiss = "; ".join(f"{mark} {', '.join(named)}" for mark, named in names.items() if named)
        title = plain(f"{provision} ") + of_one[0][1]
        numbers = (line(str(counts[sign] or "")) for sign in signs)
        rows.append((line(title), *numbers, line(amiss)))
    head = (line(labels.PROVISION), *map(line, signs), line(labels.AMISS))
    return Table(head, tuple(rows), numbers=frozenset(range(1, len(head) - 1)))


def _name(rule: _Rule) -> str:
    return rule[0].partition("/")[2] or rule[0]
