"""Descriptions of a fleet, and shards of them (分片): what one worker judges at a time.

A table, JSON Lines or Parquet, has a description as JSON in each row.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import IO, Any, Protocol, TypeAlias, TypeVar

from msgspec import Struct

from pytest_icp.facts.description import Description
from pytest_icp.facts.files.disk import MEGABYTE
from pytest_icp.facts.files.source import parse_source
from pytest_icp.fleet.storage import arrow, is_url, opened, stamp_of
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text, plain
from pytest_icp.reports.layout import one_line
from pytest_icp.sources.loading import load_alone

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


LINES = (".jsonl", ".ndjson")
PARQUET = ".parquet"
_DESCRIPTION, _ID = "description", "id"
"""The columns that hold the description and, where there is one, its id."""

LARGEST_ROW = 64 * MEGABYTE
"""The largest description in a row of a table, in bytes."""

LARGEST_GROUP = 256 * MEGABYTE
"""So many bytes may a row group of Parquet have, unpacked."""

_Sized: TypeAlias = tuple[bytes, int]
"""A row, as far as it is looked at, and its size."""

_STEP = 32
"""So many rows of Parquet are decoded at a time."""

_TOO_LARGE = Text(
    zh="这一行超过 {most} MiB，不予读取", en="this row has more than {most} MiB and is not read"
).format(most=LARGEST_ROW // MEGABYTE)
_LARGE_GROUP = Text(
    zh="超出预算：第 {n} 个行组解开后超过 {most} MiB",
    en="over budget: row group {n} has more than {most} MiB, unpacked",
).format(n="{n}", most=LARGEST_GROUP // MEGABYTE)
_SMALLER = Text(
    zh="写成较小的行组，例如每组 500 行（row_group_size=500）",
    en="write smaller row groups, such as of 500 rows (row_group_size=500)",
)
_NO_TABLE = Text(zh="不是可读的 Parquet 文件", en="not a readable Parquet file")
_NO_COLUMN = Text(zh="表中没有列“{name}”", en="the table has no column {name!r}")
_NO_TEXT = Text(
    zh="列“{name}”的类型是 {type}，应为文本", en="the column {name!r} is {type}, not text"
)
_NAME_IT = Text(zh="把放描述的列命名为 {name}", en="call the column of descriptions {name}").format(
    name=_DESCRIPTION
)
_TEXTS = re.compile("(large_)?(string|binary)(_view)?")


class Table(Struct, frozen=True, kw_only=True):
    """Some rows of a table, from one on; ``start`` is the offset of a line, or the first row.

    ``where`` is what tables call the file at ``path``, and ``stamp`` what tells that it has
    changed. ``group`` is the row group of Parquet.
    """

    where: str
    path: str
    stamp: str
    start: int
    first: int
    count: int
    group: int = 0

    @property
    def digest(self) -> str:
        """A digest of the file and of which rows of it these are."""
        which = f"{self.first} {self.count}"
        # Where secrets are not shown, two addresses may look alike.
        url = self.path if is_url(self.path) else ""
        return digest_of([self.where, url, self.stamp, which])

    def items(self) -> Iterator[Item]:
        """Yield the descriptions of its rows."""
        if stamp_of(self.path) != self.stamp:
            raise InputError(CHANGED, place=Place(path=self.where))
        with opened(self.path) as file:
            if is_lines(self.path):
                yield from self._of_lines(file)
            else:
                with _readable(self.where):
                    yield from self._of_parquet(file)

    def _of_lines(self, file: IO[bytes]) -> Iterator[Item]:
        file.seek(self.start)
        for number, (line, size) in zip(
            range(self.first, self.first + self.count), _lines(file), strict=False
        ):
            if not _is_blank(line, size):
                yield self._item(number, line)

    def _of_parquet(self, file: IO[bytes]) -> Iterator[Item]:
        table, at = _parquet(file, self.where), 0
        names = [name for name in (_DESCRIPTION, _ID) if name in table.schema_arrow.names]
        for batch in table.iter_batches(_STEP, row_groups=[self.group], columns=names):
            begin, end = (max(0, n - at) for n in (self.start, self.start + self.count))
            for i in range(begin, min(end, batch.num_rows)):
                text, *named = (batch.column(name)[i] for name in names)
                name = _name(named[0]) if named else ""
                yield self._item(self.first + at + i - self.start, _bytes(text), name)
            at += batch.num_rows
            if end <= batch.num_rows:
                return

    def _item(self, number: int, raw: bytes, name: str = "") -> Item:
        place = Path(f"{self.where.rpartition('/')[2]}#{number}")
        named = f"{self.where}#{one_line(name) or number}"
        return Item(name=named, base=Path.cwd(), load=partial(load_row, place, raw))


def load_row(place: Path, raw: bytes) -> Description:
    """Read the description in a row; raises `InputError` for one that cannot be used."""
    if len(raw) > LARGEST_ROW:
        raise InputError(_TOO_LARGE, place=Place(path=place))
    return load_alone(parse_source(place, raw.strip(), ".json"))


def is_lines(path: str) -> bool:
    """Whether a file holds JSON Lines, by its name."""
    return bare(path).endswith(LINES)


def bare(path: str) -> str:
    """Return the name of a file, in lower case, without what an address asks for behind it."""
    return (re.split("[?#]", path)[0] if is_url(path) else path).lower()


def cut_table(path: str, where: str) -> Iterator[Table]:
    """Yield the shards of a table; ``where`` is what tables call it.

    It is read once, for where its rows begin and how large they are. Raises `InputError` for one
    that cannot be read.
    """
    shard = partial(Table, path=path, where=where, stamp=stamp_of(path))
    with opened(path) as file:
        if is_lines(path):
            yield from _cut_lines(file, shard)
            return
        with _readable(where):
            yield from _cut_parquet(file, where, shard)


def _cut_lines(file: IO[bytes], shard: Callable[..., Table]) -> Iterator[Table]:
    start, first = 0, 1
    for lines in cut(within_budget(_lines(file))):
        if not all(_is_blank(*one) for one in lines):
            yield shard(start=start, first=first, count=len(lines))
        start, first = start + sum(size for _, size in lines), first + len(lines)


def _cut_parquet(file: IO[bytes], where: str, shard: Callable[..., Table]) -> Iterator[Table]:
    """Yield shards of which none crosses a row group.

    Raises `InputError` for more than an input may have, by what the file tells of itself before
    anything is unpacked.
    """
    table = _parquet(file, where)
    if table.metadata.num_rows > MOST:
        raise InputError(TOO_MANY, place=Place(path=where), hint=SPLIT)
    for group in range(table.metadata.num_row_groups):
        # Of a column pyarrow ends the process when what is told of it contradicts itself.
        if table.metadata.row_group(group).total_byte_size > LARGEST_GROUP:
            message = _LARGE_GROUP.format(n=group + 1)
            raise InputError(message, place=Place(path=where), hint=_SMALLER)
    first = 1
    for group, rows in groupby(within_budget(_sizes(table)), key=itemgetter(0)):
        start = 0
        for some in cut(rows):
            yield shard(group=group, start=start, first=first, count=len(some))
            start, first = start + len(some), first + len(some)


def _lines(file: IO[bytes]) -> Iterator[_Sized]:
    """Yield each line and its size; of one that is too long, only the beginning is kept."""
    while line := file.readline(LARGEST_ROW + 1):
        size, last = len(line), line
        while not last.endswith(b"\n") and (last := file.readline(LARGEST_ROW)):
            size += len(last)
        yield line, size


def _is_blank(line: bytes, size: int) -> bool:
    """Whether nothing is on a line; of one that is too long, something is."""
    return size == len(line) and not line.strip()


def _sizes(table: Any) -> Iterator[tuple[int, int]]:
    """Yield the row group and the size of each description; one text is unpacked once."""
    compute = arrow().compute
    for group in range(table.metadata.num_row_groups):
        for batch in table.iter_batches(_STEP, row_groups=[group], columns=[_DESCRIPTION]):
            texts = batch.column(0)
            sizes = compute.binary_length(texts.dictionary).take(texts.indices)
            yield from ((group, size or 0) for size in sizes.to_pylist())


def _name(cell: Any) -> str:
    """Return the id in a cell; empty where there is none, or what it holds is not its type."""
    try:
        return str(cell.as_py()) if cell.is_valid else ""
    except (ValueError, OverflowError):
        return ""


def _bytes(text: Any) -> bytes:
    """Return a text of Parquet, and not much more of one that is too large."""
    if not text.is_valid:
        return b""
    raw: bytes = text.value.as_buffer()[: LARGEST_ROW + 1].to_pybytes()
    return raw


@contextmanager
def _readable(where: str) -> Iterator[None]:
    """Say in our own words what pyarrow says of a file that is broken, or is no Parquet."""
    pyarrow = arrow()
    try:
        yield
    except (pyarrow.ArrowException, OSError, UnicodeDecodeError) as error:
        if isinstance(error, OSError) and error.errno:
            # The disk, and not what the file contains.
            raise
        raise InputError(_NO_TABLE, place=Place(path=where)) from error


def _parquet(file: IO[bytes], where: str) -> Any:
    """Return a file of Parquet, of which a text that many rows have is read once.

    Raises `InputError` for one without a column of texts.
    """
    parquet, name = arrow().parquet, _DESCRIPTION
    schema = parquet.read_schema(file)
    if name not in schema.names:
        raise InputError(_NO_COLUMN.format(name=name), place=Place(path=where), hint=_NAME_IT)
    kind = schema.field(name).type
    if not _is_text(kind):
        message = _NO_TEXT.format(name=name, type=kind)
        raise InputError(message, place=Place(path=where), hint=_NAME_IT)
    texts = [one.name for one in schema if _is_text(one.type)]
    return parquet.ParquetFile(file, read_dictionary=texts, pre_buffer=False)


def _is_text(kind: Any) -> bool:
    of_values = kind.value_type if arrow().types.is_dictionary(kind) else kind
    return _TEXTS.fullmatch(str(of_values)) is not None
