"""Java properties (``name = value``), each with its line (属性文件).

The standard library has no reader of them, and those on PyPI keep no lines.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.law.location import Place

if TYPE_CHECKING:
    from pytest_icp.sources.log_retention.files import File

_ENTRY = re.compile(
    r"^[ \t\f]*+(?![#!])((?:\\.|[^\s\\:=])++)[ \t\f]*+[:=]?[ \t\f]*+"
    r"((?:[^\r\n\\]|\\\r\n|\\[^\r]|\\\r)*+)",
    re.MULTILINE,
)
_JOINED = re.compile(r"\\(?:\r\n|\r|\n)[ \t\f]*+")
_ESCAPED = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)", re.DOTALL)
_LETTERS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}


class Entry(Confidential, Struct, frozen=True):
    """One property: its name, its value, and what looks its place up; it may be a secret."""

    _shown = ("key",)

    key: str
    value: str
    place: Callable[[], Place]


def properties_of(file: File) -> Iterator[Entry]:
    """Yield the properties of a file in their order."""
    for found in _ENTRY.finditer(file.text):
        start, end = found.span()

        def place(start: int = start, end: int = end) -> Place:
            return file.place(start, end)

        yield Entry(_plain(found[1]), _plain(found[2].rstrip()), place)


def _plain(written: str) -> str:
    return _ESCAPED.sub(_character, _JOINED.sub("", written)) if "\\" in written else written


def _character(found: re.Match[str]) -> str:
    code = found[1]
    return chr(int(code[1:], 16)) if len(code) > 1 else _LETTERS.get(code, code)
