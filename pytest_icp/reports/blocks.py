"""The content of a report as a tree of blocks (文书结构); each writer lays it out in its own way.

`as_text`, `as_markdown` and `html` are the writers. All that a block holds is a text: what
users write is escaped by the writer, and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, TypeAlias

from msgspec import Struct

from pytest_icp.kinds.standing import Standing
from pytest_icp.law.location import Location
from pytest_icp.law.text import Text, plain
from pytest_icp.reports import words as w

LONGEST = 1000
"""Characters of some words that are shown; a value may be a whole file."""

_WHOLE = 4000

_NOTHING = plain("")


class Span(Struct, frozen=True):
    """Words within a line: how they are set, where they lead, and how many are shown.

    A ``standing`` is shown as its sign, before the words that name it, if there are any. A
    ``link`` that begins with ``#`` leads to the span or group of that ``name`` on a page.
    """

    text: Text = _NOTHING
    style: Literal["", "strong", "code", "soft", "tag", "row", "bad"] = ""
    most: int = LONGEST
    standing: Standing | None = None
    link: str = ""
    name: str = ""


Words: TypeAlias = Span | Text | str
Line: TypeAlias = tuple[Span, ...]
"""Spans with a space between each two."""


class Heading(Struct, frozen=True):
    """A heading; the smaller its level, the larger it is."""

    line: Line
    level: int = 3


class Paragraph(Struct, frozen=True):
    """A paragraph; each line of its words is one. The style says what it is."""

    line: Line
    style: str = ""


class Item(Struct, frozen=True):
    """An entry of a list, with the blocks that belong to it."""

    line: Line
    below: tuple[Block, ...] = ()


class Items(Struct, frozen=True):
    """A list."""

    items: tuple[Item, ...]
    style: str = ""


class Rows(Struct, frozen=True):
    """Labels, each with what it is said of."""

    rows: tuple[tuple[Text, Line], ...]
    style: str = ""


class Table(Struct, frozen=True):
    """A table; ``numbers`` are the columns that are set as such."""

    head: tuple[Line, ...]
    rows: tuple[tuple[Line | Bar, ...], ...]
    style: str = ""
    numbers: frozenset[int] = frozenset()


class Bar(Struct, frozen=True):
    """A bar of so many thousandths of its cell."""

    size: int
    style: str = ""


class Code(Struct, frozen=True):
    """Lines that are shown as they are written."""

    lines: tuple[str, ...]
    style: str = ""


class Excerpt(Struct, frozen=True):
    """The place of a fact and its line, in which the fact is marked."""

    location: Location


class Quote(Struct, frozen=True):
    """The words of a law, and where they stand."""

    source: Line
    text: Text | None = None


class Group(Struct, frozen=True):
    """Blocks that belong together; ``folded`` under a title, they are opened by the reader."""

    blocks: tuple[Block, ...]
    style: str = ""
    name: str = ""
    title: Line = ()
    folded: bool = False


class Section(Struct, frozen=True):
    """A part of what is said at the end of a run: a title, and the blocks under it."""

    title: Text
    blocks: tuple[Block, ...] = ()


Block: TypeAlias = Heading | Paragraph | Items | Rows | Table | Code | Excerpt | Quote | Group


def line(*parts: Words) -> Line:
    """Return words as a line, without those that are empty."""
    spans = (one if isinstance(one, Span) else Span(_text(one)) for one in parts)
    return tuple(one for one in spans if one.text.en or one.text.zh or one.standing)


def head(*titles: Text) -> tuple[Line, ...]:
    """Return the head of a table, each title with a capital."""
    return tuple(line(w.capitalised(one)) for one in titles)


def _text(words: Text | str) -> Text:
    return plain(words) if isinstance(words, str) else words


def strong(words: Text | str, most: int = LONGEST) -> Span:
    """Return words that are set strongly."""
    return Span(_text(words), "strong", most)


def soft(words: Text | str, most: int = LONGEST) -> Span:
    """Return words that matter less than those around them."""
    return Span(_text(words), "soft", most)


def code(words: object, most: int = 200) -> Span:
    """Return a value as it is written in a file."""
    return Span(plain(str(words)), "code", most)


def short(text: Text, most: int) -> Span:
    """Return words of which at most so many characters are shown."""
    return Span(text, most=most)


def whole(words: Text | str) -> Span:
    """Return words that a reader needs all of, such as the names of many rules."""
    return Span(_text(words), most=_WHOLE)


def sign(standing: Standing, name: Text = _NOTHING) -> Span:
    """Return the sign of a standing, with its name."""
    return Span(name, standing=standing)


def paragraph(*parts: Words, style: str = "") -> Paragraph:
    """Return a paragraph of these words."""
    return Paragraph(line(*parts), style)


def row(label: Text, said: Text) -> Rows:
    """Return what is said of one label."""
    return Rows(((label, line(said)),))


def section(*parts: Words) -> Heading:
    """Return the heading of a section that is part of a page."""
    return Heading(line(*parts), 3)


def items(
    found: Iterable[Item | Line], most: int | None = None, style: str = ""
) -> Iterator[Items]:
    """Yield a list of at most so many entries, and how many there are besides; nothing of none."""
    every = list(found)
    shown = [one if isinstance(one, Item) else Item(one) for one in every[:most]]
    if left := len(every) - len(shown):
        shown.append(Item(line(w.MORE.format(n=left))))
    if shown:
        yield Items(tuple(shown), style)


def more(count: int, said: Text = w.MORE) -> Iterator[Paragraph]:
    """Yield how many are not shown, if any."""
    if count > 0:
        yield paragraph(soft(said.format(n=count)))


def table(
    head: tuple[Line, ...],
    rows: Sequence[tuple[Line | Bar, ...]],
    most: int,
    style: str = "",
    numbers: Iterable[int] = (),
) -> Iterator[Block]:
    """Yield a table of at most so many rows, and how many there are besides; nothing of none."""
    if rows:
        yield Table(head, tuple(rows[:most]), style, frozenset(numbers))
        yield from more(len(rows) - most)


def anchor(rule_id: str) -> str:
    """Return the id of the part of a page that is about a rule."""
    return "r-" + re.sub("[^A-Za-z0-9-]", "-", rule_id)[:80]


def titled(heading: Heading, blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield blocks under a heading; nothing where there are none."""
    below = tuple(blocks)
    if below:
        yield heading
        yield from below
