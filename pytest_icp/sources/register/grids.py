"""The rows of a register as a file has them, and where a cell of them is (表格)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from pytest_icp.facts.derived import Provenance
from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.files.schema import Problem
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text, plain
from pytest_icp.sources.register.cells import Cell, CellError, is_empty

LARGEST = 64 * 1024 * 1024
"""The largest register, in bytes; of a workbook, also what is in it when it is unpacked."""

MOST_ROWS = 100_000
"""The most rows that are read."""

MOST_COLUMNS = 256
"""The most columns that are read."""

MOST_CELLS = 5_000_000
"""The most cells that are read, also empty ones."""

NOTE = "#"
"""A row whose first filled cell is this, or begins with it and a blank, is a note for people."""

_A = ord("A")
_LETTERS = 26


class Line(Confidential, Struct, frozen=True):
    """A row as a spreadsheet numbers it, from 1, with the line of the file where it begins.

    A workbook has no lines.
    """

    number: int
    line: int | None
    cells: Sequence[Cell]

    _shown = ("number",)


class Grid(Confidential, Struct, frozen=True, kw_only=True):
    """The rows of a file, or of one sheet of a workbook, without those that are empty.

    In a ``keyed`` one, the first row is made of the keys of objects; its cells have no addresses.
    """

    path: Path
    sheet: str = ""
    keyed: bool = False
    lines: Sequence[Line]

    def provenance(self, line: Line, index: int, heading: str) -> Provenance:
        """Return where a cell is; its address is that of a spreadsheet: ``投诉!C14``."""
        address = "" if self.keyed else address_of(line.number, index)
        return Provenance(
            place=Place(path=self.path, line=line.line),
            address=f"{self.sheet}!{address}" if self.sheet else address,
            attribute=heading,
        )

    def problem(self, line: Line, index: int, error: CellError) -> Problem:
        """Return what is wrong with a cell, with its address."""
        at = plain(address_of(line.number, index))
        if self.keyed:
            at = plain(str(self.lines[0].cells[index]))
        elif self.sheet:
            at = _IN_SHEET.format(sheet=self.sheet, address=at)
        return Problem(
            place=Place(path=self.path, line=line.line),
            message=_AT.format(at=at, message=error.message),
            hint=error.hint,
        )


def address_of(number: int, index: int) -> str:
    """Return the address of a cell: ``C14`` for the third cell of row 14."""
    letters, index = "", index + 1
    while index:
        index, rest = divmod(index - 1, _LETTERS)
        letters = chr(_A + rest) + letters
    return f"{letters}{number}"


class Lines:
    """Collects the rows of a file, within the limits of rows, columns and cells."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._cells = 0
        self.lines: list[Line] = []

    def add(self, number: int, line: int | None, cells: Sequence[Cell]) -> None:
        """Add a row, unless it is empty.

        Raises `InputError` beyond a limit.
        """
        self._cells += len(cells)
        if self._cells > MOST_CELLS:
            raise too_many(self._path, "cells", MOST_CELLS)
        if all(map(is_empty, cells)):
            return
        if number > MOST_ROWS:
            raise too_many(self._path, "rows", MOST_ROWS)
        if not all(map(is_empty, cells[MOST_COLUMNS:])):
            raise too_many(self._path, "columns", MOST_COLUMNS)
        self.lines.append(Line(number, line, tuple(cells[:MOST_COLUMNS])))


def too_many(path: Path, what: str, most: int) -> InputError:
    """Return the error of a file with too many rows, columns, cells or sheets."""
    return InputError(_TOO_MANY[what].format(most=most), place=Place(path=path), hint=_SPLIT)


_AT = Text(zh="{at}：{message}", en="{at}: {message}")
_IN_SHEET = Text(zh="工作表“{sheet}”{address}", en="sheet {sheet}, {address}")
_TOO_MANY = {
    "rows": Text(zh="超过 {most} 行", en="more than {most:row}"),
    "columns": Text(zh="超过 {most} 列", en="more than {most:column}"),
    "cells": Text(zh="超过 {most} 个单元格", en="more than {most:cell}"),
    "sheets": Text(zh="超过 {most} 个工作表", en="more than {most:sheet}"),
}
_SPLIT = Text(
    zh="删去多余的行和列，或分成几个文件放在一个文件夹中，path 写文件夹",
    en="delete rows and columns that are not needed, or split it into several files in one folder, "
    "and name the folder in `path`",
)
