"""The hosts that Ingresses, Gateways and routes serve, and objects that tell something unread."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from msgspec import Struct

from pytest_icp.law.domains import HostError, host_under
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.text import Text
from pytest_icp.sources.documents import get, select
from pytest_icp.sources.gathering import Gathering
from pytest_icp.sources.hosts import has_pattern, hosts_of
from pytest_icp.sources.kubernetes.objects import Object, annotation, exposure

_INGRESS = frozenset({"extensions", "networking.k8s.io"})
_GATEWAY = frozenset({"gateway.networking.k8s.io"})
_TRAEFIK = frozenset({"traefik.io", "traefik.containo.us"})
_ISTIO = frozenset({"networking.istio.io"})
_NGINX = frozenset({"k8s.nginx.org", "cis.f5.com"})

SITES = frozenset({"sites"})
BALANCED = frozenset({"sites", "servers", "network_links"})
LOGS = frozenset({"log_stores"})
STORES = frozenset({"data_stores"})
ANYTHING = BALANCED | LOGS | STORES


class Route(Struct, frozen=True, kw_only=True):
    """A kind of object with hosts: where its hosts are, and which facts it may give."""

    kind: str
    groups: frozenset[str]
    hosts: tuple[str, ...]
    gives: frozenset[str] = SITES


ROUTES: tuple[Route, ...] = (
    Route(kind="Ingress", groups=_INGRESS, hosts=("spec/rules/*/host",), gives=BALANCED),
    Route(kind="Gateway", groups=_GATEWAY, hosts=("spec/listeners/*/hostname",), gives=BALANCED),
    *(
        Route(kind=kind, groups=_GATEWAY, hosts=("spec/hostnames/*",))
        for kind in ("HTTPRoute", "GRPCRoute", "TLSRoute")
    ),
    *(
        Route(kind=kind, groups=_TRAEFIK, hosts=("spec/routes/*/match",))
        for kind in ("IngressRoute", "IngressRouteTCP")
    ),
    Route(kind="Gateway", groups=_ISTIO, hosts=("spec/servers/*/hosts/*",)),
    Route(kind="VirtualService", groups=_ISTIO, hosts=("spec/hosts/*",)),
    Route(
        kind="HTTPProxy",
        groups=frozenset({"projectcontour.io"}),
        hosts=("spec/virtualhost/fqdn",),
    ),
    Route(kind="Route", groups=frozenset({"route.openshift.io"}), hosts=("spec/host",)),
    *(
        Route(kind=kind, groups=_NGINX, hosts=("spec/host",))
        for kind in ("VirtualServer", "VirtualServerRoute", "TransportServer")
    ),
    Route(
        kind="ApisixRoute",
        groups=frozenset({"apisix.apache.org"}),
        hosts=("spec/http/*/match/hosts/*", "spec/stream/*/match/host"),
    ),
    Route(kind="ApisixTls", groups=frozenset({"apisix.apache.org"}), hosts=("spec/hosts/*",)),
    *(
        Route(
            kind=kind,
            groups=frozenset({"getambassador.io"}),
            hosts=("spec/hostname", "spec/host"),
        )
        for kind in ("Host", "Mapping")
    ),
    Route(kind="RouteGroup", groups=frozenset({"zalando.org"}), hosts=("spec/hosts/*",)),
    Route(
        kind="DomainMapping", groups=frozenset({"serving.knative.dev"}), hosts=("metadata/name",)
    ),
)
GIVES = MappingProxyType(
    {
        **{route.kind: route.gives for route in reversed(ROUTES)},
        "Service": BALANCED,
        "Node": frozenset({"servers"}),
        "AlbConfig": frozenset({"servers", "network_links"}),
        "StatefulSet": STORES,
    }
)
"""The facts that objects of each kind may give, whatever their group (对象类型)."""
_BY_KIND = {(route.kind, group): route for route in ROUTES for group in route.groups}


def route_of(item: Object) -> Route | None:
    """Return the row for an object; None if objects of its kind have no hosts."""
    return _BY_KIND.get((item.kind, item.group))


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
    gateways: dict[tuple[str, str], Object] = {}
    routes: list[Object] = []
    for item in items:
        if item.kind == "Gateway":
            gateways[item.namespace, item.name] = item
        else:
            routes.append(item)
    closed = {item.address for item in gateways.values() if _is_internal(item)}
    attached: dict[str, set[str]] = {}
    for item in routes:
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
    return _exposed(item) is False


def _exposed(item: Object) -> bool | None:
    annotated = "/spec/infrastructure/annotations"
    public = exposure(item, annotated).public if item.kind == "Gateway" else None
    return exposure(item).public if public is None else public


def _parents(item: Object, gateways: Mapping[tuple[str, str], Object]) -> list[Object]:
    found = []
    for _, parent in select(item.body, "spec/parentRefs/*"):
        if (get(parent, "kind") or "Gateway") == "Gateway":
            namespace = get(parent, "namespace") or item.namespace
            gateway = gateways.get((str(namespace), str(get(parent, "name"))))
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
    if _takes_any(item) and not any(_has_hosts(parent) for parent in parents):
        into.gap(_ANY_HOST.format(object=item.address), item.place(_where_any(item)), "sites")
        named += select(item.body, "spec/tls/*/hosts/*")
    hosts = {into.site(host, item.provenance(pointer)) for pointer, host in named}
    return {host for host in hosts if host}


def _named(item: Object, into: Gathering) -> Iterator[tuple[str, Json]]:
    """Yield the hosts that the specification names, with their pointers."""
    route = _BY_KIND[item.kind, item.group]
    for path in route.hosts:
        for pointer, value in select(item.body, path):
            if path.endswith("/match"):
                rule = str(value)
                yield from ((pointer, host) for host in hosts_of(rule))
                if has_pattern(rule):
                    into.pattern(item.provenance(pointer)())
            elif not _is_any(value):
                yield pointer, str(value).rpartition("/")[2] if item.group in _ISTIO else value


def _is_any(host: Json) -> bool:
    """Whether a host as written means any host."""
    return not host or host == "*"


def _takes_any(item: Object) -> bool:
    """Whether an object also serves hosts that it does not name."""
    if item.group in _ISTIO:
        return False
    if item.group in _TRAEFIK:
        matches = [str(match) for _, match in select(item.body, "spec/routes/*/match")]
        return not matches or not all(hosts_of(match) or has_pattern(match) for match in matches)
    route = _BY_KIND[item.kind, item.group]
    named = [value for path in route.hosts for _, value in select(item.body, path)]
    if item.kind != "Ingress":
        return all(map(_is_any, named))
    rules = len(list(select(item.body, "spec/rules/*")))
    whole = sum(1 for value in named if not _is_any(value))
    return whole < max(rules, 1)


def _where_any(item: Object) -> str:
    for pointer, rule in select(item.body, "spec/rules/*"):
        if item.kind == "Ingress" and _is_any(get(rule, "host")):
            return pointer
    return "/spec"


def _is_of_mesh(item: Object) -> bool:
    """Whether a route is only for traffic between services."""
    if item.group in _ISTIO:
        named = [value for _, value in select(item.body, "spec/gateways/*")]
        return all(value == "mesh" for value in named)
    kinds = [get(parent, "kind") for _, parent in select(item.body, "spec/parentRefs/*")]
    return bool(kinds) and all(kind == "Service" for kind in kinds)


def _has_hosts(gateway: Object) -> bool:
    listeners = [value for _, value in select(gateway.body, "spec/listeners/*")]
    return bool(listeners) and not any(_is_any(get(listener, "hostname")) for listener in listeners)


def _listeners(item: Object, attached: set[str], into: Gathering) -> None:
    """Add the hosts of a gateway itself, without wildcards that its routes narrow down."""
    for pointer, host in (*_named(item, into), *_annotated(item)):
        text = str(host)
        if text.startswith("*.") and any(_under(other, text[2:]) for other in attached):
            continue
        into.site(host, item.provenance(pointer))


def _under(host: str, domain: str) -> bool:
    try:
        return host_under(host, domain)
    except HostError:
        return False


_HOSTNAME = "external-dns.alpha.kubernetes.io/hostname"
_ALIAS = "nginx.ingress.kubernetes.io/server-alias"
_WWW = "nginx.ingress.kubernetes.io/from-to-www-redirect"
NAMING = frozenset({_HOSTNAME, _ALIAS, _WWW})
"""The annotations that add hosts (注解)."""


def dns_names(item: Object) -> Iterator[tuple[str, str]]:
    """Yield the hosts that external-dns publishes, with their pointers."""
    yield from _split(item, _HOSTNAME)


def _split(item: Object, name: str) -> Iterator[tuple[str, str]]:
    for host in str(item.annotations.get(name) or "").split(","):
        if host.strip():
            yield annotation(name), host.strip()


def _annotated(item: Object) -> Iterator[tuple[str, str]]:
    """Yield the hosts that annotations add, with their pointers."""
    yield from dns_names(item)
    yield from _split(item, _ALIAS)
    if str(item.annotations.get(_WWW)).lower() == "true":
        for _, host in select(item.body, "spec/rules/*/host"):
            text = str(host)
            if not text.startswith("*"):
                other = text.removeprefix("www.") if text.startswith("www.") else f"www.{text}"
                yield annotation(_WWW), other


_INTERNAL = Text(
    zh="{object} 只在内网，其主机名没有作为网站",
    en="{object} is internal, so its hosts are not counted as sites",
)
_ANY_HOST = Text(
    zh="{object} 没有写明主机名，任何域名都可能指向它；请写明 host",
    en="{object} names no host, so any domain may lead to it; add `host`",
)


_STORES = Text(
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


class Unread(Struct, frozen=True):
    """What is said of an object that is not read, and the facts that it may give."""

    message: Text
    gives: frozenset[str]


_LOG_STORES = Unread(_STORES, LOGS)
_ARGO_CD = Unread(_DEPLOYED.format(command="argocd app manifests"), ANYTHING)
_FLUX = Unread(_DEPLOYED.format(command="flux build kustomization"), ANYTHING)
_HELM = Unread(_RELEASE, ANYTHING)

UNREAD: Mapping[str, tuple[tuple[str, Unread], ...]] = MappingProxyType(
    {
        "Application": (("argoproj.io", _ARGO_CD),),
        "ApplicationSet": (("argoproj.io", _ARGO_CD),),
        "Kustomization": (("kustomize.toolkit.fluxcd.io", _FLUX),),
        "HelmRelease": (("helm.toolkit.fluxcd.io", _HELM),),
        "AliyunLogConfig": (("log.alibabacloud.com", _LOG_STORES),),
        "AliyunPipelineConfig": (("telemetry.alibabacloud.com", _LOG_STORES),),
        "ClusterAliyunPipelineConfig": (("telemetry.alibabacloud.com", _LOG_STORES),),
        "LogConfig": (
            ("cls.cloud.tencent.com", _LOG_STORES),
            ("logging.openvessel.io", _LOG_STORES),
        ),
        "LogGroup": (("cloudwatchlogs", _LOG_STORES),),
        "LokiStack": (("loki.grafana.com", _LOG_STORES),),
        "StackConfigPolicy": (("k8s.elastic.co", _LOG_STORES),),
        "OpenSearchISMPolicy": (("opensearch", _LOG_STORES),),
        **dict.fromkeys(
            ("VLogs", "VLSingle", "VLCluster"), (("victoriametrics.com", _LOG_STORES),)
        ),
    }
)
"""By kind, a part of the group of the API, and what is said of such an object."""


def unread(item: Object) -> Unread | None:
    """Return what is said of an object that is not read; None of all others."""
    rows = UNREAD.get(item.kind, ())
    return next((row for group, row in rows if group in item.group), None)


def may_give(kind: str) -> frozenset[str]:
    """Return the facts that objects of a kind may give and that are not read."""
    return frozenset().union(*(row.gives for _, row in UNREAD.get(kind, ())))


def kinds_giving(facts: frozenset[str]) -> list[str]:
    """Return the kinds of objects that may give some facts and that are not read."""
    return [kind for kind in UNREAD if may_give(kind) == facts]
