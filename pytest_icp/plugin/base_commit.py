"""The commit that a change is compared with (基准提交): the merge base of a ref and HEAD."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

from pytest_icp.law.errors import InputError
from pytest_icp.law.suggestions import did_you_mean, nearest
from pytest_icp.law.text import Text, plain
from pytest_icp.law.times import CST
from pytest_icp.plugin.git import Git, NoGit

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
