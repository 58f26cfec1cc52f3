"""The figures of a fleet for a terminal, as Markdown, and as one page with pictures."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path

from markupsafe import Markup
from msgspec import Struct

from pytest_icp.fleet.report.figures import Figures
from pytest_icp.fleet.report.sheets import TITLE, Cell, Sheet, parts, remarks, sheets, summary
from pytest_icp.law.text import Text
from pytest_icp.reports import words as w
from pytest_icp.reports.html.environment import FOLDER, environment
from pytest_icp.reports.layout import cut, item, pad, ruled, width, wrap
from pytest_icp.reports.markdown_text import escaped, inline
from pytest_icp.reports.safe import one_line
from pytest_icp.reports.words import Language, each_language, in_languages

_MOST_IN_TEXT, _MOST_IN_MARKDOWN, _MOST_IN_PAGE = 100, 200, 400
"""So many rows of a sheet are shown; a browser has to bear the page."""

_WIDEST = 30
_WIDE = 1000
_HERE = Path(__file__).parent


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
    shown = [sheet.head, *sheet.rows[:_MOST_IN_TEXT]]
    cells = [[_words(cell, language) for cell in row] for row in shown]
    widths = [min(_WIDEST, max(map(width, column))) for column in zip(*cells, strict=True)]
    for row, written in zip(shown, cells, strict=True):
        yield cut(_line(row, written, widths, sheet), columns)
    if len(sheet.rows) > _MOST_IN_TEXT:
        yield from item(
            in_languages(w.MORE.format(n=len(sheet.rows) - _MOST_IN_TEXT), language), columns
        )
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


def report_markdown(found: Figures, language: Language) -> str:
    """Return the report as Markdown."""
    lines = [f"# {inline(TITLE.format(day=found.head.as_of), language)}", ""]
    lines += [f"- {inline(said, language)}" for said in summary(found)]
    for sheet in sheets(found):
        lines += ["", f"## {inline(sheet.title, language)}", "", *_markdown_table(sheet, language)]
    lines += ["", escaped(found.head.versions)]
    return "\n".join(lines) + "\n"


def _markdown_table(sheet: Sheet, language: Language) -> Iterator[str]:
    yield _markdown_row(sheet.head, language)
    yield "|" + "|".join(" ---: " if isinstance(c, int) else " --- " for c in sheet.rows[0]) + "|"
    for row in sheet.rows[:_MOST_IN_MARKDOWN]:
        yield _markdown_row(row, language)
    if len(sheet.rows) > _MOST_IN_MARKDOWN:
        yield ""
        yield inline(w.MORE.format(n=len(sheet.rows) - _MOST_IN_MARKDOWN), language)
    if sheet.note:
        yield ""
        yield inline(sheet.note, language)


def _markdown_row(cells: tuple[Cell, ...], language: Language) -> str:
    written = (
        inline(cell, language) if isinstance(cell, Text) else escaped(str(cell)) for cell in cells
    )
    return f"| {' | '.join(written)} |"


class Bar(Struct, frozen=True):
    """A part of a picture: from where to where, of a thousand, and what it shows."""

    start: int
    size: int
    how: str
    label: Text


def report_html(found: Figures, language: Language) -> str:
    """Return the report as a page without scripts."""
    style = "".join((folder / "page.css").read_text("utf-8") for folder in (FOLDER, _HERE))
    return (
        environment(language, _HERE)
        .get_template("fleet.html.jinja")
        .render(
            title=TITLE.format(day=found.head.as_of),
            summary=[summary(found)[0], *remarks(found)],
            bars=_bars(found),
            sheets=[(f"sheet-{i}", sheet) for i, sheet in enumerate(sheets(found))],
            found=found,
            shown=_MOST_IN_PAGE,
            size=_size,
            is_text=lambda cell: isinstance(cell, Text),
            is_number=lambda cell: isinstance(cell, int),
            style=Markup(style),  # noqa: S704 - it is ours
            digest=b64encode(sha256(style.encode()).digest()).decode(),
        )
    )


def _bars(found: Figures) -> list[Bar]:
    """Return the picture of all descriptions, in which each is in one part."""
    every, start, bars = found.all.descriptions, 0, []
    for how, count, label in parts(found):
        size = count * _WIDE // every if every else 0
        bars.append(Bar(start, size, how, label))
        start += size
    return bars


def _size(sheet: Sheet, cell: Cell) -> int:
    """Return how long the bar of a number is, of a thousand."""
    numbers = (n for row in sheet.rows for n in row[sheet.bars :][:1] if isinstance(n, int))
    largest = max((1, *numbers))
    return cell * _WIDE // largest if isinstance(cell, int) else 0
