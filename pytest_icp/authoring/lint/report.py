"""Prints remarks as compilers do: the place, the line, and what to do."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from msgspec.structs import replace

from pytest_icp.authoring.lint.remark import Remark
from pytest_icp.law.text import Text
from pytest_icp.reports.errors import problem_lines
from pytest_icp.reports.layout import wrap
from pytest_icp.reports.words import Language, each_language

_SAYS = Text(zh="{about}：{message} [{code}]", en="{about}: {message} [{code}]")
_NOTHING = Text(zh="检查了 {n} 条规定，没有发现问题。", en="{n:provision} checked, nothing found.")
_SOME = Text(
    zh="检查了 {n} 条规定，发现 {found} 处。", en="{n:provision} checked, {found:remark} made."
)


def remarks_text(
    remarks: Sequence[Remark], policies: int, language: Language, columns: int
) -> Iterator[str]:
    """Yield each remark with the line that it is about, then their number."""
    for remark in remarks:
        message = _SAYS.format(about=remark.about, message=remark.message, code=remark.code)
        yield from problem_lines(replace(remark, message=message), remark.place, language, columns)
        yield ""
    total = _SOME if remarks else _NOTHING
    for words in each_language(total.format(n=policies, found=len(remarks)), language):
        yield from wrap(words, columns)


def remarks_json(remarks: Sequence[Remark]) -> str:
    """Return the remarks as JSON."""
    return json.dumps(
        {
            "remarks": [
                {
                    "code": remark.code,
                    "about": remark.about,
                    "path": PurePath(remark.place.path).as_posix(),
                    "line": remark.place.line,
                    "column": remark.place.column,
                    "message": {"zh": remark.message.zh, "en": remark.message.en},
                    "hint": {"zh": remark.hint.zh, "en": remark.hint.en},
                }
                for remark in remarks
            ]
        },
        ensure_ascii=False,
        indent=2,
    )
