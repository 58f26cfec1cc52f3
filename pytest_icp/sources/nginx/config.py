"""An nginx configuration as a tree of directives, its includes put in their places (nginx 配置)."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from msgspec import Struct

from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Text
from pytest_icp.sources.nginx.directives import Directive, parse
from pytest_icp.sources.request import Request

_MOST_FILES = 5000
# Where packages install nginx.conf: what it includes from there is beside it here as well.
_INSTALLED = re.compile(r"/etc/nginx/|/usr/local/nginx/conf/|/usr/local/openresty/nginx/conf/")


class Missed(Struct, frozen=True, eq=False):
    """An include that was not read, and the names of the blocks around it."""

    directive: Directive
    inside: tuple[str, ...]


class Configuration:
    """Reads configuration files and what they include, inside the repository only.

    ``roots`` are folders of the server, each with the folder of the repository that becomes
    it. ``missed`` are the includes that could not be found there.
    """

    def __init__(self, request: Request, roots: Mapping[str, str]) -> None:
        self._request = request
        self._root = Path(os.path.realpath(request.root))
        self._roots = {PurePosixPath(there): request.folder / here for there, here in roots.items()}
        self._read: dict[str, tuple[Directive, ...]] = {}
        self._count = 0
        self._prefix = request.path
        self._main = False
        self.missed: list[Missed] = []

    def tree(self, path: Path) -> tuple[Directive, ...]:
        """Return the directives of a file with those of all included files.

        Raises `InputError` with file and line for a file that is no nginx configuration, and
        for one that includes itself.
        """
        self._prefix = path.parent
        self._main = path.name == "nginx.conf"
        named = None if path == self._request.path else path
        raw = self._request.read(named)
        return tuple(self._expand(parse(path, raw), (), (os.path.realpath(path),)))

    def here(self, there: str) -> Path | None:
        """Return the path in the repository of a path on the server, if its root is mapped."""
        mapped = self._mapped(there)
        return None if mapped is None else mapped[0] / mapped[1]

    def _mapped(self, there: str) -> tuple[Path, str] | None:
        """Return the folder of the repository that a path on the server is in, and the rest."""
        path = PurePosixPath(there)
        for top in (path, *path.parents):
            if top in self._roots:
                return self._roots[top], path.relative_to(top).as_posix()
        return None

    def is_inside(self, path: Path) -> bool:
        """Say whether a path stays in the repository, symbolic links followed."""
        return Path(os.path.realpath(path)).is_relative_to(self._root)

    def _expand(
        self, directives: Sequence[Directive], inside: tuple[str, ...], stack: tuple[str, ...]
    ) -> Iterator[Directive]:
        for directive in directives:
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
            self.missed.append(Missed(directive, inside))
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
                self._read[real] = parse(file, self._request.read(file))
            yield from self._expand(self._read[real], inside, (*stack, real))

    def _files(self, pattern: str) -> list[Path] | None:
        """Return the files that an include names; None where they are not in the repository.

        nginx starts from the folder of its main file. A fragment does not tell which that
        is, so that the folders above it are tried as well.
        """
        for folder, rest in self._candidates(pattern):
            before = _before_wildcards(rest)
            fixed = folder / before
            climbs = ".." in PurePosixPath(rest).parts[len(before.parts) :]
            if self.is_inside(fixed) and not climbs:
                names = sorted(glob.iglob(rest, root_dir=folder))  # noqa: PTH207 - a pattern
                if names or (glob.has_magic(rest) and fixed.is_dir()):
                    files = (Path(os.path.normpath(folder / name)) for name in names)
                    return [file for file in files if file.is_file()]
        return None

    def _candidates(self, pattern: str) -> Iterator[tuple[Path, str]]:
        """Yield the folders that a pattern may start from, each with the pattern there."""
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
    """Return the part of a pattern that names one folder; all of it, where it is none."""
    parts = PurePosixPath(pattern).parts
    fixed = next((i for i, part in enumerate(parts) if glob.has_magic(part)), len(parts))
    return PurePosixPath(*parts[:fixed])
