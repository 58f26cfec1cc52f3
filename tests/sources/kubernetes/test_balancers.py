"""Load balancers: whether they are public, where they stand, what they publish."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_icp.facts.derived import Derived
from pytest_icp.sources.kubernetes.objects import exposure, objects
from tests.sources.reading import gaps_at, ids, kubernetes, remarks
from tests.sources.test_documents import one

ALI = "service.beta.kubernetes.io/alibaba-cloud-loadbalancer"
AWS = "service.beta.kubernetes.io/aws-load-balancer"
VKE = "service.beta.kubernetes.io/volcengine-loadbalancer"
TKE = "service.kubernetes.io"
CCE = "kubernetes.io/elb"


def service(
    annotations: str = "",
    spec: str = "type: LoadBalancer",
    name: str = "web",
    kind: str = "Service",
) -> str:
    version = "v1" if kind == "Service" else "networking.k8s.io/v1"
    return f"""
---
apiVersion: {version}
kind: {kind}
metadata:
  name: {name}
  namespace: shop
  annotations: {{{annotations}}}
spec: {{{spec}}}
"""


def read(*arguments: str, **settings: Any) -> Derived:
    return kubernetes(service(*arguments), **settings)


@pytest.mark.parametrize("kind", ["'${TYPE}'", "'{{ .Values.type }}'", "loadbalancer", "[]"])
def test_a_type_that_is_not_one_is_a_gap(kind: str) -> None:
    derived = read("", f"type: {kind}")
    (gap,) = derived.gaps
    assert "whether it has a load balancer is not known" in gap.message.en
    assert {"servers", "network_links", "sites"} <= gap.kinds
    assert gap.place.line == 9
    for closed in ("ClusterIP", "ExternalName"):
        assert read("", f"type: {closed}").gaps == ()


def server(derived: Derived) -> dict[str, Any]:
    (found,) = derived.facts["servers"]  # type: ignore[misc]  # it is a list
    return dict(found)  # type: ignore[call-overload]  # of mappings


@pytest.mark.parametrize(
    ("annotation", "cloud", "public"),
    [
        (f"{ALI}-address-type: internet", "alicloud", True),
        (f"{ALI}-address-type: Intranet", "alicloud", False),
        (f"{ALI}-id: lb-1", "alicloud", None),
        (f"{ALI}-address-type: '{{{{ x }}}}'", "alicloud", None),
        (
            "service.beta.kubernetes.io/alicloud-loadbalancer-address-type: intranet",
            "alicloud",
            False,
        ),
        (f"{TKE}/qcloud-loadbalancer-internal-subnetid: subnet-1", "tencentcloud", False),
        (f"{TKE}/qcloud-loadbalancer-internal-subnetid: ''", "tencentcloud", None),
        (f"{TKE}/tke-existed-lbid: lb-1", "tencentcloud", None),
        (f"{CCE}.id: x", "huaweicloud", None),
        (f'{CCE}.autocreate: \'{{"type": "public"}}\'', "huaweicloud", True),
        (f'{CCE}.autocreate: \'{{"type": "inner"}}\'', "huaweicloud", False),
        (f"{CCE}.autocreate: '{{'", "huaweicloud", None),
        (f"{CCE}.eip-id: x", "huaweicloud", True),
        (f"{CCE}.ip: 49.4.7.167", "huaweicloud", True),
        (f"{CCE}.ip: 192.168.0.39", "huaweicloud", None),
        (f"{CCE}.ip: <your_elb_ip>", "huaweicloud", None),
        (f"{VKE}-address-type: PUBLIC", "volcengine", True),
        (f"{VKE}-address-type: PRIVATE", "volcengine", False),
        (f"{AWS}-internal: true", "aws", False),
        (f"{AWS}-internal: 0.0.0.0/0", "aws", False),
        (f"{AWS}-internal: 'false'", "aws", True),
        (f"{AWS}-scheme: internet-facing", "aws", True),
        (f"{AWS}-scheme: internal", "aws", False),
        (f"{AWS}-type: nlb", "aws", None),
        ("networking.gke.io/load-balancer-type: Internal", None, False),
        (f"{AWS}-type: nlb, {CCE}.id: x", None, None),
        ("", None, None),
    ],
)
def test_annotations_of_each_cloud(annotation: str, cloud: str | None, public: bool | None) -> None:
    (item,) = objects(one(service(annotation)).value)
    told = exposure(item)
    assert (told.cloud, told.public) == (cloud, public)


def test_an_internal_one_is_a_server_of_that_role_and_no_link() -> None:
    derived = read(f"{VKE}-address-type: PRIVATE")
    assert server(derived) == {"id": "Service/shop/web", "role": "internal"}
    assert ids(derived, "network_links") == []
    assert not derived.gaps


@pytest.mark.parametrize(
    ("config", "links"),
    [
        ("addressType: Internet", ["AlbConfig/alb"]),
        ("addressType: Intranet", []),
        ("name: alb", None),
    ],
)
def test_an_alb_of_alibaba_cloud_is_a_server(config: str, links: list[str] | None) -> None:
    head = "apiVersion: alibabacloud.com/v1\nkind: AlbConfig\nmetadata: {name: alb}\n"
    derived = kubernetes(f"{head}spec: {{config: {{{config}}}}}\n", region="cn-beijing")
    assert server(derived)["location"] == {
        "cloud_region": {"provider": "alicloud", "id": "cn-beijing"}
    }
    assert ids(derived, "network_links") == (links or [])
    assert bool(derived.gaps) is (links is None)


@pytest.mark.parametrize(
    ("spec", "ips"),
    [
        ("type: LoadBalancer, loadBalancerIP: 49.4.7.167", ["49.4.7.167"]),
        ("type: ClusterIP, externalIPs: [49.4.7.167, 10.0.0.1]", ["49.4.7.167"]),
        ("type: NodePort, externalIPs: [49.4.7.167]", ["49.4.7.167"]),
    ],
)
def test_public_addresses_are_known(spec: str, ips: list[str]) -> None:
    derived = read("", spec)
    assert server(derived)["ips"] == ips
    assert ids(derived, "network_links") == ["Service/shop/web"]


@pytest.mark.parametrize(
    "annotation",
    [
        f"{ALI}-zone-maps: 'cn-beijing-a:v,cn-hangzhou-b:w'",
        f"{ALI}-master-zoneid: xx-nowhere-1",
        f"{ALI}-master-zoneid: cn-hangzhou-h, {CCE}.id: x",
    ],
)
def test_zones_of_several_regions_or_none_tell_nothing(annotation: str) -> None:
    assert "location" not in server(read(annotation))


def test_the_settings_tell_where_the_cluster_is() -> None:
    derived = read(f"{CCE}.id: x", cloud="华为云", region="cn-north-4")
    assert server(derived)["location"] == {
        "cloud_region": {"provider": "华为云", "id": "cn-north-4"}
    }
    assert derived.trace("/servers/0/location").attribute == "region"
    derived = read(f"{CCE}.id: x", region="cn-north-4")
    assert server(derived)["location"]["cloud_region"]["provider"] == "huaweicloud"
    assert server(read(region="r"))["location"] == {"cloud_region": {"id": "r"}}


def test_two_objects_of_one_name_are_a_gap_unless_they_are_equal() -> None:
    first, second = service(), service("", "type: LoadBalancer, loadBalancerIP: 49.4.7.167")
    assert len(kubernetes(first + first).gaps) == 1  # whether it is public
    derived = kubernetes(first + second)
    assert ids(derived, "servers") == ["Service/shop/web"]
    assert "is also defined at -:6, differently" in gaps_at(derived)[1][1]


def test_a_service_without_type_is_perhaps_a_patch() -> None:
    (gap,) = read(f"{CCE}.id: x", "ports: []").gaps
    assert "perhaps a Kustomize patch" in gap.message.en
    assert gap.kinds == {"servers", "sites", "network_links"}


def test_node_ports_are_a_remark() -> None:
    derived = read("", "type: NodePort, ports: [{port: 80, nodePort: 30080}]")
    assert "opens ports 30080 on every node" in remarks(derived)[0]
    derived = read("", "type: NodePort, ports: [{port: 80}]")
    assert "opens ports 80 on every node" in remarks(derived)[0]


DNS = "external-dns.alpha.kubernetes.io/hostname: 'a.cn,b.cn'"


@pytest.mark.parametrize(
    "ports",
    [
        "",
        "ports: [{port: 443}]",
        "ports: [{port: 9000, name: http-api}]",
        "ports: [{port: 9000, appProtocol: https}]",
    ],
)
def test_names_of_external_dns_are_sites_of_web_ports(ports: str) -> None:
    for kind in ("LoadBalancer", "NodePort"):
        assert ids(read(DNS, f"type: {kind}, {ports}")) == ["a.cn", "b.cn"]


def test_names_of_other_ports_and_of_internal_services_are_none() -> None:
    derived = read(DNS, "type: LoadBalancer, ports: [{port: 25, name: smtp}]")
    assert not ids(derived)
    assert "a.cn, b.cn is not counted as a site" in remarks(derived)[0]
    derived = read(f"{DNS}, {AWS}-internal: 'true'", "type: LoadBalancer")
    assert not ids(derived)
    assert "is not public" in remarks(derived)[0]
    derived = read(DNS, "type: ClusterIP")
    assert not derived.facts
    assert "is not public" in remarks(derived)[0]
