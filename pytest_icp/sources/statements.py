"""The statements of a configuration that a small tokenizer takes apart (语句)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.files.decoding import decode
from pytest_icp.facts.files.positions import Lines
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text

LARGEST = 16 * 1024 * 1024
DEEPEST = 64
"""How deeply blocks may be nested."""


class Word(Struct, frozen=True, gc=False):
    """A word: its text without quotes and escapes, and where it is written."""

    text: str
    start: int
    end: int


class ConfigText(Confidential, Struct, frozen=True, eq=False, dict=True):
    """The text of one file."""

    path: Path
    text: str

    @cached_property
    def varies(self) -> bool:
        """Whether there is a variable in it, such as ``${NAME}``."""
        return "${" in self.text

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
    """One statement: its words, its block if it has one, and its name.

    The name is its first word; it is empty for a block without a name.
    """

    _shown = ("name",)

    file: ConfigText
    words: tuple[Word, ...]
    block: tuple[Statement, ...] | None
    name: str

    @property
    def args(self) -> tuple[str, ...]:
        """Its other words."""
        return tuple([word.text for word in self.words[1:]])

    def place(self, _: str = "", /) -> Place:
        """Return the place of its name."""
        return self.at(self.words[0]).place() if self.words else Place(path=self.file.path)

    def at(self, word: Word, since: Word | None = None) -> Spot:
        """Return one of its words; what is quoted begins at the name, or at another word."""
        return Spot(self, word, (since or self.words[0]).start)


def statement(
    file: ConfigText, words: Sequence[Word], block: Iterable[Statement] | None = None
) -> Statement:
    """Return a statement of words, the first of which is its name."""
    name = words[0].text if words else ""
    return Statement(file, tuple(words), None if block is None else tuple(block), name)


class Spot(Confidential, Struct, frozen=True, eq=False):
    """A word of a statement, to tell where something comes from."""

    statement: Statement
    word: Word
    since: int

    @property
    def name(self) -> str:
        """The name of the statement."""
        return self.statement.name

    def place(self, _: str = "", /) -> Place:
        """Return the place of the word."""
        return self.statement.file.place(self.word, self.since)


class _Open(Struct, frozen=True):
    """A block that is open: its words, where it begins, and what closes it."""

    words: tuple[Word, ...]
    start: int
    end: str


class Blocks:
    """The statements of a file while it is read, those of each open block apart."""

    def __init__(self, file: ConfigText) -> None:
        self._file = file
        self._open: list[_Open] = []
        self._statements: list[list[Statement]] = [[]]

    def __bool__(self) -> bool:
        """Whether a block is open."""
        return bool(self._open)

    def add(self, words: Sequence[Word]) -> None:
        """Add a statement without a block."""
        self._statements[-1].append(statement(self._file, words))

    def begin(self, words: Sequence[Word], start: int, end: str) -> None:
        """Begin the block of a statement, which ``end`` closes."""
        if len(self._open) >= DEEPEST:
            raise self._file.refuse(TOO_DEEP, start)
        self._open.append(_Open(tuple(words), start, end))
        self._statements.append([])

    def close(self, start: int, end: str) -> None:
        """Close the innermost block; raise `InputError` if that is not how it ends."""
        if not self._open or self._open[-1].end != end:
            raise self._file.refuse(ONE_TOO_MANY.format(end=end), start)
        inner = self._statements.pop()
        words = self._open.pop().words
        self._statements[-1].append(statement(self._file, words, inner))

    def finish(self) -> tuple[Statement, ...]:
        """Return the statements of the file; raise `InputError` if a block is still open."""
        if self._open:
            left = self._open[-1]
            raise self._file.refuse(NOT_CLOSED.format(end=left.end), left.start)
        return tuple(self._statements[0])


def configuration_text(path: Path, raw: bytes) -> str:
    """Return the text of a configuration, its lines ended by line feeds alone.

    Raises `InputError` for a binary file, and for one that is larger than `LARGEST`.
    """
    if len(raw) > LARGEST:
        raise InputError(_TOO_LARGE.format(most=LARGEST), place=Place(path=path))
    text = decode(raw)
    if "\0" in text:
        raise InputError(_BINARY, place=Place(path=path))
    return text.replace("\r\n", "\n").replace("\r", "\n")


_TOO_LARGE = Text(
    zh="超过 {most} 字节，不像配置文件", en="larger than {most} bytes: not a configuration"
)
_BINARY = Text(zh="是二进制文件，不是配置文件", en="a binary file, not a configuration")
TOO_DEEP = Text(zh="块嵌套过深", en="blocks are nested too deeply")
NOT_CLOSED = Text(zh="块没有关闭，缺少“{end}”", en="the block is not closed: a `{end}` is missing")
ONE_TOO_MANY = Text(zh="多出一个“{end}”", en="one `{end}` too many")
QUOTE_NOT_CLOSED = Text(zh="引号没有关闭", en="a quotation mark is not closed")
