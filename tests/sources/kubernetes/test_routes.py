"""Hosts of Ingresses, gateways and routes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.sources.reading import gaps_at, ids, kubernetes, remarks


def ingress(spec: str, annotations: str = "", version: str = "networking.k8s.io/v1") -> str:
    return f"""
apiVersion: {version}
kind: Ingress
metadata:
  name: web
  annotations: {{{annotations}}}
spec: {spec}
"""


def gateway(spec: str, name: str = "gw", more: str = "") -> str:
    return f"""
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {{name: {name}, namespace: net{more}}}
spec: {spec}
"""


def route(spec: str, kind: str = "HTTPRoute", namespace: str = "net") -> str:
    return f"""
---
apiVersion: gateway.networking.k8s.io/v1
kind: {kind}
metadata: {{name: r, namespace: {namespace}}}
spec: {spec}
"""


def test_a_rule_without_host_is_a_gap_and_gives_the_hosts_of_its_certificates() -> None:
    spec = "{tls: [{hosts: [b.cn]}], rules: [{host: a.cn}, {http: {}}]}"
    derived = kubernetes(ingress(spec))
    assert ids(derived) == ["a.cn", "b.cn"]
    assert "names no host" in gaps_at(derived)[0][1]
    assert ids(kubernetes(ingress("{tls: [{hosts: [b.cn]}], rules: [{host: a.cn}]}"))) == ["a.cn"]


@pytest.mark.parametrize(
    "spec", ["{defaultBackend: {}}", "{backend: {}}", "{rules: [{host: ''}]}", "{rules: x}", "1"]
)
def test_an_ingress_without_any_host_is_a_gap(spec: str) -> None:
    derived = kubernetes(ingress(spec))
    assert not derived.facts
    assert len(derived.gaps) == 1


def test_annotations_add_hosts() -> None:
    derived = kubernetes(
        ingress(
            "{rules: [{host: a.cn}, {host: www.b.cn}, {host: '*.c.cn'}]}",
            "nginx.ingress.kubernetes.io/server-alias: 'd.cn, e.cn',"
            "nginx.ingress.kubernetes.io/from-to-www-redirect: 'true',"
            "external-dns.alpha.kubernetes.io/hostname: 'f.cn,'",
        ),
    )
    assert ids(derived) == [
        *("a.cn", "www.b.cn", "*.c.cn", "f.cn", "d.cn", "e.cn", "www.a.cn", "b.cn")
    ]
    found = derived.trace("/sites/3")
    assert found.attribute == "metadata.annotations.external-dns.alpha.kubernetes.io/hostname"


@pytest.mark.parametrize(
    "annotation",
    [
        "alb.ingress.kubernetes.io/scheme: internal",
        "alb.ingress.kubernetes.io/address-type: intranet",
        "kubernetes.io/ingress.subnetId: subnet-1",
    ],
)
def test_hosts_of_an_internal_ingress_are_no_sites(annotation: str) -> None:
    derived = kubernetes(ingress("{rules: [{host: a.cn}]}", annotation))
    assert not ids(derived)
    assert remarks(derived) == ["Ingress/web is internal, so its hosts are not counted as sites"]


@pytest.mark.parametrize("kind", ["HTTPRoute", "GRPCRoute", "TLSRoute"])
def test_routes_of_the_gateway_api_name_hosts(kind: str) -> None:
    text = route("{parentRefs: [{name: elsewhere}], hostnames: [a.cn, b.cn]}", kind)
    derived = kubernetes(text)
    assert ids(derived) == ["a.cn", "b.cn"]
    assert not derived.gaps


def test_a_route_takes_the_hosts_of_its_gateway() -> None:
    listeners = "{listeners: [{hostname: a.cn}, {hostname: '*.b.cn'}]}"
    derived = kubernetes(gateway(listeners) + route("{parentRefs: [{name: gw}]}"))
    assert ids(derived) == ["a.cn", "*.b.cn"]
    assert len(derived.gaps) == 1  # whether the gateway is public
    assert "does not declare whether its load balancer is public" in gaps_at(derived)[0][1]


def test_of_a_wildcard_that_routes_choose_among_only_these_are_sites() -> None:
    listeners = "{listeners: [{hostname: '*.b.cn'}, {hostname: '*.c.cn'}]}"
    chosen = "{parentRefs: [{name: gw, namespace: net}], hostnames: [x.b.cn]}"
    derived = kubernetes(gateway(listeners) + route(chosen, namespace="other"))
    assert ids(derived) == ["x.b.cn", "*.c.cn"]


@pytest.mark.parametrize(
    "spec", ["{}", "{parentRefs: [{name: elsewhere}]}", "{parentRefs: [{name: gw}]}"]
)
def test_a_route_of_any_host_is_a_gap(spec: str) -> None:
    derived = kubernetes(gateway("{listeners: [{protocol: HTTP}]}") + route(spec))
    assert "HTTPRoute/net/r names no host" in gaps_at(derived)[-1][1]


def test_routes_of_an_internal_gateway_are_no_sites() -> None:
    spec = (
        "{infrastructure: {annotations: {"
        "service.beta.kubernetes.io/aws-load-balancer-scheme: internal}},"
        "listeners: [{hostname: a.cn}]}"
    )
    derived = kubernetes(gateway(spec) + route("{parentRefs: [{name: gw}], hostnames: [b.cn]}"))
    assert not ids(derived)
    assert len(remarks(derived)) == 2


def test_a_route_between_services_is_none_of_the_public() -> None:
    derived = kubernetes(route("{parentRefs: [{kind: Service, name: x}], hostnames: [a.cn]}"))
    assert not derived.facts
    assert not derived.gaps


@pytest.mark.parametrize(
    ("version", "kind", "spec", "hosts"),
    [
        ("traefik.io/v1alpha1", "IngressRoute", "{routes: [{match: Host(`a.cn`)}]}", ["a.cn"]),
        (
            "traefik.containo.us/v1alpha1",
            "IngressRouteTCP",
            "{routes: [{match: HostSNI(`a.cn`)}]}",
            ["a.cn"],
        ),
        ("networking.istio.io/v1", "VirtualService", "{hosts: [a.cn], gateways: [g]}", ["a.cn"]),
        ("networking.istio.io/v1", "VirtualService", "{hosts: [a.cn], gateways: [mesh]}", []),
        ("networking.istio.io/v1", "VirtualService", "{hosts: [a.cn]}", []),
        ("networking.istio.io/v1", "Gateway", "{servers: [{hosts: [ns/a.cn, '*']}]}", ["a.cn"]),
        ("projectcontour.io/v1", "HTTPProxy", "{virtualhost: {fqdn: a.cn}}", ["a.cn"]),
        ("route.openshift.io/v1", "Route", "{host: a.cn}", ["a.cn"]),
        ("k8s.nginx.org/v1", "VirtualServer", "{host: a.cn}", ["a.cn"]),
        ("k8s.nginx.org/v1", "VirtualServerRoute", "{host: a.cn}", ["a.cn"]),
        ("cis.f5.com/v1", "TransportServer", "{host: a.cn}", ["a.cn"]),
        ("apisix.apache.org/v2", "ApisixRoute", "{http: [{match: {hosts: [a.cn]}}]}", ["a.cn"]),
        ("apisix.apache.org/v2", "ApisixTls", "{hosts: [a.cn]}", ["a.cn"]),
        ("apisix.apache.org/v2", "ApisixRoute", "{stream: [{match: {host: a.cn}}]}", ["a.cn"]),
        ("getambassador.io/v2", "Mapping", "{host: a.cn, prefix: /}", ["a.cn"]),
        ("getambassador.io/v3alpha1", "Host", "{hostname: a.cn}", ["a.cn"]),
        ("zalando.org/v1", "RouteGroup", "{hosts: [a.cn]}", ["a.cn"]),
    ],
)
def test_routes_of_other_controllers(version: str, kind: str, spec: str, hosts: list[str]) -> None:
    derived = kubernetes(
        f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: x}}\nspec: {spec}"
    )
    assert ids(derived) == hosts
    assert not derived.gaps


def test_a_pattern_of_traefik_is_a_gap() -> None:
    head = "apiVersion: traefik.io/v1alpha1\nkind: IngressRoute\nmetadata: {name: x}\nspec: "
    derived = kubernetes(head + "{routes: [{match: HostRegexp(`x`)}]}")
    assert "matches hosts by a pattern" in gaps_at(derived)[0][1]
    for routes in ("", "{match: PathPrefix(`/`)}", "{match: Host(`a.cn`)}, {match: Path(`/`)}"):
        derived = kubernetes(head + f"{{routes: [{routes}]}}")
        assert "names no host" in gaps_at(derived)[0][1]


def test_a_host_that_is_none_leaves_the_wildcard() -> None:
    listeners = "{listeners: [{hostname: '*.b c'}]}"
    derived = kubernetes(
        gateway(listeners) + route("{parentRefs: [{name: gw}], hostnames: [x.cn]}")
    )
    assert ids(derived) == ["x.cn"]
    assert len(derived.gaps) == 2


@pytest.mark.parametrize("odd", ["{a: b}", "[a]", "1", "true"])
def test_values_of_other_types_are_gaps_or_nothing(odd: str) -> None:
    derived = kubernetes(
        ingress(f"{{rules: [{{host: {odd}}}, {odd}], tls: {odd}}}", f"a: {odd}")
        + gateway(f"{{listeners: [{{hostname: {odd}}}, {odd}], addresses: [{{value: {odd}}}]}}")
        + route(f"{{parentRefs: [{{kind: {odd}, name: {odd}}}, {odd}], hostnames: [{odd}]}}")
        + f"\n---\napiVersion: v1\nkind: Service\nspec: {{type: LoadBalancer, ports: [{odd}]}}",
    )
    assert not ids(derived)
    assert derived.gaps


@pytest.mark.parametrize(
    "condition",
    [
        {"type": "Host", "hostConfig": {"values": ["m.etaoche.cn", "*.etaoche.com"]}},
        {
            "field": "host-header",
            "hostHeaderConfig": {"values": ["m.etaoche.cn", "*.etaoche.com"]},
        },
    ],
)
def test_conditions_of_a_load_balancer_for_applications_add_hosts(condition: Any) -> None:
    key = "alb.ingress.kubernetes.io/conditions.shop"
    other = {"field": "path-pattern", "pathPatternConfig": {"values": ["/x"]}}
    item = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": {"name": "shop", "annotations": {key: json.dumps([other, condition])}},
        "spec": {"rules": [{"host": "www.etaoche.cn"}]},
    }
    derived = kubernetes(json.dumps(item, indent=1))
    assert ids(derived) == ["www.etaoche.cn", "m.etaoche.cn", "*.etaoche.com"]
