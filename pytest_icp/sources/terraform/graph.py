"""The resources of one source and the relations between them, by reference or by name."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from pytest_icp.sources.terraform.reading import parts_of
from pytest_icp.sources.terraform.resource import leaves

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
