"""The tables of the providers: valid, complete, and every path in them can be read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from pytest_icp.facts.files.schema import check
from pytest_icp.facts.files.source import read_source
from pytest_icp.law.errors import InputError
from pytest_icp.law.places import REGIONS
from pytest_icp.sources.terraform import tables
from pytest_icp.sources.terraform.deriving import EVERY_LIST

FILES = sorted(tables.FOLDER.glob("*.yaml"))
NAMES = ("alicloud", "aws", "huaweicloud", "tencentcloud", "volcengine")
OTHERS = ("cloudflare", "helm", "kubectl", "kubernetes")
every_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


def rows(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)["resources"]
    return found


def test_there_is_a_table_for_every_provider_of_which_regions_are_known() -> None:
    assert {path.stem for path in FILES} == {*NAMES, *OTHERS}
    assert {provider for provider, _ in REGIONS} == set(NAMES)


@every_file
def test_is_valid(path: Path) -> None:
    check(read_source(path), "provider")


NAMES_OF_PAGES = {
    "aws_alb": "lb",
    "aws_alb_listener": "lb_listener",
    "aws_alb_listener_rule": "lb_listener_rule",
    "aws_alb_target_group": "lb_target_group",
    "aws_alb_target_group_attachment": "lb_target_group_attachment",
    "huaweicloud_rds_account": "rds_mysql_account",
    "huaweicloud_rds_database": "rds_mysql_database",
}
"""Types that are documented under their other name."""


@every_file
def test_every_row_has_the_address_of_its_own_documentation(path: Path) -> None:
    for kind, row in rows(path).items():
        assert kind.startswith(f"{path.stem}_")
        assert row["docs"].startswith("https://registry.terraform.io/providers/")
        name = NAMES_OF_PAGES.get(kind, kind.removeprefix(path.stem + "_"))
        assert re.search(rf"/(latest|[0-9.]+)/docs/resources/({path.stem}_)?{name}$", row["docs"])


@every_file
def test_every_row_compiles_and_gives_lists_of_a_description(path: Path) -> None:
    for kind, written in rows(path).items():
        row = tables.row_of(kind)
        assert (row is None) == ("tells" in written)
        for give in row.gives if row else ():
            assert give.list in EVERY_LIST
            assert (give.list in {"sites", "domains"}) == (give.names is not None), kind
            assert give.names is None or give.of is None


@every_file
def test_every_constant_and_meaning_is_a_value_of_the_description(path: Path) -> None:
    kinds = {
        "kind": {
            "leased_line",
            "cloud_network",
            "cdn",
            "database",
            "cache",
            "object_store",
            "files",
            "warehouse",
        },
        "mode": {"leased"},
        "role": {"edge", "internal"},
    }
    for row in rows(path).values():
        for give in row.get("gives", ()):
            for name, form in give.get("facts", {}).items():
                # What is copied as a kind of store is one.
                values = form.get("values", {}).values() if isinstance(form, dict) else [form]
                if name in kinds:
                    assert {*values} <= kinds[name]


@pytest.mark.parametrize("name", NAMES)
def test_the_form_of_zones_gives_regions(name: str) -> None:
    table = tables.table(name)
    assert table is not None
    ends = {"tencentcloud": "-3", "huaweicloud": "a", "aws": "a"}
    for provider, region in REGIONS:
        if provider == name:
            assert table.region_of(region + ends.get(name, "-h")) == region


def test_a_zone_of_a_region_of_finance_has_no_dash() -> None:
    alicloud = tables.table("alicloud")
    assert alicloud is not None
    assert alicloud.region_of("cn-shanghai-finance-1a") == "cn-shanghai-finance-1"
    assert alicloud.region_of("cn-hangzhou-finance-b") == "cn-hangzhou-finance"


@pytest.mark.parametrize(
    ("kind", "relevant"),
    [
        ("alicloud_nas_server", True),
        ("azurerm_storage_account", True),
        ("google_compute_instance", True),
        ("alicloud_kms_key", False),
        ("alicloud_instance", False),
        ("alicloud_ram_role", False),
        ("random_password", False),
        ("aws_iam_instance_profile", False),
        ("aws_db_parameter_group", False),
        ("tls_private_key", False),
        ("archive_file", False),
        ("time_sleep", False),
        ("local_file", False),
        ("tls", False),
        ("", False),
        # What a table leaves out may be anything, unless its family tells nothing.
        ("alicloud_no_such_thing", True),
        ("aws_batch_job_definition", True),
        ("alicloud_vpc", False),
        ("huaweicloud_networking_secgroup", False),
        ("tencentcloud_cam_service_linked_role", False),
        ("alicloud_image_copy", False),
        ("alicloud_vpcx", True),
        # Providers without a table.
        ("ctyun_no_such_thing", True),
        ("ctyun_vpc", False),
        ("datadog_no_such_thing", False),
        ("ctyun_ecs", True),
        ("ctyun_ccse_node_pool", True),
        ("ctyun_keypair", False),
        ("baiducloud_bos_bucket", True),
        ("baiducloud_blb", True),
        ("ksyun_krds", True),
        ("ksyun_bws", True),
        ("jdcloud_rds_instance", True),
        ("ucloud_us3_bucket", True),
        ("ucloud_udpn_connection", True),
        ("volcenginecc_tls_topic", True),
        ("k8s_manifest", True),
        ("dnsimple_zone_record", True),
        ("tencentcloud_kubernetes_scale_worker", True),
        ("tencentcloud_kubernetes_addon", False),
        ("baiducloud_csn", True),
        ("argocd_application", True),
        ("azuread_application", False),
        # What is a store itself, and what only lies in one.
        ("ibm_database", True),
        ("aws_lightsail_database", True),
        ("cloudflare_d1_database", True),
        ("google_firestore_database", True),
        ("alicloud_db_database", False),
        ("volcengine_rds_mysql_database", False),
        ("azurerm_postgresql_flexible_server_database", False),
        ("azurerm_mssql_database", True),
        # What many a configuration has, and no provision asks about.
        ("kubernetes_namespace_v1", False),
        ("kubernetes_secret", False),
        ("kubernetes_cluster_role_binding_v1", False),
        ("azurerm_eventhub_namespace", True),
        ("aws_acm_certificate_validation", False),
        ("aws_main_route_table_association", False),
        ("alicloud_snat_entry", False),
        ("azurerm_resource_group", False),
        ("google_project_service", False),
        ("alicloud_log_alert", False),
        ("openstack_compute_instance_v2", True),
        ("mysql_database", False),
        ("aws_eks_access_entry", False),
        ("aws_default_vpc", False),
        ("aws_sns_topic", False),
        ("aws_wafv2_ip_set", False),
        ("alicloud_ga_ip_set", True),
        ("alicloud_fc_alias", False),
        ("tencentcloud_dnspod_domain_alias", True),
        ("alicloud_pvtz_zone_attachment", False),
        ("alicloud_dbs_backup_plan", True),
        ("alicloud_alikafka_topic", False),
        ("huaweicloud_lts_host_group", False),
        ("azurerm_role_assignment", False),
        ("azurerm_virtual_network", False),
        ("azurerm_virtual_network_peering", True),
        ("azurerm_private_dns_zone_virtual_network_link", False),
        # Where logs go, and how long they are kept there.
        ("azurerm_monitor_diagnostic_setting", True),
        ("elasticsearch_index_lifecycle_policy", True),
        ("opensearch_ism_policy", True),
        ("aws_ecr_lifecycle_policy", False),
        ("alicloud_sls_collection_policy", True),
        ("huaweicloud_dds_audit_log_policy", True),
        ("azurerm_mssql_server_extended_auditing_policy", True),
        ("alicloud_vpc_peer_connection", True),
        ("tencentcloud_vpc_peer_connect_manager", True),
        ("megaport_vxc", True),
        ("graylog_index_set", True),
        # Providers that are one product, or run what they are given.
        ("akamai_property", True),
        ("fastly_service_vcl", True),
        ("neon_project", True),
        ("nomad_job", True),
        ("kustomization_resource", True),
        ("docker_service", True),
        ("docker_image", False),
        ("gitlab_pages_domain", True),
        ("gitlab_project", False),
        ("heroku_addon", True),
    ],
)
def test_types_that_should_have_a_row(kind: str, relevant: bool) -> None:
    assert bool(tables.lists_of(kind)) is relevant


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("libvirt_domain", "servers"),
        ("cloudflare_workers_route", "sites"),
        ("elasticstack_elasticsearch_index_lifecycle", "log_stores"),
        ("alicloud_mongodb_audit_policy", "log_stores"),
        ("argocd_application", "sites"),
        ("aws_kinesis_firehose_delivery_stream", "log_stores"),
        ("azurerm_linux_web_app", "servers"),
    ],
)
def test_a_type_may_be_of_more_lists_than_one(kind: str, name: str) -> None:
    assert name in tables.lists_of(kind)


def test_a_table_that_is_not_valid_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = FILES[0].read_text("utf-8")
    broken = re.sub("^    gives:$", "    givse:", text, count=1, flags=re.MULTILINE)
    (tmp_path / "broken.yaml").write_text(broken, "utf-8")
    monkeypatch.setattr(tables, "FOLDER", tmp_path)
    tables._names.cache_clear()
    try:
        with pytest.raises(InputError, match="givse"):
            tables.table("broken")
    finally:
        tables._names.cache_clear()
