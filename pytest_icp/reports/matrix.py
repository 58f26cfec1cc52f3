"""The matrix that ends a run: a row for each provision, a sign for each of its rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from msgspec import Struct

from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.result import PartResult, Result
from pytest_icp.kinds.standing import Standing
from pytest_icp.reports import words as w
from pytest_icp.reports.layout import cut, inert, pad, uncommanded, width, wrap
from pytest_icp.reports.words import Language, each_language, in_languages

_NAMES = (8, 24)
"""The narrowest and the widest column of names."""

_MOST_SIGNS = 26
"""Signs in one line; the rest stands below, so that the titles beside them have room."""

_SIGNS = {
    Verdict.SATISFIED: ".",
    Verdict.VIOLATED: "F",
    Verdict.UNKNOWN: "?",
    Verdict.NOT_APPLICABLE: "-",
}

_ADVISORY = {Standing.ADVISORY: "a", Standing.ADVISORY_UNKNOWN: "u"}


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
    blocks = [_block(list(group), language) for _, group in groupby(results, key=_description)]
    tests = _tests(sorted(marked, key=lambda one: one.rule_id), language)
    grid = _grid([row for block in (*blocks, tests) for row in block.rows], columns)
    for block in (*blocks, tests):
        if block.rows:
            yield cut(uncommanded(block.heading), columns)
            for row in block.rows:
                yield from grid.lines(row)
    if blocks or tests.rows:
        for line in each_language(w.LEGEND, language):
            yield from wrap(f"  {line}", columns, indent="  ")


def _description(result: Result) -> str:
    return result.description


class _Row(Struct, frozen=True):
    """A provision: its name, the text after the signs, and each rule with its sign."""

    name: str
    text: str
    rules: tuple[tuple[str, str], ...]


class _Block(Struct, frozen=True):
    """The rows of one description, or of the tests."""

    heading: str
    rows: tuple[_Row, ...]


def _block(results: list[Result], language: Language) -> _Block:
    day = in_languages(w.AS_OF.format(day=results[0].as_of[:10]), language)
    rows = []
    for provision, group in groupby(results, key=lambda result: result.provision):
        of_one = list(group)
        title = in_languages(of_one[0].provision_title, language)
        rules = tuple((_rule(one.rule_id), sign(one)) for one in of_one)
        rows.append(_Row(inert(provision), inert(title), rules))
    return _Block(f"{inert(results[0].description)}  {day}", tuple(rows))


def _tests(marked: list[Marked], language: Language) -> _Block:
    rows = []
    for provision, group in groupby(marked, key=lambda one: one.rule_id.partition("/")[0]):
        rules = tuple((_rule(one.rule_id), _SIGNS[one.verdict]) for one in group)
        names = ", ".join(dict.fromkeys(name for name, _ in rules))
        rows.append(_Row(inert(provision), names, rules))
    return _Block(in_languages(w.MARKED, language), tuple(rows))


def _rule(rule_id: str) -> str:
    return inert(rule_id.partition("/")[2])


class _Grid(Struct, frozen=True):
    """How wide the names and the signs of all rows are, within so many columns."""

    names: int
    signs: int
    columns: int

    def lines(self, row: _Row) -> Iterator[str]:
        """Yield the line of a row, and below it the names of violated and unknown rules."""
        indent = " " * (self.names + 2)
        signs = "".join(sign for _, sign in row.rules)
        name = pad(cut(row.name, self.names - 1), self.names)
        line = f"  {name}{pad(signs[: self.signs], self.signs)}  {row.text}"
        yield cut(line, self.columns).rstrip()
        for start in range(self.signs, len(signs), self.signs):
            yield f"{indent}{signs[start : start + self.signs]}"
        for amiss in "F?":
            names = dict.fromkeys(name for name, sign in row.rules if sign == amiss and name)
            if names:
                line = f"{indent}{amiss} {', '.join(names)}"
                yield from wrap(line, self.columns, indent=f"{indent}  ")


def _grid(rows: Sequence[_Row], columns: int) -> _Grid:
    narrowest, widest = _NAMES
    names = max((width(row.name) + 1 for row in rows), default=0)
    signs = max((len(row.rules) for row in rows), default=0)
    return _Grid(min(max(names, narrowest), widest), min(signs, _MOST_SIGNS), columns)
