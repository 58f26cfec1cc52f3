"""Files and folders of a repository on disk: their real paths, reading and decoding.

No link can lead elsewhere once a file was looked at. Why the system refuses a file or a folder is
said in both languages.
"""

from __future__ import annotations

import codecs
import errno
import os
import re
import secrets
import stat
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from pytest_icp.facts.files.positions import Lines
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text, did_you_mean, nearest, plain

MEGABYTE = 1024 * 1024
FORMATS = {".yaml": 64 * MEGABYTE, ".yml": 64 * MEGABYTE, ".json": 512 * MEGABYTE}
"""How the files end that are read into JSON types, and the largest of each, in bytes.

YAML is read twenty times slower than JSON; the limits keep a mistake from taking minutes.
"""


class NoSuchFile(InputError):  # noqa: N818 - a state of the disk
    """A file that is not there."""


def repository_of(path: Path, rootdir: Path | None = None) -> Path:
    """Return the repository that a file is named in, else the file's own folder."""
    return repository_around(path, rootdir) or _folder_of(path)


def repository_around(path: Path, rootdir: Path | None = None) -> Path | None:
    """Return the nearest folder with a ``.git`` above a file, as the file is named.

    No link is followed: whoever made it has chosen where it leads, so a repository that is only
    reached through a link in another one does not count. Where there is no ``.git``, it is
    ``rootdir``, which is that of pytest, for a file named below it, else None.
    """
    folder = _folder_of(path)
    tops = [up for up in (folder, *folder.parents) if os.path.lexists(up / ".git")]
    if rootdir is not None and folder.is_relative_to(rootdir):
        tops.append(rootdir)
    if not tops:
        return None
    found, *others = tops
    for outer in others:
        if found.is_relative_to(outer) and not is_inside(found, outer):
            found = outer
    return found


def _folder_of(path: Path) -> Path:
    return Path(os.path.abspath(path)).parent  # noqa: PTH100 - without `..`, links as they are


def is_inside(path: Path, folder: Path) -> bool:
    """Whether a file or a folder really lies in a folder, symbolic links followed."""
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def read_bytes(path: Path, *, root: Path | None, limit: int, too_large: Text | str = "") -> bytes:
    """Read a regular file of at most ``limit`` bytes, inside ``root`` where one is given.

    What is checked is the open file, so that nobody can change it between the two.
    ``too_large`` is the hint for a file beyond the limit.

    Raises `InputError` when it is outside, no regular file, too large or unreadable, and its
    subclass `NoSuchFile` when it is missing.
    """
    try:
        with _open(path, root) as file:
            size = os.fstat(file.fileno()).st_size
            raw = file.read(size + 1) if size <= limit else b""
            if len(raw) > size:
                # It has grown, or its size is not known; never more than the limit is read.
                raw += file.read(limit + 1 - len(raw))
    except OSError as error:
        raise unreadable(path, error) from None
    if size > limit or len(raw) > limit:
        raise _too_large(path, max(size, len(raw)), limit, too_large)
    return raw


def read_start(path: Path, *, root: Path | None, size: int) -> bytes:
    """Read the first ``size`` bytes of a file, as `read_bytes` reads all of it."""
    try:
        with _open(path, root) as file:
            return file.read(size)
    except OSError as error:
        raise unreadable(path, error) from None


def _open(path: Path, root: Path | None) -> BinaryIO:
    """Open a file for reading; never wait for a pipe, nor open a device."""
    top = None if root is None else Path(os.path.realpath(root))
    real = resolved(path, root=top)
    # A device is not even opened.
    must_be_regular(real.stat())
    return open_real(real, top)


def tidy(path: Path) -> Path:
    """Return a path without ``..`` if it leads to the same file.

    Behind a symbolic link to a folder, ``..`` is not the folder before it.
    """
    if ".." not in path.parts:
        return path
    short = Path(os.path.normpath(path))
    try:
        return short if os.path.realpath(short) == os.path.realpath(path) else path
    except ValueError:
        # Not a valid path; reading it raises the error.
        return path


def real_path(path: Path, *, root: Path | None) -> Path:
    """Return where a file or a folder really is, symbolic links followed.

    Raises `InputError` if it does not exist, or is outside ``root`` if one is given.
    """
    real = resolved(path, root=root)
    try:
        real.stat()
    except OSError as error:
        raise unreadable(path, error) from None
    return real


def existing(path: Path) -> Path:
    """Return a path at which there is a file or a folder, else raise `InputError`."""
    real = real_path(path, root=None)
    if not is_folder(real):
        try:
            must_be_regular(real.stat())
        except OSError as error:
            raise unreadable(path, error) from None
    return path


def resolved(path: Path, *, root: Path | None) -> Path:
    """Return where a path leads, symbolic links followed, whether or not there is anything.

    Raises `InputError` if it leads out of ``root`` if one is given, or cannot be a path.
    """
    try:
        real = Path(os.path.realpath(path))
    except ValueError:
        # A path with NUL, or with characters that no file name can have.
        raise InputError(_NO_PATH, place=Place(path=path)) from None
    if root is not None and not real.is_relative_to(os.path.realpath(root)):
        raise InputError(_OUTSIDE, place=Place(path=path), hint=_MOVE)
    return real


_NO_PATH = Text(zh="不是有效的路径", en="not a valid path")
_OUTSIDE = Text(zh="文件在仓库之外，不予读取", en="outside the repository, so it is not read")
_MOVE = Text(
    zh="把文件放进仓库；符号链接也不能指向外面",
    en="move it into the repository; symbolic links must not leave it either",
)


def unreadable(path: Path, error: OSError) -> InputError:
    """Return the error of a file or a folder that the system refuses to read."""
    message = _ERRORS.get(error.errno or 0)
    if message is None:
        message = _UNREAD.format(why=reason(error))
    if error.errno in {errno.ENOENT, errno.ENOTDIR}:
        return NoSuchFile(message, place=Place(path=path), hint=_did_you_mean(path) or "")
    return InputError(message, place=Place(path=path))


_NO_FILE = Text(zh="不是普通文件", en="not a regular file")
_UNREAD = Text(zh="无法读取：{why}", en="cannot be read: {why}")
NOT_THERE = Text(zh="文件不存在", en="no such file")
_NOT_READABLE = Text(zh="没有读取权限", en="no permission to read it")
_LOOP = Text(zh="符号链接成环", en="symbolic links in a loop")
_TOO_LONG = Text(zh="路径太长", en="the path is too long")
_ERRORS = {
    errno.ENOENT: NOT_THERE,
    errno.ENOTDIR: NOT_THERE,
    errno.ELOOP: _LOOP,
    errno.EACCES: _NOT_READABLE,
    errno.EPERM: _NOT_READABLE,
    errno.EISDIR: Text(zh="是文件夹，不是文件", en="a folder, not a file"),
    errno.ENXIO: _NO_FILE,
    errno.ENAMETOOLONG: _TOO_LONG,
}


def _did_you_mean(path: Path) -> Text | None:
    folder = path.parent
    try:
        if not folder.is_dir():
            return Text(zh=f"文件夹 {folder} 不存在", en=f"there is no folder {folder}")
        names = [entry.name for entry in islice(folder.iterdir(), 1000)]
    except OSError:
        return None
    # Endings are left out of the comparison, because most files share them; but a description
    # is not part of one, and what is neither YAML nor JSON is not read in its place.
    stem, inner, data = _parted(path.name)
    alike = {
        other: name
        for name in names
        for other, its_inner, its_data in (_parted(name),)
        if its_inner == inner and (its_data or not data)
    }
    near = nearest(stem, alike)
    return did_you_mean(alike[near]) if near else None


def _parted(name: str) -> tuple[str, str, bool]:
    """Return a name without endings, the inner ones (``icp``), and if it is YAML or JSON."""
    stem, _, endings = name.casefold().partition(".")
    inner, _, last = endings.rpartition(".")
    return stem or name, inner, f".{last}" in FORMATS


def _too_large(path: Path, size: int, limit: int, hint: Text | str) -> InputError:
    sizes = f"{size / MEGABYTE:.1f} MiB > {limit / MEGABYTE:.1f} MiB"
    return InputError(
        Text(zh=f"文件太大（{sizes}）", en=f"the file is too large ({sizes})"),
        place=Place(path=path),
        hint=hint,
    )


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

    Raises `OSError`; see `must_be_regular` for what is not a file.
    """
    handle = _opened(real) if top is None else _opened_below(real, top)
    try:
        must_be_regular(os.fstat(handle))
    except OSError:
        os.close(handle)
        raise
    return open(handle, "rb")  # noqa: PTH123 - it is open


def must_be_regular(kind: os.stat_result) -> None:
    """Raise `OSError` for what is not a file: ``EISDIR`` for a folder, else ``ENXIO``."""
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
    errno.ENAMETOOLONG: _TOO_LONG,
    errno.ELOOP: _LOOP,
    errno.EIO: Text(zh="读写出错", en="an input or output error"),
}


def reason(error: OSError) -> Text:
    """Return the reason; an unknown one in the system's own words."""
    known = _KNOWN.get(error.errno or 0)
    return known or plain(error.strerror or type(error).__name__)


WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
"""The byte-order marks of UTF-16."""


def decoded(path: Path, raw: bytes) -> str:
    """Decode UTF-8 without a byte-order mark; raise `InputError` for any other encoding."""
    if raw.startswith(WIDE) or raw[1:2] == b"\0" or raw[:1] == b"\0":
        raise InputError(
            Text(zh="文件是 UTF-16 编码或二进制", en="the file is UTF-16 or binary"),
            place=Place(path=path),
            hint=_SAVE,
        )
    text = decoded_as(raw, "utf-8")
    if text is None:
        raise _not_utf8(path, raw)
    if b"\0" in raw:
        at = text.index("\0")
        raise InputError(
            Text(zh="文件含有 NUL 字节", en="the file contains a NUL byte"),
            place=Lines(text).place(path, at, at + 1),
        )
    return text


_SAVE = Text(zh="请另存为 UTF-8", en="save it as UTF-8")


def _not_utf8(path: Path, raw: bytes) -> InputError:
    # The first byte that is not decoded stands there as half a pair.
    before = re.split("[\udc80-\udcff]", raw.decode(errors="surrogateescape"))[0]
    at = len(before.encode())
    byte = f"0x{raw[at]:02X}"
    line = raw.find(b"\n", at)
    tail = raw[at : line if line >= 0 else None].decode(errors="replace")
    is_gbk = decoded_as(raw, "gb18030") is not None
    return InputError(
        Text(
            zh=f"不是 UTF-8：第 {at} 字节是 {byte}",
            en=f"not UTF-8: byte {byte} at offset {at}",
        ),
        place=Lines(before + tail).place(path, len(before), len(before) + 1),
        hint=_SAVE_GBK if is_gbk else _SAVE,
    )


_SAVE_GBK = Text(
    zh="像是 GBK（GB 18030）编码，请另存为 UTF-8",
    en="it looks like GBK (GB 18030); save it as UTF-8",
)


def decode(content: bytes) -> str:
    """Decode a file: by its byte order mark, as UTF-8, or as older Chinese files are encoded.

    Anything else is decoded as far as possible, with U+FFFD for the rest.
    """
    if content.startswith(WIDE):
        return content.decode("utf-16", errors="replace")
    text = decoded_as(content, "utf-8", "gb18030")
    return (content.decode(errors="replace") if text is None else text).removeprefix("\ufeff")


def text_of(content: bytes) -> str | None:
    """Decode UTF-8, UTF-16 with a byte-order mark, or GB 18030; None for anything else."""
    wide = content.startswith(WIDE)
    text = decoded_as(content, *(("utf-16",) if wide else ("utf-8-sig", "gb18030")))
    return None if text is None or "\0" in text else text


def decoded_as(content: bytes, *encodings: str) -> str | None:
    """Return the text in the first encoding that fits, None if none does.

    An error raised while that of decoding was handled would carry all bytes along.
    """
    for encoding in encodings:
        with suppress(UnicodeError):
            return content.decode(encoding)
    return None


# ---- Writing a file whole or not at all: beside the old one first, then in its place


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
_NOT_REGULAR = Text(zh="不是普通文件，不予写入", en="not a regular file, so it is not written")
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
        raise InputError(_NOT_REGULAR, place=Place(path=path))
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
