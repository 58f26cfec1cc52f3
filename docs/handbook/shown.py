"""What the pages written by hand show of commands, with the figures that are printed today.

``python docs/handbook shown`` runs the commands, which takes a minute, and writes the pages.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from textwrap import dedent, indent

from handbook.markdown import Lang

ROOT = Path(__file__).parents[2]
ENDINGS: dict[Lang, str] = {"en": ".md", "zh": ".zh.md"}
MADE = {"docs/provisions", "docs/legal-notes", "docs/sources/terraform-types"}
"""The pages that are made as a whole."""

NAMES = sorted(
    {
        path.relative_to(ROOT).as_posix().removesuffix(".md").removesuffix(".zh")
        for path in (ROOT / "docs").rglob("*.md")
    }
    - MADE
)
BOOKS = {
    lang: [f"{name}{ending}" for name in ("README", *NAMES)] for lang, ending in ENDINGS.items()
}
"""The pages written by hand in each language: the README, and those below ``docs``."""

READMES = sorted(
    path.relative_to(ROOT).as_posix()
    for folder in ("benchmarks", "examples", "tests/cases")
    for path in (ROOT / folder).rglob("README.md")
)
PROJECT = ["ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"]
PAGES = [*chain.from_iterable(BOOKS.values()), *READMES, *PROJECT]
"""Every page written by hand."""

GUIDES = "docs/guides/"
"""The pages whose files make one repository together."""

FIRST_DAY = "2026-11-27"
"""The day of the first hour, as the example tells it."""

CUT = "…"
"""The line that stands for output that is not shown."""

FENCED = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
"""A fenced block, which may stand in a list: how far it is indented, its language, its text."""


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    page: str
    language: str
    text: str

    @property
    def lines(self) -> list[str]:
        """Its lines."""
        return self.text.splitlines()

    @property
    def path(self) -> str | None:
        """The file that the block is, where its first line is a comment that names one."""
        named = re.fullmatch(r"# ([\w./-]+\.(?:yaml|ini|py))", self.lines[0])
        return named[1] if named else None


@cache
def text_of(page: str) -> str:
    """Return the text of a page."""
    return (ROOT / page).read_text("utf-8")


def blocks(page: str, *languages: str) -> list[Block]:
    """Return the blocks of a page in some languages."""
    return [
        Block(page, lang, dedent(text))
        for _, lang, text in FENCED.findall(text_of(page))
        if lang in languages
    ]


def language_of(page: str) -> Lang:
    """Return the language of a page."""
    return "zh" if page.endswith(ENDINGS["zh"]) else "en"


def lay_out(page: str, folder: Path) -> Path:
    """Write the files that a page shows; of a guide, those of all guides of its language."""
    guides = [one for one in BOOKS[language_of(page)] if one.startswith(GUIDES)]
    for one in guides if page in guides else [page]:
        for block in blocks(one, "yaml", "ini", "python"):
            if block.path:
                path = folder / block.path
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(block.text, "utf-8")
    return folder


def first_hour(page: str, folder: Path) -> Path:
    """Begin as the first hour does, in a repository that nobody has described yet."""
    copytree(ROOT / "examples" / "start", folder, dirs_exist_ok=True)
    asked = ("--lang", language_of(page), "--as-of", FIRST_DAY)
    run(folder, "pytest-icp", "init", "LICENCE.txt", *asked)
    return folder


@cache
def run_here(*command: str) -> list[str]:
    """Return the lines of a command that several pages show."""
    return run(ROOT, *command)


def run(folder: Path, *command: str) -> list[str]:
    """Return the lines that a command prints on a terminal of 80 columns, without its seconds."""
    program, *arguments = command
    kept = {k: v for k, v in os.environ.items() if k not in {"CI", "FORCE_COLOR", "PY_COLORS"}}
    # Few users have Hypothesis, whose plugin takes time.
    usual = {"PYTEST_ADDOPTS": "-p no:cacheprovider -p no:hypothesispytest"}
    here = {"COLUMNS": "80", "NO_COLOR": "1", "PYTHONUTF8": "1"}
    done = subprocess.run(  # noqa: S603 - what our own pages show
        [sys.executable, "-m", program.replace("-", "_"), *arguments],
        cwd=folder,
        env=kept | usual | here,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return [line.rstrip() for line in (done.stdout + done.stderr).splitlines()]


def today(block: Block) -> str:
    """Return the text of a console block with the figures that its command prints today.

    Raises `ValueError` where it prints other words.
    """
    first, *shown = block.lines
    command = first.removeprefix("$ ").split()
    if any("examples/" in word for word in command):
        lines = run_here(*command)
    else:
        begin = first_hour if "first-hour" in block.page else lay_out
        with TemporaryDirectory(prefix="icp-shown-") as folder:
            lines = run(begin(block.page, Path(folder)), *command)
    printed = "\n".join(lines)
    chunks = re.split(rf"^({CUT}\n)", "\n".join([*shown, ""]), flags=re.MULTILINE)
    return "".join([f"{first}\n", *(_printed(chunk, printed) for chunk in chunks)])


def _printed(chunk: str, printed: str) -> str:
    text = chunk.strip("\n")
    if text in {"", CUT}:
        return chunk
    # More digits take room: the spaces that align them may be fewer.
    pattern = re.sub(r"[0-9]+", "[0-9]+", re.sub(r"(\\ )+", " +", re.escape(text)))
    found = re.search(rf"^{pattern}$", printed, re.MULTILINE)
    if not found:
        raise ValueError(f"not printed:\n{text}\n\nbut\n{printed}")
    return chunk.replace(text, found[0])


def pages() -> Iterator[tuple[Path, str]]:
    """Return each page that shows what a command prints, with the figures of today."""
    for name in PAGES:

        def with_figures(found: re.Match[str], name: str = name) -> str:
            margin, language, text = found.groups()
            if language != "console":
                return found[0]
            made = today(Block(name, language, dedent(text)))
            return f"{margin}```console\n{indent(made, margin)}{margin}```"

        yield ROOT / name, FENCED.sub(with_figures, text_of(name))
