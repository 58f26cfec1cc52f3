"""An Apache httpd configuration: its includes, conditions, variables and macros (Apache 指令).

The parser on PyPI (apacheconfig) has had no release since 2020, tells no lines, and refuses what
httpd accepts; a line here is words, and a section is a line in angle brackets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from pytest_icp.facts.files.budget import Meter
from pytest_icp.law.text import Text
from pytest_icp.sources.request import Request
from pytest_icp.sources.server_files import Included, ServerFiles
from pytest_icp.sources.statements import (
    Blocks,
    ConfigText,
    Statement,
    Word,
    configuration_text,
    statement,
)

_TOKEN = re.compile(
    r"(?P<blank>[^\S\n]++|\\\n)"
    r"|(?P<newline>\n)"
    r'|"(?P<double>(?:[^"\\\n]|\\.)*+)"'
    r"|'(?P<single>(?:[^'\\\n]|\\.)*+)'"
    r"|(?P<bare>(?:[^\s\\]|\\(?!\n))++)",
    re.DOTALL,
)
_COMMENT = re.compile(r"(?:[^\\\n]|\\\n?)*+")


def parse(path: Path, raw: bytes, meter: Meter) -> tuple[Statement, ...]:
    """Parse one file; what it includes is not followed. Names are in lower case.

    Raises `InputError` with file and line for sections that are not closed.
    """
    file = ConfigText(path, configuration_text(path, raw))
    blocks = Blocks(file)
    for words in _lines(file.text):
        meter.spend("elements", len(words))
        _add(blocks, words)
    return blocks.finish()


def _lines(text: str) -> Iterator[list[Word]]:
    """Yield the words of each line that has any and is no comment."""
    words: list[Word] = []
    at = 0
    while at < len(text) and (
        found := (_COMMENT if text[at] == "#" and not words else _TOKEN).match(text, at)
    ):
        start, at = found.span()
        kind = found.lastgroup
        if kind == "bare":
            words.append(Word(found[0], start, at))
        elif kind == "newline":
            if words:
                yield words
                words = []
        elif kind in {"single", "double"}:
            words.append(Word(re.sub(r"\\([\"'\\])", r"\1", found[kind]), start + 1, at - 1))
    if words:
        yield words


def _add(blocks: Blocks, words: list[Word]) -> None:
    """Add a line: a directive, or the beginning or the end of a section."""
    first, *rest = words
    if first.text.startswith("</"):
        blocks.close(first.start, f"</{first.text[2:].rstrip('>').lower()}>")
    elif first.text.startswith("<"):
        name = first.text[1:].rstrip(">").lower()
        named = Word(name, first.start, first.end)
        blocks.begin((named, *_without_bracket(rest)), first.start, f"</{name}>")
    else:
        blocks.add((Word(first.text.lower(), first.start, first.end), *rest))


def _without_bracket(words: list[Word]) -> Iterator[Word]:
    """Yield the words of a section's first line without the bracket that ends it."""
    *before, last = words or [Word("", 0, 0)]
    yield from before
    text = last.text.removesuffix(">")
    if text:
        yield Word(text, last.start, last.end - len(last.text) + len(text))


_INSTALLED = r"/etc/(?:apache2|httpd/conf)/|/usr/local/apache2/conf/"
_DEEPEST = 100
"""How deeply sections, includes and macros may be nested, together."""
_VARIABLE = re.compile(r"\$\{(\w++)\}")
# What may name hosts, so that it matters whether a section applies.
_NAMING = frozenset("virtualhost servername serveralias include includeoptional use".split())
# Sections that apply to requests; no host is named in them.
_OF_REQUESTS = frozenset({"if", "elseif", "else"})
_CIRCLE = Text(zh="宏互相引用", en="the macro uses itself")


class Unresolved(Struct, frozen=True, eq=False):
    """A section, an include or a macro that was not read; ``inside`` is true in a virtual host."""

    statement: Statement
    inside: bool


class Configuration:
    """Reads configuration files and what they include, inside the repository only.

    ``missing`` are includes and macros that are not in the repository, ``doubtful`` the sections
    of which the files do not say whether they apply, and which name hosts.
    """

    def __init__(self, request: Request) -> None:
        self._request = request
        self.files = ServerFiles(request, ("httpd.conf", "apache2.conf"), _INSTALLED)
        self._included = Included(request, parse)
        self._defined: dict[str, str] = {}
        self._macros: dict[str, Statement] = {}
        self.missing: list[Unresolved] = []
        self.doubtful: list[Statement] = []

    def statements(self, path: Path) -> tuple[Statement, ...]:
        """Return the directives and sections of a file, all includes inserted.

        Raises `InputError` with file and line for a file that is not a configuration of httpd,
        and for one that includes itself.
        """
        self.files.begin(path)
        found, stack = self._included.main(path)
        return tuple(self._expand(found, stack, 0, inside=False))

    def _expand(
        self, statements: Sequence[Statement], stack: tuple[str, ...], depth: int, *, inside: bool
    ) -> Iterator[Statement]:
        self._request.meter.spend("expansions", sum([len(one.words) for one in statements]))
        for written in statements:
            one = self._filled(written) if written.file.varies else written
            name = one.name
            if name in {"define", "undefine", "macro"}:
                self._remember(written, one.args)
            elif name in {"include", "includeoptional"} and len(one.words) > 1:
                yield from self._include(one, stack, depth, inside=inside)
            elif name == "use" and len(one.words) > 1:
                yield from self._use(one, stack, depth, inside=inside)
            elif one.block is None:
                yield one
            elif name.startswith("if"):
                if self._applies(one, inside=inside):
                    yield from self._expand(one.block, stack, depth + 1, inside=inside)
            elif name not in _OF_REQUESTS:
                block = self._expand(one.block, stack, depth + 1, inside=True)
                yield statement(one.file, one.words, block)

    def _remember(self, one: Statement, args: Sequence[str]) -> None:
        """Remember or forget a variable or a macro."""
        name = args[0] if args else ""
        if one.name == "macro":
            self._macros[name.lower()] = one
        elif one.name == "define":
            self._defined[name] = args[1] if len(args) > 1 else ""
        else:
            self._defined.pop(name, None)

    def _filled(self, one: Statement) -> Statement:
        """Fill in the variables of the words, not of the block."""
        if True not in ["${" in word.text for word in one.words]:
            return one
        words = [
            Word(_VARIABLE.sub(self._value, word.text), word.start, word.end) for word in one.words
        ]
        self._request.meter.spend("expansions", sum(len(word.text) for word in words))
        return statement(one.file, words, one.block)

    def _value(self, found: re.Match[str]) -> str:
        return self._defined.get(found[1], found[0])

    def _applies(self, one: Statement, *, inside: bool) -> bool:
        """Whether a conditional section applies; modules are taken to be there."""
        condition = one.args[0] if one.args else ""
        negated = condition.startswith("!")
        if one.name == "ifversion" or (one.name == "ifmodule" and not negated):
            return True
        if one.name == "ifdefine" and condition.lstrip("!") in self._defined:
            return not negated
        if one.name not in _OF_REQUESTS and not inside and _names_hosts(one.block or ()):
            self.doubtful.append(one)
        return False

    def _include(
        self, one: Statement, stack: tuple[str, ...], depth: int, *, inside: bool
    ) -> Iterator[Statement]:
        written = one.args[0]
        files = self.files.matching(written)
        if files == []:
            # Of a folder, all files are included.
            files = self.files.matching(f"{written.rstrip('/')}/*")
        if files is None:
            self.missing.append(Unresolved(one, inside))
        for file in files or ():
            inner, deeper = self._included.inner(file, stack, one.at(one.words[1]).place)
            yield from self._expand(inner, deeper, depth + 1, inside=inside)

    def _use(
        self, one: Statement, stack: tuple[str, ...], depth: int, *, inside: bool
    ) -> Iterator[Statement]:
        if depth > _DEEPEST:
            raise one.file.refuse(_CIRCLE, one.words[0].start)
        macro = self._macros.get(one.args[0].lower())
        if macro is None:
            self.missing.append(Unresolved(one, inside))
            return
        values = dict(zip(macro.args[1:], one.args[1:], strict=False))
        # A name may be the beginning of another.
        longest = {name: values[name] for name in sorted(values, key=len, reverse=True)}
        filled = tuple(_replaced(inner, longest) for inner in macro.block or ())
        yield from self._expand(filled, stack, depth + 1, inside=inside)


def _names_hosts(block: Sequence[Statement]) -> bool:
    return any(one.name in _NAMING or _names_hosts(one.block or ()) for one in block)


def _replaced(one: Statement, values: Mapping[str, str]) -> Statement:
    """Return a statement of a macro with its parameters replaced."""
    words = []
    for word in one.words:
        text = word.text
        for name, value in values.items():
            text = text.replace(name, value) if name else text
        words.append(Word(text, word.start, word.end))
    block = None if one.block is None else tuple(_replaced(inner, values) for inner in one.block)
    return statement(one.file, words, block)
