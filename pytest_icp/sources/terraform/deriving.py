"""Derive the elements of a description from resources, by the rows of their types.

Elements are merged by id; each fact has its origin.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from msgspec.structs import replace

from pytest_icp.facts.derived import Status
from pytest_icp.law.jsontypes import texts_of
from pytest_icp.sources.terraform.hosts import is_site, public_address
from pytest_icp.sources.terraform.lifecycles import Lifecycles
from pytest_icp.sources.terraform.reading import reader
from pytest_icp.sources.terraform.regions import Regions
from pytest_icp.sources.terraform.resource import FINAL, OWN, FactValue, Origin

if TYPE_CHECKING:
    from pytest_icp.facts.files.budget import Meter
    from pytest_icp.law.jsontypes import Json
    from pytest_icp.sources.terraform.graph import Graph
    from pytest_icp.sources.terraform.resource import Give, Hides, Resource


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


class Derivation:
    """The elements that a graph gives, and the resources that could not be decided."""

    def __init__(self, graph: Graph, settings: Mapping[str, object], meter: Meter) -> None:
        self._graph = graph
        self._meter = meter
        self._regions = Regions(graph, settings)
        self.elements = Elements()
        self.undecided: dict[tuple[str, str], list[Origin]] = defaultdict(list)
        """By list and reason: the resources whose elements may be missing."""
        self.hidden: dict[Hides, list[Origin]] = defaultdict(list)
        """By what they hold: the resources that hold what is not read."""

    def run(self) -> Derivation:
        """Derive elements first, then the facts attached to them, and sites and domains last."""
        attached: list[tuple[Resource, Give]] = []
        named: list[tuple[Resource, Give]] = []
        kept: list[tuple[Resource, Give]] = []
        for resource in self._graph.resources:
            self._meter.spend("elements")
            if not resource.managed:
                continue
            self._note_hidden(resource)
            for give in resource.row.gives:
                if give.of is not None:
                    attached.append((resource, give))
                elif give.kept_in is not None:
                    kept.append((resource, give))
                elif give.names is not None:
                    named.append((resource, give))
                elif self._applies(give, resource):
                    origin = Origin(resource)
                    self._fill(self.elements.own(give.list, resource, origin), give, resource)
        self._keep(kept)
        for resource, give in attached:
            self._attach(give, resource)
        for resource, give in named:
            self._name(give, resource)
        return self

    def _note_hidden(self, resource: Resource) -> None:
        hides = resource.row.hides
        if hides is not None and hides.when(self._graph, resource) is not False:
            self.hidden[hides].append(Origin(resource))

    def names(self, each: str, own: str) -> list[str]:
        """Return what the resource of an element is called in its cloud, as a bucket is."""
        resource = self.elements.lists[each][own].origin.resource
        return [*texts_of([*map(resource.values.get, resource.row.identity)])] if resource else []

    def _applies(self, give: Give, resource: Resource) -> bool:
        if give.unless and any(resource in self._graph.referred(*by) for by in give.unless):
            return False
        if give.without is not None and self._graph.refer(resource, give.without):
            return False
        verdict = True if give.when is None else give.when(self._graph, resource)
        if verdict is None:
            self.undecided[give.list, "condition"].append(Origin(resource))
        return verdict is True

    def _fill(self, element: Element, give: Give, resource: Resource) -> None:
        for name, make in give.facts:
            element.put(name, make(self._graph, self._regions, resource), give.rank)

    def _keep(self, kept: list[tuple[Resource, Give]]) -> None:
        """Add the stores that logs are written into, and how long each keeps them."""
        prefixes: dict[Resource, dict[str | None, None]] = defaultdict(dict)
        for resource, give in kept:
            if not self._applies(give, resource):
                continue
            attribute = give.kept_in or ""
            targets = self._graph.refer(resource, attribute)
            for target in targets:
                element = self.elements.own(give.list, target, Origin(target))
                self._fill(element, give, resource)
                prefixes[target][self._prefix(give, resource)] = None
            if not targets and _is_store(resource):
                # It is a store itself, and its own address would name the wrong one.
                self.undecided[give.list, "kept"].append(Origin(resource, attribute))
            elif not targets:
                self._fill(self.elements.own(give.list, resource, Origin(resource)), give, resource)
        lifecycles = Lifecycles(self._graph)
        for bucket, written in prefixes.items():
            if _is_store(bucket):
                element = self.elements.own("log_stores", bucket, Origin(bucket))
                element.put("retention", lifecycles.retention(bucket, written), OWN)

    def _prefix(self, give: Give, resource: Resource) -> str | None:
        """Return how the names of the objects with logs begin; None if that is not known."""
        reading = reader(give.prefix)(self._graph, resource) if give.prefix else None
        if reading is None or reading.unset:
            return give.below
        if len(reading.values) != 1 or reading.partly:
            return None
        written = str(reading.values[0])
        return f"{written.rstrip('/')}/{give.below}" if give.below and written else written

    def _attach(self, give: Give, resource: Resource) -> None:
        """Add facts to the elements of the resources that an attribute refers to."""
        verdict = True if give.when is None else give.when(self._graph, resource)
        if verdict is False or (verdict is None and give.rank != FINAL):
            return
        for target in self._graph.refer(resource, give.of or ""):
            element = self.elements.given_by(give.list, target)
            if element is not None and verdict:
                self._fill(element, give, resource)
            elif element is not None:
                # It would overrule what others say, so that is not certain.
                for name, _ in give.facts:
                    element.put(name, FactValue(None, Origin(resource, "", _OPEN)), FINAL)

    def _name(self, give: Give, resource: Resource) -> None:
        """Add a site or a domain for each name."""
        if not self._applies(give, resource) or give.names is None:
            return
        named = give.names(self._graph, resource)
        if named.why is not None:
            origin = Origin(resource, named.attribute, named.status)
            self.undecided[give.list, _NAMELESS.get(named.why, "no name")].append(origin)
        if not named.names:
            return
        target = self._target_facts(give, resource)
        for name in named.names:
            if give.list == "sites" and not is_site(name):
                continue
            origin = Origin(resource, named.attribute, named.status)
            element = self.elements.element(give.list, name, origin)
            own: Json = [name] if give.list == "sites" else name
            element.put(
                "domains" if give.list == "sites" else "name", FactValue(own, origin), give.rank
            )
            for path, fact in target.items():
                element.put(path, fact, give.rank)
            self._fill(element, give, resource)
            self._serve(name, target)

    def _target_facts(self, give: Give, resource: Resource) -> dict[str, FactValue]:
        """Return the facts about the target of the traffic."""
        if give.address is None:
            return {}
        reading = reader(give.address)(self._graph, resource)
        origin = Origin(resource, give.address, reading.status)
        texts = [value for value in reading.values if isinstance(value, str)]
        reachable = {public_address(text) for text in texts}
        targets = self._graph.refer(resource, give.address)
        reached = [other for target in targets for other in self._graph.behind(target)]
        self._meter.spend("expansions", len(reached))
        # The nearest one whose table declares when it is public decides.
        entry = next((other for other in reached if other.row.decides), None)
        verdict = self._graph.is_public(entry) if entry is not None else None
        if targets and reading.status is not Status.KNOWN:
            origin = replace(origin, status=Status.REFERENCED)
        if verdict is False or reachable == {False}:
            return {"public": FactValue(value=False, origin=origin)}
        operator = self._operator(entry) if entry is not None and verdict else None
        values: dict[str, Json] = {
            "public": True if True in reachable else verdict,
            "servers": self._servers(reached) or None,
            "access_provider": {"name": operator} if operator else None,
        }
        silent = replace(origin, status=Status.NOT_TOLD if targets else reading.silence)
        return {
            name: FactValue(value, silent if value is None else origin)
            for name, value in values.items()
        }

    def _servers(self, reached: list[Resource]) -> list[str]:
        elements = [self.elements.given_by("servers", resource) for resource in reached]
        return list(dict.fromkeys(element.id for element in elements if element is not None))

    def _operator(self, entry: Resource) -> str | None:
        region, _ = self._regions.of(entry)
        return entry.row.provider.operator_in(region)

    def _serve(self, host: str, target: Mapping[str, FactValue]) -> None:
        """Add the site to each server that serves it."""
        servers = target.get("servers")
        if servers is None or not isinstance(servers.value, list):
            return
        for identifier in servers.value:
            server = self.elements.lists["servers"][str(identifier)]
            server.put("site_ids", FactValue([host], servers.origin), OWN)


def _is_store(resource: Resource) -> bool:
    return any(give.list == "data_stores" for give in resource.row.gives)


_OPEN = Status.AFTER_APPLY
_NAMELESS = {Status.AFTER_APPLY: "later name", Status.SENSITIVE: "hidden name"}
"""Why a host name is not known, other than that what is set is none."""
