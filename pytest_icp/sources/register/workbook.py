"""Registers as workbooks of Excel or WPS: the cells of each sheet as they were last calculated."""

from __future__ import annotations

from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pytest_icp.facts.extras import missing_extra
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.child.running import run
from pytest_icp.sources.register.cells import Cell, Moment, Serial
from pytest_icp.sources.register.extracting import FILE
from pytest_icp.sources.register.grids import LARGEST, MOST_CELLS, Grid, Line, Lines, too_many

SUFFIXES = (".xlsx", ".xlsm")
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
    if not _is_installed():
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
        Grid(path=path, sheet=title, lines=_lines(path, rows)) for title, rows in answer["sheets"]
    ]


def _is_installed() -> bool:
    try:
        return find_spec("openpyxl") is not None
    except ValueError:
        # Python is told that it is not there.
        return False


def _lines(path: Path, rows: list[Any]) -> list[Line]:
    lines = Lines(path)
    for number, cells in rows:
        lines.add(number, None, [_cell(cell) for cell in cells])
    return lines.lines


def _cell(cell: Any) -> Cell:
    """Return a cell as the child tells it: a date without a number, or a number that may be one."""
    if not isinstance(cell, list):
        return cell  # type: ignore[no-any-return]  # a text, a boolean or nothing
    value, *dated = cell
    moment = Moment(datetime.fromisoformat(dated[0]), timed=dated[1]) if dated else None
    return Serial(value, moment) if value is not None or moment is None else moment


_READING = Text(zh="读取 Excel 工作簿", en="reading an Excel workbook")
_AS_CSV = Text(zh="；或另存为 CSV", en="; or save the sheet as CSV")
_AS_CSV_INSTEAD = Text(zh="把工作表另存为 CSV", en="save the sheet as CSV")
_NO_WORKBOOK = Text(zh="不是完整的 Excel 工作簿：{why}", en="not a complete Excel workbook: {why}")
_SAVE_AGAIN = Text(zh="用 Excel 或 WPS 重新保存", en="save it again in Excel or WPS")
_TOO_LARGE = Text(
    zh="工作簿解压后超过 64 MiB", en="the workbook is larger than 64 MiB when it is unpacked"
)
