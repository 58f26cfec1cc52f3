"""The plan of a fleet: its inputs, cut into shards in a fixed order (分片)."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache, partial
from itertools import islice
from pathlib import Path

from msgspec import Struct

from pytest_icp.facts.files.disk import (
    FORMATS,
    existing,
    is_file,
    is_folder,
    is_there,
    repository_of,
)
from pytest_icp.facts.files.walking import descriptions_below
from pytest_icp.fleet.inputs import (
    LINES,
    MOST,
    PARQUET,
    SPLIT,
    TOO_MANY,
    Item,
    Refused,
    Shard,
    bare,
    cut,
    cut_table,
    digest_of,
)
from pytest_icp.fleet.place import RUN
from pytest_icp.fleet.storage import Unread, file_system, is_url, reaching, shown, unread
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.loading import load

_NOTHING = Text(zh="没有文件与“{named}”匹配", en="no file matches {named!r}")
_NO_INPUT = Text(
    zh="不是描述文件、JSON Lines 或 Parquet",
    en="neither a description, JSON Lines nor Parquet",
)
_ENDINGS = Text(
    zh="按文件名的结尾识别：.icp.yaml、.json、.jsonl、.parquet",
    en="told by the end of the name: .icp.yaml, .json, .jsonl, .parquet",
)
_TABLES = Text(
    zh="网址只能指明 .jsonl、.parquet，或者匹配它们的通配符；描述文件请先下载",
    en="a URL names .jsonl or .parquet, or a glob of these; download descriptions first",
)
_NONE_IN = Text(
    zh="这个文件夹里没有描述文件（{files}）", en="there is no description ({files}) in this folder"
)
_EMPTY = Text(zh="没有一行描述", en="it has no row with a description")
_BY_GLOB = Text(
    zh="表格请用通配符指明，例如 {folder}/*.parquet",
    en="name tables by a glob, such as {folder}/*.parquet",
)


class Inputs(Struct, frozen=True, kw_only=True):
    """What to read: paths, globs and URLs as written, and how descriptions are told by name.

    ``base`` is the folder that names in the tables are relative to, where inside it.
    """

    named: tuple[str, ...]
    files: tuple[str, ...]
    base: Path


def plan(inputs: Inputs) -> Iterator[Shard]:
    """Yield the shards of all inputs, in the order in which they were named.

    Raises `InputError` for an input that is not there, or is none of those that can be read; one
    that is broken is a shard of its own, which has the error.
    """
    loose: dict[Path, None] = {}
    for named in dict.fromkeys(inputs.named):
        if is_url(named):
            yield from _remote(named)
            continue
        found = _local(named, inputs)
        if len(found) > MOST:
            yield Refused(where=_shown_path(Path(named), inputs.base), message=TOO_MANY, hint=SPLIT)
            continue
        for path in found:
            if _is_single(path.name):
                loose[path.absolute()] = None
            else:
                yield from _table(str(path.absolute()), _shown_path(path, inputs.base))
    yield from _cut_files(loose, inputs.base)


def _local(named: str, inputs: Inputs) -> list[Path]:
    """Return the files that a path or a glob names, and the descriptions in a folder."""
    path = Path(named)
    if is_folder(path):
        found = sorted(islice(descriptions_below([path], inputs.files, (".*",)), MOST + 1))
        if not found:
            message = _NONE_IN.format(files=", ".join(inputs.files))
            raise InputError(message, place=Place(path=path), hint=_BY_GLOB.format(folder=path))
        return found
    if is_there(path) or not glob.has_magic(named):
        return [existing(path)]
    matching = map(Path, glob.glob(named, recursive=True))  # noqa: PTH207 - also absolute ones
    found = sorted(one for one in matching if is_file(one))
    if not found:
        raise InputError(_NOTHING.format(named=named))
    return found


def _table(path: str, where: str) -> Iterator[Shard]:
    """Yield the shards of a table; one that is broken is a shard that has the error."""
    if not bare(path).endswith((*LINES, PARQUET)):
        hint = _TABLES if is_url(path) else _ENDINGS
        raise InputError(_NO_INPUT, place=Place(path=where), hint=hint)
    try:
        # What is refused is not judged in part.
        shards: list[Shard] = [*cut_table(path, where)]
    except Unread:
        raise
    except InputError as error:
        yield Refused(where=where, message=error.message, hint=error.hint)
    except OSError as error:
        raise unread(path, error) from error
    else:
        yield from shards or [Refused(where=where, message=_EMPTY)]


def _remote(url: str) -> Iterator[Shard]:
    """Yield the shards of the table that a URL names, or of the tables that match it."""
    fs, path = file_system(url)
    # What an address asks for is not a glob.
    several = glob.has_magic(url.partition("?")[0] if url.startswith("http") else url)
    with reaching(url):
        found = fs.glob(path, detail=True) if several else {path: fs.info(path)}
    names = sorted(at for at, one in found.items() if one["type"] == "file")
    if not names:
        raise InputError(_NOTHING.format(named=shown(url)), hint=_TABLES)
    for named in map(fs.unstrip_protocol, names):
        yield from _table(named, shown(named))


def _is_single(name: str) -> bool:
    return bare(name).endswith(tuple(FORMATS))


# ---- Descriptions with the files beside them (成套的描述)


_PASSED = frozenset({".git", "__pycache__"})


class Files(Struct, frozen=True, kw_only=True):
    """Some descriptions, by their names in the tables: relative to ``base`` if inside it."""

    base: str
    names: tuple[str, ...]
    digest: str

    @property
    def where(self) -> str:
        """The first of them."""
        return self.names[0]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.names)

    def items(self) -> Iterator[Item]:
        """Yield the descriptions."""
        base = Path(self.base)
        for name in self.names:
            path = base / name
            read = partial(load, path, root=repository_of(path))
            yield Item(name=name, base=base, load=read, folder=path.parent)


def _cut_files(paths: Iterable[Path], base: Path) -> Iterator[Files]:
    """Yield the shards of some files, in their order.

    What is beside them, and may be read with them, is a part of them.
    """
    around = cache(_stamps)
    for some in cut((path, _size(path)) for path in paths):
        names = tuple(_shown_path(path, base) for path, _ in some)
        stamps = [around(repository_of(path)) for path, _ in some]
        yield Files(base=str(base), names=names, digest=digest_of([*names, *stamps]))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        # Who judges says why.
        return 0


def _stamps(root: Path) -> str:
    """Return a digest of the names, sizes and times of all files in and below a folder.

    What git and Python keep there, and what fleets have written, is left out.
    """
    stamps: list[str] = []
    for folder, folders, names in os.walk(root):
        if RUN in names:
            folders.clear()
            continue
        folders[:] = sorted({*folders} - _PASSED)
        for path in (Path(folder, name) for name in sorted({*names, *folders})):
            # One that is gone since is not read either.
            with suppress(OSError):
                about, name = path.lstat(), path.relative_to(root).as_posix()
                if path.is_symlink():
                    stamps.append(f"{name} {path.readlink()}")
                elif path.name in names:
                    stamps.append(f"{name} {about.st_size} {about.st_mtime_ns}")
    return digest_of(stamps)


def _shown_path(path: Path, base: Path) -> str:
    """Return how the tables call a file: relative to a folder, where inside it."""
    absolute = path.absolute()
    inside = absolute.is_relative_to(base)
    return (absolute.relative_to(base) if inside else absolute).as_posix()
