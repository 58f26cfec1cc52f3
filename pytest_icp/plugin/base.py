"""Reads ``icp.lock`` as a commit has it (基准): what is under review cannot have changed that."""

from __future__ import annotations

from pathlib import Path

from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.plugin.git import Git, NoGit

_NO_COMMIT = Text(
    zh="--icp-lock-base：这里没有提交“{reference}”，未与其 icp.lock 比较",
    en="--icp-lock-base: there is no commit {reference!r} here; its icp.lock was not compared",
)
_FETCH = Text(
    zh="先取来该提交，例如在 actions/checkout 中写 fetch-depth: 0",
    en="fetch the commit first, such as by fetch-depth: 0 of actions/checkout",
)
_NO_GIT = Text(
    zh="--icp-lock-base：无法运行 git：{why}", en="--icp-lock-base: git cannot be run: {why}"
)


def lock_at(reference: str, path: Path) -> bytes | None:
    """Return a lock as a commit has it, None where the commit has no such file.

    git reads its own objects: no hook, filter or attribute of the repository is asked.
    Raises `InputError` if there is no such commit, or git cannot be run.
    """
    git = Git(path.parent)
    try:
        commit = git.ask("rev-parse", "--verify", "--quiet", "--end-of-options", f"{reference}^0")
        if commit is None:
            message = _NO_COMMIT.format(reference=reference)
            raise InputError(message, place=Place(path=path), hint=_FETCH)
        found = git.ask("ls-tree", "--format=%(objectname)", commit.decode().strip(), path.name)
        return git.ask("cat-file", "blob", found.decode().strip()) if found else None
    except NoGit as error:
        message = _NO_GIT.format(why=str(error))
        raise InputError(message, place=Place(path=path)) from error
