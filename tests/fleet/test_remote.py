"""Inputs and places that are reached through URLs; memory stands for a store of objects."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest

from pytest_icp.fleet import files, inputs
from pytest_icp.fleet.place import LOCK, ResultPlace
from pytest_icp.fleet.planning import Inputs, plan
from pytest_icp.fleet.storage import Unread
from pytest_icp.law.errors import InputError
from tests.fleet.made import (
    DOCUMENT,
    FILES,
    LETTER,
    judged,
    lay_lines,
    lay_parquet,
    rows,
    text,
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
    for number in (1, 2):
        store.pipe_file(f"/in/all/c{number}/c.icp.json", text(number).encode())
        store.pipe_file(f"/in/all/c{number}/{DOCUMENT}", LETTER)
    for path in (
        lay_lines(tmp_path / "a.jsonl", 1),
        lay_parquet(tmp_path / "a.parquet", 1),
    ):
        store.pipe_file(f"/in/{path.name}", path.read_bytes())
    return store


@pytest.mark.parametrize(
    ("named", "descriptions", "verdict"),
    [
        ("in/all", ["in/all/c1/c.icp.json", "in/all/c2/c.icp.json"], "satisfied"),
        ("in/all/c1/c.icp.json", ["in/all/c1/c.icp.json"], "satisfied"),
        ("in/all/*/c.icp.json", ["in/all/c1/c.icp.json", "in/all/c2/c.icp.json"], "satisfied"),
        ("in/a.jsonl", ["in/a.jsonl#1"], "unknown"),
        ("in/*.parquet", ["in/a.parquet#c1"], "unknown"),
    ],
)
def test_descriptions_at_a_url(
    laid: Any, tmp_path: Path, named: str, descriptions: list[str], verdict: str
) -> None:
    judged(tmp_path / "out", f"memory://{named}", base=tmp_path)
    assert rows(tmp_path / "out", "errors") == []
    for description in descriptions:
        found = verdicts(tmp_path / "out", f"memory:///{description}")
        assert found["SP01/work-safety"] == verdict


def test_tables_at_a_url_are_those_of_a_folder(store: Any, tmp_path: Path) -> None:
    path = lay_lines(tmp_path / "a.jsonl", 1, 2)
    judged(tmp_path / "out", path, base=tmp_path)
    summary = judged("memory://out", path, base=tmp_path)
    assert summary.before == 0
    here = {name: content for name, content in tree(tmp_path / "out").items() if name != LOCK}
    assert {name: store.cat_file(f"/out/{name}") for name in here} == here
    assert sorted(store.find("/out")) == [f"/out/{name}" for name in sorted(here)]
    assert judged("memory://out", path, base=tmp_path).before == 1


def test_a_lock_at_a_url_names_the_run_that_has_it(store: Any, tmp_path: Path) -> None:
    path = lay_lines(tmp_path / "a.jsonl", 1)
    place = ResultPlace("memory://out")
    with place.locked(), pytest.raises(InputError) as refused:
        judged("memory://out", path, base=tmp_path)
    assert "remove fleet.lock" in refused.value.text("en")
    judged("memory://out", path, base=tmp_path)


READING = {"isdir", "find", "open", "cat_file"}


@pytest.mark.parametrize("method", ["isdir", "find", "open", "cat_file", "pipe_file", "ls", "info"])
def test_a_store_that_cannot_be_reached_ends_the_run(
    laid: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    judged("memory://out", "memory://in/all/c1/c.icp.json", base=tmp_path)

    def down(*_: object, **__: object) -> None:
        raise TimeoutError("down")

    monkeypatch.setattr(type(laid), method, down)
    for out in ("memory://other", tmp_path / "out") if method in READING else ("memory://other",):
        with pytest.raises(InputError):
            judged(out, "memory://in/all", "memory://in/a.jsonl", base=tmp_path)


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
        ("memory://in/*.json", "no file matches"),
        ("memory://in/x.txt", "neither a description"),
        ("nonsense://x/a.jsonl", "fsspec does not know"),
        ("absent://x/a.jsonl", "is not installed: pip install absent"),
    ],
)
def test_urls_that_lead_nowhere(laid: Any, tmp_path: Path, url: str, said: str) -> None:
    laid.pipe_file("/in/x.txt", b"x")
    fsspec.register_implementation("absent", "absent.X", True, "pip install absent")
    with pytest.raises(InputError) as refused:
        judged(tmp_path / "out", url, base=tmp_path)
    assert said in refused.value.text("en")


def test_a_key_that_leads_out_is_refused(
    laid: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = type(laid).find

    def with_another(self: Any, path: str, **how: Any) -> Any:
        return {**find(self, path, **how), "/in/all/c1/../../x": {"size": 1, "type": "file"}}

    monkeypatch.setattr(type(laid), "find", with_another)
    judged(tmp_path / "out", "memory://in/all", base=tmp_path)
    (row,) = rows(tmp_path / "out", "errors")
    assert (row["what"], row["description"]) == ("input", "memory:///in/all")
    assert "leads out" in row["message_en"]


def shards(tmp_path: Path) -> list[Any]:
    """Return the shards of the descriptions in the store."""
    return [*plan(Inputs(named=("memory://in/all",), files=FILES, base=tmp_path))]


@pytest.mark.parametrize(
    "names", [("c1/x", "c1/x/y"), (f"c1/{'x' * 300}",)], ids=["a file and a folder", "too long"]
)
def test_files_that_cannot_lie_side_by_side(
    laid: Any, tmp_path: Path, names: tuple[str, ...]
) -> None:
    for name in names:
        laid.store[f"/in/all/{name}"] = laid.store[f"/in/all/c1/{DOCUMENT}"]
    (shard,) = shards(tmp_path)
    with pytest.raises(InputError, match="that of another file, too, or too long"):
        list(shard.items())


def test_only_what_lies_in_the_folders_of_its_descriptions_is_copied(
    laid: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inputs, "MOST_ROWS", 1)
    laid.pipe_file("/in/all/c1/d.icp.json", text(3).encode())
    found = []
    for shard in shards(tmp_path):
        for item in shard.items():
            inside = (one for one in item.base.rglob("*") if one.is_file())
            found.append({one.relative_to(item.base).as_posix() for one in inside})
    assert found == [
        {"c1/c.icp.json", f"c1/{DOCUMENT}"},
        {"c1/d.icp.json", f"c1/{DOCUMENT}"},
        {"c2/c.icp.json", f"c2/{DOCUMENT}"},
    ]


def test_shards_have_so_many_rows_and_bytes(
    laid: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid.pipe_file("/in/all/c1/d.icp.json", text(3).encode())
    monkeypatch.setattr(inputs, "MOST_ROWS", 2)
    assert [len(list(shard.items())) for shard in shards(tmp_path)] == [2, 1]
    monkeypatch.setattr(inputs, "MOST_BYTES", 10)
    assert len(shards(tmp_path)) == 3


@pytest.mark.parametrize(
    ("limit", "said"), [("MOST_COPIED", "hold more than"), ("LARGEST_FILE", "is too large")]
)
def test_what_is_copied_has_limits(
    laid: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, said: str
) -> None:
    monkeypatch.setattr(files, limit, 3)
    (shard,) = shards(tmp_path)
    with pytest.raises(InputError, match=said):
        list(shard.items())


def test_a_disk_that_is_full_while_files_are_copied_ends_the_run(
    laid: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "x")

    monkeypatch.setattr(files, "write_file", full)
    with pytest.raises(InputError, match="no space is left"):
        judged(tmp_path / "out", "memory://in/all", base=tmp_path)


def test_a_description_reads_nothing_outside_its_folder(laid: Any, tmp_path: Path) -> None:
    other = text().replace(DOCUMENT, f"../c2/{DOCUMENT}")
    laid.pipe_file("/in/all/c1/c.icp.json", other.encode())
    judged(tmp_path / "out", "memory://in/all", base=tmp_path)
    (row,) = rows(tmp_path / "out", "errors")
    assert row["description"] == "memory:///in/all/c1/c.icp.json"
    assert "outside the repository" in row["message_en"]


def test_files_beside_a_description_that_cannot_be_listed_end_the_run(
    laid: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object, **__: object) -> None:
        raise TimeoutError("down")

    monkeypatch.setattr(type(laid), "find", down)
    with pytest.raises(Unread):
        judged(tmp_path / "out", "memory://in/all/c1/c.icp.json", base=tmp_path)
