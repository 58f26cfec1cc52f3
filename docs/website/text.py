"""The Markdown that the pages of the site are made of, beside that of the handbook."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeAlias

from handbook.markdown import Lang, said, table

from pytest_icp.law.text import Text

Pages: TypeAlias = dict[str, str]
"""Markdown by the name of its page in one language: ``rules/SP12/renewal``."""


def heading(level: int, text: Text, lang: Lang) -> str:
    """Return a heading."""
    return f"{'#' * level} {said(text, lang)}"


def target(name: str) -> str:
    """Return the line that lets a link find the heading below it."""
    return f"({name})="


def rows(head: Iterable[Text], cells: Iterable[Iterable[str]], lang: Lang) -> str:
    """Return a table whose columns are named in both languages."""
    return table([said(name, lang) for name in head], cells)


def listed(parts: Iterable[str], lang: Lang) -> str:
    """Return parts of a sentence side by side."""
    return ("、" if lang == "zh" else ", ").join(parts)


def toctree(names: Iterable[str], *, caption: str = "", hidden: bool = True) -> str:
    """Return the directive that puts pages into the navigation."""
    head = [f":caption: {caption}"] if caption else []
    head += [":hidden:"] if hidden else []
    return "\n".join(["```{toctree}", *head, "", *names, "```"])


def found_as(words: Iterable[str]) -> str:
    """Return the directive that lets the search find a page by these words first."""
    entries = ("! " + " ".join(re.sub("[,;!]", " ", word).split()) for word in words)
    return f"```{{index}} {', '.join(entries)}\n```"


def page(*parts: str, orphan: bool = False) -> str:
    """Return the parts of a page as its text; an orphan is not in the navigation."""
    head = ["---\norphan: true\n---"] if orphan else []
    return "\n\n".join([*head, *(part for part in parts if part)]) + "\n"
