"""The plan of a fleet: the inputs that were named, cut into shards in a fixed order (分片)."""

from __future__ import annotations

import glob
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from pytest_icp.facts.files.opening import is_file, is_folder, is_there
from pytest_icp.facts.files.source import FORMATS, existing
from pytest_icp.fleet.inputs.files import cut_files
from pytest_icp.fleet.inputs.lines import SUFFIXES, cut_lines
from pytest_icp.fleet.inputs.parquet import SUFFIX, Columns, cut_rows
from pytest_icp.fleet.inputs.remote import cut_remote, is_description
from pytest_icp.fleet.inputs.shard import Shard, refused
from pytest_icp.fleet.storage import Unread, file_system, is_url, unread
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
        for path in () if is_url(named) else _local(named, inputs):
            if _is_single(path.name):
                loose[path.absolute()] = None
            else:
                shown = shown_path(path, inputs.base)
                yield from _table(str(path.absolute()), shown, inputs)
        if is_url(named):
            yield from _remote(named, inputs)
    yield from cut_files(loose, inputs.base)


def _local(named: str, inputs: Inputs) -> Iterator[Path]:
    """Yield the files that a path or a glob names, and the descriptions in a folder."""
    path = Path(named)
    if is_folder(path):
        inside = sorted(
            found
            for found in path.rglob("*")
            if is_description(found.relative_to(path).as_posix(), inputs.files)
        )
        if not inside:
            message = _NONE_IN.format(files=", ".join(inputs.files))
            raise InputError(message, place=Place(path=path), hint=_BY_GLOB.format(folder=path))
        yield from inside
    elif is_there(path) or not glob.has_magic(named):
        yield existing(path)
    else:
        matching = map(Path, glob.glob(named, recursive=True))  # noqa: PTH207 - also absolute ones
        found = sorted(one for one in matching if is_file(one))
        if not found:
            raise InputError(_NOTHING.format(named=named))
        yield from found


def _table(path: str, where: str, inputs: Inputs) -> Iterator[Shard]:
    """Yield the shards of a table; what is broken is one that has the error."""
    low = path.lower()
    cut: Iterator[Shard]
    if low.endswith(SUFFIXES):
        cut = cut_lines(path, where)
    elif low.endswith(SUFFIX):
        cut = cut_rows(path, where, inputs.columns)
    else:
        raise InputError(_NO_INPUT, place=Place(path=path), hint=_ENDINGS)
    try:
        yield from _any(cut)
    except Unread:
        raise
    except InputError as error:
        yield refused(where, error)


def _any(cut: Iterator[Shard]) -> Iterator[Shard]:
    """Yield shards; raise `InputError` if there is none."""
    shard = next(cut, None)
    if shard is None:
        raise InputError(_EMPTY)
    yield shard
    yield from cut


def _remote(url: str, inputs: Inputs) -> Iterator[Shard]:
    """Yield the shards of what a URL names: a folder, a file, or a glob."""
    fs, path = file_system(url)
    try:
        if fs.isdir(path):
            root, inside = path.rstrip("/"), fs.find(path, detail=True)
            chosen = {at: about for at, about in inside.items() if _is_below(at, root, inputs)}
        else:
            inside = fs.glob(path, detail=True) if glob.has_magic(path) else {path: fs.info(path)}
            root = _folder_before(path)
            chosen = {at: about for at, about in inside.items() if about["type"] == "file"}
    except OSError as error:
        raise unread(url, error) from error
    if not chosen:
        raise InputError(_NOTHING.format(named=url))
    loose = {}
    for at, about in sorted(chosen.items()):
        if _is_single(at):
            loose[at[len(root) :].lstrip("/")] = about
        else:
            yield from _table(fs.unstrip_protocol(at), fs.unstrip_protocol(at), inputs)
    if loose:
        yield from cut_remote(fs.unstrip_protocol(root), loose, inputs.files)


def _is_below(at: str, root: str, inputs: Inputs) -> bool:
    return is_description(at[len(root) :].lstrip("/"), inputs.files)


def _folder_before(path: str) -> str:
    """Return the folder that all files which a glob matches are in."""
    parts = path.split("/")[:-1]
    plain = next((i for i, part in enumerate(parts) if glob.has_magic(part)), len(parts))
    return "/".join(parts[:plain])


def _is_single(name: str) -> bool:
    return name.lower().endswith(tuple(FORMATS))


def shown_path(path: Path, base: Path) -> str:
    """Return how the tables call a file: relative to a folder, where inside it."""
    absolute = path.absolute()
    inside = absolute.is_relative_to(base)
    return (absolute.relative_to(base) if inside else absolute).as_posix()
