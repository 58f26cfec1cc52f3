"""The sheets of a licence, its fields and its special provisions (特别规定事项).

The sheets have no tables, titles, page numbers, running heads and watermarks. A row of a table
becomes lines of ``label：contents``; what is not certainly a row of labels and contents keeps its
cells one below the other. Of watermarks (水印), which are put between the words of the licence,
that is removed which certainly is one: what says for which use a copy is, lines that stand again
and again between other lines, and the characters of such words one by one.

What is behind the labels of a sheet is split at the numbers of provisions, which are put in order.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from msgspec import Struct, field

from pytest_icp.facts.paper import PaperProvision, Seen, Spot
from pytest_icp.law.scope_words import Kind, word_at
from pytest_icp.law.text import Text
from pytest_icp.sources.paper.labels import (
    TITLE,
    address,
    capital,
    company,
    day,
    domains,
    has_label,
    is_label,
    labels_in,
)
from pytest_icp.sources.paper.stream import Line, Stream, counted, stream_of

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
        # A line has as many cells between tabs as the heading above it.
        below = block and len(_tabbed(line)) == len(_tabbed(block[0])) > 1
        if below or _cells(line) or _is_rule(line):
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
    """Return the words of the cells of a line; none if it is not a line of a table."""
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


USES = re.compile(
    r"仅供[^,。;:、()]{1,20}?(?:使用|之用|专用|查看|查验|展示|参考|备案(?!使用|之用|专用))"
    r"(?:,?(?:不得)?(?:他用|再次使用|(?:再次)?复印|转载)(?:无效)?)*+"
    r"|(?:再次)?(?:复印件?|转载|他用)无效"
)
"""What a watermark says of the use of a copy, in folded words without spaces."""

_OFTEN = 3
_LONGEST = 40
_SHORTEST_NAME = 4
_SHAPES = (company, day, capital, address, domains)


def without_watermarks(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Return pages without the lines that are watermarks."""
    lines = _repeated(pages)
    kept = [[line for line in page if line.tight not in lines] for page in pages]
    return [_without_characters(page) for page in kept]


def _repeated(pages: Sequence[Sequence[Line]]) -> set[str]:
    """Return the lines that stand at least three times, each time between other lines."""
    between: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for page in pages:
        words = [line.tight for line in page if line.tight]
        for before, here, after in zip(["", *words], words, [*words[1:], ""], strict=False):
            if 1 < len(here) <= _LONGEST:
                between[here].add((before, after))
    return {
        words
        for words, places in between.items()
        if len({before for before, _ in places}) >= _OFTEN
        and len({after for _, after in places}) >= _OFTEN
        and _says_nothing(words)
    }


def _says_nothing(words: str) -> bool:
    """Whether a line is none of a licence: no label, no word of a scope, no value."""
    named = TITLE.fullmatch(words) or has_label(words)
    printed = named or word_at(words, 0) or not re.search(r"[^\W\d_]", words)
    return not printed and all(shape(words) is None for shape in _SHAPES)


def _without_characters(page: Sequence[Line]) -> list[Line]:
    """Remove the lines of one character if together they are the words of a watermark."""
    alone = [line for line in page if len(line.tight) == 1 and line.tight.isalpha()]
    words = "".join(line.tight for line in alone)
    others = "".join(line.tight for line in page if len(line.tight) > 1)
    named = len(words) >= _SHORTEST_NAME and words in others
    if has_label(words) or not (named or not USES.sub("", words) or _is_repetition(words)):
        return list(page)
    single = set(map(id, alone))
    return [line for line in page if id(line) not in single]


def _is_repetition(words: str) -> bool:
    """Whether characters repeat some words, at least twice as a whole."""
    sizes = range(2, min(_LONGEST, len(words) // 2) + 1)
    return any((words[:size] * (len(words) // size + 1)).startswith(words) for size in sizes)


LICENCE_NUMBER = (
    r"(?:合字|[一-龥])?[ABab][12lI](?:[.,、·/&+][ABab][12lI]){0,7}[-—–_一]+"
    # Misread letters only if no letter follows, as that would be another word.
    r"(?:[0-9]{8}|[0-9A-Za-z]{8}(?![0-9A-Za-z]))"
)
"""The number of a licence, possibly with misread characters."""

_HEADER = re.compile(rf"(?:(?:经营)?许可证编号:?)?(?:{LICENCE_NUMBER})?")
_PAGE = re.compile(
    r"第[0-9一二三四五六七八九十]{1,3}页(?:[,/]?共[0-9一二三四五六七八九十]{1,3}页)?"
    r"|共[0-9]{1,3}页[,/]?第[0-9]{1,3}页|[0-9]{1,3}/[0-9]{1,3}|-[0-9]{1,3}-|—[0-9]{1,3}—"
)
_BARE_NUMBER = re.compile(r"[0-9]{1,3}")
_INLINE = re.compile(
    r"(?<!《)特别规定事项(?!》)"
    rf"|(?:经营)?许可证编号:?{LICENCE_NUMBER}"
    r"|第[0-9]{1,3}页[,/]?共[0-9]{1,3}页"
)
_LETTERS = re.compile(r"\w+")
_EDGE = 2
_REPEATED = 3

_DOUBLE = Text(zh="重复的页只读了一次：{n} 页", en="duplicate pages were read only once: {n:page}")
_NUMERAL = "[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九]"
_MARKER = re.compile(
    rf"(?P<top>{_NUMERAL}|(?<![0-9])[0-9]{{1,2}})(?P<after>[、,.])"
    rf"|\((?P<sub>{_NUMERAL}|[0-9]{{1,2}})\)"
)
_ENDS = frozenset("。.;:!?】")
_BEGINS = re.compile(r"你公司|\(适用于|未经批准")
_INTRODUCTION = re.compile(r"《特别规定事项》|遵守下列规定")
_REORDERED = Text(
    zh="各页次序有误，已按条文编号排列",
    en="the pages were out of order; they were sorted by the numbers of the provisions",
)


class Marker(Struct, frozen=True):
    """The number of a provision (条款编号) and its range in a stream.

    For a number in brackets ``top`` is 0: it belongs to the last provision before it.
    """

    start: int
    end: int
    top: int
    sub: int


class _Sheet(Struct):
    """A sheet with provisions: its markers, and the offset where its provisions begin."""

    stream: Stream
    markers: list[Marker]
    begins: int
    after: list[Stream] = field(default_factory=list)

    @property
    def first(self) -> Marker:
        return self.markers[0]


class _Words(Struct):
    """The words of a provision as they are found, with its number and the place of that."""

    number: tuple[int, int]
    parts: list[str]
    spot: Spot


class Division(Struct, frozen=True, kw_only=True):
    """A licence, split: its sheets, its fields by sheet, and its provisions in order."""

    sheets: tuple[Stream, ...]
    fields: tuple[Stream, ...]
    provisions: tuple[PaperProvision, ...]
    other: tuple[Seen, ...]
    remarks: tuple[Text, ...]


def divide(pages: Sequence[Sequence[Line]]) -> Division:
    """Separate the sheets of a licence into its fields and provisions.

    A sheet without labels and numbers continues the last provision of the sheet before it.
    """
    streams, doubled = _sheets(pages)
    fields: list[Stream] = []
    sheets: list[_Sheet] = []
    for stream in streams:
        labels = [label.end for label in labels_in(stream) if label.field]
        found = [mark for mark in _markers(stream) if not labels or mark.start >= labels[-1]]
        begins = found[0].start if found and labels else 0
        if labels:
            fields.append(stream.part(0, begins) if found else stream)
        if found:
            sheets.append(_Sheet(stream, found, begins))
        elif not labels and sheets:
            sheets[-1].after.append(stream)
        elif not labels:
            fields.append(stream)
    ordered = _in_order(sheets)
    provisions, other = _provisions(ordered)
    return Division(
        sheets=streams,
        fields=tuple(fields),
        provisions=provisions,
        other=other,
        remarks=(
            *((_DOUBLE.format(n=doubled),) if doubled else ()),
            *((_REORDERED,) if ordered != sheets else ()),
        ),
    )


def _sheets(pages: Sequence[Sequence[Line]]) -> tuple[tuple[Stream, ...], int]:
    """Return the text of each sheet without page furniture (页眉页脚), and how many were double.

    A sheet begins with a page, and with a title alone on its line, because a text without form
    feeds has only those.
    """
    filled = [[line for line in page if line.tight] for page in pages]
    heads = _heads(filled)
    streams = [_bare(sheet) for page in filled for sheet in _at_titles(page, heads)]
    first: dict[str, Stream] = {}
    for stream in streams:
        first.setdefault("".join(_LETTERS.findall(stream.text)), stream)
    first.pop("", None)
    return tuple(first.values()), sum(1 for stream in streams if stream.text) - len(first)


def _heads(pages: Sequence[Sequence[Line]]) -> set[str]:
    """Return the lines at the edges of several different pages, ignoring digits."""
    distinct = {"".join(line.tight for line in page): page for page in pages}
    edges = ([*page[:_EDGE], *page[max(_EDGE, len(page) - _EDGE) :]] for page in distinct.values())
    found = Counter(head for lines in edges for head in set(map(_masked, lines)))
    return {head for head, times in found.items() if times >= _REPEATED}


def _masked(line: Line) -> str:
    return re.sub("[0-9]+", "#", line.tight)


def _at_titles(page: Sequence[Line], heads: Collection[str]) -> Iterator[list[Line]]:
    """Split a page at its titles, and leave out running heads."""
    sheet: list[Line] = []
    for i, line in enumerate(page):
        edge = i < _EDGE or i >= len(page) - _EDGE
        if TITLE.fullmatch(line.tight):
            yield sheet
            sheet = []
        elif not (edge and _masked(line) in heads):
            sheet.append(line)
    yield sheet


def _bare(sheet: Sequence[Line]) -> Stream:
    """Remove page furniture: whole lines, and parts of other lines."""
    furniture = [
        bool(_HEADER.fullmatch(line.tight) or _PAGE.fullmatch(line.tight)) for line in sheet
    ]
    # A bare number is a page number only next to other furniture or at the edge of a sheet.
    edges = [True, *furniture, True]
    kept = [
        line
        for i, line in enumerate(sheet)
        if not furniture[i]
        and not (_BARE_NUMBER.fullmatch(line.tight) and (edges[i] or edges[i + 2]))
    ]
    stream = stream_of(kept)
    removed = (match.span() for sign in (_INLINE, USES) for match in sign.finditer(stream.text))
    return stream.without(removed)


def _markers(stream: Stream) -> list[Marker]:
    """Find the numbers of provisions: at the start of a line or after a sentence."""
    found = []
    for match in _MARKER.finditer(stream.text):
        start, end = match.span()
        begins = _BEGINS.match(stream.text, end)
        sentence = start == 0 or stream.text[start - 1] in _ENDS or stream.starts_line(start)
        # Digits number many things; Chinese numerals begin a provision also without these words.
        plain = match["after"] in {"、", None} and not re.search("[0-9]", match.group())
        line = word_at(stream.text, end)
        if not (sentence and plain) and not begins:
            continue
        if line and line[0].kind in {Kind.LINE, Kind.ITEM}:
            continue
        found.append(Marker(start, end, counted(match["top"]) or 0, counted(match["sub"]) or 0))
    return found


def _in_order(sheets: Sequence[_Sheet]) -> list[_Sheet]:
    """Order sheets by their first number; one in brackets comes after the number before it."""
    ordered = sorted((s for s in sheets if s.first.top), key=lambda sheet: sheet.first.top)
    waiting = sorted((s for s in sheets if not s.first.top), key=lambda sheet: sheet.first.sub)
    for sheet in waiting:
        before = [i for i, s in enumerate(ordered) if s.markers[-1].sub == sheet.first.sub - 1]
        near = [i for i in before if ordered[i].markers[-1].sub]
        ordered.insert(near[-1] + 1 if near else len(ordered), sheet)
    return ordered


def _provisions(sheets: Iterable[_Sheet]) -> tuple[tuple[PaperProvision, ...], tuple[Seen, ...]]:
    """Return the provisions of ordered sheets, and the words that belong to none."""
    words: list[_Words] = []
    other: list[Seen] = []
    for sheet in sheets:
        stream = sheet.stream
        if sheet.begins < sheet.first.start and not _has_taken(words, sheet):
            other.append(stream.seen(sheet.begins, sheet.first.start))
        ends = [*(mark.start for mark in sheet.markers[1:]), len(stream.characters)]
        for mark, end in zip(sheet.markers, ends, strict=True):
            top = mark.top or (words[-1].number[0] if words else 0)
            printed = stream.printed(mark.end, end)
            words.append(_Words((top, mark.sub), [printed], stream.spot(mark.start)))
        words[-1].parts += [more.printed(0, len(more.characters)) for more in sheet.after]
    found = (
        PaperProvision(number=one.number, words="".join(one.parts), spot=one.spot) for one in words
    )
    return tuple(found), tuple(other)


def _has_taken(words: list[_Words], sheet: _Sheet) -> bool:
    """Whether the words before the first number were added to the provision that they complete.

    That is the last one if the first number follows it, or if it ends in the middle of a sentence.
    """
    first, last = sheet.first, words[-1] if words else None
    lead = sheet.stream.printed(sheet.begins, first.start)
    if _INTRODUCTION.search(lead):
        return False
    top, sub = last.number if last else (0, 0)
    follows = first.top == top + 1 if first.top else first.sub == sub + 1
    if last and (follows or last.parts[-1][-1:] not in _ENDS):
        last.parts.append(lead)
        return True
    number = (first.top - 1, 0) if first.top else (top, first.sub - 1)
    if max(number) > 0:
        words.append(_Words(number, [lead], sheet.stream.spot(sheet.begins)))
    return max(number) > 0
