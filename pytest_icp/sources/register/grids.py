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
from pytest_icp.sources.register.cells import Cell, CellError

LARGEST = 64 * 1024 * 1024
"""The largest register, in bytes; of a workbook, also what is in it when it is unpacked."""

MOST_ROWS = 100_000
"""The most rows that are read."""

MOST_COLUMNS = 256
"""The most columns that are read."""

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
    """The rows of a file, or of one sheet of a workbook, without those that are empty."""

    path: Path
    sheet: str = ""
    lines: Sequence[Line]

    def provenance(self, line: Line, index: int, heading: str) -> Provenance:
        """Return where a cell is; its address is that of a spreadsheet: ``投诉!C14``."""
        address = address_of(line.number, index)
        return Provenance(
            place=Place(path=self.path, line=line.line),
            address=f"{self.sheet}!{address}" if self.sheet else address,
            attribute=heading,
        )

    def problem(self, line: Line, index: int, error: CellError) -> Problem:
        """Return what is wrong with a cell, with its address."""
        at = plain(address_of(line.number, index))
        if self.sheet:
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


def too_many(path: Path) -> InputError:
    """Return the error of a register with more rows than are read."""
    return InputError(_TOO_MANY.format(most=MOST_ROWS), place=Place(path=path), hint=_SPLIT)


_AT = Text(zh="{at}：{message}", en="{at}: {message}")
_IN_SHEET = Text(zh="工作表「{sheet}」{address}", en="sheet {sheet}, {address}")
_TOO_MANY = Text(zh="超过 {most} 行", en="more than {most:row}")
_SPLIT = Text(
    zh="分成几个文件放在一个文件夹中，path 写文件夹",
    en="split it into several files in one folder, and name the folder in `path`",
)
