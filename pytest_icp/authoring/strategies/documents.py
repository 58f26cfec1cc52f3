"""A situation: a description, the day it is judged as of, and the files beside it."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any, Self, TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from pytest_icp.facts.files.schema import validator

Tokens: TypeAlias = tuple[str | int, ...]
Document: TypeAlias = dict[str, Any]

VERSION: Document = {"apiVersion": "pytest-icp/v1"}
"""The smallest description there is."""

NOT_FACTS = frozenset({"apiVersion", "include", "licence_file", "places", "sources"})
"""What stands at the top of a description and is no fact: where others are read from."""


def is_valid(document: Document) -> bool:
    """Whether a document is valid under the published schema."""
    return bool(validator("description").is_valid(document))


def places_below(value: Any, at: Tokens) -> Iterator[Tokens]:
    """Yield a place and those of all facts below it, except ids."""
    yield at
    if isinstance(value, dict):
        for name, member in value.items():
            if name != "id":
                yield from places_below(member, (*at, name))
    elif isinstance(value, list):
        for i, element in enumerate(value):
            yield from places_below(element, (*at, i))


def value_at(document: Any, at: Tokens) -> Any:
    """Follow tokens into a document."""
    for token in at:
        document = document[token]
    return document


def found_at(document: Any, at: Tokens) -> Any:
    """Follow tokens into a document; None where they lead nowhere."""
    for token in at:
        inside = isinstance(document, list) and isinstance(token, int) and token < len(document)
        if not inside and not (isinstance(document, dict) and token in document):
            return None
        document = document[token]
    return document


def without(document: Document, at: Tokens) -> Document:
    """Return a copy of a document without the part at a place."""
    result = copy.deepcopy(document)
    del value_at(result, at[:-1])[at[-1]]
    return result


def dotted(at: Tokens) -> str:
    """Write tokens as a dotted path, with ``[]`` for elements of lists."""
    return "".join("[]" if isinstance(token, int) else f".{token}" for token in at).lstrip(".")


def with_ids(document: Document) -> Document:
    """Return a document in which no two elements of a list have one id, which readers refuse.

    It shares all else with the given one.
    """
    result = {**document}
    for name, value in document.items():
        if isinstance(value, list):
            result[name] = _distinct(value)
    licence = document.get("licence")
    if isinstance(licence, dict) and isinstance(licence.get("attachments"), list):
        result["licence"] = {**licence, "attachments": _distinct(licence["attachments"])}
    return result


def _distinct(elements: list[Any]) -> list[Any]:
    # Some lists are of words, such as the sanctions.
    if not all(isinstance(element, dict) for element in elements):
        return elements
    taken: set[str] = set()
    result = []
    for element in elements:
        while element["id"] in taken:
            element = {**element, "id": f"{element['id']}x"}  # noqa: PLW2901 - a copy
        taken.add(element["id"])
        result.append(element)
    return result


class Situation(Struct, frozen=True, kw_only=True):
    """A description and what it is judged with (情形), as a case writes it.

    ``document`` is the whole description, valid under the schema, with the licence inline;
    ``as_of`` the day or instant it is judged as of; ``files`` the evidence beside it, name and
    content; ``settings`` those that are not the default.
    """

    document: Document
    as_of: str
    files: tuple[tuple[str, bytes], ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)

    def having(self, document: Document) -> Self:
        """Return the same situation with other facts."""
        return replace(self, document=document)
