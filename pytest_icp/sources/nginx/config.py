"""An nginx configuration: its directives with their places, includes inserted (nginx 配置)."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.extras import missing_extra
from pytest_icp.facts.files.budget import Meter
from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.files.positions import Lines
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.suggestions import did_you_mean, nearest
from pytest_icp.law.text import Text
from pytest_icp.sources.request import Request
from pytest_icp.sources.server_files import (
    DEEPEST,
    NOT_CLOSED,
    ONE_TOO_MANY,
    QUOTE_NOT_CLOSED,
    TOO_DEEP,
    Included,
    ServerFiles,
    configuration_text,
)

_WORD = re.compile(r"[^\s;{}'\"]+")
_FIRST = re.compile(r"\s*+([^\s;{]*)")
_NEAR = 10_000
TEMPLATES = (
    *(".j2", ".jinja", ".jinja2", ".tmpl", ".tpl", ".gotmpl", ".ctmpl", ".mustache"),
    *(".template", ".erb", ".epp"),
)
"""The endings of templates, which tools of deployment render."""

# A comment, or what a template is known by; nginx itself writes such signs in Lua alone.
_TAG = re.compile(r"#[^\n]*+|(\{\{|\{%|<%)")
_NOT_RENDERED = Text(
    zh="模板尚未渲染，无法判断有哪些网站；请改用渲染后的配置",
    en="this template is not rendered, so its sites are not known; use the rendered configuration "
    "instead",
)
_READING = Text(zh="读取 nginx 配置", en="reading nginx configuration")


class UnrenderedError(InputError):
    """A template that is not rendered, so that nothing of it is certain."""


class ConfigFile(Confidential, Struct, frozen=True, eq=False, dict=True):
    """One file of a configuration; ``path`` is as it was requested or included."""

    path: Path
    text: str

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self.text)

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer("\n", self.text))]

    @cached_property
    def _words(self) -> dict[str, list[int]]:
        """Where each word is: a line may have thousands, each of which is looked for."""
        words: dict[str, list[int]] = {}
        for found in _WORD.finditer(self.text):
            words.setdefault(found[0], []).append(found.start())
        return words

    def place(self, line: int | None, word: str = "") -> Place:
        """Return the place of the first occurrence of a word from a line on, or of the line."""
        if line is None or line > len(self._starts):
            return Place(path=self.path)
        return self.at(*self._span(self._starts[line - 1], word))

    def at(self, start: int, end: int) -> Place:
        """Return the place of a part of the text.

        Of the line, no more is quoted than that part and what its directive has before it: headers
        and addresses may hold secrets.
        """
        place = self._lines.place(self.path, start, end)
        before = place.excerpt[: (place.column or 1) - 1]
        others = max(map(before.rfind, ";{}\"'")) + 1
        shown = " " * others + place.excerpt[others : len(before) + place.width]
        return replace(place, excerpt=shown)

    def _span(self, start: int, word: str) -> tuple[int, int]:
        known = self._words.get(word, ())
        at = bisect_left(known, start)
        if at < len(known):
            return known[at], known[at] + len(word)
        if word and not _WORD.fullmatch(word):
            # A text in quotes, which is close to its line.
            found = self.text.find(word, start, start + _NEAR)
            if found >= 0:
                return found, found + len(word)
        first = _FIRST.match(self.text, start)
        return first.span(1) if first else (start, start)


class Directive(Confidential, Struct, frozen=True, eq=False):
    """One directive (指令): its name, its arguments, and its block if it has one."""

    _shown = ("name", "file", "line")

    name: str
    args: tuple[str, ...]
    file: ConfigFile
    line: int
    block: tuple[Directive, ...] | None = None

    def place(self, word: str = "") -> Place:
        """Return the place of the directive, or of one of its arguments."""
        return self.file.place(self.line, word or self.name)


def parse(path: Path, raw: bytes, meter: Meter | None = None) -> tuple[Directive, ...]:
    """Parse one file. Includes are not followed, and the context of directives is not checked.

    Only the lexer of crossplane is used. Its parser is not: after a missing `;` it reads the next
    directive as more arguments, loses the brace after it, and recurses.
    """
    try:
        from crossplane.errors import NgxParserBaseException
        from crossplane.lexer import lex_string
    except ImportError:
        raise missing_extra("nginx", _READING, place=Place(path=path)) from None
    file = ConfigFile(path, configuration_text(path, raw))
    builder, meter = _Builder(file), meter or Meter()
    tag = next((found for found in _TAG.finditer(file.text) if found[1]), None)
    if tag and path.name.lower().endswith(TEMPLATES):
        raise UnrenderedError(_NOT_RENDERED, place=file.at(*tag.span(1)))
    try:
        for word, line, quoted in lex_string(file.text):
            meter.spend("elements")
            builder.add(word, line, quoted=quoted)
        return builder.finish()
    except (NgxParserBaseException, InputError) as error:
        if tag:
            raise UnrenderedError(_NOT_RENDERED, place=file.at(*tag.span(1))) from None
        if isinstance(error, InputError):
            raise
        raise _refused(file, error.strerror, error.lineno, builder.opened) from None


class _Builder:
    """Builds the tree of directives: the open blocks, and the words of the current directive."""

    def __init__(self, file: ConfigFile) -> None:
        self._file = file
        self._blocks: list[list[Directive]] = [[]]
        self._begun: list[tuple[list[str], int]] = []
        self._words: list[str] = []
        self._line = 0

    @property
    def opened(self) -> int | None:
        """The line where the innermost open block begins."""
        return self._begun[-1][1] if self._begun else None

    def add(self, word: str, line: int, *, quoted: bool) -> None:
        """Add the next word or sign."""
        if quoted or word not in {"{", "}", ";"}:
            if quoted or not word.startswith("#"):
                self._line = self._line if self._words else line
                self._words.append(word)
        elif word == ";":
            self._end()
        elif word == "{":
            self._open(line)
        else:
            self._unended()
            inner = tuple(self._blocks.pop())
            self._words, self._line = self._begun.pop()
            self._end(inner)

    def finish(self) -> tuple[Directive, ...]:
        """Return the directives of the file."""
        self._unended()
        return tuple(self._blocks[0])

    def _open(self, line: int) -> None:
        if self._words and _is_plain(self._words[0]):
            self._unended()
        if len(self._blocks) > DEEPEST:
            raise InputError(TOO_DEEP, place=self._file.place(line))
        self._begun.append((self._words, self._line))
        self._blocks.append([])
        self._words = []

    def _end(self, block: tuple[Directive, ...] | None = None) -> None:
        if self._words:
            name, *args = self._words
            self._check_spelling(name)
            self._blocks[-1].append(Directive(name, tuple(args), self._file, self._line, block))
        self._words = []

    def _check_spelling(self, name: str) -> None:
        """Refuse an unknown directive that is a likely misspelling of one that is read."""
        around = self._begun[-1][0][:1] if self._begun else []
        if around in ([], ["http"], ["server"], ["location"]) and not _masks(name):
            near = nearest(name, _READ, cutoff=0.85)
            if near:
                raise InputError(
                    Text(zh=f"未知的指令 {name}", en=f"unknown directive `{name}`"),
                    place=self._file.place(self._line, name),
                    hint=did_you_mean(near),
                )

    def _unended(self) -> None:
        """Refuse a directive without a `;` at the end of its block or file."""
        if self._words:
            name = self._words[0]
            raise InputError(
                Text(zh=f"指令 {name} 没有以“;”结束", en=f"`{name}` does not end in `;`"),
                place=self._file.place(self._line, name),
            )


_READ = (
    *("include", "server_name", "listen", "location", "return", "rewrite", "access_log"),
    *("proxy_pass", "fastcgi_pass"),
)


def _is_plain(name: str) -> bool:
    """Whether a directive is known and never opens a block."""
    from crossplane.analyzer import NGX_CONF_BLOCK

    masks = _masks(name)
    return bool(masks) and not any(mask & NGX_CONF_BLOCK for mask in masks)


def _masks(name: str) -> Sequence[int]:
    """Return the bit masks of crossplane for a directive; empty if it is unknown."""
    from crossplane.analyzer import DIRECTIVES

    masks: Sequence[int] = DIRECTIVES.get(name, ())
    return masks


def _refused(file: ConfigFile, said: str, line: int | None, opened: int | None) -> InputError:
    """Return the error of the lexer; an unclosed block has the place where it opens."""
    if said == 'unexpected "}"':
        message = ONE_TOO_MANY.format(end="}")
    elif said.endswith('"}"'):
        message = NOT_CLOSED.format(end="}")
        line = opened or line
    elif "Lua" in said:
        message = Text(zh="Lua 块应以“{”开始", en="a Lua block must begin with `{`")
    else:
        message = QUOTE_NOT_CLOSED
    return InputError(message, place=file.place(line))


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
