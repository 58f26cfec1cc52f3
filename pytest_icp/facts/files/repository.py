"""The repository that a file is named in (仓库): the folder that its paths may not leave."""

from __future__ import annotations

import os
from pathlib import Path


def repository_of(path: Path, rootdir: Path | None = None) -> Path:
    """Return the repository that a file is named in, else the file's own folder."""
    return repository_around(path, rootdir) or _folder_of(path)


def repository_around(path: Path, rootdir: Path | None = None) -> Path | None:
    """Return the nearest folder with a ``.git`` above a file, as the file is named.

    No link is followed: whoever made it has chosen where it leads, so a repository that is only
    reached through a link in another one does not count. Where there is no ``.git``, it is
    ``rootdir``, which is that of pytest, for a file named below it, else None.
    """
    folder = _folder_of(path)
    tops = [up for up in (folder, *folder.parents) if os.path.lexists(up / ".git")]
    if rootdir is not None and folder.is_relative_to(rootdir):
        tops.append(rootdir)
    if not tops:
        return None
    found, *others = tops
    for outer in others:
        if found.is_relative_to(outer) and not is_inside(found, outer):
            found = outer
    return found


def _folder_of(path: Path) -> Path:
    return Path(os.path.abspath(path)).parent  # noqa: PTH100 - without `..`, links as they are


def is_inside(path: Path, folder: Path) -> bool:
    """Whether a file or a folder really lies in a folder, symbolic links followed."""
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))
