"""Types that start servers, are lines or keep files: what each tells, and what another tells."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pytest_icp.sources.terraform.deriving import EVERY_LIST
from tests.sources.plan_files import change, declared, plan, read, source
from tests.sources.reading import element, facts, ids


def test_an_instance_of_aws_has_a_link_where_it_or_its_subnet_says_so() -> None:
    def links(said: bool | None, by_subnet: bool) -> Any:
        instance = {"associate_public_ip_address": said, "subnet_id": "subnet-1"}
        net = {"id": "subnet-1", "map_public_ip_on_launch": by_subnet}
        changes = change("aws_subnet.s", net), change("aws_instance.a", instance)
        return facts(read(plan(*changes))).get("network_links")

    (link,) = links(True, False)
    assert link == {
        "id": "aws_instance.a",
        "provider": None,
        "kind": "cloud_network",
        "mode": "leased",
    }
    assert links(None, True) == [link]
    assert links(None, False) is links(False, True) is None


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
    ("kind", "after", "found"),
    [
        ("alicloud_cs_managed_kubernetes", {"worker_instance_types": ["ecs.g7.large"]}, "servers"),
        ("alicloud_cs_managed_kubernetes", {"worker_vswitch_ids": ["vsw-1"]}, ""),
        (
            "aws_ecs_service",
            {"capacity_provider_strategy": [{"capacity_provider": "FARGATE_SPOT"}]},
            "servers",
        ),
        ("aws_ecs_service", {"capacity_provider_strategy": [{"capacity_provider": "own"}]}, ""),
        ("tencentcloud_kubernetes_cluster", {"master_config": [{"count": 3}]}, "servers"),
        ("volcengine_ecs_instance", {"data_volumes": [{"size": 40}]}, "data_stores"),
        ("volcengine_ecs_instance", {"data_volumes": []}, ""),
        ("alicloud_polardb_cluster", {"collector_status": "Enable"}, "log_stores"),
        ("alicloud_polardb_cluster", {"collector_status": "Disabled"}, ""),
    ],
)
def test_what_a_resource_starts_beside_itself(kind: str, after: Any, found: str) -> None:
    beside = set(read(plan(change(f"{kind}.a", after))).facts) - set(
        read(plan(change(f"{kind}.a", {}))).facts
    )
    assert beside == ({found} if found else set())


def test_a_node_of_a_replication_group_is_told_by_the_group() -> None:
    group = change("aws_elasticache_replication_group.g", {"id": "g-1"})
    node = change("aws_elasticache_cluster.n", {"replication_group_id": "g-1"})
    assert ids(read(plan(group, node)), "data_stores") == ["aws_elasticache_replication_group.g"]


@pytest.mark.parametrize(
    ("address", "after", "missing"),
    [
        ("helm_release.h", {"chart": "mysql"}, EVERY_LIST - {"domains"}),
        (
            "alicloud_cs_managed_kubernetes.k",
            {"addons": [{"name": "terway"}, {"name": "logtail-ds"}]},
            {"log_stores"},
        ),
        ("alicloud_cs_managed_kubernetes.k", {"addons": [{"name": "terway"}]}, set()),
        ("alicloud_cs_managed_kubernetes.k", {}, set()),
        (
            "alicloud_cs_kubernetes_addon.a",
            {"name": "nginx-ingress-controller"},
            {"servers", "network_links"},
        ),
        ("alicloud_cs_kubernetes_addon.a", {"name": "coredns"}, set()),
        (
            "alicloud_cs_managed_kubernetes.k",
            {"addons": [{"name": "nginx-ingress-controller"}]},
            {"servers", "network_links"},
        ),
        (
            "huaweicloud_cce_addon.a",
            {"template_name": "nginx-ingress"},
            {"servers", "network_links"},
        ),
        ("huaweicloud_cce_autopilot_addon.a", {"addon_template_name": "log-agent"}, {"log_stores"}),
        ("tencentcloud_kubernetes_addon.a", {"addon_name": "tke-log-agent"}, {"log_stores"}),
        ("tencentcloud_kubernetes_addon.a", {"addon_name": "tcr"}, set()),
        (
            "tencentcloud_kubernetes_cluster.k",
            {
                "extension_addon": [{"name": "ingressnginx"}],
                "cluster_audit": [{"enabled": True}],
            },
            {"servers", "network_links", "log_stores"},
        ),
        ("tencentcloud_kubernetes_cluster.k", {"log_agent": [{"enabled": True}]}, {"log_stores"}),
        ("tencentcloud_kubernetes_cluster.k", {"log_agent": [{"enabled": False}]}, set()),
        (
            "tencentcloud_kubernetes_cluster.k",
            {"event_persistence": [{"enabled": True}]},
            {"log_stores"},
        ),
        ("volcengine_vke_addon.a", {"name": "ingress-nginx"}, {"servers", "network_links"}),
        ("aws_eks_addon.a", {"addon_name": "amazon-cloudwatch-observability"}, {"log_stores"}),
        ("aws_eks_addon.a", {"addon_name": "vpc-cni"}, set()),
        (
            "alicloud_ecs_auto_snapshot_policy.p",
            {"target_copy_regions": ["cn-shanghai", "cn-hongkong"]},
            {"data_stores"},
        ),
        (
            "alicloud_ecs_auto_snapshot_policy.p",
            {"target_copy_regions": ["cn-shanghai"]},
            set(),
        ),
        ("alicloud_ecs_auto_snapshot_policy.p", {}, set()),
        (
            "alicloud_ebs_enterprise_snapshot_policy.p",
            {"cross_region_copy_info": [{"regions": [{"region_id": "ap-southeast-1"}]}]},
            {"data_stores"},
        ),
        (
            "alicloud_hbr_server_backup_plan.p",
            {"detail": [{"destination_region_id": "ap-southeast-1"}]},
            {"data_stores"},
        ),
        (
            "alicloud_rds_instance_cross_backup_policy.p",
            {"cross_backup_region": "ap-southeast-1"},
            {"data_stores"},
        ),
        ("huaweicloud_cbr_policy.p", {"destination_region": "ap-southeast-1"}, {"data_stores"}),
        ("huaweicloud_cbr_policy.p", {"type": "backup"}, set()),
        (
            "volcengine_rds_mysql_backup_policy.p",
            {"cross_backup_policy": [{"cross_backup_region": "cn-hongkong"}]},
            {"data_stores"},
        ),
        ("kubectl_manifest.m", {"yaml_body": "kind: Ingress"}, EVERY_LIST - {"domains"}),
        (
            "kubernetes_config_map.c",
            {"data": {"default.conf": "server {\n server_name www.a.cn; }"}},
            {"sites", "log_stores"},
        ),
        ("kubernetes_config_map_v1.c", {"data": {"mode": "fast"}}, set()),
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
            EVERY_LIST - {"domains"},
        ),
        ("kubernetes_manifest.m", {"manifest": {"kind": "Namespace"}}, set()),
        ("kubernetes_ingress_v1.i", {"spec": [{"default_backend": [{}]}]}, {"sites"}),
        ("kubernetes_ingress.i", {"spec": [{"rule": [{"http": [{}]}]}]}, {"sites"}),
    ],
)
def test_what_is_not_read_is_a_gap(address: str, after: Any, missing: set[str]) -> None:
    derived = read(plan(change(address, after)))
    assert derived.facts == {}
    assert {kind for gap in derived.gaps for kind in gap.kinds} == missing


@pytest.mark.parametrize(
    "address",
    [
        *("kubernetes_deployment.d", "kubernetes_deployment_v1.d"),
        *("kubernetes_stateful_set.d", "kubernetes_stateful_set_v1.d"),
        "kubernetes_manifest.d",
    ],
)
def test_a_workload_with_the_image_of_a_database_is_a_data_store(address: str) -> None:
    def told(*images: str | None) -> Any:
        of_each = [{"name": "c", "image": image} for image in images]
        if address.startswith("kubernetes_manifest"):
            spec = {"template": {"spec": {"containers": of_each}}}
            return read(plan(change(address, {"manifest": {"kind": "StatefulSet", "spec": spec}})))
        spec = {"template": [{"spec": [{"container": of_each}]}]}
        return read(plan(change(address, {"spec": [spec]})))

    store = element(told("nginx:1.29", "docker.io/library/mysql:8"), "data_stores", address)
    assert store["kind"] == "database"
    assert not told("nginx:1.29").facts
    assert not told("nginx:1.29").gaps


@pytest.mark.parametrize(("rules", "open_"), [([{"host": "a.cn"}], 0), ([{"host": "a.cn"}, {}], 1)])
def test_a_rule_of_an_ingress_without_a_host_serves_any(rules: Any, open_: int) -> None:
    derived = read(plan(change("kubernetes_ingress_v1.i", {"spec": [{"rule": rules}]})))
    assert ids(derived, "sites") == ["a.cn"]
    assert ["a rule without a host" in gap.message.en for gap in derived.gaps] == [True] * open_


TASK = """
resource "aws_ecr_repository" "own" {
  name = "own"
}
resource "aws_ecs_task_definition" "shop" {
  family                = "shop"
  container_definitions = %s
}
"""
OWN = '{image = "${aws_ecr_repository.own.repository_url}:1"%s}'
CREATES = ', logConfiguration = {options = {awslogs-create-group = "true"}}'


@pytest.mark.parametrize(
    ("definitions", "stores", "gaps"),
    [
        ('jsonencode([{image = "nginx:1"}, {image = "redis:7"}])', ["cache"], []),
        ('jsonencode([{image = "nginx:1"}])', [], []),
        ('<<E\n[{"name": "db", "image": "mysql:8"}]\nE\n', ["database"], []),
        (f"jsonencode([{OWN % ''}])", [], [{"data_stores"}]),
        (f"jsonencode([{OWN % CREATES}])", [], [{"data_stores"}, {"log_stores"}]),
        ('file("containers.json")', [], [{"data_stores"}, {"log_stores"}]),
        ('"not JSON"', [], [{"data_stores"}, {"log_stores"}]),
    ],
)
def test_the_containers_of_a_task_of_ecs_are_read_from_their_json(
    definitions: str, stores: list[str], gaps: list[set[str]], tmp_path: Path
) -> None:
    derived = source(tmp_path, {"main.tf": TASK % definitions})
    assert [one["kind"] for one in facts(derived).get("data_stores", [])] == stores
    assert [gap.kinds for gap in derived.gaps] == gaps


POLICY = """
resource "aws_s3_bucket" "b" {{}}
resource "aws_iam_role" "r" {{}}
resource "aws_s3_bucket_policy" "p" {{
  bucket = aws_s3_bucket.b.id
  policy = jsonencode({{Statement = [{{
    Effect = "Allow", Principal = {principal}, Resource = "${{aws_s3_bucket.b.arn}}/*"
  }}]}})
}}
"""


@pytest.mark.parametrize(
    ("principal", "published"), [('"*"', True), ("{AWS = aws_iam_role.r.arn}", None)]
)
def test_a_policy_that_names_its_bucket_is_read_as_far_as_it_is_known(
    principal: str, published: bool | None, tmp_path: Path
) -> None:
    derived = source(tmp_path, {"main.tf": POLICY.format(principal=principal)})
    assert element(derived, "data_stores", "aws_s3_bucket.b")["published"] is published


@pytest.mark.parametrize(
    ("written", "hosts", "gaps"),
    [
        ('values = ["www.etaoche.cn"]', ["www.etaoche.cn"], 0),
        ('regex_values = ["^w{3}[.]etaoche[.]cn$"]', [], 1),
    ],
)
def test_a_rule_of_a_listener_that_matches_by_a_pattern_is_a_gap(
    written: str, hosts: list[str], gaps: int, tmp_path: Path
) -> None:
    text = f"""
resource "aws_lb_listener_rule" "a" {{
  condition {{
    host_header {{
      {written}
    }}
  }}
}}
"""
    derived = source(tmp_path, {"main.tf": text})
    assert ids(derived) == hosts
    assert [gap.kinds for gap in derived.gaps] == [{"sites"}] * gaps


@pytest.mark.parametrize(
    ("kind", "inner"),
    [
        ("alicloud_eci_container_group", 'containers { image = "mysql:8" }'),
        ("tencentcloud_eks_container_instance", 'container { image = "mysql:8" }'),
        ("kubernetes_pod", 'spec { container { image = "mysql:8" } }'),
        ("kubernetes_daemonset", 'spec { template { spec { container { image = "mysql:8" } } } }'),
    ],
)
def test_what_runs_a_database_keeps_data(kind: str, inner: str, tmp_path: Path) -> None:
    blocks = inner.replace("{", "{\n").replace("}", "\n}")
    derived = source(tmp_path, {"main.tf": f'resource "{kind}" "db" {{\n{blocks}\n}}\n'})
    assert element(derived, "data_stores", f"{kind}.db")["kind"] == "database"
