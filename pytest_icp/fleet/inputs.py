"""Descriptions of a fleet, and shards of them: what one worker judges at a time (分片)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Protocol, TypeVar

from msgspec import Struct

from pytest_icp.facts.description import Description
from pytest_icp.facts.files.source import MEGABYTE
from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Text, plain

MOST_ROWS = 500
MOST_BYTES = 32 * MEGABYTE
"""A shard has so many descriptions and bytes at most, or a single description that is larger."""

MOST = 150_000
MOST_TEXT = 16 * 1024 * MEGABYTE
"""An input that is named has so many descriptions and bytes of them at most, unpacked."""

SECONDS = 600
"""So many seconds of the processor are spent on a shard."""

TOO_MANY = Text(
    zh="超出预算：最多 {n:,} 份描述", en="over budget: more than {n:,} descriptions"
).format(n=MOST)
_TOO_MUCH = Text(
    zh="超出预算：描述解开后最多 {n} GiB", en="over budget: more than {n} GiB of descriptions"
).format(n=MOST_TEXT // 1024 // MEGABYTE)
SPLIT = Text(
    zh="拆成几个较小的输入；限额见 docs/limits.zh.md",
    en="split it into smaller inputs; docs/limits.md has the limits",
)
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


def within_budget(rows: Iterable[tuple[_Row, int]]) -> Iterator[tuple[_Row, int]]:
    """Yield the descriptions of an input; raises `InputError` for more than it may have."""
    total = 0
    for number, row in enumerate(rows, start=1):
        total += row[1]
        if number > MOST or total > MOST_TEXT:
            raise InputError(TOO_MANY if number > MOST else _TOO_MUCH, hint=SPLIT)
        yield row


def digest_of(parts: Iterable[str | bytes]) -> str:
    """Return a digest of texts and contents, which changes with where each part ends."""
    digest = hashlib.sha256()
    for part in parts:
        raw = part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part
        digest.update(len(raw).to_bytes(8, "big"))
        digest.update(raw)
    return digest.hexdigest()
