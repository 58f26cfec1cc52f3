"""Descriptions that lie with their files in an archive or in remote folders (成套的描述).

What a shard needs is copied into a folder that is there while it is judged: its descriptions, and
the other files in and below their folders.
"""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import AbstractContextManager, contextmanager
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import Struct

from pytest_icp.facts.files.writing import write_file
from pytest_icp.fleet.inputs.archives import GIGABYTE, SUFFIXES, Member, fault_of, members
from pytest_icp.fleet.inputs.shard import (
    MOST_BYTES,
    MOST_ROWS,
    Item,
    digest_of,
    digest_of_file,
)
from pytest_icp.fleet.place import is_result_place
from pytest_icp.fleet.storage import file_system, opened, unread
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.reports.safe import one_line
from pytest_icp.sources.loading import load

MOST_COPIED = GIGABYTE
"""So many bytes are copied for one shard at most."""

_OF_NAMES = {errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG}
_TWICE = Text(zh="压缩包中有两个“{name}”", en="the archive has {name!r} twice")
_TOO_MUCH = Text(
    zh="描述所在文件夹的文件超过 {n} GiB",
    en="the folders of the descriptions hold more than {n} GiB",
).format(n=MOST_COPIED // GIGABYTE)
_NONE_IN = Text(zh="压缩包里没有描述文件（{files}）", en="the archive has no description ({files})")


class Bundle(Struct, frozen=True, kw_only=True):
    """Some descriptions of an archive, or below a remote folder, by their names in it.

    ``files`` are the globs that tell a description from the files beside it.
    """

    where: str
    path: str
    files: tuple[str, ...]
    names: tuple[str, ...]
    digest: str

    def items(self) -> Iterator[Item]:
        """Yield the descriptions, with the files beside them."""
        with self._members() as found, tempfile.TemporaryDirectory(prefix="icp-fleet-") as made:
            base = Path(made).resolve()
            self._copy(found, base)
            sign = "!" if is_archive(self.path) else "/"
            for name in self.names:
                path = base / name
                read = partial(load, path, root=path.parent)
                yield Item(
                    name=f"{self.where}{sign}{name}", base=base, load=read, folder=path.parent
                )

    def _members(self) -> AbstractContextManager[Iterator[Member]]:
        folders = {_folder(name) for name in self.names}
        return members(self.path) if is_archive(self.path) else _remote(self.path, folders)

    def _copy(self, found: Iterator[Member], base: Path) -> None:
        """Copy what lies in the folders of the descriptions, but for other descriptions."""
        names, total = frozenset(self.names), 0
        folders = {_folder(name) for name in names}
        for member in found:
            if member.name not in names and (
                is_description(member.name, self.files) or folders.isdisjoint(_above(member.name))
            ):
                continue
            total += member.size
            if total > MOST_COPIED:
                raise InputError(_TOO_MUCH, place=Place(path=self.where))
            path = base / member.name
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                write_file(path, member.read(), rootdir=base, new=True)
            except OSError as error:
                if error.errno not in _OF_NAMES:
                    raise
                message = _TWICE.format(name=member.name)
                raise InputError(message, place=Place(path=self.where)) from error


def is_archive(path: str) -> bool:
    """Whether a file is an archive, by its name."""
    return path.lower().endswith(SUFFIXES)


def cut_archive(path: str, where: str, files: Sequence[str]) -> Iterator[Bundle]:
    """Yield the shards of an archive; it is read once, for its digest and its names.

    Raises `InputError` for one that cannot be used, or has no description.
    """
    with opened(path) as file:
        digest = digest_of_file(file)
    with members(path) as found:
        listed = [(one.name, one.size) for one in found if is_description(one.name, files)]
    if not listed:
        raise InputError(_NONE_IN.format(files=", ".join(files)), place=Place(path=where))
    yield from _cut(sorted(listed), digest, where=where, path=path, files=files)


def cut_remote(
    root: str, listed: Mapping[str, Mapping[str, Any]], files: Sequence[str]
) -> Iterator[Bundle]:
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
    yield from _cut(sizes, version, where=root, path=root, files=files)


def _cut(
    listed: Iterable[tuple[str, int]], version: str, *, where: str, path: str, files: Sequence[str]
) -> Iterator[Bundle]:
    names: list[str] = []
    size = 0
    for name, bytes_ in (*listed, ("", 0)):
        full = len(names) == MOST_ROWS or size >= MOST_BYTES
        if names and (full or not name):
            digest = digest_of([where, version, *names])
            yield Bundle(
                where=where, path=path, files=tuple(files), names=tuple(names), digest=digest
            )
            names, size = [], 0
        names.append(name)
        size += bytes_


@contextmanager
def _remote(root: str, folders: Set[str]) -> Iterator[Iterator[Member]]:
    """Give the files in and below some folders of a remote folder."""
    fs, path = file_system(root)

    def found() -> Iterator[Member]:
        for at, about in sorted(_inside(root, folders).items()):
            name = at[len(path.rstrip("/")) :].lstrip("/")
            size = int(about["size"] or 0)
            fault = fault_of(name, size)
            if fault:
                raise InputError(fault.format(name=one_line(name)), place=Place(path=root))
            yield Member(name, size, partial(fs.cat_file, at))

    try:
        yield found()
    except OSError as error:
        raise unread(root, error) from error


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
