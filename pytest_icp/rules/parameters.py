"""Fills in the numbers that policies refer to by their ids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, pointer
from pytest_icp.law.suggestions import suggested
from pytest_icp.law.text import Text
from pytest_icp.rules.policy import Parameter
from pytest_icp.rules.statutes import Law, LawFile

RELIES_ON = "relies_on"
"""The key under which an obligation lists the ids of the numbers that were filled in."""

_NUMBER = Text(zh="数值", en="number")


def fill_numbers(document: Mapping[str, Any], law: Law, file: LawFile) -> dict[str, Any]:
    """Return a policy as its file writes it, with the number for each ``{parameter: id}``.

    Raises `InputError` for a number that is not defined.
    """
    obligations = []
    for i, entry in enumerate(document["obligations"]):
        used: dict[str, Parameter] = {}
        whole: Any = _fill(entry, law, file, ("obligations", i), used)
        obligations.append({**whole, RELIES_ON: list(used)})
    return {**document, "obligations": obligations}


def _fill(
    value: Json,
    law: Law,
    file: LawFile,
    at: tuple[str | int, ...],
    used: dict[str, Parameter],
) -> Json:
    if isinstance(value, list):
        return [_fill(part, law, file, (*at, i), used) for i, part in enumerate(value)]
    if not isinstance(value, Mapping):
        return value
    if value.keys() == {"parameter"}:
        parameter: Parameter = definition(
            law.parameters, value["parameter"], _NUMBER, file, (*at, "parameter")
        )
        used[parameter.id] = parameter
        return float(parameter.value) if parameter.value % 1 else int(parameter.value)
    return {key: _fill(part, law, file, (*at, key), used) for key, part in value.items()}


def definition(
    defined: Mapping[str, Any], name: Json, what: Text, file: LawFile, at: tuple[str | int, ...]
) -> Any:
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
