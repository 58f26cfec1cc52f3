"""The files of registers, recognised by content: workbooks, delimited text (CSV)."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from importlib.util import find_spec
from io import StringIO
from pathlib import Path
from typing import Any

from pytest_icp.facts.breakdowns import missing_extra
from pytest_icp.facts.files.disk import MEGABYTE, read_bytes, read_start, text_of
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.register.cells import (
    LARGEST,
    MOST_CELLS,
    Cell,
    Dated,
    Grid,
    filled,
    moment_of,
    too_many,
)
from pytest_icp.sources.register.columns import ID, Register, heading_of, register_named, registers
from pytest_icp.sources.register.extracting import FILE
from pytest_icp.sources.running import run

WORKBOOKS = (".xlsx", ".xlsm")
MAGIC = b"PK\x03\x04"
OLD_MAGIC = b"\xd0\xcf\x11\xe0"
"""Of a workbook of Excel 2003, and of one with a password."""

_MOST = {
    "bytes": LARGEST,
    "sheets": 1000,
    "rows": 1_048_576,
    "columns": 16_384,
    "cells": MOST_CELLS,
}
"""As many rows and columns as a spreadsheet can have; empty ones at the end are left out."""


def read_workbook(path: Path, raw: bytes) -> list[Grid]:
    """Read the visible sheets of a workbook; macros and links to other files are left alone.

    It is taken apart in a child process. Raises `InputError` for a damaged file, and for one that
    is too large when it is unpacked.
    """
    place = Place(path=path)
    if find_spec("openpyxl") is None:
        raise missing_extra("xlsx", _READING, place=place, instead=_AS_CSV)
    answer = run(
        "pytest_icp.sources.register.extracting",
        _MOST,
        {FILE: raw},
        libraries=("openpyxl", "et_xmlfile"),
        place=place,
    )
    if answer.get("more") == "bytes":
        raise InputError(_TOO_LARGE, place=place, hint=_AS_CSV_INSTEAD)
    if "more" in answer:
        raise too_many(path, answer["more"], _MOST[answer["more"]])
    if "damaged" in answer:
        message = _NO_WORKBOOK.format(why=answer["damaged"])
        raise InputError(message, place=place, hint=_SAVE_AGAIN)
    return [
        Grid(path=path, sheet=title, lines=filled(path, map(_row, rows)))
        for title, rows in answer["sheets"]
    ]


def _row(row: Any) -> tuple[int, None, list[Cell]]:
    number, cells = row
    return number, None, list(map(_cell, cells))


def _cell(cell: Any) -> Cell:
    """Return a cell as the child tells it: a date without a number, or a number that may be one."""
    if not isinstance(cell, list):
        return cell  # type: ignore[no-any-return]  # a text, a boolean or nothing
    value, *dated = cell
    return Dated(
        value, moment_of(datetime.fromisoformat(dated[0]), timed=dated[1]) if dated else None
    )


_READING = Text(zh="读取 Excel 工作簿", en="reading an Excel workbook")
_AS_CSV = Text(zh="；或另存为 CSV", en="; or save the sheet as CSV")
_AS_CSV_INSTEAD = Text(zh="把工作表另存为 CSV", en="save the sheet as CSV")
_NO_WORKBOOK = Text(zh="不是完整的 Excel 工作簿：{why}", en="not a complete Excel workbook: {why}")
_SAVE_AGAIN = Text(zh="用 Excel 或 WPS 重新保存", en="save it again in Excel or WPS")
_TOO_LARGE = Text(
    zh="工作簿解压后超过 64 MiB", en="the workbook is larger than 64 MiB when it is unpacked"
)


DELIMITED = (".csv", ".tsv")

_DELIMITERS = ",;\t"
_TOLD = "sep="
_TOLD_FIRST = re.compile(r"sep=[,;\t]\r?$", re.IGNORECASE | re.MULTILINE)
_SEARCHED = 20_000
"""How much of the text is searched for the delimiter, in characters."""


def read_delimited(path: Path, raw: bytes) -> Grid:
    """Read comma, semicolon or tab separated text in UTF-8, UTF-16 or GB 18030 (GBK).

    Raises `InputError` for another encoding, for quotes that do not close, and for too many rows.
    """
    text = text_of(raw)
    if text is None:
        raise InputError(_NO_TEXT, place=Place(path=path), hint=_SAVE)
    skipped, delimiter = 0, _delimiter(text)
    if _TOLD_FIRST.match(text):
        # A first line that tells Excel the delimiter.
        first, _, text = text.partition("\n")
        delimiter, skipped = first[len(_TOLD) : len(_TOLD) + 1], 1
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = skipped + 1

    def rows() -> Iterator[tuple[int, int, list[str]]]:
        nonlocal begins
        for number, cells in enumerate(reader, start=skipped + 1):
            yield number, begins, cells
            begins = reader.line_num + skipped + 1

    try:
        return Grid(path=path, lines=filled(path, rows()))
    except csv.Error as error:
        place = Place(path=path, line=begins)
        raise InputError(_NO_CSV.format(why=str(error)), place=place, hint=_QUOTES) from None


def _delimiter(text: str) -> str:
    """Return the most frequent delimiter, outside quotes, of the first line that has one."""
    outside = "".join(text[:_SEARCHED].split('"')[::2])
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


SUFFIXES = (*DELIMITED, *WORKBOOKS)

_LOOKED_AT = 4 * MEGABYTE
"""The largest workbook that is looked at, in bytes, to see whether it is a register."""
_HEAD = 64 * 1024
"""How much of a text file is looked at, in bytes."""
_FEWEST = 3
_CAPTIONS = 10
_FEWEST_TELLING = 2
_TELLING = re.compile(
    r".{0,6}(?:域名|主机记录|记录值|记录类型|注册商|实名认证|备案号|网站|服务器|[公内]网\s?IP|IP\s?地址|机房"
    r"|日志|保存天数|domain|registrar|hostname|ip address|record type).{0,6}",
    re.IGNORECASE,
)


def grids_of(path: Path, raw: bytes) -> list[Grid]:
    """Return the tables of a file: of a workbook, those of its visible sheets.

    Raises `InputError` for a file that is none of these.
    """
    if raw.startswith(OLD_MAGIC):
        raise InputError(_OLD, place=Place(path=path), hint=_SAVE_AS)
    if raw.startswith(MAGIC):
        return read_workbook(path, raw)
    if raw[:1] == b"{":
        raise InputError(_NO_TABLE, place=Place(path=path), hint=_AS_CSV_INSTEAD)
    return [read_delimited(path, raw)]


def tables_at(path: Path, root: Path) -> list[Grid]:
    """Return the tables at the beginning of a file; none where it is damaged."""
    try:
        raw = read_start(path, root=root, size=_HEAD)
        if raw.startswith(MAGIC):
            raw = read_bytes(path, root=root, limit=_LOOKED_AT)
        elif len(raw) == _HEAD:
            raw = raw[: raw.rfind(b"\n") + 1]
        return grids_of(path, raw)
    except InputError:
        return []


def recognised(path: Path, grids: Sequence[Grid]) -> str | None:
    """Return the list that a file has as a register; None if it seems to be no register.

    The name is empty where the name of the file or a sheet tells it. All headings of a row must
    be columns of the list, the id among them.
    """
    for grid in grids:
        named = register_named(grid.sheet) or register_named(path.stem)
        if named is not None and _has_headings_of(named, grid):
            return ""
    fitting = [
        register.name
        for register in registers().values()
        if any(_has_headings_of(register, grid) for grid in grids)
    ]
    return fitting[0] if len(fitting) == 1 else None


def tells_something(grids: Iterable[Grid]) -> bool:
    """Whether a table has headings of records of DNS, domains, sites, servers or logs."""
    lines = (line for grid in grids for line in grid.lines[:_CAPTIONS])
    words = ([cell.strip() for cell in line.cells if isinstance(cell, str)] for line in lines)
    return any(len([*filter(_TELLING.fullmatch, each)]) >= _FEWEST_TELLING for each in words)


def _has_headings_of(register: Register, grid: Grid) -> bool:
    """Whether one of the first rows has headings of a list and nothing else."""
    for line in grid.lines[:_CAPTIONS]:
        written = [cell for cell in line.cells if isinstance(cell, str) and cell.strip()]
        columns = [_means(register, heading) for heading in written]
        paths = {*columns} - {None, ""}
        if None not in columns and ID in paths and len(paths) >= _FEWEST:
            return True
    return False


def _means(register: Register, heading: str) -> str | None:
    """Return the property that a heading is, empty if it is of none; None if it is not known."""
    column = register.column(heading)
    if column is not None:
        return column.path
    meant = heading_of(register.name, heading)
    return None if meant is None else meant.path or ""


_NO_TABLE = Text(zh="JSON 不是表格", en="JSON is not a table")
_OLD = Text(
    zh="是旧格式或有密码的 Excel 工作簿",
    en="an Excel workbook of the old format, or with a password",
)
_SAVE_AS = Text(zh="另存为 .xlsx，不设密码", en="save it as .xlsx, without a password")
