"""The law that policies may name: citations and numbers, out of their own files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pytest_icp.core.errors import InputError
from pytest_icp.core.policy import Citation, Parameter, Version
from pytest_icp.core.text import Text
from pytest_icp.loading.source import read_source


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """The citations and numbers that policies may name, by id."""

    citations: Mapping[str, Citation] = field(default_factory=dict)
    parameters: Mapping[str, Parameter] = field(default_factory=dict)


def gather(documents: Iterable[tuple[Path, Mapping[str, Any]]]) -> Law:
    """Gather what files of citations and of numbers define; each comes with its path.

    Raises `InputError` for an id that is defined twice.
    """
    citations: dict[str, Citation] = {}
    parameters: dict[str, Parameter] = {}
    for path, document in documents:
        for entry in document.get("citations", ()):
            _once(citations, entry["id"], path)
            citations[entry["id"]] = _citation(entry)
        for entry in document.get("parameters", ()):
            _once(parameters, entry["id"], path)
            parameters[entry["id"]] = _parameter(entry)
    return Law(citations=citations, parameters=parameters)


def text_or_none(written: dict[str, str] | None) -> Text | None:
    """Return a text that a file may leave out."""
    return Text(**written) if written else None


def _once(known: Mapping[str, object], name: str, path: Path) -> None:
    if name in known:
        raise InputError(
            Text(zh=f"id {name!r} 被定义了两次", en=f"the id {name!r} is defined twice"),
            place=read_source(path).place(""),
        )


def _citation(entry: dict[str, Any]) -> Citation:
    return Citation(
        id=entry["id"],
        statute=Text(**entry["statute"]),
        subject=Text(**entry["subject"]),
        versions=tuple(
            Version(
                article=Text(**version["article"]),
                effective_from=date.fromisoformat(version["effective_from"]),
                effective_to=_day(version.get("effective_to")),
                quote=text_or_none(version.get("quote")),
                source=version["source"],
                confidence=version["confidence"],
            )
            for version in entry["versions"]
        ),
    )


def _parameter(entry: dict[str, Any]) -> Parameter:
    return Parameter(
        id=entry["id"],
        title=Text(**entry["title"]),
        value=entry["value"],
        unit=entry["unit"],
        source=entry["source"],
        confidence=entry["confidence"],
        option=entry.get("option"),
    )


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
