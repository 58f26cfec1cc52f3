"""The child's side: a task in, an answer out, and an exit code for what is too much."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pytest_icp.sources.child import entry
from pytest_icp.sources.child.entry import TOO_DEEP, TOO_LARGE, TOO_MUCH_MEMORY, perform

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
    monkeypatch.setattr(entry, "limit", limited.append)
    replaced: list[Any] = []
    monkeypatch.setattr(os, "dup", lambda _: out)
    monkeypatch.setattr(os, "dup2", lambda *ends: replaced.append(ends))
    with pytest.raises(SystemExit) as ended:
        entry.main()
    assert ended.value.code == 0
    assert (limited, replaced) == ([{"depth": 20}], [(2, 1)])
    assert path.read_text("utf-8") == '"hello"'
