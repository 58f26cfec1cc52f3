"""The files of registers by what is in them: workbooks, JSON Lines, delimited text."""

from __future__ import annotations

from pathlib import Path

from pytest_icp.facts.files.source import MEGABYTE, read_bytes, read_start
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.register.columns import ID, Register, register_named, registers
from pytest_icp.sources.register.delimited import SUFFIXES as DELIMITED
from pytest_icp.sources.register.delimited import read_delimited
from pytest_icp.sources.register.grids import Grid
from pytest_icp.sources.register.json_lines import SUFFIXES as JSON_LINES
from pytest_icp.sources.register.json_lines import read_json_lines
from pytest_icp.sources.register.workbook import MAGIC, OLD_MAGIC, read_workbook
from pytest_icp.sources.register.workbook import SUFFIXES as WORKBOOKS

SUFFIXES = (*DELIMITED, *WORKBOOKS, *JSON_LINES)

_LOOKED_AT = 4 * MEGABYTE
"""The largest workbook that is looked at, in bytes, to see whether it is a register."""
_HEAD = 64 * 1024
"""How much of a text file is looked at, in bytes."""
_FEWEST = 3
_CAPTIONS = 10


def grids_of(path: Path, raw: bytes) -> list[Grid]:
    """Return the tables of a file: of a workbook, those of its visible sheets.

    Raises `InputError` for a file that is none of these.
    """
    if raw.startswith(OLD_MAGIC):
        raise InputError(_OLD, place=Place(path=path), hint=_SAVE_AS)
    if raw.startswith(MAGIC):
        return read_workbook(path, raw)
    if path.suffix.lower() in JSON_LINES or raw[:1] == b"{":
        return [read_json_lines(path, raw)]
    return [read_delimited(path, raw)]


def recognised(path: Path, root: Path) -> str | None:
    """Return the list that a file has as a register; None if it seems to be no register.

    The name is empty where the name of the file or a sheet tells it. All headings of a row must
    be columns of the list, the id among them.
    """
    try:
        raw = read_start(path, root=root, size=_HEAD)
        if raw.startswith(MAGIC):
            raw = read_bytes(path, root=root, limit=_LOOKED_AT)
        elif len(raw) == _HEAD:
            raw = raw[: raw.rfind(b"\n") + 1]
        grids = grids_of(path, raw)
    except InputError:
        return None
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


def _has_headings_of(register: Register, grid: Grid) -> bool:
    """Whether one of the first rows has headings of a list and nothing else."""
    for line in grid.lines[:_CAPTIONS]:
        written = [cell for cell in line.cells if isinstance(cell, str) and cell.strip()]
        columns = [register.column(heading) for heading in written]
        paths = {column.path for column in columns if column is not None}
        if None not in columns and ID in paths and len(paths) >= _FEWEST:
            return True
    return False


_OLD = Text(
    zh="是旧格式或有密码的 Excel 工作簿",
    en="an Excel workbook of the old format, or with a password",
)
_SAVE_AS = Text(zh="另存为 .xlsx，不设密码", en="save it as .xlsx, without a password")
