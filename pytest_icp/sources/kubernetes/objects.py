"""Kubernetes objects: what they are, who reaches them, and the hosts that they serve.

Annotations and the type of an object say whether its load balancer is public. Ingresses, Gateways
and routes serve hosts; some objects tell something that is not read.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from pytest_icp.facts.files.json import embedded
from pytest_icp.law.domains import HostError, host_under
from pytest_icp.law.jsontypes import Json, object_of
from pytest_icp.law.places import REGIONS
from pytest_icp.law.text import Text
from pytest_icp.sources.documents import Value, get
from pytest_icp.sources.gathering import Gathering
from pytest_icp.sources.hosts import has_pattern, hosts_of, is_public_address

MANIFESTS = (
    *(".yaml", ".yml", ".json"),
    *(f"{yaml}{end}" for yaml in (".yaml", ".yml") for end in (".j2", ".tmpl", ".tpl", ".gotmpl")),
)
"""The suffixes of manifests, including templates."""

SITES = frozenset({"sites"})
BALANCED = frozenset({"sites", "servers", "network_links"})
LOGS = frozenset({"log_stores"})
STORES = frozenset({"data_stores"})
ANYTHING = BALANCED | LOGS | STORES


class Object(Value, frozen=True, kw_only=True, eq=False):
    """One object of a manifest (对象), whose data may contain secrets.

    Its address is ``Kind/namespace/name``, or ``Kind/name`` if no namespace is written. ``group``
    is its API group, empty for the core.
    """

    group: str
    kind: str
    name: str
    namespace: str

    def annotation(self, name: str) -> Value:
        """Return an annotation by its name."""
        return self.get("metadata", "annotations", name)


def objects(value: Value) -> Iterator[Object]:
    """Yield the objects in a document, also those inside of lists."""
    data = object_of(value.data)
    kind, version = data.get("kind"), data.get("apiVersion")
    if not isinstance(kind, str) or not isinstance(version, str):
        return
    several = "objects" if kind == "Template" else "items" if kind.endswith("List") else ""
    if isinstance(data.get(several), list):
        for _, inner in value.get(several).members():
            yield from objects(inner)
        return
    metadata = object_of(data.get("metadata"))
    name = _word(metadata.get("name") or metadata.get("generateName"))
    namespace = _word(metadata.get("namespace"))
    yield Object(
        data=value.data,
        places=value.places,
        path=value.path,
        address="/".join(filter(None, (kind, namespace, name))),
        top=len(value.path),
        group=version.rpartition("/")[0],
        kind=kind,
        name=name,
        namespace=namespace,
    )


def _word(value: Json) -> str:
    return "" if value is None else str(value)


_SERVICE = "service.beta.kubernetes.io"
_ELB_IP = "kubernetes.io/elb.ip"
_AUTOCREATE = "kubernetes.io/elb.autocreate"
_DECLARING = f"""
alicloud {_SERVICE}/alibaba-cloud-loadbalancer-address-type internet=public intranet=internal
alicloud {_SERVICE}/alibaba-cloud-loadbalancer-id
alicloud {_SERVICE}/alibaba-cloud-loadbalancer-spec
alicloud {_SERVICE}/alibaba-cloud-loadbalancer-zone-maps
alicloud {_SERVICE}/alibaba-cloud-loadbalancer-master-zoneid
alicloud {_SERVICE}/alicloud-loadbalancer-address-type internet=public intranet=internal
alicloud {_SERVICE}/alicloud-loadbalancer-id
alicloud {_SERVICE}/alicloud-loadbalancer-spec
alicloud {_SERVICE}/alicloud-loadbalancer-zone-maps
alicloud {_SERVICE}/alicloud-loadbalancer-master-zoneid
alicloud alb.ingress.kubernetes.io/address-type internet=public intranet=internal
tencentcloud service.kubernetes.io/qcloud-loadbalancer-internal-subnetid *=internal
tencentcloud service.kubernetes.io/tke-existed-lbid
tencentcloud service.kubernetes.io/service.extensiveParameters
tencentcloud service.cloud.tencent.com/specify-protocol
tencentcloud kubernetes.io/ingress.subnetId *=internal
tencentcloud kubernetes.io/ingress.existLbId
tencentcloud kubernetes.io/ingress.extensiveParameters
huaweicloud {_AUTOCREATE} public=public inner=internal
huaweicloud kubernetes.io/elb.eip-id *=public
huaweicloud kubernetes.io/elb.id
huaweicloud {_ELB_IP}
huaweicloud kubernetes.io/elb.class
volcengine {_SERVICE}/volcengine-loadbalancer-address-type public=public private=internal
volcengine {_SERVICE}/volcengine-loadbalancer-id
volcengine {_SERVICE}/volcengine-loadbalancer-subnet-id
aws {_SERVICE}/aws-load-balancer-internal true=internal false=public 0.0.0.0/0=internal
aws {_SERVICE}/aws-load-balancer-scheme internet-facing=public internal=internal
aws {_SERVICE}/aws-load-balancer-type
aws alb.ingress.kubernetes.io/scheme internet-facing=public internal=internal
- {_SERVICE}/azure-load-balancer-internal true=internal
- networking.gke.io/load-balancer-type internal=internal
- cloud.google.com/load-balancer-type internal=internal
"""
"""A cloud, an annotation and what its words (``*``: any) say, as the handbook of each container
service has it. One that names an existing load balancer gives its cloud and no more.
"""
_ROWS = [line.split() for line in _DECLARING.strip().splitlines()]
_CLOUDS = {name: cloud for cloud, name, *_ in _ROWS if cloud != "-"}
_ANSWERS = {
    name: {word: says == "public" for word, _, says in (one.partition("=") for one in words)}
    for _, name, *words in _ROWS
}


def _answer(name: str, word: str) -> bool | None:
    """Return what an annotation says: public (True), internal (False), or neither (None)."""
    if name == _ELB_IP:
        # A private one is that of any ELB inside its network, which may have a public one besides.
        return is_public_address(word) or None
    if name == _AUTOCREATE:
        word = str(get(embedded(word), "type"))
    answers = _ANSWERS[name]
    return answers.get(word, answers.get("*") if word else None)


class Exposure(Struct, frozen=True, kw_only=True):
    """What is known of the load balancer of an object (负载均衡).

    ``public`` is None if it is not declared, or ``contradictory``. ``because`` and ``located`` are
    the values that tell it and the region; of each address, the one that has it.
    """

    cloud: str | None
    public: bool | None
    contradictory: bool
    because: Value | None
    region: str | None
    located: Value
    addresses: Mapping[str, Value]

    @property
    def is_configured(self) -> bool:
        """Whether the object itself configures a load balancer."""
        return bool(self.cloud or self.because or self.addresses)


# Annotations that contain zones, in any form: a word, JSON, or zone:subnet pairs.
_ZONED = {
    f"{_SERVICE}/alibaba-cloud-loadbalancer-master-zoneid": "alicloud",
    f"{_SERVICE}/alicloud-loadbalancer-master-zoneid": "alicloud",
    f"{_SERVICE}/alibaba-cloud-loadbalancer-zone-maps": "alicloud",
    "service.kubernetes.io/service.extensiveParameters": "tencentcloud",
    "kubernetes.io/ingress.extensiveParameters": "tencentcloud",
    _AUTOCREATE: "huaweicloud",
    f"{_SERVICE}/volcengine-loadbalancer-master-zone-id": "volcengine",
}
_ZONE = re.compile(
    r"(?<![\w-])([a-z]{2}-[a-z]+(?:-[a-z0-9]+)*?)(?:-[a-z]|-[0-9]|(?<=[0-9])[a-z])\b"
)


_ANNOTATIONS = ("metadata", "annotations")
OF_GATEWAY = ("spec", "infrastructure", "annotations")
"""Where an object has its annotations, and a Gateway those of what is made for it."""


def exposure(item: Object, annotated: tuple[str, ...] = _ANNOTATIONS) -> Exposure:
    """Read the load balancer settings of an object, by its annotations."""
    found = dict(item.get(*annotated).members())
    answers: dict[bool, Value] = {}
    declaring = sorted(found.keys() & _ANSWERS.keys())
    for name in declaring:
        public = _answer(name, found[name].text.strip().lower())
        if public is not None:
            answers.setdefault(public, found[name])
    clouds = {_CLOUDS[name] for name in declaring if name in _CLOUDS}
    cloud = clouds.pop() if len(clouds) == 1 else None
    addresses = _addresses(item)
    annotated_ip = found[_ELB_IP].text.strip() if _ELB_IP in found else ""
    if not addresses and is_public_address(annotated_ip):
        addresses = {annotated_ip: found[_ELB_IP]}
    for value in addresses.values():
        answers.setdefault(True, value)
    regions = _regions(found, cloud)
    region = next(iter(regions)) if len(regions) == 1 else None
    return Exposure(
        cloud=cloud,
        public=next(iter(answers)) if len(answers) == 1 else None,
        contradictory=len(answers) > 1,
        because=next(iter(answers.values()), None),
        region=region,
        located=regions[region] if region else item,
        addresses=addresses,
    )


_ADDRESSED = (
    *("spec/loadBalancerIP", "spec/externalIPs/*", "spec/addresses/*/value"),
    *("status/loadBalancer/ingress/*/ip", "status/addresses/*/value"),
)
_REQUESTED = frozenset({"loadBalancerIP", "externalIPs", "addresses"})


def _addresses(item: Object) -> dict[str, Value]:
    """Return the public IP addresses that an object requests or has, and where each is."""
    found: dict[str, Value] = {}
    spec = object_of(object_of(item.data).get("spec"))
    if "status" not in item and _REQUESTED.isdisjoint(spec):
        return found
    for value in [one for path in _ADDRESSED for one in item.select(path)]:
        if isinstance(value.data, str) and is_public_address(value.data):
            found.setdefault(str(ipaddress.ip_address(value.data)), value)
    return found


def _regions(found: Mapping[str, Value], cloud: str | None) -> dict[str, Value]:
    """Return the regions of the zones in annotations for a cloud."""
    regions: dict[str, Value] = {}
    for name in sorted(found.keys() & _ZONED.keys()):
        for zone in _ZONE.findall(found[name].text):
            if _ZONED[name] == cloud and (cloud, zone) in REGIONS:
                regions.setdefault(zone, found[name])
    return regions


_INGRESS = ("extensions", "networking.k8s.io")
_GATEWAY = ("gateway.networking.k8s.io",)
_TRAEFIK = ("traefik.io", "traefik.containo.us")
_ISTIO = ("networking.istio.io",)
_NGINX = ("k8s.nginx.org", "cis.f5.com")
_APISIX = ("apisix.apache.org",)
_ROUTES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("Ingress", _INGRESS, "spec/rules/*/host"),
    ("Gateway", _GATEWAY, "spec/listeners/*/hostname"),
    ("HTTPRoute GRPCRoute TLSRoute", _GATEWAY, "spec/hostnames/*"),
    ("IngressRoute IngressRouteTCP", _TRAEFIK, "spec/routes/*/match"),
    ("Gateway", _ISTIO, "spec/servers/*/hosts/*"),
    ("VirtualService", _ISTIO, "spec/hosts/*"),
    ("HTTPProxy", ("projectcontour.io",), "spec/virtualhost/fqdn"),
    ("Route", ("route.openshift.io",), "spec/host"),
    ("VirtualServer VirtualServerRoute TransportServer", _NGINX, "spec/host"),
    ("ApisixRoute", _APISIX, "spec/http/*/match/hosts/* spec/stream/*/match/host"),
    ("ApisixTls", _APISIX, "spec/hosts/*"),
    ("Host Mapping", ("getambassador.io",), "spec/hostname spec/host"),
    ("RouteGroup", ("zalando.org",), "spec/hosts/*"),
    ("DomainMapping", ("serving.knative.dev",), "metadata/name"),
)
"""Kinds of objects with hosts, the groups of their API, and where the hosts are."""
_HOSTS = {
    (kind, group): paths.split()
    for kinds, groups, paths in _ROUTES
    for kind in kinds.split()
    for group in groups
}
_WAYS_IN = {("Ingress", group) for group in _INGRESS} | {("Gateway", *_GATEWAY)}
GIVES = {
    **dict.fromkeys((kind for kind, _ in _HOSTS), SITES),
    **dict.fromkeys(("Ingress", "Gateway", "Service"), BALANCED),
    "Node": frozenset({"servers"}),
    "AlbConfig": frozenset({"servers", "network_links"}),
    "StatefulSet": STORES,
}
"""The facts that objects of each kind may give, whatever their group (对象类型)."""


def is_service(item: Object) -> bool:
    """Whether an object is a Service."""
    return item.kind == "Service" and not item.group


def gives_hosts(item: Object) -> frozenset[str]:
    """Return the facts that an object with hosts may give; none if its kind has no hosts."""
    key = item.kind, item.group
    return BALANCED if key in _WAYS_IN else SITES if key in _HOSTS else frozenset()


def is_gateway(item: Object) -> bool:
    """Whether an object is a gateway or may be attached to one, so that all must be read first."""
    return item.kind == "Gateway" or item.group in _GATEWAY


def gather_route(item: Object, into: Gathering) -> None:
    """Add the sites of an object with hosts that is not attached to a gateway."""
    _hosts(item, into, parents=[], internal=_is_internal(item))


def gather_gateways(items: Iterable[Object], into: Gathering) -> None:
    """Add the sites of gateways and of their routes.

    A route is public if its gateway is, and has the hosts of its gateway if it names none.
    """
    read = list(items)
    gateways = {(item.namespace, item.name): item for item in read if item.kind == "Gateway"}
    closed = {item.address for item in gateways.values() if _is_internal(item)}
    attached: dict[str, set[str]] = {}
    for item in read:
        if item.kind == "Gateway":
            continue
        parents = _parents(item, gateways)
        internal = bool(parents) and all(parent.address in closed for parent in parents)
        hosts = _hosts(item, into, parents=parents, internal=internal)
        for parent in parents:
            attached.setdefault(parent.address, set()).update(hosts)
    for item in gateways.values():
        if item.address in closed:
            into.remark(_INTERNAL.format(object=item.address))
        else:
            _listeners(item, attached.get(item.address, set()), into)


def _is_internal(item: Object) -> bool:
    public = exposure(item, OF_GATEWAY).public if item.kind == "Gateway" else None
    return (exposure(item).public if public is None else public) is False


def _parents(item: Object, gateways: Mapping[tuple[str, str], Object]) -> list[Object]:
    found = []
    for parent in item.select("spec/parentRefs/*"):
        if (parent.get("kind").data or "Gateway") == "Gateway":
            namespace = parent.get("namespace").data or item.namespace
            gateway = gateways.get((str(namespace), str(parent.get("name").data)))
            if gateway is not None:
                found.append(gateway)
    return found


def _hosts(item: Object, into: Gathering, *, parents: list[Object], internal: bool) -> set[str]:
    """Add the sites of one object that is not a gateway; return their hosts."""
    if internal:
        into.remark(_INTERNAL.format(object=item.address))
        return set()
    if _is_of_mesh(item):
        return set()
    named = [*_named(item, into), *_annotated(item)]
    where = _where_any(item)
    if where is not None and not any(map(_has_hosts, parents)):
        into.gap(_ANY_HOST.format(object=item.address), where.place(), "sites")
        named += [(one, one.data) for one in item.select("spec/tls/*/hosts/*")]
    hosts = {into.site(host, value.at()) for value, host in named}
    return {host for host in hosts if host}


def _named(item: Object, into: Gathering) -> Iterator[tuple[Value, Json]]:
    """Yield the hosts that the specification names, each with the value that has it."""
    for path in _HOSTS[item.kind, item.group]:
        for value in item.select(path):
            written = value.data
            if path.endswith("/match"):
                rule = str(written)
                yield from ((value, host) for host in hosts_of(rule))
                if has_pattern(rule):
                    into.pattern(value.at()())
            elif not _is_any(written):
                yield value, str(written).rpartition("/")[2] if item.group in _ISTIO else written


def _is_any(host: Json) -> bool:
    """Whether a host as written means any host."""
    return not host or host == "*"


def _where_any(item: Object) -> Value | None:
    """Return where an object says that it also serves hosts that it does not name, if it does."""
    if item.group in _ISTIO:
        return None
    if item.kind == "Ingress":
        rules = item.select("spec/rules/*")
        without = (rule for rule in rules if _is_any(rule.get("host").data))
        return next(without, None if rules else item.get("spec"))
    paths = _HOSTS[item.kind, item.group]
    named = [value.data for path in paths for value in item.select(path)]
    if item.group in _TRAEFIK:
        by_host = [bool(hosts_of(str(one)) or has_pattern(str(one))) for one in named]
        return None if named and all(by_host) else item.get("spec")
    return item.get("spec") if all(map(_is_any, named)) else None


def _is_of_mesh(item: Object) -> bool:
    """Whether a route is only for traffic between services."""
    if item.group in _ISTIO:
        return all(one.data == "mesh" for one in item.select("spec/gateways/*"))
    kinds = [parent.get("kind").data for parent in item.select("spec/parentRefs/*")]
    return bool(kinds) and all(kind == "Service" for kind in kinds)


def _has_hosts(gateway: Object) -> bool:
    listeners = gateway.select("spec/listeners/*")
    return bool(listeners) and not any(_is_any(one.get("hostname").data) for one in listeners)


def _listeners(item: Object, attached: set[str], into: Gathering) -> None:
    """Add the hosts of a gateway itself, without wildcards that its routes narrow down."""
    for value, host in (*_named(item, into), *_annotated(item)):
        text = str(host)
        if text.startswith("*.") and any(_under(other, text[2:]) for other in attached):
            continue
        into.site(host, value.at())


def _under(host: str, domain: str) -> bool:
    try:
        return host_under(host, domain)
    except HostError:
        return False


HOSTNAME = "external-dns.alpha.kubernetes.io/hostname"
_ALIAS = "nginx.ingress.kubernetes.io/server-alias"
_WWW = "nginx.ingress.kubernetes.io/from-to-www-redirect"
_CONDITIONS = "alb.ingress.kubernetes.io/conditions."
"""The hosts in these are served besides that of the rule, at Alibaba Cloud and at AWS."""
_OF_HOST = re.compile(r"\"host(?:Header)?Config\"\s*+:\s*+\{\s*+\"values\"\s*+:\s*+\[([^\]]*+)\]")
_QUOTED = re.compile(r"\"([^\"]++)\"")
ANNOTATIONS = frozenset({HOSTNAME, _ALIAS, _WWW, *_ANSWERS})
"""The annotations that add hosts (注解), or say something of a load balancer."""


def dns_names(item: Object) -> list[str]:
    """Return the hosts that external-dns publishes."""
    return _split(item.annotation(HOSTNAME))


def _split(annotation: Value) -> list[str]:
    written = str(annotation.data or "").split(",")
    return [host.strip() for host in written if host.strip()]


def _annotated(item: Object) -> Iterator[tuple[Value, str]]:
    """Yield the hosts that annotations add, each with its annotation."""
    for annotation in map(item.annotation, (HOSTNAME, _ALIAS)):
        yield from ((annotation, host) for host in _split(annotation))
    for name, annotation in item.get("metadata", "annotations").members():
        if name.startswith(_CONDITIONS):
            for hosts in _OF_HOST.findall(annotation.text):
                yield from ((annotation, host) for host in _QUOTED.findall(hosts))
    www = item.annotation(_WWW)
    for host in item.select("spec/rules/*/host") if www.text.lower() == "true" else ():
        text = str(host.data)
        if not text.startswith("*"):
            other = text.removeprefix("www.") if text.startswith("www.") else f"www.{text}"
            yield www, other


_INTERNAL = Text(
    zh="{object} 只在内网，其主机名没有作为网站",
    en="{object} is internal, so its hosts are not counted as sites",
)
_ANY_HOST = Text(
    zh="{object} 没有写明主机名，任何域名都可能指向它；请写明 host",
    en="{object} names no host, so any domain may lead to it; add `host`",
)


SETS_STORES = Text(
    zh="{object} 设置日志库，没有读取；日志库请在描述中手写，或者列入登记表（log_stores）",
    en="{object} sets up stores of logs, which is not read; declare them by hand or in a register "
    "(`log_stores`)",
)
_RELEASE = Text(
    zh="{object} 安装 Helm 图表，没有渲染，不知道其中的网站和负载均衡；请改用 helm template 的输出",
    en="{object} installs a chart, which is not rendered, so its sites and load balancers are not "
    "known; use the output of `helm template` instead",
)
_DEPLOYED = Text(
    zh="{{object}} 部署的内容没有渲染，不知道其中的网站和负载均衡；请改用 {command} 的输出",
    en="what {{object}} deploys is not rendered, so its sites and load balancers are not known; "
    "use the output of `{command}` instead",
)


_INSIDE = Text(
    zh="{object} 部署的对象或者云资源没有读取，其中的网站、负载均衡和存储未知；请另用一个来源写明",
    en="{object} deploys objects or resources of a cloud that are not read, so their sites, load "
    "balancers and stores are not known; name them by another source",
)
HELMFILE = _DEPLOYED.format(command="helmfile template")


class Unread(Struct, frozen=True):
    """What is said of an object that is not read, and the facts that it may give.

    ``groups`` are parts of the group of its API.
    """

    groups: tuple[str, ...]
    message: Text
    gives: frozenset[str] = LOGS


_ARGO_CD = Unread(("argoproj.io",), _DEPLOYED.format(command="argocd app manifests"), ANYTHING)
_FLUX = _DEPLOYED.format(command="flux build kustomization")
_OF_OTHERS = """
Object kubernetes.
App kappctrl.k14s.io catalog.cattle.io project.cattle.io
PackageInstall packaging.carvel.dev
ManifestWork work.open-cluster-management.io
Work work.karmada.io
ClusterResourceSet addons.cluster.x-k8s.io
ClusterProfile config.projectsveltos.io
Terraform infra.contrib.fluxcd.io tf.galleybytes.com
Workspace tf.upbound.io tf.m.upbound.io app.terraform.io
Module app.terraform.io
Configuration terraform.core.oam.dev
Stack pulumi.com
Program pulumi.com
"""
"""Kinds with the groups of their APIs that put others' objects or resources into use."""
_OF_LOGS = """
ClusterLogging logging.openshift.io
AliyunLogConfig log.alibabacloud.com
AliyunPipelineConfig telemetry.alibabacloud.com
ClusterAliyunPipelineConfig telemetry.alibabacloud.com
LogConfig cls.cloud.tencent.com logging.openvessel.io
LogGroup cloudwatchlogs
LokiStack loki.grafana.com
StackConfigPolicy k8s.elastic.co
OpenSearchISMPolicy opensearch
VLogs victoriametrics.com
VLSingle victoriametrics.com
VLCluster victoriametrics.com
"""
_UNREAD = {
    "Application": _ARGO_CD,
    "Application.core.oam.dev": Unread(
        ("core.oam.dev",), _DEPLOYED.format(command="vela dry-run"), ANYTHING
    ),
    "ApplicationSet": _ARGO_CD,
    "Kustomization": Unread(("kustomize.toolkit.fluxcd.io",), _FLUX, ANYTHING),
    "GitRepo": Unread(("fleet.cattle.io",), _DEPLOYED.format(command="kustomize build"), ANYTHING),
    "HelmRelease": Unread(("helm.toolkit.fluxcd.io", "helm.fluxcd.io"), _RELEASE, ANYTHING),
    "Chart": Unread(("helm.k0sproject.io",), _RELEASE, ANYTHING),
    "HelmChartProxy": Unread(("addons.cluster.x-k8s.io",), _RELEASE, ANYTHING),
    "Release": Unread(("helm.",), _RELEASE, ANYTHING),
    **{
        kind: Unread(tuple(groups), _INSIDE, ANYTHING)
        for kind, *groups in map(str.split, _OF_OTHERS.strip().splitlines())
    },
    "IstioOperator": Unread(
        ("install.istio.io",), _DEPLOYED.format(command="istioctl manifest generate"), BALANCED
    ),
    "HelmChart": Unread(("helm.cattle.io",), _RELEASE, ANYTHING),
    **{
        kind: Unread(tuple(groups), SETS_STORES)
        for kind, *groups in map(str.split, _OF_LOGS.strip().splitlines())
    },
}
"""By kind, or by kind and group where others share the kind, what is said of such an object."""


def unread(item: Object) -> Unread | None:
    """Return what is said of an object that is not read; None of all others."""
    row = _UNREAD.get(f"{item.kind}.{item.group}") or _UNREAD.get(item.kind)
    return row if row and any(group in item.group for group in row.groups) else None


def may_give(kind: str) -> frozenset[str]:
    """Return the facts that objects of a kind may give."""
    return _UNREAD[kind].gives if kind in _UNREAD else GIVES.get(kind, frozenset())


def kinds_giving(facts: frozenset[str]) -> list[str]:
    """Return the kinds of objects that may give some facts and that are not read."""
    return [kind for kind, row in _UNREAD.items() if row.gives == facts]
