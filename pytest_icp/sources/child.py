"""The child process: confines itself, reads a task from standard input, and writes its answer.

It imports the standard library and the package's own modules that need no more, and gives up what
it does not need before any library of others is loaded: that never comes back.
"""

from __future__ import annotations

import ctypes
import json
import os
import struct
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
"""The system calls of Landlock, on every architecture."""
_VERSION = 1
_PATH_BENEATH = 1
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_WRITE = 1 << 1 | 1 << 8 | 1 << 14
"""To write, to create and to shorten a file."""
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}
_ALL_FILE_RIGHTS = 16
"""How many rights to files a version of Landlock knows; this many from the fifth on."""
_NETWORK_SINCE, _SCOPES_SINCE = 4, 6
_NO_NEW_PRIVILEGES, _DIE_WITH_PARENT = 38, 1
_SIGKILL = 9


def limit(limits: Mapping[str, int]) -> None:
    """Limit what this process may use: ``processor`` s, ``memory``, ``output`` bytes, ``files``.

    The number of processes is not limited: the system counts all those of the user. Windows knows
    no such limits; there only the time that the parent waits is limited.
    """
    if os.name != "posix":
        return
    import resource

    wanted = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: limits["processor"],
        resource.RLIMIT_AS: limits["memory"],
        resource.RLIMIT_FSIZE: limits["output"],
        resource.RLIMIT_NOFILE: limits["files"],
    }
    for kind, most in wanted.items():
        _, hard = resource.getrlimit(kind)
        # At the hard limit of processor time the system ends a process as if memory ran out.
        last = most + 1 if kind == resource.RLIMIT_CPU else most
        last = last if hard == resource.RLIM_INFINITY else min(last, hard)
        with suppress(OSError, ValueError):  # macOS refuses some; the others hold
            resource.setrlimit(kind, (min(most, last), last))
    if sys.platform == "linux":
        with suppress(OSError):  # where memory runs out, it is this process that the system ends
            Path("/proc/self/oom_score_adj").write_text("1000", "ascii")
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, _SIGKILL, 0, 0, 0)


def restrict(folder: str, readable: Iterable[str] = ()) -> bool:
    """Let this thread, and those that it starts, use the files of a folder, and read a few others.

    By Landlock, of Linux from 5.13 on: no other file, no other program, no connection. Returns
    False, and changes nothing, where the kernel has it not. Whether a path exists can still be
    asked.
    """
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None)
    version = libc.syscall(_CREATE_RULESET, None, 0, _VERSION)
    if version < 1:
        return False
    rights = (1 << _FILE_RIGHTS.get(version, _ALL_FILE_RIGHTS)) - 1
    handled = struct.pack(
        "=QQQ",
        rights,
        0b11 if version >= _NETWORK_SINCE else 0,
        0b11 if version >= _SCOPES_SINCE else 0,
    )
    ruleset = libc.syscall(_CREATE_RULESET, handled, len(handled), 0)
    done: list[int] = [ruleset]
    for path in filter(os.path.exists, (folder, *readable)):
        right = _READ_FILE | _READ_DIR if Path(path).is_dir() else _READ_FILE
        if path == folder:
            right |= _WRITE & rights
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
        rule = struct.pack("=Qi", right, opened)
        done.append(libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, rule, 0))
        os.close(opened)
    done.append(libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0))
    done.append(libc.syscall(_RESTRICT_SELF, ruleset, 0))
    os.close(ruleset)
    return min(done) >= 0


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
