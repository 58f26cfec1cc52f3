from __future__ import annotations

from pathlib import Path

import pytest

from pytest_icp.plugin import runs


def test_the_version_of_a_checkout_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise runs.metadata.PackageNotFoundError(name)

    assert runs.tool_version()
    monkeypatch.setattr(runs.metadata, "version", missing)
    assert runs.tool_version() == ""


def test_the_root_is_that_of_the_repository_else_the_folder(tmp_path: Path) -> None:
    inner = tmp_path / "a/b"
    inner.mkdir(parents=True)
    assert runs.repository_root(inner) == inner
    (tmp_path / ".git").touch()
    assert runs.repository_root(inner) == tmp_path
