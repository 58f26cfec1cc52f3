"""Descriptions as plain documents: places of facts, and changed copies."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any, TypeAlias

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
    """Replace duplicate ids in lists, which the reader refuses."""
    for elements in [*document.values(), (document.get("licence") or {}).get("attachments")]:
        taken: set[str] = set()
        known = elements if isinstance(elements, list) else ()
        # Some lists are of words, such as the sanctions.
        for element in (one for one in known if isinstance(one, dict)):
            while element["id"] in taken:
                element["id"] += "x"
            taken.add(element["id"])
    return document
