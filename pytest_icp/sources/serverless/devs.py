"""Serverless Devs: ``s.yaml`` of edition 1 (``services``) and 3 (``resources``)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_icp.law.text import Text
from pytest_icp.sources.serverless.gathered import (
    EVERY,
    GENERATED,
    Deployed,
    Variables,
    at,
    is_open,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_icp.law.jsontypes import Json
    from pytest_icp.sources.documents import Document
    from pytest_icp.sources.gathering import Gathering
    from pytest_icp.sources.request import Request
    from pytest_icp.sources.serverless.gathered import At

_COMPONENT = re.compile(r"(?:[\w.-]+/)?(?P<name>[\w.-]+?)(?:@[\w.-]+)?")
_FUNCTIONS = frozenset({"fc", "fc3", "fc-api", "fc3-deploy", "fc-deploy"})
_DOMAINS = frozenset({"fc3-domain", "fc-domain", "domain"})
_BUCKETS = frozenset({"oss", "website", "devsapp-website"})
_PARTS = {"customDomain": ("sites",), "service": ("log_stores", "data_stores")}
_PUBLISHED = frozenset({"public-read", "public-read-write"})


def is_devs(data: Mapping[str, Json]) -> bool:
    """Whether a document is a file of Serverless Devs."""
    return "edition" in data and isinstance(data.get("services", data.get("resources")), dict)


def read_devs(request: Request, document: Document, into: Gathering) -> None:
    """Add the functions, domains and buckets of a file."""
    data: Mapping[str, Json] = document.data  # type: ignore[assignment]  # see `is_devs`
    top = "services" if isinstance(data.get("services"), dict) else "resources"
    variables = Variables(lambda name: _named(data, name), request.meter)
    out = Deployed(into, document, variables, "alicloud")
    if "extend" in data:
        out.gap(("extend",), *EVERY)
    domains = []
    for name, written in variables.members(data[top]).items():
        request.meter.spend("elements")
        resource = variables.members(written)
        one = _Resource(out, data, (top, name), resource)
        component = one.component(variables.value(resource.get("component")))
        if component is None:
            out.gap((top, name, "component"), *EVERY)
        elif component in _FUNCTIONS:
            one.function(name)
        elif component in _DOMAINS:
            domains.append(one)
        elif component in _BUCKETS:
            one.bucket(name)
        else:
            into.unmapped[component] += 1
    for one in domains:
        one.domain()


def _named(data: Mapping[str, Json], name: str) -> Json:
    """Return what ``vars.region`` or ``resources.x.props.y`` names."""
    first = name.partition(".")[0]
    return at(data, name) if first in {"vars", "services", "resources"} else None


class _Resource:
    """One resource, with the properties that it has from a template."""

    def __init__(
        self,
        out: Deployed,
        data: Mapping[str, Json],
        here: tuple[str, ...],
        resource: Mapping[str, Json],
    ) -> None:
        self.out = out
        self.here = (*here, "props")
        self.value = out.variables
        extend = self.value.members(resource.get("extend")).get("name")
        inherited = at(data, f"template.{extend}") if isinstance(extend, str) else None
        props = resource.get("props")
        if is_open(self.value.value(props)):
            out.gap(self.here, *EVERY)
        self.props = {**self.value.members(inherited), **self.value.members(props)}

    def component(self, written: Json) -> str | None:
        """Return the name of the component; of a variable, what has such properties."""
        match = _COMPONENT.fullmatch(str(written))
        if match or not is_open(written):
            return match["name"] if match else "component"
        if "functionName" in self.props or "function" in self.props:
            return "fc3"
        return "fc3-domain" if "routeConfig" in self.props else None

    def function(self, name: str) -> None:
        """Add a function, its domains, its logs and its file systems."""
        props, value = self.props, self.value
        service = value.members(props.get("service"))
        function = value.members(props.get("function"))
        named = value.text(props.get("functionName", function.get("name")))
        above = value.text(service.get("name"))
        if named and "function" in props:
            named = f"{above}/{named}" if above else None
        region_at = (*self.here, "region")
        server = self.out.server(named or name, self.here[:-1], props.get("region"), region_at)
        self._domains("customDomains", [server])
        for trigger in self.value.elements(props.get("triggers")):
            members = self.value.members(trigger)
            if "http" in (members.get("type"), members.get("triggerType")):
                self.out.into.remark(GENERATED)
        for key, kinds in _PARTS.items():
            if is_open(value.value(props.get(key))):
                self.out.gap((*self.here, key), *kinds)
        if domain := value.members(props.get("customDomain")):
            self._domain(domain.get("domainName"), (*self.here, "customDomain"), [server])
        for held, prefix in ((props, ()), (service, ("service",))):
            self._logs(server, held.get("logConfig"), (*self.here, *prefix, "logConfig"))
            self._mounts(held.get("nasConfig"), (*self.here, *prefix, "nasConfig"))

    def domain(self) -> None:
        """Add a domain that is routed to functions."""
        routes = self.value.members(self.props.get("routeConfig")).get("routes")
        names = [
            self.value.text(self.value.members(route).get("functionName"))
            for route in self.value.elements(routes)
        ]
        servers = list(dict.fromkeys(name for name in names if name))
        self._domain(self.props.get("domainName"), self.here, servers)

    def bucket(self, name: str) -> None:
        """Add a bucket for a web site, and its domains."""
        written = self.props.get("bucketName", self.props.get("bucket"))
        bucket = self.value.text(written)
        named = bucket if bucket and bucket != "auto" else name
        identifier = self.out.store("object_store", named, self.here[:-1])
        region_at = (*self.here, "region")
        self.out.locate("data_stores", identifier, self.props.get("region"), region_at)
        acl = self.value.text(self.props.get("acl"))
        if acl in _PUBLISHED:
            found = self.out.found((*self.here, "acl"))
            self.out.into.set("data_stores", identifier, "published", True, found)  # noqa: FBT003 - a fact
        self._domains("customDomains", [])
        self._domains("hosts", [])

    def _domains(self, key: str, servers: list[str]) -> None:
        written = self.value.value(self.props.get(key))
        if is_open(written):
            self.out.gap((*self.here, key), "sites")
        for index, domain in enumerate(self.value.elements(written)):
            members = self.value.members(domain)
            host = members.get("domainName", members.get("host"))
            self._domain(host, (*self.here, key, index), servers)

    def _domain(self, host: Json, here: At, servers: list[str]) -> None:
        key = () if host is None else ("domainName",)
        self.out.site(host, (*here, *key), servers)

    def _logs(self, server: str, written: Json, here: At) -> None:
        config = self.value.value(written)
        store = self.value.text(self.value.members(config).get("logstore"))
        if store:
            self.out.logs(store, (*here, "logstore"))
        elif config:
            self.out.logs(f"{server}.logConfig", here)
            self.out.into.remark(_AUTOMATIC)

    def _mounts(self, written: Json, here: At) -> None:
        points = self.value.members(written).get("mountPoints")
        for index, point in enumerate(self.value.elements(points)):
            address = self.value.text(self.value.members(point).get("serverAddr"))
            if address:
                at_point = (*here, "mountPoints", index, "serverAddr")
                self.out.store("files", address.partition(":")[0], at_point)


_AUTOMATIC = Text(
    zh="有的函数的日志库由工具自动创建，文件中没有它的名称和保存时间",
    en="the log stores of some functions are made by the tool; how long they keep logs is not in "
    "the file",
)
