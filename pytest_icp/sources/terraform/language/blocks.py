"""The blocks of files: what is declared, and where (配置块)."""

from __future__ import annotations

from typing import NamedTuple

from pytest_icp.sources.terraform.language.expressions import Expression


class Argument(NamedTuple):
    """An argument of a block: its expression and line."""

    value: Expression
    line: int


class Block(NamedTuple):
    """A block: its type and labels, file and line, arguments and blocks in it.

    ``replaced`` are the names of its arguments and blocks that an override file gives it, with
    the file and line of the block there. Those in ``json`` do not say what is an argument of them.
    """

    type: str
    labels: tuple[str, ...]
    file: str
    line: int
    arguments: dict[str, Argument]
    blocks: list[Block]
    replaced: dict[str, tuple[str, int]]


class SyntaxFault(Exception):  # noqa: N818 - of the source
    """A file is not written in the language: what is wrong, of which word, and where."""

    def __init__(self, what: str, word: str, line: int, column: int) -> None:
        super().__init__(what)
        self.word = word
        self.line = line
        self.column = column
