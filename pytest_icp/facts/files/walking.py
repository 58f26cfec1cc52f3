"""Folders in and below others, the nearest first, without those that nobody searches (遍历)."""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from fnmatch import translate
from pathlib import Path

PASSED = ("*.egg", ".*", "_darcs", "build", "CVS", "dist", "node_modules", "venv", "{arch}")
"""What pytest does not look into unless ``norecursedirs`` is set."""

MOST_FILES = 50_000
"""So many files of a repository are looked at for what it holds."""


def is_hidden(name: str) -> bool:
    """Whether a file or a folder is hidden, by its name."""
    return name.startswith(".")


def folders_below(
    tops: Iterable[Path],
    *,
    passes: Callable[[str], object] = is_hidden,
    refuse: Callable[[OSError], object] = lambda _: None,
) -> Iterator[tuple[Path, list[str], list[str]]]:
    """Yield some folders and those below them, each with the names of its files and folders.

    Folders whose names one ``passes`` are not entered, nor are symbolic links, nor what is taken
    out of the list; what cannot be listed is told to ``refuse``, and passed too.
    """
    # Folders may lie deeper in one another than calls of functions may.
    folders = deque(tops)
    while folders:
        top = folders.popleft()
        files, inside = [], []
        try:
            with os.scandir(top) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        inside.append(entry.name)
                    elif not (entry.is_symlink() and (top / entry.name).is_dir()):
                        files.append(entry.name)
        except OSError as error:
            refuse(error)
            continue
        inside.sort()
        yield top, sorted(files), inside
        folders += [top / name for name in inside if not passes(name)]


def descriptions_below(
    tops: Iterable[Path],
    globs: Sequence[str],
    passed: Sequence[str] = PASSED,
    most: int | None = None,
) -> Iterator[Path]:
    """Yield the files that are named as descriptions, but for those in folders to be passed.

    At most so many files and folders are looked at.
    """
    names = re.compile("|".join(translate(glob.rpartition("/")[2]) for glob in globs))
    passes = re.compile("|".join(map(translate, passed)) or "$").match
    folders = []
    for top in tops:
        if top.is_dir():
            folders.append(top)
        elif names.match(top.name) and any(map(top.absolute().match, globs)):
            yield top
    for folder, files, inside in folders_below(folders, passes=passes):
        if "pyvenv.cfg" in files:
            inside.clear()
            continue
        if most is not None and (most := most - len(files) - len(inside)) < 0:
            return
        for path in (folder / name for name in files if names.match(name)):
            if any(map(path.absolute().match, globs)):
                yield path
