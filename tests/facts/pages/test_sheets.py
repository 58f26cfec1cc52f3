"""Style sheets that a page links to: which are read, and what cannot be done with one."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from pytest_icp.facts.evidence import read_evidence
from pytest_icp.facts.files.disk import read_bytes
from pytest_icp.facts.pages import LARGEST_PART, visible_text
from pytest_icp.facts.pages.completing import with_sheets

LINK = "<link rel=stylesheet href=a.css>"
PAGE = "<p>首页<p class=a>京B2-20990001"


def shown(
    folder: Path,
    link: str,
    css: str = ".a{display:none}",
    at: str = "a.css",
    limit: int = LARGEST_PART,
) -> bool:
    site = folder / "site"
    (site / at).parent.mkdir(parents=True, exist_ok=True)
    (site / at).write_text(css, "utf-8")
    read = partial(read_bytes, root=folder, limit=limit)
    return "京B2-20990001" in visible_text(with_sheets(link + PAGE, site, read))


@pytest.mark.parametrize(
    ("link", "at"),
    [
        (LINK, "a.css"),
        ("<LINK REL='preload StyleSheet' HREF='./a.css?v=1#x'>", "a.css"),
        ('<link href="/css/a%20b.css" rel="stylesheet" media="screen">', "css/a b.css"),
        ("<link rel=stylesheet href=../a.css>", "../a.css"),
        ("<link title='a>b' rel=stylesheet href=a.css>", "a.css"),
    ],
)
def test_a_style_sheet_of_the_repository_hides(tmp_path: Path, link: str, at: str) -> None:
    assert not shown(tmp_path, link, at=at)


@pytest.mark.parametrize(
    "link",
    [
        "<link rel=stylesheet href=gone.css>",
        "<link rel=stylesheet href=../../a.css>",
        "<link rel=stylesheet href=//cdn.example.cn/a.css>",
        "<link rel=stylesheet href=https://cdn.example.cn/a.css>",
        "<link rel='alternate stylesheet' href=a.css>",
        "<link rel=icon href=a.css><!-- stylesheet -->",
        "<link rel=stylesheet>",
        "<link rel=stylesheet href=a.css",
        "<linkx rel=stylesheet href=a.css></linkx>",
        "<link rel=stylesheet href=a.css media=print>",
        f"<!-- {LINK} -->",
        f"<script>x = '{LINK}'</script>",
        "x",
    ],
)
def test_others_hide_nothing(tmp_path: Path, link: str) -> None:
    assert shown(tmp_path, link)


def test_the_page_that_a_rule_looks_at_has_its_style_sheets(tmp_path: Path) -> None:
    (tmp_path / "www").mkdir()
    (tmp_path / "www" / "index.html").write_text(LINK + PAGE, "utf-8")
    (tmp_path / "www" / "a.css").write_text(".a{display:none}", "utf-8")
    found = read_evidence("www/index.html", "page", folder=tmp_path, root=tmp_path)
    assert visible_text(found.text or "") == "首页\n"


@pytest.mark.parametrize(
    ("sheet", "at", "hidden"),
    [
        ("<style>@import 'b.css';</style>", "b.css", True),
        ("<style>@import url(b.css) screen;</style>", "b.css", True),
        ("<style>@import url('b.css') print;</style>", "b.css", False),
        ("<style>@import 'gone.css';</style>", "b.css", False),
        ("<style>@import '//cdn.example.cn/b.css';</style>", "b.css", False),
        ("<style>@import '../../b.css';</style>", "b.css", False),
        ("<link rel=stylesheet href=css/a.css>", "css/b.css", True),
        ("<link rel=stylesheet href=css/a.css>", "b.css", False),
    ],
)
def test_a_style_sheet_imports_another(tmp_path: Path, sheet: str, at: str, hidden: bool) -> None:
    shown(tmp_path, "", css='@import "b.css";', at="css/a.css")
    assert shown(tmp_path, sheet, at=at) is not hidden
