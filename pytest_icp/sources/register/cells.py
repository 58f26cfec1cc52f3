"""The rows of a register as a file has them (表格), and the value of each cell."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct

from pytest_icp.facts.answers import NO, YES, folded, meant
from pytest_icp.facts.derived import Provenance
from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.files.faults import either, show
from pytest_icp.facts.files.properties import allows
from pytest_icp.facts.written import SCHEMA
from pytest_icp.kinds.words import shown
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text, did_you_mean, nearest, plain
from pytest_icp.sources.register.columns import Column

_DAY = (
    r"(?P<year>[12][0-9]{3})(?:"
    r"(?P<mark>[-/.])(?P<month>[0-9]{1,2})(?P=mark)(?P<day>[0-9]{1,2})"
    r"|年(?P<zh_month>[0-9]{1,2})月(?P<zh_day>[0-9]{1,2})[日号]"
    r"|(?P<short_month>[0-9]{2})(?P<short_day>[0-9]{2}))"
)
_CLOCK = (
    r"(?P<half>上午|下午)? ?(?P<hour>[0-9]{1,2})(?::|[时点])"
    r"(?:(?P<minute>[0-9]{1,2})(?:(?::|分)(?:(?P<second>[0-9]{1,2}(?:\.[0-9]{1,6})?)秒?)?)?)?"
    r"(?P<end> ?[ap]m)?(?P<zone> ?(?:z|[+-][0-9]{2}:?[0-9]{2}))?"
)
_MOMENT = re.compile(rf"{_DAY}(?:[t ]? ?{_CLOCK})?")
_YEAR_LAST = re.compile(r"[0-9]{1,2}([-/. ])[0-9]{1,2}\1[0-9]{2,4}(?: .*)?")
_LATE = {"下午", "pm"}
_NOON = 12


def is_ambiguous(text: str) -> bool:
    """Whether a text is a date of which day, month and year cannot be told apart."""
    return _YEAR_LAST.fullmatch(text) is not None


def written_moment(text: str) -> str | None:
    """Return a day or a moment in the form of a description, or None for another text.

    The year comes first: ``2023-11-20``, ``2023/11/20``, ``2023.11.20``, ``2023年11月20日``,
    ``20231120``; a time may follow: ``15:30``, ``15时30分``, ``下午3:30``, ``3:30 PM``. The text
    is normalised and in lower case. Raises `ValueError` for a day or a time that does not exist.
    """
    form = _MOMENT.fullmatch(text)
    if form is None or (form["half"] and form["end"]):
        return None
    month = form["month"] or form["zh_month"] or form["short_month"]
    day = form["day"] or form["zh_day"] or form["short_day"]
    written = date(int(form["year"]), int(month), int(day)).isoformat()
    return f"{written}T{_clock(form)}" if form["hour"] else written


def _clock(form: re.Match[str]) -> str:
    hour, minute = int(form["hour"]), int(form["minute"] or 0)
    half = (form["half"] or form["end"] or "").strip()
    # 下午15:05 is written, too; 15:05 PM is a mistake.
    if half and (hour <= _NOON or half != "下午"):
        if not 0 < hour <= _NOON:
            raise ValueError(hour)
        hour = hour % _NOON + (_NOON if half in _LATE else 0)
    second, _, fraction = (form["second"] or "").partition(".")
    clock = time(hour, minute, int(second or 0))
    text = clock.isoformat("seconds" if second else "minutes")
    zone = (form["zone"] or "").strip().upper()
    if len(zone) == len("+0800"):
        zone = f"{zone[:3]}:{zone[3:]}"
    return f"{text}{'.' if fraction else ''}{fraction}{zone}"


def moment_of(value: datetime, *, timed: bool) -> str:
    """Return a moment of a spreadsheet as a description writes it.

    Midnight of a cell that does not show times, where ``timed`` is False, is the day alone.
    """
    if value.time() == time() and not timed:
        return value.date().isoformat()
    return value.isoformat("T", "seconds" if value.second or value.microsecond else "minutes")


class Dated(Struct, frozen=True):
    """A number or a date of a spreadsheet: its value, and the moment that it is or can be."""

    value: float | None
    moment: str | None


Cell: TypeAlias = "str | bool | Dated | None"
"""What a file has in a cell: a text, or what a spreadsheet makes of it."""


class CellError(Exception):
    """A cell that its column does not allow: why, and what to write."""

    def __init__(self, message: Text, hint: Text) -> None:
        super().__init__(message, hint)
        self.message, self.hint = message, hint


_NONE = frozenset({"无", "没有", "none", "[]"})
_SEPARATOR = re.compile(r"[；;、\n]")
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.[0-9]{1,15})?(%?)")
_FAULT = re.compile(r"#(?:REF!|N/A|DIV/0!|VALUE!|NAME\?|NULL!|NUM!|SPILL!|CALC!|#+)|#+")
_SHORTENED = re.compile(r"[0-9](?:\.[0-9]+)?E\+[0-9]+")
_AS_TEXT = re.compile(r'="(.*)"', re.DOTALL)
_EXACT = 10**15
"""Spreadsheets keep fifteen digits of a number."""


def value_of(cell: Cell, column: Column) -> Json:
    """Return the value of a cell, or None if it is empty: nothing is declared.

    Raises `CellError` for what the column does not allow.
    """
    if isinstance(cell, str):
        cell = _text(cell)
    if cell is None:
        return None
    if not column.many:
        return _single(cell, column)
    if not isinstance(cell, str):
        return [_single(cell, column)]
    if folded(cell) in _NONE and folded(cell) not in column.words:
        return []
    parts = [part.strip() for part in _SEPARATOR.split(cell)]
    return [_single(part, column) for part in parts if part]


def is_empty(cell: Cell) -> bool:
    """Whether nothing is written in a cell."""
    return cell is None or (isinstance(cell, str) and _text(cell) is None)


def _text(written: str) -> str | None:
    """Return a text without blanks around it, or None if nothing is left."""
    text = written.strip().strip("\ufeff")
    quoted = _AS_TEXT.fullmatch(text)
    return (quoted[1].strip() if quoted else text) or None


def _single(cell: Cell, column: Column) -> Json:
    if isinstance(cell, str):
        if _FAULT.fullmatch(cell):
            raise CellError(_BROKEN.format(value=show(cell)), _FIX)
        word = _word(cell, column)
        if word is not None:
            return word
    dated = column.described.time is not None
    for value in _moments(cell) if dated else _candidates(cell, column):
        if allows(SCHEMA, column.fact, value):
            return value
    raise _refused(cell, column)


def _word(cell: str, column: Column) -> Json:
    """Return the word of the column that a cell means, if it is one."""
    written, at = folded(cell), tuple(column.fact.split("."))
    for word in column.words:
        spaced = str(word).replace("_", " ")
        if written in {folded(str(word)), folded(shown(word, at).zh), folded(spaced)}:
            return word
    return meant(column.fact, column.described, written)


def _candidates(cell: Cell, column: Column) -> Iterator[Json]:
    """Yield what a cell may mean; the schema decides which of it the column allows."""
    if isinstance(cell, bool):
        yield cell
    elif isinstance(cell, Dated) and cell.value is not None:
        if abs(cell.value) >= _EXACT:
            raise CellError(_TOO_LONG.format(value=show(cell.value)), _KEEP)
        yield _number(cell.value)
        yield str(_number(cell.value))
    elif isinstance(cell, str):
        if "boolean" in column.described.types and folded(cell) in YES | NO:
            yield folded(cell) in YES
        number = _NUMBER.fullmatch(unicodedata.normalize("NFKC", cell))
        if number:
            exact = Decimal(number[0].strip("%").replace(",", ""))
            yield _number(float(exact / 100 if number[1] else exact))
        if _SHORTENED.fullmatch(cell):
            raise CellError(_TOO_LONG.format(value=show(cell)), _KEEP)
        yield cell


def _number(value: float) -> int | float:
    return int(value) if value == int(value) else value


def _moments(cell: Cell) -> Iterator[Json]:
    """Yield a date as the description writes it; of a day, a time of day says nothing more."""
    written = cell.moment if isinstance(cell, Dated) else None
    if written is None:
        text = folded(str(_plain(cell)))
        try:
            written = written_moment(text)
        except ValueError:
            raise CellError(_NO_SUCH_DAY.format(value=show(cell)), _DATES) from None
        if written is None and is_ambiguous(text):
            raise CellError(_AMBIGUOUS.format(value=show(cell)), _DATES)
    yield from (written, written[:10]) if written else ()


def _plain(cell: Cell) -> Json:
    """Return a cell as it is shown: a number as it was written."""
    if not isinstance(cell, Dated):
        return cell
    return cell.moment if cell.value is None else _number(cell.value)


def _refused(cell: Cell, column: Column) -> CellError:
    """Return what is wrong with a value that the schema does not allow."""
    known, value = column.described, show(_plain(cell))
    choices = either(column.words) if column.words else ""
    if known.time is not None:
        hint = _DATES + _OR.format(words=choices) if choices else _DATES
        return CellError(_NO_DATE.format(value=value), hint)
    if isinstance(cell, Dated) and cell.value is None:
        return CellError(_A_DATE.format(value=cell.moment), _KEEP)
    if "boolean" in known.types:
        return CellError(_NO_ANSWER.format(value=value), _ANSWERS)
    if column.words and not set(known.types) - {"array"}:
        near = nearest(folded(str(_plain(cell))), [str(word) for word in column.words])
        hint = did_you_mean(near) if near else _CHOICES.format(words=choices)
        return CellError(_NO_CHOICE.format(value=value), hint)
    hint = known.description + _EXAMPLE.format(example=show(known.examples[0]))
    return CellError(_NOT_ALLOWED.format(value=value), hint)


_BROKEN = Text(
    zh="单元格的内容是 {value}：公式出错，或列宽不够",
    en="the cell has {value}: a formula failed, or the column was too narrow",
)
_FIX = Text(zh="改正公式或加宽这一列，再保存", en="fix the formula or widen the column, then save")
_TOO_LONG = Text(
    zh="{value} 已被电子表格截短：数字只保留 15 位",
    en="the spreadsheet has shortened {value}: it keeps 15 digits of a number",
)
_KEEP = Text(
    zh="把这一列设为文本格式，再重新填写", en="format the column as text, then write it again"
)
_NO_SUCH_DAY = Text(
    zh="{value} 这个日期或时刻不存在", en="{value} is not a day or time that exists"
)
_AMBIGUOUS = Text(
    zh="{value} 分不清年、月、日", en="{value}: which is the day, and which the month?"
)
_NO_DATE = Text(zh="{value} 不是日期", en="{value} is not a date")
_DATES = Text(
    zh="年写在最前，例如 2023-11-20、2023年11月20日，可加时刻 15:30",
    en="write the year first, such as 2023-11-20, with or without a time, 15:30",
)
_OR = Text(zh="；或填 {words}", en="; or {words}")
_A_DATE = Text(zh="{value} 是日期格式", en="the cell is formatted as a date, {value}")
_NO_ANSWER = Text(zh="{value} 不是是或否", en="{value} is neither yes nor no")
_ANSWERS = Text(zh="填 是 或 否，不知道就留空", en="write yes or no; leave it empty if not known")
_NO_CHOICE = Text(zh="{value} 不在可填的内容之中", en="{value} is not one of the choices")
_CHOICES = Text(zh="可填：{words}", en="the choices are {words}")
_NOT_ALLOWED = Text(zh="{value} 不能填在这里", en="{value} is not allowed here")
_EXAMPLE = Text(zh="例如 {example}", en=" Such as {example}")


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

    def problem(self, line: Line, index: int, error: CellError) -> InputError:
        """Return what is wrong with a cell, with its address."""
        at = plain(address_of(line.number, index))
        if self.sheet:
            at = _IN_SHEET.format(sheet=self.sheet, address=at)
        place = Place(path=self.path, line=line.line)
        message = _AT.format(at=at, message=error.message)
        return InputError(message, place=place, hint=error.hint)


def address_of(number: int, index: int) -> str:
    """Return the address of a cell: ``C14`` for the third cell of row 14."""
    letters, index = "", index + 1
    while index:
        index, rest = divmod(index - 1, _LETTERS)
        letters = chr(_A + rest) + letters
    return f"{letters}{number}"


def filled(path: Path, rows: Iterable[tuple[int, int | None, Sequence[Cell]]]) -> list[Line]:
    """Return the rows of a file that are not empty, each given with its number and line.

    Raises `InputError` beyond the limits of rows, columns and cells.
    """
    lines = []
    left = MOST_CELLS
    for number, line, cells in rows:
        left -= len(cells)
        if left < 0:
            raise too_many(path, "cells", MOST_CELLS)
        if all(map(is_empty, cells)):
            continue
        if number > MOST_ROWS:
            raise too_many(path, "rows", MOST_ROWS)
        if not all(map(is_empty, cells[MOST_COLUMNS:])):
            raise too_many(path, "columns", MOST_COLUMNS)
        lines.append(Line(number, line, tuple(cells[:MOST_COLUMNS])))
    return lines


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
