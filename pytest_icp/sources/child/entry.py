"""The child process: reads a task from standard input, and writes its answer to standard output.

It imports the standard library and the package's own modules that need no more.
"""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module
from typing import Any

from pytest_icp.sources.child.confinement import limit

TOO_DEEP, TOO_LARGE, TOO_MUCH_MEMORY = 101, 102, 103
"""Exit codes for what is beyond a limit that the child notices itself."""


def main() -> None:
    """Do the task, and end with an exit code other than 0 if there is no answer."""
    task = json.load(sys.stdin)
    limit(task["limits"])
    # A library may print; only the answer goes where the parent reads.
    out = os.dup(1)
    os.dup2(2, 1)
    sys.exit(perform(task, out))


def perform(task: dict[str, Any], out: int) -> int:
    """Write the answer of ``answer(task)`` in the task's module; return the exit code."""
    try:
        answer = import_module(task["module"]).answer(task)
        raw = json.dumps(answer).encode()
    except RecursionError:
        return TOO_DEEP
    except MemoryError:
        return TOO_MUCH_MEMORY
    if is_deep(answer, task["limits"]["depth"]):
        return TOO_DEEP
    try:
        with open(out, "wb") as file:
            file.write(raw)
    except OSError:
        return TOO_LARGE
    return 0


def is_deep(value: Any, most: int) -> bool:
    """Whether lists and objects are nested more than ``most`` levels."""
    level = [value]
    for _ in range(most + 1):
        inner = [list(part.values()) if isinstance(part, dict) else part for part in level]
        level = [one for part in inner if isinstance(part, list) for one in part]
        if not level:
            return False
    return True
