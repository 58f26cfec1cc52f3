"""Small git repositories for tests, which know nothing of whoever runs these."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

_SETTINGS = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "a",
    "GIT_AUTHOR_EMAIL": "a@example.cn",
    "GIT_COMMITTER_NAME": "a",
    "GIT_COMMITTER_EMAIL": "a@example.cn",
}


def git(folder: Path, *arguments: str, given: bytes = b"", **settings: str) -> str:
    """Run git in a folder, and return what it prints."""
    done = subprocess.run(
        ["git", "-c", "init.defaultBranch=main", *arguments],  # noqa: S607 - as users have it
        cwd=folder,
        env={**os.environ, **_SETTINGS, **settings},
        input=given,
        check=True,
        capture_output=True,
    )
    return done.stdout.decode().strip()


def commit(folder: Path, day: str = "2025-05-01") -> str:
    """Commit all that is in a folder, on a day, and return the commit."""
    if not (folder / ".git").exists():
        git(folder, "init", "-q")
    when = dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), f"{day}T12:00:00+08:00")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", "a", **when)
    return git(folder, "rev-parse", "HEAD")
