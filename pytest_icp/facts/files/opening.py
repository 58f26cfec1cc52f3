"""Opens a file where it really is, so that no link can lead elsewhere once it was looked at.

Why the system refuses a file or a folder is said in both languages.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

from pytest_icp.law.text import Text, plain

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


_NOT_ALLOWED = Text(zh="没有权限", en="permission denied")
_KNOWN = {
    errno.EACCES: _NOT_ALLOWED,
    errno.EPERM: _NOT_ALLOWED,
    errno.ENOENT: Text(zh="文件夹不存在", en="there is no such folder"),
    errno.ENOTDIR: Text(zh="路径中有一段不是文件夹", en="a part of the path is not a folder"),
    errno.EISDIR: Text(zh="这是文件夹", en="it is a folder"),
    errno.EROFS: Text(zh="文件系统只读", en="the file system is read-only"),
    errno.ENOSPC: Text(zh="磁盘已满", en="no space is left on the disk"),
    errno.EDQUOT: Text(zh="磁盘配额已用完", en="the disk quota is used up"),
    errno.EFBIG: Text(zh="文件超过允许的大小", en="the file is larger than is allowed"),
    errno.ENAMETOOLONG: Text(zh="路径太长", en="the path is too long"),
    errno.ELOOP: Text(zh="符号链接成环", en="symbolic links in a loop"),
    errno.EIO: Text(zh="读写出错", en="an input or output error"),
}


def reason(error: OSError) -> Text:
    """Return the reason; an unknown one in the system's own words."""
    known = _KNOWN.get(error.errno or 0)
    return known or plain(error.strerror or type(error).__name__)
