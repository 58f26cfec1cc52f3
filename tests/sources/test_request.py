"""What an adapter may read: the file or folder that was named, and nothing outside the root."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pytest_icp.law.errors import InputError
from pytest_icp.sources.request import Request


def test_the_files_of_a_folder_come_in_order_without_hidden_ones(tmp_path: Path) -> None:
    for name in ("b.yml", "a/z.YAML", "a/notes.txt", ".git/c.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("", "utf-8")
    (tmp_path / "loop").symlink_to(tmp_path)
    found = Request(path=tmp_path, root=tmp_path).files(".yaml", ".yml")
    assert [path.relative_to(tmp_path).as_posix() for path in found] == ["a/z.YAML", "b.yml"]


def test_a_folder_without_such_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no \.yaml or \.yml file in this folder"):
        list(Request(path=tmp_path, root=tmp_path).files(".yaml", ".yml"))


def test_a_file_outside_is_refused(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.yaml").write_text("a: 1", "utf-8")
    (tmp_path / "in" / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    asked = Request(path=tmp_path / "in", root=tmp_path / "in")
    (link,) = asked.files(".yaml")
    with pytest.raises(InputError, match="outside the repository"):
        asked.read(link)


def test_a_folder_that_cannot_be_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(path: str) -> None:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(os, "scandir", denied)
    with pytest.raises(InputError, match="no permission"):
        list(Request(path=tmp_path, root=tmp_path).files(".yaml"))
