"""What a child gives up: limits, other files, other programs, connections."""

from __future__ import annotations

import ctypes
import os
import resource
import sys
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest

from pytest_icp.sources.child import entry
from pytest_icp.sources.child.entry import limit, restrict

LIMITS = {"processor": 7, "memory": 1 << 32, "output": 1 << 20, "files": 64}


class Libc:
    """A C library that answers as it is told, and remembers what it was asked."""

    def __init__(self, *answers: int) -> None:
        self.answers = [*answers]
        self.asked: list[tuple[Any, ...]] = []

    def __call__(self, *_: Any) -> Libc:
        return self

    def syscall(self, *arguments: Any) -> int:
        self.asked.append(arguments)
        return self.answers.pop(0) if self.answers else 0

    prctl = unshare = syscall


def libc(monkeypatch: pytest.MonkeyPatch, *answers: int) -> Libc:
    made = Libc(*answers)
    monkeypatch.setattr(ctypes, "CDLL", made)
    monkeypatch.setattr(sys, "platform", "linux")
    return made


@pytest.mark.parametrize("platform", ["linux", "darwin"])
@pytest.mark.parametrize(
    ("hard", "processor"), [(resource.RLIM_INFINITY, (7, 8)), (3, (3, 3)), (9, (7, 8))]
)
def test_limits_are_never_raised(
    monkeypatch: pytest.MonkeyPatch, hard: int, processor: tuple[int, int], platform: str
) -> None:
    asked = libc(monkeypatch)
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(resource, "getrlimit", lambda _: (0, hard))
    made: dict[int, tuple[int, int]] = {}
    monkeypatch.setattr(resource, "setrlimit", made.__setitem__)
    written: list[str] = []
    path = SimpleNamespace(write_text=lambda text, _: written.append(text))
    monkeypatch.setattr(entry, "Path", lambda _: path)
    limit(LIMITS)
    assert written == (["1000"] if platform == "linux" else [])
    assert made[resource.RLIMIT_CPU] == processor
    assert made[resource.RLIMIT_CORE] == (0, 0)
    assert set(made) > {resource.RLIMIT_AS, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE}
    assert bool(asked.asked) == (platform == "linux")


def test_windows_knows_no_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "setrlimit", pytest.fail)
    monkeypatch.setattr(os, "name", "nt")
    limit(LIMITS)
    monkeypatch.undo()


def test_only_what_is_named_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("in/a", "b", "c"):
        (tmp_path / name).write_text(name, "utf-8")
    found: list[object] = []

    def confined() -> None:
        # A thread gives up its own rights; those of the test remain.
        found.append(restrict(str(tmp_path / "in"), [str(tmp_path / "b"), str(tmp_path / "no")]))
        for name in ("in/a", "b", "c"):
            try:
                found.append((tmp_path / name).read_text("utf-8"))
            except PermissionError:
                found.append(None)
        (tmp_path / "in" / "a").write_text("changed", "utf-8")
        for name in ("b", "new"):
            with pytest.raises(PermissionError):
                (tmp_path / name).write_text("changed", "utf-8")

    thread = Thread(target=confined)
    thread.start()
    thread.join()
    if not found[0]:
        pytest.skip("this kernel has no Landlock")
    assert found == [True, "in/a", "b", None]
    assert (tmp_path / "c").read_text("utf-8") == "c"


@pytest.mark.parametrize("version", [1, 2, 4, 7])
def test_a_kernel_is_asked_only_what_it_knows(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, version: int
) -> None:
    asked = libc(monkeypatch, version, os.open(os.devnull, os.O_RDONLY))
    assert restrict(str(tmp_path))
    handled = asked.asked[1][1]
    files, network, scopes = (
        int.from_bytes(handled[at : at + 8], sys.byteorder) for at in (0, 8, 16)
    )
    assert files.bit_length() == {1: 13, 2: 14, 4: 15, 7: 16}[version]
    assert (network, scopes) == (3 if version >= 4 else 0, 3 if version >= 6 else 0)


def test_where_landlock_is_not_nothing_is_given_up(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert libc(monkeypatch, -1)
    assert not restrict(str(tmp_path))
    libc(monkeypatch, 1, os.open(os.devnull, os.O_RDONLY), -1)
    assert not restrict(str(tmp_path))
    monkeypatch.setattr(sys, "platform", "win32")
    assert not restrict(str(tmp_path))
