"""Tables of text taken apart into lines: drawn boxes, bars of ASCII, tabs of a word processor.

A row becomes lines of ``label：contents``. What is not certainly a row of labels and contents keeps
its cells one below the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pytest_icp.sources.paper.labels import is_label
from pytest_icp.sources.paper.stream import Line

_BARS = re.compile("[│┃║┆┊╎|]")
_DRAWN = re.compile("[│┃║┆┊╎]")
_RULE = re.compile(r"[\s─━═┄┈╌┌┬┐├┼┤└┴┘┏┳┓┣╋┫┗┻┛╔╦╗╠╬╣╚╩╝╭╮╰╯+\-=:|│┃║]+")
_FLAT = re.compile("[─━═┄┈╌]|-{3}|={3}")
_ORDINAL = re.compile("序号|编号")

Cell = list[Line]


def untabled(page: Sequence[Line]) -> Iterator[Line]:
    """Yield the lines of a page, those of its tables by label."""
    block: list[Line] = []
    for line in page:
        if _cells(line) or _is_rule(line) or _is_below(line, block):
            block.append(line)
        elif line.text.strip() or not block:
            yield from _table(block)
            block = []
            yield from _beside(line)
    yield from _table(block)


def _beside(line: Line) -> Iterator[Line]:
    """Yield a line, several values beside their label one below the other."""
    cells = [cell for cell in _tabbed(line) if cell]
    if [is_label(cell) for cell in cells] == [True, *[False] * (len(cells) - 1)] and cells[2:]:
        yield from _labelled(cells[0], [Line(words, line.spot) for words in cells[1:]])
    else:
        yield line


def _is_rule(line: Line) -> bool:
    return bool(_RULE.fullmatch(line.text) and _FLAT.search(line.text))


def _cells(line: Line) -> list[str]:
    """Return the words of the cells of a line; none if it is no line of a table."""
    text = line.text.strip()
    if _is_rule(line):
        return []
    if _DRAWN.search(text) or (text.startswith("|") and text.endswith("|") and len(text) > 1):
        inner = _BARS.sub("|", text).removeprefix("|").removesuffix("|")
        return [cell.strip() for cell in inner.split("|")]
    cells = _tabbed(line)
    labels = [_is_heading(cell) for cell in cells]
    pairs = labels == [True, False] * (len(cells) // 2)
    return cells if len(cells) > 1 and (all(labels) or pairs) else []


def _is_heading(words: str) -> bool:
    return is_label(words) or bool(_ORDINAL.fullmatch(words))


def _tabbed(line: Line) -> list[str]:
    return [cell.strip() for cell in line.text.split("\t")]


def _is_below(line: Line, block: Sequence[Line]) -> bool:
    """Whether a line has as many cells between tabs as the heading above it."""
    return bool(block) and len(_tabbed(line)) == len(_tabbed(block[0])) > 1


def _table(block: Sequence[Line]) -> Iterator[Line]:
    """Yield the lines of a block of rows and rules."""
    if not any(map(_cells, block)):
        yield from block
        return
    header: list[str] = []
    for row in _rows(block):
        names = ["".join(line.text for line in cell) for cell in row]
        if len(names) > 1 and all(map(_is_heading, names)):
            header = names
        elif len(header) == len(row):
            for name, cell in zip(header, row, strict=True):
                yield from () if _ORDINAL.fullmatch(name) else _labelled(name, cell)
        else:
            header = []
            yield from _pairs(names, row)


def _rows(block: Sequence[Line]) -> Iterator[list[Cell]]:
    """Yield the rows of a table: what is between two rules, or each line that begins anew."""
    group: list[Line] = []
    ruled = any(map(_is_rule, block[1:-1]))
    for line in block:
        if _is_rule(line):
            yield from _grouped(group, ruled=ruled)
            group = []
        else:
            group.append(line)
    yield from _grouped(group, ruled=ruled)


def _grouped(group: Sequence[Line], *, ruled: bool) -> Iterator[list[Cell]]:
    lines = [(line, _cells(line) or _tabbed(line)) for line in group]
    same = len({len(cells) for _, cells in lines}) == 1
    first = "".join(cells[0] for _, cells in lines)
    # Several labels below one another are several rows, ruled or not.
    whole = same and (is_label(first) or (ruled and not any(is_label(c[0]) for _, c in lines)))
    row: list[Cell] = []
    for line, cells in lines:
        if row and not whole and (cells[0] or len(cells) != len(row)):
            yield row
            row = []
        row = row or [[] for _ in cells]
        for i, words in enumerate(cells):
            row[i] += [Line(words, line.spot)] if words else []
    if row:
        yield row


def _pairs(names: Sequence[str], row: Sequence[Cell]) -> Iterator[Line]:
    """Yield the cells of a row, each label together with what follows it."""
    at = 0
    while at < len(row):
        paired = is_label(names[at]) and at + 1 < len(row) and not is_label(names[at + 1])
        if paired:
            yield from _labelled(names[at], row[at + 1])
        else:
            yield from row[at]
        at += 2 if paired else 1


def _labelled(name: str, cell: Cell) -> Iterator[Line]:
    if cell:
        label, first = name.rstrip(":："), cell[0].text.lstrip(":：")
        yield Line(f"{label}：{first}", cell[0].spot)
        yield from cell[1:]
