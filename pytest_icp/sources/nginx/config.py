"""An nginx configuration as a tree of directives with its includes inserted (nginx 配置)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from pytest_icp.sources.nginx.directives import Directive, parse
from pytest_icp.sources.request import Request
from pytest_icp.sources.server_files import Included, ServerFiles

_INSTALLED = r"/etc/nginx/|/usr/local/nginx/conf/|/usr/local/openresty/nginx/conf/"


class MissingInclude(Struct, frozen=True, eq=False):
    """An include that was not found, and the names of the blocks around it."""

    directive: Directive
    inside: tuple[str, ...]


class Configuration:
    """Reads configuration files and their includes, inside the repository only.

    ``missing_includes`` are the includes that are not in the repository.
    """

    def __init__(self, request: Request) -> None:
        self._request = request
        self.files = ServerFiles(request, ("nginx.conf",), _INSTALLED)
        self._included = Included(request, parse)
        self.missing_includes: list[MissingInclude] = []

    def tree(self, path: Path) -> tuple[Directive, ...]:
        """Return the directives of a file with those of all included files.

        Raises `InputError` with file and line for a file that is not an nginx configuration, and
        for one that includes itself.
        """
        self.files.begin(path)
        directives, stack = self._included.main(path)
        return tuple(self._expand(directives, (), stack))

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
        written = directive.args[0]
        files = self.files.matching(written)
        if files is None:
            self.missing_includes.append(MissingInclude(directive, inside))
            if "server" in inside:
                # What it may say of a page is not known.
                yield directive
            return
        for file in files:
            inner, deeper = self._included.inner(file, stack, lambda: directive.place(written))
            yield from self._expand(inner, inside, deeper)
