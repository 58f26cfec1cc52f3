"""Descriptions that lie with their files below a remote folder (成套的描述).

What a shard needs is copied into a folder that is there while it is judged: its descriptions, and
the other files in and below their folders.
"""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import Struct

from pytest_icp.facts.files.writing import write_file
from pytest_icp.fleet.inputs.shard import LARGEST_FILE, MOST_BYTES, MOST_ROWS, Item, digest_of
from pytest_icp.fleet.place import is_result_place
from pytest_icp.fleet.storage import file_system, unread
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.reports.safe import one_line
from pytest_icp.sources.loading import load

GIGABYTE = 1024**3
MOST_COPIED = GIGABYTE
"""So many bytes are copied for one shard at most."""

_OF_NAMES = {errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG}
_LEADS_OUT = Text(
    zh="路径“{name}”指向文件夹之外，整个文件夹不予读取",
    en="the path {name!r} leads out of the folder, so nothing of it is read",
)
_LARGE = Text(zh="“{name}”太大", en="{name!r} is too large")
_CLASHES = Text(
    zh="“{name}”与另一个文件重名，或者名称过长",
    en="the name of {name!r} is that of another file, too, or too long",
)
_TOO_MUCH = Text(
    zh="描述所在文件夹的文件超过 {n} GiB",
    en="the folders of the descriptions hold more than {n} GiB",
).format(n=MOST_COPIED // GIGABYTE)


class _File(Struct, frozen=True):
    """A file below a remote folder: its name there, its size, and how it is read."""

    name: str
    size: int
    read: Callable[[], bytes]


class RemoteFiles(Struct, frozen=True, kw_only=True):
    """Some descriptions below a remote folder, by their names there.

    ``files`` are the globs that tell a description from the files beside it.
    """

    where: str
    files: tuple[str, ...]
    names: tuple[str, ...]
    digest: str

    def items(self) -> Iterator[Item]:
        """Yield the descriptions, with the files beside them."""
        with tempfile.TemporaryDirectory(prefix="icp-fleet-") as made:
            base = Path(made).resolve()
            try:
                self._copy(base)
            except OSError as error:
                raise unread(self.where, error) from error
            for name in self.names:
                path = base / name
                read = partial(load, path, root=path.parent)
                yield Item(name=f"{self.where}/{name}", base=base, load=read, folder=path.parent)

    def _copy(self, base: Path) -> None:
        """Copy what lies in the folders of the descriptions, but for other descriptions."""
        names, total = frozenset(self.names), 0
        for file in _files(self.where, {_folder(name) for name in names}):
            if file.name not in names and is_description(file.name, self.files):
                continue
            total += file.size
            if total > MOST_COPIED:
                raise InputError(_TOO_MUCH, place=Place(path=self.where))
            path, content = base / file.name, file.read()
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                write_file(path, content, rootdir=base, new=True)
            except OSError as error:
                if error.errno not in _OF_NAMES:
                    raise
                message = _CLASHES.format(name=file.name)
                raise InputError(message, place=Place(path=self.where)) from error


def cut_remote(
    root: str, listed: Mapping[str, Mapping[str, Any]], files: Sequence[str]
) -> Iterator[RemoteFiles]:
    """Yield the shards of descriptions below a remote folder; ``listed`` is what tells of each."""
    sizes = sorted((name, int(about["size"] or 0)) for name, about in listed.items())
    inside = _inside(root, {_folder(name) for name in listed})
    results = {_folder(at) for at in inside if is_result_place({at.rpartition("/")[2]})}
    version = digest_of(
        # What the store tells of a file changes with its content.
        f"{at} {sorted(about.items(), key=str)}"
        for at, about in sorted(inside.items())
        if results.isdisjoint(_above(at))
    )
    yield from _cut(sizes, version, where=root, files=files)


def _cut(
    listed: Iterable[tuple[str, int]], version: str, *, where: str, files: Sequence[str]
) -> Iterator[RemoteFiles]:
    names: list[str] = []
    size = 0
    for name, bytes_ in (*listed, ("", 0)):
        full = len(names) == MOST_ROWS or size >= MOST_BYTES
        if names and (full or not name):
            digest = digest_of([where, version, *names])
            yield RemoteFiles(where=where, files=tuple(files), names=tuple(names), digest=digest)
            names, size = [], 0
        names.append(name)
        size += bytes_


def _files(root: str, folders: Set[str]) -> Iterator[_File]:
    """Yield the files in and below some folders of a remote folder."""
    fs, path = file_system(root)
    for at, about in sorted(_inside(root, folders).items()):
        name = at[len(path.rstrip("/")) :].lstrip("/")
        size = int(about["size"] or 0)
        if fault := _fault_of(name, size):
            raise InputError(fault.format(name=one_line(name)), place=Place(path=root))
        yield _File(name, size, partial(fs.cat_file, at))


def _fault_of(name: str, size: int) -> Text | None:
    """Return why a file may not be copied under its name; None if it may."""
    parts = name.split("/")
    if not all(parts) or any(part == ".." or not set(part).isdisjoint("\\:\0") for part in parts):
        return _LEADS_OUT
    return _LARGE if size > LARGEST_FILE else None


def _inside(root: str, folders: Set[str]) -> dict[str, Mapping[str, Any]]:
    """Return what is told of the files in and below some folders of a remote folder."""
    fs, path = file_system(root)
    inside: dict[str, Mapping[str, Any]] = {}
    try:
        for folder in folders:
            if folders.isdisjoint(_above(folder)):
                inside |= fs.find(f"{path.rstrip('/')}/{folder}".rstrip("/"), detail=True)
    except OSError as error:
        raise unread(root, error) from error
    return inside


def is_description(name: str, files: Iterable[str]) -> bool:
    """Whether a file is a description by its name, and in no hidden folder."""
    *folders, last = name.split("/")
    hidden = any(folder.startswith(".") for folder in folders)
    return not hidden and any(fnmatchcase(last, glob) for glob in files)


def _folder(name: str) -> str:
    return name.rpartition("/")[0]


def _above(name: str) -> Iterator[str]:
    """Yield the folders that a file is in, the innermost first; the outermost is empty."""
    while name:
        name = _folder(name)
        yield name
