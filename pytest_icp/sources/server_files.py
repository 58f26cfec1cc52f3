"""The configurations of servers: their statements (语句), and the files that they name."""

from __future__ import annotations

import glob
import os
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import translate
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import ClassVar

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.files.disk import decode, is_file, is_folder
from pytest_icp.facts.files.positions import Lines
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.request import Request

LARGEST = 16 * 1024 * 1024
DEEPEST = 64
"""How deeply blocks may be nested."""
MOST_FILES = 5000
"""How many files are included, each as often as it is."""
_MOST_INSIDE = 100
"""How deeply included files, and what else is inserted, may be nested."""


class Word(Struct, frozen=True, gc=False):
    """A word: its text without quotes and escapes, and where it is written."""

    text: str
    start: int
    end: int


class ConfigText(Confidential, Struct, frozen=True, eq=False, dict=True):
    """The text of one file, its lines ended by line feeds alone.

    Reading it raises `InputError` if it is binary, or larger than `LARGEST`.
    """

    path: Path
    text: str

    @classmethod
    def read(cls, path: Path, raw: bytes) -> ConfigText:
        """Return the text of a configuration."""
        if len(raw) > LARGEST:
            raise InputError(_TOO_LARGE.format(most=LARGEST), place=Place(path=path))
        text = decode(raw)
        if "\0" in text:
            raise InputError(_BINARY, place=Place(path=path))
        return cls(path, text.replace("\r\n", "\n").replace("\r", "\n"))

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self.text)

    def place(self, word: Word, since: int) -> Place:
        """Return the place of a word; of its line, no more is quoted than what comes since.

        Before it and after it may be secrets.
        """
        place = self._lines.place(self.path, word.start, word.end)
        begins = max(0, since - word.start + (place.column or 1) - 1)
        ends = (place.column or 1) - 1 + place.width
        excerpt = place.excerpt and " " * begins + place.excerpt[begins:ends]
        return replace(place, excerpt=excerpt)

    def refuse(self, message: Text, at: int) -> InputError:
        """Return the error at an offset."""
        place = self._lines.place(self.path, at, at + 1)
        return InputError(message, place=replace(place, excerpt=""))


class Statement(Confidential, Struct, frozen=True, eq=False):
    """One statement: its words, and its block if it has one.

    ``meant`` is the word that it is read for, such as one of several host names; without one, its
    name. The place of a statement is quoted from its name up to that word.
    """

    file: ConfigText
    words: tuple[Word, ...]
    block: tuple[Statement, ...] | None = None
    meant: Word | None = None

    @property
    def name(self) -> str:
        """Its first word; empty for a block without a name."""
        return self.words[0].text if self.words else ""

    @property
    def args(self) -> tuple[str, ...]:
        """Its other words."""
        return tuple([word.text for word in self.words[1:]])

    @property
    def text(self) -> str:
        """The word that it is read for."""
        return self.meant.text if self.meant else self.name

    def at(self, word: Word) -> Statement:
        """Return the statement, read for another of its words."""
        return replace(self, meant=word)

    def place(self) -> Place:
        """Return the place of the word that it is read for."""
        if not self.words:
            return Place(path=self.file.path)
        return self.file.place(self.meant or self.words[0], self.words[0].start)


class Blocks:
    """The statements of a file while it is read, those of each open block apart."""

    def __init__(self, file: ConfigText) -> None:
        self._file = file
        # The words of each open block, where it begins, and what closes it.
        self._open: list[tuple[Sequence[Word], int, str]] = []
        self._statements: list[list[Statement]] = [[]]

    def __bool__(self) -> bool:
        """Whether a block is open."""
        return bool(self._open)

    @property
    def inside(self) -> str:
        """The name of the innermost open block; empty if it has none, or none is open."""
        words = self._open[-1][0] if self._open else ()
        return words[0].text if words else ""

    def add(self, words: Sequence[Word]) -> None:
        """Add a statement without a block."""
        self._statements[-1].append(Statement(self._file, tuple(words)))

    def begin(self, words: Sequence[Word], start: int, end: str) -> None:
        """Begin the block of a statement, which ``end`` closes."""
        if len(self._open) >= DEEPEST:
            raise self._file.refuse(_TOO_DEEP, start)
        self._open.append((tuple(words), start, end))
        self._statements.append([])

    def close(self, start: int, end: str) -> None:
        """Close the innermost block; raise `InputError` if that is not how it ends."""
        if not self._open or self._open[-1][2] != end:
            raise self._file.refuse(_ONE_TOO_MANY.format(end=end), start)
        inner = tuple(self._statements.pop())
        words, _, _ = self._open.pop()
        self._statements[-1].append(Statement(self._file, tuple(words), inner))

    def finish(self) -> tuple[Statement, ...]:
        """Return the statements of the file; raise `InputError` if a block is still open."""
        if self._open:
            _, start, end = self._open[-1]
            raise self._file.refuse(NOT_CLOSED.format(end=end), start)
        return tuple(self._statements[0])


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
            parts = PurePosixPath(rest).parts
            fixed = next((i for i, part in enumerate(parts) if glob.has_magic(part)), len(parts))
            top = folder.joinpath(*parts[:fixed])
            if self._is_inside(top) and ".." not in parts[fixed:]:
                names = sorted(self._names_of(folder, parts))
                if names or (glob.has_magic(rest) and is_folder(top)):
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


class Configuration(ABC):
    """Reads configuration files and what they include, inside the repository only.

    ``main`` and ``installed`` are what `ServerFiles` asks for. ``missing`` are the words that name
    what is not there, with whether it may name hosts: what stands in another block than ``http``
    does not, nor do files with ``harmless`` names. What is being inserted is a stack of real
    paths; what else a configuration inserts, such as a macro, has none.
    """

    main: ClassVar[tuple[str, ...]]
    installed: ClassVar[str]
    harmless: ClassVar[re.Pattern[str]] = re.compile(r"(?!)")

    def __init__(self, request: Request) -> None:
        self.request = request
        self.files = ServerFiles(request, self.main, self.installed)
        self.missing: list[tuple[Statement, bool]] = []
        self._parsed: dict[str, tuple[Statement, ...]] = {}
        self._count = 0

    def top(self, *suffixes: str, prefix: str = "") -> list[Path]:
        """Return the main files of the requested folder, or all with a suffix if it has none.

        Raises `InputError` if there are none with a suffix, either.
        """
        files = list(self.request.files(*suffixes, prefix=prefix))
        mains = [self.request.path / name for name in self.main]
        return [file for file in files if file in mains] or files

    @abstractmethod
    def parse(self, file: ConfigText) -> tuple[Statement, ...]:
        """Parse one file; what it includes is not followed."""

    @abstractmethod
    def expand(
        self, statements: Sequence[Statement], inside: tuple[str, ...], stack: tuple[str, ...]
    ) -> Iterator[Statement]:
        """Yield statements in the blocks of some names, with what they include inserted."""

    def statements(self, path: Path) -> tuple[Statement, ...]:
        """Return the statements of a file with those of all included files.

        Raises `InputError` with file and line for a file that is not such a configuration, and for
        one that includes itself.
        """
        self.files.begin(path)
        raw = self.request.read(path)
        parsed = self.parse(ConfigText.read(path, raw))
        return tuple(self.expand(parsed, (), (os.path.realpath(path),)))

    def included(
        self,
        one: Statement,
        files: Sequence[Path] | None,
        inside: tuple[str, ...],
        stack: tuple[str, ...],
    ) -> Iterator[tuple[tuple[Statement, ...], tuple[str, ...]]]:
        """Yield what is in files that a statement includes, and the stack to go on with.

        Each file is read once; None are files that are not in the repository. Raises `InputError`
        at the statement for a file that includes itself, and beyond `MOST_FILES`.
        """
        spot = one.at(one.words[1])
        if files is None:
            naming = {*inside} <= {"http"} and not self.harmless.search(spot.text)
            self.missing.append((spot, naming))
        for file in files or ():
            real = os.path.realpath(file)
            self._count += 1
            if real in stack:
                raise InputError(_CIRCLE, place=spot.place())
            if self._count > MOST_FILES or len(stack) > _MOST_INSIDE:
                raise InputError(_TOO_MANY, place=spot.place())
            if real not in self._parsed:
                raw = self.request.read(file)
                self._parsed[real] = self.parse(ConfigText.read(file, raw))
            yield self._parsed[real], (*stack, real)

    def deeper(self, one: Statement, stack: tuple[str, ...], circle: Text) -> tuple[str, ...]:
        """Return the stack inside what a statement inserts; raise `InputError` if it never ends."""
        if len(stack) > _MOST_INSIDE:
            raise one.file.refuse(circle, one.words[0].start)
        return (*stack, "")


_TOO_LARGE = Text(
    zh="超过 {most} 字节，不像配置文件", en="larger than {most} bytes: not a configuration"
)
_BINARY = Text(zh="是二进制文件，不是配置文件", en="a binary file, not a configuration")
_TOO_DEEP = Text(zh="块嵌套过深", en="blocks are nested too deeply")
NOT_CLOSED = Text(zh="块没有关闭，缺少“{end}”", en="the block is not closed: a `{end}` is missing")
_ONE_TOO_MANY = Text(zh="多出一个“{end}”", en="one `{end}` too many")
QUOTE_NOT_CLOSED = Text(zh="引号没有关闭", en="a quotation mark is not closed")
_CIRCLE = Text(zh="include 循环引用", en="the file includes itself")
_TOO_MANY = Text(zh="include 的文件过多", en="too many files are included")
