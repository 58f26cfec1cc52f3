"""Registers as workbooks of Excel or WPS: the cells of each sheet as they were last calculated."""

from __future__ import annotations

import re
import struct
import warnings
import zipfile
import zlib
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from pytest_icp.facts.extras import missing_extra
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.register.cells import Cell, Moment, Serial
from pytest_icp.sources.register.grids import LARGEST, Grid, Line, Lines

SUFFIXES = (".xlsx", ".xlsm")
MAGIC = b"PK\x03\x04"
OLD_MAGIC = b"\xd0\xcf\x11\xe0"
"""Of a workbook of Excel 2003, and of one with a password."""

_LITERAL = re.compile(r'"[^"]*+"?|\[[^\]]*+\]?|\\.')
_DATED = range(29_221, 80_354)
"""The numbers of the days from 1980 to 2119 in a spreadsheet."""
# What openpyxl raises for a file that is no workbook, or a damaged one.
_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, struct.error, ParseError, EOFError, OSError),
    *(LookupError, ValueError, TypeError, AttributeError, ArithmeticError, RuntimeError),
)


def read_workbook(path: Path, raw: bytes) -> list[Grid]:
    """Read the visible sheets of a workbook; macros and links to other files are left alone.

    Raises `InputError` for a damaged file, and for one that is too large when it is unpacked.
    """
    try:
        import openpyxl
    except ImportError:
        raise missing_extra("xlsx", _READING, place=Place(path=path), instead=_AS_CSV) from None
    _check_size(path, raw)
    # openpyxl warns of what it leaves out, such as lists of choices.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            book = openpyxl.load_workbook(
                BytesIO(raw), read_only=True, data_only=True, keep_links=False
            )
            return [
                Grid(path=path, sheet=sheet.title, lines=_lines(path, sheet, book.epoch))
                for sheet in book.worksheets
                if sheet.sheet_state == "visible"
            ]
        except _DAMAGED as error:
            raise InputError(
                _NO_WORKBOOK.format(why=str(error) or type(error).__name__),
                place=Place(path=path),
                hint=_SAVE_AGAIN,
            ) from None


def _check_size(path: Path, raw: bytes) -> None:
    """Refuse a workbook that is small only because it is packed."""
    try:
        size = sum(member.file_size for member in zipfile.ZipFile(BytesIO(raw)).infolist())
    except zipfile.BadZipFile:
        return
    if size > LARGEST:
        raise InputError(_TOO_LARGE, place=Place(path=path), hint=_AS_CSV_INSTEAD)


def _lines(path: Path, sheet: Any, epoch: datetime) -> list[Line]:
    # Some programs write a wrong size of the sheet, beyond which nothing would be read.
    sheet.reset_dimensions()
    lines = Lines(path)
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if row:
            lines.add(number, None, [_cell(cell, epoch) for cell in row])
    return lines.lines


def _cell(cell: Any, epoch: datetime) -> Cell:
    value = cell.value
    if isinstance(value, datetime):
        return Moment(value, timed="h" in _LITERAL.sub("", cell.number_format.lower()))
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return Serial(value, _moment(value, epoch))
    return value if value is None or isinstance(value, bool) else str(value)


def _moment(value: float, epoch: datetime) -> Moment | None:
    from openpyxl.utils.datetime import from_excel

    if int(value) not in _DATED:
        return None
    return Moment(from_excel(value, epoch), timed=value != int(value))


_READING = Text(zh="读取 Excel 工作簿", en="reading an Excel workbook")
_AS_CSV = Text(zh="；或另存为 CSV", en="; or save the sheet as CSV")
_AS_CSV_INSTEAD = Text(zh="把工作表另存为 CSV", en="save the sheet as CSV")
_NO_WORKBOOK = Text(zh="不是完整的 Excel 工作簿：{why}", en="not a complete Excel workbook: {why}")
_SAVE_AGAIN = Text(zh="用 Excel 或 WPS 重新保存", en="save it again in Excel or WPS")
_TOO_LARGE = Text(
    zh="工作簿解压后超过 64 MiB", en="the workbook is larger than 64 MiB when it is unpacked"
)
