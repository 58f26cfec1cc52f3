"""What the shipped files say: read again where, and only where, a file has changed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from pytest_icp.facts.files.disk import read_bytes
from pytest_icp.rules.policy_files import PolicyFile, shipped_content


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[PolicyFile]:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    paths = [tmp_path / "one.yaml", tmp_path / "two.yaml"]
    for path in paths:
        path.write_text(f"id: {path.stem}\nfrom: 2027-03-01\n", "utf-8")
    return [PolicyFile(tmp_path, None, path, "policy") for path in paths]


def said(files: list[PolicyFile]) -> list[object]:
    content = shipped_content(files)
    assert [one.sha256 for one in content.values()] == [file.read().sha256 for file in files]
    return [one.data for one in content.values()]


def test_what_is_kept_is_what_the_files_say(files: list[PolicyFile]) -> None:
    first = said(files)
    assert first == [file.read().data for file in files]
    assert [*(files[0].folder / "__pycache__").iterdir()]
    assert said(files) == first


def test_a_changed_file_is_read_again(files: list[PolicyFile]) -> None:
    said(files)
    files[1].path.write_text("id: other\n", "utf-8")
    assert said(files) == [{"id": "one", "from": "2027-03-01"}, {"id": "other"}]


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff"])
def test_what_was_kept_and_is_broken_is_not_read(files: list[PolicyFile], content: bytes) -> None:
    first = said(files)
    (kept,) = (files[0].folder / "__pycache__").iterdir()
    kept.write_bytes(content)
    assert said(files) == first
    assert read_bytes(kept, root=None, limit=1000) != content


def test_nothing_is_kept_where_python_keeps_nothing(
    files: list[PolicyFile], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert said(files)
    assert not (files[0].folder / "__pycache__").exists()


def test_a_folder_that_cannot_be_written_is_no_error(files: list[PolicyFile]) -> None:
    (files[0].folder / "__pycache__").write_text("a file in its place", "utf-8")
    assert said(files) == said(files)
