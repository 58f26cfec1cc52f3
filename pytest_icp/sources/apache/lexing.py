"""An Apache httpd configuration as a tree of statements, each with its place (Apache 指令).

The parser on PyPI (apacheconfig) has had no release since 2020, tells no lines, and refuses what
httpd accepts; a line here is words, and a section is a line in angle brackets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pytest_icp.facts.files.budget import Meter
from pytest_icp.sources.statements import (
    Blocks,
    ConfigText,
    Statement,
    Word,
    configuration_text,
)

_TOKEN = re.compile(
    r"(?P<blank>[^\S\n]++|\\\n)"
    r"|(?P<newline>\n)"
    r'|"(?P<double>(?:[^"\\\n]|\\.)*+)"'
    r"|'(?P<single>(?:[^'\\\n]|\\.)*+)'"
    r"|(?P<bare>(?:[^\s\\]|\\(?!\n))++)",
    re.DOTALL,
)
_COMMENT = re.compile(r"(?:[^\\\n]|\\\n?)*+")


def parse(path: Path, raw: bytes, meter: Meter) -> tuple[Statement, ...]:
    """Parse one file; what it includes is not followed. Names are in lower case.

    Raises `InputError` with file and line for sections that are not closed.
    """
    file = ConfigText(path, configuration_text(path, raw))
    blocks = Blocks(file)
    for words in _lines(file.text):
        meter.spend("elements", len(words))
        _add(blocks, words)
    return blocks.finish()


def _lines(text: str) -> Iterator[list[Word]]:
    """Yield the words of each line that has any and is no comment."""
    words: list[Word] = []
    at = 0
    while at < len(text) and (
        found := (_COMMENT if text[at] == "#" and not words else _TOKEN).match(text, at)
    ):
        start, at = found.span()
        kind = found.lastgroup
        if kind == "bare":
            words.append(Word(found[0], start, at))
        elif kind == "newline":
            if words:
                yield words
                words = []
        elif kind in {"single", "double"}:
            words.append(Word(re.sub(r"\\([\"'\\])", r"\1", found[kind]), start + 1, at - 1))
    if words:
        yield words


def _add(blocks: Blocks, words: list[Word]) -> None:
    """Add a line: a directive, or the beginning or the end of a section."""
    first, *rest = words
    if first.text.startswith("</"):
        blocks.close(first.start, f"</{first.text[2:].rstrip('>').lower()}>")
    elif first.text.startswith("<"):
        name = first.text[1:].rstrip(">").lower()
        named = Word(name, first.start, first.end)
        blocks.begin((named, *_without_bracket(rest)), first.start, f"</{name}>")
    else:
        blocks.add((Word(first.text.lower(), first.start, first.end), *rest))


def _without_bracket(words: list[Word]) -> Iterator[Word]:
    """Yield the words of a section's first line without the bracket that ends it."""
    *before, last = words or [Word("", 0, 0)]
    yield from before
    text = last.text.removesuffix(">")
    if text:
        yield Word(text, last.start, last.end - len(last.text) + len(text))
