"""``pytest-icp register``: writes a register to fill in, or lists those that there may be."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pytest_icp.cli.files import check_absent, write_bytes
from pytest_icp.facts.answers import folded
from pytest_icp.law.errors import InputError
from pytest_icp.law.suggestions import did_you_mean, nearest
from pytest_icp.law.text import Lang, Text
from pytest_icp.sources.register.columns import (
    ALIKE,
    LANGUAGES,
    register_named,
    registers,
)
from pytest_icp.sources.register.template import TEMPLATES

if TYPE_CHECKING:
    from pytest_icp.reports.words import Language

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
