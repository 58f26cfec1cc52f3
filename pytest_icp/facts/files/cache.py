"""A cache of what was read and validated, by content, in the user's own cache folder.

The folder is never inside a repository: a change under review must not be able to supply its
own cached policies.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

_FOLDER = "PYTEST_ICP_CACHE"
"""The environment variable that names another folder; if it is empty, nothing is cached."""


MOST = 500
"""How many values are cached; the oldest are removed first."""

SMALL = 256 * 1024
"""The largest file, in bytes, that is cached."""


def content_key(parts: Iterable[bytes]) -> str:
    """Return a key that changes with any byte of the parts and with their order."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()


def cached(key: str, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return the cached value of a key, else make it and cache it if possible."""
    folder = _folder()
    if folder is None:
        return make()
    path = folder / f"{key}.json"
    try:
        value: dict[str, Any] = msgspec.json.decode(path.read_bytes())
    except (OSError, UnicodeDecodeError, msgspec.DecodeError):
        value = make()
        _store(path, value)
    return value


def _folder() -> Path | None:
    named = os.environ.get(_FOLDER)
    if named is not None:
        return Path(named) if named else None
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    try:
        return (Path(base) if base else Path.home() / ".cache") / "pytest-icp"
    except RuntimeError:  # there is no home folder
        return None


def _store(path: Path, value: dict[str, Any]) -> None:
    """Write a value atomically."""
    draft = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        # Descriptions may be confidential: no other user may read the folder.
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft.write_text(json.dumps(value, ensure_ascii=False), "utf-8")
        draft.replace(path)
        _remove_oldest(path.parent)
    except OSError:
        # A cache that cannot be written only costs time.
        return


@cache
def _remove_oldest(folder: Path) -> None:
    """Remove the oldest values, once per process: one process adds few of them."""
    files = [(file.stat().st_mtime, file) for file in folder.glob("*.json")]
    for _, file in sorted(files)[:-MOST]:
        file.unlink(missing_ok=True)
