"""The figures of a fleet as Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_icp.fleet.report.figures import Figures
from pytest_icp.fleet.report.sheets import TITLE, Cell, Sheet, sheets, summary
from pytest_icp.law.text import Text
from pytest_icp.reports import words as w
from pytest_icp.reports.markdown_text import escaped, inline
from pytest_icp.reports.words import Language

_MOST = 200


def report_markdown(found: Figures, language: Language) -> str:
    """Return the report as Markdown."""
    lines = [f"# {inline(TITLE.format(day=found.head.as_of), language)}", ""]
    lines += [f"- {inline(said, language)}" for said in summary(found)]
    for sheet in sheets(found):
        lines += ["", f"## {inline(sheet.title, language)}", "", *_table(sheet, language)]
    lines += ["", escaped(found.head.versions)]
    return "\n".join(lines) + "\n"


def _table(sheet: Sheet, language: Language) -> Iterator[str]:
    yield _row(sheet.head, language)
    yield "|" + "|".join(" ---: " if isinstance(c, int) else " --- " for c in sheet.rows[0]) + "|"
    for row in sheet.rows[:_MOST]:
        yield _row(row, language)
    if len(sheet.rows) > _MOST:
        yield ""
        yield inline(w.MORE.format(n=len(sheet.rows) - _MOST), language)
    if sheet.note:
        yield ""
        yield inline(sheet.note, language)


def _row(cells: tuple[Cell, ...], language: Language) -> str:
    written = (
        inline(cell, language) if isinstance(cell, Text) else escaped(str(cell)) for cell in cells
    )
    return f"| {' | '.join(written)} |"
