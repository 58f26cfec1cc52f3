"""The files that pages lead to (文件): policies, cases and schemas, as the repository has them."""

from __future__ import annotations

import html
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("policies", "tests/cases", "schemas")

_PAGE = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{name} - pytest-icp</title>
</head>
<body>
<main>
<h1>{name}</h1>
{body}
</main>
</body>
</html>
"""


def file_link(path: Path, words: str, page: str) -> str | None:
    """Return a link to the page of a file or folder from a page of the site; None without one."""
    named = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else ""
    if not any(f"{named}/".startswith(f"{folder}/") for folder in FOLDERS):
        return None
    up = "../" * (page.count("/") + 1)
    address = html.escape(f"{up}files/{named}{_inside(path)}.html")
    return f'<a href="{address}">{html.escape(words)}</a>'


def write_files(site: Path) -> None:
    """Write the page of each file, and of each folder the list of what is in it."""
    for folder in FOLDERS:
        for path in (ROOT / folder, *sorted((ROOT / folder).rglob("*"))):
            name = path.relative_to(ROOT).as_posix()
            to = site / "files" / f"{name}{_inside(path)}.html"
            to.parent.mkdir(parents=True, exist_ok=True)
            body = _listed(path) if path.is_dir() else _shown(path)
            to.write_text(_PAGE.format(name=html.escape(name), body=body), "utf-8")


def _inside(path: Path) -> str:
    return "/index" if path.is_dir() else ""


def _shown(path: Path) -> str:
    return f'<pre tabindex="0">{html.escape(path.read_text("utf-8"))}</pre>'


def _listed(folder: Path) -> str:
    return "\n".join(["<ul>", *_lines(folder), "</ul>"])


def _lines(folder: Path) -> Iterator[str]:
    for path in sorted(folder.iterdir()):
        name = html.escape(path.name)
        yield f'<li><a href="{name}{_inside(path)}.html">{name}</a></li>'
