"""Descriptions with the files beside them (成套的描述)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache, partial
from pathlib import Path

from msgspec import Struct

from pytest_icp.facts.files.repository import repository_of
from pytest_icp.fleet.inputs import Item, cut, digest_of
from pytest_icp.fleet.place import is_result_place
from pytest_icp.sources.loading import load

_PASSED = frozenset({".git", "__pycache__"})


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
