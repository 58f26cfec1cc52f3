"""Writing files for a user, without overwriting others, and with errors in both languages."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec.structs import replace

from pytest_icp.facts.files.disk import is_folder, is_there, reason
from pytest_icp.facts.files.walking import MOST_FILES, descriptions_below
from pytest_icp.facts.files.writing import write_file
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.plugin.flags import DEFAULT_FILES

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
