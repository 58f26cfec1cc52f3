"""Citations and numbers that policies refer to by id, read from their own files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Protocol

from msgspec import Struct, field

from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.rules.number_files import read_number
from pytest_icp.rules.numbers import Named
from pytest_icp.rules.policy import Citation, Version

_FIXED = Text(
    zh="数值“{name}”由条文规定（{source}），不能更改",
    en="the number {name!r} is fixed by law ({source}) and cannot be changed",
)
_UNIT = Text(
    zh="数值“{name}”的单位是 {old}，不是 {new}",
    en="the number {name!r} is in {old}, not in {new}",
)


class Law(Struct, frozen=True, kw_only=True):
    """The citations and numbers that policies refer to, by id."""

    citations: Mapping[str, Citation] = field(default_factory=dict)
    parameters: Mapping[str, Named] = field(default_factory=dict)


class LawFile(Protocol):
    """A file of policies, citations or numbers, which tells the place of a part of it."""

    def place(self, json_pointer: str, /) -> Place:
        """Return the place of a part by its JSON Pointer."""


def gather(documents: Iterable[tuple[LawFile, Mapping[str, Any]]]) -> Law:
    """Collect what files of citations and of numbers define; each comes with its file.

    A later file may change a number that no verified text of law fixes, so that a company can
    set its own where the law gives none.

    Raises `InputError` for an id that is defined twice otherwise.
    """
    citations: dict[str, Citation] = {}
    parameters: dict[str, Named] = {}
    for file, document in documents:
        for entry in document.get("citations", ()):
            _once(citations, entry["id"], file)
            citations[entry["id"]] = _citation(entry)
        parameters |= _numbers(document.get("parameters", ()), parameters, file)
    return Law(citations=citations, parameters=parameters)


def text_or_none(written: dict[str, str] | None) -> Text | None:
    """Return a text, None where the file leaves it out."""
    return Text(**written) if written else None


def _once(known: Mapping[str, object], name: str, file: LawFile) -> None:
    if name in known:
        raise InputError(
            Text(zh=f"id {name!r} 被定义了两次", en=f"the id {name!r} is defined twice"),
            place=file.place(""),
        )


def _numbers(
    entries: Iterable[dict[str, Any]], known: Mapping[str, Named], file: LawFile
) -> dict[str, Named]:
    """Read the numbers of one file; each is new, or replaces one that may be changed."""
    numbers: dict[str, Named] = {}
    for i, entry in enumerate(entries):
        number = read_number(entry, file, i)
        _once(numbers, number.id, file)
        old = known.get(number.id)
        fixed = [one for one in old.values if one.confidence == "primary"] if old else []
        if fixed:
            raise InputError(
                _FIXED.format(name=number.id, source=fixed[-1].source),
                place=file.place(f"/parameters/{i}/id"),
            )
        if old and old.unit != number.unit:
            raise InputError(
                _UNIT.format(name=number.id, old=old.unit, new=number.unit),
                place=file.place(f"/parameters/{i}/unit"),
            )
        numbers[number.id] = number
    return numbers


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
                source=Text(**version["source"]),
                confidence=version["confidence"],
            )
            for version in entry["versions"]
        ),
        succeeded_by=entry.get("succeeded_by"),
    )


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
