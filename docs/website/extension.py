"""What the site adds to Sphinx: search in Chinese, a way to the other language, old addresses."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from website.search import LANGUAGES

TITLES = {"zh": "pytest-icp 手册", "en": "pytest-icp manual"}
OTHER = {"zh": ("en", "English"), "en": ("zh", "中文")}
PLAN = "plan.json"
"""The file beside the pages of a language that lists those of the other, and old addresses."""


def setup(app: Sphinx) -> dict[str, Any]:
    """Add it; Sphinx calls this."""
    for language in LANGUAGES:
        app.add_search_language(language)
    app.connect("html-page-context", _other_language)
    # Before the theme, which writes the navigation.
    app.connect("html-page-context", _Navigation().shared, priority=400)
    app.connect("doctree-read", _whole_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


@cache
def _plan(folder: Path) -> dict[str, Any]:
    plan: dict[str, Any] = json.loads((folder / PLAN).read_text("utf-8"))
    return plan


def _other_language(
    app: Sphinx, name: str, _template: str, context: dict[str, Any], _doctree: object
) -> None:
    """Tell the templates which page says the same in the other language; the first if none does."""
    lang, words = OTHER[os.environ["ICP_SITE_LANGUAGE"]]
    there = name if name in _plan(app.srcdir)["other"] else "index"
    way = "../" * (name.count("/") + 1)
    context["other_language"] = {"lang": lang, "words": words, "link": f"{way}{lang}/{there}.html"}


def _whole_pages(_app: Sphinx, document: nodes.document) -> None:
    """Let the words below the title of a page lead to its top, so that a search finds it once."""
    for node in document.findall(addnodes.index):
        if node.parent.parent is document:
            node["entries"] = [(kind, word, "", *rest) for kind, word, _, *rest in node["entries"]]


class _Navigation:
    """Writes the navigation once for all pages of a folder that are not in it themselves.

    Sphinx makes it anew for each page, to mark the page in it; most of the pages of rules and facts
    are not in it, and for them that took a third of the time.
    """

    def __init__(self) -> None:
        self._written: dict[str, str] = {}

    def shared(
        self, _app: Sphinx, name: str, _template: str, context: dict[str, Any], _doctree: object
    ) -> None:
        """Let a page use the navigation of its folder."""
        if "orphan" not in (context.get("meta") or {}):
            return
        folder, toctree = name.rpartition("/")[0], context["toctree"]

        def once(**options: Any) -> str:
            if folder not in self._written:
                self._written[folder] = toctree(**options)
            return self._written[folder]

        context["toctree"] = once
