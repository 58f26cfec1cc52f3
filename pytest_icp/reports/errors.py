"""Errors in a user's files: the place, the line with a caret, and what is wrong with it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

from pytest_icp.facts.files.schema import problems_of
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.reports import words as w
from pytest_icp.reports.layout import caret_lines, inert, uncommanded, width, wrap
from pytest_icp.reports.run import Trouble
from pytest_icp.reports.words import Language, each_language, in_languages


class Fault(Protocol):
    """What is wrong, and how to fix it."""

    @property
    def message(self) -> Text:
        """What is wrong."""
        ...

    @property
    def hint(self) -> Text:
        """What to do."""
        ...


def error_text(error: InputError, language: Language, base: Path, columns: int = 80) -> str:
    """Return what is wrong in a file; paths are relative to ``base``."""
    problems, more = problems_of(error)
    blocks = (problem_lines(p, p.place, language, columns, base) for p in problems)
    lines = [line for one in blocks for line in one]
    if more:
        lines.append(in_languages(w.MORE.format(n=more), language))
    return "\n".join(lines)


def troubles_text(troubles: Iterable[Trouble], language: Language, base: Path) -> str:
    """Return why something could not be judged, laid out as in `error_text`."""
    blocks = (problem_lines(one, one.location, language, 80, base) for one in troubles)
    return "\n\n".join("\n".join(lines) for lines in blocks)


def headed(head: str, message: str, columns: int) -> list[str]:
    """Return ``path:line:column: message`` in lines; the place is whole, however long it is."""
    if not head:
        return wrap(message, columns, indent="  ")
    whole = uncommanded(inert(head))
    if width(whole) > columns:
        return [whole, *wrap(f"  {message}", columns, indent="  ")]
    # A path may have spaces, at which no line may break.
    stands = "x" * width(whole)
    first, *rest = wrap(f"{stands} {message}", columns, indent="  ")
    return [whole + first.removeprefix(stands), *rest]


def problem_lines(
    problem: Fault, place: Place | None, language: Language, columns: int, base: Path | None = None
) -> Iterator[str]:
    """Yield what is wrong as ``path:line:column: message``, the line, and how to fix it.

    Paths are written relative to ``base``.
    """
    above = f"{base}{os.sep}"
    head = f"{place}:".replace(above, "") if place is not None else ""
    for message in each_language(problem.message, language):
        yield from headed(head, message.replace(above, ""), columns)
    if place is not None and place.line and place.excerpt:
        column = place.column or 1
        yield from caret_lines(
            place.excerpt, column, place.width, columns, lead="  | ", under="  | "
        )
    for hint in each_language(problem.hint, language):
        if hint:
            yield from wrap(f"  = {hint}".replace(above, ""), columns, indent=" " * 4)
