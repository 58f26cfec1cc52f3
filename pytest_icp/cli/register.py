"""``pytest-icp register``: writes a register to fill in, or lists the registers there are.

A register to fill in (模板) has headings and a row of hints, which is a note and says nothing.
"""

from __future__ import annotations

import csv
from argparse import Namespace
from collections.abc import Callable, Mapping
from io import BytesIO, StringIO
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pytest_icp.cli.output import check_absent, write_bytes
from pytest_icp.cli.project import Project, in_project
from pytest_icp.facts.answers import folded
from pytest_icp.facts.breakdowns import missing_extra
from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Lang, Text, did_you_mean, nearest, plain, show
from pytest_icp.sources.register.cells import NOTE
from pytest_icp.sources.register.columns import (
    ALIKE,
    LANGUAGES,
    Column,
    Register,
    register_named,
    registers,
)

if TYPE_CHECKING:
    from pytest_icp.reports.words import Language

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
_UNKNOWN = Text(
    zh="没有可作登记表的清单“{name}”", en="there is no list {name!r} to keep as a register"
)
_LIST_THEM = Text(
    zh="pytest-icp register 列出全部", en="`pytest-icp register` lists those that there are"
)
_WRITTEN = Text(
    zh="已写入 {path}：{n} 列。\n"
    "  1. 每件事填一行；不知道的留空，尚未发生的填 never。\n"
    "  2. 删去以 # 开头的提示行；一件也没有时，只留表头。\n"
    "  3. 在描述文件的 sources 中加上：\n"
    "       - {{kind: register, path: {path}}}",
    en="Wrote {path}: {n:column}.\n"
    "  1. Write a row for each; leave empty what is not known; `never` is what has not happened.\n"
    "  2. Delete the row of hints, which begins with #; if there are none, keep the headings.\n"
    "  3. Add this to `sources` in the description:\n"
    "       - {{kind: register, path: {path}}}",
)


def run(arguments: Namespace) -> str:
    """Write a register to fill in, or list those that there may be."""
    file: Path | None = arguments.output
    suffix = file.suffix.lstrip(".").lower() if file else ""
    form = arguments.format or (suffix if suffix in TEMPLATES else next(iter(TEMPLATES)))

    def register(project: Project) -> str:
        language = project.options.language
        if not arguments.name:
            return registers_text(language)
        lang: Lang = "en" if language == "en" else "zh"
        told = run_register(arguments.name, file, form, lang, overwrite=arguments.force)
        return project.screen.steps(told)

    return in_project(arguments, register)


def run_register(
    name: str, file: Path | None, form: str, lang: Lang, *, overwrite: bool = False
) -> Text:
    """Write a register to fill in; return what to do next.

    Raises `InputError` if there is no such list, or if the file exists or cannot be written.
    """
    register = register_named(name)
    if register is None:
        known = [one.title[each] for one in registers().values() for each in LANGUAGES]
        near = nearest(folded(name), [*registers(), *known], cutoff=ALIKE)
        hint = did_you_mean(near) if near else _LIST_THEM
        raise InputError(_UNKNOWN.format(name=name), hint=hint)
    path = file or Path(f"{register.name}.{form}")
    if not overwrite:
        check_absent(path)
    write_bytes(path, TEMPLATES[form](register, lang), overwrite=overwrite)
    return _WRITTEN.format(path=path.as_posix(), n=len(register.columns))


def registers_text(language: Language) -> str:
    """Return every list that can be kept as a register, with its title."""
    widest = max(map(len, registers()))
    rows = []
    for name, register in registers().items():
        title = register.title
        told = f"{title.zh} · {title.en}" if language == "both" else title[language]
        rows.append(f"{name:<{widest}}  {told}")
    return "\n".join(rows)


def csv_template(register: Register, lang: Lang) -> bytes:
    """Return CSV that Excel opens as it is: UTF-8 with a byte-order mark."""
    text = StringIO()
    csv.writer(text).writerows(_rows(register, lang))
    return text.getvalue().encode("utf-8-sig")


def _rows(register: Register, lang: Lang) -> list[list[str]]:
    """Return the headings and a row of hints; its first cell makes it a note."""
    first, *others = [_hint(column)[lang] for column in register.columns]
    return [[column.title[lang] for column in register.columns], [f"{NOTE} {first}", *others]]


def workbook_template(register: Register, lang: Lang) -> bytes:
    """Return a workbook with choices to pick from and what each column is about.

    Raises `InputError` if openpyxl is missing.
    """
    try:
        from openpyxl import Workbook
        from openpyxl.comments import Comment
        from openpyxl.styles import Font
        from openpyxl.worksheet.datavalidation import DataValidation
    except ImportError:
        raise missing_extra("xlsx", _WRITING, instead=_OTHERWISE) from None
    book = Workbook()
    sheet: Any = book.active
    title = register.title[lang]
    sheet.title = title if len(title) <= _LONGEST_TITLE else register.name
    for row in _rows(register, lang):
        sheet.append(row)
    for column, (heading, hint) in zip(register.columns, sheet.columns, strict=True):
        letter = heading.column_letter
        heading.font, hint.font = Font(bold=True), Font(italic=True, color="808080")
        heading.comment = Comment(column.described.description[lang], "pytest-icp")
        sheet.column_dimensions[letter].width = _WIDTH
        # As text, numbers and ids of any length stay as they are typed.
        sheet.column_dimensions[letter].number_format = "@"
        choices = _choices(column)[lang]
        if choices and len(choices) <= _LONGEST:
            # Of several choices, or of a date besides, a list would refuse what is right.
            strict = not column.many and column.described.time is None
            offer = DataValidation(type="list", formula1=f'"{choices}"', showErrorMessage=strict)
            offer.add(f"{letter}3:{letter}{_FILLED}")
            sheet.add_data_validation(offer)
    sheet.freeze_panes = "B2"
    raw = BytesIO()
    book.save(raw)
    return raw.getvalue()


TEMPLATES: Mapping[str, Callable[[Register, Lang], bytes]] = MappingProxyType(
    {"csv": csv_template, "xlsx": workbook_template}
)
"""The template in each format."""


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
