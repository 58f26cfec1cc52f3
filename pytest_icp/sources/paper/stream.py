"""The characters of several lines without spaces, each with its line on the page."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from itertools import pairwise

from msgspec import Struct

from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.paper import Seen, Spot
from pytest_icp.law.divisions import simplified
from pytest_icp.law.folding import fold, fold_tight, number_of

_UNSEEN = {"Cc", "Cs", "Co"}


class Line(Struct, frozen=True):
    """A line as it was extracted, and its place on the page."""

    text: str
    spot: Spot

    @property
    def tight(self) -> str:
        """The line folded and without spaces."""
        return tight(self.text)


# A line is compared several times, and the same lines occur on several pages.
@lru_cache(maxsize=4096)
def tight(words: str) -> str:
    """Return words folded and without spaces, for comparison."""
    return fold_tight(simplified(words)).text


def counted(written: str | None) -> int | None:
    """Return the number of an entry or a provision, in digits or not: ``三、``, ``(3)``."""
    words = (written or "").strip("、.()")
    return int(words) if words.isdecimal() else number_of(words)


class Character(Struct, frozen=True):
    """A character: folded, as printed, the index of its line, and whether a space precedes it."""

    char: str
    printed: str
    line: int
    spaced: bool


class Stream(Confidential, Struct, frozen=True, dict=True):
    """The characters of several lines as one sequence (字符流).

    In it, words that were broken by line ends, spaces or page furniture are whole again.
    """

    characters: tuple[Character, ...]
    lines: tuple[Line, ...]

    @cached_property
    def text(self) -> str:
        """The folded characters, without spaces."""
        return "".join(character.char for character in self.characters)

    def starts_line(self, at: int) -> bool:
        """Whether a character is the first of its line."""
        return at == 0 or self.characters[at - 1].line != self.characters[at].line

    def apart(self, at: int) -> bool:
        """Whether a space or a line end precedes a character, or it is the end."""
        return at >= len(self.characters) or self.starts_line(at) or self.characters[at].spaced

    def spot(self, at: int) -> Spot:
        """Return the place of a character; at the end, that of the last line."""
        line = self.characters[min(at, len(self.characters) - 1)].line if self.characters else -1
        return self.lines[line].spot

    def printed(self, start: int, end: int) -> str:
        """Return the characters as printed, with spaces only between Latin words."""
        words = ""
        for at in range(start, end):
            character = self.characters[at]
            latin = words[-1:].isascii() and words[-1:].isalnum() and character.char.isalnum()
            words += " " if latin and character.char.isascii() and self.apart(at) else ""
            words += character.printed
        return words

    def seen(self, start: int, end: int) -> Seen:
        """Return the printed words of a range, with their place."""
        return Seen(self.printed(start, end), self.spot(start))

    def segments(self, start: int, end: int) -> list[tuple[int, int]]:
        """Split a range at the ends of lines."""
        cuts = [start, *(i for i in range(start + 1, end) if self.starts_line(i)), end]
        return [(a, b) for a, b in pairwise(cuts) if a < b]

    def part(self, start: int, end: int) -> Stream:
        """Return a range as a stream of its own."""
        return Stream(self.characters[start:end], self.lines)

    def without(self, spans: Iterable[tuple[int, int]]) -> Stream:
        """Return the stream without some ranges."""
        removed = {i for start, end in spans for i in range(start, end)}
        rest = (char for i, char in enumerate(self.characters) if i not in removed)
        return Stream(tuple(rest), self.lines)


def stream_of(lines: Iterable[Line]) -> Stream:
    """Join lines to a stream."""
    given = tuple(lines)
    characters = (char for i, line in enumerate(given) for char in _characters(i, line))
    return Stream(tuple(characters), given)


def _characters(index: int, line: Line) -> Iterator[Character]:
    folded = fold(simplified(line.text))
    spaced = False
    last = -1
    for at, char in enumerate(folded.text):
        if char.isspace() or unicodedata.category(char) in _UNSEEN:
            spaced = True
            continue
        origin = folded.origin(at)
        # If a sign folds to several characters, only the first has the printed form.
        printed = "" if origin == last else _printed(line.text[origin], char)
        yield Character(char, printed, index, spaced)
        spaced, last = False, origin


def _printed(char: str, folded: str) -> str:
    """Keep the printed width, but replace a radical by the character that it looks like."""
    return folded if "⺀" <= char <= "⿕" else char
