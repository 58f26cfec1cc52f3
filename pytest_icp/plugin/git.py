"""Asks git for what a repository has (git): nothing of the repository has a say in how."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from tempfile import TemporaryFile
from threading import Timer
from typing import IO, NamedTuple, cast

from pytest_icp.facts.files.disk import is_inside
from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Text, did_you_mean, nearest, plain
from pytest_icp.law.times import CST

_SECONDS = 30
_STREAM_SECONDS = 300
_OPTIONS = (
    *("--no-pager", "--no-replace-objects", "-c", "core.fsmonitor=false"),
    # A folder of the repository that looks like one of git's own is none.
    *("-c", "safe.bareRepository=explicit", "-c", "core.quotePath=false"),
)
SETTINGS = {
    # Nothing is fetched or asked for, and no file of the repository is written.
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "LC_ALL": "C",
}
"""The environment of git beside what the run has: none of its own variables are taken."""


class NoGit(Exception):  # noqa: N818 - what happened, not an error
    """git cannot be run; the argument is why."""


class Git:
    """Runs git in a folder; it reads its own objects, and asks no hook, filter or attribute."""

    def __init__(self, folder: Path, *, settings: Mapping[str, str] = SETTINGS) -> None:
        self._folder, self._settings = folder, settings
        self.why = ""

    def ask(self, *arguments: str) -> bytes | None:
        """Return what git prints, None if it fails; then ``why`` is what it said.

        Raises `NoGit` if it cannot be run.
        """
        try:
            done = subprocess.run(  # noqa: S603 - no shell, and none of it is an option
                _command(arguments),
                cwd=self._folder,
                env=_environment(self._settings),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
                timeout=_SECONDS,
            )
        except ValueError as error:
            # git has no name with NUL.
            self.why = str(error)
            return None
        except (OSError, subprocess.TimeoutExpired) as error:
            raise NoGit(type(error).__name__) from error
        self.why = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
        return None if done.returncode else done.stdout

    @contextmanager
    def stream(self, *arguments: str, given: bytes = b"") -> Iterator[IO[bytes]]:
        """Give what git prints as it comes; it is ended when enough was read, or after a time.

        Raises `NoGit` if it cannot be run.
        """
        with TemporaryFile() as file:
            file.write(given)
            file.seek(0)
            try:
                process = subprocess.Popen(  # noqa: S603 - the same
                    _command(arguments),
                    cwd=self._folder,
                    env=_environment(self._settings),
                    stdin=file,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                )
            except OSError as error:
                raise NoGit(type(error).__name__) from error
            timer = Timer(_STREAM_SECONDS, process.kill)
            timer.start()
            try:
                yield cast("IO[bytes]", process.stdout)
            finally:
                timer.cancel()
                process.kill()
                process.communicate()


def _command(arguments: tuple[str, ...]) -> list[str]:
    return ["git", *_OPTIONS, *arguments]


def _environment(settings: Mapping[str, str]) -> dict[str, str]:
    others = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {**others, **settings}


# ---- The commit that a change is compared with (基准提交): the merge base of a ref and HEAD

NO_GIT = Text(zh="无法运行 git：{why}", en="git cannot be run: {why}")
_NO_REPOSITORY = Text(zh="这里不是 git 仓库：{why}", en="this is not a git repository: {why}")
_NO_COMMIT = Text(
    zh="没有提交、文件夹或文件“{written}”", en="there is no commit, folder or file {written!r}"
)
_NO_HEAD = Text(zh="仓库中还没有提交", en="the repository has no commit yet")
APART = Text(
    zh="HEAD 与“{written}”没有共同的祖先", en="HEAD and {written!r} have no commit in common"
)
_DEEPEN = Text(
    zh="这里只有部分历史；先运行 git fetch --deepen=100 origin，或者 git fetch --unshallow origin",
    en="this clone is shallow; first run git fetch --deepen=100 origin, "
    "or git fetch --unshallow origin",
)
_FETCH = Text(
    zh="先取来该提交，例如 git fetch origin {written}",
    en="fetch it first, such as by git fetch origin {written}",
)
_NAME_A_FOLDER = Text(
    zh="可以改写文件夹，或者以前的 JSON Lines 报告",
    en="name a folder instead, or the JSON Lines of an earlier run",
)


_MAIN = ("origin/HEAD", "origin/main", "origin/master", "main", "master")


class Commit(NamedTuple):
    """A commit, and when it was committed, in China."""

    id: str
    instant: datetime


def base_commit(git: Git, written: str) -> Commit:
    """Return the merge base of a ref and HEAD; raises `InputError` where there is none."""
    try:
        if git.ask("rev-parse", "--git-dir") is None:
            raise InputError(_NO_REPOSITORY.format(why=git.why), hint=_NAME_A_FOLDER)
        head, named = _commit(git, "HEAD"), _commit(git, written)
        if named is None:
            raise InputError(_NO_COMMIT.format(written=written), hint=_instead(git, written))
        if head is None:
            raise InputError(_NO_HEAD)
        found = git.ask("merge-base", head, named)
        if not found:
            hint = _DEEPEN if _is_shallow(git) else plain("")
            raise InputError(APART.format(written=written), hint=hint)
        commit = found.decode().split()[0]
        return Commit(commit, _committed(git.ask("cat-file", "commit", commit) or b""))
    except NoGit as error:
        raise InputError(NO_GIT.format(why=str(error)), hint=_NAME_A_FOLDER) from error


def main_branch(git: Git) -> str:
    """Return the branch that changes are made for: that of the remote, else one of these names."""
    try:
        return next((name for name in _MAIN if _commit(git, name)), "HEAD")
    except NoGit:
        return "HEAD"


def _commit(git: Git, written: str) -> str | None:
    found = git.ask("rev-parse", "--verify", "--quiet", "--end-of-options", f"{written}^0")
    return found.decode().strip() if found else None


def _instead(git: Git, written: str) -> Text:
    """Return what to do about a ref that is not there: a name that is like it, or to fetch it."""
    if _is_shallow(git):
        return _DEEPEN
    listed = git.ask("for-each-ref", "--count=1000", "--format=%(refname:short)") or b""
    names = listed.decode("utf-8", "replace").split()
    short = {name.removeprefix("origin/"): name for name in names}
    near = nearest(written, ["HEAD", *names]) or short.get(nearest(written, short), "")
    return did_you_mean(near) if near else _FETCH.format(written=written)


def _is_shallow(git: Git) -> bool:
    return git.ask("rev-parse", "--is-shallow-repository") == b"true\n"


def _committed(raw: bytes) -> datetime:
    """Return when a commit was made; a day that no calendar has counts as the first of all."""
    head = raw.partition(b"\n\n")[0].split(b"\n")
    line = next((line for line in head if line.startswith(b"committer ")), b"")
    try:
        return datetime.fromtimestamp(int(line.split()[-2]), UTC).astimezone(CST)
    except (IndexError, ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, CST)


# ---- The files of a commit in a folder (取出基准): nothing of it leads out of that

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
