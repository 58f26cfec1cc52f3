"""Blocks as lines of a terminal, in which no word is obeyed and none is cut that decides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest

from msgspec.structs import replace

from pytest_icp.kinds.standing import standing_name
from pytest_icp.law.location import Location
from pytest_icp.law.text import Lang, Text, quoted
from pytest_icp.reports.blocks import (
    Bar,
    Block,
    Code,
    Excerpt,
    Group,
    Heading,
    Items,
    Line,
    Paragraph,
    Quote,
    Rows,
    Span,
    Table,
    line,
)
from pytest_icp.reports.layout import (
    caret_lines,
    cut,
    inert,
    pad,
    ruled,
    to_paste,
    uncommanded,
    width,
    wrap,
)
from pytest_icp.reports.words import Language, languages

_WIDEST, _NARROWEST = 30, 16
"""Columns that a cell may take beside the widest column, and those that this one has at least."""

_LABEL = 8
"""Columns of a label up to which later lines stand behind it, and not only a little in."""

_RULES = {1: "=", 2: "-"}
_GAP = "  "
COLON = Text("：", ": ")


def text_lines(
    blocks: Iterable[Block], language: Language, columns: int, indent: str = ""
) -> Iterator[str]:
    """Yield the lines of blocks within so many columns; what is in a group is indented.

    So is what stands below a heading that is not ruled.
    """
    for block in blocks:
        match block:
            case Heading():
                title = _joined(block.line, language)
                ruler = _RULES.get(block.level)
                yield ""
                yield from [ruled(title, columns, ruler)] if ruler else wrap(title, columns)
                indent = indent if ruler else _GAP
            case Paragraph() | Rows() | Quote():
                for said in _lines(block):
                    yield from _paragraph(said, language, columns, indent)
            case Items():
                yield from _items(block, language, columns, indent)
            case Table():
                yield from _table(block, language, columns)
            case Code():
                yield from to_paste("\n".join(block.lines), f"{indent}    ", columns)
            case Excerpt():
                yield from _excerpt(block.location, columns)
            case Group():
                yield from [""] * (block.style == "section")
                yield from _paragraph(block.title, language, columns, indent) if block.title else ()
                yield from text_lines(block.blocks, language, columns, f"{indent}  ")


def _lines(block: Paragraph | Rows | Quote) -> Iterator[Line]:
    """Yield the lines of a block, what they are said of as a label."""
    match block:
        case Paragraph():
            yield block.line
        case Rows():
            for label, said in block.rows:
                yield (Span(label, "strong"), *said)
        case Quote():
            words = block.text or Text("", "")
            said = line(quoted(words) if words.en else words)
            yield (*(replace(one, style="strong") for one in block.source), *said)


def in_each(blocks: Iterable[Block], language: Language, columns: int) -> list[str]:
    """Return the lines of blocks, in both languages first all of one and then of the other."""
    every = tuple(blocks)
    return [one for lang in languages(language) for one in text_lines(every, lang, columns)]


def _paragraph(said: Line, language: Language, columns: int, indent: str) -> Iterator[str]:
    """Yield a line of spans, once for each language; it hangs where what a label says begins."""
    label = said[0] if len(said) > 1 and said[0].style == "strong" else None
    for text, lang in _each(said, language).items():
        before = width(f"{label.text[lang]}{COLON[lang]}") if label else 0
        hanging = indent + " " * (before if before <= _LABEL else len(_GAP))
        for part in text.strip().split("\n"):
            yield from wrap(f"{indent}{inert(part)}", columns, indent=hanging)


def _items(block: Items, language: Language, columns: int, indent: str) -> Iterator[str]:
    for number, one in enumerate(block.items, start=1):
        lead = f"{indent}{number}. " if block.style == "steps" else f"{indent}  "
        hanging = " " * (width(lead) + (0 if block.style == "steps" else 2))
        for text in _each(one.line, language):
            yield from wrap(f"{lead}{inert(text)}", columns, indent=hanging)
            lead = " " * width(lead)


def _excerpt(spot: Location, columns: int) -> Iterator[str]:
    """Yield the line of a fact with carets under the fact, behind its place if there is room."""
    place, excerpt, column = uncommanded(inert(str(spot))), spot.excerpt, spot.column or 1
    lead = f"{place}: "
    if not excerpt or width(lead + excerpt) > columns:
        yield place
        indented = min(len(excerpt) - len(excerpt.lstrip()), column - 1)
        lead, excerpt, column = "    ", excerpt[indented:], column - indented
    if excerpt:
        yield from caret_lines(excerpt, column, spot.width, columns, lead=lead)


def _each(said: Line, language: Language) -> Mapping[str, Lang]:
    """Return a line in each selected language; the same words only once."""
    return {_in(said, lang): lang for lang in languages(language)}


def _joined(said: Line, language: Language) -> str:
    return inert(" · ".join(_each(said, language)))


def _in(said: Line, lang: Lang) -> str:
    first, *rest = [_span(one, lang) for one in said] or [""]
    if rest and said[0].style == "strong":
        return f"{first}{COLON[lang]}{' '.join(rest)}"
    return " ".join((first, *rest))


def _span(span: Span, lang: Lang) -> str:
    words = span.text[lang][: span.most]
    if span.standing and not words:
        words = standing_name(span.standing)[lang]
    return f"({words})" if span.style == "tag" else words


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
    return [_joined(tuple(one), language) for one in lines]


def _line(cells: Sequence[str], rooms: Sequence[int], numbers: Sequence[bool]) -> str:
    told = (
        " " * (room - width(held)) + held if number else pad(held, room)
        for cell, room, number in zip(cells, rooms, numbers, strict=True)
        for held in [cut(cell, room)]
    )
    return _GAP.join(told).rstrip()
