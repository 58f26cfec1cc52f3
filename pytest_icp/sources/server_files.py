"""The files that a configuration of a server names, in the repository (服务器上的文件)."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from fnmatch import translate
from pathlib import Path, PurePosixPath
from typing import Generic, TypeVar

from pytest_icp.facts.files.budget import Meter
from pytest_icp.facts.files.opening import is_file, is_folder
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.request import Request

MOST_FILES = 5000
"""How many files are included, each as often as it is."""

Parsed = TypeVar("Parsed")


class ServerFiles:
    """Finds files and folders of a server in the repository (服务器上的路径), and nothing outside.

    The setting ``roots`` maps folders of the server to folders of the repository. ``installed``
    matches the beginning of a path in the folder where packages put the main file, which has one
    of the names ``main``: what is there stands beside it in a repository.
    """

    def __init__(self, request: Request, main: tuple[str, ...], installed: str) -> None:
        self._request = request
        self._root = Path(os.path.realpath(request.root))
        roots = request.settings.get("roots")
        pairs = roots.items() if isinstance(roots, Mapping) else ()
        self._roots = {PurePosixPath(str(a)): request.folder / str(b) for a, b in pairs}
        self._called = main
        self._installed = re.compile(installed)
        self._prefix = request.path.parent
        self._main = False

    def begin(self, path: Path) -> None:
        """Begin with a file that was asked for: relative paths start at its folder."""
        self._prefix = path.parent
        self._main = path.name in self._called

    def here(self, there: str) -> Path | None:
        """Return the path in the repository for a path on the server, if its root is mapped."""
        mapped = self._mapped(there)
        return None if mapped is None else mapped[0] / mapped[1]

    def matching(self, pattern: str, start: Path | None = None) -> list[Path] | None:
        """Return the files of a pattern; None if they are not in the repository.

        Relative ones are relative to a folder, by default that of the main file. A fragment does
        not say which folder that is, so the folders above it are tried as well.
        """
        for folder, rest in self._candidates(pattern, start or self._prefix):
            before = _before_wildcards(rest)
            fixed = folder / before
            climbs = ".." in PurePosixPath(rest).parts[len(before.parts) :]
            if self._is_inside(fixed) and not climbs:
                names = sorted(self._names_of(folder, PurePosixPath(rest).parts))
                if names or (glob.has_magic(rest) and is_folder(fixed)):
                    files = (Path(os.path.normpath(folder / name)) for name in names)
                    return [file for file in files if is_file(file)]
        return None

    def _mapped(self, there: str) -> tuple[Path, str] | None:
        """Return the mapped folder in the repository for a path on the server, and the rest."""
        if not self._roots:
            return None
        path = PurePosixPath(there)
        for top in (path, *path.parents):
            if top in self._roots:
                return self._roots[top], path.relative_to(top).as_posix()
        return None

    def _is_inside(self, path: Path) -> bool:
        """Whether a path is in the repository after following symbolic links."""
        return Path(os.path.realpath(path)).is_relative_to(self._root)

    def _names_of(self, folder: Path, parts: Sequence[str]) -> list[str]:
        """Return what a pattern matches in a folder; each folder on the way is listed once.

        Links let a folder be reached by many names: the first one counts.
        """
        reached = {Path(os.path.realpath(folder)): PurePosixPath()}
        for part in parts:
            further: dict[Path, PurePosixPath] = {}
            for real, named in reached.items():
                for name in self._names(real, part):
                    further.setdefault(Path(os.path.realpath(real / name)), named / name)
            reached = further
        return [str(named) for named in reached.values()]

    def _names(self, folder: Path, part: str) -> list[str]:
        """Return the names in a folder that one part of a pattern matches, in order."""
        if not glob.has_magic(part):
            return [part] if os.path.lexists(folder / part) else []
        matches = re.compile(translate(part)).match
        try:
            found = [path.name for path in folder.iterdir()]
        except OSError:
            return []
        self._request.meter.spend("expansions", len(found))
        hidden = part.startswith(".")
        return sorted(name for name in found if matches(name) and hidden >= name.startswith("."))

    def _candidates(self, pattern: str, top: Path) -> Iterator[tuple[Path, str]]:
        """Yield the folders that a pattern may be relative to, each with the relative pattern."""
        if pattern.startswith("/"):
            mapped = self._mapped(pattern)
            installed = self._installed.match(pattern)
            if mapped is not None:
                yield mapped
            elif installed and self._main:
                yield self._prefix, pattern[installed.end() :]
            return
        while self._is_inside(top):
            yield top, pattern
            if os.path.realpath(top) == str(self._root):
                return
            top /= ".."


class Included(Generic[Parsed]):
    """Reads each included file once; one that includes itself is refused (包含的文件)."""

    def __init__(self, request: Request, parse: Callable[[Path, bytes, Meter], Parsed]) -> None:
        self._request = request
        self._parse = parse
        self._read: dict[str, Parsed] = {}
        self._count = 0

    def main(self, path: Path) -> tuple[Parsed, tuple[str, ...]]:
        """Read a file that was asked for; see `inner`."""
        raw = self._request.read(None if path == self._request.path else path)
        return self._parse(path, raw, self._request.meter), (os.path.realpath(path),)

    def inner(
        self, file: Path, stack: tuple[str, ...], place: Callable[[], Place]
    ) -> tuple[Parsed, tuple[str, ...]]:
        """Return what is in an included file, and the stack of files to include further ones with.

        Raises `InputError` at a place for one that includes itself, and beyond `MOST_FILES`.
        """
        real = os.path.realpath(file)
        self._count += 1
        if real in stack:
            raise InputError(_CIRCLE, place=place())
        if self._count > MOST_FILES:
            raise InputError(_TOO_MANY, place=place())
        if real not in self._read:
            self._read[real] = self._parse(file, self._request.read(file), self._request.meter)
        return self._read[real], (*stack, real)


def _before_wildcards(pattern: str) -> PurePosixPath:
    """Return the part of a pattern before its first wildcard; all of it if it has none."""
    parts = PurePosixPath(pattern).parts
    fixed = next((i for i, part in enumerate(parts) if glob.has_magic(part)), len(parts))
    return PurePosixPath(*parts[:fixed])


_CIRCLE = Text(zh="include 循环引用", en="the file includes itself")
_TOO_MANY = Text(zh="include 的文件过多", en="too many files are included")
