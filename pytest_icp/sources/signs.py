"""How files are known by their names and their first bytes (识别): those of each kind of source.

So are those that no kind reads, although they say something that a description needs.
"""

from __future__ import annotations

import re

from msgspec import Struct

from pytest_icp.law.text import Text, plain
from pytest_icp.sources.kubernetes.routes import GIVES, LOGS
from pytest_icp.sources.kubernetes.unread import kinds_giving

_NEVER = r"(?!)"
_LOGS = "log-retention"
# What manifests are known by: the objects that tell something, and those that are beside them.
_OBJECTS = (
    *GIVES,
    *("IngressClass", "GatewayClass", "ConfigMap", "PersistentVolumeClaim", "List"),
    *("Deployment", "StatefulSet", "DaemonSet", "CronJob", "Job"),
)


class Sign(Struct, frozen=True):
    """Files with such a name and such a beginning are of a kind.

    ``name`` matches the whole name; the beginning contains each of ``marks``, and not ``unless``.
    """

    kind: str
    name: re.Pattern[str]
    marks: tuple[re.Pattern[str], ...]
    unless: re.Pattern[str]

    def is_on(self, name: str, beginning: str) -> bool:
        """Whether a file with a name and a beginning is of the kind."""
        if not self.name.fullmatch(name):
            return False
        marked = all(mark.search(beginning) for mark in self.marks)
        return marked and not self.unless.search(beginning)


def _sign(kind: str, name: str, *marks: str, unless: str = _NEVER) -> Sign:
    flags = re.MULTILINE
    patterns = tuple(re.compile(mark, flags) for mark in marks)
    return Sign(kind, re.compile(name, re.IGNORECASE), patterns, re.compile(unless, flags))


_ANSWER = (
    r'\A\s*+\{(?:\s*+"Response"\s*+:\s*+\{)?[^\[]{0,1000}'
    r'"(?:InstanceSet|LoadBalancerSet|AddressSet|DiskSet|RecordList|DomainList|DomainSet'
    r"|LoadBalancers|LoadBalancerDescriptions|Reservations|HostedZones|ResourceRecordSets|logGroups"
    r"|DBInstances|loadbalancers|publicips|recordsets|log_groups|log_streams|EipAddresses"
    r"|(?:Instances|LoadBalancers|EipAddresses|DomainRecords|Domains|Items|Disks|Buckets)"
    r'"\s*+:\s*+\{\s*+"(?:Instance|KVStoreInstance|LoadBalancer|EipAddress|Record|Domain|PageData'
    r'|DBInstance|DBCluster|Disk|Bucket))"\s*+:\s*+\['
    r'|"OS-EXT-AZ:availability_zone"\s*+:|\A\s*+\{\s*+"ResponseMetadata"\s*+:'
)
"""The lists that the answers of the clouds' tools begin with."""

SIGNS = (
    _sign(
        "terraform-plan",
        r"(?!.*\.(?:tf|tofu)\.json).*\.json",
        r'"(?:planned_values|resource_changes)"\s*:'
        r'|"configuration"\s*:\s*\{\s*"(?:provider_config|root_module)"'
        r'|"format_version"\s*:\s*"[01]\.[^{]{0,200}"variables"\s*:',
    ),
    _sign("terraform-state", r".*\.tfstate", r'"version"\s*:\s*4\b'),
    _sign("cloud-export", r".*\.json", _ANSWER),
    _sign("serverless", r"s(?:\.[\w.-]+)?\.ya?ml", r"^edition:", r"^(?:services|resources):"),
    _sign("serverless", r"serverless\.ya?ml", r"^[ ]*(?:provider|component):"),
    _sign("serverless", r"cloudbaserc\.json", r'"envId"\s*:'),
    _sign("compose", r"(?:docker-)?compose(?:[.-][\w.-]+)?\.ya?ml", r"^services:"),
    _sign(
        "kubernetes",
        r"(?!.*\.icp\.ya?ml).*\.ya?ml",
        r"^apiVersion:[ \t]*[\"']?(?!pytest-icp/)[\w./-]+",
        rf"^kind:[ \t]*[\"']?(?:{'|'.join(_OBJECTS)})\b",
        # A template is not a manifest until it is rendered.
        unless=r"\{\{",
    ),
    # The image of nginx fills in the variables of its templates.
    _sign("nginx", r".*\.conf(?:\.template)?|nginx\.conf.*", r"^[^\S\n]*+(?:server|http)\s*+\{"),
    _sign("apache", r".*\.(?:conf|vhost)", r"(?i:^[^\S\n]*+<VirtualHost\b)"),
    _sign(
        "apache",
        r"(?:httpd|apache2?)\.conf",
        r"(?i:^[^\S\n]*+(?:Listen|Include|IncludeOptional|ServerRoot)\b)",
    ),
    # An address or a snippet that opens a block, or a file without any.
    _sign("caddy", r"caddyfile(?:\..+)?|.*\.caddy(?:file)?", r"^[^\s#]"),
    _sign("caddy", r"(?:.*[._-])?caddy\.json", r'"apps"\s*+:'),
    _sign("html", r"(?:index|home|default)\.html?", r"(?i:<!doctype html|<html)"),
    _sign("zone", r".*\.(?:zone|hosts|db)|db\..*|.*\.zone\..*", r"\bSOA\b"),
    # What is for tests alone keeps no log.
    _sign(_LOGS, r"logback(?!-test).*\.xml|.*logback(?:-spring)?\.xml", r"FileAppender"),
    _sign(_LOGS, r"log4j2(?!-test).*\.(?:xml|properties|ya?ml|json)", r"(?i:RollingFile|<File\b)"),
    _sign(
        _LOGS,
        r"application(?!-test).*\.(?:ya?ml|properties)",
        r"^[^\S\n]*+[\w.-]{0,60}(?i:max-?history|accesslog)",
    ),
    _sign(
        _LOGS,
        r"logrotate\.d/.+|logrotate[\w.-]*\.conf|.*\.logrotate",
        r"^[^\S\n]*+(?:rotate[ \t=]++[-\d]|(?:dai|week|month|year)ly\s)",
    ),
    _sign(_LOGS, r".*\.json", r'"(?:phases|default_state)"\s*+:', r'"(?:actions|transitions)"'),
    _sign(_LOGS, r".*loki.*\.ya?ml", r"^(?:limits_config|schema_config|table_manager):"),
    _sign(_LOGS, r".*fluent.*\.conf", r"(?i:^\s*+log_retention_days\s)"),
    _sign(_LOGS, r".*filebeat.*\.ya?ml", r"^setup\.ilm", r"^output\.elasticsearch"),
)
"""The signs of all kinds; the first that a file bears tells its kind.

Registers are known by their headings (`register.files.recognised`), Terraform by its folder.
"""


class UnreadSign(Struct, frozen=True):
    """A sign of files that no kind of source reads, and what to do with them instead."""

    sign: Sign
    advice: Text


_SITES = Text(
    zh="{what} 配置不读取，其网站请在描述中手写，或者列入登记表（sites）",
    en="configurations of {what} are not read: declare their sites by hand or in a register "
    "(`sites`)",
)


_PYTHON = Text(zh="Python logging 的配置", en="the configuration of Python's `logging`")
_STORES = Text(
    zh="{what} 不读取，其日志库请在描述中手写，或者列入登记表（log_stores）",
    en="{what} is not read: declare its stores of logs by hand or in a register (`log_stores`)",
)


def _without_stores(what: Text, name: str, *marks: str) -> UnreadSign:
    return UnreadSign(_sign(_LOGS, name, *marks), _STORES.format(what=what))


_CHART = Text(zh="Helm 图表", en="a Helm chart")
_MANIFESTS = r".*\.ya?ml"
_RENDER = Text(
    zh="{what}不渲染：运行 {command}，把输出写为 kubernetes 类型的来源",
    en="{what} is not rendered here: name the output of `{command}` as a source of kind kubernetes",
)


def _rendered(what: Text, command: str, name: str, *marks: str) -> UnreadSign:
    sign = _sign("kubernetes", name, *marks)
    return UnreadSign(sign, _RENDER.format(what=what, command=command))


def _without_sites(what: str, name: str, *marks: str, unless: str = _NEVER) -> UnreadSign:
    return UnreadSign(_sign(what, name, *marks, unless=unless), _SITES.format(what=what))


UNREAD = (
    _without_sites(
        "HAProxy", r".*\.cfg", r"^(?:frontend|listen)[ \t]", r"^[ \t]++(?:bind|mode|server)[ \t]"
    ),
    _without_sites("Kong", r".*\.(?:ya?ml|json)", r"^[ \t{]*+[\"']?_format_version[\"']?[ \t]*+:"),
    _without_sites(
        "APISIX",
        r"(?:apisix|adc)(?:[._-].*)?\.ya?ml",
        r"^(?:routes|services|ssls|stream_routes):",
        unless=r"^(?:apiVersion|_format_version):",
    ),
    _without_sites(
        "APISIX", r".*\.ya?ml", r"^(?:routes|services|ssls|stream_routes):", r"^#END[ \t]*+$"
    ),
    _without_sites(
        "Traefik",
        r".*\.ya?ml",
        r"^(?:http|tcp):[ \t]*+(?:#[^\n]*+)?\n(?:[ \t]++[^\n]*+\n|\n|#[^\n]*+\n)*?[ \t]++routers:",
        unless=r"^(?:apiVersion|openapi):",
    ),
    _without_sites(
        "Traefik",
        r".*\.toml",
        r"^[ \t]*+\[(?:http|tcp)\.routers\b|^[ \t]*+\[frontends\]",
    ),
    _without_stores(
        Text(zh="Tomcat 的 server.xml", en="server.xml of Tomcat"), r"server\.xml", "AccessLogValve"
    ),
    _without_stores(
        Text(zh="Log4j 1 的配置", en="the configuration of Log4j 1"),
        r"log4j\.(?:xml|properties)",
        r"^log4j\.appender\.\S{1,200}FileAppender|<appender\b",
    ),
    _without_stores(
        plain("journald.conf"),
        r"journald\.conf",
        r"^(?:Storage|SystemMaxUse|MaxRetentionSec)\s*+=",
    ),
    _without_stores(_PYTHON, r".*\.(?:conf|ini|cfg)", r"^\[handler_", r"FileHandler"),
    _without_stores(_PYTHON, r".*log.*\.(?:ya?ml|json)", r"\bhandlers[\"']?\s*+:", r"FileHandler"),
    _without_stores(
        Text(zh="Go 程序的日志配置", en="the configuration of logs of a Go program"),
        r"(?:app|conf|config|log|settings)[\w.-]*\.(?:ya?ml|toml|json)",
        r"(?i:max[-_]?age\b[^{}]{0,300}\bmax[-_]?backups?\b|max[-_]?backups?\b[^{}]{0,300}\bmax[-_]?age\b)",
    ),
    _without_stores(
        Text(zh="Kubernetes 中日志服务的自定义资源", en="a custom resource of a log service"),
        _MANIFESTS,
        rf"^kind:[ \t]*[\"']?(?:{'|'.join(kinds_giving(LOGS))})\b",
    ),
    _rendered(
        Text(zh="Argo CD 部署的内容", en="what Argo CD deploys"),
        "argocd app manifests",
        _MANIFESTS,
        r"^apiVersion:[ \t]*[\"']?argoproj\.io/",
        r"^kind:[ \t]*[\"']?Application(?:Set)?\b",
    ),
    _rendered(
        Text(zh="Flux 部署的内容", en="what Flux deploys"),
        "flux build kustomization",
        _MANIFESTS,
        r"^apiVersion:[ \t]*[\"']?kustomize\.toolkit\.fluxcd\.io/",
    ),
    _rendered(
        _CHART,
        "helm template",
        _MANIFESTS,
        r"^apiVersion:[ \t]*[\"']?helm\.toolkit\.fluxcd\.io/",
        r"^kind:[ \t]*[\"']?HelmRelease\b",
    ),
    _rendered(_CHART, "helm template", r"Chart\.ya?ml", r"^name:"),
)
"""The signs of files that are named to whoever begins a description, and not read."""
