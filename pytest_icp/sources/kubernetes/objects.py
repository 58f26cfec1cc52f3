"""Kubernetes objects: kind, name, annotations, and access to values by path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from pytest_icp.facts.derived import Provenance
from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.law.jsontypes import Json, JsonObject, escape, tokens
from pytest_icp.sources.values import get

if TYPE_CHECKING:
    from pytest_icp.law.location import Place
    from pytest_icp.sources.documents import Document
    from pytest_icp.sources.gathering import ProvenanceLookup

SUFFIXES = (
    *(".yaml", ".yml", ".json"),
    *(f"{yaml}{end}" for yaml in (".yaml", ".yml") for end in (".j2", ".tmpl", ".tpl", ".gotmpl")),
)
"""The suffixes of manifests, including templates."""


class Object(Confidential, Struct, frozen=True, kw_only=True, eq=False):
    """One object of a manifest (对象), with its pointer in the document.

    ``group`` is its API group, empty for the core. Its data may contain secrets.
    """

    _shown = ("kind", "namespace", "name")

    document: Document
    pointer: str
    body: JsonObject
    group: str
    kind: str
    name: str
    namespace: str

    @property
    def address(self) -> str:
        """``Kind/namespace/name``, or ``Kind/name`` if no namespace is written."""
        return "/".join(part for part in (self.kind, self.namespace, self.name) if part)

    @property
    def annotations(self) -> JsonObject:
        """The annotations, empty if there are none."""
        found = get(self.body, "metadata", "annotations")
        return found if isinstance(found, Mapping) else {}

    def place(self, pointer: str = "") -> Place:
        """Return the place of a value, by its pointer inside the object."""
        return self.document.place(self.pointer + pointer)

    def provenance(self, pointer: str) -> ProvenanceLookup:
        """Return a lookup of the provenance of a value, by its pointer inside the object.

        It holds on to the places only, not to the data.
        """
        places, address = self.document.places, self.address
        whole, attribute = self.pointer + pointer, ".".join(tokens(pointer))

        def lookup() -> Provenance:
            place = places.place(whole)
            return Provenance(place=place, address=address, attribute=attribute)

        return lookup


def annotation(name: str) -> str:
    """Return the pointer of an annotation."""
    return f"/metadata/annotations/{escape(name)}"


def objects(document: Document) -> Iterator[Object]:
    """Yield the objects of a document, including those inside of lists."""
    waiting: list[tuple[str, Json]] = [("", document.data)]
    while waiting:
        pointer, body = waiting.pop()
        if not isinstance(body, dict):
            continue
        kind, version = body.get("kind"), body.get("apiVersion")
        if not isinstance(kind, str) or not isinstance(version, str):
            continue
        items = body.get("items")
        if kind.endswith("List") and isinstance(items, list):
            inner = [(f"{pointer}/items/{i}", item) for i, item in enumerate(items)]
            waiting += reversed(inner)
            continue
        yield Object(
            document=document,
            pointer=pointer,
            body=body,
            group=version.rpartition("/")[0],
            kind=kind,
            name=_word(get(body, "metadata", "name") or get(body, "metadata", "generateName")),
            namespace=_word(get(body, "metadata", "namespace")),
        )


def _word(value: Json) -> str:
    return "" if value is None else str(value)
