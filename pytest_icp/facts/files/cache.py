"""A cache of what was read and validated, by content, in the user's own cache folder.

A change under review must not be able to supply its own cached policies: the folder is nobody
else's and never inside a repository, and each entry is authenticated with a secret that only the
user can read. Any other entry is made anew.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import stat
import time
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from pytest_icp.facts.files.opening import open_real
from pytest_icp.facts.files.repository import repository_around

_FOLDER = "PYTEST_ICP_CACHE"
"""The environment variable that names another folder; if it is empty, nothing is cached."""

MOST = 500
"""How many values are cached; the oldest are removed first."""

SMALL = 256 * 1024
"""The largest file, in bytes, that is cached."""

LARGEST = 4 * 1024 * 1024
"""The largest entry, in bytes; what a small file expands to may be larger."""

SUFFIX = ".cache"
_DRAFT = ".tmp"
_ABANDONED = 3600
"""A draft of so many seconds belongs to a write that was cut off."""

_SECRET = "secret"  # noqa: S105 - the name of its file
_LENGTH = 64
"""That of a secret and of a code, which are text, as all of the cache is."""


def content_key(parts: Iterable[bytes]) -> str:
    """Return a key that changes with any byte of the parts and with their order."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()


def cached(key: str, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return the cached value of a key, else make it and cache it if possible."""
    named = _named()
    trusted = _trusted(os.path.abspath(named)) if named else None  # noqa: PTH100 - links stay
    if trusted is None:
        return make()
    folder, secret = trusted
    path = folder / f"{key}{SUFFIX}"
    value = _recalled(path, secret)
    if value is None:
        value = make()
        _store(path, value, secret)
    return value


def _recalled(path: Path, secret: bytes) -> dict[str, Any] | None:
    """Return the value of an entry; None for one that is missing or not our own."""
    try:
        with open_real(path, path.parent) as file:
            entry = memoryview(file.read())
        body = entry[_LENGTH:]
        if hmac.compare_digest(entry[:_LENGTH], _code(path, body, secret)):
            value: dict[str, Any] = msgspec.json.decode(body)
            return value
    except (OSError, msgspec.DecodeError):
        # A number that is none (``.nan``) can be written and not read.
        pass
    return None


def _code(path: Path, body: bytes | memoryview, secret: bytes) -> bytes:
    """Return what authenticates an entry, under its own name."""
    return hmac.digest(secret + path.name.encode(), body, "sha256").hex().encode()


@cache
def _trusted(named: str) -> tuple[Path, bytes] | None:
    """Return where a folder really is, and the secret in it; None if it cannot be relied on.

    It is made if it is not there, and looked at once per process: only its owner can open it to
    others.
    """
    folder = Path(os.path.realpath(named))
    if any(repository_around(Path(one, _SECRET)) for one in (named, folder)):
        return None
    try:
        # Descriptions may be confidential: no other user may read the folder.
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        kind = folder.stat()
        closed = not kind.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
        return (folder, _secret(folder)) if closed and _is_own(kind) else None
    except OSError:
        # A cache that cannot be used only costs time.
        return None


def _named() -> Path | None:
    named = os.environ.get(_FOLDER)
    if named is not None:
        return Path(named) if named else None
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    try:
        return (Path(base) if base else Path.home() / ".cache") / "pytest-icp"
    except RuntimeError:  # there is no home folder
        return None


def _is_own(kind: os.stat_result) -> bool:
    """Whether a file belongs to the user; where files have no owners, the folder's place tells."""
    return not hasattr(os, "geteuid") or kind.st_uid == os.geteuid()


def _secret(folder: Path) -> bytes:
    """Return the secret of the user, made on first use; raise `OSError` if it cannot be."""
    path = folder / _SECRET
    try:
        with open_real(path, folder) as file:
            kind, secret = os.fstat(file.fileno()), file.read(_LENGTH + 1)
        if len(secret) == _LENGTH and _is_own(kind) and not kind.st_mode & 0o077:
            return secret
    except OSError:
        pass
    secret = os.urandom(_LENGTH // 2).hex().encode()
    _write(path, secret)
    return secret


def _store(path: Path, value: dict[str, Any], secret: bytes) -> None:
    body = json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
    if len(body) > LARGEST:
        return
    try:
        _write(path, _code(path, body, secret) + body)
        _remove_oldest(path.parent)
    except OSError:
        return


def _write(path: Path, content: bytes) -> None:
    """Write a file whole, readable by nobody else; what has its name is replaced, not followed."""
    draft = path.with_name(f"{path.name}.{os.urandom(8).hex()}{_DRAFT}")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123 - with a mode
            file.write(content)
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise


@cache
def _remove_oldest(folder: Path) -> None:
    """Remove the oldest values, once per process: one process adds few of them."""
    # Earlier versions wrote JSON.
    entries = [*folder.glob(f"*{SUFFIX}"), *folder.glob("*.json")]
    files = [(file.lstat().st_mtime, file) for file in entries]
    for _, file in sorted(files)[:-MOST]:
        file.unlink(missing_ok=True)
    for draft in folder.glob(f"*{_DRAFT}"):
        if draft.lstat().st_mtime < time.time() - _ABANDONED:
            draft.unlink(missing_ok=True)
