"""Reads a source in a folder of a few files, as a run reads it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pytest_icp.facts.derived import Derived
from pytest_icp.law.jsontypes import Json
from pytest_icp.sources.registry import KINDS
from pytest_icp.sources.request import Request
from tests.attack.reading import Files, trace, write


def read(
    folder: Path, kind: str, files: Files, path: str | None = None, **settings: Json
) -> Derived:
    """Write files, and read the first of them, or another path; look all places up."""
    write(folder, files)
    at = folder / (next(iter(files)) if path is None else path)
    derived = KINDS[kind].read(Request(path=at, root=folder, folder=folder, settings=settings))
    trace(derived)
    return derived


def sites(derived: Derived) -> dict[str, Any]:
    """Return the sites by their ids."""
    found: Any = derived.facts.get("sites", [])
    return {site["id"]: site for site in found}


def said(derived: Derived) -> str:
    """Return the remarks, one on a line."""
    return "\n".join(remark.en for remark in derived.remarks)


def logs(derived: Derived) -> dict[str, Any]:
    """Return the stores of logs by their ids, without these."""
    found: Any = derived.facts.get("log_stores", [])
    return {log.pop("id"): log for log in found}
