"""Confine this process: it reads a few folders, and uses no more than its limits.

For a child process only: what is given up here never comes back. Of Python this needs the standard
library alone, and it is used before any library of others is loaded.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

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
