"""The elements that resources give, put together by their ids, each fact with its origin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from pytest_icp.facts.derived import Status
from pytest_icp.sources.terraform.resource import Told

if TYPE_CHECKING:
    from pytest_icp.law.jsontypes import Json
    from pytest_icp.sources.terraform.resource import Origin, Resource


class Element(Struct, eq=False):
    """One element while it grows: its facts by property path, and how strong each is."""

    id: str
    origin: Origin
    facts: dict[str, tuple[Told, int]] = field(default_factory=dict)

    def put(self, name: str, told: Told, rank: int) -> None:
        """Add a fact: what is known replaces what is not, lists grow, the stronger stays.

        Two facts that are equally strong and differ leave the question open.
        """
        known = self.facts.get(name)
        if known is None or known[0].value is None:
            self.facts[name] = (told, rank)
            return
        before, strength = known
        if told.value is None or told.value == before.value or rank < strength:
            return
        if isinstance(before.value, list) and isinstance(told.value, list):
            joined = [*before.value, *(v for v in told.value if v not in before.value)]
            self.facts[name] = (Told(joined, before.origin), strength)
        elif rank > strength:
            self.facts[name] = (told, rank)
        else:
            unknown = before.origin._replace(status=Status.AFTER_APPLY)
            self.facts[name] = (Told(None, unknown), rank)

    def written(self) -> dict[str, Json]:
        """Return the element as the description has it."""
        document: dict[str, Any] = {"id": self.id}
        for name, (told, _) in self.facts.items():
            *above, last = name.split(".")
            target = document
            for part in above:
                target = target.setdefault(part, {})
            target[last] = told.value
        return document


class Elements:
    """All elements by list and id, and which of them each resource gave."""

    def __init__(self) -> None:
        self.lists: dict[str, dict[str, Element]] = {}
        self._given: dict[tuple[str, Resource], Element] = {}

    def element(self, kind: str, identifier: str, origin: Origin) -> Element:
        """Return the element of an id, made where it is not there yet."""
        of_kind = self.lists.setdefault(kind, {})
        found = of_kind.get(identifier)
        if found is None:
            found = of_kind[identifier] = Element(identifier, origin)
        return found

    def own(self, kind: str, resource: Resource, origin: Origin) -> Element:
        """Return the element that a resource is, called by its address."""
        found = self._given[kind, resource] = self.element(kind, resource.address, origin)
        return found

    def given_by(self, kind: str, resource: Resource) -> Element | None:
        """Return the element that a resource is, if it is one."""
        return self._given.get((kind, resource))

    def written(self) -> dict[str, Json]:
        """Return the lists as the description has them."""
        return {
            kind: [element.written() for element in elements.values()]
            for kind, elements in self.lists.items()
        }
