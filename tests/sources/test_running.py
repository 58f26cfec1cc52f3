"""The parent's side: no answer of a child counts that did not end well."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.sources import running
from pytest_icp.sources.running import run

PLACE = Place(path=Path("infra"))


def told(monkeypatch: pytest.MonkeyPatch, code: str) -> Any:
    """Run a child that does something else than its task."""
    monkeypatch.setattr(running, "_START", code)
    return run("x", {}, {}, libraries=(), place=PLACE)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("import sys; print('[]'); sys.exit(1)", "ended unexpectedly (exit code 1)"),
        ("print('[')", "ended unexpectedly (exit code 0)"),
        ("print('[' * 100000)", "ended unexpectedly (exit code 0)"),
        ("import os; print('[]', flush=True); os.abort()", "exit code -6"),
        ("import os; os.kill(os.getpid(), 24)", "10 s of processor time"),
        ("import os; os.kill(os.getpid(), 9)", "probably because memory ran out"),
        ("import sys; sys.exit('fatal error: stack overflow')", "more than 200 levels"),
        ("import sys; sys.exit('runtime: out of memory')", "more than 4096 MiB of memory"),
        ("import sys; sys.exit(103)", "more than 4096 MiB of memory"),
        ("import sys; sys.exit(102)", "larger than 64 MiB"),
        ("import sys; sys.exit(101)", "more than 200 levels"),
    ],
)
def test_a_child_that_ends_badly(monkeypatch: pytest.MonkeyPatch, code: str, why: str) -> None:
    with pytest.raises(InputError) as caught:
        told(monkeypatch, code)
    assert why in caught.value.message.en
    assert caught.value.message.zh.startswith(("解析", "系统", "嵌套"))
    assert caught.value.place == PLACE


def test_what_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "secret")
    code = (
        "import json, os, sys\n"
        "task = json.load(sys.stdin)\n"
        "same = os.path.samefile(os.getcwd(), task['root'])\n"
        "print(json.dumps([os.listdir(), same, os.getsid(0) == os.getpid(), sorted(os.environ)]))\n"
    )
    monkeypatch.setattr(running, "_START", code)
    found = run("x", {}, {"a/b.tf": b"x"}, libraries=("no_such_library",), place=PLACE)
    files, same, alone, names = found
    assert (files, same, alone) == (["a"], True, True)
    assert set(names) <= {"LD_LIBRARY_PATH", "LC_CTYPE"}


def test_libraries_are_found_where_this_process_would_import_them() -> None:
    assert Path(running._location("pytest_icp"), "pytest_icp", "__init__.py").exists()
    assert Path(running._location("msgspec"), "msgspec").is_dir()
    assert Path(running._location("typing"), "typing.py").exists()
    assert running._location("no_such_library") == ""
    assert running._location("sys") in {"", "."}


def test_a_child_is_killed_where_there_are_no_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(running.os, "killpg")
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    running._kill(child)
    assert child.returncode == -signal.SIGKILL
