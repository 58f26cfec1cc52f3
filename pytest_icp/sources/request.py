"""What an adapter is asked to read, and the only way in which it may read files."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePath
from typing import TypeAlias

from msgspec import Struct, field

from pytest_icp.facts.derived import Derived
from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.files.source import read_bytes, unreadable
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text

LARGEST = 512 * 1024 * 1024
"""The largest file, in bytes, that an adapter reads."""


class Request(Confidential, Struct, frozen=True, kw_only=True):
    """One entry of ``sources`` (来源): a file, a folder or standard input.

    ``path`` is where what was named is; no file outside ``root`` is read, symbolic links
    followed. ``folder`` is that of the description, which the paths in facts are relative to.
    ``settings`` are the other keys of the entry, checked by the schema. ``given`` is the content
    of standard input, where the path is ``-``.
    """

    path: Path
    root: Path
    folder: Path = Path()
    settings: Mapping[str, Json] = field(default_factory=dict)
    given: bytes | None = None

    def read(self, path: Path | None = None) -> bytes:
        """Return the bytes of a file, by default of the one that was named.

        Raises `InputError` when it is missing, outside the root, too large or unreadable.
        """
        if path is None and self.given is not None:
            return self.given
        return read_bytes(path or self.path, root=self.root, limit=LARGEST)

    def as_written(self, path: Path) -> str:
        """Return a path as facts name files: relative to the folder of the description."""
        return PurePath(os.path.relpath(path, self.folder)).as_posix()

    def files(self, *suffixes: str) -> Iterator[Path]:
        """Yield the file that was named, or those below the folder with one of the suffixes.

        In the order of their paths; hidden folders and symbolic links to folders are left out.

        Raises `InputError` when a folder was named and no such file is in it, or a folder in
        it cannot be read.
        """
        if self.given is not None or not self.path.is_dir():
            yield self.path
            return
        found = sorted(
            Path(folder, name)
            for folder, below in _walk(self.path)
            for name in below
            if name.lower().endswith(suffixes)
        )
        if not found:
            raise InputError(
                Text(
                    zh=f"文件夹中没有 {'、'.join(suffixes)} 文件",
                    en=f"no {' or '.join(suffixes)} file in this folder",
                ),
                place=Place(path=self.path),
            )
        yield from found


def _walk(top: Path) -> Iterator[tuple[str, list[str]]]:
    def refuse(error: OSError) -> None:
        raise unreadable(Path(error.filename), error)

    for folder, inner, names in os.walk(top, onerror=refuse):
        inner[:] = [name for name in inner if not name.startswith(".")]
        yield folder, names


Adapter: TypeAlias = Callable[[Request], Derived]
"""Reads one source; raises `InputError`, and nothing else, for what it cannot use."""
