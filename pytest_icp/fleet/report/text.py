"""The figures of a fleet for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pytest_icp.fleet.report.figures import Figures
from pytest_icp.fleet.report.sheets import TITLE, Cell, Sheet, sheets, summary
from pytest_icp.law.text import Text
from pytest_icp.reports import words as w
from pytest_icp.reports.layout import cut, item, pad, ruled, width, wrap
from pytest_icp.reports.safe import one_line
from pytest_icp.reports.words import Language, each_language, in_languages

_MOST = 100
_WIDEST = 30


def report_text(found: Figures, language: Language, columns: int) -> str:
    """Return the report in lines of at most so many columns."""
    lines = [ruled(in_languages(TITLE.format(day=found.head.as_of), language), columns, "=")]
    for said in summary(found):
        for words in each_language(said, language):
            lines += wrap(words, columns)
    for sheet in sheets(found):
        lines += ["", ruled(in_languages(sheet.title, language), columns, "-")]
        lines += _table(sheet, language, columns)
    lines += ["", *wrap(found.head.versions, columns)]
    return "\n".join(lines)


def _table(sheet: Sheet, language: Language, columns: int) -> Iterator[str]:
    shown = [sheet.head, *sheet.rows[:_MOST]]
    cells = [[_words(cell, language) for cell in row] for row in shown]
    widths = [min(_WIDEST, max(map(width, column))) for column in zip(*cells, strict=True)]
    for row, written in zip(shown, cells, strict=True):
        yield cut(_line(row, written, widths, sheet), columns)
    if len(sheet.rows) > _MOST:
        yield from item(in_languages(w.MORE.format(n=len(sheet.rows) - _MOST), language), columns)
    if sheet.note:
        yield from item(in_languages(sheet.note, language), columns)


def _line(row: Sequence[Cell], written: list[str], widths: list[int], sheet: Sheet) -> str:
    numbers = [isinstance(cell, int) for cell in sheet.rows[0]]
    parts: list[str] = []
    for text, wide, number in zip(written, widths, numbers, strict=True):
        held = cut(text, wide) if len(parts) < len(row) - 1 else text
        parts.append(" " * (wide - width(held)) + held if number else pad(held, wide))
    return "  " + "  ".join(parts).rstrip()


def _words(cell: Cell, language: Language) -> str:
    if isinstance(cell, Text):
        return one_line(in_languages(cell, language))
    return one_line(str(cell))
