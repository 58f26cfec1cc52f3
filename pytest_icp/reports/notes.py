"""The notes at the end of a run: what to watch, then the defaults and unverified numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from msgspec import Struct, field

from pytest_icp.kinds.finding import Note, NoteKind
from pytest_icp.kinds.result import Result
from pytest_icp.law.text import Text
from pytest_icp.reports import words as w
from pytest_icp.reports.layout import cut, inert, item
from pytest_icp.reports.whose import names_of_results, whose
from pytest_icp.reports.words import Language, each_language, in_languages

_MOST_LINES = 12
"""Lines of a short list, including those on what is left out and where to read on."""

_MOST_IN_FULL = 8
"""Lines of them for notes in full where there are numbers too; the first is always there."""


class _SharedNote(Struct):
    """A note, and the rules that give it."""

    note: Note
    rules: dict[str, None] = field(default_factory=dict)


def notes(
    results: Iterable[Result], language: Language, columns: int, *, short: bool = True
) -> Iterator[str]:
    """Yield each note once with its rules, by due date, and where defaults are documented.

    Kept ``short``, a number takes one line, the most used first, and what is too much is counted.
    """
    every = _gathered(results)
    doubts = any(one.note.kind == NoteKind.DEFAULT for one in every)
    end = _legal_notes(language, columns) if doubts else []
    if short:
        yield from _shortened(every, language, columns, _MOST_LINES - len(end))
    else:
        for one in every:
            yield from _in_full(one, language, columns)
    yield from end


def _gathered(results: Iterable[Result]) -> list[_SharedNote]:
    """Put the same notes of all results together."""
    every: dict[Text, _SharedNote] = {}
    decided = list(results)
    names = names_of_results(decided)
    for result in decided:
        for note in result.notes:
            # A number is the same in every description.
            name = "" if note.kind == NoteKind.DEFAULT else names[result.description]
            rule = whose(result.rule_id, name)
            every.setdefault(note.text, _SharedNote(note)).rules[rule] = None
    return sorted(every.values(), key=lambda one: one.note.due or "9999")


def _shortened(
    every: list[_SharedNote], language: Language, columns: int, room: int
) -> Iterator[str]:
    """Yield as many notes as have room, numbers on one line each."""
    full = [_in_full(one, language, columns) for one in every if not one.note.brief]
    by_use = sorted(every, key=lambda one: len(one.rules), reverse=True)
    rows = [_row(one, brief, language, columns) for one in by_use if (brief := one.note.brief)]
    if sum(map(len, full)) + len(rows) <= room:
        yield from chain(*full, rows)
        return
    room -= 1
    kept = _first(full, min(room, _MOST_IN_FULL) if rows else room)
    yield from chain(*kept)
    fitting = rows[: max(room - sum(map(len, kept)), 0)]
    yield from fitting
    more = len(full) - len(kept) + len(rows) - len(fitting)
    yield from item(in_languages(w.MORE_NOTES.format(n=more), language), columns)


def _first(full: list[list[str]], room: int) -> list[list[str]]:
    """Return the notes that fit into so many lines, in their order, and the first in any case."""
    kept = full[:1]
    for lines in full[1:]:
        if sum(map(len, kept)) + len(lines) > room:
            break
        kept.append(lines)
    return kept


def _in_full(one: _SharedNote, language: Language, columns: int) -> list[str]:
    said = f"{', '.join(one.rules)}: {in_languages(one.note.text, language)}"
    return item(said, columns)


def _row(one: _SharedNote, brief: Text, language: Language, columns: int) -> str:
    """Return a number on one line, with the first of its rules and how many more there are."""
    first, *others = one.rules
    rules = f"{first} +{len(others)}" if others else first
    return cut(inert(f"  {rules}: {in_languages(brief, language)}"), columns)


def _legal_notes(language: Language, columns: int) -> list[str]:
    said = each_language(w.LEGAL_NOTES, language)
    return [line for one in said for line in item(one, columns)]
