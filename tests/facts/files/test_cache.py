"""What is kept between runs: by content, whole or not at all, and never needed."""

from __future__ import annotations

import math
import os
import time
from pathlib import Path

import pytest

from pytest_icp.facts.files.cache import MOST, cached, content_key


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PYTEST_ICP_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_a_key_changes_with_any_byte_and_with_the_order() -> None:
    keys = {content_key(p) for p in ([b"ab", b"c"], [b"a", b"bc"], [b"c", b"ab"], [b"abc"])}
    assert len(keys) == 4


def test_what_is_kept_is_not_made_again(folder: Path) -> None:
    assert cached("k", lambda: {"a": 1}) == {"a": 1}
    assert cached("k", lambda: {"a": 2}) == {"a": 1}
    assert sorted(path.name for path in folder.iterdir()) == ["k.cache", "secret"]


def test_what_cannot_be_read_is_made_again(folder: Path) -> None:
    folder.mkdir(mode=0o700)
    (folder / "k.cache").mkdir()
    assert cached("k", lambda: {"a": 2}) == {"a": 2}
    assert [path.name for path in folder.iterdir() if path.is_file()] == ["secret"]


def test_what_cannot_be_written_is_no_trouble(folder: Path) -> None:
    folder.write_text("a file", "utf-8")
    assert cached("k", lambda: {"a": 1}) == {"a": 1}


def test_nothing_is_kept_when_the_variable_is_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_ICP_CACHE", "")
    made: list[int] = []
    for _ in range(2):
        cached("k", lambda: {"a": made.append(1)})
    assert len(made) == 2


def test_by_default_it_is_the_cache_of_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTEST_ICP_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    cached("k", dict)
    assert (tmp_path / "pytest-icp" / "k.cache").exists()


def test_without_a_home_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PYTEST_ICP_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)

    def homeless() -> Path:
        raise RuntimeError

    monkeypatch.setattr(Path, "home", homeless)
    assert cached("k", lambda: {"a": 1}) == {"a": 1}


def test_only_so_many_are_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.mkdir(mode=0o700)
    # Earlier versions wrote JSON.
    for i, suffix in enumerate([".json", ".cache"] * (MOST // 2 + 2)):
        (folder / f"{i}{suffix}").write_text("{}", "utf-8")
        os.utime(folder / f"{i}{suffix}", (i, i))
    cached("new", dict)
    left = {file.stem for file in folder.iterdir()} - {"secret"}
    assert len(left) == MOST
    assert "new" in left
    assert not {"0", "1", "2", "3", "4"} & left


def test_drafts_of_writes_that_were_cut_off_are_removed(folder: Path) -> None:
    folder.mkdir(mode=0o700)
    for name, age in (("old.tmp", 7200), ("young.tmp", 60)):
        (folder / name).write_text("{", "utf-8")
        os.utime(folder / name, (time.time() - age,) * 2)
    cached("k", dict)
    assert {file.name for file in folder.glob("*.tmp")} == {"young.tmp"}


def test_a_number_that_json_lacks_is_made_each_time(folder: Path) -> None:
    for n in (1, 2):
        assert cached("k", lambda n=n: {"a": math.nan, "n": n})["n"] == n  # type: ignore[misc]  # n is
    assert (folder / "k.cache").exists()


@pytest.mark.skipif(os.name == "nt", reason="modes are those of POSIX")
def test_nobody_else_reads_what_is_kept(folder: Path) -> None:
    cached("k", dict)
    assert folder.stat().st_mode & 0o077 == 0
