"""The place that a fleet writes into: a folder or a URL, with a part of each table per shard.

A shard is finished when its verdicts are there, which are written last; whatever else a run that
was cut off has left is written again.
"""

from __future__ import annotations

import io
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

import msgspec
from msgspec import Struct

from pytest_icp.facts.breakdowns import missing_extra
from pytest_icp.facts.files.disk import NoSuchFile, make_folder_of, read_bytes, write_file
from pytest_icp.fleet.storage import arrow, asking, file_system, is_url, reaching, shown, why
from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Text

Name = Literal["verdicts", "findings", "due", "errors"]
Value: TypeAlias = str | int | bool | date | list[str] | None
Row: TypeAlias = dict[str, Value]
Rows: TypeAlias = dict[Name, list[Row]]
"""The rows of all tables; a column that a row has not is null."""

_OF_DESCRIPTION = "licence holder province lines:list description "
_OF_RULE = "provision rule level "
_OF_RUN = "as_of:date versions"
_PLACE = "path line:int column:int "
_SAID = "{0}_zh {0}_en ".format

TABLES: Mapping[Name, str] = MappingProxyType(
    {
        "verdicts": _OF_DESCRIPTION
        + _OF_RULE
        + "verdict since:date due:date waived_until:date findings:int fingerprint "
        + _OF_RUN,
        "findings": _OF_DESCRIPTION
        + _OF_RULE
        + "part standing subject pointer "
        + _PLACE
        + _SAID("message")
        + _SAID("found")
        + _SAID("required")
        + "due:date fingerprint "
        + _OF_RUN,
        "due": _OF_DESCRIPTION
        + _OF_RULE
        + "part subject pointer last_day:date safe_day:date provisional:bool "
        + _OF_RUN,
        "errors": "description what rule "
        + _PLACE
        + _SAID("message")
        + _SAID("hint")
        + "problems:int "
        + _OF_RUN,
    }
)
"""The columns of each table: texts, unless their type is told."""


def no_rows() -> Rows:
    """Return tables without rows."""
    return {name: [] for name in TABLES}


def parquet(rows: Rows) -> dict[Name, bytes]:
    """Return each table as the bytes of a Parquet file: for the same rows the same bytes."""
    pyarrow = arrow()
    types = {
        "": pyarrow.string(),
        "list": pyarrow.list_(pyarrow.string()),
        "date": pyarrow.date32(),
        "int": pyarrow.int32(),
        "bool": pyarrow.bool_(),
    }
    written: dict[Name, bytes] = {}
    for name, columns in TABLES.items():
        named = (column.partition(":") for column in columns.split())
        schema = pyarrow.schema([(column, types[kind]) for column, _, kind in named])
        out = io.BytesIO()
        pyarrow.parquet.write_table(
            _table(rows[name], schema),
            out,
            version="2.6",
            compression="zstd",
            compression_level=3,
            row_group_size=1 << 20,
            data_page_size=1 << 20,
            store_schema=False,
            write_statistics=True,
        )
        written[name] = out.getvalue()
    return written


def _table(rows: list[Row], schema: Any) -> Any:
    """Return a table; a file's name may have bytes that are not characters, and are escaped."""
    table = arrow().Table
    try:
        return table.from_pylist(rows, schema=schema)
    except UnicodeEncodeError:
        escaped = [{name: _escaped(value) for name, value in row.items()} for row in rows]
        return table.from_pylist(escaped, schema=schema)


def _escaped(value: Value) -> Value:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    return value


RUN = "fleet.json"
_LAST: Name = "verdicts"
_LARGEST = 1024 * 1024

_UNWRITTEN = Text(zh="{place} 无法写入：{why}", en="{place} cannot be written: {why}")
_GO_ON = Text(
    zh="已写出的部分完好；排除原因后再运行一次即可继续",
    en="what is written stays; run again to go on once there is no longer a reason",
)
_SUMMING = Text(zh="汇总结果表", en="summing up the tables")
_NOT_READ = Text(zh="{name} 无法读取", en="{name} cannot be read")


class Head(Struct, frozen=True, kw_only=True):
    """What a place holds: the day, the versions and settings, and how many shards there are."""

    as_of: str
    versions: str
    settings: Mapping[str, object]
    shards: int


class ResultPlace:
    """Where tables are written and read; raises `InputError` if that cannot be done."""

    def __init__(self, name: str) -> None:
        self._named, self._local = name.rstrip("/") or name, not is_url(name)
        self._fs, self._path = file_system(self._named)
        self.name = shown(self._named)

    def head(self) -> Head | None:
        """Return what the place holds; None for one that is new."""
        raw = self._read(RUN)
        try:
            return None if raw is None else msgspec.json.decode(raw, type=Head)
        except msgspec.DecodeError as error:
            raise self._broken(RUN) from error

    def write_head(self, head: Head) -> None:
        """Write what the place holds."""
        self._write(RUN, msgspec.json.format(msgspec.json.encode(head), indent=2) + b"\n")

    def write_parts(self, parts: Mapping[Name, bytes], digest: str) -> None:
        """Write the tables of a shard, the one by which it is finished as the last."""
        for table in sorted(parts, key=lambda name: name == _LAST):
            self._write(f"{table}/{part_name(digest)}", parts[table])

    def finished(self) -> set[str]:
        """Return the names of the parts of all finished shards."""
        return self._parts(_LAST)

    def is_finished(self, digest: str) -> bool:
        """Whether a shard is finished."""
        with reaching(self._named):
            return bool(self._fs.exists(f"{self._path}/{_LAST}/{part_name(digest)}"))

    @contextmanager
    def tables(self) -> Iterator[Any]:
        """Give a connection of DuckDB in which each table is a view of its finished parts."""
        try:
            duckdb = import_module("duckdb")
        except ModuleNotFoundError:
            raise missing_extra("fleet", _SUMMING) from None
        # It fetches nothing; what it needs is built in.
        settings = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
        with duckdb.connect(config=settings) as connection:
            if not self._local:
                connection.register_filesystem(self._fs)
            try:
                for table in TABLES:
                    # A view has no parameters.
                    quoted = (path.replace("'", "''") for path in self._files(table))
                    paths = "', '".join(quoted)
                    read = f"read_parquet(['{paths}'], filename = true)"
                    connection.execute(f"CREATE VIEW {table} AS FROM {read}")
                yield connection
            except duckdb.Error as error:
                broken = re.search(r"(?<![a-z])[a-z]+/part-[0-9a-f]+\.parquet", str(error))
                raise self._broken(broken[0] if broken else "") from error

    def _files(self, table: Name) -> list[str]:
        parts = sorted(self.finished())
        there = self._parts(table)
        for part in parts:
            if part not in there:
                raise self._broken(f"{table}/{part}")
        paths = [f"{self._path}/{table}/{part}" for part in parts]
        return paths if self._local else [str(self._fs.unstrip_protocol(path)) for path in paths]

    def _parts(self, table: Name) -> set[str]:
        """Return the names of the parts of a table; a link to one elsewhere is none."""
        folder = f"{self._path}/{table}"
        if self._local and Path(folder).is_symlink():
            raise self._broken(table)
        self._fs.invalidate_cache()
        with reaching(self._named):
            try:
                found = self._fs.ls(folder, detail=True)
            except FileNotFoundError:
                return set()
        files = (one["name"] for one in found if one["type"] == "file" and not one.get("islink"))
        names = (str(path).rpartition("/")[2] for path in files)
        return {name for name in names if _PART.fullmatch(name)}

    def _read(self, name: str) -> bytes | None:
        """Return the content of a file; None if it is not there."""
        path = f"{self._path}/{name}"
        with reaching(self._named):
            try:
                if self._local:
                    return read_bytes(Path(path), root=Path(self._path), limit=_LARGEST)
                content: bytes = self._fs.cat_file(path)
            except (NoSuchFile, FileNotFoundError):
                return None
        return content

    def _write(self, name: str, content: bytes) -> None:
        """Write a file whole or not at all; a store of objects may show a part of one."""
        path = f"{self._path}/{name}"
        with asking(self._unwritten):
            if self._local:
                make_folder_of(Path(path))
                write_file(Path(path), content)
                return
            draft = f"{path}.{secrets.token_hex(8)}.tmp"
            self._fs.makedirs(path.rpartition("/")[0], exist_ok=True)
            self._fs.pipe_file(draft, content)
            self._fs.mv(draft, path)

    def _unwritten(self, error: Exception) -> InputError:
        return InputError(_UNWRITTEN.format(place=self.name, why=why(error)), hint=_GO_ON)

    def _broken(self, name: str) -> InputError:
        return InputError(_NOT_READ.format(name=f"{self.name}/{name}".rstrip("/")))


_PART = re.compile(r"part-[0-9a-f]{20}\.parquet")


def part_name(digest: str) -> str:
    """Return the name that the parts of a shard have in common."""
    return f"part-{digest[:20]}.parquet"
