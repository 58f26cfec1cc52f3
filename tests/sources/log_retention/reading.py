"""How tests read a text as a file with settings of logs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pytest_icp.facts.derived import Derived
from pytest_icp.sources.log_retention import read_log_retention
from pytest_icp.sources.request import Request


def read(name: str, text: str | bytes) -> Derived:
    """Read a text as the file of a name."""
    given = text if isinstance(text, bytes) else text.encode()
    return read_log_retention(Request(path=Path(name), root=Path(), given=given))


def stores(derived: Derived) -> dict[str, dict[str, Any]]:
    """Return what is told of each log, by its id."""
    found: Any = derived.facts.get("log_stores", [])
    return {one["id"]: {k: v for k, v in one.items() if k != "id"} for one in found}


def spans(store: Any) -> tuple[Any, Any]:
    """Return how long a log is kept, and the bound where no more is known."""
    retention = store.get("retention")
    bound = retention.get("at_most") if retention else None
    return (None, bound) if bound else (retention, None)


def traced(derived: Derived, fact: str, index: int = 0) -> tuple[int | None, str, str, str]:
    """Return the line, the address, the attribute and the status of a fact of a log."""
    found = derived.trace(f"/log_stores/{index}/{fact}")
    return found.place.line, found.address, found.attribute, found.status.value
