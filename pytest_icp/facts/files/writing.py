"""Writing a file whole or not at all: beside the old one first, then in its place."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from pytest_icp.facts.files.disk import is_inside, repository_around
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text

_LEADS_OUT = Text(
    zh="符号链接指向仓库之外（{real}），不予写入",
    en="a symbolic link leads out of the repository, to {real}, so it is not written",
)
_REMOVE_LINK = Text(
    zh="删去这个链接，或者写明另一个文件", en="remove the link, or name another file"
)
_OF_GIT = Text(
    zh="这个文件会写进 Git 自己的文件夹（{real}），不予写入",
    en="in the folder that git keeps for itself, {real}, so it is not written",
)
_ELSEWHERE = Text(zh="写明另一个文件", en="name another file")
_NO_FILE = Text(zh="不是普通文件，不予写入", en="not a regular file, so it is not written")
_STREAMS = (Path("/dev"), Path("/proc"))
"""Where the system keeps what is written to and not replaced, such as ``/dev/stdout``."""


def write_file(
    path: Path, content: bytes, *, rootdir: Path | None = None, new: bool = False
) -> None:
    """Write a file so that it has all of its content, or is left as it was.

    With ``new``, a file that exists is left alone. What is replaced keeps its permissions.
    ``rootdir`` stands for the repository where there is no ``.git`` above the file; its default
    is the current folder.

    Raises `OSError` if it cannot be written, and `InputError` as `real_target` does.
    """
    real = real_target(path, rootdir=rootdir)
    if is_stream(path):
        with path.open("wb") as stream:
            stream.write(content)
        return
    old = _mode(real)
    if old is not None and not os.access(real, os.W_OK):
        # A rename would ask the folder alone.
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    # A name of its own: one more ending could make that of the file too long.
    draft = real.with_name(f".icp-{secrets.token_hex(8)}.tmp")
    try:
        with draft.open("xb") as file:
            file.write(content)
        if old is not None:
            draft.chmod(stat.S_IMODE(old))
        _put(draft, real, new=new)
    finally:
        with suppress(OSError):
            draft.unlink()


def real_target(path: Path, *, rootdir: Path | None = None) -> Path:
    """Return where a file will be written, symbolic links followed.

    Raises `InputError` if it is in ``.git``, or is named inside a repository and a link leads
    out of it, or is a pipe or a device there.
    """
    try:
        real = Path(os.path.realpath(path))
    except ValueError as error:
        # A name with NUL.
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL)) from error
    root = None if _of_system(path) else repository_around(path, rootdir or Path.cwd())
    # What lies there is run, or told to git; where `.git` is a link, under another name.
    if ".git" in map(str.casefold, real.parts) or (root and is_inside(real, root / ".git")):
        raise InputError(_OF_GIT.format(real=real), place=Place(path=path), hint=_ELSEWHERE)
    if root is None:
        return real
    if not is_inside(real, root):
        message = _LEADS_OUT.format(real=real)
        raise InputError(message, place=Place(path=path), hint=_REMOVE_LINK)
    if is_stream(path):
        raise InputError(_NO_FILE, place=Place(path=path))
    return real


def make_folder_of(path: Path, *, rootdir: Path | None = None) -> None:
    """Make the folders that a file will be written to, where they are not there.

    Raises `OSError` if they cannot be made, and `InputError` as `real_target` does.
    """
    real_target(path, rootdir=rootdir).parent.mkdir(parents=True, exist_ok=True)


def is_stream(path: Path) -> bool:
    """Whether a path names a pipe, a terminal or a device, which are written to as they are."""
    mode = _mode(path)
    regular = mode is None or stat.S_ISREG(mode) or stat.S_ISDIR(mode)
    return not regular or _of_system(path)


def _of_system(path: Path) -> bool:
    return any(path.is_relative_to(folder) for folder in _STREAMS)


def _mode(path: Path) -> int | None:
    try:
        return path.stat().st_mode
    except OSError:
        return None


def _put(draft: Path, real: Path, *, new: bool) -> None:
    """Give a draft its name; a new file must not take the place of one that appeared meanwhile."""
    if new:
        try:
            os.link(draft, real)
        except FileExistsError:
            raise
        except OSError:
            # A file system without hard links.
            if os.path.lexists(real):
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST)) from None
        else:
            return
    draft.replace(real)
