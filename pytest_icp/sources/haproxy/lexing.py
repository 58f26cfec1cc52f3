"""The lines of an HAProxy configuration as statements, each with its place (HAProxy 语句).

The parser on PyPI (pyhaproxy) has had no release for years, tells no lines, and refuses most of
what newer versions brought; a line here is words, with quotes and escapes as HAProxy has them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, MutableMapping
from pathlib import Path

from pytest_icp.facts.files.budget import Meter
from pytest_icp.sources.statements import (
    QUOTE_NOT_CLOSED,
    ConfigText,
    Statement,
    Word,
    configuration_text,
    statement,
)

_TOKEN = re.compile(
    r"(?P<blank>[^\S\n]++|\\\n|#[^\n]*+)"
    r"|(?P<newline>\n)"
    r"""|(?P<word>(?:[^\s"'\\#]|\\[^\n]|\\\Z|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')++)""",
    re.DOTALL,
)
# Other backslashes stay: they belong to regular expressions.
_PIECE = re.compile(r"""\\([\s\\#"'])|"((?:[^"\\]|\\.)*+)"|'([^']*+)'""", re.DOTALL)
_QUOTED = frozenset("\\\"'")
_ESCAPE = re.compile(r'\\(["\\$])')
_VARIABLE = re.compile(r"\$\{(\w++)(?:-([^}]*+))?\}|\$(\w++)")


def parse(path: Path, raw: bytes, meter: Meter) -> tuple[Statement, ...]:
    """Parse one file, variables that it sets itself filled in.

    Raises `InputError` with file and line for a quotation mark that is not closed.
    """
    file = ConfigText(path, configuration_text(path, raw))
    return tuple(_statements(file, meter))


def _statements(file: ConfigText, meter: Meter) -> Iterator[Statement]:
    words: list[Word] = []
    variables: dict[str, str] = {}
    text, at = file.text, 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise file.refuse(QUOTE_NOT_CLOSED, at)
        start, at = found.span()
        if found.lastgroup == "word":
            words.append(Word(_plain(found[0], variables), start, at))
        elif found.lastgroup == "newline" and words:
            meter.spend("elements", len(words))
            yield _remembered(statement(file, words), variables)
            words = []
    if words:
        meter.spend("elements", len(words))
        yield statement(file, words)


def _remembered(one: Statement, variables: MutableMapping[str, str]) -> Statement:
    """Remember a variable that a line sets; return the line."""
    if one.name in {"setenv", "presetenv"} and one.args:
        variables.setdefault(one.args[0], " ".join(one.args[1:]))
    return one


def _plain(word: str, variables: MutableMapping[str, str]) -> str:
    """Return a word without quotes and escapes; variables are filled in between double quotes."""
    if _QUOTED.isdisjoint(word):
        return word

    def piece(found: re.Match[str]) -> str:
        if found[2] is None:
            return found[1] or found[3] or ""
        return _VARIABLE.sub(value, _ESCAPE.sub(r"\1", found[2]))

    def value(found: re.Match[str]) -> str:
        default = found[0] if found[2] is None else found[2]
        return variables.get(found[1] or found[3], default)

    return _PIECE.sub(piece, word)
