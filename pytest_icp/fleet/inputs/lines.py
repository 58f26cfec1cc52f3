"""JSON Lines: a description on each line (每行一份描述)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import IO

from msgspec import Struct

from pytest_icp.facts.description import Description
from pytest_icp.facts.files.source import parse_source
from pytest_icp.fleet.inputs.shard import (
    LARGEST_ROW,
    MOST_BYTES,
    MOST_ROWS,
    TOO_LARGE,
    Item,
    digest_of,
)
from pytest_icp.fleet.storage import opened
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.reports.safe import one_line
from pytest_icp.sources.loading import load_alone

SUFFIXES = (".jsonl", ".ndjson")

_CHANGED = Text(
    zh="文件在核对期间被更改，请换一个输出位置再运行一次",
    en="the file was changed while it was judged; run again, into another place",
)


class Lines(Struct, frozen=True, kw_only=True):
    """Some lines of a file: from which offset and line on, and how many bytes."""

    where: str
    path: str
    start: int
    size: int
    first: int
    digest: str

    def items(self) -> Iterator[Item]:
        """Yield the descriptions of its lines."""
        digest, left = hashlib.sha256(), self.size
        with opened(self.path) as file:
            file.seek(self.start)
            for number, (line, size) in enumerate(_lines(file, digest), start=self.first):
                if not _is_blank(line, size):
                    yield row(self.where, number, line)
                left -= size
                if left <= 0:
                    break
        if self.digest != _named(self.where, self.first, digest):
            raise InputError(_CHANGED, place=Place(path=self.path))


def cut_lines(path: str, where: str) -> Iterator[Lines]:
    """Yield the shards of a file of JSON Lines; it is read once, for their digests.

    ``where`` is what tables call it.
    """
    with opened(path) as file:
        start, first = 0, 1
        while True:
            digest, rows, total, blank = hashlib.sha256(), 0, 0, True
            for line, size in _lines(file, digest):
                rows, total = rows + 1, total + size
                blank = blank and _is_blank(line, size)
                if rows == MOST_ROWS or total >= MOST_BYTES:
                    break
            if not rows:
                return
            if not blank:
                named = _named(where, first, digest)
                yield Lines(
                    where=where, path=path, start=start, size=total, first=first, digest=named
                )
            start, first = start + total, first + rows


def row(table: str, number: int, raw: bytes, name: str = "") -> Item:
    """Return the description in a row of a table, as JSON; it has no files beside it."""
    place = Path(f"{table.rpartition('/')[2]}#{number}")
    named = f"{table}#{one_line(name) or number}"
    return Item(name=named, base=Path.cwd(), load=partial(load_row, place, raw))


def load_row(place: Path, raw: bytes) -> Description:
    """Read the description in a row; raises `InputError` for one that cannot be used."""
    if len(raw) > LARGEST_ROW:
        raise InputError(TOO_LARGE, place=Place(path=place))
    return load_alone(parse_source(place, raw.strip(), ".json"))


def _lines(file: IO[bytes], digest: hashlib._Hash) -> Iterator[tuple[bytes, int]]:
    """Yield each line and its size; of one that is too long, only the beginning is kept."""
    while line := file.readline(LARGEST_ROW + 1):
        digest.update(line)
        size, last = len(line), line
        while not last.endswith(b"\n") and (last := file.readline(LARGEST_ROW)):
            digest.update(last)
            size += len(last)
        yield line, size


def _is_blank(line: bytes, size: int) -> bool:
    """Whether nothing is on a line; of one that is too long, something is."""
    return size == len(line) and not line.strip()


def _named(where: str, first: int, digest: hashlib._Hash) -> str:
    return digest_of([where, str(first), digest.digest()])
