"""The child's side: what it gives up, a task in, an answer out, and exit codes."""

from __future__ import annotations

import ctypes
import io
import json
import os
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest

from pytest_icp.sources import child
from pytest_icp.sources.child import (
    TOO_DEEP,
    TOO_LARGE,
    TOO_MUCH_MEMORY,
    limit,
    perform,
    restrict,
)

Answer = Callable[[dict[str, Any]], Any]


def nested(levels: int) -> Any:
    value: Any = 1
    for level in range(levels):
        value = [value, 2] if level % 2 else {"a": value, "b": 2}
    return value


def performed(monkeypatch: pytest.MonkeyPatch, out: int, answer: Answer) -> int:
    monkeypatch.setitem(sys.modules, "a_parser", SimpleNamespace(answer=answer))  # type: ignore[misc]
    return perform({"module": "a_parser", "limits": {"depth": 20}}, out)


def refuse(error: Exception) -> Answer:
    def answer(_: dict[str, Any]) -> Any:
        raise error

    return answer


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (lambda _: nested(20), 0),
        (lambda _: nested(21), TOO_DEEP),
        (lambda _: nested(3000), TOO_DEEP),
        (refuse(RecursionError()), TOO_DEEP),
        (refuse(MemoryError()), TOO_MUCH_MEMORY),
    ],
)
def test_an_answer_or_an_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: Answer, code: int
) -> None:
    path = tmp_path / "out"
    out = os.open(path, os.O_WRONLY | os.O_CREAT)
    assert performed(monkeypatch, out, answer) == code
    assert bool(path.read_text("utf-8")) == (code == 0)


def test_an_answer_that_cannot_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    out = os.open("/dev/full", os.O_WRONLY)
    assert performed(monkeypatch, out, lambda _: "answer") == TOO_LARGE


def test_the_task_comes_from_standard_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out"
    out = os.open(path, os.O_WRONLY | os.O_CREAT)
    task = {"module": "a_parser", "limits": {"depth": 20}, "said": "hello"}
    parser = SimpleNamespace(answer=lambda asked: asked["said"])
    monkeypatch.setitem(sys.modules, "a_parser", parser)  # type: ignore[misc]
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(task)))
    limited: list[Any] = []
    monkeypatch.setattr(child, "limit", limited.append)
    replaced: list[Any] = []
    monkeypatch.setattr(os, "dup", lambda _: out)
    monkeypatch.setattr(os, "dup2", lambda *ends: replaced.append(ends))
    with pytest.raises(SystemExit) as ended:
        child.main()
    assert ended.value.code == 0
    assert (limited, replaced) == ([{"depth": 20}], [(2, 1)])
    assert path.read_text("utf-8") == '"hello"'


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
    monkeypatch.setattr(child, "Path", lambda _: path)
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
