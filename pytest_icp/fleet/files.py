"""Descriptions with the files beside them, on this machine or below a URL (成套的描述).

What a remote shard needs is copied into a folder that is there while it is judged: its
descriptions, and the other files in and below their folders.
"""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from fnmatch import fnmatchcase
from functools import cache, partial
from pathlib import Path
from typing import Any

from msgspec import Struct

from pytest_icp.facts.files.repository import repository_of
from pytest_icp.facts.files.source import MEGABYTE
from pytest_icp.facts.files.writing import write_file
from pytest_icp.fleet.inputs import Item, cut, digest_of
from pytest_icp.fleet.place import is_result_place
from pytest_icp.fleet.storage import file_system, reaching, shown, stamp
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.reports.safe import one_line
from pytest_icp.sources.loading import load

MOST_COPIED = 1024 * MEGABYTE
LARGEST_FILE = 512 * MEGABYTE
"""So many bytes are copied for one shard, and of one file, at most."""

_PASSED = frozenset({".git", "__pycache__"})
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
    zh="描述所在文件夹的文件超过 {n} MiB",
    en="the folders of the descriptions hold more than {n} MiB",
).format(n=MOST_COPIED // MEGABYTE)


class Files(Struct, frozen=True, kw_only=True):
    """Some descriptions, by their names in the tables: relative to ``base`` if inside it."""

    base: str
    names: tuple[str, ...]
    digest: str

    @property
    def where(self) -> str:
        """The first of them."""
        return self.names[0]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.names)

    def items(self) -> Iterator[Item]:
        """Yield the descriptions."""
        base = Path(self.base)
        for name in self.names:
            path = base / name
            read = partial(load, path, root=repository_of(path))
            yield Item(name=name, base=base, load=read, folder=path.parent)


def cut_files(paths: Iterable[Path], base: Path) -> Iterator[Files]:
    """Yield the shards of some files, in their order.

    What is beside them, and may be read with them, is a part of them.
    """
    around = cache(_stamps)
    for some in cut((path, _size(path)) for path in paths):
        names = tuple(shown_path(path, base) for path, _ in some)
        stamps = [around(repository_of(path)) for path, _ in some]
        yield Files(base=str(base), names=names, digest=digest_of([*names, *stamps]))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        # Who judges says why.
        return 0


def _stamps(root: Path) -> str:
    """Return a digest of the names, sizes and times of all files in and below a folder.

    What git and Python keep there, and what fleets have written, is left out.
    """
    stamps: list[str] = []
    for folder, folders, names in os.walk(root):
        if is_result_place({*names}):
            folders.clear()
            continue
        folders[:] = sorted({*folders} - _PASSED)
        for path in (Path(folder, name) for name in sorted({*names, *folders})):
            # One that is gone since is not read either.
            with suppress(OSError):
                about, name = path.lstat(), path.relative_to(root).as_posix()
                if path.is_symlink():
                    stamps.append(f"{name} {path.readlink()}")
                elif path.name in names:
                    stamps.append(f"{name} {about.st_size} {about.st_mtime_ns}")
    return digest_of(stamps)


def shown_path(path: Path, base: Path) -> str:
    """Return how the tables call a file: relative to a folder, where inside it."""
    absolute = path.absolute()
    inside = absolute.is_relative_to(base)
    return (absolute.relative_to(base) if inside else absolute).as_posix()


def is_description(name: str, files: Iterable[str]) -> bool:
    """Whether a file is a description by its name, and in no hidden folder."""
    *folders, last = name.split("/")
    hidden = any(folder.startswith(".") for folder in folders)
    return not hidden and any(fnmatchcase(last, glob) for glob in files)


class RemoteFiles(Struct, frozen=True, kw_only=True):
    """Some descriptions below a remote folder, by their names there.

    ``root`` is its URL; ``files`` are the globs that tell a description from the files beside it.
    """

    root: str
    files: tuple[str, ...]
    names: tuple[str, ...]
    digest: str

    @property
    def where(self) -> str:
        """The folder as it is shown."""
        return shown(self.root)

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.names)

    def items(self) -> Iterator[Item]:
        """Yield the descriptions, with the files beside them."""
        with tempfile.TemporaryDirectory(prefix="icp-fleet-") as made:
            base = Path(made).resolve()
            with reaching(self.root):
                self._copy(base)
            for name in self.names:
                path = base / name
                read = partial(load, path, root=path.parent)
                yield Item(name=f"{self.where}/{name}", base=base, load=read, folder=path.parent)

    def _copy(self, base: Path) -> None:
        """Copy what lies in the folders of the descriptions, but for other descriptions."""
        fs, _ = file_system(self.root)
        names, total = frozenset(self.names), 0
        for name, about in _beside(self.root, names).items():
            if name not in names and is_description(name, self.files):
                continue
            size = int(about["size"] or 0)
            total += size
            if fault := _fault_of(name, size, total):
                raise InputError(fault, place=Place(path=self.where))
            path, content = base / name, fs.cat_file(about["name"])
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                write_file(path, content, rootdir=base, new=True)
            except OSError as error:
                if error.errno not in _OF_NAMES:
                    raise
                message = _CLASHES.format(name=name)
                raise InputError(message, place=Place(path=self.where)) from error


def cut_remote(
    root: str, sizes: Mapping[str, int], files: tuple[str, ...]
) -> Iterator[RemoteFiles]:
    """Yield the shards of descriptions below a remote folder, by their names and sizes."""
    beside = _beside(root, sizes)
    results = {_folder(name) for name in beside if is_result_place({name.rpartition("/")[2]})}
    stamps = [
        f"{name} {stamp(about)}"
        for name, about in beside.items()
        if results.isdisjoint(_above(name))
    ]
    version = digest_of(stamps)
    for some in cut(sorted(sizes.items())):
        names = tuple(name for name, _ in some)
        digest = digest_of([root, version, *names])
        yield RemoteFiles(root=root, files=files, names=names, digest=digest)


def _fault_of(name: str, size: int, total: int) -> Text | None:
    """Return why a file may not be copied under its name; None if it may."""
    parts, shown = name.split("/"), one_line(name)
    if not all(parts) or any(part == ".." or not set(part).isdisjoint("\\:\0") for part in parts):
        return _LEADS_OUT.format(name=shown)
    if size > LARGEST_FILE:
        return _LARGE.format(name=shown)
    return _TOO_MUCH if total > MOST_COPIED else None


def _beside(root: str, names: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    """Return what is told of the files in and below the folders of some files, by their names."""
    fs, path = file_system(root)
    top, folders = path.rstrip("/"), {_folder(name) for name in names}
    found: dict[str, Mapping[str, Any]] = {}
    with reaching(root):
        for folder in folders:
            if folders.isdisjoint(_above(folder)):
                found |= fs.find(f"{top}/{folder}".rstrip("/"), detail=True)
    return {
        name: {**about, "name": at}
        for at, about in sorted(found.items())
        if _PASSED.isdisjoint((name := at[len(top) :].lstrip("/")).casefold().split("/"))
    }


def _folder(name: str) -> str:
    return name.rpartition("/")[0]


def _above(name: str) -> Iterator[str]:
    """Yield the folders that a file is in, the innermost first; the outermost is empty."""
    while name:
        name = _folder(name)
        yield name
