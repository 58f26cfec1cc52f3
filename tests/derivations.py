"""Sources for tests: what a source says, without a file and an adapter that reads it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pytest_icp.facts.derived import Derived, Gap, Provenance, Reading, Status
from pytest_icp.facts.description import Description, load
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import tokens
from pytest_icp.law.location import Place
from pytest_icp.law.text import plain

HEAD: dict[str, Any] = {"apiVersion": "pytest-icp/v1"}
GIVES = frozenset({"servers", "sites"})


def derived(
    name: str,
    facts: dict[str, Any],
    *,
    status: Mapping[str, Status] | None = None,
    attribute: str = "",
    gaps: Mapping[str, str] | None = None,
    **more: Any,
) -> Derived:
    """Facts of a file of this name; each stands in the line of its depth."""

    def trace(at: str) -> Provenance:
        place = Place(path=Path(name), line=len(tokens(at)) + 1, column=1)
        how = (status or {}).get(at, Status.KNOWN)
        read = attribute or at[1:]
        return Provenance(place=place, status=how, address=f"res.{name}", attribute=read)

    missing = tuple(
        Gap(message=plain(why), place=Place(path=Path(name), line=9), kinds=frozenset({kind}))
        for kind, why in (gaps or {}).items()
    )
    return Derived(facts=facts, trace=trace, gaps=missing, **more)


def reading(name: str, facts: dict[str, Any], *, generated: bool = False, **more: Any) -> Reading:
    """What came of a source that could be read."""
    return Reading(
        kind="test",
        path=name,
        place=Place(path=Path("prod.icp.json"), line=3),
        gives=GIVES,
        generated=generated,
        derived=derived(name, facts, **more),
    )


def broken(name: str, why: str = "no JSON") -> Reading:
    """What came of a source that could not."""
    place = Place(path=Path(name), line=2, column=1)
    error = InputError(why, place=place)
    return Reading(kind="test", path=name, place=place, gives=GIVES, error=error)


def described(folder: Path, facts: dict[str, Any], *readings: Reading) -> Description:
    """A description with these sources."""
    path = folder / "prod.icp.json"
    path.write_text(json.dumps({**HEAD, **facts}, ensure_ascii=False, indent=1), "utf-8")
    return load(path, derive=lambda _: readings)
