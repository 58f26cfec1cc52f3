"""The sites of Caddyfiles, with their snippets and imported files inserted (Caddyfile 配置)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from pytest_icp.law.text import Text
from pytest_icp.sources.caddy.lexing import parse
from pytest_icp.sources.request import Request
from pytest_icp.sources.server_files import Included, ServerFiles
from pytest_icp.sources.statements import Statement, Word, statement

_DEEPEST = 100
"""How deeply blocks and imports may be nested, together."""
_ARGUMENT = re.compile(r"\{args(?:\.([0-9]{1,4})|\[([0-9]{0,4})(:?)([0-9]{0,4})\])\}")
_CIRCLE = Text(zh="片段互相引用", en="the snippet imports itself")


class MissingImport(Struct, frozen=True, eq=False):
    """An import that was not found, and whether it is inside a block."""

    statement: Statement
    inside: bool


class Configuration:
    """Reads Caddyfiles and what they import, inside the repository only (Caddyfile).

    ``missing_imports`` are those that are not in the repository.
    """

    def __init__(self, request: Request) -> None:
        self._request = request
        self.files = ServerFiles(request, ("Caddyfile",), r"/etc/caddy/")
        self._included = Included(request, parse)
        self._snippets: dict[str, Statement] = {}
        self.missing_imports: list[MissingImport] = []

    def statements(self, path: Path) -> tuple[Statement, ...]:
        """Return the top-level statements of a file, all imports inserted.

        Raises `InputError` with file and line for a file that is not a Caddyfile, and for one
        that imports itself.
        """
        self.files.begin(path)
        found, stack = self._included.main(path)
        return tuple(self._expand(found, stack, 0, inside=False))

    def _expand(
        self, statements: Sequence[Statement], stack: tuple[str, ...], depth: int, *, inside: bool
    ) -> Iterator[Statement]:
        self._request.meter.spend("expansions", sum([len(one.words) + 1 for one in statements]))
        for one in statements:
            if one.name == "import" and one.args:
                yield from self._import(one, stack, depth, inside=inside)
            elif not inside and one.block is not None and one.name.startswith("("):
                self._snippets.setdefault(one.name.strip("()"), one)
            elif one.block is None:
                yield one
            else:
                block = self._expand(one.block, stack, depth + 1, inside=True)
                yield statement(one.file, one.words, block)

    def _import(
        self, one: Statement, stack: tuple[str, ...], depth: int, *, inside: bool
    ) -> Iterator[Statement]:
        if depth > _DEEPEST:
            raise one.file.refuse(_CIRCLE, one.words[0].start)
        written = one.args[0]
        snippet = self._snippets.get(written)
        if snippet is not None:
            filled = _filled(snippet.block or (), one)
            yield from self._expand(tuple(filled), stack, depth + 1, inside=inside)
            return
        files = self.files.matching(written, one.file.path.parent)
        if files is None:
            self.missing_imports.append(MissingImport(one, inside))
            return
        for file in files:
            inner, deeper = self._included.inner(file, stack, one.at(one.words[1]).place)
            filled = _filled(inner, one)
            yield from self._expand(tuple(filled), deeper, depth + 1, inside=inside)


def _filled(statements: Sequence[Statement], by: Statement) -> Iterator[Statement]:
    """Yield statements with the arguments and the block of the import that inserts them."""
    args = by.args[1:]
    for one in statements:
        if one.name == "{block}":
            yield from by.block or ()
            continue
        words = tuple(word for written in one.words for word in _arguments(written, args))
        block = None if one.block is None else _filled(one.block, by)
        yield statement(one.file, words, block)


def _arguments(word: Word, args: Sequence[str]) -> Sequence[Word]:
    if "{args" not in word.text:
        return (word,)
    whole = _ARGUMENT.fullmatch(word.text)
    if whole and whole[3]:
        first, last = (int(part) if part else None for part in (whole[2], whole[4]))
        return [Word(text, word.start, word.end) for text in args[first:last]]
    indexed = dict(enumerate(args))
    return (Word(_ARGUMENT.sub(lambda m: _one(m, indexed), word.text), word.start, word.end),)


def _one(found: re.Match[str], args: Mapping[int, str]) -> str:
    number = found[1] or found[2]
    return args.get(int(number), found[0]) if number and not found[3] else found[0]
