"""Read the cells of a workbook, in a child process.

The task: ``root``, a folder with the file ``book.xlsx`` alone, and the most ``bytes``, unpacked,
``sheets``, ``rows``, ``columns`` and ``cells`` that are read.
"""

from __future__ import annotations

import codecs
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from pytest_icp.sources.child import restrict

FILE = "book.xlsx"

_ELEMENT = re.compile(rb"<(?:[A-Za-z_][\w.-]{0,40}:)?(sheet|row|c)[\s/>]")
_LITERAL = re.compile(r'"[^"]*+"?|\[[^\]]*+\]?|\\.')
_DATED = range(29_221, 80_354)
"""The numbers of the days from 1980 to 2119 in a spreadsheet."""

# What openpyxl raises for a file that is not a workbook, or a damaged one.
_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, struct.error, ParseError, EOFError, OSError),
    *(LookupError, ValueError, TypeError, AttributeError, ArithmeticError, RuntimeError),
)


class _MoreError(Exception):
    """There are more bytes, sheets, rows, columns or cells than are read."""


def answer(task: Mapping[str, Any]) -> dict[str, Any]:
    """Return the visible ``sheets``: their titles and rows; or what there is ``more`` of.

    Of a file that cannot be read, why it is ``damaged``. A row is its number and its cells: texts,
    booleans and null as they are, dates and numbers as lists.
    """
    raw = Path(task["root"], FILE).read_bytes()
    for codec in ("ascii", "cp437", "latin-1", "utf-8-sig", "utf-16"):
        codecs.lookup(codec)  # a codec is imported when it is first used
    openpyxl: Any = import_module("openpyxl")
    import_module("openpyxl.utils.datetime")
    restrict(task["root"])
    try:
        _count(raw, task)
        # openpyxl warns of what it leaves out, such as lists of choices.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(
                BytesIO(raw), read_only=True, data_only=True, keep_links=False
            )
            visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
            left = task["cells"]
            sheets = []
            for sheet in visible:
                rows, left = _rows(sheet, book.epoch, task, left)
                sheets.append([sheet.title, rows])
            return {"sheets": sheets}
    except _MoreError as more:
        return {"more": more.args[0]}
    except RecursionError:
        raise
    except _DAMAGED as error:
        return {"damaged": str(error) or type(error).__name__}


def _count(raw: bytes, task: Mapping[str, Any]) -> None:
    """Count what the parts of a workbook have, before anything is made of them."""
    with zipfile.ZipFile(BytesIO(raw)) as parts:
        # A workbook may be small only because it is packed.
        if sum(part.file_size for part in parts.infolist()) > task["bytes"]:
            raise _MoreError("bytes")
        sheets = 0
        for part in parts.infolist():
            # Cells of a row; the chain of calculations has cells without rows.
            columns = None
            for found in _ELEMENT.finditer(parts.read(part)):
                name = found[1]
                if name == b"row":
                    columns = 0
                elif name == b"sheet":
                    sheets += 1
                elif columns is not None:
                    columns += 1
                if sheets > task["sheets"]:
                    raise _MoreError("sheets")
                if (columns or 0) > task["columns"]:
                    raise _MoreError("columns")


def _rows(sheet: Any, epoch: datetime, task: Mapping[str, Any], left: int) -> tuple[list[Any], int]:
    """Return the rows of a sheet that are not empty, and how many cells may still be read."""
    # Some programs write a wrong size of the sheet, beyond which nothing would be read.
    sheet.reset_dimensions()
    rows = []
    # A row that is not there is one without cells.
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if number > task["rows"]:
            raise _MoreError("rows")
        left -= len(row)
        if left < 0:
            raise _MoreError("cells")
        cells = [_cell(cell, epoch) for cell in row]
        if any(cell is not None for cell in cells):
            rows.append([number, cells])
    return rows, left


def _cell(cell: Any, epoch: datetime) -> Any:
    value = cell.value
    if isinstance(value, datetime):
        timed = "h" in _LITERAL.sub("", cell.number_format.lower())
        return [None, value.isoformat(), timed]
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return [value, *_moment(value, epoch)]
    return value if value is None or isinstance(value, bool) else str(value)


def _moment(value: float, epoch: datetime) -> Iterator[Any]:
    """Yield the date that a number is, and whether it has a time of day; nothing for others."""
    if int(value) in _DATED:
        from_excel = import_module("openpyxl.utils.datetime").from_excel
        yield from_excel(value, epoch).isoformat()
        yield value != int(value)
