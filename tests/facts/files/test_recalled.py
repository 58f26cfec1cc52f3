"""What was read before reads the same, with the same places."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_icp.facts.files import source, yaml
from pytest_icp.facts.files.source import read_source
from pytest_icp.law.errors import InputError

TEXT = "# 事实\na: &x [1, 1.5, true]\nb: {c: *x, d: 网站}\ne:\n"
POINTERS = ("", "/a", "/a/1", "/b/c/2", "/b/d", "/e", "/nowhere", "/a/9")


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PYTEST_ICP_CACHE", str(tmp_path / "cache"))
    path = tmp_path / "a.yaml"
    path.write_text(TEXT, "utf-8")
    return path


def test_a_text_is_parsed_once(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = read_source(file)
    monkeypatch.setattr(yaml, "parse_yaml", None)
    again = read_source(file)
    assert again.data == first.data
    assert [again.place(at) for at in POINTERS] == [first.place(at) for at in POINTERS]
    assert [again.place(at, of="key") for at in POINTERS] == [
        first.place(at, of="key") for at in POINTERS
    ]


def test_a_large_text_reads_the_same_and_is_not_kept(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = read_source(file)
    monkeypatch.setattr(source, "SMALL", 3)
    monkeypatch.setenv("PYTEST_ICP_CACHE", str(file.parent / "other"))
    large = read_source(file)
    assert large.data == kept.data
    assert [large.place(at) for at in POINTERS] == [kept.place(at) for at in POINTERS]
    assert not (file.parent / "other").exists()


def test_what_is_refused_is_refused_again(file: Path) -> None:
    file.write_text("a: 1\na: 2\n", "utf-8")
    for _ in range(2):
        with pytest.raises(InputError, match="duplicate key"):
            read_source(file)
