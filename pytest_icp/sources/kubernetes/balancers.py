"""Load balancers and nodes: servers, their regions, public links and sites."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from pytest_icp.facts.derived import Provenance, Status
from pytest_icp.law.jsontypes import Json, JsonObject
from pytest_icp.law.location import Place
from pytest_icp.law.places import REGIONS, provider_of, region_and_wider
from pytest_icp.law.text import Text
from pytest_icp.sources.documents import ProvenanceLookup, Value, get
from pytest_icp.sources.gathering import Gathering, listed
from pytest_icp.sources.hosts import is_public_address
from pytest_icp.sources.kubernetes.objects import (
    BALANCED,
    HOSTNAME,
    OF_GATEWAY,
    Exposure,
    Object,
    dns_names,
    exposure,
    is_service,
)

# Tencent Cloud writes short names in the others, which are not ids.
_LABELS = (
    "topology.com.tencent.cloud.csi.cbs/zone",
    "topology.kubernetes.io/region",
    "failure-domain.beta.kubernetes.io/region",
    "topology.kubernetes.io/zone",
    "failure-domain.beta.kubernetes.io/zone",
)
_SCHEME = re.compile(r"([a-z]++)://")
_CCE = "cce.cloud.com"
_WEB_PORTS = frozenset({"80", "443", "8080", "8443"})
_CLOSED = (None, "ClusterIP", "ExternalName")
_WEB_WORDS = ("http", "web", "h2c", "grpc")


class Balancers:
    """Collects the load balancers and nodes of one source.

    ``settings`` may name the ``cloud`` and the ``region`` of the cluster, which manifests do not
    contain, and ``cluster``, a prefix for ids.
    """

    def __init__(self, into: Gathering, settings: Mapping[str, Json], source: Path) -> None:
        self._into = into
        self._settings = settings
        self._source = source
        self._first: dict[str, tuple[int, ProvenanceLookup, str | None]] = {}
        """By id: what an object is like, where it stands, and its cloud."""
        self._locations: list[tuple[JsonObject | None, ProvenanceLookup]] = []
        """Of each node, as far as it is known (云地域)."""

    def gather_node(self, item: Object) -> None:
        """Add the server of a node, with its region and its public addresses."""
        name, into = self._name(item), self._into
        into.add("servers", name, item.get("metadata", "name").at())
        location, label = _region(item, self._settings.get("cloud"))
        self._locations.append((location, label.at()))
        if location:
            into.set("servers", name, "location", location, label.at())
        addresses = {
            str(address.data): address
            for entry in item.select("status/addresses/*")
            if entry.get("type").data == "ExternalIP"
            and is_public_address(str((address := entry.get("address")).data))
        }
        self._set_addresses(name, addresses)

    def gather(self, item: Object) -> None:
        """Add a server for the load balancer of an object, and a link if it is certainly public."""
        exposed = _balancer(item, self._into)
        if exposed is None:
            return
        name = self._name(item)
        body, named = hash(repr(item.data)), item.get("metadata", "name").at()
        if name not in self._first:
            self._first[name] = body, named, exposed.cloud
            self._add(name, item, exposed)
        elif body != self._first[name][0]:
            place = self._first[name][1]().place
            message = _TWICE.format(object=name, place=f"{Path(place.path).name}:{place.line}")
            self._into.gap(message, named().place, "servers", "network_links")

    def locate(self) -> None:
        """Place load balancers where the nodes of the cluster are, if nothing nearer tells it."""
        if not self._locations:
            return
        location, where = self._locations[0]
        if location is None or any(other != location for other, _ in self._locations):
            return
        cloud = get(location, "cloud_region", "provider")
        for name, (*_, own) in self._first.items():
            if _is_same_cloud(cloud, own):
                self._into.set("servers", name, "location", location, _referenced(where))

    def _name(self, item: Object) -> str:
        cluster = str(self._settings.get("cluster") or "")
        return "/".join(part for part in (cluster, item.address) if part)

    def _set_addresses(self, name: str, addresses: Mapping[str, Value]) -> None:
        if addresses:
            at = next(iter(addresses.values())).at()
            self._into.set("servers", name, "ips", list(addresses), at)

    def _add(self, name: str, item: Object, exposed: Exposure) -> None:
        into, settings = self._into, self._settings
        because = exposed.because or item.get("spec")
        if exposed.public is None:
            message = _CONTRADICTORY if exposed.contradictory else _UNDECLARED
            into.gap(message.format(object=item.address), because.place(), "network_links")
        into.add("servers", name, item.get("metadata", "name").at())
        if exposed.public is False:
            into.set("servers", name, "role", "internal", because.at())
        self._set_addresses(name, exposed.addresses)
        cloud, region = settings.get("cloud"), settings.get("region")
        if exposed.region and exposed.cloud:
            location = _location(exposed.cloud, exposed.region)
            into.set("servers", name, "location", location, exposed.located.at())
        elif region and _is_same_cloud(cloud, exposed.cloud):
            location = _location(cloud or exposed.cloud, region)
            place = Place(path=self._source)
            where = partial(Provenance, place=place, address=item.address, attribute="region")
            into.set("servers", name, "location", location, where)
        if exposed.public:
            into.add("network_links", name, because.at(), kind="cloud_network", mode="leased")


def _location(cloud: Json, identifier: Json) -> JsonObject:
    """Return a region as the location of a server; the cloud is left out if it is not known."""
    told = {"provider": cloud, "id": identifier}
    return {"cloud_region": {key: value for key, value in told.items() if value}}


def _region(item: Object, setting: Json) -> tuple[JsonObject | None, Value]:
    """Return the location that the labels of a node tell, if they tell one, with the label."""
    cloud = _cloud(item) or setting
    provider = provider_of(str(cloud)) or ""
    known: dict[str, Value] = {}
    other: dict[str, Value] = {}
    for name in _LABELS:
        label = item.get("metadata", "labels", name)
        value = str(label.data or "")
        region = next((one for one in region_and_wider(value) if (provider, one) in REGIONS), None)
        if region:
            known.setdefault(region, label)
        elif "-" in value and name.endswith("/region"):
            other.setdefault(value, label)
    told = known or other
    if len(told) != 1:
        return None, item
    ((region, label),) = told.items()
    return _location(cloud, region), label


def _cloud(item: Object) -> str | None:
    """Return the cloud that the id of a node or the domain of a label names, if it is one."""
    scheme = _SCHEME.match(item.get("spec", "providerID").text)
    if scheme:
        return provider_of(scheme[1])
    # A label of ACK is a domain alone.
    labels = item.get("metadata", "labels").members()
    domains = {name.partition("/")[0] for name, _ in labels}
    clouds = {provider_of(domain.split(".")[-2]) for domain in domains if "." in domain} - {None}
    clouds |= {"huaweicloud"} if _CCE in domains else set()
    return clouds.pop() if len(clouds) == 1 else None


def _balancer(item: Object, into: Gathering) -> Exposure | None:
    """Return the settings of an object's load balancer; None if it has none."""
    if is_service(item):
        return _service(item, into)
    if item.kind == "Gateway" and item.group == "gateway.networking.k8s.io":
        exposed = exposure(item, OF_GATEWAY)
        return exposed if exposed.is_configured else exposure(item)
    if is_alb(item):
        written = item.get("spec", "config", "addressType")
        public = {"internet": True, "intranet": False}.get(written.text.lower())
        return replace(exposure(item), cloud="alicloud", public=public, because=written)
    if item.kind == "Ingress":
        exposed = exposure(item)
        return exposed if exposed.cloud else None
    return None


def is_alb(item: Object) -> bool:
    """Whether an object makes an ALB for the Ingresses of a cluster of Alibaba Cloud."""
    return item.kind == "AlbConfig" and item.group == "alibabacloud.com"


def _service(item: Object, into: Gathering) -> Exposure | None:
    kind = item.get("spec", "type").data
    exposed = exposure(item)
    if kind == "LoadBalancer":
        _published(item, exposed, into)
        return exposed
    if kind == "NodePort":
        ports = item.select("spec/ports/*/nodePort") or item.select("spec/ports/*/port")
        shown = listed([str(port.data) for port in ports])
        into.remark(_NODE_PORT.format(object=item.address, ports=shown))
        _published(item, exposed, into)
        return exposed if exposed.addresses else None
    if kind not in _CLOSED:
        into.gap(_ODD_TYPE.format(object=item.address), item.get("spec", "type").place(), *BALANCED)
    elif kind is None and exposed.is_configured:
        into.gap(_NO_TYPE.format(object=item.address), item.get("spec").place(), *BALANCED)
    elif exposed.addresses:
        return exposed
    elif dns_names(item):
        into.remark(_NOT_PUBLISHED.format(object=item.address))
    else:
        into.unused[item.kind] += 1
    return None


def _published(item: Object, exposed: Exposure, into: Gathering) -> None:
    """Add the sites of the DNS names that a Service is published under."""
    names = dns_names(item)
    if names and exposed.public is False:
        into.remark(_NOT_PUBLISHED.format(object=item.address))
    elif names and not _is_web(item):
        into.remark(_NO_SITE.format(object=item.address, hosts=listed(names)))
    else:
        for host in names:
            into.site(host, item.annotation(HOSTNAME).at())


def _is_web(item: Object) -> bool:
    """Whether any port may be that of a web site."""
    ports = item.select("spec/ports/*")
    words = [f"{port.get('name').text} {port.get('appProtocol').text}".lower() for port in ports]
    return (
        not ports
        or any(port.get("port").text in _WEB_PORTS for port in ports)
        or any(part in word for word in words for part in _WEB_WORDS)
    )


def _is_same_cloud(setting: Json, exposed: str | None) -> bool:
    return not setting or not exposed or provider_of(str(setting)) == exposed


def _referenced(where: ProvenanceLookup) -> ProvenanceLookup:
    return lambda: replace(where(), status=Status.REFERENCED)


_NODE_PORT = Text(
    zh="{object} 在每个节点上开放端口 {ports}；清单没有说明节点能否从公网访问",
    en="{object} opens ports {ports} on every node; manifests do not say whether the nodes are "
    "public",
)
_ODD_TYPE = Text(
    zh="{object} 的 type 没有渲染或无效，无法判断是否有负载均衡；请改用渲染后的输出",
    en="the type of {object} is not rendered or not valid, so whether it has a load balancer is "
    "not known; use the rendered output instead",
)
_NO_TYPE = Text(
    zh="{object} 有负载均衡的设置却没有 type，大概是 Kustomize 的补丁；"
    "请改用 kustomize build 的输出",
    en="{object} has load balancer settings but no type, perhaps a Kustomize patch; use the output "
    "of `kustomize build` instead",
)
_NOT_PUBLISHED = Text(
    zh="{object} 不对公网开放，其域名没有作为网站",
    en="{object} is not public, so its hosts are not counted as sites",
)
_NO_SITE = Text(
    zh="{object} 没有网页端口，{hosts} 没有作为网站",
    en="{object} has no web port, so {hosts} is not counted as a site",
)
_UNDECLARED = Text(
    zh="{object} 没有写明负载均衡是公网还是内网，无法判断是否有公网线路；请用注解写明",
    en="{object} does not declare whether its load balancer is public, so it is not known whether "
    "it has a public line; declare it in an annotation",
)
_CONTRADICTORY = Text(
    zh="{object} 的注解互相矛盾：既说公网又说内网",
    en="the annotations of {object} contradict each other: both public and internal",
)
_TWICE = Text(
    zh="{object} 在 {place} 另有不同的定义；不同集群请各作一个来源，并写上 cluster",
    en="{object} is also defined at {place}, differently; make each cluster a source of its own, "
    "with `cluster`",
)
