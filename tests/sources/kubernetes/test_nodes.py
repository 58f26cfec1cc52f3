"""Nodes: servers in the regions of their labels, and where the load balancers are."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_icp.facts.derived import Derived, Status
from tests.sources.kubernetes.test_balancers import service
from tests.sources.reading import kubernetes

REGION = "topology.kubernetes.io/region"
ZONE = "topology.kubernetes.io/zone"
OLD = "failure-domain.beta.kubernetes.io"
CBS = "topology.com.tencent.cloud.csi.cbs/zone"


def node(labels: str, spec: str = "", name: str = "n1", status: str = "") -> str:
    return f"""
---
apiVersion: v1
kind: Node
metadata:
  name: {name}
  labels: {{{labels}}}
spec: {{{spec}}}
status: {{{status}}}
"""


def located(derived: Derived) -> dict[str, Any]:
    servers: Any = derived.facts["servers"]
    return {
        one["id"]: tuple(one["location"]["cloud_region"].values()) if "location" in one else None
        for one in servers
    }


@pytest.mark.parametrize(
    ("labels", "spec", "where"),
    [
        (f"{REGION}: cn-hangzhou, alibabacloud.com/nodepool-id: np1", "", "alicloud cn-hangzhou"),
        (f"{OLD}/region: cn-hangzhou, node.csi.alibabacloud.com/x: y", "", "alicloud cn-hangzhou"),
        (f"{ZONE}: cn-hangzhou-k, ack.aliyun.com: c1", "", "alicloud cn-hangzhou"),
        (f"{REGION}: hk, {CBS}: ap-hongkong-3", "providerID: 'qcloud:///300003/ins-1'", "_hk"),
        (f"{OLD}/region: gz, {OLD}/zone: '100004'", "providerID: 'qcloud:///1/ins-1'", None),
        (f"{REGION}: cn-north-4, cce.cloud.com/cce-nodepool: a", "", "huaweicloud cn-north-4"),
        (f"{ZONE}: cn-northwest-1a", "providerID: 'aws:///cn-northwest-1a/i-1'", "_aws"),
        (f"{REGION}: cn-beijing, cluster.vke.volcengine.com/x: y", "", "volcengine cn-beijing"),
        # A region that no table has is told as it is written; without a cloud, so is every one.
        (f"{REGION}: cn-moon-1, ack.aliyun.com: c1", "", "alicloud cn-moon-1"),
        (f"{REGION}: cn-north-4", "", "cn-north-4"),
        (f"{REGION}: cn-north-1, ack.aliyun.com: a, x.tencent.com/y: b", "", "cn-north-1"),
        # What two labels say differently is not known.
        (f"{REGION}: cn-beijing, {ZONE}: cn-hangzhou-k, ack.aliyun.com: a", "", None),
        (f"{ZONE}: rack-7", "", None),
        ("disk: ssd, local/x: y", "", None),
    ],
)
def test_labels_tell_where_a_node_is(labels: str, spec: str, where: str | None) -> None:
    names = {"_hk": "tencentcloud ap-hongkong", "_aws": "aws cn-northwest-1"}
    wanted = tuple(names.get(where, where).split()) if where else None
    assert located(kubernetes(node(labels, spec))) == {"Node/n1": wanted}


def test_public_addresses_of_a_node() -> None:
    addresses = "addresses: [{type: InternalIP, address: 39.106.1.1}, {type: ExternalIP}, "
    addresses += "{type: ExternalIP, address: 43.135.72.58}, {type: ExternalIP, address: 10.0.0.1}]"
    derived = kubernetes(node("", status=addresses))
    assert derived.facts == {"servers": [{"id": "Node/n1", "ips": ["43.135.72.58"]}]}
    assert derived.trace("/servers/0/ips").attribute == "status.addresses.2.address"


ALI = f"{REGION}: cn-hangzhou, ack.aliyun.com: c1"
ALI_BEIJING = f"{REGION}: cn-beijing, ack.aliyun.com: c1"
INTERNET = "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type: internet"


def test_load_balancers_are_where_all_nodes_are() -> None:
    derived = kubernetes(service(INTERNET) + node(ALI) + node(ALI, name="n2"))
    assert located(derived)["Service/shop/web"] == ("alicloud", "cn-hangzhou")
    found = derived.trace("/servers/0/location")
    assert (found.status, found.address) == (Status.REFERENCED, "Node/n1")
    assert found.place.line == 16


@pytest.mark.parametrize(
    ("nodes", "annotation"),
    [
        (node(ALI) + node(ALI_BEIJING, name="n2"), INTERNET),
        (node(ALI) + node("", name="n2"), INTERNET),
        (node(""), INTERNET),
        (node(ALI), "kubernetes.io/elb.id: x"),
    ],
    ids=["two regions", "one unknown", "none known", "another cloud"],
)
def test_else_their_region_is_not_known(nodes: str, annotation: str) -> None:
    assert located(kubernetes(service(annotation) + nodes))["Service/shop/web"] is None


def test_what_is_nearer_comes_first() -> None:
    zoned = "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-master-zoneid: cn-beijing-a"
    derived = kubernetes(service(zoned) + node(ALI))
    assert located(derived)["Service/shop/web"] == ("alicloud", "cn-beijing")
    derived = kubernetes(service() + node(ALI), cloud="alicloud", region="cn-shenzhen")
    assert located(derived)["Service/shop/web"] == ("alicloud", "cn-shenzhen")
