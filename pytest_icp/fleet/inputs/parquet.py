"""Parquet: a description in each row, as JSON text in one column (列式表)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from msgspec import Struct

from pytest_icp.fleet.inputs.lines import row
from pytest_icp.fleet.inputs.shard import MEGABYTE, MOST_BYTES, MOST_ROWS, Item, digest_of
from pytest_icp.fleet.storage import arrow, opened
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.suggestions import suggested
from pytest_icp.law.text import Text

SUFFIX = ".parquet"
DESCRIPTION = "description"
ID = "id"

_NO_TABLE = Text(zh="不是可读的 Parquet 文件", en="not a readable Parquet file")
_NO_COLUMN = Text(zh="表中没有列“{name}”", en="the table has no column {name!r}")
_NO_TEXT = Text(
    zh="列“{name}”的类型是 {type}，应为文本", en="the column {name!r} is {type}, not text"
)
_NAME_IT = Text(zh="用 --column 指明放描述的列", en="name the column of descriptions by --column")
_TEXTS = re.compile("(large_)?(string|binary)(_view)?")
_STEP = 32
"""So many rows are decoded at a time."""


class Columns(Struct, frozen=True, kw_only=True):
    """The columns that hold the description and, where there is one, its id."""

    description: str = DESCRIPTION
    id: str = ID


class Rows(Struct, frozen=True, kw_only=True):
    """Some rows of one row group: from which on, and how many."""

    where: str
    path: str
    columns: Columns
    group: int
    start: int
    count: int
    first: int
    digest: str

    def items(self) -> Iterator[Item]:
        """Yield the descriptions of its rows; the group is decoded step by step."""
        at, end = 0, self.start + self.count
        with opened(self.path) as file, _readable(self.path):
            table = _table(file)
            names = _columns(table, self.columns, self.path)
            for batch in table.iter_batches(_STEP, row_groups=[self.group], columns=names):
                begin, after = max(self.start - at, 0), min(end - at, batch.num_rows)
                for i in range(begin, after):
                    yield self._item(batch, i, self.first + at + i)
                at += batch.num_rows
                if at >= end:
                    return

    def _item(self, batch: Any, i: int, before: int) -> Item:
        raw = batch.column(self.columns.description)[i].as_py()
        text = raw.encode("utf-8", "surrogatepass") if isinstance(raw, str) else raw or b""
        named = batch.column(self.columns.id)[i].as_py() if batch.num_columns > 1 else None
        return row(self.where, before + 1, text, "" if named is None else str(named))


def cut_rows(path: str, where: str, columns: Columns) -> Iterator[Rows]:
    """Yield the shards of a Parquet file: none crosses a row group.

    The columns are read once, for their digests. Raises `InputError` for another file, or a table
    without the column.
    """
    with opened(path) as file, _readable(path):
        table = _table(file)
        wanted = _columns(table, columns, path)
        first = 0
        for group in range(table.metadata.num_row_groups):
            about = table.metadata.row_group(group)
            chunks = [about.column(i) for i in range(about.num_columns)]
            chunks = [one for one in chunks if one.path_in_schema in wanted]
            content, rows = _digest(file, chunks), about.num_rows
            size = sum(one.total_uncompressed_size for one in chunks)
            each = max(1, min(MOST_ROWS, MOST_BYTES * rows // max(size, 1)))
            for start in range(0, rows, each):
                yield Rows(
                    where=where,
                    path=path,
                    columns=columns,
                    group=group,
                    start=start,
                    count=min(each, rows - start),
                    first=first,
                    digest=digest_of([where, f"{columns}", str(first), content, str(start)]),
                )
            first += rows


@contextmanager
def _readable(path: str) -> Iterator[None]:
    """Say in our own words what pyarrow says of a file that is broken, or is no Parquet."""
    pyarrow = arrow()
    try:
        yield
    except (pyarrow.ArrowException, OSError) as error:
        if isinstance(error, OSError) and error.errno:
            # The disk, and not what the file contains.
            raise
        raise InputError(_NO_TABLE, place=Place(path=path)) from error


def _table(file: IO[bytes]) -> Any:
    return arrow().parquet.ParquetFile(file, pre_buffer=False)


def _columns(table: Any, names: Columns, path: str) -> list[str]:
    """Return the columns to read: that of the description and, where there is one, of the id."""
    schema = table.schema_arrow
    if names.description not in schema.names:
        hint = suggested(names.description, schema.names, _NAME_IT)
        message = _NO_COLUMN.format(name=names.description)
        raise InputError(message, place=Place(path=path), hint=hint)
    kind = str(schema.field(names.description).type)
    if not _TEXTS.fullmatch(kind):
        message = _NO_TEXT.format(name=names.description, type=kind)
        raise InputError(message, place=Place(path=path), hint=_NAME_IT)
    return [names.description, *([names.id] if names.id in schema.names else [])]


def _digest(file: IO[bytes], chunks: list[Any]) -> str:
    """Return the digest of the bytes of some columns of a row group."""
    digest = hashlib.sha256()
    for chunk in chunks:
        start = chunk.dictionary_page_offset or chunk.data_page_offset
        file.seek(max(0, min(start, chunk.data_page_offset)))
        left = chunk.total_compressed_size
        while left > 0 and (part := file.read(min(left, MEGABYTE))):
            digest.update(part)
            left -= len(part)
    return digest.hexdigest()
