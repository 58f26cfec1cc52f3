"""Opens files of a fleet, on this machine or wherever `fsspec` reaches."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import IO, Any, Self, cast

from pytest_icp.facts.breakdowns import missing_extra
from pytest_icp.facts.files.disk import NOT_THERE, open_real, reason, resolved, unreadable
from pytest_icp.law.errors import IcpError, InputError
from pytest_icp.law.text import Text, plain

_URLS = Text(zh="读写网址", en="reading and writing URLs")
_TABLES = Text(zh="读写 Parquet", en="reading and writing Parquet")
_REMOTE = Text(zh="{url}：{why}", en="{url}: {why}")
_WHOLE = Text(
    zh="服务器不能只发送文件的一部分", en="the server does not send a part of a file by itself"
)
_DOWNLOAD = Text(zh="请先下载文件", en="download the file first")
_NO_PACKAGE = Text(
    zh="{url}：没有安装读写这种网址的软件包：{why}",
    en="{url}: the package that reads and writes such URLs is not installed: {why}",
)
_NO_PROTOCOL = Text(
    zh="{url}：fsspec 不认识这种网址", en="{url}: fsspec does not know this kind of URL"
)


class Unread(InputError):  # noqa: N818 - a state of a disk or a network
    """A place that could not be read this time: it says nothing about what lies there."""


def unread(where: str, error: Exception) -> Unread:
    """Return the error of a place that could not be read."""
    return Unread(_REMOTE.format(url=shown(where), why=why(error)))


def why(error: Exception) -> Text:
    """Return why a store cannot be reached, in the words of the system; others may be secret."""
    if isinstance(error, FileNotFoundError):
        return NOT_THERE
    if isinstance(error, OSError):
        words = reason(error)
        return Text(zh=shown(words.zh), en=shown(words.en))
    return plain(type(error).__name__)


def shown(text: str) -> str:
    """Return a text without the passwords, tokens and signatures of the URLs in it."""
    return _WORD.sub(_without_query, _USER.sub(r"\1", text)) if "://" in text else text


def _without_query(word: re.Match[str]) -> str:
    scheme, slashes, rest = word.group().partition("://")
    query = _QUERY.search(rest)
    return f"{scheme}{slashes}{rest[: query.start()]}?…" if query else word.group()


_USER = re.compile(r"(\bhttps?://|\b[\w.+-]{1,40}://(?=[^\s/?#@:]*:))[^\s/?#]*@")
_WORD = re.compile(r"\S++")
_QUERY = re.compile(r"[?#]")


def is_url(written: str) -> bool:
    """Whether a path names a place that `fsspec` reaches, such as ``s3://bucket/x.parquet``."""
    return "://" in written


@contextmanager
def asking(told: Callable[[Exception], InputError]) -> Iterator[None]:
    """Raise what is ``told`` of an error of a store, each of which has errors of its own package.

    Those of this package stay what they are.
    """
    try:
        yield
    except IcpError:
        raise
    except Exception as error:
        raise told(error) from error


def reaching(where: str) -> AbstractContextManager[None]:
    """Turn what goes wrong with a path or a URL into `Unread`."""
    return asking(partial(unread, where))


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
    with reaching(where):
        try:
            found: tuple[Any, str] = url_to_fs(where)
        except ImportError as error:
            # The message names the package.
            named = plain(shown(str(error)))
            raise InputError(_NO_PACKAGE.format(url=shown(where), why=named)) from error
        except ValueError as error:
            raise InputError(_NO_PROTOCOL.format(url=shown(where))) from error
    return found


def stamp_of(where: str) -> str:
    """Return what tells whether a file has changed; raises `Unread` if there is none."""
    fs, path = file_system(where)
    with reaching(where):
        about = fs.info(path)
    if "mtime" in about:
        # On this machine; a file may be reached by several names.
        return f"{about['size']} {about['mtime']}"
    return str(sorted(about.items()))


def opened(where: str) -> IO[bytes]:
    """Open a file for reading from any offset on; raises `InputError` if it cannot be read."""
    if is_url(where):
        fs, path = file_system(where)
        with reaching(where):
            return cast("IO[bytes]", _RemoteFile(fs.open(path, "rb"), where))
    try:
        return open_real(resolved(Path(where), root=None), None)
    except OSError as error:
        raise unreadable(Path(where), error) from None


class _RemoteFile:
    """A file at a URL: that it cannot be read says nothing about what it contains.

    Reading raises `Unread`, and `InputError` where a server sends a file only as a whole.
    """

    def __init__(self, file: IO[bytes], where: str) -> None:
        self._file, self._where = file, where

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._file, name)
        return partial(self._asked, found) if name in {"read", "readline", "seek"} else found

    def _asked(self, method: Callable[..., Any], *given: object) -> Any:
        with reaching(self._where):
            try:
                return method(*given)
            except (ValueError, NotImplementedError) as error:
                message = _REMOTE.format(url=shown(self._where), why=_WHOLE)
                raise InputError(message, hint=_DOWNLOAD) from error

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
