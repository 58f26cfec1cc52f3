"""Writes the files of a commit into a folder (取出基准): nothing of it leads out of that."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple

from pytest_icp.facts.files.disk import is_inside
from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Text
from pytest_icp.plugin.git import Git, NoGit

MOST_FILES = 200_000
MOST_BYTES = 2 * 1024**3
LARGEST = 512 * 1024**2
"""No reader takes a larger file, in bytes."""

_LONGEST_ROW = 8192
_LINK = "120000"
_FILES = {"100644", "100755", "100664", _LINK}
_POINTER = b"version https://git-lfs.github.com/spec/"

_TOO_MUCH = Text(
    zh="基准提交的文件超过 {files} 个或 {bytes} GiB",
    en="the base commit has more than {files} files, or {bytes} GiB",
)
_WORKTREE = Text(
    zh="先取出到一个文件夹：git worktree add ../base {commit}，再写 --icp-since=../base",
    en="check it out: git worktree add ../base {commit}, then --icp-since=../base",
)
_BROKEN = Text(
    zh="git 没有给出基准提交的全部文件", en="git does not give all files of the base commit"
)


class _Blob(NamedTuple):
    mode: str
    id: str
    size: int
    path: str


def unpack(git: Git, commit: str, folder: Path) -> frozenset[str]:
    """Write the files of a commit; return those that are not there as a checkout has them.

    These are too large, links out of the repository, and what Git LFS keeps elsewhere.
    Raises `InputError` beyond the limits, or where git fails.
    """
    try:
        blobs = list(_listed(git, commit))
        return frozenset(_written(git, blobs, folder))
    except (NoGit, OSError, ValueError) as error:
        raise InputError(_BROKEN) from error


def _listed(git: Git, commit: str) -> Iterator[_Blob]:
    """Yield the files of a commit that can be files here."""
    files = total = 0
    hint = _WORKTREE.format(commit=commit[:12])
    said = _TOO_MUCH.format(files=str(MOST_FILES), bytes=str(MOST_BYTES // 1024**3))
    with git.stream("ls-tree", "-r", "-z", "-l", "--full-tree", commit) as stream:
        for row in _rows(stream):
            about, _, path = row.partition("\t")
            mode, _, name, size = about.split()
            if mode not in _FILES or not _may_be_written(path):
                continue
            files, total = files + 1, total + (int(size) if int(size) <= LARGEST else 0)
            if files > MOST_FILES or total > MOST_BYTES:
                raise InputError(said, hint=hint)
            yield _Blob(mode, name, int(size), path)


def _rows(stream: IO[bytes]) -> Iterator[str]:
    """Yield what NUL ends; what is longer than any path is not read."""
    rest = b""
    while chunk := stream.read(65536):
        *rows, rest = (rest + chunk).split(b"\0")
        yield from map(os.fsdecode, rows)
        if len(rest) > _LONGEST_ROW:
            raise ValueError


def _may_be_written(path: str) -> bool:
    """Whether a path is one below a folder, on every system, and none of git's own."""
    parts = path.split("/")
    if any(not part or part in {".", ".."} or part.lower() == ".git" for part in parts):
        return False
    return os.name != "nt" or not any(sign in path for sign in '\\:*?"<>|')


def _written(git: Git, blobs: list[_Blob], folder: Path) -> Iterator[str]:
    """Write what is listed, the links last; yield what could not be."""
    wanted = [blob for blob in blobs if blob.size <= LARGEST]
    yield from (blob.path for blob in blobs if blob.size > LARGEST)
    links: list[tuple[Path, bytes, str]] = []
    given = "".join(f"{blob.id}\n" for blob in wanted).encode()
    with git.stream("cat-file", "--batch", given=given) as stream:
        for blob in wanted:
            content = _content(stream, blob)
            path = folder / PurePosixPath(blob.path)
            if blob.mode == _LINK:
                links.append((path, content, blob.path))
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            # A name that is there already, on this system, is not written over.
            with path.open("xb") as file:
                file.write(content)
            if content.startswith(_POINTER):
                yield blob.path
    yield from _linked(links, folder)


def _content(stream: IO[bytes], blob: _Blob) -> bytes:
    said = stream.readline(_LONGEST_ROW).split()
    content = stream.read(blob.size)
    if said != [blob.id.encode(), b"blob", str(blob.size).encode()] or len(content) != blob.size:
        raise ValueError
    stream.read(1)
    return content


def _linked(links: list[tuple[Path, bytes, str]], folder: Path) -> Iterator[str]:
    """Make the links, and take away those that lead out of the folder; yield their paths."""
    for path, target, _ in links:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(os.fsdecode(target))
    for path, _, name in [link for link in links if not is_inside(link[0], folder)]:
        path.unlink()
        yield name
