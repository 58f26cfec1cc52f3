"""What commands print and write (输出): no character is lost, and no file silently overwritten."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.cli.arguments import columns
from pytest_icp.facts.files.disk import is_folder, is_there, reason, write_file
from pytest_icp.facts.files.walking import MOST_FILES, descriptions_below
from pytest_icp.law.errors import IcpError, InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.plugin.flags import DEFAULT_FILES
from pytest_icp.reports.words import Language

_NOT_WRITTEN = Text(zh="标准输出无法写入：{why}", en="standard output cannot be written: {why}")
_CLOSED = Text(zh="已关闭", en="it is closed")
_NOT_ENCODED = Text(
    zh="标准输出的编码是 {encoding}，写不出其中的文字",
    en="standard output is {encoding}, which does not have every character of this",
)
_UTF_8 = Text(zh="请设 PYTHONIOENCODING=utf-8", en="set PYTHONIOENCODING=utf-8")


class Output(Struct, frozen=True, kw_only=True):
    """The text, the errors beside it, and the exit code of a command.

    An ``exact`` text is for a program: where it cannot be written as it is, it is not written.
    """

    text: str
    errors: Sequence[InputError] = ()
    code: int = 0
    exact: bool = False


def escape_characters() -> None:
    """Let the standard streams escape what their encoding does not have, and never drop it."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def print_text(text: str, *, exact: bool = False) -> None:
    """Print to standard output; what is ``exact``, for a program, is never escaped.

    Raises `InputError` if it cannot be written.
    """
    if sys.stdout is None:
        raise InputError(_NOT_WRITTEN.format(why=_CLOSED))
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    if exact and not _has(encoding, text):
        raise InputError(_NOT_ENCODED.format(encoding=encoding), hint=_UTF_8)
    try:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has what it wanted.
        _forget_output()
    except OSError as error:
        _forget_output()
        raise InputError(_NOT_WRITTEN.format(why=reason(error))) from None


def print_error(error: IcpError, language: Language) -> None:
    """Print an error to standard error: its message in the chosen languages."""
    if not isinstance(error, InputError):
        print_errors([str(error)])
        return
    from pytest_icp.reports.errors import error_text

    print_errors([error_text(error, language, Path.cwd(), columns())])


def print_errors(lines: Iterable[str]) -> None:
    """Print to standard error; where that cannot be written either, the exit code is left."""
    if sys.stderr is None:
        return
    try:
        for line in lines:
            sys.stderr.write(f"{line}\n")
        sys.stderr.flush()
    except OSError:
        return


def has_colours() -> bool:
    """Whether standard output is a terminal that shows colours, decided as pytest does."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    # A command may redirect what pytest prints.
    terminal = sys.__stdout__ is not None and sys.__stdout__.isatty()
    return terminal and os.environ.get("TERM") != "dumb"


def _has(encoding: str, text: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _forget_output() -> None:
    """Give up what is still to be written: another flush at exit would fail too."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


# ---- Files for a user: none is overwritten unasked, and errors are in both languages

_EXISTS = Text(zh="文件已存在，没有改动", en="the file already exists; it was not changed")
_FORCE = Text(zh="如需覆盖，请加上 --force", en="add --force to overwrite it")
_REFUSED = Text(zh="无法写入：{why}", en="cannot be written: {why}")
_NO_FOLDER = Text(zh="文件夹 {folder} 不存在", en="there is no folder {folder}")


def write_new(path: Path, text: str, *, overwrite: bool) -> None:
    """Write a text file; an existing one is replaced only with ``overwrite``.

    Raises `InputError` if it exists, or cannot be written.
    """
    check_folder(path)
    write_bytes(path, text.encode("utf-8"), overwrite=overwrite)


def write_bytes(path: Path, content: bytes, *, overwrite: bool) -> None:
    """Write a file whole; an existing one is replaced only with ``overwrite``.

    Raises `InputError` if it exists, or cannot be written.
    """
    with refused(path):
        try:
            write_file(path, content, new=not overwrite)
        except FileExistsError:
            raise InputError(_EXISTS, place=Place(path=path), hint=_FORCE) from None


def check_folder(path: Path) -> None:
    """Raise `InputError` if the folder of a file that is to be written does not exist."""
    if not is_folder(path.parent):
        raise InputError(_NO_FOLDER.format(folder=path.parent), place=Place(path=path))


def check_absent(*paths: Path) -> None:
    """Raise `InputError` for the first file that exists already."""
    for path in paths:
        if is_there(path):
            raise InputError(_EXISTS, place=Place(path=path), hint=_FORCE)


@contextmanager
def refused(path: Path) -> Iterator[None]:
    """Turn an `OSError` into an `InputError` that names the file or folder."""
    try:
        yield
    except OSError as error:
        raise InputError(_REFUSED.format(why=reason(error)), place=Place(path=path)) from None


def nearby(place: Place) -> Place:
    """Return a place with its path relative to the current folder, if it is below it."""
    path, here = Path(place.path).absolute(), Path.cwd()
    return replace(place, path=path.relative_to(here)) if path.is_relative_to(here) else place


def relative_to_folder(path: Path, folder: Path) -> str:
    """Return a path relative to a folder, with ``/`` between the names."""
    return Path(os.path.relpath(path.absolute(), folder.absolute())).as_posix()


def with_code_beside(folder: Path) -> list[Path]:
    """Return the folder, and those below it with a ``conftest.py`` beside a description.

    Such a file brings kinds to a run that collects the description; a command that collects none
    names its folder to pytest. Without any, the list is empty, and ``testpaths`` count.
    """
    descriptions = descriptions_below([folder], DEFAULT_FILES, most=MOST_FILES)
    found = {one.parent for one in descriptions if is_there(one.with_name("conftest.py"))}
    return [folder, *sorted(found)] if found else []
