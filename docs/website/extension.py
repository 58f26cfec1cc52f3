"""What the site adds to Sphinx: its search, and a way to the other language."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

TITLES = {"zh": "pytest-icp 手册", "en": "pytest-icp manual"}
OTHER = {"zh": ("en", "English"), "en": ("zh", "中文")}
PLAN = "plan.json"
"""The file beside the pages of a language: those of the other, what pages are called and weigh."""


def setup(app: Sphinx) -> dict[str, Any]:
    """Add it; Sphinx calls this."""
    app.connect("builder-inited", _without_search)
    app.connect("html-page-context", _other_language)
    # Before the theme, which writes the navigation.
    app.connect("html-page-context", _Navigation().shared, priority=400)
    app.connect("html-page-context", _with_levels, priority=900)
    sought = _Sought()
    app.connect("html-page-context", sought.read)
    app.connect("build-finished", sought.write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _without_search(app: Sphinx) -> None:
    """Leave out the search of Sphinx: it splits Chinese by a dictionary that no browser has."""
    app.builder.search = False  # type: ignore[attr-defined]


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


def _with_levels(
    _app: Sphinx, _name: str, _template: str, context: dict[str, Any], _doctree: object
) -> None:
    """Tell screen readers the level of the headings in the sidebar, which the theme leaves out."""
    tree = context["furo_navigation_tree"]
    context["furo_navigation_tree"] = tree.replace(
        'role="heading"', 'role="heading" aria-level="2"'
    )


class _Sought:
    """Writes what the search knows of each page: its names, its sections and their words."""

    def __init__(self) -> None:
        self._pages: list[list[Any]] = []

    def read(
        self,
        app: Sphinx,
        name: str,
        _template: str,
        _context: dict[str, Any],
        doctree: nodes.document | None,
    ) -> None:
        if doctree is None:
            return
        known = _plan(app.srcdir)
        sections = [_section(one) for one in doctree.findall(nodes.section)]
        # The words of a page lead to its top.
        sections[0][0] = ""
        words = [word for one in doctree.findall(addnodes.index) for _, word, *_ in one["entries"]]
        words += known["words"].get(name, [])
        self._pages.append([name, sections[0][1], known["weights"][name], words, sections])

    def write(self, app: Sphinx, _error: Exception | None) -> None:
        text = json.dumps(self._pages, ensure_ascii=False, separators=(",", ":"))
        path = Path(app.outdir) / "_static" / "pages.js"
        path.write_text(f"const PAGES = {text};\n", "utf-8")


def _section(section: nodes.section) -> list[str]:
    """Return the anchor, the heading and the words of a section, without what is inside of it."""
    heading, *rest = section.children
    told = (one for one in rest if not isinstance(one, nodes.section))
    words = " ".join(text.astext() for one in told for text in one.findall(nodes.paragraph))
    return [section["ids"][0], heading.astext(), " ".join(words.split())]


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
