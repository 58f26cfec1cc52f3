"""Reads ``icp.lock`` as a commit has it (基准): what is under review cannot have changed that."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text

_SECONDS = 30
_OPTIONS = ("--no-pager", "--no-replace-objects", "-c", "core.fsmonitor=false")
_SETTINGS = {
    # Nothing is fetched or asked for, and no file of the repository is written.
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "LC_ALL": "C",
}

_NO_COMMIT = Text(
    zh="--icp-lock-base：这里没有提交「{reference}」，未与其 icp.lock 比较",
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
    commit = _git(path, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{reference}^0")
    if commit is None:
        message = _NO_COMMIT.format(reference=reference)
        raise InputError(message, place=Place(path=path), hint=_FETCH)
    found = _git(path, "ls-tree", "--format=%(objectname)", commit.decode().strip(), path.name)
    return _git(path, "cat-file", "blob", found.decode().strip()) if found else None


def _git(path: Path, *arguments: str) -> bytes | None:
    """Return what git prints, None if it fails."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and none of it is an option
            ["git", *_OPTIONS, *arguments],  # noqa: S607 - wherever it is installed
            cwd=path.parent,
            env={**others, **_SETTINGS},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        message = _NO_GIT.format(why=type(error).__name__)
        raise InputError(message, place=Place(path=path)) from error
    return None if done.returncode else done.stdout
