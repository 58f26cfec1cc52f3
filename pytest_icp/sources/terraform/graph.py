"""The resources of one source, the relations between them, and the region of each (地域).

A region is that of the first place that declares it; it is never a guess.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from pytest_icp.facts.derived import Status
from pytest_icp.sources.terraform.resource import Origin, leaves, parts_of, reader

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from pytest_icp.law.jsontypes import Json
    from pytest_icp.sources.terraform.resource import Links, Resource


class Graph:
    """All resources that have a row, and the relations between them (引用关系).

    ``unread`` are the types of resources that look relevant and have none.
    """

    def __init__(
        self, resources: list[Resource], links: Links, unread: Collection[str] = ()
    ) -> None:
        self.resources = resources
        self.links = links
        self.unread = unread
        self._referred: dict[tuple[str, str], frozenset[Resource]] = {}
        self._behind: dict[Resource, list[Resource]] = {}

    def refer(self, resource: Resource, attribute: str) -> tuple[Resource, ...]:
        """Return what an attribute refers to: by its expression, or else by the names in it."""
        found = self.links.follow(resource, attribute)
        if found:
            return found
        first, below = parts_of(attribute)
        return self._named(resource, leaves(resource.values.get(first), below))

    def _named(self, resource: Resource, names: Iterable[Json]) -> tuple[Resource, ...]:
        provider = resource.row.provider.name
        return tuple(
            one
            for name in names
            if isinstance(name, str) and name
            for one in self._identities.get((provider, name), ())
        )

    @cached_property
    def _identities(self) -> dict[tuple[str, str], dict[Resource, None]]:
        """The resources by provider and identity: ids, names of buckets, public addresses."""
        found: dict[tuple[str, str], dict[Resource, None]] = {}
        for resource in self.resources:
            for attribute in resource.row.identity:
                first, below = parts_of(attribute)
                for name in leaves(resource.values.get(first), below):
                    if isinstance(name, str):
                        named = found.setdefault((resource.row.provider.name, name), {})
                        named[resource] = None
        return found

    @cached_property
    def _joined(self) -> dict[Resource, list[Resource]]:
        """The relations of associations: from an address to the machine it is bound to."""
        found: dict[Resource, list[Resource]] = defaultdict(list)
        for resource in self.resources:
            for near, far in resource.row.joins:
                ends = self.refer(resource, far) if far else (resource,)
                for start in self.refer(resource, near):
                    found[start].extend(ends)
        return found

    def referred(self, kind: str, attribute: str) -> frozenset[Resource]:
        """Return what an attribute of the resources of a type refers to."""
        if (kind, attribute) not in self._referred:
            self._referred[kind, attribute] = frozenset(
                target
                for resource in self.resources
                if resource.row.type == kind
                for target in self.refer(resource, attribute)
            )
        return self._referred[kind, attribute]

    def behind(self, start: Resource) -> list[Resource]:
        """Return a resource and all that its traffic is forwarded to, the nearest first."""
        known = self._behind.get(start)
        if known is None:
            known = self._behind[start] = self._all_behind(start)
        return known

    def _all_behind(self, start: Resource) -> list[Resource]:
        found = [start]
        seen = {start}
        for resource in found:
            further = list(self._joined.get(resource, ()))
            for attribute in resource.row.leads:
                further += self.refer(resource, attribute)
            for other in further:
                if other not in seen:
                    seen.add(other)
                    found.append(other)
        return found

    @cached_property
    def _publicly_bound(self) -> set[Resource]:
        """The resources that an association binds to a public one, such as an address."""
        return {
            end
            for start, ends in self._joined.items()
            if start.row.public(self, start) is True
            for end in ends
        }

    @cached_property
    def _published(self) -> set[Resource]:
        """The resources that get a public endpoint from another one."""
        return {
            target
            for resource in self.resources
            if resource.row.publishes is not None and resource.row.public(self, resource) is True
            for target in self.refer(resource, resource.row.publishes)
        }

    def is_public(self, resource: Resource) -> bool | None:
        """Whether the public can reach a resource; None if that is not known."""
        if resource in self._published or resource in self._publicly_bound:
            return True
        return None if resource.row.publishes is not None else resource.row.public(self, resource)


class Regions:
    """Finds the region of any resource of a graph.

    The first of these decides: its own region, the region of its provider, its zone, the zone of
    its subnet, the zones of other resources of the same provider, and the settings of the source:
    ``region`` for all providers, ``regions`` by alias. Nothing stands in for its own region if
    that is set and not known, and a resource with its own says nothing of others.
    """

    def __init__(self, graph: Graph, settings: Mapping[str, object]) -> None:
        self._graph = graph
        self._provider: dict[str, str | None] = {}
        self._found: dict[Resource, tuple[str | None, Origin]] = {}
        aliases = settings.get("regions")
        self._aliases = aliases if isinstance(aliases, dict) else {}
        self._option = settings.get("region")

    def of(self, resource: Resource) -> tuple[str | None, Origin]:
        """Return the id of the region, None if it is not known, and its origin."""
        found = self._found.get(resource)
        if found is None:
            found = self._found[resource] = self._find(resource)
        return found

    def _find(self, resource: Resource) -> tuple[str | None, Origin]:
        key = resource.provider_key
        written = self._of_provider(key)
        near = self._by_zone(resource)
        found = self._own(resource)
        if found is None and written:
            found = written, Origin(None, "region", Status.REFERENCED, key)
        if found is None:
            return near or self._by_others(key) or self._by_option(key, written)
        if near is not None and found[0] not in {None, near[0]}:
            return None, Origin(resource, near[1].attribute, Status.NOT_TOLD)
        return found

    def _own(self, resource: Resource) -> tuple[str | None, Origin] | None:
        """Return the region that is set on a resource itself, None in it if it is not known."""
        for attribute in resource.row.regions:
            reading = reader(attribute)(self._graph, resource)
            for value in reading.values:
                if isinstance(value, str) and value:
                    return value, Origin(resource, attribute)
            if reading.written or reading.status is Status.SENSITIVE:
                return None, Origin(resource, attribute, reading.status)
            if reading.status is Status.AFTER_APPLY and attribute in resource.unknown:
                # It may be set: the zone alone tells it whether or not it is.
                near = self._by_zone(resource)
                return near or (None, Origin(resource, attribute, reading.status))
        return None

    def _of_provider(self, key: str) -> str | None:
        if key not in self._provider:
            self._provider[key] = self._graph.links.provider_region(key)
        return self._provider[key]

    def _by_zone(self, resource: Resource) -> tuple[str, Origin] | None:
        zone = _zone(resource)
        if zone is not None:
            return zone[0], Origin(resource, zone[1])
        for attribute in resource.row.subnets:
            found = {
                near[0]
                for subnet in self._graph.refer(resource, attribute)
                if (near := _zone(subnet)) is not None
            }
            if len(found) == 1:
                return found.pop(), Origin(resource, attribute, Status.REFERENCED)
        return None

    def _by_others(self, key: str) -> tuple[str, Origin] | None:
        found = self._others.get(key, {}) if key else {}
        if len(found) != 1:
            return None
        ((region, (resource, attribute)),) = found.items()
        return region, Origin(resource, attribute, Status.REFERENCED)

    @cached_property
    def _others(self) -> dict[str, dict[str, tuple[Resource, str]]]:
        """The regions of the zones of all resources, by provider."""
        found: dict[str, dict[str, tuple[Resource, str]]] = defaultdict(dict)
        for resource in self._graph.resources:
            near = _zone(resource)
            if near is not None and self._own(resource) is None:
                found[resource.provider_key].setdefault(near[0], (resource, near[1]))
        return found

    def _by_option(self, key: str, written: str | None) -> tuple[str | None, Origin]:
        region = self._aliases.get(key, self._aliases.get(key.rpartition(".")[2], self._option))
        if isinstance(region, str):
            return region, Origin(None, "region", Status.KNOWN)
        status = Status.AFTER_APPLY if written is None else Status.DEFAULT
        return None, Origin(None, "region", status, key)


def _zone(resource: Resource) -> tuple[str, str] | None:
    """Return the region of all zones of a resource, and the attribute."""
    row = resource.row
    for attribute in row.zones:
        zones = _strings(resource, attribute)
        found = {row.provider.region_of(zone) for zone in zones} if zones else ()
        if len(found) == 1 and (region := next(iter(found))):
            return region, attribute
    return None


def _strings(resource: Resource, attribute: str) -> list[str]:
    first, below = parts_of(attribute)
    value = resource.values.get(first)
    if isinstance(value, str):
        return [value] if value and not below else []
    return [value for value in leaves(value, below) if isinstance(value, str) and value]
