"""Blocks as lines of a terminal, in which no word is obeyed and none is cut that decides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from pytest_icp.reports.blocks import Bar, Block, Heading, Items, Line, Paragraph, Span, Table
from pytest_icp.reports.layout import cut, inert, item, pad, ruled, uncommanded, width, wrap
from pytest_icp.reports.words import Language, in_languages

_WIDEST, _NARROWEST = 30, 16
"""Columns that a cell may take beside the widest column, and those that this one has at least."""

_RULES = {1: "=", 2: "-"}
_GAP = "  "


def text_lines(blocks: Iterable[Block], language: Language, columns: int) -> Iterator[str]:
    """Yield the lines of blocks within so many columns."""
    for block in blocks:
        match block:
            case Heading():
                yield from ("", ruled(_said(block.line, language), columns, _RULES[block.level]))
            case Paragraph():
                yield from wrap(_said(block.line, language), columns)
            case Items():
                for one in block.items:
                    yield from item(_said(one.line, language), columns)
            case Table():
                yield from _table(block, language, columns)
            case _:
                raise TypeError(block)


def _said(line: Sequence[Span], language: Language) -> str:
    texts = (in_languages(one.text, language)[: one.most] for one in line)
    return inert(" ".join(texts))


def _table(table: Table, language: Language, columns: int) -> Iterator[str]:
    """Yield a table, the widest column of which has what the others leave; bars are left out."""
    shown = [i for i, head in enumerate(table.head) if head]
    rows = [[_cell(row[i], language) for i in shown] for row in (table.head, *table.rows)]
    rooms = [max(width(one) for row in rows for one in row[at]) for at in range(len(shown))]
    widest = max(range(len(shown)), key=rooms.__getitem__)
    rooms = [min(room, _WIDEST) if at != widest else room for at, room in enumerate(rooms)]
    rest = columns - sum(rooms) + rooms[widest] - len(_GAP) * (len(shown) - 1)
    rooms[widest] = min(rooms[widest], max(rest, _NARROWEST))
    numbers = [i in table.numbers for i in shown]
    for row in rows:
        cells = [
            [part for one in cell for part in wrap(one, rooms[at])] if at == widest else cell
            for at, cell in enumerate(row)
        ]
        for parts in zip_longest(*cells, fillvalue=""):
            yield uncommanded(cut(_line(parts, rooms, numbers), columns))


def _cell(cell: Line | Bar, language: Language) -> list[str]:
    """Return the lines of a cell: a span that is a row of its own begins one."""
    lines: list[list[Span]] = [[]]
    for span in cell if isinstance(cell, tuple) else ():
        if span.style == "row" and lines[-1]:
            lines.append([])
        lines[-1].append(span)
    return [_said(one, language) for one in lines]


def _line(cells: Sequence[str], rooms: Sequence[int], numbers: Sequence[bool]) -> str:
    told = (
        " " * (room - width(held)) + held if number else pad(held, room)
        for cell, room, number in zip(cells, rooms, numbers, strict=True)
        for held in [cut(cell, room)]
    )
    return _GAP.join(told).rstrip()
