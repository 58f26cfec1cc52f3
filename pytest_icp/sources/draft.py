"""Facts as an adapter finds them one by one, each with where it was found."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath
from typing import TypeAlias

from pytest_icp.facts.derived import Provenance
from pytest_icp.law.jsontypes import Json, JsonObject, tokens
from pytest_icp.law.location import Place

Found: TypeAlias = Callable[[], Provenance]
"""Tells where a fact was found; asked only for facts that are shown."""


class Draft:
    """Elements by kind and id, in the order in which they were found (草稿).

    An element or a fact that is found again keeps what was said first. ``source`` is the file
    to which everything is traced that has no place of its own.
    """

    def __init__(self, source: PurePath) -> None:
        self._source = source
        self._elements: dict[str, dict[str, dict[str, Json]]] = {}
        self._names: dict[str, list[str]] = {}
        self._found: dict[tuple[str, ...], Found] = {}

    def add(self, kind: str, name: str, found: Found, /, **facts: Json) -> None:
        """Add an element of a kind (``sites``) under its id, with facts from the same place."""
        elements = self._elements.setdefault(kind, {})
        if name not in elements:
            elements[name] = {"id": name, **facts}
            self._names.setdefault(kind, []).append(name)
            self._found[kind, name] = found

    def say(self, kind: str, name: str, fact: str, value: Json, found: Found) -> None:
        """Say one fact of an element that was added before."""
        element = self._elements[kind][name]
        if fact not in element:
            element[fact] = value
            self._found[kind, name, fact] = found

    def facts(self) -> JsonObject:
        """Return the part of a description; a kind of which nothing was found is left out."""
        return {kind: list(elements.values()) for kind, elements in self._elements.items()}

    def trace(self, pointer: str) -> Provenance:
        """Tell the provenance of a fact, or of the nearest thing around it that has one."""
        kind, index, fact, *_ = (*tokens(pointer), "", "", "")
        names = self._names.get(kind, ())
        if not index.isdecimal() or int(index) >= len(names):
            return Provenance(place=Place(path=self._source))
        name = names[int(index)]
        found = self._found.get((kind, name, fact)) or self._found[kind, name]
        return found()
