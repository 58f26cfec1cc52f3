"""The end of a run: a matrix by provision, what falls due next, what to declare next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from pytest_icp.core.finding import Verdict
from pytest_icp.core.result import NextDue, Result
from pytest_icp.core.text import Text
from pytest_icp.reporters import words as w
from pytest_icp.reporters.layout import cut, inert, pad, wrap
from pytest_icp.reporters.words import Language, each_language, in_languages

_MOST_ROWS = 12
_HORIZON_DAYS = 400
"""How far ahead a due date is listed: a year and what a reader plans beyond it."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the lines under it."""

    title: Text
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Marked:
    """A verdict that an ordinary Python test gave for a rule (marker ``icp``)."""

    rule_id: str
    verdict: Verdict


def summary(
    results: Iterable[Result], marked: Iterable[Marked], language: Language, columns: int
) -> Iterator[Section]:
    """Yield the sections of a finished run that have something to say."""
    ordered = sorted(results, key=lambda r: (r.description, r.provision, r.rule_id))
    for section in (
        Section(w.ADVISORY, tuple(_advisory(ordered, language, columns))),
        Section(w.WAIVED, tuple(_waived(ordered, language, columns))),
        Section(w.NOTES, tuple(_notes(ordered, language, columns))),
        Section(w.DECLARE_NEXT, tuple(_declare(ordered, language, columns))),
        Section(w.NEXT_DUE, tuple(_next_due(ordered, language, columns))),
        Section(w.MATRIX, tuple(_matrix(ordered, tuple(marked), language, columns))),
    ):
        if section.lines:
            yield section


def _advisory(results: list[Result], language: Language, columns: int) -> Iterator[str]:
    for result in results:
        if result.verdict is Verdict.VIOLATED and result.level == "advisory":
            for finding in result.findings[:_MOST_ROWS]:
                said = in_languages(finding.message, language)
                yield from _item(f"{result.rule_id} {finding.spot}: {said}", columns)


def _waived(results: list[Result], language: Language, columns: int) -> Iterator[str]:
    for result in results:
        if result.waived:
            waiver = result.waived
            said = w.WAIVER.format(expires=waiver.expires, owner=waiver.owner, reason=waiver.reason)
            yield from _item(f"{result.rule_id}: {in_languages(said, language)}", columns)


def _notes(results: list[Result], language: Language, columns: int) -> Iterator[str]:
    """Yield each note once; the rules that give the same one are named together."""
    said: dict[str, list[str]] = {}
    for result in results:
        for note in result.notes:
            rules = said.setdefault(in_languages(note.text, language), [])
            if result.rule_id not in rules:
                rules.append(result.rule_id)
    for text, rules in said.items():
        yield from _item(f"{', '.join(rules)}: {text}", columns)


def _declare(results: list[Result], language: Language, columns: int) -> Iterator[str]:
    """Yield the lines to add, those that decide most obligations first."""
    wanted: dict[tuple[str, str], set[str]] = {}
    lines: dict[tuple[str, str], str] = {}
    for result in results:
        for finding in result.findings:
            if finding.verdict is Verdict.UNKNOWN and finding.line_to_add:
                key = (str(finding.spot.path), finding.pointer)
                wanted.setdefault(key, set()).add(result.rule_id)
                lines[key] = finding.line_to_add
    ranked = sorted(wanted, key=lambda key: (-len(wanted[key]), key))
    for key in ranked[:_MOST_ROWS]:
        count = in_languages(w.DECIDES.format(n=len(wanted[key])), language)
        rules = ", ".join(sorted(wanted[key]))
        yield from _item(f"{key[0]} {key[1]}  ({count}: {rules})", columns)
        yield from (f"      + {inert(line)}" for line in lines[key].splitlines())
    if len(ranked) > _MOST_ROWS:
        more = w.MORE.format(n=len(ranked) - _MOST_ROWS)
        yield from _item(in_languages(more, language), columns)


def _next_due(results: list[Result], language: Language, columns: int) -> Iterator[str]:
    every = sorted(
        ((one, result) for result in results for one in result.upcoming),
        key=lambda pair: (pair[0].last, pair[1].rule_id, pair[0].subject),
    )
    shown = [pair for pair in every if _days_left(*pair) <= _HORIZON_DAYS][:_MOST_ROWS]
    for one, result in shown:
        days = _days_left(one, result)
        title = in_languages(result.title, language)
        mark = "~" if one.provisional else " "
        row = f"  {one.last}{mark} +{days:<4}  {pad(result.rule_id, 16)}  {title} [{one.subject}]"
        yield cut(inert(row), columns)
    if any(one.provisional for one, _ in shown):
        yield from wrap(f"  ~ {in_languages(w.PROVISIONAL, language)}", columns, indent="    ")
    if len(every) > len(shown):
        later = w.LATER.format(n=len(every) - len(shown))
        yield from _item(in_languages(later, language), columns)


def _days_left(one: NextDue, result: Result) -> int:
    return (date.fromisoformat(one.last) - date.fromisoformat(result.as_of[:10])).days


def _matrix(
    results: list[Result], marked: tuple[Marked, ...], language: Language, columns: int
) -> Iterator[str]:
    """Yield one row a provision: a sign for each obligation, and the names of those amiss."""
    for description, of_one in groupby(results, key=lambda result: result.description):
        group = list(of_one)
        day = in_languages(w.AS_OF.format(day=group[0].as_of[:10]), language)
        yield cut(f"{inert(description)}  {day}", columns)
        by_provision = [list(rows) for _, rows in groupby(group, key=lambda r: r.provision)]
        room = max(map(len, by_provision))
        for rows in by_provision:
            yield from _row(rows, room, language, columns)
    yield from _marked_rows(marked, columns)
    if results or marked:
        for line in each_language(w.LEGEND, language):
            yield from wrap(f"  {line}", columns, indent="  ")


def _row(rows: list[Result], room: int, language: Language, columns: int) -> Iterator[str]:
    title = in_languages(rows[0].provision_title, language)
    signs = "".join(sign(row) for row in rows)
    yield cut(f"  {pad(rows[0].provision, 8)}{pad(signs, room)}  {inert(title)}", columns)
    for amiss in "F?":
        names = [row.rule_id.partition("/")[2] for row in rows if sign(row) == amiss]
        if names:
            yield from wrap(f"          {amiss} {', '.join(names)}", columns, indent=" " * 12)


def _marked_rows(marked: tuple[Marked, ...], columns: int) -> Iterator[str]:
    by_rule: Mapping[str, list[Marked]] = {
        rule: list(tests)
        for rule, tests in groupby(
            sorted(marked, key=lambda one: one.rule_id), key=lambda one: one.rule_id
        )
    }
    for rule, tests in by_rule.items():
        signs = "".join(_SIGNS[test.verdict] for test in tests)
        yield from wrap(f"  {pad(rule, 24)}  {signs}", columns, indent="  ")


_SIGNS = {
    Verdict.SATISFIED: ".",
    Verdict.VIOLATED: "F",
    Verdict.UNKNOWN: "?",
    Verdict.NOT_APPLICABLE: "-",
}


def sign(result: Result) -> str:
    """Return the one character that stands for a result in the matrix."""
    if result.waived:
        return "w"
    if result.verdict is Verdict.VIOLATED and result.level == "advisory":
        return "a"
    return _SIGNS[result.verdict]


def _item(text: str, columns: int) -> list[str]:
    return wrap(f"  {text}", columns, indent="    ")
