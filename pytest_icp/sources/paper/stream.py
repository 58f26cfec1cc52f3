"""Lines of a paper as one run of characters without spaces, each with the place it came from."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from itertools import pairwise

from msgspec import Struct

from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.paper import Seen, Spot
from pytest_icp.law.folding import fold, fold_tight

_UNSEEN = {"Cc", "Cs", "Co"}


class Line(Struct, frozen=True):
    """A line of the paper as it was extracted, and where it stands."""

    text: str
    spot: Spot

    @property
    def tight(self) -> str:
        """The line folded, without spaces."""
        return tight(self.text)


# A line is looked at several times, and on several pages the same ones stand.
@lru_cache(maxsize=4096)
def tight(words: str) -> str:
    """Return words folded, without spaces, as they are compared."""
    return fold_tight(words).text


class Mark(Struct, frozen=True):
    """A character of a stream: folded, as printed, its line, whether a space stands before."""

    char: str
    printed: str
    line: int
    spaced: bool


class Stream(Confidential, Struct, frozen=True, dict=True):
    """Characters of several lines, one after the other (字符流).

    Words that were broken by line ends, spaces or what stood between them are whole again.
    """

    _shown = ()

    marks: tuple[Mark, ...]
    lines: tuple[Line, ...]

    @cached_property
    def text(self) -> str:
        """The folded characters, without spaces."""
        return "".join(mark.char for mark in self.marks)

    def starts_line(self, at: int) -> bool:
        """Whether a character is the first of its line."""
        return at == 0 or self.marks[at - 1].line != self.marks[at].line

    def apart(self, at: int) -> bool:
        """Whether a space or a line end stands before a character, or nothing follows."""
        return at >= len(self.marks) or self.starts_line(at) or self.marks[at].spaced

    def spot(self, at: int) -> Spot:
        """Return where a character stands; the last line for the end."""
        line = self.marks[min(at, len(self.marks) - 1)].line if self.marks else -1
        return self.lines[line].spot

    def printed(self, start: int, end: int) -> str:
        """Return the characters as printed: spaces remain only between Latin words."""
        words = ""
        for at in range(start, end):
            mark = self.marks[at]
            latin = words[-1:].isascii() and words[-1:].isalnum() and mark.char.isalnum()
            words += " " if latin and mark.char.isascii() and self.apart(at) else ""
            words += mark.printed
        return words

    def seen(self, start: int, end: int) -> Seen:
        """Return what stands there."""
        return Seen(self.printed(start, end), self.spot(start))

    def segments(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return a stretch cut at the ends of lines."""
        cuts = [start, *(i for i in range(start + 1, end) if self.starts_line(i)), end]
        return [(a, b) for a, b in pairwise(cuts) if a < b]

    def part(self, start: int, end: int) -> Stream:
        """Return a stretch as a stream of its own."""
        return Stream(self.marks[start:end], self.lines)

    def without(self, spans: Iterable[tuple[int, int]]) -> Stream:
        """Return the stream without some stretches."""
        gone = {i for start, end in spans for i in range(start, end)}
        return Stream(tuple(m for i, m in enumerate(self.marks) if i not in gone), self.lines)


def stream_of(lines: Iterable[Line]) -> Stream:
    """Put lines one after the other."""
    kept = tuple(lines)
    return Stream(tuple(mark for i, line in enumerate(kept) for mark in _marks(i, line)), kept)


def _marks(index: int, line: Line) -> Iterator[Mark]:
    folded = fold(line.text)
    spaced = False
    last = -1
    for at, char in enumerate(folded.text):
        if char.isspace() or unicodedata.category(char) in _UNSEEN:
            spaced = True
            continue
        origin = folded.origin(at)
        # Of a sign that folds to several characters the first one carries what is printed.
        printed = "" if origin == last else _printed(line.text[origin], char)
        yield Mark(char, printed, index, spaced)
        spaced, last = False, origin


def _printed(char: str, folded: str) -> str:
    """Keep the width of what is printed; a radical is the character that it looks like."""
    return folded if "⺀" <= char <= "⿕" else char
