"""Facts that an adapter collects one by one, each with its provenance."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath
from typing import TypeAlias

from pytest_icp.facts.derived import Provenance
from pytest_icp.law.jsontypes import Json, JsonObject, tokens
from pytest_icp.law.location import Place

ProvenanceLookup: TypeAlias = Callable[[], Provenance]
"""Returns where a fact was found; called only for facts that are shown."""


class Draft:
    """Elements by kind and id, in the order in which they were added (草稿).

    The first value of an element or a fact wins. ``source`` is the file given as the place of
    whatever has none of its own.
    """

    def __init__(self, source: PurePath) -> None:
        self._source = source
        self._elements: dict[str, dict[str, dict[str, Json]]] = {}
        self._names: dict[str, tuple[str, ...]] = {}
        self._provenance: dict[tuple[str, ...], ProvenanceLookup] = {}

    def add(self, kind: str, name: str, provenance: ProvenanceLookup, /, **facts: Json) -> None:
        """Add an element of a kind (``sites``) under its id, with facts from the same place."""
        elements = self._elements.setdefault(kind, {})
        if name not in elements:
            elements[name] = {"id": name, **facts}
            self._provenance[kind, name] = provenance

    def set(
        self, kind: str, name: str, fact: str, value: Json, provenance: ProvenanceLookup
    ) -> None:
        """Set one fact of an element that was added before."""
        element = self._elements[kind][name]
        if fact not in element:
            element[fact] = value
            self._provenance[kind, name, fact] = provenance

    def facts(self) -> JsonObject:
        """Return the facts as a part of a description; kinds without elements are left out."""
        return {kind: list(elements.values()) for kind, elements in self._elements.items()}

    def trace(self, pointer: str) -> Provenance:
        """Return the provenance of a fact, or of the closest element around it that has one."""
        kind, index, fact, *_ = (*tokens(pointer), "", "", "")
        elements = self._elements.get(kind, {})
        names = self._names.get(kind, ())
        if len(names) < len(elements):
            names = self._names[kind] = tuple(elements)
        if not index.isdecimal() or int(index) >= len(names):
            return Provenance(place=Place(path=self._source))
        name = names[int(index)]
        provenance = self._provenance.get((kind, name, fact)) or self._provenance[kind, name]
        return provenance()
