"""The request to an adapter: what to read, and the only way to read files."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path, PurePath
from typing import NoReturn, TypeAlias

from msgspec import Struct, field

from pytest_icp.facts.derived import Derived
from pytest_icp.facts.files.budget import Meter
from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.files.disk import is_file, is_folder, is_inside, read_bytes, unreadable
from pytest_icp.facts.files.walking import folders_below
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text

LARGEST = 512 * 1024 * 1024
"""The largest file, in bytes, that an adapter reads."""


class Request(Confidential, Struct, frozen=True, kw_only=True):
    """One entry of ``sources`` (来源): a file, a folder or standard input.

    ``path`` is the file or folder; no file outside ``root`` is read, also not through symbolic
    links. ``folder`` is the folder of the description; paths in facts are relative to it.
    ``settings`` are the other keys of the entry, valid under the schema. ``given`` is the content
    of standard input if the path is ``-``. ``meter`` measures what the source takes of the run,
    and ``digests`` are the SHA-256 of the files that were read.
    """

    path: Path
    root: Path
    folder: Path = Path()
    settings: Mapping[str, Json] = field(default_factory=dict)
    given: bytes | None = None
    meter: Meter = field(default_factory=Meter)
    digests: dict[Path, str] = field(default_factory=dict)

    def read(self, path: Path | None = None, *, limit: int = LARGEST) -> bytes:
        """Return the bytes of a file of at most ``limit`` bytes, by default of ``path``.

        Raises `InputError` when it is missing, outside the root, too large or unreadable, and
        `OverBudgetError` when the files of the source are more than its budget.
        """
        file = path or self.path
        if self.given is not None and file == self.path:
            return self.given
        raw = read_bytes(file, root=self.root, limit=limit)
        if file not in self.digests:
            self.digests[file] = sha256(raw).hexdigest()
        self.meter.check_time()
        self.meter.spend("bytes", len(raw))
        return raw

    @property
    def alone(self) -> bool:
        """Whether one file, or standard input, is requested, and not a folder."""
        return self.given is not None or not is_folder(self.path)

    def may_be_file(self, path: Path) -> bool:
        """Whether there is a file; one outside the root may be, and reading it is refused.

        So nobody learns from what is said of it whether it is there.
        """
        return not is_inside(path, self.root) or is_file(path)

    def as_written(self, path: PurePath | str) -> str:
        """Return a path as it is written in facts: relative to the folder of the description."""
        return PurePath(os.path.relpath(path, self.folder)).as_posix()

    def files(self, *suffixes: str, prefix: str = "") -> Iterator[Path]:
        """Yield the requested file, or the files with one of the suffixes below the folder.

        With ``prefix``, also those whose names begin with it; with neither, all files.

        They are sorted by path; hidden folders and symbolic links to folders are skipped.

        Raises `InputError` if a folder has no such file, or if a folder below it cannot be read.
        """
        if self.alone:
            yield self.path
            return
        found = sorted(
            folder / name
            for folder, names, _ in folders_below([self.path], refuse=_refuse)
            for name in names
            if name.lower().endswith(suffixes)
            or (name.lower().startswith(prefix) and (prefix or not suffixes))
        )
        if not found and (suffixes or prefix):
            raise InputError(
                Text(
                    zh=f"文件夹中没有 {'、'.join(suffixes)} 文件",
                    en=f"no {' or '.join(suffixes)} file in this folder",
                ),
                place=Place(path=self.path),
            )
        yield from found


Adapter: TypeAlias = Callable[[Request], Derived]
"""Reads one source; raises `InputError` if it cannot be used, and lets `OverBudgetError` pass."""


def _refuse(error: OSError) -> NoReturn:
    raise unreadable(Path(error.filename), error)
