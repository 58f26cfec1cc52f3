"""The hosts and domains in attributes of a resource, in normal form."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from pytest_icp.facts.derived import Status
from pytest_icp.law.domains import HostError, normal_host
from pytest_icp.sources.hosts import is_private
from pytest_icp.sources.terraform.reading import reader
from pytest_icp.sources.terraform.resource import Names

if TYPE_CHECKING:
    from pytest_icp.law.jsontypes import Json
    from pytest_icp.sources.terraform.reading import AttributeReader
    from pytest_icp.sources.terraform.resource import (
        AttributeValues,
        NameReader,
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
