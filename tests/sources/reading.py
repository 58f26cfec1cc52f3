"""Reads texts as sources, alone or in a folder of a few files, and finds what is told of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pytest_icp.facts.derived import Derived
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json
from pytest_icp.sources.loading import KINDS
from pytest_icp.sources.request import Request
from tests.attack.reading import Files, trace, write
from tests.helpers import ROOT


def read(
    folder: Path, kind: str, files: Files, path: str | None = None, **settings: Json
) -> Derived:
    """Write files, and read the first of them, or another path; look all places up."""
    write(folder, files)
    at = folder / (next(iter(files)) if path is None else path)
    derived = KINDS[kind].read(Request(path=at, root=folder, folder=folder, settings=settings))
    trace(derived)
    return derived


def given(kind: str, text: str | bytes, **settings: Any) -> Derived:
    """Read a text as a source of a kind from standard input."""
    raw = text if isinstance(text, bytes) else text.encode()
    return KINDS[kind].read(Request(path=Path("-"), root=ROOT, given=raw, settings=settings))


kubernetes = partial(given, "kubernetes")
compose = partial(given, "compose")


def in_folder(kind: str, folder: Path, files: Files, path: str = ".", **settings: Any) -> Derived:
    """Write files into a folder, and read a path in it."""
    write(folder, files)
    request = Request(path=folder / path, root=folder, folder=folder, settings=settings)
    return KINDS[kind].read(request)


def refused(read: Callable[..., object], *given: Any, **settings: Any) -> InputError:
    """Return the error that refuses what is given."""
    with pytest.raises(InputError) as error:
        read(*given, **settings)
    return error.value


def facts(derived: Derived) -> Any:
    """Return the facts, for tests that look into them."""
    return derived.facts


def element(derived: Derived, kind: str, identifier: str) -> Any:
    """Return the element of an id."""
    (found,) = (one for one in facts(derived).get(kind, ()) if one["id"] == identifier)
    return found


def ids(derived: Derived, kind: str = "sites") -> list[str]:
    """Return the ids of the elements of a kind."""
    return [one["id"] for one in facts(derived).get(kind, ())]


def status(derived: Derived, pointer: str) -> str:
    """Return the status of a fact."""
    return derived.trace(pointer).status.value


def gaps(derived: Derived) -> list[str]:
    """Return the English words of every gap."""
    return [gap.message.en for gap in derived.gaps]


def gaps_at(derived: Derived) -> list[tuple[int | None, str]]:
    """Return the line and the English words of every gap."""
    return [(gap.place.line, gap.message.en) for gap in derived.gaps]


def remarks(derived: Derived) -> list[str]:
    """Return the remarks in English."""
    return [remark.en for remark in derived.remarks]


def sites(derived: Derived) -> dict[str, Any]:
    """Return the sites by their ids."""
    found: Any = derived.facts.get("sites", [])
    return {site["id"]: site for site in found}


def said(derived: Derived) -> str:
    """Return the remarks, one on a line."""
    return "\n".join(remark.en for remark in derived.remarks)
