"""Values of YAML and JSON files, each with its place (值)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from pytest_icp.facts.derived import Provenance
from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.law.jsontypes import escape

if TYPE_CHECKING:
    from pytest_icp.law.jsontypes import Json
    from pytest_icp.sources.documents import DocumentPlaces
    from pytest_icp.sources.gathering import ProvenanceLookup


Path: TypeAlias = tuple[str, ...]
"""The keys from the top of a document to a value; elements by their numbers."""


def members_of(data: Json) -> Iterable[tuple[str, Json]]:
    """Return the members of an object, or the elements of a list by their numbers."""
    if isinstance(data, dict):
        return data.items()
    listed = data if isinstance(data, list) else ()
    return [(str(index), inner) for index, inner in enumerate(listed)]


def get(value: Json, *path: str) -> Json:
    """Return the value at a path of keys; None if anything on it is missing."""
    for key in path:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def select(value: Json, path: str) -> list[tuple[str, Json]]:
    """Return all values at a path such as ``spec/rules/*/host``, with their pointers.

    ``*`` means every element of a list, and every member of an object. Missing values are left
    out. Parsed data consists of `dict` and `list`, and checking for these is much faster than for
    `Mapping`.
    """
    found: list[tuple[str, Json]] = [("", value)]
    for key in path.split("/"):
        if not found:
            break
        found = _step(found, key)
    return found


def _step(found: list[tuple[str, Json]], key: str) -> list[tuple[str, Json]]:
    beyond: list[tuple[str, Json]] = []
    for pointer, value in found:
        if isinstance(value, dict):
            beyond += [
                (f"{pointer}/{escape(str(name))}", inner)
                for name in (value if key == "*" else (key,))
                if (inner := value.get(name)) is not None
            ]
        elif key == "*" and isinstance(value, list):
            beyond += [(f"{pointer}/{i}", item) for i, item in enumerate(value)]
    return beyond


class _Lookup(Confidential, Struct, frozen=True, eq=False):
    """Looks up the provenance of a value, without the value itself."""

    _shown = ("address", "path")

    places: DocumentPlaces
    path: Path
    address: str

    def __call__(self) -> Provenance:
        place = self.places.place("".join([f"/{escape(key)}" for key in self.path]))
        return Provenance(place=place, address=self.address, attribute=".".join(self.path))


class Value(Confidential, Struct, frozen=True, eq=False):
    """A value of a document; one that is absent is None, and so is everything below it."""

    _shown = ("path",)

    data: Json
    places: DocumentPlaces
    path: Path = ()

    def __contains__(self, key: str) -> bool:
        """Whether there is a member of a name."""
        return isinstance(self.data, dict) and key in self.data

    def get(self, *path: str) -> Value:
        """Return the value at a path of keys."""
        return Value(get(self.data, *path), self.places, self.path + path)

    def members(self) -> list[tuple[str, Value]]:
        """Return the members, or the elements by their numbers."""
        places, path = self.places, self.path
        return [(key, Value(inner, places, (*path, key))) for key, inner in members_of(self.data)]

    @property
    def text(self) -> str:
        """The value as it is written if it is a text or a number, else empty."""
        return str(self.data) if isinstance(self.data, (str, int, float)) else ""

    def at(self, address: str) -> ProvenanceLookup:
        """Return what looks up the provenance of the value, which holds on to places only."""
        return _Lookup(self.places, self.path, address)
