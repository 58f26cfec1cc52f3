"""The numbers that policies refer to by their ids, and how each reference is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from msgspec import Struct

from pytest_icp.law.jsontypes import Json
from pytest_icp.law.suggestions import suggested
from pytest_icp.law.text import Text
from pytest_icp.rules.fields import Path
from pytest_icp.rules.numbers import Known, Named, Number
from pytest_icp.rules.statutes import LawFile, wrong

_NUMBER = Text(zh="数值", en="number")


def referred(written: Json, at: Path = ()) -> Iterator[tuple[str, Path]]:
    """Yield the id of each number that is referred to, ``{parameter: id}``, and where."""
    if isinstance(written, list):
        for i, part in enumerate(written):
            yield from referred(part, (*at, i))
    elif isinstance(written, dict):
        if written.keys() == {"parameter"}:
            yield str(written["parameter"]), at
        else:
            for key, part in written.items():
                yield from referred(part, (*at, key))


def number_called(known: Mapping[str, Named], name: str, file: LawFile, at: Path) -> Named:
    """Return the number that is referred to at a place.

    Raises `InputError` for one that is not defined.
    """
    named: Named = definition(known, name, _NUMBER, file, (*at, "parameter"))
    return named


class Numbers(Struct, frozen=True):
    """The numbers (数值) that one rule refers to in one case, as of a day; all are defined.

    What is written is JSON: `dict` is tested for, as the abstract class is slow.
    """

    known: Mapping[str, Known]
    day: date = date.max

    def find(self, written: Json) -> Known | None:
        """Return the number that is referred to; None where anything else is written."""
        if not isinstance(written, dict) or written.keys() != {"parameter"}:
            return None
        return self.known[str(written["parameter"])]

    def filled(self, written: Json) -> Any:
        """Return what is written with the value of the day in place of each number."""
        if not self.known:
            return written
        if isinstance(written, list):
            return [self.filled(part) for part in written]
        if not isinstance(written, dict):
            return written
        named = self.find(written)
        return _on(named, self.day) if named else {k: self.filled(v) for k, v in written.items()}


def _on(named: Known, day: date) -> Json:
    if isinstance(named, Number):
        return named.standing(day).n
    return [one.value for one in named.values if one.since <= day <= one.last]


def definition(defined: Mapping[str, Any], name: Json, what: Text, file: LawFile, at: Path) -> Any:
    """Return what is defined under an id.

    Raises `InputError` at the place of the id when it is not defined.
    """
    if name in defined:
        return defined[str(name)]
    said = Text(zh=f"没有名为 {name!r} 的{what.zh}", en=f"no {what.en} is called {name!r}")
    raise wrong(file, at, said, suggested(str(name), defined))
