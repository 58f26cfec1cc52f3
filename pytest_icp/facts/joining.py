"""Derived facts, told apart by environment, validated, and joined with the handwritten ones.

The address of a Terraform resource and the name of a manifest identify an element in their own
root alone: what two environments (环境) call alike is two elements. Hosts identify a site
everywhere, so sites and domains keep their ids.

Addresses of cloud regions (云地域的地址) are written once in ``places``, for whatever lies there.
What has an address of its own keeps it. What is known to lie in another city than the address of
its region says is contested.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from pytest_icp.facts.derived import Derived, Provenance, Reading
from pytest_icp.facts.files.properties import completed
from pytest_icp.facts.files.schema import check_data
from pytest_icp.facts.files.source import Source
from pytest_icp.facts.merging import HOSTED, Joined, Part
from pytest_icp.facts.plans import REFERENCE, marked, marked_values
from pytest_icp.facts.written import SCHEMA
from pytest_icp.law.domains import host_of
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, JsonObject, changed, list_of, object_of, pointer, tokens
from pytest_icp.law.location import Place
from pytest_icp.law.places import LEVELS, provider_of, region_and_wider
from pytest_icp.law.text import Text

_HEAD: JsonObject = {"apiVersion": "pytest-icp/v1"}

Names = Mapping[str, Mapping[str, str]]
"""By list, the id of an element in a source, and the id written by hand for it."""


def checked(reading: Reading) -> Reading:
    """Return the reading if its facts are valid, else one with the error.

    What a source does not say, but has to be said beside its facts, is null: not known.
    """
    derived = reading.derived
    if derived is None:
        return reading
    error = _invalid(derived)
    if error is not None:
        # Most are valid as they are, and some have very many elements.
        facts = completed(derived.facts, SCHEMA)
        derived = replace(derived, facts=facts)
        error = _invalid(derived)
    if error is not None:
        return replace(reading, derived=None, error=error)
    return replace(reading, derived=derived)


def _invalid(derived: Derived) -> InputError | None:
    def place(json_pointer: str, of: str) -> Place:  # noqa: ARG001 - keys have none of their own
        return derived.trace(json_pointer).place

    try:
        check_data({**_HEAD, **derived.facts}, SCHEMA, place)
    except InputError as error:
        return error
    return None


def join_derived(joined: Joined, given: Sequence[Part]) -> None:
    """Join the valid facts of sources, in their order, with those written by hand."""
    names = _written_names(joined, given)
    joined.join(_renamed(part, names) if names else part for part in given)


def _renamed(part: Part, names: Names) -> Part:
    facts = {key: renamed_fact(key, value, names) for key, value in part.facts.items()}
    return replace(part, facts=facts)


def _written_names(joined: Joined, given: Iterable[Part]) -> Names:
    """Return the derived elements whose host is listed by an element written by hand."""
    names: dict[str, dict[str, str]] = {}
    for key in HOSTED:
        written = list(_elements(joined.facts.get(key)))
        hosts = {
            host: str(element["id"])
            for element in reversed(written)
            for host in _hosts(key, element)
        }
        ids = {element["id"] for element in written}
        for part in given if hosts else ():
            for element in _elements(part.facts.get(key)):
                known = next((hosts[h] for h in _hosts(key, element) if h in hosts), None)
                if known is not None and element["id"] not in ids:
                    names.setdefault(key, {})[str(element["id"])] = known
    return names


def _elements(value: Json) -> Iterator[JsonObject]:
    yield from (element for element in list_of(value) if isinstance(element, Mapping))


def _hosts(key: str, element: JsonObject) -> Iterator[str]:
    written = element.get(HOSTED[key])
    for one in written if isinstance(written, list) else (written,):
        host = host_of(one)
        if host is not None:
            yield host


def renamed_fact(key: str, value: Json, names: Names) -> Json:
    """Give elements the ids that were written by hand, in references too."""
    own, plan = names.get(key, {}), marked(SCHEMA, REFERENCE).children.get(key)
    changes: dict[tuple[str | int, ...], Json] = {
        (i, "id"): own[str(element["id"])]
        for i, element in enumerate(list_of(value))
        if isinstance(element, Mapping) and element.get("id") in own
    }
    for at, known, target in marked_values(value, plan) if plan else ():
        renamed = _renamed_id(known, names.get(target, {}))
        if renamed != known:
            changes[at] = renamed
    return changed(value, changes) if changes else value


def _renamed_id(value: Json, names: Mapping[str, str]) -> Json:
    if isinstance(value, list):
        return [_renamed_id(element, names) for element in value]
    return names.get(value, value) if isinstance(value, str) else value


def told_apart(readings: Sequence[Reading]) -> tuple[Reading, ...]:
    """Return the readings with ids that no other environment has.

    The ids of a source begin with its ``environment``. Where an entry says none, those that
    another source of its kind has as well begin with its ``root``.
    """
    shared = _shared(readings)
    return tuple(_own(reading, shared) for reading in readings)


def _shared(readings: Sequence[Reading]) -> Collection[tuple[str, str, str]]:
    """Return the ids, by kind and list, that several roots without environment have.

    A kind with a single root shares none: a large plan is not walked for that.
    """
    plain = [one for one in readings if one.root and not one.environment]
    roots = defaultdict[str, set[str]](set)
    for reading in plain:
        roots[reading.kind].add(reading.root)
    found = defaultdict[tuple[str, str, str], set[str]](set)
    for reading in plain:
        for each, name in _ids(reading) if len(roots[reading.kind]) > 1 else ():
            found[reading.kind, each, name].add(reading.root)
    return {key for key, some in found.items() if len(some) > 1}


def _ids(reading: Reading) -> Iterator[tuple[str, str]]:
    """Yield the lists of a source, and the ids in them that are addresses in its root."""
    facts = reading.derived.facts if reading.derived else {}
    for each, elements in facts.items():
        if each not in HOSTED and isinstance(elements, list):
            yield from ((each, str(one["id"])) for one in _elements(elements) if "id" in one)


def _own(reading: Reading, shared: Collection[tuple[str, str, str]]) -> Reading:
    if reading.derived is None or not reading.root or not (reading.environment or shared):
        return reading
    prefix = reading.environment or reading.root
    names = defaultdict[str, dict[str, str]](dict)
    for each, name in _ids(reading):
        if reading.environment or (reading.kind, each, name) in shared:
            names[each][name] = f"{prefix}/{name}"
    return replace(reading, derived=_called(reading.derived, names)) if names else reading


def _called(derived: Derived, names: Names) -> Derived:
    """Return facts under other ids, by list, in references as well."""
    before = {each: {new: old for old, new in ids.items()} for each, ids in names.items()}

    def called(each: str, own: str) -> Sequence[str]:
        return derived.names(each, before.get(each, {}).get(own, own))

    facts = {each: renamed_fact(each, value, names) for each, value in derived.facts.items()}
    return replace(derived, facts=facts, names=called)


PLACES = "places"
_LOCATION = "location"
_REGION = "cloud_region"
_OWN = frozenset({*LEVELS, "text", "detail"} - {"country"})

_TWICE = Text(
    zh="“{provider} {region}”的地址写了两次", en="the address of {provider} {region} is set twice"
)
_FIRST = Text(zh="第一次写在 {place}", en="it is first written at {place}")


Addresses = Mapping[tuple[str, str], tuple[JsonObject, Provenance]]
"""Addresses, and where each is written, by the provider and the id of a region or zone.

Both are in normal form.
"""


def located(joined: Joined) -> Part:
    """Return the addresses of the elements that have none of their own but lie in a region.

    The files say them in ``places``. Raises `InputError` for one that is written twice, perhaps
    under two names of a provider.
    """
    addresses = _addresses(joined.files)
    facts: dict[str, list[Json]] = {}
    origins: dict[str, list[Provenance]] = {}
    for key, elements in joined.facts.items() if addresses else ():
        for element in map(object_of, list_of(elements)):
            if found := _address_of(element, addresses):
                facts.setdefault(key, []).append({"id": element["id"], _LOCATION: found[0]})
                origins.setdefault(key, []).append(found[1])

    def trace(json_pointer: str) -> Provenance:
        key, index, *_ = (*tokens(json_pointer), "0")
        return origins[key][int(index)]

    return Part(facts=facts, trace=trace, of_regions=True)


def _addresses(files: Iterable[Source]) -> Addresses:
    found: dict[tuple[str, str], tuple[JsonObject, Provenance]] = {}
    for file in files:
        for provider, region, address in _written(file):
            place = file.place(pointer((PLACES, provider, region)))
            key = (_provider(provider), region.strip().lower())
            if key in found:
                message = _TWICE.format(provider=provider, region=region)
                hint = _FIRST.format(place=found[key][1].place)
                raise InputError(message, place=place, hint=hint)
            name = f"{provider}.{region}"
            found[key] = address, Provenance(place=place, address=PLACES, attribute=name)
    return found


def _written(file: Source) -> Iterator[tuple[str, str, JsonObject]]:
    for provider, regions in object_of(file.members.get(PLACES)).items():
        for region, address in object_of(regions).items():
            if address is not None:
                line = {"text": address} if isinstance(address, str) else object_of(address)
                yield provider, region, line


def _address_of(element: JsonObject, addresses: Addresses) -> tuple[JsonObject, Provenance] | None:
    location = object_of(element.get(_LOCATION))
    region = object_of(location.get(_REGION))
    provider, identifier = region.get("provider"), region.get("id")
    own = any(location.get(name) is not None for name in _OWN)
    if own or not (isinstance(provider, str) and isinstance(identifier, str)):
        return None
    name = _provider(provider)
    known = (addresses.get((name, wider)) for wider in region_and_wider(identifier))
    return next(filter(None, known), None)


def _provider(name: str) -> str:
    return provider_of(name) or name.strip().lower()
