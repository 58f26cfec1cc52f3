"""The queries that the documentation shows run, and agree with each other."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import duckdb
import pytest

from benchmarks import scale
from tests.fleet.made import judged, lay_lines
from tests.helpers import ROOT

PAGES = ("docs/fleet.md", "docs/fleet.zh.md")


def blocks(page: str, language: str) -> list[str]:
    text = (ROOT / page).read_text("utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("documented")
    judged(base / "results", lay_lines(base / "all.jsonl", 1, 2, 3), base=base)
    return base


def test_both_pages_have_the_same_queries() -> None:
    for language in ("sql", "python", "sh"):
        first, second = (blocks(page, language) for page in PAGES)
        assert [re.sub("#.*", "#", one) for one in first] == [
            re.sub("#.*", "#", one) for one in second
        ]
        assert first


def test_duckdb_and_polars_find_the_same(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    found = [duckdb.sql(query).fetchall() for query in blocks(PAGES[0], "sql")]
    assert [len(rows) > 0 for rows in found] == [True] * 3
    for rows, code in zip(found, blocks(PAGES[0], "python"), strict=True):
        names: dict[str, Any] = {}
        exec(code, names)  # noqa: S102 - it is what the page shows
        frame = next(value for name, value in names.items() if name in {"worst", "soon", "wanted"})
        assert sorted(map(str, frame.rows())) == sorted(map(str, rows))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_reckoned_follows_from_what_was_measured(language: str) -> None:
    page = scale.PAGES[language].read_text("utf-8")
    assert page == scale.reckoned(page, language), "run python benchmarks/scale.py"
    assert scale.BEGIN in page
