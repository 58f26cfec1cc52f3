"""Files that an attacker writes, read as a run reads them, without pytest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest.mock import patch

from pytest_icp.facts.derived import Derived
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.text import plain
from pytest_icp.sources import running
from pytest_icp.sources.child import is_deep
from pytest_icp.sources.loading import KINDS
from pytest_icp.sources.request import Request

Files = Mapping[str, str | bytes]


def write(folder: Path, files: Files) -> None:
    """Write files by their paths in a folder."""
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)


def derive(folder: Path, kind: str, path: str = "", /, **settings: Json) -> Derived | InputError:
    """Read a source to the end, the places of its facts too; anything unexpected is raised."""
    request = Request(path=folder / path, root=folder, folder=folder, settings=settings)
    try:
        derived = KINDS[kind].read(request)
    except InputError as error:
        return error
    trace(derived)
    return derived


def trace(derived: Derived) -> None:
    """Look up where each fact comes from, as a report does."""
    for pointer in _pointers(derived.facts, ""):
        derived.trace(pointer)


def _pointers(value: Any, above: str) -> list[str]:
    found = [above]
    members = value.items() if isinstance(value, Mapping) else ()
    elements = enumerate(value) if isinstance(value, list) else ()
    for name, part in (*members, *elements):
        found += _pointers(part, f"{above}/{str(name).replace('~', '~0').replace('/', '~1')}")
    return found


_TOO_DEEP = plain("it is nested too deeply")


def _answered(_: str, task: bytes, _libraries: object) -> tuple[int, bytes, bytes]:
    """Return how a child would end, with its answer, or raise what its parent would."""
    given = json.loads(task)
    module: Any = import_module(given["module"])
    with patch.object(module, "restrict"):
        try:
            answer = module.answer(given)
        except RecursionError:
            raise InputError(_TOO_DEEP) from None
    if is_deep(answer, given["limits"]["depth"]):
        raise InputError(_TOO_DEEP)
    return 0, json.dumps(answer).encode(), b""


def in_this_process() -> AbstractContextManager[object]:
    """Let what runs in a child process run in this one: it is quicker, and an exception is seen."""
    return patch.object(running, "_ended", _answered)
