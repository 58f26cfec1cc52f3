"""The hosts and domains that a resource names, in the form in which names are compared."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pytest_icp.facts.derived import Status
from pytest_icp.law.domains import HostError, normal_host
from pytest_icp.sources.terraform.reading import reader
from pytest_icp.sources.terraform.resource import Named

if TYPE_CHECKING:
    from pytest_icp.law.jsontypes import Json
    from pytest_icp.sources.terraform.reading import Reader
    from pytest_icp.sources.terraform.resource import Names, Reading, Resource, Ways


_APEX = {"@", ""}


def names_of(written: Any) -> Names:
    """Compile where names stand: an attribute, or a label and the zone that it is in."""
    if isinstance(written, str):
        return _whole(reader(written))
    return _in_zone(reader(written["label"]), reader(written["zone"]))


def _whole(read: Reader) -> Names:
    def names(ways: Ways, resource: Resource) -> Named:
        return _named(read(ways, resource), lambda name: name)

    return names


def _in_zone(read_label: Reader, read_zone: Reader) -> Names:
    def names(ways: Ways, resource: Resource) -> Named:
        label, zone = read_label(ways, resource), read_zone(ways, resource)
        apexes = [name.strip(".") for name in zone.values if isinstance(name, str)]
        if len(apexes) != 1:
            whole = _named(label, lambda name: name)
            # A label alone is no host; a name with its dot at the end is one.
            ended = all(str(name).endswith(".") for name in label.values) and bool(label.values)
            return whole if ended else Named((), zone.attribute, zone.status, more=True)
        if label.unset:
            label = label._replace(values=("@",), status=zone.status)
        return _named(label, lambda name: _joined(name, apexes[0]))

    return names


def _joined(label: str, zone: str) -> str:
    bare = label.rstrip(".")
    if bare in _APEX:
        return zone
    inside = bare == zone or bare.endswith(f".{zone}")
    return bare if inside else f"{bare}.{zone}"


def _named(reading: Reading, complete: Callable[[str], str]) -> Named:
    found: dict[str, None] = {}
    more = reading.partly or (not reading.values and reading.status is not Status.DEFAULT)
    for value in reading.values:
        name = host(complete(value)) if isinstance(value, str) else None
        if name is None:
            more = True
        elif public_address(name) is None:
            found[name] = None
    return Named(tuple(found), reading.attribute, reading.status, more)


def host(name: Json) -> str | None:
    """Return a host in normal form; None for what is no host name of several labels."""
    if not isinstance(name, str):
        return None
    # A name that begins with a dot stands for every name under it.
    written = f"*{name}" if name.startswith(".") else name
    try:
        found = normal_host(written.rstrip("."))
    except HostError:
        return None
    return found if "." in found or ":" in found else None


def public_address(text: str) -> bool | None:
    """Say whether an IP address is one that the public can reach; None for what is none."""
    try:
        return ipaddress.ip_address(text).is_global
    except ValueError:
        return None


def is_site(name: str) -> bool:
    """Say whether a host may be a site's: labels with an underscore are for machines."""
    return not name.startswith("_") and "._" not in name
