"""Places of the facts of a plan or a state, looked up on demand."""

from __future__ import annotations

import json
import re
from functools import cached_property
from typing import TYPE_CHECKING

from pytest_icp.facts.files.json import JsonPositions
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.sources.terraform.document import Document
from pytest_icp.sources.terraform.reading import ARROW

if TYPE_CHECKING:
    from pytest_icp.facts.files.positions import Node
    from pytest_icp.sources.request import Request
    from pytest_icp.sources.terraform.document import Form
    from pytest_icp.sources.terraform.resource import Origin, Resource


class DocumentPlaces:
    """Looks up places; the first lookup reads the document again.

    One on a single line has no places: a column in the millions leads nobody to a resource, its
    address does.
    """

    def __init__(self, request: Request, form: Form, start: int, *, one_line: bool) -> None:
        self._request = request
        self._form = form
        self._start = start
        self._whole = Place(path=request.path)
        self._one_line = one_line
        self._resources: dict[Resource, JsonPositions] = {}
        self._found: JsonPositions | None = None
        self._addresses: dict[str, int] | None = None

    def place(self, origin: Origin) -> Place:
        """Return line and column of an attribute of a resource, or of the region of a provider."""
        document = None if self._one_line else self._document
        if document is None:
            return self._whole
        if origin.resource is not None:
            return document.place(self._of_resource(document, origin.resource, origin.attribute))
        if not origin.provider_key:
            return self._whole
        region = (*_PROVIDERS, origin.provider_key, "expressions", "region")
        span = self._positions(document).find(region)
        return document.place((span.key or span.value)[0])

    @cached_property
    def _document(self) -> Document | None:
        try:
            return Document(self._request.path, self._request.read(), self._form)
        except InputError:
            return None  # it was removed or replaced in the meantime

    def _positions(self, document: Document) -> JsonPositions:
        """Return the finder of values; it reads no part of the document twice."""
        if self._found is None:
            self._found = JsonPositions(document.text, self._start)
        return self._found

    def _of_resource(self, document: Document, resource: Resource, attribute: str) -> int:
        """Return the offset of an attribute, nested or not; else of what is nearest above it."""
        if resource.origin < 0:
            return self._address(document, resource.address)
        positions = self._resources.get(resource)
        if positions is None:
            positions = JsonPositions(document.text, resource.origin)
            self._resources[resource] = positions
        deepest, offset = 0, resource.origin
        for holder in self._form.holders:
            node: Node | None = positions.root()
            for name in holder:
                node = node and positions.child(node, name)
            for depth, name in enumerate(_parts(attribute), start=1):
                node = node and _member(positions, node, name)
                if node is not None and node[0] is not None and depth >= deepest:
                    deepest, offset = depth, node[0]
        return offset

    def _address(self, document: Document, address: str) -> int:
        """Return the offset of a resource that a plan does not change; of the text if none."""
        if self._addresses is None:
            self._addresses = {}
            for found in _ADDRESS.finditer(document.text):
                name = document.as_utf8(json.loads(found[1]))
                self._addresses.setdefault(name, found.start(1))
        return self._addresses.get(address, 0)


_PROVIDERS = ("configuration", "provider_config")
_ADDRESS = re.compile(r'"address"\s*:\s*("(?:[^"\\]|\\.)*")')


def _parts(attribute: str) -> list[str]:
    """Return the path of the attribute that is read of the resource itself."""
    return attribute.partition(ARROW)[0].split(".")


def _member(positions: JsonPositions, node: Node, name: str) -> Node | None:
    """Return a member of an object, or of the first object in a list that has it."""
    if positions.text()[node[2]] != "[":
        return positions.child(node, name)
    index = 0
    while (element := positions.child(node, str(index))) is not None:
        found = _member(positions, element, name)
        if found is not None:
            return found
        index += 1
    return None
