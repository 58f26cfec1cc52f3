"""Tencent Cloud: components of Serverless (``component``, ``inputs``), and CloudBase."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_icp.law.text import Text
from pytest_icp.sources.serverless.gathered import Deployed, Variables, at, is_open

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pytest_icp.law.jsontypes import Json
    from pytest_icp.sources.documents import Document
    from pytest_icp.sources.gathering import Gathering
    from pytest_icp.sources.request import Request
    from pytest_icp.sources.serverless.gathered import At

_NAMES = frozenset({"name", "app", "org"})
_COMPONENT = re.compile(r"(?:@?[\w.-]+/)?(?:tencent-)?(?P<name>[\w.-]++)(?:@[\w.-]+)?")
_WEBSITES = frozenset({"website", "cos"})
_SILENT = frozenset({"vpc", "layer", "cam-role", "cam-policy"})
_CONTAINERS = frozenset({"container", "node", "next", "nuxt", "deno", "dart"})
_HOSTS = ("host", "domain", "domainName")


def is_component(data: Mapping[str, Json]) -> bool:
    """Whether a document is a file of a component, or of several with names."""
    return any(_components(data))


def _components(data: Mapping[str, Json]) -> Iterator[tuple[At, Mapping[str, Json]]]:
    for here, one in [((), data), *(((name,), member) for name, member in data.items())]:
        if isinstance(one, dict) and "component" in one and "inputs" in one:
            yield here, one


def read_component(request: Request, document: Document, into: Gathering) -> None:
    """Add the function or web site of each component, and its domains."""
    data: Mapping[str, Json] = document.data  # type: ignore[assignment]  # see `is_component`
    variables = Variables(lambda name: data.get(name) if name in _NAMES else None, request.meter)
    out = Deployed(into, document, variables, "tencentcloud")
    for above, written in _components(data):
        request.meter.spend("elements")
        _component(out, above, written)


def _component(out: Deployed, above: At, written: Mapping[str, Json]) -> None:
    variables = out.variables
    here, region_at = (*above, "component"), (*above, "inputs", "region")
    inputs = variables.members(written["inputs"])
    if is_open(variables.value(written["inputs"])):
        out.gap((*above, "inputs"), "servers", "sites", "data_stores")
    match = _COMPONENT.fullmatch(str(written["component"]))
    component = match["name"] if match else "component"
    named = (inputs.get("name"), written.get("name"), *above)
    name = next(filter(None, map(variables.text, named)), component)
    servers: list[str] = []
    if component in _WEBSITES:
        bucket = variables.text(inputs.get("bucketName", inputs.get("bucket"))) or name
        bucket = out.store("object_store", bucket, here)
        out.locate("data_stores", bucket, inputs.get("region"), region_at)
    elif component not in _SILENT:
        servers.append(out.server(name, here, inputs.get("region"), region_at))
    _domains(out, variables, inputs, (*above, "inputs"), servers)


def _domains(
    out: Deployed,
    variables: Variables,
    held: Mapping[str, Json],
    here: At,
    servers: list[str],
) -> None:
    """Add the domains in lists of hosts, here and in what belongs to the gateway."""
    for key, written in held.items():
        below = (*here, key)
        if key in {"hosts", "customDomains", "customDomain"}:
            value = variables.value(written)
            if is_open(value):
                out.gap(below, "sites")
            listed = value if isinstance(value, list) else [value] if value else []
            for index, one in enumerate(listed):
                members = variables.members(one)
                found = next((name for name in _HOSTS if name in members), None)
                if found:
                    out.site(members[found], (*below, index, found), servers)
        elif key in {"apigatewayConf", "apigwConf", "apigw", "cdnConf", "parameters"}:
            if is_open(variables.value(written)):
                out.gap(below, "sites")
            _domains(out, variables, variables.members(written), below, servers)
        elif key in {"triggers", "events"}:
            for index, trigger in enumerate(variables.elements(written)):
                members = variables.members(trigger)
                _domains(out, variables, members, (*below, index), servers)


def is_cloudbase(data: Mapping[str, Json]) -> bool:
    """Whether a document is a file of CloudBase."""
    return "envId" in data


def read_cloudbase(request: Request, document: Document, into: Gathering) -> None:
    """Add the functions, containers and hosted pages of CloudBase."""
    data: Mapping[str, Json] = document.data  # type: ignore[assignment]  # see `is_cloudbase`
    variables = Variables(lambda _: None, request.meter)
    out = Deployed(into, document, variables, "tencentcloud")
    region_at = ("region",) if "region" in data else ("envId",)

    for index, function in enumerate(variables.elements(data.get("functions"))):
        _function(out, function, ("functions", index), region_at)
    framework = variables.members(data.get("framework"))
    for name, plugin in variables.members(framework.get("plugins")).items():
        request.meter.spend("elements")
        _plugin(out, name, variables.members(plugin), region_at)
    if "hosting" in data:
        into.remark(_HOSTED)


def _function(out: Deployed, written: Json, here: At, region_at: At) -> None:
    name = out.variables.text(out.variables.members(written).get("name"))
    if name:
        out.server(name, here, at(out.document.data, "region"), region_at)
    else:
        out.gap(here, "servers")


def _plugin(out: Deployed, name: str, plugin: Mapping[str, Json], region_at: At) -> None:
    """Add what a plugin of the framework deploys."""
    value = out.variables
    here = ("framework", "plugins", name)
    use = str(plugin.get("use", "")).rpartition("framework-plugin-")[2]
    inputs = value.members(plugin.get("inputs"))
    if use == "website":
        out.into.remark(_HOSTED)
    elif use in _CONTAINERS:
        named = value.text(inputs.get("serviceName", inputs.get("name"))) or name
        out.server(named, here, at(out.document.data, "region"), region_at)
    elif use == "function":
        for index, function in enumerate(value.elements(inputs.get("functions"))):
            _function(out, function, (*here, "inputs", "functions", index), region_at)
    _domains(out, value, inputs, (*here, "inputs"), [])


_HOSTED = Text(
    zh="静态托管的域名不在 CloudBase 的文件中，没有作为网站；在描述中写明自定义域名",
    en="the domain of hosted pages is not in the file of CloudBase, so it is not counted as a "
    "site; write the custom domain in the description",
)
