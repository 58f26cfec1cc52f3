"""A Caddyfile as a tree of statements, each with its place (Caddyfile 语句).

There is no parser of Caddyfiles in Python (PyPI has wrappers of the server itself, which runs what
it reads); what Caddy's own lexer does is little: words, quotes, heredocs, braces at line ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pytest_icp.facts.files.budget import Meter
from pytest_icp.sources.statements import (
    QUOTE_NOT_CLOSED,
    Blocks,
    ConfigText,
    Statement,
    Word,
    configuration_text,
)

_TOKEN = re.compile(
    r"(?P<blank>[^\S\n]++|\\\n|#[^\n]*+)"
    r"|(?P<newline>\n)"
    r'|"(?P<quoted>(?:[^"\\]|\\.)*+)"'
    r"|`(?P<raw>[^`]*+)`"
    r"|<<(?P<heredoc>[A-Za-z0-9_-]++)\n"
    r"|(?P<bare>(?:\{\$[^{}\n]*+\}|\\\S|[^\s\\]|\\(?!\n))++)",
    re.DOTALL,
)
_VARIABLE = re.compile(r"\{\$([^{}:\n]++)(?::([^{}\n]*+))?\}")


def parse(path: Path, raw: bytes, meter: Meter) -> tuple[Statement, ...]:
    """Parse one file; what it imports is not followed.

    A variable of the environment has its default; one without a default stays as it is written.
    Raises `InputError` with file and line for braces and quotes that are not closed.
    """
    file = ConfigText(path, configuration_text(path, raw))
    builder = _Builder(file)
    for kind, word in _tokens(file):
        meter.spend("elements")
        builder.add(kind, word)
    return builder.finish()


def _tokens(file: ConfigText) -> Iterator[tuple[str, Word]]:
    """Yield the words, braces and ends of lines; a variable may become several words, or none."""
    text, at = file.text, 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None or (found["bare"] or "").startswith(('"', "`")):
            raise file.refuse(QUOTE_NOT_CLOSED, at)
        start, at = found.span()
        kind = found.lastgroup or ""
        if kind == "bare" and found[0] in {"{", "}"}:
            yield found[0], Word(found[0], start, at)
        elif kind == "bare":
            for part in _filled(found[0]).split():
                yield kind, Word(part, start, at)
        elif kind == "newline":
            yield kind, Word("\n", start, at)
        elif kind == "heredoc":
            value, at = _heredoc(file, found[kind], start, at)
            yield kind, Word(value, start, start + len(found[kind]) + 2)
        elif kind == "quoted":
            yield kind, Word(_filled(found[kind]).replace('\\"', '"'), start + 1, at - 1)
        elif kind == "raw":
            yield kind, Word(_filled(found[kind]), start + 1, at - 1)


def _filled(text: str) -> str:
    if "{$" not in text:
        return text
    return _VARIABLE.sub(lambda found: found[0] if found[2] is None else found[2], text)


def _heredoc(file: ConfigText, marker: str, start: int, at: int) -> tuple[str, int]:
    """Return the text of a heredoc, and where it ends: at its marker, alone on a line so far."""
    text, end = file.text, at
    while (end := text.find(marker, end)) >= 0:
        line = text.rfind("\n", 0, end) + 1
        if not text[line:end].strip():
            return text[at:line], end + len(marker)
        end += len(marker)
    raise file.refuse(QUOTE_NOT_CLOSED, start)


class _Builder:
    """Builds the tree: the open blocks, and the words of the current line."""

    def __init__(self, file: ConfigText) -> None:
        self._blocks = Blocks(file)
        self._words: list[Word] = []

    def add(self, kind: str, word: Word) -> None:
        """Add the next word, brace or end of a line."""
        if kind == "{":
            self._blocks.begin(self._words, word.start, "}")
            self._words = []
        elif kind == "}":
            self._end()
            self._blocks.close(word.start, "}")
        elif kind != "newline":
            self._words.append(word)
        elif self._blocks or not (self._words and self._words[-1].text.endswith(",")):
            # Addresses go on after a comma.
            self._end()

    def _end(self) -> None:
        if self._words:
            self._blocks.add(self._words)
        self._words = []

    def finish(self) -> tuple[Statement, ...]:
        """Return the statements of the file."""
        self._end()
        return self._blocks.finish()
