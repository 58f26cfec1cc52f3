"""What descriptions may read beside them, as digests: its change is one of the input (随附文件)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from pytest_icp.fleet.inputs.shard import LARGEST_FILE, digest_of, digest_of_file
from pytest_icp.fleet.place import is_result_place
from pytest_icp.fleet.storage import opened
from pytest_icp.law.errors import InputError

_PASSED = frozenset({".git", "__pycache__"})


class Surroundings:
    """Digests of folders with all that is in them; each folder is read once.

    What git and Python keep there, and what fleets have written, is left out.
    """

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def digest(self, root: Path) -> str:
        """Return the digest of the names and contents of all files in and below a folder."""
        listed: dict[str, list[os.DirEntry[str]]] = {}
        folders = [str(root)]
        for folder in folders:
            if folder not in self._known:
                listed[folder] = _entries(folder)
                folders += [one.path for one in listed[folder] if _is_folder(one)]
        for folder in reversed(listed):
            entries = listed[folder]
            results = is_result_place({one.name for one in entries})
            self._known[folder] = "" if results else digest_of(self._parts(entries))
        return self._known[folders[0]]

    def _parts(self, entries: Iterable[os.DirEntry[str]]) -> Iterator[str]:
        for one in entries:
            if digest := self._known[one.path] if _is_folder(one) else _content(one):
                yield from (one.name, digest)


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            kept = (one for one in found if one.name not in _PASSED)
            return sorted(kept, key=lambda one: one.name)
    except OSError:
        # Who judges cannot read it either.
        return []


def _is_folder(entry: os.DirEntry[str]) -> bool:
    return entry.is_dir(follow_symlinks=False)


def _content(entry: os.DirEntry[str]) -> str:
    """Return what tells a file from another: its digest, where a link leads, why it is unread."""
    try:
        if entry.is_symlink():
            return str(Path(entry.path).readlink())
        about = entry.stat(follow_symlinks=False)
        if about.st_size > LARGEST_FILE:
            return f"{about.st_size} {about.st_mtime_ns}"
        with opened(entry.path) as file:
            return digest_of_file(file)
    except InputError as error:
        return error.message.en
    except OSError as error:
        return str(error.errno)
