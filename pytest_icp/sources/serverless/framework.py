"""Serverless Framework: ``serverless.yml`` with a provider, functions and resources."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from pytest_icp.law.errors import InputError
from pytest_icp.sources.serverless.gathered import (
    EVERY,
    GENERATED,
    Deployed,
    Variables,
    at,
    documents_of,
    is_open,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pytest_icp.law.jsontypes import Json
    from pytest_icp.sources.documents import Document
    from pytest_icp.sources.gathering import Gathering
    from pytest_icp.sources.request import Request
    from pytest_icp.sources.serverless.gathered import At

_CLOUDS = {"aws": "aws", "aliyun": "alicloud", "tencent": "tencentcloud"}
_FILE = re.compile(r"file\((?P<path>[^()]*+)\)(?::(?P<key>[\w.-]+))?")
_LITERAL = re.compile(r"'([^']*)'|\"([^\"]*)\"|([0-9]+)")
_WEB = frozenset({"http", "httpApi", "alb", "apigw", "websocket"})
_FOREVER = {"years": 100}
_DECLARED = ("sites", "log_stores", "data_stores")
_DOMAINS = {
    "AWS::ApiGateway::DomainName": ("DomainName",),
    "AWS::ApiGatewayV2::DomainName": ("DomainName",),
    "AWS::CloudFront::Distribution": ("DistributionConfig", "Aliases"),
}
_RELEVANT = re.compile(
    r"AWS::(?:RDS|DocDB|Neptune|DynamoDB|ElastiCache|MemoryDB|OpenSearchService|Elasticsearch"
    r"|Redshift|EFS|EC2::Instance|ECS|ElasticLoadBalancing\w*|Route53|Lightsail|AppRunner)\b.*"
)


def is_framework(data: Mapping[str, Json]) -> bool:
    """Whether a document is a file of the Serverless Framework."""
    return "provider" in data and ("service" in data or "functions" in data)


def read_framework(request: Request, document: Document, into: Gathering) -> None:
    """Add the functions, domains, log stores and buckets of a service."""
    _Service(request, document, into).read()


class _Service:
    """One service; references lead to the file itself, and to files beside it."""

    def __init__(self, request: Request, document: Document, into: Gathering) -> None:
        self.request = request
        self.data: Mapping[str, Json] = document.data  # type: ignore[assignment]  # `is_framework`
        self.value = Variables(self._named, request.meter)
        self._files: dict[str, Json] = {}
        provider = self.value.value(self.data["provider"])
        self.provider = self.value.members(provider)
        name = self.value.text(self.provider.get("name", provider)) or ""
        self.out = Deployed(into, document, self.value, _CLOUDS.get(name, ""))
        self.name = name

    def read(self) -> None:
        """Add everything; a provider that is not known is counted."""
        if self.name not in _CLOUDS:
            if is_open(self.value.value(self.data["provider"])) or not self.name:
                self.out.gap(("provider",), *EVERY)
            else:
                self.out.into.unmapped[self.name] += 1
            return
        servers = self._functions()
        custom = self.value.value(self.data.get("custom"))
        if is_open(custom):
            self.out.gap(("custom",), "sites")
        self._domains(self.value.members(custom), servers)
        for here, resources in self._resources():
            self._resource(here, resources)

    def _functions(self) -> list[str]:
        """Add the functions; return those that are called over the web."""
        found = []
        for here, name, function in self._listed("functions"):
            self.request.meter.spend("elements")
            region_at = ("provider", "region")
            self.out.server(name, here, self.provider.get("region"), region_at)
            self._logs(name, function, here)
            events = self.value.elements(function.get("events"))
            self._balanced(events, (*here, "events"), name)
            web = any(_WEB & set(self.value.members(event)) for event in events)
            if web or function.get("url"):
                self.out.into.remark(GENERATED)
                found.append(name)
        return found

    def _balanced(self, events: Sequence[Json], here: At, name: str) -> None:
        """Add the hosts for which a load balancer calls a function."""
        for index, event in enumerate(events):
            balancer = self.value.members(self.value.members(event).get("alb"))
            found = self.value.value(self.value.members(balancer.get("conditions")).get("host"))
            for host in found if isinstance(found, list) else [found] if found else []:
                self.out.site(host, (*here, index, "alb", "conditions", "host"), [name])

    def _listed(self, key: str) -> Iterator[tuple[At, str, Mapping[str, Json]]]:
        """Yield the members of an object, or of the objects in a list."""
        written = self.value.value(self.data.get(key))
        parts: list[tuple[At, Json]] = [((key,), written)]
        if isinstance(written, list):
            parts = [((key, index), self.value.value(part)) for index, part in enumerate(written)]
        for here, part in parts:
            if is_open(part):
                self.out.gap(here, "servers", "log_stores", "sites", "data_stores")
            for name, member in self.value.members(part).items():
                if is_open(self.value.value(member)):
                    self.out.gap((*here, name), "servers", "log_stores")
                yield (*here, name), name, self.value.members(member)

    def _logs(self, name: str, function: Mapping[str, Json], here: At) -> None:
        """Add the log group that the framework makes of a function on AWS."""
        if self.name != "aws" or function.get("disableLogs") is True:
            return
        key = "logRetentionInDays"
        held, where = (function, here) if key in function else (self.provider, ("provider",))
        at_days = (*where, key) if key in held else here
        self.out.logs(name, at_days, held.get(key), _FOREVER)

    def _domains(self, custom: Mapping[str, Json], servers: list[str]) -> None:
        """Add the domains of the plugin domain-manager: one, a list, or one for a kind of API."""
        for key in ("customDomain", "customDomains"):
            written = self.value.value(custom.get(key))
            if is_open(written):
                self.out.gap(("custom", key), "sites")
            listed = written if isinstance(written, list) else [written] if written else []
            for index, one in enumerate(listed):
                here = ("custom", key, index) if isinstance(written, list) else ("custom", key)
                self._domain(self.value.members(one), here, servers)

    def _domain(self, one: Mapping[str, Json], here: At, servers: list[str]) -> None:
        enabled = self.value.value(one.get("enabled", True))
        if enabled in (False, "false"):
            return
        if "domainName" in one:
            self.out.site(one["domainName"], (*here, "domainName"), servers)
        for kind in ("rest", "http", "websocket"):
            if below := self.value.members(one.get(kind)):
                self._domain(below, (*here, kind), servers)

    def _resources(self) -> Iterator[tuple[At, Mapping[str, Json]]]:
        written = self.value.value(self.data.get("resources"))
        parts = written if isinstance(written, list) else [written]
        for index, part in enumerate(parts):
            here = ("resources", index) if isinstance(written, list) else ("resources",)
            value = self.value.value(part)
            if is_open(value):
                self.out.gap(here, *_DECLARED)
            listed = self.value.value(self.value.members(value).get("Resources"))
            if is_open(listed):
                self.out.gap((*here, "Resources"), *_DECLARED)
            for name, resource in self.value.members(listed).items():
                yield (*here, "Resources", name), self.value.members(resource)

    def _resource(self, here: At, resource: Mapping[str, Json]) -> None:
        """Add what a resource of CloudFormation tells."""
        kind = str(resource.get("Type", ""))
        props = self.value.members(resource.get("Properties"))
        below = (*here, "Properties")
        name = str(here[-1])
        if kind == "AWS::Logs::LogGroup":
            key = "RetentionInDays"
            named = self.value.text(props.get("LogGroupName")) or name
            at_days = (*below, key) if key in props else here
            self.out.logs(named, at_days, props.get(key), _FOREVER)
        elif kind == "AWS::S3::Bucket":
            named = self.value.text(props.get("BucketName")) or name
            named = self.out.store("object_store", named, here)
            region_at = ("provider", "region")
            self.out.locate("data_stores", named, self.provider.get("region"), region_at)
        elif kind in _DOMAINS:
            found: Json = props
            for key in _DOMAINS[kind]:
                found = self.value.members(found).get(key)
            value = self.value.value(found)
            for host in value if isinstance(value, list) else [value] if value else []:
                self.out.site(host, (*below, *_DOMAINS[kind]), [])
        elif _RELEVANT.fullmatch(kind):
            self.out.into.unmapped[kind] += 1

    def _named(self, reference: str) -> Json:
        """Return what a reference names: in the file itself, in one beside it, or its default."""
        first, *rest = (part.strip() for part in reference.split(","))
        if first.startswith("self:"):
            found = at(self.data, first.removeprefix("self:")) if first != "self:" else None
            literal = _LITERAL.fullmatch(rest[0]) if rest and found is None else None
            return next(filter(None, literal.groups()), "") if literal else found
        match = _FILE.fullmatch(first)
        if match is None or rest:
            return None
        document = self._file(match["path"].strip())
        return at(document, match["key"]) if match["key"] else document

    def _file(self, path: str) -> Json:
        """Return the document of a file beside this one; None if it cannot be read."""
        if path not in self._files:
            self._files[path] = None
            beside = self.out.document.path.parent / PurePosixPath(path)
            if beside.suffix in {".yml", ".yaml", ".json"}:
                try:
                    documents = documents_of(self.request, beside)
                except InputError:
                    documents = []
                self._files[path] = documents[0].data if len(documents) == 1 else None
        return self._files[path]
