"""The notes at the end of a run: what to watch, then the defaults and unverified numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct, field

from pytest_icp.kinds.finding import Note, NoteKind
from pytest_icp.kinds.result import Result
from pytest_icp.law.text import Text
from pytest_icp.reports import words as w
from pytest_icp.reports.layout import item
from pytest_icp.reports.run import names_of_results, whose
from pytest_icp.reports.words import Language, each_language, in_languages
from pytest_icp.rules.policy import part_id


class _SharedNote(Struct):
    """A note, and the rules that give it."""

    note: Note
    rules: dict[str, None] = field(default_factory=dict)


def notes(results: Iterable[Result], language: Language, columns: int) -> Iterator[str]:
    """Yield each note once with its rules, by due date, and where defaults are documented."""
    every = _gathered(results)
    for one in every:
        said = f"{', '.join(one.rules)}: {in_languages(one.note.text, language)}"
        yield from item(said, columns)
    if any(one.note.kind == NoteKind.DEFAULT for one in every):
        for text in each_language(w.LEGAL_NOTES, language):
            yield from item(text, columns)


def _gathered(results: Iterable[Result]) -> list[_SharedNote]:
    """Put the same notes of all results together."""
    every: dict[Text, _SharedNote] = {}
    decided = list(results)
    names = names_of_results(decided)
    for result in decided:
        for note in result.notes:
            if note.kind == NoteKind.LEFT_OUT:
                # It is said where the facts are that are to be declared.
                continue
            # A number is the same in every description.
            name = "" if note.kind == NoteKind.DEFAULT else names[result.description]
            rule = whose(part_id(result.rule_id, note.part), name)
            every.setdefault(note.text, _SharedNote(note)).rules[rule] = None
    return sorted(every.values(), key=lambda one: one.note.due or "9999")
