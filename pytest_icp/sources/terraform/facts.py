"""Readers of facts, hosts and domains, compiled from the forms in which tables write them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from pytest_icp.facts.derived import Status
from pytest_icp.law.domains import HostError, normal_host
from pytest_icp.sources.hosts import is_private
from pytest_icp.sources.terraform.conditions import PUBLIC, condition, word
from pytest_icp.sources.terraform.resource import FactValue, Names, Origin, reader

if TYPE_CHECKING:
    from pytest_icp.law.jsontypes import Json
    from pytest_icp.sources.terraform.resource import (
        AttributeReader,
        AttributeValues,
        FactReader,
        NameReader,
        RegionLookup,
        Resource,
        ResourceGraph,
    )

_APEX = {"@", ""}


def names_of(written: Any) -> NameReader:
    """Compile a reader of names: from an attribute, or from a label and its zone."""
    if isinstance(written, str):
        return _whole(reader(written))
    zones = [reader(path) for path in _zones_in(written)]
    return _in_zone(reader(written["label"]), zones, whole=written.get("whole", False))


def paths_of_names(written: Any) -> set[str]:
    """Return the paths that names are read from."""
    return {written} if isinstance(written, str) else {written["label"], *_zones_in(written)}


def _zones_in(written: Any) -> list[str]:
    zones = written["zone"]
    return [zones] if isinstance(zones, str) else list(zones)


def _whole(read: AttributeReader) -> NameReader:
    def names(graph: ResourceGraph, resource: Resource) -> Names:
        return _named(read(graph, resource), lambda name: name)

    return names


def _in_zone(
    read_label: AttributeReader, read_zones: list[AttributeReader], *, whole: bool
) -> NameReader:
    """Compile a reader of labels in the first zone that is known.

    ``whole``: where no zone is known, a label with a dot is a host.
    """

    def names(graph: ResourceGraph, resource: Resource) -> Names:
        label = read_label(graph, resource)
        zones = [read_zone(graph, resource) for read_zone in read_zones]
        zone = next((one for one in zones if one.values), zones[0])
        apexes = [name.strip(".") for name in zone.values if isinstance(name, str)]
        if len(apexes) != 1:
            found = _named(label, lambda name: name)
            # A label alone is not a host; a name with a dot at the end is.
            ended = all(whole or str(name).endswith(".") for name in label.values)
            complete = ended and bool(label.values)
            return found if complete else Names((), zone.path, zone.status, zone.silence)
        if label.unset:
            label = replace(label, values=("@",), status=zone.status)
        return _named(label, lambda name: _joined(name, apexes[0]))

    return names


def _joined(label: str, zone: str) -> str:
    bare = label.rstrip(".")
    if bare in _APEX:
        return zone
    inside = bare == zone or bare.endswith(f".{zone}")
    return bare if inside else f"{bare}.{zone}"


def _named(reading: AttributeValues, complete: Callable[[str], str]) -> Names:
    found: dict[str, None] = {}
    silent = reading.partly or (not reading.values and reading.status is not Status.DEFAULT)
    why = reading.silence if silent else None
    for value in reading.values:
        name = host(complete(value)) if isinstance(value, str) else None
        if name is None:
            why = why or Status.NOT_TOLD
        elif public_address(name) is None:
            found[name] = None
    return Names(tuple(found), reading.path, reading.status, why)


def host(name: Json) -> str | None:
    """Return a host in normal form; None if it is not a host name of several labels."""
    if not isinstance(name, str):
        return None
    # A name that begins with a dot means every name under it.
    written = f"*{name}" if name.startswith(".") else name
    try:
        found = normal_host(written.rstrip("."))
    except HostError:
        return None
    return found if "." in found or ":" in found else None


def public_address(text: str) -> bool | None:
    """Whether an IP address is public, as in zone files; None if it is not an IP address."""
    try:
        return not is_private(text)
    except ValueError:
        return None


def is_site(name: str) -> bool:
    """Whether a host may be a site: names with an underscore are for other purposes."""
    return not name.startswith("_") and "._" not in name


_KNOWN = Status.KNOWN

FACTS: Mapping[str, Mapping[str, Any]] = {
    "servers": {"location": {"of": "region"}, "provider": {"of": "operator"}},
    "network_links": {"provider": {"of": "operator"}},
    "data_stores": {"location": {"of": "region"}},
}
"""Facts of every element of a list: its location, and who runs it."""


def fact(form: Any) -> FactReader:
    """Compile one form: a constant, or a mapping with the source of the value."""
    if not isinstance(form, dict):
        return _constant(form)
    if "of" in form:
        return _location if form["of"] == "region" else _operator
    if "first" in form:
        made = _first([fact(other) for other in form["first"]])
    elif "map" in form:
        made = _mapped(form)
    elif "copy" in form:
        made = _copied(form)
    else:
        made = _constant(form["constant"])
    return _when(form["when"], made) if "when" in form else made


def paths_in(form: Any) -> set[str]:
    """Return the paths that a form reads."""
    if not isinstance(form, dict):
        return set()
    found = {form[key] for key in ("copy", "map") if key in form} | set(form.get("when", ()))
    return found.union(*(paths_in(other) for other in form.get("first", ())))


def location(region: str | None, resource: Resource) -> Json:
    """Return the address (放置地) of a cloud region, if it is known."""
    return None if region is None else resource.row.provider.location_of(region)


def _constant(value: Json) -> FactReader:
    status = _KNOWN if value is not None else Status.NOT_TOLD

    def made(_graph: ResourceGraph, _regions: RegionLookup, resource: Resource) -> FactValue:
        return FactValue(value, Origin(resource, "", status))

    return made


def _first(forms: list[FactReader]) -> FactReader:
    """Compile forms to the first value that is known or may be set, or else to the first."""

    def made(graph: ResourceGraph, regions: RegionLookup, resource: Resource) -> FactValue:
        result = [form(graph, regions, resource) for form in forms]
        told = (other for other in result if other.value is not None or other.written is not False)
        return next(told, result[0])

    return made


def _location(_graph: ResourceGraph, regions: RegionLookup, resource: Resource) -> FactValue:
    region, origin = regions.of(resource)
    return FactValue(location(region, resource), origin)


def _operator(_graph: ResourceGraph, regions: RegionLookup, resource: Resource) -> FactValue:
    region, origin = regions.of(resource)
    name = resource.row.provider.operator_in(region)
    if name is None:
        waits = origin.status in {Status.AFTER_APPLY, Status.SENSITIVE}
        why = origin if waits else replace(origin, status=Status.NOT_TOLD)
        return FactValue(None, why)
    return FactValue(_company(name), Origin(resource))


@cache
def _company(name: str) -> Json:
    return {"name": name}


def _when(written: Mapping[str, Any], made: FactReader) -> FactReader:
    matches = condition(written)
    readers = [reader(path) for path in written if path != PUBLIC]

    def conditional(graph: ResourceGraph, regions: RegionLookup, resource: Resource) -> FactValue:
        readings = [read(graph, resource) for read in readers]
        attribute = readings[0].path if readings else ""
        verdict = matches(graph, resource)
        if verdict:
            result = made(graph, regions, resource)
            lacking = next((one for one in readings if one.lacking), None)
            if lacking is not None and result.value is True:
                # What one block says is not true of all of them.
                return FactValue(None, Origin(resource, lacking.path, Status.NOT_TOLD))
            if result.origin.attribute:
                return result
            return replace(result, origin=replace(result.origin, attribute=attribute))
        open_ = (one for one in readings if one.silence is not Status.NOT_TOLD)
        why = next(open_, None) if verdict is None else next(iter(readings), None)
        status = why.silence if why else Status.NOT_TOLD
        return FactValue(None, Origin(resource, why.path if why else attribute, status))

    return conditional


def _mapped(form: Mapping[str, Any]) -> FactReader:
    read = reader(form["map"])
    values = {name.casefold(): value for name, value in form["values"].items()}

    def made(graph: ResourceGraph, _regions: RegionLookup, resource: Resource) -> FactValue:
        reading = read(graph, resource)
        origin = Origin(resource, reading.path, reading.status)
        if reading.unset and "unset" in form:
            return FactValue(form["unset"], replace(origin, status=Status.KNOWN))
        found: list[Json] = []
        for value in reading.values:
            meaning = values.get(word(value))
            if meaning not in found:
                found.append(meaning)
        # Where one of several blocks says no, it is no; that one says yes is not true of all.
        unsaid = reading.lacking and found[0] is not False
        if len(found) != 1 or reading.partly or unsaid or found[0] is None:
            return FactValue(None, replace(origin, status=reading.silence), reading.written)
        return FactValue(found[0], origin)

    return made


def _copied(form: Mapping[str, Any]) -> FactReader:
    read = reader(form["copy"])
    several = form.get("list", False)
    values = {name.casefold(): value for name, value in form.get("values", {}).items()}
    type_ = _TYPES[form.get("as", "text")]

    def made(graph: ResourceGraph, _regions: RegionLookup, resource: Resource) -> FactValue:
        reading = read(graph, resource)
        origin = Origin(resource, reading.path, reading.status)
        found = [values.get(word(value), type_(value)) for value in reading.values]
        known = [value for value in found if value is not None]
        if several:
            # Such lists contain addresses, which the cloud assigns.
            assigned = replace(origin, status=Status.AFTER_APPLY)
            return FactValue(known or None, origin if known else assigned)
        if len(known) != 1 or reading.partly:
            if reading.unset and "unset" in form:
                return FactValue(form["unset"], replace(origin, status=Status.KNOWN))
            return FactValue(None, replace(origin, status=reading.silence), reading.written)
        return FactValue(known[0], origin)

    return made


def _text(value: Json) -> Json:
    return value if isinstance(value, str) and value else None


_DIGITS = 18
"""The most digits of a number that stands in a text."""


def whole(value: Json) -> Json:
    """Return a whole number above zero, also of a text; None if it is none."""
    if isinstance(value, str) and value.isdecimal():
        return int(value) if len(value) <= _DIGITS else None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return int(value) if value > 0 and value == value // 1 else None


def _days(value: Json) -> Json:
    number = whole(value)
    return None if number is None else {"days": number}


_TYPES: Mapping[str, Callable[[Json], Json]] = {"text": _text, "days": _days, "host": host}
