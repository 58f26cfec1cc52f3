"""Inputs and places that are reached through URLs; memory stands for a store of objects."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest

from pytest_icp.fleet.storage import Unread
from pytest_icp.law.errors import InputError
from tests.fleet.made import (
    judged,
    lay_lines,
    lay_parquet,
    rows,
    tree,
    verdicts,
)


@pytest.fixture
def store() -> Iterator[Any]:
    fs = fsspec.filesystem("memory")
    yield fs
    fs.store.clear()
    fs.pseudo_dirs[:] = [""]


@pytest.fixture
def laid(store: Any, tmp_path: Path) -> Any:
    for path in (
        lay_lines(tmp_path / "a.jsonl", 1),
        lay_parquet(tmp_path / "a.parquet", 1),
    ):
        store.pipe_file(f"/in/{path.name}", path.read_bytes())
    return store


@pytest.mark.parametrize(
    ("named", "description"),
    [("in/a.jsonl", "in/a.jsonl#1"), ("in/*.parquet", "in/a.parquet#c1")],
)
def test_descriptions_at_a_url(laid: Any, tmp_path: Path, named: str, description: str) -> None:
    judged(tmp_path / "out", f"memory://{named}", base=tmp_path)
    assert rows(tmp_path / "out", "errors") == []
    assert verdicts(tmp_path / "out", f"memory:///{description}")["SP01/work-safety"] == "unknown"


def test_tables_at_a_url_are_those_of_a_folder(store: Any, tmp_path: Path) -> None:
    path = lay_lines(tmp_path / "a.jsonl", 1, 2)
    judged(tmp_path / "out", path, base=tmp_path)
    summary = judged("memory://out", path, base=tmp_path)
    assert summary.before == 0
    here = tree(tmp_path / "out")
    assert {name: store.cat_file(f"/out/{name}") for name in here} == here
    assert sorted(store.find("/out")) == [f"/out/{name}" for name in sorted(here)]
    assert judged("memory://out", path, base=tmp_path).before == 1


@pytest.mark.parametrize("method", ["open", "cat_file", "pipe_file", "ls", "info"])
def test_a_store_that_cannot_be_reached_ends_the_run(
    laid: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    judged("memory://out", "memory://in/a.jsonl", base=tmp_path)

    def down(*_: object, **__: object) -> None:
        raise TimeoutError("down")

    monkeypatch.setattr(type(laid), method, down)
    for out in ("memory://other", *([tmp_path / "out"] if method == "open" else [])):
        with pytest.raises(InputError):
            judged(out, "memory://in/a.jsonl", base=tmp_path)


@pytest.mark.parametrize("name", ["a.parquet", "a.jsonl"])
def test_a_connection_that_breaks_is_no_broken_file(
    laid: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def down(*_: object) -> bytes:
        raise TimeoutError("down")

    file = type(laid.open(f"/in/{name}"))
    for method in ("read", "readline"):
        monkeypatch.setattr(file, method, down, raising=False)
    with pytest.raises(Unread):
        judged(tmp_path / "out", f"memory://in/{name}", base=tmp_path)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("memory://nowhere", "no such"),
        ("memory://in/*.txt", "no file matches"),
        ("memory://in", "a URL names .jsonl or .parquet"),
        ("memory://in/x.icp.json", "download descriptions first"),
        ("nonsense://x/a.jsonl", "fsspec does not know"),
        ("absent://x/a.jsonl", "is not installed: pip install absent"),
    ],
)
def test_urls_that_lead_nowhere(laid: Any, tmp_path: Path, url: str, said: str) -> None:
    laid.pipe_file("/in/x.icp.json", b"{}")
    fsspec.register_implementation("absent", "absent.X", True, "pip install absent")
    with pytest.raises(InputError) as refused:
        judged(tmp_path / "out", url, base=tmp_path)
    assert said in refused.value.text("en")
