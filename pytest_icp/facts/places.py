"""Addresses of cloud regions (云地域的地址): written once in ``places``, for whatever lies there.

What has an address of its own keeps it. What is known to lie in another city than the address
of its region says is contested.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from pytest_icp.facts.derived import Derived, Provenance
from pytest_icp.facts.files.source import Source
from pytest_icp.facts.merging import Joined
from pytest_icp.law.cloud_regions import provider_of, region_and_wider
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, JsonObject, list_of, object_of, pointer, tokens
from pytest_icp.law.location import Place
from pytest_icp.law.places import LEVELS
from pytest_icp.law.text import Text

PLACES = "places"
_LOCATION = "location"
_REGION = "cloud_region"
_OWN = frozenset({*LEVELS, "text", "detail"} - {"country"})

_TWICE = Text(
    zh="“{provider} {region}”的地址写了两次", en="the address of {provider} {region} is set twice"
)
_FIRST = Text(zh="第一次写在 {place}", en="it is first written at {place}")


class CloudPlace(Struct, frozen=True, kw_only=True):
    """The address of a region or zone, and where it is written."""

    address: JsonObject
    place: Place
    name: str


CloudPlaces = Mapping[tuple[str, str], CloudPlace]
"""Addresses by the provider and the id of a region or zone, both in normal form."""


def cloud_places(files: Iterable[Source]) -> CloudPlaces:
    """Return the addresses in the ``places`` of some files.

    Raises `InputError` for one that is written twice, perhaps under two names of a provider.
    """
    found: dict[tuple[str, str], CloudPlace] = {}
    for file in files:
        for provider, region, address in _written(file):
            place = file.place(pointer((PLACES, provider, region)))
            key = (_provider(provider), region.strip().lower())
            if key in found:
                message = _TWICE.format(provider=provider, region=region)
                raise InputError(message, place=place, hint=_FIRST.format(place=found[key].place))
            found[key] = CloudPlace(address=address, place=place, name=f"{provider}.{region}")
    return found


def located(joined: Joined, places: CloudPlaces) -> Derived:
    """Return the addresses of the elements that have none of their own but lie in a region."""
    facts: dict[str, Json] = {}
    origins: dict[tuple[str, str], CloudPlace] = {}
    for key, elements in joined.facts.items() if places else ():
        here: list[Json] = []
        for element in list_of(elements):
            place = _of(object_of(element), places)
            if place is not None:
                origins[key, str(len(here))] = place
                here.append({"id": object_of(element)["id"], _LOCATION: place.address})
        if here:
            facts[key] = here

    def trace(json_pointer: str) -> Provenance:
        key, index, *_ = (*tokens(json_pointer), "0")
        place = origins[key, index]
        return Provenance(place=place.place, address=PLACES, attribute=place.name)

    return Derived(facts=facts, trace=trace)


def _written(file: Source) -> Iterator[tuple[str, str, JsonObject]]:
    for provider, regions in object_of(object_of(file.data).get(PLACES)).items():
        for region, address in object_of(regions).items():
            if address is not None:
                line = {"text": address} if isinstance(address, str) else object_of(address)
                yield provider, region, line


def _of(element: JsonObject, places: CloudPlaces) -> CloudPlace | None:
    location = object_of(element.get(_LOCATION))
    region = object_of(location.get(_REGION))
    provider, identifier = region.get("provider"), region.get("id")
    own = any(location.get(name) is not None for name in _OWN)
    if own or not (isinstance(provider, str) and isinstance(identifier, str)):
        return None
    name = _provider(provider)
    known = (places.get((name, wider)) for wider in region_and_wider(identifier))
    return next((place for place in known if place is not None), None)


def _provider(name: str) -> str:
    return provider_of(name) or name.strip().lower()
