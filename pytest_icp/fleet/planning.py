"""The plan of a fleet: the inputs that were named, cut into shards in a fixed order (分片)."""

from __future__ import annotations

import glob
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from msgspec import Struct

from pytest_icp.facts.files.opening import is_file, is_folder, is_there
from pytest_icp.facts.files.source import FORMATS, existing
from pytest_icp.fleet.files import cut_files, cut_remote, is_description, shown_path
from pytest_icp.fleet.inputs import MOST, SPLIT, TOO_MANY, Refused, Shard
from pytest_icp.fleet.rows import LINES, PARQUET, Columns, bare, cut_table
from pytest_icp.fleet.storage import Unread, file_system, is_url, reaching, shown, unread
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text

_NOTHING = Text(zh="没有文件与“{named}”匹配", en="no file matches {named!r}")
_NO_INPUT = Text(
    zh="不是描述文件、JSON Lines 或 Parquet",
    en="neither a description, JSON Lines nor Parquet",
)
_ENDINGS = Text(
    zh="按文件名的结尾识别：.icp.yaml、.json、.jsonl、.parquet",
    en="told by the end of the name: .icp.yaml, .json, .jsonl, .parquet",
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
    columns: Columns = Columns()


def plan(inputs: Inputs) -> Iterator[Shard]:
    """Yield the shards of all inputs, in the order in which they were named.

    Raises `InputError` for an input that is not there, or is none of those that can be read; one
    that is broken is a shard of its own, which has the error.
    """
    loose: dict[Path, None] = {}
    for named in dict.fromkeys(inputs.named):
        if is_url(named):
            yield from _remote(named, inputs)
            continue
        found = _local(named, inputs)
        if len(found) > MOST:
            yield Refused(where=shown_path(Path(named), inputs.base), message=TOO_MANY, hint=SPLIT)
            continue
        for path in found:
            if _is_single(path.name):
                loose[path.absolute()] = None
            else:
                yield from _table(str(path.absolute()), shown_path(path, inputs.base), inputs)
    yield from cut_files(loose, inputs.base)


def _local(named: str, inputs: Inputs) -> list[Path]:
    """Return the files that a path or a glob names, and the descriptions in a folder."""
    path = Path(named)
    if is_folder(path):
        inside = (one.relative_to(path).as_posix() for one in path.rglob("*"))
        named_so = (path / name for name in inside if is_description(name, inputs.files))
        found = sorted(islice(named_so, MOST + 1))
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


def _table(path: str, where: str, inputs: Inputs) -> Iterator[Shard]:
    """Yield the shards of a table; one that is broken is a shard that has the error."""
    if not bare(path).endswith((*LINES, PARQUET)):
        raise InputError(_NO_INPUT, place=Place(path=where), hint=_ENDINGS)
    try:
        # What is refused is not judged in part.
        shards: list[Shard] = [*cut_table(path, where, inputs.columns)]
    except Unread:
        raise
    except InputError as error:
        yield Refused(where=where, message=error.message, hint=error.hint)
    except OSError as error:
        raise unread(path, error) from error
    else:
        yield from shards or [Refused(where=where, message=_EMPTY)]


def _remote(url: str, inputs: Inputs) -> Iterator[Shard]:
    """Yield the shards of what a URL names: a folder, a file, or a glob."""
    fs, path = file_system(url)
    with reaching(url):
        if fs.isdir(path):
            root, found = path.rstrip("/"), fs.find(path, detail=True)
            found = {at: one for at, one in found.items() if _is_below(at, root, inputs)}
        else:
            # What an address asks for is no glob.
            several = glob.has_magic(url.partition("?")[0] if url.startswith("http") else url)
            found = fs.glob(path, detail=True) if several else {path: fs.info(path)}
            root = _folder_before(path) if several else path.rpartition("/")[0]
    sizes = {at: int(one["size"] or 0) for at, one in found.items() if one["type"] == "file"}
    if not sizes:
        raise InputError(_NOTHING.format(named=shown(url)))
    if len(sizes) > MOST:
        yield Refused(where=shown(url), message=TOO_MANY, hint=SPLIT)
        return
    single = {at[len(root) :].lstrip("/"): n for at, n in sizes.items() if _is_single(at)}
    for at in sorted(sizes):
        if not _is_single(at):
            named = fs.unstrip_protocol(at)
            yield from _table(named, shown(named), inputs)
    if single:
        yield from cut_remote(fs.unstrip_protocol(root), single, inputs.files)


def _is_below(at: str, root: str, inputs: Inputs) -> bool:
    return is_description(at[len(root) :].lstrip("/"), inputs.files)


def _folder_before(path: str) -> str:
    """Return the folder that all files which a glob matches are in."""
    parts = path.split("/")[:-1]
    plain = next((i for i, part in enumerate(parts) if glob.has_magic(part)), len(parts))
    return "/".join(parts[:plain])


def _is_single(name: str) -> bool:
    return bare(name).endswith(tuple(FORMATS))
