"""Blocks as lines of a terminal, with text made safe and no decisive word cut."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.kinds.standing import standing_name
from pytest_icp.law.location import Location
from pytest_icp.law.text import Lang, Text, quoted
from pytest_icp.reports import blocks as b
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
from pytest_icp.reports.words import Language, each_language, in_languages, languages

_WIDEST, _NARROWEST = 30, 16
"""Columns that a cell may take beside the widest column, and those that this one has at least."""

_NAME, _NAMED = 1, 24
"""Of a table of style ``cut`` the column that gives way, and the columns that it has at least."""

_LABEL = 8
"""Columns of a label up to which later lines stand behind it, and not only a little in."""

_RULES = {1: "=", 2: "-"}
_GAP = "  "
COLON = Text("：", ": ")


class Screen(Struct, frozen=True):
    """Writes blocks on a terminal (终端), in one or both languages and so many columns wide.

    A list or a paragraph of style ``joined`` has both languages in one line, and one of style
    ``cut`` is one row, of which what does not fit is left out.
    """

    language: Language
    columns: int = 80

    def lines(self, blocks: Iterable[b.Block], indent: str = "") -> Iterator[str]:
        """Yield the lines of blocks; what is in a group is indented.

        So is what stands below a heading that is not ruled.
        """
        for block in blocks:
            match block:
                case b.Heading():
                    title = self._joined(block.line)
                    ruler = _RULES.get(block.level)
                    yield ""
                    yield from (
                        [ruled(title, self.columns, ruler)] if ruler else wrap(title, self.columns)
                    )
                    indent = indent if ruler else _GAP
                case b.Paragraph() | b.Rows() | b.Quote():
                    yield from self._paragraphs(block, indent)
                case b.Items():
                    yield from self._items(block, indent)
                case b.Table():
                    inside = Screen(self.language, self.columns - width(indent))
                    yield from (f"{indent}{row}" for row in inside._table(block))
                case b.Code():
                    mark = "+ " if block.style == "added" else ""
                    yield from to_paste("\n".join(block.lines), f"{indent}    {mark}", self.columns)
                case b.Excerpt():
                    yield from self._excerpt(block.location)
                case b.Group():
                    yield from [""] * (block.style == "section")
                    yield from self._paragraph(block.title, indent) if block.title else ()
                    yield from self.lines(block.blocks, f"{indent}  ")

    def in_each(self, blocks: Iterable[b.Block]) -> list[str]:
        """Return the lines of blocks, in both languages first all of one and then of the other."""
        every, langs = tuple(blocks), languages(self.language)
        return [one for lang in langs for one in Screen(lang, self.columns).lines(every)]

    def text(self, blocks: Iterable[b.Block]) -> str:
        """Return the lines of `in_each` as a text."""
        return "\n".join(self.in_each(blocks))

    def said(self, text: Text, lead: str = "", indent: str | None = None) -> Iterator[str]:
        """Yield a text in each selected language behind a lead; later lines are indented so far."""
        hanging = " " * width(lead) if indent is None else indent
        for words in each_language(text, self.language):
            yield from wrap(f"{lead}{words}", self.columns, indent=hanging)

    def steps(self, text: Text) -> str:
        """Return a text of several lines; what goes on of a step is indented."""
        return "\n".join(
            wrapped
            for words in each_language(text, self.language)
            for line in words.splitlines()
            for wrapped in wrap(line, self.columns, indent="     " * line.startswith(" "))
        )

    def section(self, section: b.Section) -> Iterator[str]:
        """Yield the title of a section in a rule, then its blocks."""
        yield ruled(in_languages(section.title, self.language), self.columns, "-")
        yield from self.lines(section.blocks)

    def _paragraphs(self, block: b.Paragraph | b.Rows | b.Quote, indent: str) -> Iterator[str]:
        if isinstance(block, b.Paragraph) and block.style == "cut":
            row = f"{indent}{self._in_one(block.line)}".rstrip()
            yield uncommanded(cut(row, self.columns))
        elif isinstance(block, b.Paragraph) and block.style == "joined":
            yield from wrap(f"{indent}{self._in_one(block.line)}", self.columns, indent=indent)
        else:
            for said in _lines(block):
                yield from self._paragraph(said, indent)

    def _paragraph(self, said: b.Line, indent: str) -> Iterator[str]:
        """Yield a line of spans in each language; it hangs where what a label says begins."""
        label = said[0] if len(said) > 1 and said[0].style == "strong" else None
        for text, lang in self._each(said).items():
            before = width(f"{label.text[lang]}{COLON[lang]}") if label else 0
            hanging = indent + " " * (before if before <= _LABEL else len(_GAP))
            for part in text.strip().split("\n"):
                yield from wrap(f"{indent}{inert(part)}", self.columns, indent=hanging)

    def _items(self, block: b.Items, indent: str) -> Iterator[str]:
        for number, one in enumerate(block.items, start=1):
            lead = f"{indent}{number}. " if block.style == "steps" else f"{indent}  "
            hanging = " " * (width(lead) + (0 if block.style == "steps" else 2))
            joined = block.style == "joined"
            for text in [self._in_one(one.line)] if joined else self._each(one.line):
                yield from wrap(f"{lead}{inert(text)}", self.columns, indent=hanging)
                lead = " " * width(lead)
            yield from self.lines(one.below, f"{indent}  ")

    def _excerpt(self, spot: Location) -> Iterator[str]:
        """Yield the line of a fact, carets under the fact, behind its place if there is room."""
        place, excerpt, column = uncommanded(inert(str(spot))), spot.excerpt, spot.column or 1
        lead = f"{place}: "
        if not excerpt or width(lead + excerpt) > self.columns:
            yield place
            indented = min(len(excerpt) - len(excerpt.lstrip()), column - 1)
            lead, excerpt, column = "    ", excerpt[indented:], column - indented
        if excerpt:
            yield from caret_lines(excerpt, column, spot.width, self.columns, lead=lead)

    def _table(self, table: b.Table) -> Iterator[str]:
        """Yield a table, one column of which has what the others leave; bars are left out.

        It is the widest column, which is broken into lines; of a table of style ``cut``, what the
        rows are about.
        """
        shown = [i for i, head in enumerate(table.head) if head]
        rows = [[self._cell(row[i]) for i in shown] for row in (table.head, *table.rows)]
        rooms = [max(width(one) for row in rows for one in row[at]) for at in range(len(shown))]
        whole = table.style == "cut"
        giving, least = max(range(len(shown)), key=rooms.__getitem__), _NARROWEST
        if whole:
            giving, least = _NAME, _NAMED
        else:
            rooms = [min(room, _WIDEST) if at != giving else room for at, room in enumerate(rooms)]
        rest = self.columns - sum(rooms) + rooms[giving] - len(_GAP) * (len(shown) - 1)
        rooms[giving] = min(rooms[giving], max(rest, least))
        numbers = [i in table.numbers for i in shown]
        for row in rows:
            cells = [
                [part for one in cell for part in wrap(one, rooms[at])]
                if at == giving and not whole
                else cell
                for at, cell in enumerate(row)
            ]
            for parts in zip_longest(*cells, fillvalue=""):
                yield uncommanded(cut(_line(parts, rooms, numbers), self.columns))

    def _cell(self, cell: b.Line | b.Bar) -> list[str]:
        """Return the lines of a cell: a span that is a row of its own begins one."""
        lines: list[list[b.Span]] = [[]]
        for span in cell if isinstance(cell, tuple) else ():
            if span.style == "row" and lines[-1]:
                lines.append([])
            lines[-1].append(span)
        return [self._joined(tuple(one)) for one in lines]

    def _each(self, said: b.Line) -> Mapping[str, Lang]:
        """Return a line in each selected language; the same words only once."""
        return {_in(said, lang): lang for lang in languages(self.language)}

    def _joined(self, said: b.Line) -> str:
        return inert(" · ".join(self._each(said)))

    def _in_one(self, said: b.Line) -> str:
        """Return a line of which each span is in the selected languages, and a label not again."""
        words = (
            " · ".join(dict.fromkeys(_span(one, lang) for lang in languages(self.language)))
            for one in said
        )
        labels = (":" if one.style == "strong" and one is not said[-1] else "" for one in said)
        return inert(" ".join(map("".join, zip(words, labels, strict=True))))


def _lines(block: b.Paragraph | b.Rows | b.Quote) -> Iterator[b.Line]:
    """Yield the lines of a block, what they are said of as a label."""
    match block:
        case b.Paragraph():
            yield block.line
        case b.Rows():
            for label, said in block.rows:
                yield (b.Span(label, "strong"), *said)
        case b.Quote():
            words = block.text or Text("", "")
            said = b.line(quoted(words) if words.en else words)
            yield (*(replace(one, style="strong") for one in block.source), *said)


def _in(said: b.Line, lang: Lang) -> str:
    first, *rest = [_span(one, lang) for one in said] or [""]
    if rest and said[0].style == "strong":
        return f"{first}{COLON[lang]}{' '.join(rest)}"
    return " ".join((first, *rest))


def _span(span: b.Span, lang: Lang) -> str:
    words = span.text[lang][: span.most]
    if span.standing and not words:
        words = standing_name(span.standing)[lang]
    return f"({words})" if span.style == "tag" else words


def _line(cells: Sequence[str], rooms: Sequence[int], numbers: Sequence[bool]) -> str:
    told = (
        " " * (room - width(held)) + held if number else pad(held, room)
        for cell, room, number in zip(cells, rooms, numbers, strict=True)
        for held in [cut(cell, room)]
    )
    return _GAP.join(told).rstrip()
