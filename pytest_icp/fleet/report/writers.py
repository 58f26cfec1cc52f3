"""The figures of a fleet for a terminal, as Markdown, and as one page with pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pytest_icp.fleet.report.figures import Figures
from pytest_icp.fleet.report.sheets import TITLE, Cell, Sheet, parts, remarks, sheets, summary
from pytest_icp.law.text import Text, plain
from pytest_icp.reports import words as w
from pytest_icp.reports.as_html import Page, html_page
from pytest_icp.reports.as_markdown import markdown_text
from pytest_icp.reports.blocks import (
    Bar,
    Block,
    Group,
    Heading,
    Line,
    Span,
    Table,
    items,
    line,
    more,
    paragraph,
    short,
    soft,
)
from pytest_icp.reports.layout import cut, item, pad, ruled, width, wrap
from pytest_icp.reports.safe import one_line
from pytest_icp.reports.words import Language, each_language, in_languages

_MOST_IN_TEXT, _MOST_IN_MARKDOWN, _MOST_IN_PAGE = 100, 200, 400
"""So many rows of a sheet are shown; a browser has to bear the page."""

_WIDEST = 30
_WIDE = 1000
_DESCRIPTIONS = Text(zh="描述", en="descriptions")


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
    said = [line(one) for one in summary(found)]
    tables = [
        block
        for sheet in sheets(found)
        for block in (Heading(line(sheet.title), 2), *_sheet(sheet, _MOST_IN_MARKDOWN))
    ]
    title = Heading(line(TITLE.format(day=found.head.as_of)), 1)
    versions = paragraph(found.head.versions)
    return markdown_text([title, *items(said, len(said)), *tables, versions], language)


def report_html(found: Figures, language: Language) -> str:
    """Return the report as a page without scripts."""
    title = TITLE.format(day=found.head.as_of)
    said = [line(one) for one in (summary(found)[0], *remarks(found))]
    shown = list(enumerate(sheets(found)))
    links = [line(Span(sheet.title, link=f"#sheet-{i}")) for i, sheet in shown]
    head = (
        Heading(line(title), 1),
        *items(said, len(said)),
        *_parts(found),
        Group(tuple(items(links, len(links))), "nav"),
    )
    main = [
        Group(
            (Heading(line(sheet.title), 2), *_sheet(sheet, _MOST_IN_PAGE)), "section", f"sheet-{i}"
        )
        for i, sheet in shown
    ]
    page = Page(title, head, (*main, paragraph(soft(plain(found.head.versions)))))
    return html_page(page, language)


def _parts(found: Figures) -> Iterator[Block]:
    """Yield all descriptions as bars, each of which is in one."""
    every = found.all.descriptions
    rows = tuple(
        (line(label), Bar(count * _WIDE // every if every else 0, how))
        for how, count, label in parts(found)
    )
    yield Table((line(_DESCRIPTIONS), ()), rows)


def _sheet(sheet: Sheet, most: int) -> Iterator[Block]:
    """Yield the table of a sheet, with a bar beside each number that is pictured, and its note."""
    at = sheet.bars
    numbers = frozenset(i for i, cell in enumerate(sheet.rows[0]) if isinstance(cell, int))
    pictured = [row[at] if at is not None else 0 for row in sheet.rows]
    largest = max((1, *(one for one in pictured if isinstance(one, int))))
    rows = []
    for row, number in zip(sheet.rows[:most], pictured, strict=False):
        size = number * _WIDE // largest if isinstance(number, int) else 0
        bars: list[Line | Bar] = [] if at is None else [Bar(size)]
        rows.append((*map(_cell, row), *bars))
    head = (*map(line, sheet.head), *([()] if at is not None else []))
    yield Table(head, tuple(rows), "sheet", numbers)
    yield from more(len(sheet.rows) - most)
    if sheet.note:
        yield paragraph(soft(sheet.note))


def _cell(cell: Cell) -> Line:
    return line(short(cell if isinstance(cell, Text) else plain(str(cell)), 300))
