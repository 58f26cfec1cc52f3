"""Links of evaluated source: references, providers and places."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_icp.law.location import Place
    from pytest_icp.sources.terraform.resource import Origin, Resource
    from pytest_icp.sources.terraform.source_files import Evaluation
    from pytest_icp.sources.terraform.source_places import SourcePlaces
    from pytest_icp.sources.terraform.source_resources import Blocks


class SourceLinks:
    """Follows references (引用) in evaluated source."""

    def __init__(self, found: Blocks, evaluated: Evaluation, places: SourcePlaces) -> None:
        self._found = found
        self._places = places
        self._by_address = {one.address: one for one in found.resources}
        self._providers = {one.key: one for one in evaluated.providers}

    def follow(self, resource: Resource, attribute: str) -> tuple[Resource, ...]:
        """Return the resources that an attribute refers to."""
        path = tuple(attribute.split("."))
        targets = {
            reference.target: None
            for reference in self._found.references[resource]
            if reference.path[: len(path)] == path
        }
        return tuple(self._by_address[name] for name in targets if name in self._by_address)

    def is_set(self, resource: Resource, attribute: str) -> bool | None:
        """Whether an attribute is set; None if its block may not be there, or it may be null."""
        path = tuple(attribute.split("."))
        if not resource.whole or any(
            path[: len(one)] == one for one in self._found.maybe[resource]
        ):
            return None
        known = (resource.values, resource.unknown, resource.hidden)
        return any(path[0] in names for names in known)

    def provider_region(self, key: str) -> str | None:
        """Return the region of a provider: a constant, or the value of a variable.

        It is empty if none is set, and None if it is not known.
        """
        provider = self._providers.get(key)
        if provider is None:
            return None if key.endswith("]") else ""
        return provider.region if isinstance(provider.region, str) else None

    def place(self, origin: Origin) -> Place:
        """Return the place of an attribute, or of the region of a provider."""
        if origin.resource is not None:
            return self._places.of_resource(origin.resource, origin.attribute)
        return self._places.of_block(self._providers.get(origin.provider_key), "region")
