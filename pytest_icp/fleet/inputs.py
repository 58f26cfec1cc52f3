"""Descriptions of a fleet, and shards of them: what one worker judges at a time (分片)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Protocol, TypeVar

from msgspec import Struct

from pytest_icp.facts.description import Description
from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Text, plain

MEGABYTE = 1024 * 1024
MOST_ROWS = 500
MOST_BYTES = 32 * MEGABYTE
"""A shard has so many descriptions and bytes at most, or a single description that is larger."""

CHANGED = Text(
    zh="文件在核对期间被更改，请换一个输出位置再运行一次",
    en="the file was changed while it was judged; run again, into another place",
)


_Row = TypeVar("_Row")


class Item(Struct, frozen=True, kw_only=True):
    """One description of a shard.

    ``name`` is what the tables call it, ``base`` the folder that paths in its findings are
    relative to, ``folder`` where its waivers are, None where it has no files beside it. ``load``
    reads it, and raises `InputError` if it cannot be used.
    """

    name: str
    base: Path
    load: Callable[[], Description]
    folder: Path | None = None


class Shard(Protocol):
    """Some descriptions that are judged together; it travels between processes and machines."""

    @property
    def digest(self) -> str:
        """A digest of the names of its descriptions, and of what tells that they have changed."""
        ...

    @property
    def where(self) -> str:
        """The file or folder that it is a part of."""
        ...

    @property
    def count(self) -> int:
        """How many descriptions it has at most."""
        ...

    def items(self) -> Iterator[Item]:
        """Yield its descriptions; raises `InputError` for an input that cannot be used."""
        ...


class Refused(Struct, frozen=True, kw_only=True):
    """An input that cannot be used at all: it becomes one row of ``errors``."""

    where: str
    message: Text
    hint: Text = plain("")
    count: int = 0

    @property
    def digest(self) -> str:
        """A digest of what is wrong with it."""
        return digest_of([self.where, self.message.en])

    def items(self) -> Iterator[Item]:
        """Raise the error."""
        raise InputError(self.message, hint=self.hint)


def cut(rows: Iterable[tuple[_Row, int]]) -> Iterator[list[tuple[_Row, int]]]:
    """Yield so many descriptions, with their sizes, as a shard may have."""
    some: list[tuple[_Row, int]] = []
    total = 0
    for row in rows:
        some.append(row)
        total += row[1]
        if len(some) == MOST_ROWS or total >= MOST_BYTES:
            yield some
            some, total = [], 0
    if some:
        yield some


def digest_of(parts: Iterable[str | bytes]) -> str:
    """Return a digest of texts and contents, which changes with where each part ends."""
    digest = hashlib.sha256()
    for part in parts:
        raw = part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part
        digest.update(len(raw).to_bytes(8, "big"))
        digest.update(raw)
    return digest.hexdigest()
