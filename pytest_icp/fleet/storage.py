"""Opens files of a fleet, on this machine or wherever `fsspec` reaches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import IO, Any, Self, cast

from pytest_icp.facts.extras import missing_extra
from pytest_icp.facts.files.opening import open_real
from pytest_icp.facts.files.refusals import reason
from pytest_icp.facts.files.source import resolved, unreadable
from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Text, plain

_URLS = Text(zh="读写网址", en="reading and writing URLs")
_TABLES = Text(zh="读写 Parquet", en="reading and writing Parquet")
_NOT_THERE = Text(zh="文件不存在", en="no such file")
_REMOTE = Text(zh="{url}：{why}", en="{url}: {why}")
_NO_PACKAGE = Text(
    zh="{url}：没有安装读写这种网址的软件包：{why}",
    en="{url}: the package that reads and writes such URLs is not installed: {why}",
)
_NO_PROTOCOL = Text(
    zh="{url}：fsspec 不认识这种网址", en="{url}: fsspec does not know this kind of URL"
)


class Unread(InputError):  # noqa: N818 - a state of a disk or a network
    """A place that could not be read this time: it says nothing about what lies there."""


def unread(where: str, error: OSError) -> Unread:
    """Return the error of a place that could not be read."""
    why = _NOT_THERE if isinstance(error, FileNotFoundError) else reason(error)
    return Unread(_REMOTE.format(url=where, why=why))


def is_url(written: str) -> bool:
    """Whether a path names a place that `fsspec` reaches, such as ``s3://bucket/x.parquet``."""
    return "://" in written


def file_system(where: str) -> tuple[Any, str]:
    """Return the file system of a path or a URL, and the path in it.

    Raises `InputError` for a URL that nothing installed reaches.
    """
    try:
        fsspec = import_module("fsspec")
        url_to_fs = import_module("fsspec.core").url_to_fs
    except ModuleNotFoundError:
        raise missing_extra("fleet", _URLS) from None
    if not is_url(where):
        return fsspec.filesystem("file"), str(Path(where).absolute())
    try:
        found: tuple[Any, str] = url_to_fs(where)
    except ImportError as error:
        # The message names the package.
        raise InputError(_NO_PACKAGE.format(url=where, why=plain(str(error)))) from error
    except ValueError as error:
        raise InputError(_NO_PROTOCOL.format(url=where)) from error
    return found


def stamp(about: Mapping[str, Any]) -> str:
    """Return what tells a file from one that has changed since, of what its store tells of it."""
    if "mtime" in about:
        # On this machine; a file may be reached by several names.
        return f"{about['size']} {about['mtime']}"
    return str(sorted(about.items()))


def stamp_of(where: str) -> str:
    """Return the stamp of a file; raises `Unread` if there is none."""
    fs, path = file_system(where)
    try:
        return stamp(fs.info(path))
    except OSError as error:
        raise unread(where, error) from error


def opened(where: str) -> IO[bytes]:
    """Open a file for reading from any offset on; raises `InputError` if it cannot be read."""
    if is_url(where):
        fs, path = file_system(where)
        try:
            return cast("IO[bytes]", _RemoteFile(fs.open(path, "rb"), where))
        except OSError as error:
            raise unread(where, error) from error
    try:
        return open_real(resolved(Path(where), root=None), None)
    except OSError as error:
        raise unreadable(Path(where), error) from None


class _RemoteFile:
    """A file at a URL: that it cannot be read says nothing about what it contains."""

    def __init__(self, file: IO[bytes], where: str) -> None:
        self._file, self._where = file, where

    def read(self, size: int = -1) -> bytes:
        """Read some bytes; raises `Unread`."""
        with self._told():
            return self._file.read(size)

    def readline(self, size: int = -1) -> bytes:
        """Read a line; raises `Unread`."""
        with self._told():
            return self._file.readline(size)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise unread(self._where, error) from error

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def arrow() -> Any:
    """Return the module pyarrow; raises `InputError` if it is not installed."""
    try:
        for module in ("pyarrow.compute", "pyarrow.parquet"):
            import_module(module)
        return import_module("pyarrow")
    except ModuleNotFoundError:
        raise missing_extra("fleet", _TABLES) from None
