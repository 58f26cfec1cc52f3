"""Archives of descriptions and the files beside them, zip and tar (压缩包): what one may hold."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from types import MappingProxyType
from typing import IO, cast

from msgspec import Struct

from pytest_icp.fleet.storage import opened
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.reports.safe import one_line

GIGABYTE = 1024**3
MOST_MEMBERS = 5_000_000
LARGEST = 512 * 1024**2
"""No reader takes a larger file, in bytes."""

MOST_TIMES = 1000
"""So many times its own size may an archive expand; a small one to `ALLOWED` in any case."""

ALLOWED = 64 * 1024**2

_BROKEN = Text(zh="压缩包已损坏，无法读取", en="a broken archive, which cannot be read")
_LEADS_OUT = Text(
    zh="压缩包中的路径“{name}”指向包外，整个压缩包不予读取",
    en="the path {name!r} leads out of the archive, so nothing of it is read",
)
_NO_FILE = Text(
    zh="压缩包中的“{name}”是链接或设备，整个压缩包不予读取",
    en="{name!r} in the archive is a link or a device, so nothing of it is read",
)
_BOMB = Text(
    zh="压缩包展开后是其自身的 {times} 倍以上，不予读取",
    en="the archive expands more than {times} times, so it is not read",
)
_MANY = Text(zh="压缩包中的文件超过 {n} 个", en="the archive has more than {n} files")
_LARGE = Text(zh="压缩包中的“{name}”太大", en="{name!r} in the archive is too large")
_LOCKED = Text(zh="压缩包已加密", en="the archive is encrypted")

_Open = Callable[[IO[bytes]], IO[bytes]]
_TARS: Mapping[str, _Open] = MappingProxyType(
    {
        ".tar": lambda file: file,
        ".tar.gz": lambda file: cast("IO[bytes]", gzip.GzipFile(fileobj=file)),
        ".tgz": lambda file: cast("IO[bytes]", gzip.GzipFile(fileobj=file)),
        ".tar.bz2": lambda file: cast("IO[bytes]", bz2.BZ2File(file)),
        ".tar.xz": lambda file: cast("IO[bytes]", lzma.LZMAFile(file)),  # noqa: SIM115 - no file
    }
)
SUFFIXES = (".zip", *_TARS)


class Member(Struct, frozen=True):
    """A file of an archive: its name, its size, and how it is read, which has to be in order."""

    name: str
    size: int
    read: Callable[[], bytes]


@contextmanager
def members(path: str) -> Iterator[Iterator[Member]]:
    """Give the files of an archive in the order in which they can be read.

    Raises `InputError` for one that is broken or encrypted, has a path that leads out or a link, or
    expands a thousandfold.
    """
    with opened(path) as file, _readable(path):
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        most = max(ALLOWED, size * MOST_TIMES)
        lower = path.lower()
        if lower.endswith(".zip"):
            with zipfile.ZipFile(file) as archive:
                yield _checked(_of_zip(archive), most, path)
            return
        unpack = next(unpack for suffix, unpack in _TARS.items() if lower.endswith(suffix))
        bounded = _Bounded(unpack(file), most, path)
        with tarfile.open(fileobj=cast("IO[bytes]", bounded), mode="r:") as tar:
            yield _checked(_of_tar(tar), most, path)


@contextmanager
def _readable(path: str) -> Iterator[None]:
    """Say in our own words what the libraries say of an archive that cannot be read."""
    broken = (zipfile.BadZipFile, tarfile.TarError, EOFError, zlib.error, lzma.LZMAError)
    try:
        yield
    except (*broken, ValueError, OverflowError, NotImplementedError, RuntimeError) as error:
        raise InputError(_BROKEN, place=Place(path=path)) from error
    except OSError as error:
        if error.errno:
            # The disk, and not what the archive contains.
            raise
        raise InputError(_BROKEN, place=Place(path=path)) from error


class _Entry(Struct, frozen=True):
    """A file as an archive has it; ``fault`` is why nothing of such an archive is read."""

    name: str
    size: int
    read: Callable[[], bytes]
    fault: Text | None = None


def _of_zip(archive: zipfile.ZipFile) -> Iterator[_Entry]:
    for one in archive.infolist():
        if one.is_dir():
            continue
        kind = stat.S_IFMT(one.external_attr >> 16)
        fault = _LOCKED if one.flag_bits & 1 else None
        if kind not in {0, stat.S_IFREG}:
            fault = _NO_FILE
        yield _Entry(one.filename, one.file_size, partial(archive.read, one), fault)


def _of_tar(tar: tarfile.TarFile) -> Iterator[_Entry]:
    while (one := tar.next()) is not None:
        # It keeps all that it has seen, also of an archive without end.
        tar.members = []  # type: ignore[attr-defined]  # the stubs omit it
        if not one.isdir():
            read = partial(_extracted, tar, one)
            yield _Entry(one.name, one.size, read, None if one.isreg() else _NO_FILE)


def _extracted(tar: tarfile.TarFile, one: tarfile.TarInfo) -> bytes:
    file = tar.extractfile(one)
    return file.read() if file else b""


def _checked(entries: Iterator[_Entry], most: int, path: str) -> Iterator[Member]:
    """Yield what may be read; raise `InputError` for an archive that may not."""
    total = 0
    for count, one in enumerate(entries):
        total += one.size
        name = one.name.removeprefix("./")
        fault = one.fault or fault_of(name, one.size)
        if total > most:
            fault = _BOMB.format(times=MOST_TIMES)
        if count >= MOST_MEMBERS:
            fault = _MANY.format(n=MOST_MEMBERS)
        if fault:
            raise InputError(fault.format(name=one_line(name)), place=Place(path=path))
        if ".git" not in name.split("/"):
            yield Member(name, one.size, one.read)


def fault_of(name: str, size: int) -> Text | None:
    """Return why a file may not be copied under its name; None if it may."""
    parts = name.split("/")
    if not all(parts) or any(part == ".." or not set(part).isdisjoint("\\:\0") for part in parts):
        return _LEADS_OUT
    return _LARGE if size > LARGEST else None


class _Bounded:
    """A file that is unpacked while it is read, at most so far, and never much of it at once."""

    def __init__(self, file: IO[bytes], most: int, path: str) -> None:
        self._file, self._most, self._path = file, most, path

    def read(self, size: int) -> bytes:
        """Read some bytes; a header of an archive never has more than a file may."""
        self._check(size)
        return self._file.read(size)

    def seek(self, offset: int) -> int:
        """Go to an offset."""
        self._check(offset - self._file.tell())
        return self._file.seek(offset)

    def tell(self) -> int:
        """Return the offset."""
        return self._file.tell()

    def _check(self, further: int) -> None:
        if further > LARGEST or self._file.tell() + further > self._most + LARGEST:
            raise InputError(_BOMB.format(times=MOST_TIMES), place=Place(path=self._path))
