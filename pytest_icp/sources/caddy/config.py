"""The sites of Caddyfiles, with their snippets and imported files inserted (Caddyfile 配置).

There is no parser of Caddyfiles in Python (PyPI has wrappers of the server itself, which runs what
it reads); what Caddy's own lexer does is little: words, quotes, heredocs, braces at line ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from pytest_icp.facts.files.budget import Meter
from pytest_icp.law.text import Text
from pytest_icp.sources.request import Request
from pytest_icp.sources.server_files import (
    QUOTE_NOT_CLOSED,
    Blocks,
    ConfigText,
    Included,
    ServerFiles,
    Statement,
    Word,
    configuration_text,
    statement,
)

_TOKEN = re.compile(
    r"(?P<blank>[^\S\n]++|\\\n|#[^\n]*+)"
    r"|(?P<newline>\n)"
    r'|"(?P<quoted>(?:[^"\\]|\\.)*+)"'
    r"|`(?P<raw>[^`]*+)`"
    r"|<<(?P<heredoc>[A-Za-z0-9_-]++)\n"
    r"|(?P<bare>(?:\{\$[^{}\n]*+\}|\\\S|[^\s\\]|\\(?!\n))++)",
    re.DOTALL,
)
_VARIABLE = re.compile(r"\{\$([^{}:\n]++)(?::([^{}\n]*+))?\}")


def parse(path: Path, raw: bytes, meter: Meter) -> tuple[Statement, ...]:
    """Parse one file; what it imports is not followed.

    A variable of the environment has its default; one without a default stays as it is written.
    Raises `InputError` with file and line for braces and quotes that are not closed.
    """
    file = ConfigText(path, configuration_text(path, raw))
    builder = _Builder(file)
    for kind, word in _tokens(file):
        meter.spend("elements")
        builder.add(kind, word)
    return builder.finish()


def _tokens(file: ConfigText) -> Iterator[tuple[str, Word]]:
    """Yield the words, braces and ends of lines; a variable may become several words, or none."""
    text, at = file.text, 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None or (found["bare"] or "").startswith(('"', "`")):
            raise file.refuse(QUOTE_NOT_CLOSED, at)
        start, at = found.span()
        kind = found.lastgroup or ""
        if kind == "bare" and found[0] in {"{", "}"}:
            yield found[0], Word(found[0], start, at)
        elif kind == "bare":
            for part in _filled(found[0]).split():
                yield kind, Word(part, start, at)
        elif kind == "newline":
            yield kind, Word("\n", start, at)
        elif kind == "heredoc":
            value, at = _heredoc(file, found[kind], start, at)
            yield kind, Word(value, start, start + len(found[kind]) + 2)
        elif kind == "quoted":
            yield kind, Word(_filled(found[kind]).replace('\\"', '"'), start + 1, at - 1)
        elif kind == "raw":
            yield kind, Word(_filled(found[kind]), start + 1, at - 1)


def _filled(text: str) -> str:
    if "{$" not in text:
        return text
    return _VARIABLE.sub(lambda found: found[0] if found[2] is None else found[2], text)


def _heredoc(file: ConfigText, marker: str, start: int, at: int) -> tuple[str, int]:
    """Return the text of a heredoc, and where it ends: at its marker, alone on a line so far."""
    text, end = file.text, at
    while (end := text.find(marker, end)) >= 0:
        line = text.rfind("\n", 0, end) + 1
        if not text[line:end].strip():
            return text[at:line], end + len(marker)
        end += len(marker)
    raise file.refuse(QUOTE_NOT_CLOSED, start)


class _Builder:
    """Builds the tree: the open blocks, and the words of the current line."""

    def __init__(self, file: ConfigText) -> None:
        self._blocks = Blocks(file)
        self._words: list[Word] = []

    def add(self, kind: str, word: Word) -> None:
        """Add the next word, brace or end of a line."""
        if kind == "{":
            self._blocks.begin(self._words, word.start, "}")
            self._words = []
        elif kind == "}":
            self._end()
            self._blocks.close(word.start, "}")
        elif kind != "newline":
            self._words.append(word)
        elif self._blocks or not (self._words and self._words[-1].text.endswith(",")):
            # Addresses go on after a comma.
            self._end()

    def _end(self) -> None:
        if self._words:
            self._blocks.add(self._words)
        self._words = []

    def finish(self) -> tuple[Statement, ...]:
        """Return the statements of the file."""
        self._end()
        return self._blocks.finish()


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
            filled = _with_arguments(snippet.block or (), one)
            yield from self._expand(tuple(filled), stack, depth + 1, inside=inside)
            return
        files = self.files.matching(written, one.file.path.parent)
        if files is None:
            self.missing_imports.append(MissingImport(one, inside))
            return
        for file in files:
            inner, deeper = self._included.inner(file, stack, one.at(one.words[1]).place)
            filled = _with_arguments(inner, one)
            yield from self._expand(tuple(filled), deeper, depth + 1, inside=inside)


def _with_arguments(statements: Sequence[Statement], by: Statement) -> Iterator[Statement]:
    """Yield statements with the arguments and the block of the import that inserts them."""
    args = by.args[1:]
    for one in statements:
        if one.name == "{block}":
            yield from by.block or ()
            continue
        words = tuple(word for written in one.words for word in _arguments(written, args))
        block = None if one.block is None else _with_arguments(one.block, by)
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
