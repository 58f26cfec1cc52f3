"""Reads a repository through git (git), without using any of its settings."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryFile
from threading import Timer
from typing import IO, NamedTuple, cast

from pytest_icp.facts.files.disk import is_inside, read_bytes
from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Text, did_you_mean, nearest, plain
from pytest_icp.law.times import CST

_SECONDS = 300
MOST_PRINTED = 32 * 1024**2
"""What git prints beyond so many bytes is not read: a small tree may list itself for ever."""

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
        self.folder, self._settings = folder, settings
        self.why, self.cut_off = "", False

    def ask(self, *arguments: str) -> bytes | None:
        """Return what git prints, None if it fails; then ``why`` is what it said.

        Raises `NoGit` if it cannot be run.
        """
        with TemporaryFile() as said:
            try:
                process = subprocess.Popen(  # noqa: S603 - no shell, and none of it is an option
                    ["git", *_OPTIONS, *arguments],  # noqa: S607 - as users have it
                    cwd=self.folder,
                    env=_environment(self._settings),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=said,
                )
            except ValueError as error:
                # git has no name with NUL.
                self.why = str(error)
                return None
            except OSError as error:
                raise NoGit(type(error).__name__) from error
            printed = _printed(process)
            self.cut_off = len(printed) == MOST_PRINTED
            said.seek(0)
            self.why = said.read().decode("utf-8", "replace").strip().partition("\n")[0]
        return None if process.returncode else printed


def _printed(process: subprocess.Popen[bytes]) -> bytes:
    """Return what a process prints; it is ended when that is too much, or takes too long."""
    timer = Timer(_SECONDS, process.kill)
    timer.start()
    try:
        with process:
            printed = cast("IO[bytes]", process.stdout).read(MOST_PRINTED)
            if len(printed) == MOST_PRINTED:
                process.kill()
    finally:
        timer.cancel()
    return printed


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

_LINK = "120000"
_POINTER = b"version https://git-lfs.github.com/spec/"
_LONGEST_POINTER = 1024
_AS_STORED = "* -text -eol -ident -filter -working-tree-encoding\n"
"""The attributes by which files are written as they were committed."""

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
    size: int
    path: str


def unpack(git: Git, commit: str, folder: Path) -> frozenset[str]:
    """Write the files of a commit; return those that are not there as a checkout has them.

    These are links out of the folder, and what Git LFS keeps elsewhere. git writes them as those
    of a new repository, which shares the objects, but no setting, hook or filter.
    Raises `InputError` beyond the limits, or where git fails.
    """
    try:
        blobs = list(_listed(git, commit))
        own = _repository(git, folder)
        for command in (["read-tree", commit], ["checkout-index", "--all"]):
            _asked(own, *command)
        return frozenset(_apart(blobs, folder))
    except (NoGit, OSError, ValueError) as error:
        raise InputError(_BROKEN) from error


def _asked(git: Git, *arguments: str) -> bytes:
    """Return what git prints; raise `ValueError` if it fails."""
    printed = git.ask(*arguments)
    if printed is None:
        raise ValueError(git.why)
    return printed


def _repository(git: Git, folder: Path) -> Git:
    """Make a folder a repository with the objects of another."""
    kind = _asked(git, "rev-parse", "--show-object-format").decode().strip()
    objects = os.fsdecode(_asked(git, "rev-parse", "--git-path", "objects")).rstrip("\n")
    nobody = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    here = {"GIT_DIR": str(folder / ".git"), "GIT_WORK_TREE": str(folder)}
    settings = {**SETTINGS, **nobody, **here}
    _asked(Git(folder, settings=settings), "init", "-q", "--template=", f"--object-format={kind}")
    attributes = folder / ".git" / "info" / "attributes"
    attributes.parent.mkdir()
    attributes.write_text(_AS_STORED, "utf-8")
    shared = {"GIT_OBJECT_DIRECTORY": os.path.abspath(git.folder / objects)}  # noqa: PTH100 - follows no link
    return Git(folder, settings={**settings, **shared})


def _listed(git: Git, commit: str) -> Iterator[_Blob]:
    """Yield the files of a commit; those of other repositories have no size."""
    said = _TOO_MUCH.format(files=str(MOST_FILES), bytes=str(MOST_BYTES // 1024**3))
    too_much = InputError(said, hint=_WORKTREE.format(commit=commit[:12]))
    listed = git.ask("ls-tree", "-r", "-z", "-l", "--full-tree", commit)
    if git.cut_off:
        raise too_much
    files = total = 0
    for row in (listed or b"").split(b"\0"):
        about, _, path = os.fsdecode(row).partition("\t")
        mode, *_, size = about.split() or ("-", "-")
        if not size.isdecimal():
            continue
        files, total = files + 1, total + int(size)
        if files > MOST_FILES or total > MOST_BYTES:
            raise too_much
        yield _Blob(mode, int(size), path)


def _apart(blobs: list[_Blob], folder: Path) -> Iterator[str]:
    """Take away the links that lead out of the folder; yield these and what is in Git LFS."""
    for blob in blobs:
        path = folder / blob.path
        if blob.mode != _LINK:
            if blob.size < _LONGEST_POINTER and _is_pointer(path, folder):
                yield blob.path
        elif not is_inside(path, folder):
            if not is_inside(path.parent, folder):
                raise ValueError
            path.unlink()
            yield blob.path


def _is_pointer(path: Path, folder: Path) -> bool:
    return read_bytes(path, root=folder, limit=_LONGEST_POINTER).startswith(_POINTER)
