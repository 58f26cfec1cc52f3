"""The numbers that policies refer to by their ids, and how each reference is read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec import Struct, field

from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, pointer
from pytest_icp.law.suggestions import suggested
from pytest_icp.law.text import Text
from pytest_icp.rules.numbers import Number
from pytest_icp.rules.statutes import LawFile

_NUMBER = Text(zh="数值", en="number")
Path = tuple[str | int, ...]


class Numbers(Struct, frozen=True):
    """The numbers (数值) that one file may refer to, as of a day: ``{parameter: id}``.

    ``used`` collects those that it does refer to.
    """

    known: Mapping[str, Number]
    file: LawFile
    day: date = date.max
    used: dict[str, Number] = field(default_factory=dict)

    def find(self, written: Json, at: Path) -> Number | None:
        """Return the number that is referred to; None where anything else is written.

        Raises `InputError` for a number that is not defined.
        """
        if not isinstance(written, Mapping) or written.keys() != {"parameter"}:
            return None
        name = written["parameter"]
        number: Number = definition(self.known, name, _NUMBER, self.file, (*at, "parameter"))
        self.used[number.id] = number
        return number

    def filled(self, written: Json, at: Path) -> Any:
        """Return what is written with the value of the day in place of each number."""
        if isinstance(written, list):
            return [self.filled(part, (*at, i)) for i, part in enumerate(written)]
        if not isinstance(written, Mapping):
            return written
        number = self.find(written, at)
        if number is not None:
            return number.standing(self.day).n
        return {key: self.filled(part, (*at, key)) for key, part in written.items()}


def definition(defined: Mapping[str, Any], name: Json, what: Text, file: LawFile, at: Path) -> Any:
    """Return what is defined under an id.

    Raises `InputError` at the place of the id when it is not defined.
    """
    if name in defined:
        return defined[str(name)]
    raise InputError(
        Text(zh=f"没有名为 {name!r} 的{what.zh}", en=f"no {what.en} is called {name!r}"),
        place=file.place(pointer(at)),
        hint=suggested(str(name), defined),
    )
