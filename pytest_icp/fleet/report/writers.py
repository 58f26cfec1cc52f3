"""The figures of a fleet for a terminal, as Markdown, and as one page with pictures."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_icp.fleet.report.figures import Figures
from pytest_icp.fleet.report.sheets import TITLE, Cell, Sheet, parts, remarks, sheets, summary
from pytest_icp.law.text import Text, plain
from pytest_icp.reports.as_html import Page, html_page
from pytest_icp.reports.as_markdown import markdown_text
from pytest_icp.reports.as_text import text_lines
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
from pytest_icp.reports.words import Language

_MOST_IN_TEXT, _MOST_IN_MARKDOWN, _MOST_IN_PAGE = 100, 200, 400
"""So many rows of a sheet are shown; a browser has to bear the page."""

_WIDE = 1000
_DESCRIPTIONS = Text(zh="描述", en="descriptions")


def report_text(found: Figures, language: Language, columns: int) -> str:
    """Return the report in lines of at most so many columns."""
    blocks = [*map(paragraph, summary(found)), *_tables(found, _MOST_IN_TEXT)]
    title = Heading(line(TITLE.format(day=found.head.as_of)), 1)
    lines = text_lines([title, *blocks, paragraph(found.head.versions)], language, columns)
    return "\n".join(lines)


def report_markdown(found: Figures, language: Language) -> str:
    """Return the report as Markdown."""
    said = [line(one) for one in summary(found)]
    blocks = [*items(said, len(said)), *_tables(found, _MOST_IN_MARKDOWN)]
    title = Heading(line(TITLE.format(day=found.head.as_of)), 1)
    return markdown_text([title, *blocks, paragraph(found.head.versions)], language)


def _tables(found: Figures, most: int) -> Iterator[Block]:
    for sheet in sheets(found):
        yield Heading(line(sheet.title), 2)
        yield from _sheet(sheet, most)


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
