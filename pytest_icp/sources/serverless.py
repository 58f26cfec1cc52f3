"""Source kind ``serverless``: Serverless Devs, CloudBase and components of Tencent Cloud.

Each tool lists what its files deploy; a function is a server, and its domains are sites. A
variable has its value if that stands in the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.derived import Derived, Provenance, Status
from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.files.disk import is_folder
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, JsonObject, list_of, object_of, pointer
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.documents import Document, ProvenanceLookup, Read, get, read_documents
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

_DEVS = {
    **dict.fromkeys(("fc", "fc3", "fc-api", "fc3-deploy", "fc-deploy"), "servers"),
    **dict.fromkeys(("fc3-domain", "fc-domain", "domain"), "sites"),
    **dict.fromkeys(("oss", "website", "devsapp-website"), "data_stores"),
}
"""What the components of Serverless Devs are; others are counted."""
_COMPONENTS = {
    **dict.fromkeys(("website", "cos", "postgresql", "cynosdb"), "data_stores"),
    **dict.fromkeys(("vpc", "layer", "cam-role", "cam-policy"), ""),
}
"""What the components of Tencent Cloud are that are no functions."""
_CONTAINERS = frozenset({"container", "node", "next", "nuxt", "deno", "dart"})
"""The plugins of CloudBase that deploy a container."""
_STORES = {"CFS": "files", **dict.fromkeys(("CynosDB", "cynosdb", "postgresql"), "database")}
"""What stores are that are no buckets: those that CloudBase adds, and components."""

_DOMAINS = ("customDomains", "hosts", "customDomain")
_HOSTS = ("host", "domain", "domainName")
_GATEWAYS = ("apigatewayConf", "apigwConf", "apigw", "cdnConf", "parameters", "triggers", "events")
"""Properties that may have domains below them."""
_PUBLISHED = frozenset({"public-read", "public-read-write"})
_COMPONENT = re.compile(r"(?:[\w.-]+/)?(?P<name>[\w.-]+?)(?:@[\w.-]+)?")
_TENCENT = re.compile(r"(?:@?[\w.-]+/)?(?:tencent-)?(?P<name>[\w.-]++)(?:@[\w.-]+)?")


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
    data = object_of(one.data)
    for tool in _TOOLS:
        if tool.fits(data):
            _File(request, one, into, tool.references, tool.provider).read(tool.parts)
            into.repeated(one, *_EVERY)
            return True
    if "provider" in data and ("service" in data or "functions" in data):
        into.gap(FRAMEWORK, replace(one.place("/provider"), excerpt=""), *_EVERY)
        return True
    return False


def _is_open(text: Json) -> bool:
    """Whether a text contains a variable without a value, or a template."""
    return isinstance(text, str) and _OPEN.search(text) is not None


class _Part(Confidential, Struct, frozen=True):
    """Something that a file deploys: the list that it is in, its name, place and properties.

    ``here`` is where the properties are, and ``region`` the place and the value of its region;
    ``store`` is the kind of a data store.
    """

    role: str
    name: str
    at: At
    props: Members
    here: At
    region: tuple[At, Json]
    store: str = "object_store"


class _File:
    """One file of a tool, which is deployed to one provider: its values, and what they tell."""

    def __init__(
        self,
        request: Request,
        document: Document,
        into: Gathering,
        references: frozenset[str],
        provider: str,
    ) -> None:
        self.into = into
        self.data: Members = object_of(document.data)
        self._meter = request.meter
        self._document = document
        self._references = references
        self._provider = provider
        self._serving: dict[str, list[Json]] = {}
        self._served: set[tuple[str, str]] = set()
        self._servers: set[str] = set()

    def read(self, parts: Callable[[_File], Iterator[_Part]]) -> None:
        """Add what the file tells; which functions a domain leads to is known after them all."""
        routed: list[_Part] = []
        for part in parts(self):
            self._meter.spend("elements")
            if part.role == "sites":
                routed.append(part)
                continue
            if part.role == "data_stores":
                self._store(part)
            servers = [self._server(part)] if part.role == "servers" else []
            self._sites(part.props, part.here, servers)
        for part in routed:
            routes = self.elements(self.members(part.props.get("routeConfig")).get("routes"))
            called = [self.text(self.members(one).get("functionName")) for one in routes]
            self._domain(part.props, part.here, list(filter(None, called)))

    # --- values, with what their references name, as often as these lead to others --------------

    def value(self, written: Json) -> Json:
        """Return a value with what its references name; a reference without a value stays."""
        for _ in range(_DEEPEST):
            if not isinstance(written, str) or "${" not in written:
                break
            alone = _REFERENCE.fullmatch(written)
            found = self._named(alone[1]) if alone else _REFERENCE.sub(self._replaced, written)
            self._meter.spend("expansions", len(found) if isinstance(found, str) else 1)
            if found is None or found == written:
                break
            written = found
        return written

    def _named(self, reference: str) -> Json:
        """Return what a reference names in the file; None if that is not there."""
        keys = reference.strip().split(".")
        return get(self.data, *keys) if keys[0] in self._references else None

    def _replaced(self, reference: re.Match[str]) -> str:
        found = self._named(reference[1])
        text = isinstance(found, (str, int, float)) and not isinstance(found, bool)
        self._meter.spend("expansions", len(str(found)) if text else 1)
        return str(found) if text else reference[0]

    def text(self, *written: Json) -> str | None:
        """Return the first text without variables; None if there is none."""
        found = map(self.value, written)
        return next(
            (one for one in found if isinstance(one, str) and one and not _is_open(one)), None
        )

    def members(self, written: Json) -> Members:
        """Return the members of an object; of anything else, none."""
        return object_of(self.value(written))

    def elements(self, written: Json) -> list[Json]:
        """Return the elements of a list; of anything else, none."""
        return [*list_of(self.value(written))]

    # --- elements and gaps ----------------------------------------------------------------------

    def _found(self, at: At, status: Status = Status.KNOWN) -> ProvenanceLookup:
        """Return where something is."""
        place, tokens = partial(self._place, at), [*map(str, at)]
        address, attribute = ".".join(tokens[:2]), ".".join(tokens[2:])
        return lambda: Provenance(
            place=place(), status=status, address=address, attribute=attribute
        )

    def _place(self, at: At) -> Place:
        """Return a place; its line is quoted only for what was read, or a secret may be in it."""
        place = self._document.place(pointer(at))
        value = get(self._document.data, *map(str, at))
        read = isinstance(value, (str, int)) and not _is_open(value)
        return place if read else replace(place, excerpt="")

    def gap(self, at: At, *kinds: str) -> None:
        """Add a gap for what is written elsewhere, or is a variable."""
        key = next((token for token in reversed(at) if isinstance(token, str)), "")
        self.into.gap(_ELSEWHERE.format(key=key), self._place(at), *kinds)

    def check(self, written: Json, at: At, *kinds: str) -> None:
        """Add a gap if a value is a variable without one."""
        if _is_open(self.value(written)):
            self.gap(at, *kinds)

    def _server(self, part: _Part) -> str:
        """Add a function or a container, its logs and its file systems; return its id."""
        name, (region_at, region), props = part.name, part.region, part.props
        self.into.add("servers", name, self._found(part.at))
        self._servers.add(name)
        self._locate("servers", part)
        known = table(self._provider)
        operator = known.operator_in(self.text(region)) if known else None
        if operator:
            found = self._found(region_at)
            self.into.set("servers", name, "provider", {"name": operator}, found)
        for trigger in map(self.members, self.elements(props.get("triggers"))):
            if "http" in (trigger.get("type"), trigger.get("triggerType")):
                self.into.remark(_GENERATED)
        service, below = props.get("service"), (*part.here, "service")
        self.check(service, below, "log_stores", "data_stores")
        for held, here in ((props, part.here), (self.members(service), below)):
            self._logs(name, held.get("logConfig"), (*here, "logConfig"))
            self._mounts(held.get("nasConfig"), (*here, "nasConfig"))
        return name

    def _locate(self, kind: str, part: _Part) -> None:
        """Add where an element is; a region that is a variable is not known."""
        at, region = part.region
        known = self.text(region)
        location: JsonObject | None = None
        if known:
            location = {"cloud_region": {"provider": self._provider, "id": known}}
        status = Status.KNOWN if known else Status.AFTER_APPLY if region else Status.DEFAULT
        self.into.set(kind, part.name, "location", location, self._found(at, status))

    def _store(self, part: _Part) -> None:
        """Add a bucket for a web site, a database or a file system."""
        self.into.add("data_stores", part.name, self._found(part.at), kind=part.store)
        self._locate("data_stores", part)
        if self.text(part.props.get("acl")) in _PUBLISHED:
            found = self._found((*part.here, "acl"))
            self.into.set("data_stores", part.name, "published", value=True, provenance=found)

    def _logs(self, server: str, written: Json, here: At) -> None:
        """Add a log store; how long it keeps logs is not in the file."""
        config = self.value(written)
        named = self.text(self.members(config).get("logstore"))
        if not config:
            return
        if not named:
            self.into.remark(_AUTOMATIC)
        name, at = (named, (*here, "logstore")) if named else (f"{server}.logConfig", here)
        self.into.add("log_stores", name, self._found(at))
        self.into.set("log_stores", name, "retention", None, self._found(at, Status.DEFAULT))

    def _mounts(self, written: Json, here: At) -> None:
        """Add the file systems that a function mounts."""
        self.check(written, here, "data_stores")
        points = self.members(written).get("mountPoints")
        for at, point in self._each(points, (*here, "mountPoints"), "data_stores"):
            mounted = self.members(point).get("serverAddr")
            self.check(mounted, (*at, "serverAddr"), "data_stores")
            if address := self.text(mounted):
                name = address.partition(":")[0] or _UNNAMED
                found = self._found((*at, "serverAddr"))
                self.into.add("data_stores", name, found, kind="files")

    def _sites(self, held: Members, here: At, servers: list[str]) -> None:
        """Add the domains in lists of hosts, here and in what belongs to the gateway."""
        for key in filter(held.__contains__, _DOMAINS):
            for at, domain in self._each(held[key], (*here, key), "sites"):
                if members := self.members(domain):
                    self._domain(members, at, servers)
        for key in filter(held.__contains__, _GATEWAYS):
            for at, below in self._each(held[key], (*here, key), "sites"):
                self._sites(self.members(below), at, servers)

    def _each(self, written: Json, at: At, kind: str) -> Iterator[tuple[At, Json]]:
        """Yield the elements of a list, or a value alone; one that is a variable is a gap."""
        found = self.value(written)
        each: list[tuple[At, Json]] = [(at, found)]
        if isinstance(found, list):
            each = [((*at, index), one) for index, one in enumerate(found)]
        for place, one in each:
            self.check(one, place, kind)
            yield place, one

    def _domain(self, members: Members, at: At, servers: list[str]) -> None:
        """Add the site of a domain of its own; one that is generated is a remark."""
        key = next(filter(members.__contains__, _HOSTS), None)
        at = (*at, key) if key else at
        written = self.value(members[key]) if key else None
        if written in ("auto", "Auto", "AUTO"):
            self.into.remark(_GENERATED)
            return
        if not isinstance(written, str):
            self.gap(at, "sites")
            return
        found = self._found(at)
        name = self.into.site(written.partition("://")[2].rstrip("/") or written, found)
        if name is None:
            return
        self.into.set("sites", name, "public", value=True, provenance=found)
        self._meter.spend("expansions", len(servers))
        # The list grows with each function behind the domain; another file's is no server here.
        serving = self._serving.setdefault(name, [])
        for one in servers:
            if one in self._servers and (name, one) not in self._served:
                self._served.add((name, one))
                serving.append(one)
        if serving:
            self.into.set("sites", name, "servers", serving, found)


def _devs(file: _File) -> Iterator[_Part]:
    """Yield what Serverless Devs deploys: ``services`` of edition 1, ``resources`` of edition 3."""
    top = "services" if isinstance(file.data.get("services"), dict) else "resources"
    if "extend" in file.data:
        file.gap(("extend",), *_EVERY)
    for name, written in file.members(file.data[top]).items():
        resource, here = file.members(written), (top, name, "props")
        extend = file.members(resource.get("extend")).get("name")
        inherited = get(file.data, "template", extend) if isinstance(extend, str) else None
        file.check(resource.get("props"), here, *_EVERY)
        props = {**file.members(inherited), **file.members(resource.get("props"))}
        component = _component(file.value(resource.get("component")), props)
        if component is None:
            file.gap((top, name, "component"), *_EVERY)
        elif component not in _DEVS:
            file.into.unmapped[component] += 1
        else:
            role = _DEVS[component]
            named = _function(file, props) if role == "servers" else _bucket(file, props)
            region = (*here, "region"), props.get("region")
            yield _Part(role, named or name, here[:-1], props, here, region)


def _component(written: Json, props: Members) -> str | None:
    """Return the name of a component of Devs; of a variable, what has such properties."""
    match = _COMPONENT.fullmatch(str(written))
    if match or not _is_open(written):
        return match["name"] if match else "component"
    if "functionName" in props or "function" in props:
        return "fc3"
    return "fc3-domain" if "routeConfig" in props else None


def _function(file: _File, props: Members) -> str | None:
    """Return the name of a function of Devs, in edition 1 with that of its service."""
    service, function = (file.members(props.get(key)) for key in ("service", "function"))
    named = file.text(props.get("functionName", function.get("name")))
    if not named or "function" not in props:
        return named
    above = file.text(service.get("name"))
    return f"{above}/{named}" if above else None


def _bucket(file: _File, props: Members) -> str | None:
    named = file.text(props.get("bucketName", props.get("bucket")))
    return None if named == "auto" else named


def _components(file: _File) -> Iterator[_Part]:
    """Yield the function or web site of each component of Tencent Cloud."""
    for above, written in _with_component(file.data):
        here = (*above, "inputs")
        inputs = file.members(written["inputs"])
        file.check(written["inputs"], here, "servers", "sites", "data_stores")
        match = _TENCENT.fullmatch(str(written["component"]))
        component = match["name"] if match else "component"
        role = _COMPONENTS.get(component, "servers")
        bucket = _bucket(file, inputs) if role == "data_stores" else None
        name = bucket or file.text(inputs.get("name"), written.get("name"), *above) or component
        region = (*here, "region"), inputs.get("region")
        store = _STORES.get(component, "object_store")
        yield _Part(role, name, (*above, "component"), inputs, here, region, store)


def _with_component(data: Members) -> Iterator[tuple[tuple[str, ...], Members]]:
    for here, one in [((), data), *(((name,), member) for name, member in data.items())]:
        if isinstance(one, dict) and "component" in one and "inputs" in one:
            yield here, one


def _cloudbase(file: _File) -> Iterator[_Part]:
    """Yield the functions, containers and other plugins of CloudBase, and the stores they need."""
    yield from _functions(file, {"functions": file.data.get("functions")}, ())
    framework = file.members(file.data.get("framework"))
    for name, written in file.members(framework.get("plugins")).items():
        plugin, here = file.members(written), ("framework", "plugins", name)
        use = str(plugin.get("use", "")).rpartition("framework-plugin-")[2]
        inputs = file.members(plugin.get("inputs"))
        if use == "website":
            file.into.remark(_HOSTED)
        if use == "function":
            yield from _functions(file, inputs, (*here, "inputs"))
        role = "servers" if use in _CONTAINERS else ""
        named = file.text(inputs.get("serviceName", inputs.get("name"))) or name
        yield _Part(role, named, here, inputs, (*here, "inputs"), _region(file))
    if "hosting" in file.data:
        file.into.remark(_HOSTED)
    addons = file.members(framework.get("requirement")).get("addons")
    for index, addon in enumerate(map(file.members, file.elements(addons))):
        kind = file.text(addon.get("type")) or _UNNAMED
        at = ("framework", "requirement", "addons", index)
        if kind in _STORES:
            name = file.text(addon.get("name")) or kind
            yield _Part("data_stores", name, at, {}, at, _region(file), _STORES[kind])
        else:
            file.into.unmapped[kind] += 1


def _functions(file: _File, held: Members, here: At) -> Iterator[_Part]:
    """Yield the functions in a list of CloudBase; one without a name is a gap."""
    for index, written in enumerate(file.elements(held.get("functions"))):
        at = (*here, "functions", index)
        name = file.text(file.members(written).get("name"))
        if name:
            yield _Part("servers", name, at, {}, at, _region(file))
        else:
            file.gap(at, "servers")


def _region(file: _File) -> tuple[At, Json]:
    at = "region" if "region" in file.data else "envId"
    return (at,), file.data.get("region")


class _Tool(Struct, frozen=True):
    """A tool: what its files have, what they deploy, and what references in them may name."""

    fits: Callable[[Members], bool]
    parts: Callable[[_File], Iterator[_Part]]
    references: frozenset[str] = frozenset()
    provider: str = "tencentcloud"


def _is_devs(data: Members) -> bool:
    return "edition" in data and isinstance(data.get("services", data.get("resources")), dict)


_TOOLS = (
    _Tool(_is_devs, _devs, frozenset({"vars", "services", "resources"}), "alicloud"),
    _Tool(lambda data: any(_with_component(data)), _components, frozenset({"name", "app", "org"})),
    _Tool(lambda data: "envId" in data, _cloudbase),
)


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
