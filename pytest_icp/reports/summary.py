"""The end of a run: a matrix by provision, what is due next, what to declare next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from msgspec import Struct

from pytest_icp.kinds.finding import Upcoming, Verdict
from pytest_icp.kinds.result import Result
from pytest_icp.law.text import Text
from pytest_icp.reports import words as w
from pytest_icp.reports.duties import HORIZON_DAYS
from pytest_icp.reports.layout import cut, inert, item, pad, width
from pytest_icp.reports.matrix import Marked, matrix
from pytest_icp.reports.notes import notes
from pytest_icp.reports.to_declare import MOST, to_declare
from pytest_icp.reports.whose import names_of_results, whose
from pytest_icp.reports.words import Language, in_languages

_MOST_ROWS = 12
_WIDEST_RULE = 40
"""Columns for the names of rules; a longer name moves what follows it in its row."""


class Section(Struct, frozen=True):
    """A heading and the lines under it."""

    title: Text
    lines: tuple[str, ...]


def summary(
    results: Iterable[Result],
    marked: Iterable[Marked],
    language: Language,
    columns: int,
    *,
    most: int | None = MOST,
) -> Iterator[Section]:
    """Yield the sections of a finished run that have something to say.

    ``most`` is how many facts to declare are shown; None, all of them and all notes.
    """
    ordered = sorted(results, key=lambda r: (r.description, r.provision, r.rule_id))
    for section in (
        Section(w.ADVISORY, tuple(_advisory(ordered, language, columns))),
        Section(w.WAIVED, tuple(_waived(ordered, language, columns))),
        Section(w.NOTES, tuple(notes(ordered, language, columns, short=most is not None))),
        Section(w.DECLARE_NEXT, tuple(to_declare(ordered, language, columns, most))),
        Section(w.NEXT_DUE, tuple(_next_due(ordered, language, columns))),
        Section(
            w.MATRIX, tuple(matrix(ordered, marked, language, columns, short=most is not None))
        ),
    ):
        if section.lines:
            yield section


def _advisory(results: list[Result], language: Language, columns: int) -> Iterator[str]:
    names = names_of_results(results)
    for result in results:
        if result.verdict is Verdict.VIOLATED and result.level == "advisory":
            for finding in result.findings[:_MOST_ROWS]:
                said = in_languages(finding.message, language)
                rule = whose(result.rule_id, names[result.description])
                yield from item(f"{rule} {finding.location}: {said}", columns)


def _waived(results: list[Result], language: Language, columns: int) -> Iterator[str]:
    names = names_of_results(results)
    for result in results:
        if result.waived:
            said = w.waiver_text(result.waived)
            rule = whose(result.rule_id, names[result.description])
            yield from item(f"{rule}: {in_languages(said, language)}", columns)


def _next_due(results: list[Result], language: Language, columns: int) -> Iterator[str]:
    every = sorted(
        ((one, result) for result in results for one in result.upcoming),
        key=lambda pair: (pair[0].last, pair[1].rule_id, pair[0].subject),
    )
    shown = [pair for pair in every if _days_left(*pair) <= HORIZON_DAYS][:_MOST_ROWS]
    names = names_of_results(results)
    rules = [inert(whose(result.rule_id, names[result.description])) for _, result in shown]
    room = min(max(map(width, rules), default=0), _WIDEST_RULE)
    for (one, result), rule in zip(shown, rules, strict=True):
        days = _days_left(one, result)
        title = in_languages(result.title, language)
        mark = "~" if one.provisional else " "
        row = f"  {one.last}{mark} +{days:<4}  {pad(rule, room)}  {title} [{one.subject}]"
        yield cut(inert(row), columns)
    if any(one.provisional for one, _ in shown):
        yield from item(f"~ {in_languages(w.PROVISIONAL, language)}", columns)
    if len(every) > len(shown):
        later = w.LATER.format(n=len(every) - len(shown))
        yield from item(in_languages(later, language), columns)


def _days_left(one: Upcoming, result: Result) -> int:
    return (date.fromisoformat(one.last) - date.fromisoformat(result.as_of[:10])).days
