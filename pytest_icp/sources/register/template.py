"""Registers to fill in: headings and a row of hints, which is a note and says nothing (模板)."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from io import BytesIO, StringIO
from types import MappingProxyType
from typing import Any

from pytest_icp.facts.breakdowns import missing_extra
from pytest_icp.law.describe import show
from pytest_icp.law.text import Lang, Text, plain
from pytest_icp.sources.register.cells import NOTE
from pytest_icp.sources.register.columns import Column, Register

_FILLED = 2_000
"""So many rows of a workbook offer the choices of their columns."""
_LONGEST = 255
"""The longest list of choices in a workbook, in characters."""
_LONGEST_TITLE = 31
_WIDTH = 18

_YES_NO = Text(zh="是,否", en="yes,no")
_EXAMPLE = Text(zh="例如 {example}", en="such as {example}")
_OR = Text(zh=" 或 ", en=" or ")
_SEVERAL = Text(zh="（可填几项，用 ；分开）", en=" (several, separated by ;)")
_WRITING = Text(zh="写出 Excel 工作簿", en="writing an Excel workbook")
_OTHERWISE = Text(zh="；或用 --format csv", en="; or use --format csv")


def csv_template(register: Register, lang: Lang) -> bytes:
    """Return CSV that Excel opens as it is: UTF-8 with a byte-order mark."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(_headings(register, lang))
    writer.writerow(_hints(register, lang))
    return text.getvalue().encode("utf-8-sig")


def workbook_template(register: Register, lang: Lang) -> bytes:
    """Return a workbook with choices to pick from and what each column is about.

    Raises `InputError` if openpyxl is missing.
    """
    try:
        from openpyxl import Workbook
        from openpyxl.comments import Comment
        from openpyxl.styles import Font
        from openpyxl.utils import get_column_letter
    except ImportError:
        raise missing_extra("xlsx", _WRITING, instead=_OTHERWISE) from None
    book = Workbook()
    sheet: Any = book.active
    title = register.title[lang]
    sheet.title = title if len(title) <= _LONGEST_TITLE else register.name
    sheet.append(_headings(register, lang))
    sheet.append(_hints(register, lang))
    for i, column in enumerate(register.columns, start=1):
        letter = get_column_letter(i)
        heading, hint = sheet[f"{letter}1"], sheet[f"{letter}2"]
        heading.font, hint.font = Font(bold=True), Font(italic=True, color="808080")
        heading.comment = Comment(column.described.description[lang], "pytest-icp")
        sheet.column_dimensions[letter].width = _WIDTH
        # As text, numbers and ids of any length stay as they are typed.
        sheet.column_dimensions[letter].number_format = "@"
        choices = _choices(column)[lang]
        if choices and len(choices) <= _LONGEST:
            _offer(sheet, f"{letter}3:{letter}{_FILLED}", choices, column)
    sheet.freeze_panes = "B2"
    raw = BytesIO()
    book.save(raw)
    return raw.getvalue()


def _offer(sheet: Any, cells: str, choices: str, column: Column) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    # Of several choices, or of a date besides, a list would refuse what is right.
    open_to_more = column.many or column.described.time is not None
    offer = DataValidation(type="list", formula1=f'"{choices}"', showErrorMessage=not open_to_more)
    offer.add(cells)
    sheet.add_data_validation(offer)


TEMPLATES: Mapping[str, Callable[[Register, Lang], bytes]] = MappingProxyType(
    {"csv": csv_template, "xlsx": workbook_template}
)
"""The template in each format."""


def _headings(register: Register, lang: Lang) -> list[str]:
    return [column.title[lang] for column in register.columns]


def _hints(register: Register, lang: Lang) -> list[str]:
    """Return the row of hints; its first cell makes it a note."""
    first, *others = [_hint(column)[lang] for column in register.columns]
    return [f"{NOTE} {first}", *others]


def _choices(column: Column) -> Text:
    """Return what may be written in a column, with commas between; empty where anything may be."""
    if "boolean" in column.described.types:
        return _YES_NO
    return plain(",".join(map(str, column.words)))


def _hint(column: Column) -> Text:
    """Return what to write in a column."""
    example = column.described.examples[0]
    choices = _choices(column)
    known = Text(*(" / ".join(filter(None, choices[lang].split(","))) for lang in ("zh", "en")))
    if not choices.en:
        shown = show(example[0] if isinstance(example, list) and example else example)
        known = _EXAMPLE.format(example=shown)
    elif column.described.time is not None or {"integer", "string"} & {*column.described.types}:
        known = _EXAMPLE.format(example=show(example)) + _OR + known
    return known + _SEVERAL if column.many else known
