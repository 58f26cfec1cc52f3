"""Opens a file where it really is, so that no link can lead elsewhere once it was looked at."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

_READ = os.O_RDONLY
for _flag in ("O_BINARY", "O_NONBLOCK", "O_NOCTTY", "O_NOFOLLOW"):
    # Not every system has each of them. A pipe without a writer would be waited for.
    _READ |= getattr(os, _flag, 0)
_STEP = os.O_RDONLY
for _flag in ("O_PATH", "O_DIRECTORY", "O_NOFOLLOW"):
    _STEP |= getattr(os, _flag, 0)


def is_file(path: Path) -> bool:
    """Whether there is a file; none has a name that the system refuses, as one that is too long."""
    return os.path.isfile(path)  # noqa: PTH113 - the method of a path raises for such a name


def is_folder(path: Path) -> bool:
    """Whether there is a folder; see `is_file`."""
    return os.path.isdir(path)  # noqa: PTH112 - the same


def is_there(path: Path) -> bool:
    """Whether there is anything; see `is_file`."""
    return os.path.exists(path)  # noqa: PTH110 - the same


def open_real(real: Path, top: Path | None) -> BinaryIO:
    """Open a regular file by its real path, below ``top`` where one is given.

    Each folder below the top is entered by itself, and a link there is not followed: a real
    path has none, unless somebody has made one since.

    Raises `OSError`; see `must_be_regular` for what is no file.
    """
    handle = _opened(real) if top is None else _opened_below(real, top)
    try:
        must_be_regular(os.fstat(handle))
    except OSError:
        os.close(handle)
        raise
    return open(handle, "rb")  # noqa: PTH123 - it is open


def must_be_regular(kind: os.stat_result) -> None:
    """Raise `OSError` for what is no file: ``EISDIR`` for a folder, else ``ENXIO``."""
    if not stat.S_ISREG(kind.st_mode):
        raise _error(errno.EISDIR if stat.S_ISDIR(kind.st_mode) else errno.ENXIO)


def _opened(real: Path) -> int:
    handle = os.open(real, _READ)
    if os.path.realpath(real) == str(real):
        return handle
    os.close(handle)
    raise _error(errno.ELOOP)


def _opened_below(real: Path, top: Path) -> int:
    if os.open not in os.supports_dir_fd:
        return _opened(real)
    *folders, name = real.parts[len(top.parts) :]
    here = os.open(top, _STEP)
    try:
        for folder in folders:
            inner = os.open(folder, _STEP, dir_fd=here)
            os.close(here)
            here = inner
        must_be_regular(os.stat(name, dir_fd=here, follow_symlinks=False))
        return os.open(name, _READ, dir_fd=here)
    finally:
        os.close(here)


def _error(number: int) -> OSError:
    return OSError(number, os.strerror(number))
