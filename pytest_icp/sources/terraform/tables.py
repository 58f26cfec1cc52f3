"""The tables of the providers (映射表): one YAML file each, validated and cached.

Their rows are compiled to functions that read resources of a type: conditions on attributes, which
are true, false or not known (None), facts, hosts and domains.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, TypeAlias

from msgspec.structs import replace

from pytest_icp.facts.derived import Status
from pytest_icp.facts.files.json import embedded
from pytest_icp.facts.files.schema import check
from pytest_icp.facts.files.source import read_source
from pytest_icp.law.condition import all_of
from pytest_icp.law.domains import host_of
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.text import Text
from pytest_icp.sources.databases import store_of
from pytest_icp.sources.hosts import is_private
from pytest_icp.sources.terraform.resource import (
    ARROW,
    ATTACHED,
    FINAL,
    OWN,
    AttributeValues,
    Condition,
    Expires,
    FactReader,
    FactValue,
    Give,
    Graph,
    Hides,
    NameReader,
    Names,
    Origin,
    Provider,
    Regions,
    Resource,
    Row,
    head,
    reader,
)

_Test: TypeAlias = "Callable[[AttributeValues], bool | None]"

_DEFAULT = Status.DEFAULT
PUBLIC = "public"
"""The key for the condition that the resource has a public endpoint."""


def condition(written: Mapping[str, Any]) -> Condition:
    """Compile a mapping of attributes to tests, all of which must pass."""
    parts = [_public(test) if path == PUBLIC else _on(path, test) for path, test in written.items()]

    def every(graph: Graph, resource: Resource) -> bool | None:
        return all_of([part(graph, resource) for part in parts])

    return parts[0] if len(parts) == 1 else every


def _public(wanted: Any) -> Condition:
    def matches(graph: Graph, resource: Resource) -> bool | None:
        found = graph.is_public(resource)
        return None if found is None else found is bool(wanted)

    return matches


def word(value: Json) -> str:
    """Return a value as tables write it (true, 1, internet), in lower case."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value.casefold()
    return str(value) if isinstance(value, int) else json.dumps(value)


def _on(path: str, written: Any) -> Condition:
    read = reader(path)
    rule: Mapping[str, Any] = written if isinstance(written, dict) else {"in": written}
    unset: bool | None = rule.get("unset")
    (test,) = (_TESTS[name](value) for name, value in rule.items() if name in _TESTS)

    def matches(graph: Graph, resource: Resource) -> bool | None:
        reading = read(graph, resource)
        if unset is not None and reading.status is _DEFAULT:
            return unset
        return test(reading)

    return matches


def _any(holds: Callable[[Json], bool]) -> _Test:
    """Return the test whether a value holds; one that is known only in part may."""

    def test(reading: AttributeValues) -> bool | None:
        if any(map(holds, reading.values)):
            return True
        return False if reading.values and not reading.partly else None

    return test


def _in(written: Any) -> _Test:
    wanted = {word(value) for value in (written if isinstance(written, list) else [written])}
    return _any(lambda value: word(value) in wanted)


def _except(written: Any) -> _Test:
    within = _in(written)

    def test(reading: AttributeValues) -> bool | None:
        found = within(reading)
        if found is not None:
            return not found
        # What is set may be any of these; what is not set, or not told, is none.
        is_set = reading.values or reading.written is not False
        return None if is_set or reading.status is Status.SENSITIVE else True

    return test


def _set(written: Any) -> _Test:
    def test(reading: AttributeValues) -> bool | None:
        if reading.unset or (reading.lacking and not written):
            return not written
        if reading.status is Status.DEFAULT:
            # The code does not set it, but the cloud does, or a block that is made from a value.
            return False if written else None
        if reading.written or any(value not in ("", False) for value in reading.values):
            return bool(written)
        return not written if reading.values else None

    return test


def _over(written: Any) -> _Test:
    def test(reading: AttributeValues) -> bool | None:
        numbers = [number for value in reading.values if (number := _number(value)) is not None]
        if True in [number > written for number in numbers]:
            return True
        return False if numbers and not reading.partly else None

    return test


def _number(value: Json) -> float | None:
    try:
        return float(value) if isinstance(value, (int, float, str)) else None
    except ValueError:
        return None


def _contains(written: Any) -> _Test:
    wanted = set(written)
    return _any(lambda value: any(part.strip() in wanted for part in str(value).split(",")))


def _grants(_written: Any) -> _Test:
    def test(reading: AttributeValues) -> bool | None:
        verdicts = {grants_everyone(value) for value in reading.values}
        if True in verdicts:
            return True
        return False if verdicts == {False} and not reading.partly else None

    return test


def grants_everyone(policy: Json) -> bool | None:
    """Whether a bucket policy, as JSON text, grants access to everyone without a condition."""
    document = embedded(policy) if isinstance(policy, str) else policy
    if not isinstance(document, dict):
        return None
    lowered = {str(key).casefold(): value for key, value in document.items()}
    statements = lowered.get("statement")
    listed = statements if isinstance(statements, list) else [statements]
    return any(_opens(statement) for statement in listed if isinstance(statement, dict))


def _opens(statement: Mapping[str, Any]) -> bool:
    parts = {str(key).casefold(): value for key, value in statement.items()}
    allowed = str(parts.get("effect")).casefold() == "allow" and not parts.get("condition")
    return allowed and any(_everyone(name) for name in _principals(parts.get("principal")))


def _principals(principal: Any) -> Iterable[str]:
    if isinstance(principal, dict):
        principal = [name for value in principal.values() for name in _principals(value)]
    return [str(name) for name in (principal if isinstance(principal, list) else [principal])]


def _everyone(name: str) -> bool:
    return name == "*" or name.endswith("cam::anyone:anyone")


def _stores(written: Any) -> _Test:
    return _any(lambda image: (store_of(image) is not None) is written)


def _like(pattern: Any) -> _Test:
    search = re.compile(pattern, re.IGNORECASE).search
    return _any(lambda value: search(word(value)) is not None)


_TESTS: Mapping[str, Callable[[Any], _Test]] = {
    "in": _in,
    "except": _except,
    "set": _set,
    "over": _over,
    "holds": _contains,
    "grants": _grants,
    "stores": _stores,
    "like": _like,
}


_APEX = {"@", ""}


def names_of(written: Any) -> NameReader:
    """Compile a reader of names: from an attribute, or from a label and the first known zone.

    ``whole``: where no zone is known, a label with a dot is a host.
    """
    if isinstance(written, str):
        read = reader(written)
        return lambda graph, resource: _named(read(graph, resource), str)
    read_zones = [reader(path) for path in _zones_in(written)]
    read_label, whole = reader(written["label"]), written.get("whole", False)

    def names(graph: Graph, resource: Resource) -> Names:
        label = read_label(graph, resource)
        zones = [read_zone(graph, resource) for read_zone in read_zones]
        zone = next((one for one in zones if one.values), zones[0])
        apexes = [name.strip(".") for name in zone.values if isinstance(name, str)]
        if len(apexes) != 1:
            # A label alone is not a host; a name with a dot at the end is.
            ended = all(whole or str(name).endswith(".") for name in label.values)
            complete = ended and bool(label.values)
            told = Names((), zone.path, zone.status, zone.silence)
            return _named(label, str) if complete else told
        if label.unset:
            label = replace(label, values=("@",), status=zone.status)
        return _named(label, lambda name: _joined(name, apexes[0]))

    return names


def paths_of_names(written: Any) -> set[str]:
    """Return the paths that names are read from."""
    return {written} if isinstance(written, str) else {written["label"], *_zones_in(written)}


def _zones_in(written: Any) -> list[str]:
    zones = written["zone"]
    return [zones] if isinstance(zones, str) else list(zones)


def _joined(label: str, zone: str) -> str:
    bare = label.rstrip(".")
    if bare in _APEX:
        return zone
    inside = bare == zone or bare.endswith(f".{zone}")
    return bare if inside else f"{bare}.{zone}"


def _named(reading: AttributeValues, complete: Callable[[str], str]) -> Names:
    found: dict[str, None] = {}
    silent = reading.partly or (not reading.values and reading.status is not Status.DEFAULT)
    why = reading.silence if silent else None
    for value in reading.values:
        name = host(complete(value)) if isinstance(value, str) else None
        if name is None:
            why = why or Status.NOT_TOLD
        elif public_address(name) is None:
            found[name] = None
    return Names(tuple(found), reading.path, reading.status, why)


def host(name: Json) -> str | None:
    """Return a host in normal form; None if it is not a host name of several labels."""
    if not isinstance(name, str):
        return None
    # A name that begins with a dot means every name under it.
    written = f"*{name}" if name.startswith(".") else name
    found = host_of(written.rstrip("."))
    return found if found and ("." in found or ":" in found) else None


def public_address(text: str) -> bool | None:
    """Whether an IP address is public, as in zone files; None if it is not an IP address."""
    try:
        return not is_private(text)
    except ValueError:
        return None


def is_site(name: str) -> bool:
    """Whether a host may be a site: names with an underscore are for other purposes."""
    return not name.startswith("_") and "._" not in name


_KNOWN = Status.KNOWN

FACTS: Mapping[str, Mapping[str, Any]] = {
    "servers": {"location": {"of": "region"}, "provider": {"of": "operator"}},
    "network_links": {"provider": {"of": "operator"}},
    "data_stores": {"location": {"of": "region"}},
}
"""Facts of every element of a list: its location, and who runs it."""


def fact(form: Any) -> FactReader:
    """Compile one form: a constant, or a mapping with the source of the value."""
    if not isinstance(form, dict):
        return _constant(form)
    if "of" in form:
        return _location if form["of"] == "region" else _operator
    if "first" in form:
        made = _first([fact(other) for other in form["first"]])
    elif "map" in form:
        made = _mapped(form)
    elif "copy" in form:
        made = _copied(form)
    else:
        made = _constant(form["constant"])
    return _when(form["when"], made) if "when" in form else made


def paths_in(form: Any) -> set[str]:
    """Return the paths that a form reads."""
    if not isinstance(form, dict):
        return set()
    found = {form[key] for key in ("copy", "map") if key in form} | set(form.get("when", ()))
    return found.union(*(paths_in(other) for other in form.get("first", ())))


def location(region: str | None, resource: Resource) -> Json:
    """Return the address (放置地) of a cloud region, if it is known."""
    return None if region is None else resource.row.provider.location_of(region)


def _constant(value: Json) -> FactReader:
    status = _KNOWN if value is not None else Status.NOT_TOLD

    def made(_graph: Graph, _regions: Regions, resource: Resource) -> FactValue:
        return FactValue(value, Origin(resource, "", status))

    return made


def _first(forms: list[FactReader]) -> FactReader:
    """Compile forms to the first value that is known or may be set, or else to the first."""

    def made(graph: Graph, regions: Regions, resource: Resource) -> FactValue:
        result = [form(graph, regions, resource) for form in forms]
        told = (other for other in result if other.value is not None or other.written is not False)
        return next(told, result[0])

    return made


def _location(_graph: Graph, regions: Regions, resource: Resource) -> FactValue:
    region, origin = regions.of(resource)
    return FactValue(location(region, resource), origin)


def _operator(_graph: Graph, regions: Regions, resource: Resource) -> FactValue:
    region, origin = regions.of(resource)
    name = resource.row.provider.operator_in(region)
    if name is None:
        waits = origin.status in {Status.AFTER_APPLY, Status.SENSITIVE}
        why = origin if waits else replace(origin, status=Status.NOT_TOLD)
        return FactValue(None, why)
    return FactValue({"name": name}, Origin(resource))


def _when(written: Mapping[str, Any], made: FactReader) -> FactReader:
    matches = condition(written)
    readers = [reader(path) for path in written if path != PUBLIC]

    def conditional(graph: Graph, regions: Regions, resource: Resource) -> FactValue:
        readings = [read(graph, resource) for read in readers]
        attribute = readings[0].path if readings else ""
        verdict = matches(graph, resource)
        if verdict:
            result = made(graph, regions, resource)
            lacking = next((one for one in readings if one.lacking), None)
            if lacking is not None and result.value is True:
                # What one block says is not true of all of them.
                return FactValue(None, Origin(resource, lacking.path, Status.NOT_TOLD))
            if result.origin.attribute:
                return result
            return replace(result, origin=replace(result.origin, attribute=attribute))
        open_ = (one for one in readings if one.silence is not Status.NOT_TOLD)
        why = next(open_, None) if verdict is None else next(iter(readings), None)
        status = why.silence if why else Status.NOT_TOLD
        return FactValue(None, Origin(resource, why.path if why else attribute, status))

    return conditional


def _mapped(form: Mapping[str, Any]) -> FactReader:
    read = reader(form["map"])
    values = {name.casefold(): value for name, value in form["values"].items()}

    def made(graph: Graph, _regions: Regions, resource: Resource) -> FactValue:
        reading = read(graph, resource)
        origin = Origin(resource, reading.path, reading.status)
        if reading.unset and "unset" in form:
            return FactValue(form["unset"], replace(origin, status=Status.KNOWN))
        found: list[Json] = []
        for value in reading.values:
            meaning = values.get(word(value))
            if meaning not in found:
                found.append(meaning)
        # Where one of several blocks says no, it is no; that one says yes is not true of all.
        unsaid = reading.lacking and found[0] is not False
        if len(found) != 1 or reading.partly or unsaid or found[0] is None:
            return FactValue(None, replace(origin, status=reading.silence), reading.written)
        return FactValue(found[0], origin)

    return made


def _copied(form: Mapping[str, Any]) -> FactReader:
    read = reader(form["copy"])
    several = form.get("list", False)
    values = {name.casefold(): value for name, value in form.get("values", {}).items()}
    type_ = _TYPES[form.get("as", "text")]

    def made(graph: Graph, _regions: Regions, resource: Resource) -> FactValue:
        reading = read(graph, resource)
        origin = Origin(resource, reading.path, reading.status)
        found = [values.get(word(value), type_(value)) for value in reading.values]
        known = [value for value in found if value is not None]
        if several:
            # Such lists contain addresses, which the cloud assigns.
            assigned = replace(origin, status=Status.AFTER_APPLY)
            return FactValue(known or None, origin if known else assigned)
        if len(known) != 1 or reading.partly:
            if reading.unset and "unset" in form:
                return FactValue(form["unset"], replace(origin, status=Status.KNOWN))
            return FactValue(None, replace(origin, status=reading.silence), reading.written)
        return FactValue(known[0], origin)

    return made


def _text(value: Json) -> Json:
    return value if isinstance(value, str) and value else None


_DIGITS = 18
"""The most digits of a number that stands in a text."""


def whole(value: Json) -> Json:
    """Return a whole number above zero, also of a text; None if it is none."""
    if isinstance(value, str) and value.isdecimal():
        return int(value) if len(value) <= _DIGITS else None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return int(value) if value > 0 and value == value // 1 else None


def _days(value: Json) -> Json:
    number = whole(value)
    return None if number is None else {"days": number}


_TYPES: Mapping[str, Callable[[Json], Json]] = {
    "text": _text,
    "days": _days,
    "host": host,
    "store": store_of,
}


def provider(name: str, table: Mapping[str, Any]) -> Provider:
    """Return the provider of a table."""
    operator = table.get("operator", {})
    paths = {path for row in table["resources"].values() for path in paths_of(row)}
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


TAGS = "tags"
"""The attribute in which every provider has what people call a resource beside its name."""
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
    declared = public is not None or "publishes" in written
    return Row(
        type=kind,
        provider=owner,
        attributes=frozenset(map(head, paths_of(written))) | owner.shared | {TAGS},
        identity=("id", *lists["identity"]),
        regions=(*lists["region"], *owner.regions),
        zones=(*lists["zone"], *owner.zones),
        subnets=lists["subnet"],
        leads=lists["leads"],
        joins=joins,
        publishes=written.get("publishes"),
        public=condition(public or {}) if declared else lambda *_: None,
        decides=public is not None,
        gives=tuple(_give(give) for give in written.get("gives", ())),
        expires=_expires(written["expires"]) if "expires" in written else None,
        hides=tuple(_hides(one, written["reason"]) for one in written.get("hides", ())),
    )


def _hides(written: Mapping[str, Any], reason: Mapping[str, str]) -> Hides:
    return Hides(frozenset(written["lists"]), condition(written.get("when", {})), Text(**reason))


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
        rank=rank,
        unless=tuple(written.get("unless", {}).items()),
        facts=tuple((name, fact(form)) for name, form in facts.items()),
        **{name: written[name] for name in (*_READ, "below") if name in written},
    )


def paths_of(written: Mapping[str, Any]) -> set[str]:
    """Return all paths that a row reads."""
    found = {"id", *(path for name in _LISTS for path in written.get(name, ()))}
    found |= {path for join in written.get("joins", ()) for path in join.values()}
    found |= {written["publishes"]} if "publishes" in written else set()
    found |= set(written.get("public", ()))
    found |= {path for hides in written.get("hides", ()) for path in hides.get("when", ())}
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
    " mysql pkcs12 postgresql random template terraform time tls utils validation".split()
)
"""The providers whose types certainly tell nothing: of files, texts, people and their code, and of
what is inside a database.
"""

_CLOUDS = frozenset(
    "azurerm azapi baiducloud ctyun digitalocean ecloud google ibm jdcloud ksyun linode oci"
    " openstack qingcloud ucloud volcenginecc vultr yandex".split()
)
"""Clouds without a table: a type of theirs may be anything that one of a table may be."""

_EVERYWHERE = frozenset({"domains", "network_links", "servers", "sites"})
_HOSTS = {
    name: lists
    for lists, names in {
        # Delivery networks and pages.
        _EVERYWHERE: (
            "akamai apisix edgenext fastly kong netlify ngrok qiniu upyun vercel wangsu "
            "auth0_custom_domain github_repository_pages gitlab_pages_domain okta_domain"
        ),
        # What runs what one gives it: machines, programs, manifests.
        _EVERYWHERE | {"data_stores"}: (
            "ansible argocd_application avi bigip citrixadc coolify docker_service esxi flux fly "
            "harvester heroku heroku_addon k8s konnect koyeb kustomization libvirt nomad portainer "
            "railway rancher2_app_v2 render"
        ),
        frozenset({"data_stores", "network_links", "servers"}): (
            "equinix latitudesh megaport metal packet phoenixnap proxmox spotinst"
        ),
        # Data, and logs among them.
        frozenset({"data_stores"}): (
            "aiven astra astradb clickhouse mongodbatlas neon planetscale rediscloud "
            "singlestoredb snowflake supabase tidbcloud upstash azurerm_mssql_database"
        ),
        frozenset({"data_stores", "log_stores"}): (
            "elasticsearch elasticstack graylog_index_set logtail opensearch splunk sumologic"
        ),
    }.items()
    for name in names.split()
}
"""Other providers, and types, that may be of these lists, whatever their names say."""

_WORDS = {
    # Names: domains, records, sites, delivery networks.
    frozenset({"domains", "sites"}): (
        "amplify apis? apigw apigateway apps? live vod video streams? streaming "
        "dns alidns dnspod route53 pdns domains? zones? records? recordset hosting sites? "
        "website webapp web_app cdn cdn2 dcdn cloudfront esa teo frontdoor pages tunnel "
        "custom_hostname workers?_route"
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
        "workload droplet sae edas ebm web_app"
    ),
    # Lines between networks.
    frozenset({"network_links"}): (
        "express_connect direct_connect directconnect dx dcx? dcgw cen ccn cbn cloud_connect "
        "transit_router er ec csn sag smartag vpn vpnaas udpn expressroute interconnect peering "
        "peer_connect(?:ion)? et physical_connection virtual_border dedicated_line leased_line"
    ),
    # Data.
    frozenset({"data_stores"}): (
        "buckets? oss obs cos tos s3 us3 ufile bos ks3 zos oos storage volumes? disks? udisk "
        "ebs cds evs cbs nas cfs sfs efs ufs kfs file_system filesystem fileset fsx hpfs "
        "turbofs goosefs chdfs databases? dbaas db udb rds krds mysql mariadb postgres postgresql "
        "sqlserver polardb cynosdb tdsql dcdb tidb gaussdb taurusdb redis redisdb "
        "krediscluster kcs scs umem tair kvstore memcached? mongodb dds dcs cosmosdb dynamodb "
        "elasticache memorydb elasticsearch opensearch es clickhouse hbase lindorm tablestore "
        "ots warehouse redshift bigquery gpdb adb kafka ckafka dms"
    ),
    # Logs.
    frozenset({"log_stores"}): (
        "logs? logset logging lts cls sls tls trails? audit auditing cloudtrail actiontrail cts "
        "flow_log diagnostic_setting application_insights firehose_delivery_stream"
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
    "key_pair|members?|permissions?|(?<!ism_)(?<!index_lifecycle_)"
    r"(?<!collection_)(?<!audit_)(?<!audit_log_)(?<!auditing_)policy|policy_attachment|privileges?|role|"
    "role_attachment|role_binding|secret|secret_version|security_group|security_group_rule|"
    "service_account|user|users|whitelist|white_list|access_entry|assigned_identity|ip_?group|(?<=waf_)ipset|(?<=wafv2_)ip_set|"
    "key_pair_attachment|prefix_list|role_assignment|role_definition|(?:sg|security_group)_attachment|"
    # How it is set, watched and kept safe: what it is about is a resource of its own.
    "addon|alarm|alert|backup|backup_policy|certificate|certificate_validation|cors|dashboard|"
    "[a-z]*(?:db|rds|sql|server|pg|opengauss)_database|health_check|(?<=^kubernetes_)namespace|"
    "option_group|parameter_?group|parameters?|referer|snapshot|subnet_group|tags?|template|versioning|"
    "(?<!domain_)alias|availability_set|(?<!dbs_)backup_plan|backup_selection|concurrency_config|event_source_mapping|inventory|"
    "(?:host|machine)_group|[a-z]*(?:kafka|mq)_(?:consumer_group|topic)|layer|layer_version|lifecycle_hook|"
    "metric|notifications?|ptrrecord|schedule|(?:as|autoscaling)_attachment|state_machine|"
    # The ways out, and what joins networks; nothing is served through them.
    "eni|eni_attachment|ha_?vip|(?:nat_private|private_dns|private_zone|privatelink|pvtz|vpcep)_\\w{1,60}+|"
    "network_interface_attach(?:ment)?|networking_(?:port|vip)|private_endpoint|virtual_network|"
    "network_interface|origin_access_control|origin_access_identity|route_table_association|"
    "snat|snat_entry"
    # Kubernetes and OpenStack count the versions of a type.
    r")(?:_v\d)?$"
)
"""Ends of types that certainly tell nothing (与规定无关), and why."""
_FAMILIES = re.compile(
    "(?:"
    # Who may do what, and the keys for it.
    "iam|ram|cam|identity|idaas|sso|kms|kps|"
    # Networks as such, and what may pass in them.
    "vpc|vswitch|subnets?|networking_secgroup|network_acl|route|route_table|security_groups?|prefix_list|"
    "default_(?:subnet|vpc)|vpc_dhcp_options|dhcp_options|placement_group|cloud_firewall_address_book|"
    # What is watched, what it costs, and who it is of.
    "cms|ces|monitor|cloudmonitor|cloudwatch|budgets|billing|cost|organizations|resource_manager|"
    "config|guardduty|inspector2|securityhub|shield|sns|smn|ssm|xray|enterprise_project|policy|"
    "codebuild|codecommit|codedeploy|codepipeline|resource_group|project_service|isolation_group|resourcegroups|tags?|tms|quotas|servicequotas|"
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
    if kind in _HOSTS:
        return _HOSTS[kind]
    if name in _SILENT or _ASIDE.search(kind) or (of_provider and kind in of_provider.rows):
        return frozenset()
    told = chain(*(lists for lists, words in _RELEVANT.items() if words.search(rest)))
    found = _HOSTS.get(name, frozenset()).union(told)
    if found or _FAMILIES.match(rest) or not (of_provider or name in _CLOUDS):
        return found
    return frozenset(chain(*_RELEVANT))


def lists_changed_by(kind: str) -> frozenset[str]:
    """Return the lists that one more resource of a type may add to, or change."""
    row = row_of(kind)
    return row.lists if row else lists_of(kind)
