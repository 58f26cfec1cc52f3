"""The tables of the providers (映射表): one YAML file each, validated."""

from __future__ import annotations

import re
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from pytest_icp.facts.files.schema import check
from pytest_icp.facts.files.source import read_source
from pytest_icp.sources.terraform.resource import Provider, Row
from pytest_icp.sources.terraform.rows import compiled, provider

FOLDER = Path(__file__).parent / "providers"


@cache
def table(name: str) -> Provider | None:
    """Return the table of a provider, by the last part of its address; None if there is none."""
    path = FOLDER / f"{name}.yaml"
    if name not in _names():
        return None
    return provider(name, read_table(path, "provider"))


def read_table(path: Path, schema: str) -> dict[str, Any]:
    """Return a table of the package, valid under a schema."""
    source = read_source(path)
    check(source, schema)
    return source.data  # type: ignore[return-value]  # the schema says that it is an object


@cache
def _names() -> frozenset[str]:
    return frozenset(path.stem for path in FOLDER.glob("*.yaml"))


_SILENT = frozenset(
    "archive assert auth0 azuread cloudinit external github gitlab http local null okta pagerduty"
    " pkcs12 random template terraform time tls utils validation".split()
)
"""The providers whose types certainly tell nothing: of files, texts, people and their code."""

_WORDS = {
    # Names: domains, records, sites, delivery networks.
    frozenset({"domains", "sites"}): (
        "amplify apis? apigw apigateway apps? live vod video streams? streaming "
        "dns alidns dnspod route53 pdns domains? zones? records? recordset hosting sites? "
        "website webapp web_app cdn cdn2 dcdn cloudfront esa teo frontdoor pages tunnel "
        "custom_hostname"
    ),
    # Ways in: load balancers, gateways, public addresses, protection.
    frozenset({"network_links", "sites"}): (
        "lb slb alb nlb elb clb blb appblb ulb gwlb vlb loadbalancers? balancers? listeners? "
        "gaap ga eips? eipv3 floatingip public_ip global_address bandwidth bwp bws gateway "
        "nat dnat forward_entry ingress proxy accelerator pullzone virtual_service httproute "
        "waf wafv2 ddos aad"
    ),
    # Machines, and what starts them.
    frozenset({"data_stores", "network_links", "servers"}): (
        "instances? servers? machines? vms? cvm bcc bbc epc ecs uhost uphost lighthouse "
        "lightsail compute nodes? nodegroup node_pool nodepool node_group pods? deployment "
        "statefulset daemonset manifest release autoscaling scaling scale_set launch_template "
        "launch_configuration containers? clusters? functions? lambda app_service apprunner "
        "fargate applications? app_engine beanstalk cloud_run fc_service kubernetes workers? "
        "workload droplet sae edas ebm"
    ),
    # Lines between networks.
    frozenset({"network_links"}): (
        "express_connect direct_connect directconnect dx dcx? dcgw cen ccn cbn cloud_connect "
        "transit_router er ec csn sag smartag vpn vpnaas udpn expressroute interconnect "
        "peering et physical_connection virtual_border dedicated_line leased_line"
    ),
    # Data.
    frozenset({"data_stores"}): (
        "buckets? oss obs cos tos s3 us3 ufile bos ks3 zos oos storage volumes? disks? udisk "
        "ebs cds evs cbs nas cfs sfs efs ufs kfs file_system filesystem fileset fsx hpfs "
        "turbofs goosefs chdfs databases? db udb rds krds mysql mariadb postgres postgresql "
        "sqlserver polardb cynosdb tdsql dcdb tidb gaussdb taurusdb redis redisdb "
        "krediscluster kcs scs umem tair kvstore memcached? mongodb dds dcs cosmosdb dynamodb "
        "elasticache memorydb elasticsearch opensearch es clickhouse hbase lindorm tablestore "
        "ots warehouse redshift bigquery gpdb adb kafka ckafka dms"
    ),
    # Logs.
    frozenset({"log_stores"}): (
        "logs? logset logging lts cls sls tls trail trails audit cloudtrail actiontrail cts "
        "flow_log"
    ),
}
"""Words of types that may tell something, by the lists that they may be of, of any provider."""
_RELEVANT = {
    lists: re.compile(f"(?:^|_)(?:{'|'.join(words.split())})(?=_|$)")
    for lists, words in _WORDS.items()
}

_ASIDE = re.compile(
    "_(?:"
    # Who may do what.
    "acl|acls|db_account|rds_account|account_password_policy|auth_attachment|grant|instance_profile|key|keypair|"
    "key_pair|members?|permissions?|policy|policy_attachment|privileges?|role|role_attachment|"
    "security_group|security_group_rule|user|users|whitelist|white_list|"
    # How it is set, watched and kept safe: what it is about is a resource of its own.
    "addon|alarm|backup|backup_policy|certificate|database|option_group|parameter_group|"
    "parameters?|snapshot|subnet_group|tags?|template|versioning"
    ")$"
)
"""Ends of types that certainly tell nothing (与规定无关), and why."""


@cache
def row_of(kind: str) -> Row | None:
    """Return the row of a type of resource; None if it is not mapped or gives no facts.

    The name of a type begins with the name of its provider.
    """
    of_provider = table(kind.partition("_")[0])
    return compiled(of_provider, kind) if of_provider else None


@cache
def lists_of(kind: str) -> frozenset[str]:
    """Return the lists that a type without a row may be of, by the words of its name.

    Of a provider without a table every word counts, also that of a product of its own. A type that
    a table says tells nothing is of none.
    """
    name, _, rest = kind.partition("_")
    of_provider = table(name)
    if name in _SILENT or _ASIDE.search(kind) or (of_provider and kind in of_provider.rows):
        return frozenset()
    return frozenset(chain(*(lists for lists, words in _RELEVANT.items() if words.search(rest))))
