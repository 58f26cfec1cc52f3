"""A shard: some descriptions that are judged together, and how each of them is read."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Protocol

from msgspec import Struct

from pytest_icp.facts.description import Description
from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Text, plain

MEGABYTE = 1024 * 1024
MOST_ROWS = 500
MOST_BYTES = 32 * MEGABYTE
"""A shard has so many descriptions and bytes at most, or a single description that is larger."""

LARGEST_FILE = 512 * MEGABYTE
"""No reader takes a larger file, in bytes."""

LARGEST_ROW = 64 * MEGABYTE
"""The largest description in a row of a table, in bytes."""

TOO_LARGE = Text(
    zh="这一行超过 {most} MiB，不予读取", en="this row has more than {most} MiB and is not read"
).format(most=LARGEST_ROW // MEGABYTE)


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
    """What one worker judges at a time; it travels between processes and machines."""

    @property
    def digest(self) -> str:
        """A digest of the names and the contents of its descriptions."""
        ...

    @property
    def where(self) -> str:
        """The file or folder that it is a part of."""
        ...

    def items(self) -> Iterator[Item]:
        """Yield its descriptions; raises `InputError` for an input that cannot be used."""
        ...


class Refused(Struct, frozen=True, kw_only=True):
    """An input that cannot be used at all: it becomes one row of ``errors``."""

    where: str
    message: Text
    hint: Text = plain("")

    @property
    def digest(self) -> str:
        """A digest of what is wrong with it."""
        return digest_of([self.where, self.message.en])

    def items(self) -> Iterator[Item]:
        """Raise the error."""
        yield from self._raise()

    def _raise(self) -> Iterator[Item]:
        raise InputError(self.message, hint=self.hint)


def refused(where: str, error: InputError) -> Refused:
    """Return an input that an error tells to be unusable."""
    return Refused(where=where, message=error.message, hint=error.hint)


def digest_of(parts: Iterable[str | bytes]) -> str:
    """Return a digest of texts and contents, which changes with where each part ends."""
    digest = hashlib.sha256()
    for part in parts:
        raw = part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part
        digest.update(len(raw).to_bytes(8, "big"))
        digest.update(raw)
    return digest.hexdigest()


def digest_of_file(file: IO[bytes]) -> str:
    """Return the digest of an open file, of which little is held at a time."""
    digest = hashlib.sha256()
    while part := file.read(MEGABYTE):
        digest.update(part)
    return digest.hexdigest()
