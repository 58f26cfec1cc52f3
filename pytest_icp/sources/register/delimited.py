"""Registers as delimited text: CSV as Excel, WPS and databases write it."""

from __future__ import annotations

import codecs
import csv
import re
from io import StringIO
from pathlib import Path

from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.register.grids import Grid, Line, Lines

SUFFIXES = (".csv", ".tsv")

_DELIMITERS = ",;\t"
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_TOLD = "sep="
_TOLD_FIRST = re.compile(r"sep=[,;\t]\r?$", re.IGNORECASE | re.MULTILINE)
_LOOKED_AT = 20_000
"""How much of the text is searched for the delimiter, in characters."""


def read_delimited(path: Path, raw: bytes) -> Grid:
    """Read comma, semicolon or tab separated text in UTF-8, UTF-16 or GB 18030 (GBK).

    Raises `InputError` for another encoding, for quotes that do not close, and for too many rows.
    """
    text = decoded(path, raw)
    skipped = 0
    delimiter = _delimiter(text)
    if _TOLD_FIRST.match(text):
        # A first line that tells Excel the delimiter.
        first, _, text = text.partition("\n")
        delimiter, skipped = first[len(_TOLD) : len(_TOLD) + 1], 1
    return Grid(path=path, lines=_lines(path, text, delimiter, skipped))


def _lines(path: Path, text: str, delimiter: str, skipped: int) -> list[Line]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines, begins = Lines(path), skipped + 1
    try:
        for number, cells in enumerate(reader, start=skipped + 1):
            lines.add(number, begins, cells)
            begins = reader.line_num + skipped + 1
    except csv.Error as error:
        raise InputError(
            _NO_CSV.format(why=str(error)), place=Place(path=path, line=begins), hint=_QUOTES
        ) from None
    return lines.lines


def decoded(path: Path, raw: bytes) -> str:
    """Decode UTF-8, UTF-16 with a byte-order mark, or GB 18030; raise `InputError` for others."""
    for encoding in ("utf-16",) if raw.startswith(_WIDE) else ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise InputError(_NO_TEXT, place=Place(path=path), hint=_SAVE)


def _delimiter(text: str) -> str:
    """Return the most frequent delimiter, outside quotes, of the first line that has one."""
    outside = "".join(text[:_LOOKED_AT].split('"')[::2])
    first = next((line for line in outside.splitlines() if set(line) & set(_DELIMITERS)), "")
    return max(_DELIMITERS, key=first.count)


_NO_CSV = Text(zh="不是完整的 CSV：{why}", en="not complete CSV: {why}")
_QUOTES = Text(
    zh="单元格内的引号要写两次，引号要成对",
    en="a quote inside a cell is doubled; quotes come in pairs",
)
_NO_TEXT = Text(
    zh="不是 UTF-8、UTF-16 或 GBK（GB 18030）编码的文本",
    en="not text in UTF-8, UTF-16 or GBK (GB 18030)",
)
_SAVE = Text(zh="请另存为 UTF-8 编码的 CSV", en="save it as CSV in UTF-8")
