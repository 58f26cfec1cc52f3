"""An nginx configuration as a tree of directives with its includes inserted (nginx 配置)."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import translate
from pathlib import Path, PurePosixPath

from msgspec import Struct

from pytest_icp.facts.files.opening import is_file, is_folder
from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Text
from pytest_icp.sources.nginx.directives import Directive, parse
from pytest_icp.sources.request import Request

_MOST_FILES = 5000
# Where packages install nginx.conf: its includes from there are next to it in a repository.
_INSTALLED = re.compile(r"/etc/nginx/|/usr/local/nginx/conf/|/usr/local/openresty/nginx/conf/")


class MissingInclude(Struct, frozen=True, eq=False):
    """An include that was not found, and the names of the blocks around it."""

    directive: Directive
    inside: tuple[str, ...]


class Configuration:
    """Reads configuration files and their includes, inside the repository only.

    ``roots`` maps folders of the server to folders of the repository. ``missing_includes`` are
    the includes that are not in the repository.
    """

    def __init__(self, request: Request, roots: Mapping[str, str]) -> None:
        self._request = request
        self._root = Path(os.path.realpath(request.root))
        self._roots = {PurePosixPath(there): request.folder / here for there, here in roots.items()}
        self._read: dict[str, tuple[Directive, ...]] = {}
        self._count = 0
        self._prefix = request.path
        self._main = False
        self.missing_includes: list[MissingInclude] = []

    def tree(self, path: Path) -> tuple[Directive, ...]:
        """Return the directives of a file with those of all included files.

        Raises `InputError` with file and line for a file that is not an nginx configuration, and
        for one that includes itself.
        """
        self._prefix = path.parent
        self._main = path.name == "nginx.conf"
        named = None if path == self._request.path else path
        raw = self._request.read(named)
        return tuple(
            self._expand(parse(path, raw, self._request.meter), (), (os.path.realpath(path),))
        )

    def here(self, there: str) -> Path | None:
        """Return the path in the repository for a path on the server, if its root is mapped."""
        mapped = self._mapped(there)
        return None if mapped is None else mapped[0] / mapped[1]

    def _mapped(self, there: str) -> tuple[Path, str] | None:
        """Return the mapped folder in the repository for a path on the server, and the rest."""
        path = PurePosixPath(there)
        for top in (path, *path.parents):
            if top in self._roots:
                return self._roots[top], path.relative_to(top).as_posix()
        return None

    def is_inside(self, path: Path) -> bool:
        """Whether a path is in the repository after following symbolic links."""
        return Path(os.path.realpath(path)).is_relative_to(self._root)

    def _expand(
        self, directives: Sequence[Directive], inside: tuple[str, ...], stack: tuple[str, ...]
    ) -> Iterator[Directive]:
        for directive in directives:
            self._request.meter.spend("expansions")
            if directive.name == "include" and len(directive.args) == 1:
                yield from self._include(directive, inside, stack)
            elif directive.block is None:
                yield directive
            else:
                block = self._expand(directive.block, (*inside, directive.name), stack)
                yield Directive(
                    directive.name,
                    directive.args,
                    directive.file,
                    directive.line,
                    tuple(block),
                )

    def _include(
        self, directive: Directive, inside: tuple[str, ...], stack: tuple[str, ...]
    ) -> Iterator[Directive]:
        files = self._files(directive.args[0])
        if files is None:
            self.missing_includes.append(MissingInclude(directive, inside))
            return
        for file in files:
            real = os.path.realpath(file)
            self._count += 1
            if real in stack or self._count > _MOST_FILES:
                raise InputError(
                    Text(zh="include 循环引用", en="the file includes itself")
                    if real in stack
                    else Text(zh="include 的文件过多", en="too many files are included"),
                    place=directive.place(directive.args[0]),
                )
            if real not in self._read:
                self._read[real] = parse(file, self._request.read(file), self._request.meter)
            yield from self._expand(self._read[real], inside, (*stack, real))

    def _files(self, pattern: str) -> list[Path] | None:
        """Return the files of an include; None if they are not in the repository.

        Includes are relative to the folder of the main file. A fragment does not say which folder
        that is, so the folders above it are tried as well.
        """
        for folder, rest in self._candidates(pattern):
            before = _before_wildcards(rest)
            fixed = folder / before
            climbs = ".." in PurePosixPath(rest).parts[len(before.parts) :]
            if self.is_inside(fixed) and not climbs:
                names = sorted(self._matching(folder, PurePosixPath(rest).parts))
                if names or (glob.has_magic(rest) and is_folder(fixed)):
                    files = (Path(os.path.normpath(folder / name)) for name in names)
                    return [file for file in files if is_file(file)]
        return None

    def _matching(self, folder: Path, parts: Sequence[str]) -> list[str]:
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

    def _candidates(self, pattern: str) -> Iterator[tuple[Path, str]]:
        """Yield the folders that a pattern may be relative to, each with the relative pattern."""
        if pattern.startswith("/"):
            mapped = self._mapped(pattern)
            installed = _INSTALLED.match(pattern)
            if mapped is not None:
                yield mapped
            elif installed and self._main:
                yield self._prefix, pattern[installed.end() :]
            return
        top = self._prefix
        while self.is_inside(top):
            yield top, pattern
            if os.path.realpath(top) == str(self._root):
                return
            top /= ".."


def _before_wildcards(pattern: str) -> PurePosixPath:
    """Return the part of a pattern before its first wildcard; all of it if it has none."""
    parts = PurePosixPath(pattern).parts
    fixed = next((i for i, part in enumerate(parts) if glob.has_magic(part)), len(parts))
    return PurePosixPath(*parts[:fixed])
