"""Values of YAML and JSON files, each with its place (值)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import Struct

from pytest_icp.facts.derived import Gap, Provenance
from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.law.jsontypes import escape
from pytest_icp.sources.documents import Document

if TYPE_CHECKING:
    from pytest_icp.law.jsontypes import Json
    from pytest_icp.sources.documents import DocumentPlaces
    from pytest_icp.sources.gathering import ProvenanceLookup
    from pytest_icp.sources.log_retention.kept import File


Path: TypeAlias = tuple[str, ...]
"""The keys from the top of a document to a value; elements by their numbers."""


def members_of(data: Json) -> Iterable[tuple[str, Json]]:
    """Return the members of an object, or the elements of a list by their numbers."""
    if isinstance(data, dict):
        return data.items()
    listed = data if isinstance(data, list) else ()
    return [(str(index), inner) for index, inner in enumerate(listed)]


def below(data: Json, *path: str) -> Json:
    """Return what is at a path of keys in data, None if there is nothing."""
    found: Any = data
    try:
        for key in path:
            found = found[key]
    except (KeyError, TypeError):
        return None
    return found  # type: ignore[no-any-return]  # JSON is all that data has


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
        return Value(below(self.data, *path), self.places, self.path + path)

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


def documents_of(file: File) -> Iterator[Value | Gap]:
    """Yield the documents of a YAML or JSON file; one that cannot be read is a gap."""
    for document in file.documents():
        if isinstance(document, Document):
            yield Value(document.data, document.places)
        else:
            kinds = frozenset({"log_stores"})
            yield Gap(message=document.message, place=document.place, kinds=kinds)
