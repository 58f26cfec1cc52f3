"""Builds the pages of both languages at once, each in a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from handbook.markdown import Lang

from website.contents import Contents
from website.extension import PLAN
from website.file_pages import write_files
from website.seeking import called, weights
from website.text import Pages

HERE = Path(__file__).parent
BUILD = HERE.parents[1] / "build"
SITE = BUILD / "site"
"""Where the site is built: ``zh/``, ``en/`` and a first page that leads to both, and ``files/``."""

SOURCES = BUILD / "site-sources"
LANGUAGES: tuple[Lang, ...] = ("zh", "en")


def build(builder: str) -> int:
    """Build the site, or check its links, anew; return 0 if all is well."""
    for folder in (SITE, SOURCES):
        shutil.rmtree(folder, ignore_errors=True)
    write_sources(SOURCES)
    running = [_sphinx(builder, lang) for lang in LANGUAGES]
    failed = [process.wait() for process in running]
    if builder == "html":
        shutil.copy(HERE / "first.html", SITE / "index.html")
        write_files(SITE)
    return max(failed)


def write_sources(folder: Path) -> None:
    """Write what Sphinx reads: a folder of pages for each language, and what it must know."""
    words = folder / "locale" / "zh_CN" / "LC_MESSAGES" / "sphinx.po"
    words.parent.mkdir(parents=True)
    shutil.copy(HERE / "zh.po", words)
    contents = Contents()
    pages = {lang: contents.pages(lang) for lang in LANGUAGES}
    for lang, other in zip(LANGUAGES, reversed(LANGUAGES), strict=True):
        _write(folder / lang, pages[lang])
        plan = {
            "other": [*pages[other], "search"],
            "words": {
                name: [said for word in words for said in (word.zh, word.en)]
                for name, words in called().items()
            },
            "weights": weights(pages[lang]),
        }
        (folder / lang / PLAN).write_text(json.dumps(plan), encoding="utf-8")


def _write(folder: Path, pages: Pages) -> None:
    for name, text in pages.items():
        path = folder / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _sphinx(builder: str, lang: Lang) -> subprocess.Popen[bytes]:
    out = SITE / lang if builder == "html" else SOURCES / builder / lang
    options = ["-q", "-W", "--keep-going", "-b", builder, "-c", str(HERE)]
    folders = [str(SOURCES / lang), str(out), "-d", str(SOURCES / "doctrees" / lang)]
    command = [sys.executable, "-m", "sphinx", *options, *folders]
    return subprocess.Popen(command, env={**os.environ, "ICP_SITE_LANGUAGE": lang})
