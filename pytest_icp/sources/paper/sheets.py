"""The sheets of a licence without titles, page numbers, running heads and duplicates."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from pytest_icp.law.text import Text
from pytest_icp.sources.paper.labels import TITLE
from pytest_icp.sources.paper.stream import Line, Stream, stream_of
from pytest_icp.sources.paper.watermarks import USES

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


class Sheets(Struct, frozen=True):
    """The sheets in the order of the file, and remarks."""

    streams: tuple[Stream, ...]
    remarks: tuple[Text, ...]


def sheets_of(pages: Sequence[Sequence[Line]]) -> Sheets:
    """Return the text of each sheet without page furniture (页眉页脚).

    A sheet begins with a page, and with a title alone on its line, because a text without form
    feeds has only those. Duplicate sheets are left out.
    """
    heads = _heads(pages)
    kept = [list(_without_heads(page, heads)) for page in pages]
    streams = [_bare(sheet) for page in kept for sheet in _at_titles(page)]
    first: dict[str, Stream] = {}
    for stream in streams:
        first.setdefault("".join(_LETTERS.findall(stream.text)), stream)
    first.pop("", None)
    double = sum(1 for stream in streams if stream.text) - len(first)
    return Sheets(tuple(first.values()), (_DOUBLE.format(n=double),) if double > 0 else ())


def _heads(pages: Sequence[Sequence[Line]]) -> frozenset[str]:
    """Return the lines at the edges of several different pages, ignoring digits."""
    distinct = {"".join(line.tight for line in page): page for page in pages}
    found = Counter(
        head for page in distinct.values() for head in {_masked(line) for line in _edges(page)}
    )
    return frozenset(head for head, times in found.items() if head and times >= _REPEATED)


def _edges(page: Sequence[Line]) -> list[Line]:
    full = [line for line in page if line.tight]
    return [*full[:_EDGE], *full[max(_EDGE, len(full) - _EDGE) :]]


def _masked(line: Line) -> str:
    return re.sub("[0-9]+", "#", line.tight)


def _without_heads(page: Sequence[Line], heads: frozenset[str]) -> Iterator[Line]:
    """Remove running heads, except titles, which show where a sheet begins."""
    edges = {id(line) for line in _edges(page)}
    for line in page:
        head = id(line) in edges and _masked(line) in heads
        if not head or TITLE.fullmatch(line.tight):
            yield line


def _at_titles(page: Iterable[Line]) -> Iterator[list[Line]]:
    sheet: list[Line] = []
    for line in page:
        if TITLE.fullmatch(line.tight):
            yield sheet
            sheet = []
        else:
            sheet.append(line)
    yield sheet


def _bare(sheet: Sequence[Line]) -> Stream:
    """Remove page furniture: whole lines, and parts of other lines."""
    full = [line for line in sheet if line.tight]
    furniture = [
        bool(_HEADER.fullmatch(line.tight) or _PAGE.fullmatch(line.tight)) for line in full
    ]
    # A bare number is a page number only next to other furniture or at the edge of a sheet.
    edges = [True, *furniture, True]
    kept = [
        line
        for i, line in enumerate(full)
        if not furniture[i]
        and not (_BARE_NUMBER.fullmatch(line.tight) and (edges[i] or edges[i + 2]))
    ]
    stream = stream_of(kept)
    removed = (match.span() for sign in (_INLINE, USES) for match in sign.finditer(stream.text))
    return stream.without(removed)
