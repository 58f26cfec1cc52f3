"""The cache believes its own entries only, in a folder that nobody else can write to."""

from __future__ import annotations

import os
import resource
from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_icp.facts.files import cache
from pytest_icp.facts.files.cache import SMALL, cached

KEY = "k" * 64


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    named = tmp_path / "cache"
    monkeypatch.setenv("PYTEST_ICP_CACHE", str(named))
    return named


def recalled(key: str = KEY) -> bool:
    """Whether a value is recalled rather than made; it is made, and cached, at the first call."""
    made = []
    # As another process would.
    cache._trusted.cache_clear()
    cached(key, lambda: {"made": made.append(1)})
    return not made


def entry(folder: Path) -> Path:
    return folder / f"{KEY}.cache"


def forged(own: bytes, body: bytes) -> bytes:
    """Return an entry with the code of another."""
    return own[:64] + body


@pytest.mark.parametrize(
    "wrong",
    [
        lambda _: b"",
        lambda _: b"{}",
        lambda _: b"null",
        lambda _: b"[" * 100_000,
        lambda _: b"0" * 64 + b"{}",
        lambda own: forged(own, b"{}"),
        lambda own: forged(own, b"null"),
        lambda own: forged(own, b"[" * 100_000),
        lambda own: own[:-1],
        lambda own: own + b" ",
    ],
)
def test_a_wrong_entry_is_made_anew(folder: Path, wrong: Callable[[bytes], bytes]) -> None:
    assert not recalled()
    own = entry(folder).read_bytes()
    entry(folder).write_bytes(wrong(own))
    assert not recalled()
    assert entry(folder).read_bytes() == own
    assert recalled()


def test_the_entry_of_another_key_is_not_believed(folder: Path) -> None:
    recalled()
    entry(folder).rename(folder / "other.cache")
    assert not recalled("other")


def test_the_entry_of_another_user_is_not_believed(folder: Path) -> None:
    recalled()
    (folder / "secret").unlink()
    assert not recalled()
    assert recalled()


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o622])
def test_a_secret_that_others_can_read_is_made_anew(folder: Path, mode: int) -> None:
    recalled()
    secret = (folder / "secret").read_bytes()
    (folder / "secret").chmod(mode)
    assert not recalled()
    assert (folder / "secret").read_bytes() != secret
    assert (folder / "secret").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", [b"", b"x" * 63, b"x" * 65])
def test_a_secret_of_another_length_is_made_anew(folder: Path, content: bytes) -> None:
    recalled()
    (folder / "secret").write_bytes(content)
    assert not recalled()
    assert recalled()


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o777])
def test_a_folder_that_others_can_write_to_is_not_used(folder: Path, mode: int) -> None:
    recalled()
    folder.chmod(mode)
    assert not recalled()


def test_a_folder_of_somebody_else_is_not_used(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recalled()
    monkeypatch.setattr(os, "geteuid", lambda: folder.stat().st_uid + 1)
    assert not recalled()
    monkeypatch.delattr(os, "geteuid")
    assert recalled()


@pytest.mark.parametrize("through_link", [False, True])
def test_a_folder_in_a_repository_is_not_used(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, *, through_link: bool
) -> None:
    repository = tmp_path / "repository"
    (repository / ".git").mkdir(parents=True)
    inside = repository / "cache"
    # As an attacker would bring it, with a secret and entries of his own.
    recalled()
    folder.rename(inside)
    if through_link:
        folder.symlink_to(inside)
    else:
        monkeypatch.setenv("PYTEST_ICP_CACHE", str(inside))
    before = {path.name: path.read_bytes() for path in inside.iterdir()}
    assert not recalled()
    assert not recalled("other")
    assert {path.name: path.read_bytes() for path in inside.iterdir()} == before


@pytest.mark.parametrize("name", [f"{KEY}.cache", "secret"])
def test_links_in_the_folder_are_replaced_and_not_followed(
    tmp_path: Path, folder: Path, name: str
) -> None:
    recalled()
    elsewhere = tmp_path / "elsewhere"
    (folder / name).rename(elsewhere)
    content = elsewhere.read_bytes()
    (folder / name).symlink_to(elsewhere)
    assert not recalled()
    assert elsewhere.read_bytes() == content
    assert not (folder / name).is_symlink()
    assert recalled()


def test_a_full_disk_leaves_no_draft(folder: Path) -> None:
    recalled("first")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        assert cached(KEY, lambda: {"a": "x" * SMALL})["a"]
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert sorted(path.name for path in folder.iterdir()) == ["first.cache", "secret"]
