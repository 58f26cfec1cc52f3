"""What a deployed file lists is in use (在用): on the day of the file, none of it has ended."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from pytest_icp.facts.asof import NEVER
from pytest_icp.facts.derived import Derived
from pytest_icp.facts.files.properties import property_at
from pytest_icp.facts.written import SCHEMA
from pytest_icp.law.jsontypes import Json

_END = "ended_on"


def in_use(derived: Derived) -> Derived:
    """Return the facts of a deployed file with the end of each element that may have one: never.

    An end that the file tells stays; the place of the word is that of its element.
    """
    facts = {name: _running(name, value) for name, value in derived.facts.items()}
    return replace(derived, facts=facts)


def _running(name: str, value: Json) -> Json:
    if not isinstance(value, list) or property_at(SCHEMA, f"{name}.{_END}") is None:
        return value
    return [
        {**element, _END: element.get(_END) or NEVER} if isinstance(element, Mapping) else element
        for element in value
    ]
