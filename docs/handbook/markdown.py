"""The little Markdown that the pages need."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal, TypeAlias

from pytest_icp.law.text import Text

Lang: TypeAlias = Literal["zh", "en"]


_ROLE = re.compile(r"\{(?=[^{}`]*\}`)")
_OPENING = re.compile(r"[#%+=-]|~~~|```|:::|\(.*\)=$")
"""What makes a paragraph a heading, a comment, code or a directive, which may read a file."""


def said(text: Text, lang: Lang) -> str:
    """Return a text in one language, safe inside a paragraph or a cell of a table."""
    words = text.zh if lang == "zh" else text.en
    for sign in "\\*<>|[]":
        words = words.replace(sign, "\\" + sign)
    words = _ROLE.sub(r"\\{", words)
    words = " ".join(words.strip().splitlines()) if lang == "zh" else " ".join(words.split())
    return f"\\{words}" if _OPENING.match(words) else words


def quoted(text: Text, lang: Lang) -> str:
    """Return a text as a block quotation, its paragraphs kept."""
    words = text.zh if lang == "zh" else text.en
    lines = [said(Text(line, line), lang) for line in words.strip().split("\n")]
    return "\n>\n".join(f"> {line}" for line in lines)


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table."""
    names = list(head)
    lines = [names, ["---"] * len(names), *(list(row) for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
