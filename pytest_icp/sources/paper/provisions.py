"""The special provisions (特别规定事项) of a licence, split at their numbers and ordered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct, field

from pytest_icp.facts.paper import PaperProvision, Seen, Spot
from pytest_icp.law.numerals import number_of
from pytest_icp.law.scope_words import Kind, word_at
from pytest_icp.law.text import Text
from pytest_icp.sources.paper.stream import Stream

Number = tuple[int, int]

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


class Division(Struct, frozen=True):
    """The result of splitting a licence: fields by sheet, and provisions in order."""

    fields: tuple[Stream, ...]
    provisions: tuple[PaperProvision, ...]
    other: tuple[Seen, ...]
    remarks: tuple[Text, ...]


def markers(stream: Stream) -> list[Marker]:
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
        found.append(Marker(start, end, _counted(match["top"]), _counted(match["sub"])))
    return found


def _counted(number: str | None) -> int:
    words = number or ""
    return int(words) if words.isdecimal() else number_of(words) or 0


def divide(streams: Sequence[Stream], labelled: Sequence[int | None]) -> Division:
    """Separate provisions from fields; ``labelled`` is where the last label of each sheet ends.

    It is None for a sheet without labels. A sheet without labels and numbers continues the last
    provision of the sheet before it.
    """
    fields: list[Stream] = []
    sheets: list[_Sheet] = []
    for stream, label in zip(streams, labelled, strict=True):
        found = [mark for mark in markers(stream) if label is None or mark.start >= label]
        begins = found[0].start if found and label is not None else 0
        if label is not None:
            fields.append(stream.part(0, begins) if found else stream)
        if found:
            sheets.append(_Sheet(stream, found, begins))
        elif label is None and sheets:
            sheets[-1].after.append(stream)
        elif label is None:
            fields.append(stream)
    ordered = _in_order(sheets)
    remarks = (_REORDERED,) if ordered != sheets else ()
    provisions, other = _ProvisionReader().read(ordered)
    return Division(tuple(fields), provisions, other, remarks)


def _in_order(sheets: Sequence[_Sheet]) -> list[_Sheet]:
    """Order sheets by their first number; one in brackets comes after the number before it."""
    ordered = sorted((s for s in sheets if s.first.top), key=lambda sheet: sheet.first.top)
    waiting = sorted((s for s in sheets if not s.first.top), key=lambda sheet: sheet.first.sub)
    for sheet in waiting:
        before = [i for i, s in enumerate(ordered) if s.markers[-1].sub == sheet.first.sub - 1]
        near = [i for i in before if ordered[i].markers[-1].sub]
        ordered.insert(near[-1] + 1 if near else len(ordered), sheet)
    return ordered


class _ProvisionReader:
    """Reads ordered sheets, and adds the words to the provision that they belong to."""

    def __init__(self) -> None:
        self.words: list[tuple[Number, list[str], Spot]] = []
        self.other: list[Seen] = []

    def read(self, sheets: Iterable[_Sheet]) -> tuple[tuple[PaperProvision, ...], tuple[Seen, ...]]:
        for sheet in sheets:
            self._sheet(sheet)
        return tuple(self._provisions()), tuple(self.other)

    def _sheet(self, sheet: _Sheet) -> None:
        stream, first = sheet.stream, sheet.first
        self._lead(stream, sheet.begins, first)
        ends = [*(mark.start for mark in sheet.markers[1:]), len(stream.characters)]
        for mark, end in zip(sheet.markers, ends, strict=True):
            number = (mark.top, 0) if mark.top else (self._top(), mark.sub)
            self.words.append((number, [stream.printed(mark.end, end)], stream.spot(mark.start)))
        for more in sheet.after:
            self.words[-1][1].append(more.printed(0, len(more.characters)))

    def _top(self) -> int:
        return self.words[-1][0][0] if self.words else 0

    def _lead(self, stream: Stream, begins: int, first: Marker) -> None:
        """Add the words before the first number to the provision that they complete."""
        if begins >= first.start:
            return
        lead = stream.printed(begins, first.start)
        if _INTRODUCTION.search(lead):
            self.other.append(stream.seen(begins, first.start))
        elif self.words and (self._follows(self.words[-1][0], first) or self._is_open()):
            self.words[-1][1].append(lead)
        else:
            number = (first.top - 1, 0) if first.top else (self._top(), first.sub - 1)
            if max(number) > 0:
                self.words.append((number, [lead], stream.spot(begins)))
            else:
                self.other.append(stream.seen(begins, first.start))

    def _is_open(self) -> bool:
        """Whether the last provision ends in the middle of a sentence."""
        return self.words[-1][1][-1][-1:] not in _ENDS

    @staticmethod
    def _follows(number: Number, mark: Marker) -> bool:
        if mark.top:
            return mark.top == number[0] + 1
        return mark.sub == number[1] + 1

    def _provisions(self) -> Iterator[PaperProvision]:
        for number, parts, spot in self.words:
            yield PaperProvision(number=number, words="".join(parts), spot=spot)
