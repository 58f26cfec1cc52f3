"""The elements that resources give, merged by id, each fact with its origin."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from msgspec.structs import replace

from pytest_icp.facts.derived import Status
from pytest_icp.sources.terraform.resource import FINAL, OWN, FactValue

if TYPE_CHECKING:
    from pytest_icp.law.jsontypes import Json
    from pytest_icp.sources.terraform.resource import Origin, Resource


class _Joined:
    """A list that others are joined to, without what it has already."""

    def __init__(self, values: list[Json]) -> None:
        self.values = list(values)
        self._known = set(map(repr, values))

    def add(self, values: list[Json]) -> None:
        """Add the values that the list does not have yet."""
        for value in values:
            if repr(value) not in self._known:
                self._known.add(repr(value))
                self.values.append(value)


class Element(Struct, eq=False):
    """One element while it is built: its facts by property path, with their precedence."""

    id: str
    origin: Origin
    facts: dict[str, FactValue] = field(default_factory=dict)
    _ranks: dict[str, int] | None = None
    """The precedence of facts that are not `OWN`."""
    _joined: dict[str, _Joined] | None = None

    def put(self, name: str, fact: FactValue, rank: int) -> None:
        """Add a fact: a known value replaces an unknown one, lists are joined, higher ranks win.

        Two different values of equal rank make the fact unknown, and so does one that is `FINAL`
        and not known.
        """
        before = self.facts.setdefault(name, fact)
        if before is fact and not rank:
            return
        self._ranks = {} if self._ranks is None else self._ranks
        strength = self._ranks.get(name, OWN)
        if strength == FINAL > rank:
            return
        doubted = fact.value is None and rank == FINAL > strength
        if before is fact or before.value is None or doubted:
            self.facts[name], self._ranks[name] = fact, rank
            return
        if fact.value is None or fact.value == before.value or rank < strength:
            return
        if isinstance(before.value, list) and isinstance(fact.value, list):
            self._joined = {} if self._joined is None else self._joined
            joined = self._joined.get(name)
            if joined is None or joined.values is not before.value:
                joined = self._joined[name] = _Joined(before.value)
                self.facts[name] = FactValue(joined.values, before.origin)
            joined.add(fact.value)
        elif rank > strength:
            self.facts[name], self._ranks[name] = fact, rank
        else:
            self.facts[name] = FactValue(None, replace(before.origin, status=Status.NOT_TOLD))

    def written(self, *, told: bool = False) -> dict[str, Json]:
        """Return the element as it is written in a description; of what is told, no null."""
        document: dict[str, Any] = {"id": self.id}
        for name, fact in self.facts.items():
            if told and fact.value is None:
                continue
            if "." not in name:
                document[name] = fact.value
                continue
            *above, last = name.split(".")
            target = document
            for part in above:
                target = target.setdefault(part, {})
            target[last] = fact.value
        return document


class Elements:
    """All elements by list and id, and the element of each resource."""

    def __init__(self) -> None:
        self.lists: dict[str, dict[str, Element]] = {}
        self._given: dict[str, dict[Resource, Element]] = defaultdict(dict)

    def element(self, kind: str, identifier: str, origin: Origin) -> Element:
        """Return the element with an id; create it if needed."""
        of_kind = self.lists.get(kind)
        if of_kind is None:
            of_kind = self.lists[kind] = {}
        found = of_kind.get(identifier)
        if found is None:
            found = of_kind[identifier] = Element(identifier, origin)
        return found

    def own(self, kind: str, resource: Resource, origin: Origin) -> Element:
        """Return the element of a resource, whose id is its address; create it if needed."""
        found = self._given[kind][resource] = self.element(kind, resource.address, origin)
        return found

    def given_by(self, kind: str, resource: Resource) -> Element | None:
        """Return the element of a resource, if it has one."""
        return self._given[kind].get(resource)

    def written(self, *, told: bool) -> dict[str, Json]:
        """Return the lists as they are written in a description; see `Element.written`."""
        return {
            kind: [element.written(told=told) for element in elements.values()]
            for kind, elements in self.lists.items()
        }
