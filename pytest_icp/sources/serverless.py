"""Source kind ``serverless``: Serverless Devs, CloudBase and components of Tencent Cloud.

Functions are servers, their domains sites. A variable has its value if that stands in the file.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from functools import partial
from typing import TypeAlias

from msgspec.structs import replace

from pytest_icp.facts.derived import Derived, Provenance, Status
from pytest_icp.facts.files.disk import is_folder
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, JsonObject, pointer
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.documents import Document, ProvenanceLookup, Read, read_documents
from pytest_icp.sources.gathering import Gathering
from pytest_icp.sources.request import Request
from pytest_icp.sources.terraform.tables import table

At: TypeAlias = tuple[str | int, ...]
"""The tokens of a pointer into a document."""
Members: TypeAlias = "Mapping[str, Json]"

_EVERY = ("servers", "sites", "log_stores", "data_stores")
"""The top-level facts that a serverless file may give."""
_NAME = re.compile(r"s\.ya?ml|s\.[\w.-]+\.ya?ml|serverless\.(?:ya?ml|json)|cloudbaserc\.json")
_REFERENCE = re.compile(r"\$\{([^${}]*+)\}")
_OPEN = re.compile(r"\$[{\w]|\{\{")
_DEEPEST = 16
_UNNAMED = "?"


def read_serverless(request: Request) -> Derived:
    """Read serverless files (无服务器应用): functions are servers, their domains sites.

    Raises `InputError` if there is no serverless application.
    """
    into = Gathering(request)
    alone = request.given is not None or not is_folder(request.path)
    applications = 0
    for path in request.files(".yaml", ".yml", ".json"):
        if not (alone or _NAME.fullmatch(path.name)):
            continue
        try:
            found = list(read_documents(replace(request, path=path), path))
        except InputError as error:
            if alone:
                raise
            into.refused(error, path, *_EVERY)
            applications += 1
            continue
        applications += sum(_application(request, one, into) for one in found)
    if not applications:
        raise InputError(_NONE, place=Place(path=request.path))
    return into.derived()


def _application(request: Request, one: Read, into: Gathering) -> bool:
    """Add what a document tells; whether it is an application, or cannot be read."""
    if not isinstance(one, Document):
        into.gap(one.message, one.place, *_EVERY)
        return True
    data = one.data
    if not isinstance(data, dict):
        return False
    for kind in (_Devs, _Components, _CloudBase):
        if kind.fits(data):
            kind(request, one, into, data).read()
            into.repeated(one, *_EVERY)
            return True
    if "provider" in data and ("service" in data or "functions" in data):
        into.gap(FRAMEWORK, replace(one.place("/provider"), excerpt=""), *_EVERY)
        return True
    return False


def _is_open(text: Json) -> bool:
    """Whether a text contains a variable without a value, or a template."""
    return isinstance(text, str) and _OPEN.search(text) is not None


def _at(data: Json, *keys: str) -> Json:
    """Return the value at the end of some keys, numbers in lists; None if there is none."""
    for key in keys:
        if isinstance(data, list) and key.isdecimal() and int(key) < len(data):
            data = data[int(key)]
        elif isinstance(data, dict):
            data = data.get(key)
        else:
            return None
    return data


class _File(ABC):
    """One file of a tool, which is deployed to one provider: its values, and what they tell."""

    provider = "tencentcloud"

    def __init__(
        self, request: Request, document: Document, into: Gathering, data: Members
    ) -> None:
        self.request = request
        self.document = document
        self.into = into
        self.data = data
        self._servers: set[str] = set()
        self._serving: dict[str, tuple[list[Json], set[str]]] = {}

    @staticmethod
    @abstractmethod
    def fits(data: Members) -> bool:
        """Whether a document is such a file."""

    @abstractmethod
    def read(self) -> None:
        """Add what the file tells."""

    def named(self, reference: str) -> Json:  # noqa: ARG002 - not here
        """Return what a reference names in the file; None if that is not there."""
        return None

    # --- values, with what their references name, as often as these lead to others --------------

    def value(self, written: Json) -> Json:
        """Return a value with what its references name; a reference without a value stays."""
        for _ in range(_DEEPEST):
            if not isinstance(written, str) or "${" not in written:
                break
            alone = _REFERENCE.fullmatch(written)
            found = self.named(alone[1].strip()) if alone else self._replaced(written)
            self._spend(found)
            if found is None or found == written:
                break
            written = found
        return written

    def _replaced(self, written: str) -> str:
        def replaced(reference: re.Match[str]) -> str:
            found = self.named(reference[1].strip())
            text = isinstance(found, (str, int, float)) and not isinstance(found, bool)
            self._spend(str(found) if text else None)
            return str(found) if text else reference[0]

        return _REFERENCE.sub(replaced, written)

    def _spend(self, found: Json) -> None:
        self.request.meter.spend("expansions", len(found) if isinstance(found, str) else 1)

    def text(self, written: Json) -> str | None:
        """Return a text without variables; None for anything else."""
        found = self.value(written)
        return found if isinstance(found, str) and found and not _is_open(found) else None

    def members(self, written: Json) -> Members:
        """Return the members of an object; of anything else, none."""
        found = self.value(written)
        return found if isinstance(found, dict) else {}

    def elements(self, written: Json) -> list[Json]:
        """Return the elements of a list; of anything else, none."""
        found = self.value(written)
        return list(found) if isinstance(found, list) else []

    def each(self, written: Json, at: At, *kinds: str) -> Iterator[tuple[At, Json]]:
        """Yield the elements of a list, or a value alone; with kinds, an open one is a gap."""
        found = self.value(written)
        if kinds and _is_open(found):
            self.gap(at, *kinds)
        if isinstance(found, list):
            yield from (((*at, index), one) for index, one in enumerate(found))
        elif found:
            yield at, found

    # --- elements and gaps ----------------------------------------------------------------------

    def found(self, at: At, status: Status = Status.KNOWN) -> ProvenanceLookup:
        """Return where something is."""
        place, tokens = partial(self._place, at), [*map(str, at)]
        address, attribute = ".".join(tokens[:2]), ".".join(tokens[2:])
        return lambda: Provenance(
            place=place(), status=status, address=address, attribute=attribute
        )

    def _place(self, at: At) -> Place:
        """Return a place; its line is quoted only for what was read, or a secret may be in it."""
        place = self.document.place(pointer(at))
        value = _at(self.document.data, *map(str, at))
        read = isinstance(value, (str, int)) and not _is_open(value)
        return place if read else replace(place, excerpt="")

    def gap(self, at: At, *kinds: str) -> None:
        """Add a gap for what is written elsewhere, or is a variable."""
        key = next((token for token in reversed(at) if isinstance(token, str)), "")
        self.into.gap(_ELSEWHERE.format(key=key), self._place(at), *kinds)

    def server(self, name: str | None, at: At, region: Json, region_at: At) -> str:
        """Add a function or a container in a region, and return its id."""
        name = name or _UNNAMED
        self.into.add("servers", name, self.found(at))
        self._servers.add(name)
        self.locate("servers", name, region, region_at)
        known = table(self.provider)
        operator = known.operator_in(self.text(region)) if known else None
        if operator:
            found = self.found(region_at)
            self.into.set("servers", name, "provider", {"name": operator}, found)
        return name

    def locate(self, kind: str, name: str, region: Json, at: At) -> None:
        """Add where an element is; a region that is a variable is not known."""
        known = self.text(region)
        location: JsonObject | None = None
        if known:
            location = {"cloud_region": {"provider": self.provider, "id": known}}
        status = Status.KNOWN if known else Status.AFTER_APPLY if region else Status.DEFAULT
        self.into.set(kind, name, "location", location, self.found(at, status))

    def site(self, host: Json, at: At, servers: list[str]) -> None:
        """Add a site with a domain of its own; one that is generated is a remark."""
        written = self.value(host)
        if written in ("auto", "Auto", "AUTO"):
            self.into.remark(_GENERATED)
            return
        if not isinstance(written, str):
            self.gap(at, "sites")
            return
        bare = written.partition("://")[2].rstrip("/") or written
        name = self.into.site(bare, self.found(at))
        if name is None:
            return
        self.into.set("sites", name, "public", value=True, provenance=self.found(at))
        self.request.meter.spend("expansions", len(servers))
        # What another file deploys is no server here.
        serving, known = self._serving.setdefault(name, ([], set()))
        serving += [one for one in servers if one in self._servers and one not in known]
        known.update(servers)
        if serving:
            self.into.set("sites", name, "servers", serving, self.found(at))

    def logs(self, name: str, at: At) -> None:
        """Add a log store; how long it keeps logs is not in the file."""
        self.into.add("log_stores", name, self.found(at))
        self.into.set("log_stores", name, "retention", None, self.found(at, Status.DEFAULT))

    def bucket(self, name: str, at: At, region: Json, region_at: At) -> str:
        """Add a bucket in a region, and return its id."""
        name = name or _UNNAMED
        self.into.add("data_stores", name, self.found(at), kind="object_store")
        self.locate("data_stores", name, region, region_at)
        return name


_FUNCTIONS = frozenset({"fc", "fc3", "fc-api", "fc3-deploy", "fc-deploy"})
_DOMAINS = frozenset({"fc3-domain", "fc-domain", "domain"})
_BUCKETS = frozenset({"oss", "website", "devsapp-website"})
_PARTS = {"customDomain": ("sites",), "service": ("log_stores", "data_stores")}
_PUBLISHED = frozenset({"public-read", "public-read-write"})
_COMPONENT = re.compile(r"(?:[\w.-]+/)?(?P<name>[\w.-]+?)(?:@[\w.-]+)?")


class _Devs(_File):
    """Serverless Devs: ``s.yaml`` of edition 1 (``services``) and 3 (``resources``)."""

    provider = "alicloud"

    @staticmethod
    def fits(data: Members) -> bool:
        """Whether it has an edition."""
        return "edition" in data and isinstance(data.get("services", data.get("resources")), dict)

    def named(self, reference: str) -> Json:
        """Return what ``vars.region`` or ``resources.x.props.y`` names."""
        keys = reference.split(".")
        return _at(self.data, *keys) if keys[0] in {"vars", "services", "resources"} else None

    def read(self) -> None:
        """Add the functions, domains and buckets."""
        top = "services" if isinstance(self.data.get("services"), dict) else "resources"
        if "extend" in self.data:
            self.gap(("extend",), *_EVERY)
        domains: list[tuple[Members, At]] = []
        for name, written in self.members(self.data[top]).items():
            self.request.meter.spend("elements")
            resource, here = self.members(written), (top, name, "props")
            props = self._props(resource, here)
            component = _component(self.value(resource.get("component")), props)
            if component is None:
                self.gap((top, name, "component"), *_EVERY)
            elif component in _FUNCTIONS:
                self._function(name, props, here)
            elif component in _DOMAINS:
                domains.append((props, here))
            elif component in _BUCKETS:
                self._bucket(name, props, here)
            else:
                self.into.unmapped[component] += 1
        for props, at in domains:
            routes = self.members(props.get("routeConfig")).get("routes")
            called = [self.members(one).get("functionName") for one in self.elements(routes)]
            servers = dict.fromkeys(filter(None, map(self.text, called)))
            self._domain(props.get("domainName"), at, list(servers))

    def _props(self, resource: Members, here: At) -> Members:
        """Return the properties of a resource, with those that it has from a template."""
        extend = self.members(resource.get("extend")).get("name")
        inherited = _at(self.data, "template", extend) if isinstance(extend, str) else None
        if _is_open(self.value(resource.get("props"))):
            self.gap(here, *_EVERY)
        return {**self.members(inherited), **self.members(resource.get("props"))}

    def _function(self, name: str, props: Members, here: At) -> None:
        """Add a function, its domains, its logs and its file systems."""
        service, function = (self.members(props.get(key)) for key in ("service", "function"))
        named = self.text(props.get("functionName", function.get("name")))
        above = self.text(service.get("name"))
        if named and "function" in props:
            named = f"{above}/{named}" if above else None
        server = self.server(named or name, here[:-1], props.get("region"), (*here, "region"))
        self._domains(props, here, "customDomains", [server])
        for trigger in map(self.members, self.elements(props.get("triggers"))):
            if "http" in (trigger.get("type"), trigger.get("triggerType")):
                self.into.remark(_GENERATED)
        for key, kinds in _PARTS.items():
            if _is_open(self.value(props.get(key))):
                self.gap((*here, key), *kinds)
        if domain := self.members(props.get("customDomain")):
            self._domain(domain.get("domainName"), (*here, "customDomain"), [server])
        for held, below in ((props, here), (service, (*here, "service"))):
            self._logs(server, held.get("logConfig"), (*below, "logConfig"))
            self._mounts(held.get("nasConfig"), (*below, "nasConfig"))

    def _bucket(self, name: str, props: Members, here: At) -> None:
        """Add a bucket for a web site, and its domains."""
        bucket = self.text(props.get("bucketName", props.get("bucket")))
        named = bucket if bucket and bucket != "auto" else name
        named = self.bucket(named, here[:-1], props.get("region"), (*here, "region"))
        if self.text(props.get("acl")) in _PUBLISHED:
            found = self.found((*here, "acl"))
            self.into.set("data_stores", named, "published", value=True, provenance=found)
        self._domains(props, here, "customDomains", [])
        self._domains(props, here, "hosts", [])

    def _domains(self, props: Members, here: At, key: str, servers: list[str]) -> None:
        for at, domain in self.each(props.get(key), (*here, key), "sites"):
            members = self.members(domain)
            if members or not isinstance(domain, str):
                self._domain(members.get("domainName", members.get("host")), at, servers)

    def _domain(self, host: Json, here: At, servers: list[str]) -> None:
        self.site(host, here if host is None else (*here, "domainName"), servers)

    def _logs(self, server: str, written: Json, here: At) -> None:
        config = self.value(written)
        store = self.text(self.members(config).get("logstore"))
        if store:
            self.logs(store, (*here, "logstore"))
        elif config:
            self.logs(f"{server}.logConfig", here)
            self.into.remark(_AUTOMATIC)

    def _mounts(self, written: Json, here: At) -> None:
        points = self.members(written).get("mountPoints")
        for index, point in enumerate(self.elements(points)):
            address = self.text(self.members(point).get("serverAddr"))
            if address:
                found = self.found((*here, "mountPoints", index, "serverAddr"))
                name = address.partition(":")[0] or _UNNAMED
                self.into.add("data_stores", name, found, kind="files")


def _component(written: Json, props: Members) -> str | None:
    """Return the name of a component of Devs; of a variable, what has such properties."""
    match = _COMPONENT.fullmatch(str(written))
    if match or not _is_open(written):
        return match["name"] if match else "component"
    if "functionName" in props or "function" in props:
        return "fc3"
    return "fc3-domain" if "routeConfig" in props else None


_WEBSITES = frozenset({"website", "cos"})
_SILENT = frozenset({"vpc", "layer", "cam-role", "cam-policy"})
_CONTAINERS = frozenset({"container", "node", "next", "nuxt", "deno", "dart"})
_HOSTS = ("host", "domain", "domainName")
_TENCENT = re.compile(r"(?:@?[\w.-]+/)?(?:tencent-)?(?P<name>[\w.-]++)(?:@[\w.-]+)?")


def _domains(file: _File, held: Members, here: At, servers: list[str]) -> None:
    """Add the domains in lists of hosts, here and in what belongs to the gateway."""
    for key, written in held.items():
        below = (*here, key)
        if key in {"hosts", "customDomains", "customDomain"}:
            listed = isinstance(file.value(written), list)
            for at, one in file.each(written, below, "sites"):
                members = file.members(one)
                found = next((name for name in _HOSTS if name in members), None)
                if found:
                    place = (*at, found) if listed else (*at, 0, found)
                    file.site(members[found], place, servers)
        elif key in {"apigatewayConf", "apigwConf", "apigw", "cdnConf", "parameters"}:
            if _is_open(file.value(written)):
                file.gap(below, "sites")
            _domains(file, file.members(written), below, servers)
        elif key in {"triggers", "events"}:
            for index, trigger in enumerate(file.elements(written)):
                _domains(file, file.members(trigger), (*below, index), servers)


class _Components(_File):
    """Components of Tencent Cloud (``component``, ``inputs``): one, or several with names."""

    @staticmethod
    def fits(data: Members) -> bool:
        """Whether there is any component."""
        return any(_components(data))

    def named(self, reference: str) -> Json:
        """Return what ``name``, ``app`` or ``org`` is."""
        return self.data.get(reference) if reference in {"name", "app", "org"} else None

    def read(self) -> None:
        """Add the function or web site of each component, and its domains."""
        for above, written in _components(self.data):
            self.request.meter.spend("elements")
            here, region_at = (*above, "component"), (*above, "inputs", "region")
            inputs = self.members(written["inputs"])
            if _is_open(self.value(written["inputs"])):
                self.gap((*above, "inputs"), "servers", "sites", "data_stores")
            match = _TENCENT.fullmatch(str(written["component"]))
            component = match["name"] if match else "component"
            named = (inputs.get("name"), written.get("name"), *above)
            name = next(filter(None, map(self.text, named)), component)
            servers: list[str] = []
            if component in _WEBSITES:
                bucket = self.text(inputs.get("bucketName", inputs.get("bucket"))) or name
                self.bucket(bucket, here, inputs.get("region"), region_at)
            elif component not in _SILENT:
                servers.append(self.server(name, here, inputs.get("region"), region_at))
            _domains(self, inputs, (*above, "inputs"), servers)


def _components(data: Members) -> Iterator[tuple[tuple[str, ...], Members]]:
    for here, one in [((), data), *(((name,), member) for name, member in data.items())]:
        if isinstance(one, dict) and "component" in one and "inputs" in one:
            yield here, one


class _CloudBase(_File):
    """CloudBase: its functions, containers and hosted pages."""

    @staticmethod
    def fits(data: Members) -> bool:
        """Whether it names an environment."""
        return "envId" in data

    def read(self) -> None:
        """Add functions and containers."""
        for index, function in enumerate(self.elements(self.data.get("functions"))):
            self._function(function, ("functions", index))
        framework = self.members(self.data.get("framework"))
        for name, plugin in self.members(framework.get("plugins")).items():
            self.request.meter.spend("elements")
            self._plugin(name, self.members(plugin))
        if "hosting" in self.data:
            self.into.remark(_HOSTED)

    def _deployed(self, name: str, here: At) -> None:
        region_at = ("region",) if "region" in self.data else ("envId",)
        self.server(name, here, self.data.get("region"), region_at)

    def _function(self, written: Json, here: At) -> None:
        name = self.text(self.members(written).get("name"))
        if name:
            self._deployed(name, here)
        else:
            self.gap(here, "servers")

    def _plugin(self, name: str, plugin: Members) -> None:
        """Add what a plugin of the framework deploys."""
        here = ("framework", "plugins", name)
        use = str(plugin.get("use", "")).rpartition("framework-plugin-")[2]
        inputs = self.members(plugin.get("inputs"))
        if use == "website":
            self.into.remark(_HOSTED)
        elif use in _CONTAINERS:
            named = self.text(inputs.get("serviceName", inputs.get("name"))) or name
            self._deployed(named, here)
        elif use == "function":
            for index, function in enumerate(self.elements(inputs.get("functions"))):
                self._function(function, (*here, "inputs", "functions", index))
        _domains(self, inputs, (*here, "inputs"), [])


_NONE = Text(
    zh="没有 Serverless 应用：需要 Serverless Devs、CloudBase 或腾讯云组件的文件",
    en="no serverless application: a file of Serverless Devs, CloudBase or a component of Tencent "
    "Cloud is needed",
)
FRAMEWORK = Text(
    zh="Serverless Framework 的文件没有读取；所部署的内容请改用 cloud-export，或在描述中手写",
    en="files of the Serverless Framework are not read; name what they deploy by a cloud-export, "
    "or declare it by hand",
)
_GENERATED = Text(
    zh="有的函数用自动生成的测试域名，没有作为网站",
    en="some functions have a generated domain for tests, which is not counted as a site",
)
_ELSEWHERE = Text(
    zh="“{key}”写在别处，或者是没有值的变量，无法读取；请写在文件中，或改用渲染后的文件",
    en="`{key}` is written elsewhere, or is a variable without a value; write it in the file, or "
    "use the rendered file",
)
_AUTOMATIC = Text(
    zh="有的函数的日志库由工具自动创建，文件中没有它的名称和保存时间",
    en="the log stores of some functions are made by the tool; how long they keep logs is not in "
    "the file",
)
_HOSTED = Text(
    zh="静态托管的域名不在 CloudBase 的文件中，没有作为网站；在描述中写明自定义域名",
    en="the domain of hosted pages is not in the file of CloudBase, so it is not counted as a "
    "site; write the custom domain in the description",
)
