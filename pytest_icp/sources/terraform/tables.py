"""The tables of the providers (映射表): one YAML file each, validated and cached.

Their rows are compiled to functions that read resources of a type.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_icp.facts.files.schema import check
from pytest_icp.facts.files.source import read_source
from pytest_icp.law.text import Text
from pytest_icp.sources.terraform.conditions import condition, undecided, word
from pytest_icp.sources.terraform.facts import FACTS, fact, names_of, paths_in, paths_of_names
from pytest_icp.sources.terraform.resource import (
    ARROW,
    ATTACHED,
    FINAL,
    OWN,
    Expires,
    Give,
    Hides,
    Provider,
    Row,
    head,
)

if TYPE_CHECKING:
    from pytest_icp.sources.terraform.resource import Condition


def provider(name: str, table: Mapping[str, Any]) -> Provider:
    """Return the provider of a table."""
    operator = table.get("operator", {})
    paths = {path for row in table["resources"].values() for path in _paths(row)}
    shared = {head(path.partition(ARROW)[2]) for path in paths if ARROW in path}
    gives = [give for row in table["resources"].values() for give in row.get("gives", ())]
    shared |= {head(path) for give in gives for path in give.get("unless", {}).values()}
    regions, zones = tuple(table.get("region", ())), tuple(table.get("zones", ()))
    return Provider(
        name=name,
        rows=table["resources"],
        zone=re.compile(table.get("zone", _NO_ZONE)),
        operator=operator.get("name"),
        operators=operator.get("by_region", {}),
        regions=regions,
        zones=zones,
        shared=frozenset(shared.union(regions, zones)),
    )


_NO_ZONE = "(?!)"
_READ = ("of", "kept_in", "prefix", "address", "without")
_LISTS = ("identity", "region", "zone", "subnet", "leads")


@cache
def compiled(owner: Provider, kind: str) -> Row | None:
    """Return the row of a type; None if it is not mapped or gives no facts."""
    written: Any = owner.rows.get(kind)
    if written is None or "tells" in written:
        return None
    lists = {name: tuple(written.get(name, ())) for name in _LISTS}
    joins = tuple((join["from"], join.get("to", "")) for join in written.get("joins", ()))
    public = written.get("public")
    return Row(
        type=kind,
        provider=owner,
        attributes=frozenset(map(head, _paths(written))) | owner.shared,
        identity=("id", *lists["identity"]),
        regions=(*lists["region"], *owner.regions),
        zones=(*lists["zone"], *owner.zones),
        subnets=lists["subnet"],
        leads=lists["leads"],
        joins=joins,
        publishes=written.get("publishes"),
        public=_publicity(public, publishes="publishes" in written),
        decides=public is not None,
        gives=tuple(_give(give) for give in written.get("gives", ())),
        expires=_expires(written["expires"]) if "expires" in written else None,
        hides=_hides(written["hides"], written["reason"]) if "hides" in written else None,
    )


def _hides(written: Mapping[str, Any], reason: Mapping[str, str]) -> Hides:
    return Hides(
        lists=frozenset(written["lists"]),
        when=condition(written.get("when", {})),
        reason=Text(zh=reason["zh"], en=reason["en"]),
    )


def _expires(written: Mapping[str, Any]) -> Expires:
    active = written.get("active", {})
    lists = {name: tuple(written.get(name, ())) for name in ("prefix", "narrowed", "dates")}
    return Expires(
        of=written.get("of"),
        rules=written.get("rules"),
        active=tuple((path, frozenset(map(word, allowed))) for path, allowed in active.items()),
        days=written["days"],
        **lists,
    )


def _publicity(public: Mapping[str, Any] | None, *, publishes: bool) -> Condition:
    if public is None:
        return condition({}) if publishes else undecided
    return condition(public)


def _give(written: Mapping[str, Any]) -> Give:
    kind: str = written["list"]
    facts: dict[str, Any] = {} if "of" in written else dict(FACTS.get(kind, {}))
    facts |= written.get("facts", {})
    when = written.get("when")
    rank = OWN if "of" not in written else FINAL if written.get("final") else ATTACHED
    return Give(
        list=kind,
        when=condition(when) if when else None,
        names=names_of(written["name"]) if "name" in written else None,
        of=written.get("of"),
        kept_in=written.get("kept_in"),
        prefix=written.get("prefix"),
        below=written.get("below", ""),
        address=written.get("address"),
        rank=rank,
        unless=tuple(written.get("unless", {}).items()),
        without=written.get("without"),
        facts=tuple((name, fact(form)) for name, form in facts.items()),
    )


def _paths(written: Mapping[str, Any]) -> set[str]:
    """Return all paths that a row reads."""
    found = {"id", *(path for name in _LISTS for path in written.get(name, ()))}
    found |= {path for join in written.get("joins", ()) for path in join.values()}
    found |= {written["publishes"]} if "publishes" in written else set()
    found |= set(written.get("public", ()))
    found |= set(written.get("hides", {}).get("when", ()))
    expires = written.get("expires", {})
    found |= {expires[key] for key in ("of", "rules") if key in expires}
    if expires and "rules" not in expires:
        found |= {expires["days"], *expires.get("active", ())}
        found |= {
            path for name in ("prefix", "narrowed", "dates") for path in expires.get(name, ())
        }
    for give in written.get("gives", ()):
        found |= {give[key] for key in _READ if key in give}
        found |= set(give.get("when", ()))
        found |= paths_of_names(give["name"]) if "name" in give else set()
        for form in give.get("facts", {}).values():
            found |= paths_in(form)
    return found


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

_CLOUDS = frozenset(
    "azurerm azapi baiducloud ctyun digitalocean ecloud google ibm jdcloud ksyun linode oci"
    " openstack qingcloud ucloud volcenginecc vultr yandex".split()
)
"""Clouds without a table: a type of theirs may be anything that one of a table may be."""

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
_FAMILIES = re.compile(
    "(?:"
    # Who may do what, and the keys for it.
    "iam|ram|cam|identity|idaas|sso|kms|kps|"
    # Networks as such, and what may pass in them.
    "vpc|vswitch|subnets?|networking_secgroup|network_acl|route|route_table|security_groups?|prefix_list|"
    "vpc_dhcp_options|dhcp_options|placement_group|cloud_firewall_address_book|"
    # What is watched, what it costs, and who it is of.
    "cms|ces|monitor|cloudmonitor|cloudwatch|budgets|billing|cost|organizations|resource_manager|"
    "resourcegroups|tags?|tms|quotas|servicequotas|"
    # Images, which run nowhere by themselves.
    "images?|ami|cr|ecr|swr|tcr"
    ")(?=_|$)"
)
"""Families of types that tell nothing, where no word of a name says otherwise."""


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
    a table says tells nothing is of none; one of a cloud whose name says nothing may be of any.
    """
    name, _, rest = kind.partition("_")
    of_provider = table(name)
    if name in _SILENT or _ASIDE.search(kind) or (of_provider and kind in of_provider.rows):
        return frozenset()
    found = frozenset(chain(*(lists for lists, words in _RELEVANT.items() if words.search(rest))))
    if found or _FAMILIES.match(rest) or not (of_provider or name in _CLOUDS):
        return found
    return frozenset(chain(*_RELEVANT))
