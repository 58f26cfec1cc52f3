"""Nodes: servers in the regions that their labels tell, which are those of their cluster."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from pytest_icp.law.cloud_regions import REGIONS, provider_of, region_and_wider
from pytest_icp.law.jsontypes import escape
from pytest_icp.sources.kubernetes.exposure import is_public
from pytest_icp.sources.kubernetes.objects import Object, get, select

if TYPE_CHECKING:
    from pytest_icp.law.jsontypes import Json, JsonObject
    from pytest_icp.sources.draft import Draft, ProvenanceLookup

# Tencent Cloud writes short names in the others, which are no ids.
_LABELS = (
    "topology.com.tencent.cloud.csi.cbs/zone",
    "topology.kubernetes.io/region",
    "failure-domain.beta.kubernetes.io/region",
    "topology.kubernetes.io/zone",
    "failure-domain.beta.kubernetes.io/zone",
)
_SCHEME = re.compile(r"([a-z]++)://")
_CCE = "cce.cloud.com"


class Region(Struct, frozen=True):
    """A region of a cloud; the cloud is None if it is not known (云地域)."""

    cloud: Json
    identifier: Json

    @property
    def location(self) -> JsonObject:
        """The region as the location of a server."""
        told = {"provider": self.cloud, "id": self.identifier}
        return {"cloud_region": {key: value for key, value in told.items() if value}}


class Nodes:
    """Collects the nodes of a cluster; ``cloud`` is what the settings name, if anything."""

    def __init__(self, draft: Draft, cloud: Json) -> None:
        self._draft = draft
        self._cloud = cloud
        self._regions: dict[Region | None, ProvenanceLookup] = {}

    def gather(self, item: Object, name: str) -> None:
        """Add the server of a node, with its region and its public addresses."""
        self._draft.add("servers", name, item.provenance("/metadata/name"))
        region, pointer = _region(item, self._cloud)
        where = item.provenance(pointer)
        self._regions.setdefault(region, where)
        if region:
            self._draft.set("servers", name, "location", region.location, where)
        addresses = {
            str(get(entry, "address")): f"{at}/address"
            for at, entry in select(item.body, "status/addresses/*")
            if get(entry, "type") == "ExternalIP" and is_public(str(get(entry, "address")))
        }
        if addresses:
            where = item.provenance(next(iter(addresses.values())))
            self._draft.set("servers", name, "ips", list(addresses), where)

    @property
    def region(self) -> tuple[Region, ProvenanceLookup] | None:
        """The one region that every node is in, and where it is read; else None."""
        found = [(region, where) for region, where in self._regions.items() if region]
        return found[0] if len(found) == len(self._regions) == 1 else None


def _region(item: Object, setting: Json) -> tuple[Region | None, str]:
    """Return the region that the labels of a node tell, if they tell one, with its pointer."""
    labels = get(item.body, "metadata", "labels")
    written = labels if isinstance(labels, Mapping) else {}
    cloud = _cloud(item, written) or setting
    provider = provider_of(str(cloud)) or ""
    known: dict[str, str] = {}
    other: dict[str, str] = {}
    for name in _LABELS:
        value, pointer = str(written.get(name) or ""), f"/metadata/labels/{escape(name)}"
        region = next((one for one in region_and_wider(value) if (provider, one) in REGIONS), None)
        if region:
            known.setdefault(region, pointer)
        elif "-" in value and name.endswith("/region"):
            other.setdefault(value, pointer)
    told = known or other
    if len(told) != 1:
        return None, ""
    ((region, pointer),) = told.items()
    return Region(cloud, region), pointer


def _cloud(item: Object, labels: Mapping[str, Json]) -> str | None:
    """Return the cloud that the id of a node or the domain of a label names, if it is one."""
    scheme = _SCHEME.match(str(get(item.body, "spec", "providerID")))
    if scheme:
        return provider_of(scheme[1])
    # A label of ACK is a domain alone.
    domains = {name.partition("/")[0] for name in labels}
    clouds = {provider_of(domain.split(".")[-2]) for domain in domains if "." in domain} - {None}
    clouds |= {"huaweicloud"} if _CCE in domains else set()
    return clouds.pop() if len(clouds) == 1 else None
