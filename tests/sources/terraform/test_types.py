"""Types that start servers, are lines or keep files: what each tells, and what another tells."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.sources.plan_files import change, declared, plan, read, source
from tests.sources.reading import element, facts, ids

LINK = {"kind": "cloud_network", "mode": "leased"}
LINE = {"kind": "leased_line", "mode": "leased", "provider": None}
EIP = [{"ip_type": "5_bgp"}]


@pytest.mark.parametrize(
    ("kind", "zone", "region"),
    [
        ("alicloud_ecs_instance_set", {"zone_id": "cn-beijing-h"}, "cn-beijing"),
        ("alicloud_ecs_launch_template", {"zone_id": "cn-beijing-h"}, "cn-beijing"),
        ("alicloud_launch_template", {"zone_id": "cn-beijing-h"}, "cn-beijing"),
        ("alicloud_ess_scaling_group", {}, None),
        ("alicloud_ess_scaling_configuration", {}, None),
        ("alicloud_ess_eci_scaling_configuration", {}, None),
        ("alicloud_eci_container_group", {"zone_id": "cn-beijing-h"}, "cn-beijing"),
        ("aws_spot_instance_request", {"availability_zone": "cn-north-1a"}, "cn-north-1"),
        ("aws_lightsail_instance", {"availability_zone": "us-east-1a"}, "us-east-1"),
        ("aws_launch_configuration", {}, None),
        (
            "aws_launch_template",
            {"placement": [{"availability_zone": "cn-north-1a"}]},
            "cn-north-1",
        ),
        ("aws_autoscaling_group", {"availability_zones": ["cn-north-1a"]}, "cn-north-1"),
        ("aws_eks_node_group", {}, None),
        ("aws_eks_fargate_profile", {}, None),
        ("aws_ecs_service", {"launch_type": "FARGATE"}, None),
        (
            "tencentcloud_cvm_launch_template",
            {"placement": [{"zone": "ap-beijing-3"}]},
            "ap-beijing",
        ),
        ("tencentcloud_as_scaling_config", {}, None),
        ("tencentcloud_as_scaling_group", {"zones": ["ap-beijing-3"]}, "ap-beijing"),
        ("tencentcloud_kubernetes_node_pool", {"zones": ["ap-beijing-3"]}, "ap-beijing"),
        ("tencentcloud_kubernetes_native_node_pool", {}, None),
        ("tencentcloud_eks_container_instance", {}, None),
        ("huaweicloud_bms_instance", {"availability_zone": "cn-north-4a"}, "cn-north-4"),
        ("huaweicloud_as_configuration", {}, None),
        ("huaweicloud_as_group", {"availability_zones": ["cn-north-4a"]}, "cn-north-4"),
        ("huaweicloud_cce_node_pool", {"availability_zone": "cn-north-4a"}, "cn-north-4"),
        ("volcengine_ecs_launch_template", {"zone_id": "cn-beijing-a"}, "cn-beijing"),
        ("volcengine_scaling_group", {}, None),
        ("volcengine_scaling_configuration", {}, None),
    ],
)
def test_what_starts_servers(kind: str, zone: dict[str, Any], region: str | None) -> None:
    (server,) = facts(read(plan(change(f"{kind}.a", zone))))["servers"]
    assert server["id"] == f"{kind}.a"
    provider = kind.partition("_")[0]
    place = {"cloud_region": {"provider": provider, "id": region}} if region else None
    assert server["location"] == place


@pytest.mark.parametrize(
    ("kind", "public"),
    [
        ("alicloud_ecs_instance_set", {"internet_max_bandwidth_out": 5}),
        ("alicloud_ecs_launch_template", {"internet_max_bandwidth_out": 5}),
        ("alicloud_launch_template", {"internet_max_bandwidth_out": 5}),
        ("alicloud_ess_scaling_configuration", {"internet_max_bandwidth_out": 5}),
        ("alicloud_ess_eci_scaling_configuration", {"auto_create_eip": True}),
        ("alicloud_eci_container_group", {"auto_create_eip": True}),
        (
            "tencentcloud_cvm_launch_template",
            {"internet_accessible": [{"internet_max_bandwidth_out": 5}]},
        ),
        ("tencentcloud_as_scaling_config", {"internet_max_bandwidth_out": 5}),
        (
            "tencentcloud_kubernetes_node_pool",
            {"auto_scaling_config": [{"internet_max_bandwidth_out": 5}]},
        ),
        ("tencentcloud_eks_container_instance", {"auto_create_eip": True}),
        ("huaweicloud_as_configuration", {"instance_config": [{"public_ip": [{"eip": EIP}]}]}),
        ("volcengine_ecs_launch_template", {"eip_bandwidth": 5}),
        ("volcengine_scaling_configuration", {"eip_bandwidth": 5}),
    ],
)
def test_bandwidth_to_the_internet_is_a_link(kind: str, public: dict[str, Any]) -> None:
    (link,) = facts(read(plan(change(f"{kind}.a", public))))["network_links"]
    assert link == {"id": f"{kind}.a", "provider": None, **LINK}
    assert "network_links" not in facts(read(plan(change(f"{kind}.a", {}))))


@pytest.mark.parametrize(
    ("template", "group", "attribute"),
    [
        ("alicloud_ecs_launch_template", "alicloud_ess_scaling_group", "launch_template_id"),
        ("alicloud_launch_template", "alicloud_instance", "launch_template_id"),
        ("alicloud_ess_scaling_group", "alicloud_ess_scaling_configuration", "scaling_group_id"),
        ("aws_launch_configuration", "aws_autoscaling_group", "launch_configuration"),
        ("tencentcloud_as_scaling_config", "tencentcloud_as_scaling_group", "configuration_id"),
        ("tencentcloud_cvm_launch_template", "tencentcloud_instance", "launch_template_id"),
        ("huaweicloud_as_configuration", "huaweicloud_as_group", "scaling_configuration_id"),
        ("volcengine_ecs_launch_template", "volcengine_scaling_group", "launch_template_id"),
        ("volcengine_scaling_group", "volcengine_scaling_configuration", "scaling_group_id"),
    ],
)
def test_of_a_template_and_what_uses_it_one_is_the_server(
    template: str, group: str, attribute: str, tmp_path: Path
) -> None:
    written = declared(f"{group}.g", **{attribute: f"{template}.t.id"})
    entries = [change(f"{template}.t"), change(f"{group}.g", {}, {attribute: True})]
    assert ids(read(plan(*entries, resources=[written])), "servers") == [f"{group}.g"]
    known = [change(f"{template}.t", {"id": "t-1"}), change(f"{group}.g", {attribute: "t-1"})]
    assert ids(read(plan(*known)), "servers") == [f"{group}.g"]
    text = f"""
resource "{template}" "t" {{}}
resource "{group}" "g" {{
  {attribute} = {template}.t.id
}}
"""
    assert ids(source(tmp_path, {"main.tf": text}), "servers") == [f"{group}.g"]


def test_a_launch_template_in_a_block(tmp_path: Path) -> None:
    text = """
resource "aws_launch_template" "t" {
  block_device_mappings {
    ebs {
      encrypted = false
    }
  }
}
resource "aws_autoscaling_group" "g" {
  launch_template {
    id = aws_launch_template.t.id
  }
}
"""
    derived = source(tmp_path, {"main.tf": text})
    assert ids(derived, "servers") == ["aws_autoscaling_group.g"]
    stored = element(derived, "data_stores", "aws_launch_template.t")
    assert stored["encryption_at_rest"] is False


def test_a_service_on_instances_of_ones_own_is_no_server() -> None:
    for after in ({"launch_type": "EC2"}, {}):
        assert read(plan(change("aws_ecs_service.s", after))).facts == {}


@pytest.mark.parametrize(
    "kind",
    [
        "alicloud_cen_instance",
        "alicloud_cen_transit_router",
        "alicloud_cen_transit_router_peer_attachment",
        "aws_ec2_transit_gateway",
        "aws_ec2_transit_gateway_peering_attachment",
        "tencentcloud_ccn",
        "huaweicloud_cc_connection",
        "huaweicloud_er_instance",
        "volcengine_cen",
    ],
)
def test_networks_between_networks(kind: str) -> None:
    (link,) = facts(read(plan(change(f"{kind}.a"))))["network_links"]
    assert link == {"id": f"{kind}.a", "provider": None, **LINK}


@pytest.mark.parametrize("kind", ["express_connect_router_interface", "router_interface"])
def test_of_a_pair_of_interfaces_the_one_that_begins_is_the_link(kind: str) -> None:
    for role, expected in (("InitiatingSide", [LINK]), ("AcceptingSide", [])):
        derived = read(plan(change(f"alicloud_{kind}.a", {"role": role})))
        links = facts(derived).get("network_links", [])
        assert [{name: link[name] for name in LINK} for link in links] == expected


@pytest.mark.parametrize(
    ("line", "on_it", "attribute"),
    [
        (
            "alicloud_express_connect_physical_connection",
            "alicloud_express_connect_virtual_border_router",
            "physical_connection_id",
        ),
        ("aws_dx_connection", "aws_dx_private_virtual_interface", "connection_id"),
        ("aws_dx_connection", "aws_dx_public_virtual_interface", "connection_id"),
        ("aws_dx_connection", "aws_dx_transit_virtual_interface", "connection_id"),
        ("tencentcloud_dc_instance", "tencentcloud_dcx", "dc_id"),
        (
            "volcengine_direct_connect_connection",
            "volcengine_direct_connect_virtual_interface",
            "direct_connect_connection_id",
        ),
        (None, "huaweicloud_dc_virtual_interface", "direct_connect_id"),
    ],
)
def test_a_line_is_told_once(line: str | None, on_it: str, attribute: str) -> None:
    channel = change(f"{on_it}.c", {attribute: "l-1"})
    assert facts(read(plan(channel)))["network_links"] == [{"id": f"{on_it}.c", **LINE}]
    if line is not None:
        derived = read(plan(change(f"{line}.l", {"id": "l-1"}), channel))
        assert facts(derived)["network_links"] == [{"id": f"{line}.l", **LINE}]


@pytest.mark.parametrize(
    ("kind", "near", "far", "here", "there"),
    [
        (
            "alicloud_cen_bandwidth_package",
            "geographic_region_a_id",
            "geographic_region_b_id",
            "China",
            "Asia-Pacific",
        ),
        (
            "huaweicloud_cc_bandwidth_package",
            "local_area_id",
            "remote_area_id",
            "Chinese-Mainland",
            "Asia-Pacific",
        ),
        (
            "volcengine_cen_bandwidth_package",
            "local_geographic_region_set_id",
            "peer_geographic_region_set_id",
            "China",
            "Asia",
        ),
    ],
)
def test_whether_a_network_leads_abroad(
    kind: str, near: str, far: str, here: str, there: str
) -> None:
    def abroad(one: str | None, other: str | None) -> Any:
        derived = read(plan(change(f"{kind}.a", {near: one, far: other})))
        return element(derived, "network_links", f"{kind}.a")["international"]

    assert abroad(here, here) is False
    assert abroad(here, there) is True
    assert abroad(there, here) is True
    assert abroad(there, there) is None
    assert abroad(here, None) is None


@pytest.mark.parametrize(
    ("kind", "after", "stored"),
    [
        ("alicloud_nas_file_system", {"encrypt_type": "1"}, {"encryption_at_rest": True}),
        ("alicloud_nas_file_system", {"encrypt_type": 0}, {"encryption_at_rest": False}),
        ("alicloud_nas_file_system", {}, {"encryption_at_rest": None}),
        ("aws_efs_file_system", {"encrypted": True}, {"encryption_at_rest": True}),
        ("aws_efs_file_system", {"kms_key_id": "k"}, {"encryption_at_rest": True}),
        ("aws_efs_file_system", {"encrypted": False}, {"encryption_at_rest": False}),
        ("tencentcloud_cfs_file_system", {}, {}),
        ("huaweicloud_sfs_turbo", {"crypt_key_id": "k"}, {"encryption_at_rest": True}),
        ("huaweicloud_sfs_turbo", {}, {"encryption_at_rest": None}),
        ("huaweicloud_sfs_file_system", {}, {}),
        ("volcengine_nas_file_system", {}, {}),
        (
            "alicloud_ess_scaling_configuration",
            {"data_disk": [{"encrypted": True}]},
            {"encryption_at_rest": True},
        ),
        (
            "huaweicloud_cce_node_pool",
            {"data_volumes": [{"kms_key_id": "k"}]},
            {"encryption_at_rest": True},
        ),
    ],
)
def test_files(kind: str, after: dict[str, Any], stored: dict[str, Any]) -> None:
    derived = read(plan(change(f"{kind}.a", after)))
    expected = {"id": f"{kind}.a", "location": None, "kind": "files", **stored}
    assert facts(derived)["data_stores"] == [expected]


@pytest.mark.parametrize(
    ("kind", "after", "expected"),
    [
        ("aws_redshift_cluster", {"encrypted": True}, {"encryption_at_rest": True}),
        ("aws_dynamodb_table", {}, {"encryption_at_rest": True}),
        (
            "aws_elasticache_cluster",
            {"transit_encryption_enabled": False},
            {"encryption_in_transit": False},
        ),
        ("alicloud_click_house_db_cluster", {}, {"encryption_at_rest": False}),
        (
            "alicloud_click_house_db_cluster",
            {"encryption_type": "CloudDisk"},
            {"encryption_at_rest": True},
        ),
        (
            "alicloud_elasticsearch_instance",
            {"data_node_disk_encrypted": True},
            {"encryption_at_rest": True},
        ),
    ],
)
def test_databases(kind: str, after: dict[str, Any], expected: dict[str, Any]) -> None:
    stored = element(read(plan(change(f"{kind}.a", after))), "data_stores", f"{kind}.a")
    assert {name: stored[name] for name in expected} == expected


def test_a_node_of_a_replication_group_is_told_by_the_group() -> None:
    group = change("aws_elasticache_replication_group.g", {"id": "g-1"})
    node = change("aws_elasticache_cluster.n", {"replication_group_id": "g-1"})
    assert ids(read(plan(group, node)), "data_stores") == ["aws_elasticache_replication_group.g"]


@pytest.mark.parametrize(
    ("store", "name", "writer", "after", "kind"),
    [
        (
            "aws_cloudwatch_log_group",
            "arn",
            "aws_route53_query_log",
            {"cloudwatch_log_group_arn": "logs"},
            "dns",
        ),
        (
            "aws_s3_bucket",
            "arn",
            "aws_route53_resolver_query_log_config",
            {"destination_arn": "logs"},
            "dns",
        ),
        (
            "aws_s3_bucket",
            "arn",
            "aws_wafv2_web_acl_logging_configuration",
            {"log_destination_configs": ["logs"]},
            "security",
        ),
        (
            "aws_cloudwatch_log_group",
            "arn",
            "aws_api_gateway_stage",
            {"access_log_settings": [{"destination_arn": "logs"}]},
            "access",
        ),
        (
            "aws_cloudwatch_log_group",
            "arn",
            "aws_apigatewayv2_stage",
            {"access_log_settings": [{"destination_arn": "logs"}]},
            "access",
        ),
        (
            "alicloud_log_store",
            "logstore_name",
            "alicloud_alb_load_balancer",
            {"access_log_config": [{"log_store": "logs"}]},
            "access",
        ),
        (
            "alicloud_log_store",
            "logstore_name",
            "alicloud_alb_load_balancer_access_log_config_attachment",
            {"log_store": "logs"},
            "access",
        ),
        (
            "alicloud_log_store",
            "logstore_name",
            "alicloud_cdn_real_time_log_delivery",
            {"logstore": "logs"},
            "access",
        ),
        (
            "huaweicloud_lts_stream",
            "id",
            "huaweicloud_dns_resolver_access_log",
            {"lts_topic_id": "logs"},
            "dns",
        ),
        (
            "tencentcloud_cls_topic",
            "id",
            "tencentcloud_clb_instance",
            {"log_topic_id": "logs"},
            "access",
        ),
    ],
)
def test_what_writes_into_a_store_says_what_kind_of_logs_it_holds(
    store: str, name: str, writer: str, after: dict[str, Any], kind: str
) -> None:
    derived = read(plan(change(f"{store}.s", {name: "logs"}), change(f"{writer}.w", after)))
    assert element(derived, "log_stores", f"{store}.s")["kinds"] == [kind]


ZONES = pytest.mark.parametrize("attribute", ["zone", "name"])
RECORDS = pytest.mark.parametrize("kind", ["cloudflare_record", "cloudflare_dns_record"])


@ZONES
@RECORDS
def test_records_of_cloudflare(kind: str, attribute: str) -> None:
    zone = change("cloudflare_zone.z", {"id": "z-1", attribute: "etaoche.cn"})
    record = {"zone_id": "z-1", "name": "www", "type": "A", "content": "39.106.1.1"}
    derived = read(plan(zone, change(f"{kind}.r", record)))
    (site,) = facts(derived)["sites"]
    assert (site["id"], site["public"]) == ("www.etaoche.cn", True)
    assert ids(derived, "domains") == ["etaoche.cn"]
    assert "servers" not in facts(derived)
    derived = read(
        plan(zone, change(f"{kind}.r", record | {"proxied": True, "content": "10.0.0.1"}))
    )
    (site,) = facts(derived)["sites"]
    assert (site["id"], site["public"]) == ("www.etaoche.cn", True)
    assert facts(derived)["servers"] == [
        {"id": f"{kind}.r", "location": None, "provider": None, "role": "edge"}
    ]
    assert facts(derived)["network_links"] == [
        {"id": f"{kind}.r", "provider": None, "kind": "cdn", "mode": "leased"}
    ]
    other = read(plan(zone, change(f"{kind}.r", record | {"type": "TXT"})))
    assert "sites" not in facts(other)


@RECORDS
@pytest.mark.parametrize(
    ("name", "sites"), [("www", None), ("@", None), ("www.etaoche.cn", ["www.etaoche.cn"])]
)
def test_a_record_whose_zone_is_not_in_the_source(
    kind: str, name: str, sites: list[str] | None
) -> None:
    record = {"zone_id": "0a1b", "name": name, "type": "A", "content": "39.106.1.1"}
    derived = read(plan(change(f"{kind}.r", record)))
    complete = kind == "cloudflare_dns_record"
    assert ids(derived, "sites") == (sites or [] if complete else [])
    assert len(derived.gaps) == (0 if complete and sites else 1)


def test_a_record_of_cloudflare_with_a_value() -> None:
    zone = change("cloudflare_zone.z", {"id": "z-1", "zone": "etaoche.cn"})
    record = {"zone_id": "z-1", "name": "@", "type": "A", "value": "10.0.0.1", "proxied": False}
    (site,) = facts(read(plan(zone, change("cloudflare_record.r", record))))["sites"]
    assert (site["id"], site["public"]) == ("etaoche.cn", False)


@pytest.mark.parametrize(
    ("kind", "attribute"),
    [
        ("cloudflare_custom_hostname", "hostname"),
        ("cloudflare_pages_domain", "domain"),
        ("cloudflare_pages_domain", "name"),
        ("cloudflare_workers_custom_domain", "hostname"),
    ],
)
def test_hosts_of_cloudflare(kind: str, attribute: str) -> None:
    derived = read(plan(change(f"{kind}.a", {attribute: "www.etaoche.cn"})))
    (site,) = facts(derived)["sites"]
    assert (site["id"], site["public"]) == ("www.etaoche.cn", True)
    assert not derived.gaps


def test_a_bucket_of_cloudflare_is_nowhere_for_certain() -> None:
    derived = read(plan(change("cloudflare_r2_bucket.b")), region="cn-beijing")
    assert facts(derived)["data_stores"] == [
        {"id": "cloudflare_r2_bucket.b", "location": None, "kind": "object_store"}
    ]


@pytest.mark.parametrize("kind", ["kubernetes_ingress_v1", "kubernetes_ingress"])
def test_hosts_of_an_ingress(kind: str, tmp_path: Path) -> None:
    rules = [{"host": "www.etaoche.cn"}, {"host": "m.etaoche.cn"}]
    derived = read(plan(change(f"{kind}.i", {"spec": [{"rule": rules}]})))
    assert ids(derived, "sites") == ["www.etaoche.cn", "m.etaoche.cn"]
    text = f"""
resource "{kind}" "i" {{
  spec {{
    rule {{
      host = "www.etaoche.cn"
    }}
    rule {{
      host = "m.etaoche.cn"
    }}
  }}
}}
"""
    assert ids(source(tmp_path, {"main.tf": text}), "sites") == ["www.etaoche.cn", "m.etaoche.cn"]


@pytest.mark.parametrize(
    ("address", "after", "missing"),
    [
        ("helm_release.h", {"chart": "nginx"}, {"sites", "servers", "network_links"}),
        (
            "kubernetes_service_v1.s",
            {"spec": [{"type": "LoadBalancer"}]},
            {"servers", "network_links"},
        ),
        (
            "kubernetes_service.s",
            {"spec": [{"type": "LoadBalancer"}]},
            {"servers", "network_links"},
        ),
        ("kubernetes_service.s", {"spec": [{"type": "ClusterIP"}]}, set()),
        ("kubernetes_service.s", {"spec": [{}]}, set()),
        (
            "kubernetes_manifest.m",
            {"manifest": {"kind": "HTTPRoute"}},
            {"sites", "servers", "network_links", "log_stores"},
        ),
        ("kubernetes_manifest.m", {"manifest": {"kind": "Namespace"}}, set()),
        (
            "kubectl_manifest.m",
            {"yaml_body": "kind: Ingress"},
            {"sites", "servers", "network_links", "log_stores"},
        ),
        ("kubernetes_ingress_v1.i", {"spec": [{"default_backend": [{}]}]}, {"sites"}),
        ("kubernetes_ingress.i", {"spec": [{"rule": [{"http": [{}]}]}]}, {"sites"}),
    ],
)
def test_what_is_not_read_is_a_gap(address: str, after: Any, missing: set[str]) -> None:
    derived = read(plan(change(address, after)))
    assert derived.facts == {}
    assert {kind for gap in derived.gaps for kind in gap.kinds} == missing
    assert not derived.unmapped


@pytest.mark.parametrize(("rules", "open_"), [([{"host": "a.cn"}], 0), ([{"host": "a.cn"}, {}], 1)])
def test_a_rule_of_an_ingress_without_a_host_serves_any(rules: Any, open_: int) -> None:
    derived = read(plan(change("kubernetes_ingress_v1.i", {"spec": [{"rule": rules}]})))
    assert ids(derived, "sites") == ["a.cn"]
    assert ["a rule without a host" in gap.message.en for gap in derived.gaps] == [True] * open_


def test_a_gap_names_what_holds_what_is_not_read(tmp_path: Path) -> None:
    text = "".join(f'resource "helm_release" "h{n}" {{\n  chart = "c"\n}}\n' for n in range(4))
    (gap,) = source(tmp_path, {"main.tf": text}).gaps
    assert gap.message.en == (
        "helm_release.h0、helm_release.h1、helm_release.h2 and 1 more: the chart is not rendered; "
        "render it with `helm template` and read that as `kubernetes`"
    )
    assert (str(gap.place.path), gap.place.line) == (str(tmp_path / "main.tf"), 1)
    open_ = 'variable "n" {}\nresource "helm_release" "h" {\n  for_each = var.n\n}\n'
    (gap,) = source(tmp_path, {"main.tf": open_}).gaps
    assert gap.kinds == {"sites", "servers", "network_links"}


@pytest.mark.parametrize(
    ("cloud", "machine", "between"),
    [
        (
            "alicloud",
            "alicloud_instance",
            {
                "alicloud_alb_load_balancer.b": {"address_type": "Internet", "dns_name": "b.com"},
                "alicloud_alb_listener.l": {
                    "load_balancer_id": "id-b",
                    "default_actions": [
                        {
                            "forward_group_config": [
                                {"server_group_tuples": [{"server_group_id": "id-g"}]}
                            ]
                        }
                    ],
                },
                "alicloud_alb_server_group.g": {"servers": [{"server_id": "id-m"}]},
            },
        ),
        (
            "alicloud",
            "alicloud_instance",
            {
                "alicloud_nlb_load_balancer.b": {"address_type": "Internet", "dns_name": "b.com"},
                "alicloud_nlb_listener.l": {"load_balancer_id": "id-b", "server_group_id": "id-g"},
                "alicloud_nlb_server_group.g": {},
                "alicloud_nlb_server_group_server_attachment.a": {
                    "server_group_id": "id-g",
                    "server_id": "id-m",
                },
            },
        ),
        (
            "alicloud",
            "alicloud_instance",
            {
                "alicloud_slb_load_balancer.b": {
                    "address_type": "internet",
                    "address": "39.106.1.1",
                },
                "alicloud_slb_server_group.g": {
                    "load_balancer_id": "id-b",
                    "servers": [{"server_ids": ["id-m"]}],
                },
            },
        ),
        (
            "alicloud",
            "alicloud_instance",
            {
                "alicloud_slb_load_balancer.b": {
                    "address_type": "internet",
                    "address": "39.106.1.1",
                },
                "alicloud_slb_server_group.g": {"load_balancer_id": "id-b"},
                "alicloud_slb_server_group_server_attachment.a": {
                    "server_group_id": "id-g",
                    "server_id": "id-m",
                },
            },
        ),
        (
            "volcengine",
            "volcengine_ecs_instance",
            {
                "volcengine_clb.b": {"type": "public", "eip_address": "39.106.1.1"},
                "volcengine_listener.l": {"load_balancer_id": "id-b", "server_group_id": "id-g"},
                "volcengine_server_group.g": {},
                "volcengine_server_group_server.a": {
                    "server_group_id": "id-g",
                    "instance_id": "id-m",
                },
            },
        ),
        (
            "volcengine",
            "volcengine_ecs_instance",
            {
                "volcengine_alb.b": {"type": "public", "dns_name": "b.com"},
                "volcengine_alb_listener.l": {
                    "load_balancer_id": "id-b",
                    "server_group_id": "id-g",
                },
                "volcengine_alb_server_group.g": {},
                "volcengine_alb_server_group_server.a": {
                    "server_group_id": "id-g",
                    "instance_id": "id-m",
                },
            },
        ),
    ],
)
def test_machines_in_groups_behind_a_load_balancer(
    cloud: str, machine: str, between: dict[str, dict[str, Any]]
) -> None:
    entries = [
        change(address, {"id": f"id-{address[-1]}", **after}) for address, after in between.items()
    ]
    balancer = next(iter(between.values()))
    target = next(balancer[name] for name in balancer if name not in {"address_type", "type"})
    kind = "A" if target[0].isdecimal() else "CNAME"
    record = {
        "alicloud": ("alicloud_alidns_record.r", {"rr": "www", "domain_name": "etaoche.cn"}),
        "volcengine": ("volcengine_dns_record.r", {"host": "www", "zid": "id-z"}),
    }[cloud]
    zone = change("volcengine_dns_zone.z", {"id": "id-z", "zone_name": "etaoche.cn"})
    derived = read(
        plan(
            *entries,
            change(f"{machine}.m", {"id": "id-m"}),
            change(record[0], {**record[1], "type": kind, "value": target}),
            zone,
        )
    )
    (site,) = facts(derived)["sites"]
    assert site["public"] is True
    assert site["servers"] == [next(iter(between)), f"{machine}.m"]


@pytest.mark.parametrize(("enabled", "sites"), [(True, ["a.cn"]), (None, ["a.cn"]), (False, [])])
def test_a_distribution_that_is_not_enabled_serves_nothing(enabled: Any, sites: list[str]) -> None:
    after = {"aliases": ["a.cn"], "enabled": enabled}
    derived = read(plan(change("aws_cloudfront_distribution.a", after)))
    assert ids(derived, "sites") == sites
    assert bool(ids(derived, "network_links")) is bool(sites)
