"""Reads a text by patterns that take what they pass; nothing is looked at twice (扫描)."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from bisect import bisect_right

from pytest_icp.sources.terraform.language.blocks import SyntaxFault
from pytest_icp.sources.terraform.language.expressions import Expression

DEEPEST = 200
"""How deeply blocks and expressions may be nested."""

_COMMENT = r"/\*(?:[^*]|\*(?!/))*+\*/"
BLANK = re.compile(rf"(?:[ \t]++|{_COMMENT})*+")
SPACE = re.compile(rf"(?:[ \t\r\n]++|(?:\#|//)[^\n]*+|{_COMMENT})*+")
NAME = re.compile(r"[^\W\d][\w-]*+")


class Scanner(ABC):
    """Reads one text from its beginning to its end."""

    def __init__(self, text: str, file: str = "", line: int = 1) -> None:
        self.text = text
        self.at = 0
        self.file = file
        self._first = line
        self._lines = [0, *(found.end() for found in re.finditer("\n", text))]
        self.loose = False
        self.depth = 0

    def line(self, at: int) -> int:
        """Return the line of an offset."""
        return bisect_right(self._lines, at) + self._first - 1

    def fault(self, what: str, word: str = "") -> SyntaxFault:
        """Return the fault that something is wrong here."""
        start = self._lines[bisect_right(self._lines, self.at) - 1]
        return SyntaxFault(what, word, self.line(self.at), self.at - start + 1)

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Pass what a pattern finds here."""
        found = pattern.match(self.text, self.at)
        if found is not None:
            self.at = found.end()
        return found

    def has(self, word: str) -> bool:
        """Whether a word stands here; pass it."""
        if not self.text.startswith(word, self.at):
            return False
        self.at += len(word)
        return True

    def expect(self, word: str) -> None:
        """Pass a word. Raises `SyntaxFault` if it does not stand here."""
        if not self.has(word):
            raise self.fault("expected", word)

    def skip(self) -> None:
        """Pass blanks and comments; line ends too, where they mean nothing."""
        self.match(SPACE if self.loose else BLANK)

    @abstractmethod
    def expression(self) -> Expression:
        """Return the expression that stands here."""

    @abstractmethod
    def inside(self, closing: str = "") -> Expression:
        """Return the expression before a closing word, where line ends mean nothing."""

    @abstractmethod
    def names(self) -> list[str]:
        """Return the one or two names of a loop, up to ``in``."""


class Deeper:
    """One level deeper; what is too deep raises `RecursionError`."""

    def __init__(self, scanner: Scanner, *, loose: bool) -> None:
        self._scanner = scanner
        self._loose = loose

    def __enter__(self) -> None:
        scanner = self._scanner
        scanner.depth += 1
        if scanner.depth > DEEPEST:
            raise RecursionError
        self._loose, scanner.loose = scanner.loose, self._loose

    def __exit__(self, *_: object) -> None:
        self._scanner.depth -= 1
        self._scanner.loose = self._loose
