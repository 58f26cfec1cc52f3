"""The place that a fleet writes into: a folder or a URL, with a part of each table per shard.

A shard is finished when its record is there, which is written last; whatever else a run that was
cut off has left is written again.
"""

from __future__ import annotations

import os
import secrets
import socket
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Set
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from pytest_icp.facts.extras import missing_extra
from pytest_icp.facts.files.refusals import reason
from pytest_icp.facts.files.source import NoSuchFile, read_bytes
from pytest_icp.facts.files.writing import write_file
from pytest_icp.fleet.storage import file_system, is_url, unread
from pytest_icp.fleet.tables import Name
from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Text
from pytest_icp.reports.safe import one_line

RUN = "fleet.json"
LOCK = "fleet.lock"
RECORDS = "shards"
_Kind = TypeVar("_Kind")
_LARGEST = 64 * 1024 * 1024

_UNWRITTEN = Text(zh="{place} 无法写入：{why}", en="{place} cannot be written: {why}")
_GO_ON = Text(
    zh="已写出的部分完好；排除原因后再运行一次即可继续",
    en="what is written stays; run again to go on once there is no longer a reason",
)
_BUSY = Text(zh="另一次运行正在写入 {place}", en="another run is writing into {place}")
_WAIT = Text(zh="等它结束，或另选一个位置", en="wait until it ends, or name another place")
_REMOVE = Text(
    zh="由 {who} 写入；若该次运行已经结束，删去其中的 {lock}",
    en="it is {who}; if that run has ended, remove {lock} there",
)
_LOCKING = Text(zh="核对大量描述", en="judging many descriptions")
_NOT_OURS = Text(zh="{name} 无法读取", en="{name} cannot be read")


class Record(Struct, frozen=True, kw_only=True):
    """What is known of a finished shard: how many rows each of its tables has."""

    digest: str
    where: str
    rows: Mapping[str, int]


class Head(Struct, frozen=True, kw_only=True):
    """What a place holds: the day, the versions and settings, and how many shards there are."""

    as_of: str
    versions: str
    settings: Mapping[str, object]
    shards: int


class ResultPlace(ABC):
    """Where tables are written and read."""

    def __init__(self, name: str) -> None:
        self.name = name

    @abstractmethod
    def write(self, name: str, content: bytes) -> None:
        """Write a file whole or not at all; raises `InputError` if it cannot be written."""

    @abstractmethod
    def read(self, name: str) -> bytes | None:
        """Return the content of a file; None if it is not there."""

    @abstractmethod
    def names(self, folder: str) -> list[str]:
        """Return the names of the files in a folder, in order."""

    @abstractmethod
    def locked(self) -> AbstractContextManager[None]:
        """Keep other runs out; raises `InputError` if one is at work."""

    def part(self, table: Name, digest: str) -> str:
        """Return the name of a shard's part of a table."""
        return f"{table}/{part_name(digest)}.parquet"

    def write_parts(self, parts: Mapping[Name, bytes], record: Record) -> None:
        """Write the tables of a shard, and then that it is finished."""
        for table, content in parts.items():
            self.write(self.part(table, record.digest), content)
        self.write(_record(record.digest), msgspec.json.encode(record))

    def record(self, digest: str) -> Record | None:
        """Return the record of a shard; None unless it is finished."""
        raw = self.read(_record(digest))
        return None if raw is None else self._decoded(raw, Record, _record(digest))

    def records(self) -> list[Record]:
        """Return the records of all finished shards."""
        named = (f"{RECORDS}/{name}" for name in self.names(RECORDS) if name.endswith(".json"))
        return [self._decoded(self.read(name) or b"", Record, name) for name in named]

    def head(self) -> Head | None:
        """Return what the place holds; None for one that is new."""
        raw = self.read(RUN)
        return None if raw is None else self._decoded(raw, Head, RUN)

    def write_head(self, head: Head) -> None:
        """Write what the place holds."""
        self.write(RUN, msgspec.json.format(msgspec.json.encode(head), indent=2) + b"\n")

    def _decoded(self, raw: bytes, kind: type[_Kind], name: str) -> _Kind:
        try:
            return msgspec.json.decode(raw, type=kind)
        except msgspec.DecodeError as error:
            raise InputError(_NOT_OURS.format(name=f"{self.name}/{name}")) from error


class Folder(ResultPlace):
    """A folder on this machine, or on a disk that all machines share."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._path = Path(name).absolute()

    def write(self, name: str, content: bytes) -> None:
        """Write a file beside its old one first, then in its place."""
        path = self._path / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_file(path, content)
        except OSError as error:
            raise _unwritten(self.name, error) from error

    def read(self, name: str) -> bytes | None:
        """Return the content of a file; None if it is not there."""
        try:
            return read_bytes(self._path / name, root=self._path, limit=_LARGEST)
        except NoSuchFile:
            return None

    def names(self, folder: str) -> list[str]:
        """Return the names of the files in a folder, in order."""
        return sorted(path.name for path in (self._path / folder).glob("*"))

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other runs out, until this one ends or is killed."""
        try:
            from filelock import FileLock, Timeout
        except ModuleNotFoundError:
            raise missing_extra("fleet", _LOCKING) from None
        try:
            self._path.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self._path / LOCK, blocking=False)
            with lock:
                yield
        except Timeout:
            raise InputError(_BUSY.format(place=self.name), hint=_WAIT) from None
        except OSError as error:
            raise _unwritten(self.name, error) from error


class Remote(ResultPlace):
    """A URL that `fsspec` reaches, such as one of object storage."""

    def __init__(self, name: str) -> None:
        super().__init__(name.rstrip("/"))
        self._fs, path = file_system(self.name)
        self._path = path.rstrip("/")

    def write(self, name: str, content: bytes) -> None:
        """Write a file under another name first: a store of objects may show a part of it."""
        path = f"{self._path}/{name}"
        draft = f"{path}.{secrets.token_hex(8)}.tmp"
        try:
            self._fs.makedirs(path.rpartition("/")[0], exist_ok=True)
            self._fs.pipe_file(draft, content)
            self._fs.mv(draft, path)
        except OSError as error:
            raise _unwritten(self.name, error) from error

    def read(self, name: str) -> bytes | None:
        """Return the content of a file; None if it is not there."""
        try:
            content: bytes = self._fs.cat_file(f"{self._path}/{name}")
        except FileNotFoundError:
            return None
        except OSError as error:
            raise unread(self.name, error) from error
        return content

    def names(self, folder: str) -> list[str]:
        """Return the names of the files in a folder, in order."""
        self._fs.invalidate_cache()
        try:
            found = self._fs.ls(f"{self._path}/{folder}", detail=False)
        except FileNotFoundError:
            return []
        except OSError as error:
            raise unread(self.name, error) from error
        return sorted(path.rpartition("/")[2] for path in found)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other runs out; a run that was killed leaves its lock, which somebody removes."""
        own = f"{socket.gethostname()}, {os.getpid()}, {secrets.token_hex(4)}".encode()
        if self.read(LOCK) is None:
            self.write(LOCK, own)
        other = self.read(LOCK) or b""
        if other != own:
            who = one_line(other.decode("utf-8", "replace"), 200)
            hint = _REMOVE.format(who=who, lock=LOCK)
            raise InputError(_BUSY.format(place=self.name), hint=hint)
        try:
            yield
        finally:
            self._fs.rm_file(f"{self._path}/{LOCK}")


def place_at(name: str) -> ResultPlace:
    """Return the place at a path or a URL."""
    return Remote(name) if is_url(name) else Folder(name)


def is_result_place(names: Set[str]) -> bool:
    """Whether a folder is the place of a fleet's results, by the names of the files in it."""
    return RUN in names or LOCK in names


def part_name(digest: str) -> str:
    """Return the name that the parts of a shard have in common."""
    return f"part-{digest[:20]}"


def _record(digest: str) -> str:
    return f"{RECORDS}/{part_name(digest)}.json"


def _unwritten(place: str, error: OSError) -> InputError:
    return InputError(_UNWRITTEN.format(place=place, why=reason(error)), hint=_GO_ON)
