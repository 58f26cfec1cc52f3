"""The pages that people write (手写的页面): taken as they stand, their links turned to the site's.

A page is a pair ``NAME.md`` and ``NAME.zh.md``; one may be in one language only. Links are those
that work on GitHub. What they lead to is a page of the site, or a file of the repository, which
is then named without a link where the site does not have it. A link to nothing is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from handbook.markdown import Lang

from website.file_pages import file_link
from website.text import Pages

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
GENERATED = {"provisions": "provisions/index", "README": "index"}
"""What the site has pages of its own for, by the name of the file without its ending."""

PROJECT = ("ARCHITECTURE", "CHANGELOG", "CONTRIBUTING", "SECURITY")
"""Pages of the project that others lead to, in English only."""

_LINK = re.compile(
    r"(?ms)^(?P<fence>`{3,}).*?^(?P=fence)`*+ *+$"
    r"|\[(?P<words>[^\[\]]*+)\]\((?P<to>[^()\s]++)\)"
    r"|`[^`\n]++`"
)
"""A link, or code, in which there are none."""


class BrokenLinkError(ValueError):
    """A page links to what is not there."""


def sources(lang: Lang) -> Iterator[tuple[str, Path]]:
    """Yield the pages written by hand in one language, by their names in the site."""
    for path in sorted(DOCS.rglob("*.md")):
        name, written_in = _name(path)
        if written_in == lang and name not in GENERATED:
            yield name, path
    for one in PROJECT:
        yield f"project/{one.lower()}", ROOT / f"{one}.md"


def handwritten_pages(lang: Lang, made: Pages) -> Pages:
    """Return the pages written by hand; ``made`` are the pages that they may link to as well."""
    files = dict(sources(lang))
    names = {path: name for name, path in files.items()}
    known = {*made, *files}
    return {name: _page(name, path, lang, names, known) for name, path in files.items()}


def table_by_role(lang: Lang, made: Pages) -> str:
    """Return the README's table of who reads what; ``made`` are the pages that it may lead to."""
    path = ROOT / ("README.zh.md" if lang == "zh" else "README.md")
    files = dict(sources(lang))
    links = _Links("index", path, lang, {file: name for name, file in files.items()}, {*made})
    (table, *_) = re.findall(r"(?m)^\|(?:.*\n\|)+.*\n", path.read_text("utf-8"))
    return _LINK.sub(links.turned, table)


def title_of_page(text: str) -> str:
    """Return the first heading of a page."""
    return next(line.removeprefix("# ") for line in text.splitlines() if line.startswith("# "))


def _name(path: Path) -> tuple[str, Lang]:
    """Return the name of a page of ``docs`` in the site, and its language."""
    stem = path.relative_to(DOCS).as_posix().removesuffix(".md")
    lang: Lang = "zh" if stem.endswith(".zh") else "en"
    name = stem.removesuffix(".zh")
    return (f"{name.removesuffix('README')}index" if name.endswith("/README") else name), lang


def _page(name: str, path: Path, lang: Lang, names: Mapping[Path, str], known: set[str]) -> str:
    text = path.read_text("utf-8")
    twin = path.with_name(
        path.name.replace(".zh.md", ".md") if ".zh.md" in path.name else f"{path.stem}.zh.md"
    )
    text = re.sub(rf"\*?\[[^\]]*\]\({re.escape(twin.name)}\)\*?\n?", "", text)
    links = _Links(name, path, lang, names, known)
    return _LINK.sub(links.turned, text)


class _Links:
    """Turns the links of one page."""

    def __init__(
        self, name: str, path: Path, lang: Lang, names: Mapping[Path, str], known: set[str]
    ) -> None:
        self._name, self._path, self._lang = name, path, lang
        self._names, self._known = names, known

    def turned(self, link: re.Match[str]) -> str:
        words, to = link["words"], link["to"] or ""
        if not to or re.match(r"[a-z]+:|#", to):
            return link[0]
        path, hash_, anchor = to.partition("#")
        found = (self._path.parent / path).resolve()
        if not found.exists():
            raise BrokenLinkError(f"{self._path.relative_to(ROOT)}: {to} does not exist")
        page = self._page_of(found, anchor)
        if page is None:
            return file_link(found, words.strip("`"), self._name) or words
        if page.startswith("provisions/") or page in GENERATED.values():
            hash_ = anchor = ""
        up = "../" * self._name.count("/")
        return f"[{words}]({up}{page}.md{hash_}{anchor})"

    def _page_of(self, found: Path, anchor: str) -> str | None:
        """Return the page of the site that says what a file or folder of the repository says."""
        if found.is_dir():
            readme = found / ("README.zh.md" if self._lang == "zh" else "README.md")
            return self._page_of(readme, anchor) if readme.exists() else None
        if found in self._names:
            return self._names[found]
        stem = found.name.removesuffix(".md").removesuffix(".zh")
        if found.parent in (DOCS, ROOT) and stem in GENERATED:
            one = f"provisions/{anchor.upper()}"
            return one if one in self._known else GENERATED[stem]
        if found.is_relative_to(DOCS) and found.suffix == ".md":
            # A page of the other language that has no twin is not in this tree.
            name, _ = _name(found)
            return name if name in self._known else None
        return None
