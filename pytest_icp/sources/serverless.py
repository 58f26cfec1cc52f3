"""Source kind ``serverless``: Serverless Devs, CloudBase and components of Tencent Cloud.

Each tool lists what its files deploy; a function is a server, and its domains are sites. A
variable has its value if that stands in the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.derived import Derived, Provenance, Status
from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, JsonObject, object_of
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.documents import Document, ProvenanceLookup, Value
from pytest_icp.sources.gathering import Gathering
from pytest_icp.sources.request import Request
from pytest_icp.sources.terraform.tables import lists_of, table

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
    **dict.fromkeys(("website", "cos", "cfs", "postgresql", "cynosdb"), "data_stores"),
    **dict.fromkeys(("vpc", "layer", "cam-role", "cam-policy"), ""),
}
"""What the components of Tencent Cloud are that are not functions."""
_PLUGINS = {
    **dict.fromkeys(("container", "node", "next", "nuxt", "deno", "dart"), "servers"),
    **dict.fromkeys(("website", "function", "auth", "login", "mp"), ""),
    "database": "data_stores",
}
"""What the plugins of CloudBase are that deploy a container or keep data."""
_STORES = {
    **dict.fromkeys(("CFS", "cfs"), "files"),
    **dict.fromkeys(("CynosDB", "cynosdb", "postgresql"), "database"),
}
"""What stores are that are not buckets: those that CloudBase adds, and components."""

_DOMAINS = ("customDomains", "hosts", "customDomain")
_HOSTS = ("host", "domain", "domainName")
_GATEWAYS = ("apigatewayConf", "apigwConf", "apigw", "cdnConf", "parameters", "triggers", "events")
"""Properties that may have domains below them."""
_MOUNTS = (
    ("nasConfig", "serverAddr", "files"),
    ("ossMountConfig", "bucketName", "object_store"),
)
"""The properties of what a function mounts, the key that names each, and the kind of store."""
_PUBLISHED = frozenset({"public-read", "public-read-write"})
_COMPONENT = re.compile(r"(?:[\w.-]+/)?(?P<name>[\w.-]+?)(?:@[\w.-]+)?")
_TENCENT = re.compile(r"(?:@?[\w.-]+/)?(?:tencent-)?(?P<name>[\w.-]++)(?:@[\w.-]+)?")


def read_serverless(request: Request) -> Derived:
    """Read serverless files (无服务器应用): functions are servers, their domains sites.

    Raises `InputError` if there is no serverless application.
    """
    into, found = Gathering(request), False
    for path in request.files(".yaml", ".yml", ".json"):
        if request.alone or _NAME.fullmatch(path.name):
            with into.reading(path, *_EVERY):
                for document in into.documents(path, *_EVERY):
                    found |= _application(request, document, into)
    if not (found or into.unread):
        raise InputError(_NONE, place=Place(path=request.path))
    return into.derived()


def _application(request: Request, document: Document, into: Gathering) -> bool:
    """Add what a document tells; return whether it is an application."""
    top = document.value
    for tool in _TOOLS:
        if tool.fits(top):
            _File(request, top, into, tool).read()
            into.repeated(document, *_EVERY)
            return True
    if "provider" in top and ("service" in top or "functions" in top):
        into.gap(FRAMEWORK, replace(top.get("provider").place(), excerpt=""), *_EVERY)
        return True
    return False


def _is_open(text: Json) -> bool:
    """Whether a text contains a variable without a value, or a template."""
    return isinstance(text, str) and _OPEN.search(text) is not None


class _Part(Confidential, Struct, frozen=True):
    """Something that a file deploys: the list that it is in, its name, itself, and properties.

    ``store`` is the kind of a data store.
    """

    role: str
    name: str
    itself: Value
    props: Value
    region: Value
    store: str = "object_store"


class _File:
    """One file of a tool: its values, and what they tell."""

    def __init__(self, request: Request, top: Value, into: Gathering, tool: _Tool) -> None:
        self.into = into
        self.top = top
        self._meter = request.meter
        self._tool = tool
        self._serving: dict[str, list[Json]] = {}
        self._served: set[tuple[str, str]] = set()
        self._servers: set[str] = set()

    def read(self) -> None:
        """Add what the file tells; which functions a domain leads to is known after them all."""
        routed: list[Value] = []
        for part in self._tool.parts(self):
            self._meter.spend("elements")
            if part.role == "sites":
                routed.append(part.props)
                continue
            if part.role == "data_stores":
                self._store(part)
            servers = [self._server(part)] if part.role == "servers" else []
            self._sites(part.props, servers)
        for props in routed:
            routes = self.value(self.value(props.get("routeConfig")).get("routes"))
            called = [self.text(self.value(one).get("functionName")) for one in _elements(routes)]
            self._domain(props, list(filter(None, called)))

    # --- values, with what their references name, as often as these lead to others --------------

    def value(self, written: Value) -> Value:
        """Return a value with what its references name; a reference without a value stays."""
        data = written.data
        for _ in range(_DEEPEST):
            if not isinstance(data, str) or "${" not in data:
                break
            alone = _REFERENCE.fullmatch(data)
            found = self._named(alone[1]) if alone else _REFERENCE.sub(self._replaced, data)
            self._meter.spend("expansions", len(found) if isinstance(found, str) else 1)
            if found is None or found == data:
                break
            data = found
        return written if data is written.data else replace(written, data=data)

    def _named(self, reference: str) -> Json:
        """Return what a reference names in the file; None if that is not there."""
        keys = reference.strip().split(".")
        return self.top.get(*keys).data if keys[0] in self._tool.references else None

    def _replaced(self, reference: re.Match[str]) -> str:
        found = self._named(reference[1])
        text = isinstance(found, (str, int, float)) and not isinstance(found, bool)
        self._meter.spend("expansions", len(str(found)) if text else 1)
        return str(found) if text else reference[0]

    def text(self, *written: Value) -> str | None:
        """Return the first text without variables; None if there is none."""
        found = (self.value(one).data for one in written)
        return next(
            (one for one in found if isinstance(one, str) and one and not _is_open(one)), None
        )

    def members(self, written: Value) -> list[tuple[str, Value]]:
        """Return the members of an object, with what they refer to; of anything else, none."""
        found = self.value(written)
        members = found.members() if isinstance(found.data, dict) else []
        return [(name, self.value(one)) for name, one in members]

    # --- elements and gaps ----------------------------------------------------------------------

    def _found(self, value: Value, status: Status = Status.KNOWN) -> ProvenanceLookup:
        """Return where something is."""
        place, address, attribute = (
            partial(self._place, value),
            ".".join(value.path[:2]),
            ".".join(value.path[2:]),
        )
        return lambda: Provenance(
            place=place(), status=status, address=address, attribute=attribute
        )

    def _place(self, value: Value) -> Place:
        """Return a place; its line is quoted only for what was read, or a secret may be in it."""
        written = self.top.get(*value.path).data
        read = isinstance(written, (str, int)) and not _is_open(written)
        return value.place() if read else replace(value.place(), excerpt="")

    def gap(self, value: Value, *kinds: str) -> None:
        """Add a gap for what is written elsewhere, or is a variable."""
        key = next((key for key in reversed(value.path) if not key.isdecimal()), "")
        self.into.gap(_ELSEWHERE.format(key=key), self._place(value), *kinds)

    def unknown(self, kind: str, value: Value) -> None:
        """Add a gap for a type that is not known, by what its name says that it may be."""
        lists = lists_of(f"{self._tool.provider}_{kind.replace('-', '_').lower()}")
        if kinds := lists.intersection(_EVERY):
            self.into.gap(_UNKNOWN.format(kind=kind[:80]), self._place(value), *kinds)

    def check(self, written: Value, *kinds: str) -> None:
        """Add a gap if a value is a variable without one."""
        if _is_open(self.value(written).data):
            self.gap(written, *kinds)

    def _server(self, part: _Part) -> str:
        """Add a function or a container, its logs and its file systems; return its id."""
        name, props = part.name, part.props
        self.into.add("servers", name, self._found(part.itself))
        self._servers.add(name)
        self._locate("servers", part)
        known = table(self._tool.provider)
        if known and (operator := known.operator_in(self.text(part.region))):
            found = self._found(part.region)
            self.into.set("servers", name, "provider", {"name": operator}, found)
        for trigger in map(self.value, _elements(self.value(props.get("triggers")))):
            if "http" in (trigger.get("type").data, trigger.get("triggerType").data):
                self.into.remark(_GENERATED)
        self.check(props.get("service"), "log_stores", "data_stores")
        for held in (props, self.value(props.get("service"))):
            for logs in ("logConfig", "cls"):
                self._logs(name, held.get(logs))
            for mounts, *mounted in _MOUNTS:
                self._mounts(name, held.get(mounts), *mounted)
        return name

    def _locate(self, kind: str, part: _Part) -> None:
        """Add where an element is; a region that is a variable is not known."""
        known = self.text(part.region)
        location: JsonObject | None = None
        if known:
            location = {"cloud_region": {"provider": self._tool.provider, "id": known}}
        unknown = Status.AFTER_APPLY if part.region.data else Status.DEFAULT
        found = self._found(part.region, Status.KNOWN if known else unknown)
        self.into.set(kind, part.name, "location", location, found)

    def _store(self, part: _Part) -> None:
        """Add a bucket for a web site, a database or a file system."""
        self.into.add("data_stores", part.name, self._found(part.itself), kind=part.store)
        self._locate("data_stores", part)
        acl = part.props.get("acl")
        if self.text(acl) in _PUBLISHED:
            found = self._found(acl)
            self.into.set("data_stores", part.name, "published", value=True, provenance=found)

    def _logs(self, server: str, written: Value) -> None:
        """Add a log store; how long it keeps logs is not in the file."""
        config = self.value(written)
        if not config.data:
            return
        store = config.get("topicId" if "topicId" in config else "logstore")
        named = self.text(store)
        if not named:
            self.into.remark(_AUTOMATIC)
        name, at = (named, store) if named else (f"{server}.logConfig", config)
        self.into.add("log_stores", name, self._found(at))
        self.into.set("log_stores", name, "retention", None, self._found(at, Status.DEFAULT))

    def _mounts(self, server: str, written: Value, key: str, kind: str) -> None:
        """Add the file systems or buckets that a function mounts, which a key names."""
        self.check(written, "data_stores")
        if self.value(written).text.lower() == "auto":
            self.into.add(
                "data_stores", f"{server}.{written.path[-1]}", self._found(written), kind=kind
            )
        for point in self._each(self.value(written).get("mountPoints"), "data_stores"):
            mounted = self.value(point).get(key)
            self.check(mounted, "data_stores")
            if address := self.text(mounted):
                name = address.partition(":")[0] or _UNNAMED
                self.into.add("data_stores", name, self._found(mounted), kind=kind)

    def _sites(self, held: Value, servers: list[str]) -> None:
        """Add the domains in lists of hosts, here and in what belongs to the gateway."""
        for key in filter(held.__contains__, _DOMAINS):
            for domain in map(self.value, self._each(held.get(key), "sites")):
                if isinstance(domain.data, dict) and domain.data:
                    self._domain(domain, servers)
        for key in filter(held.__contains__, _GATEWAYS):
            for below in self._each(held.get(key), "sites"):
                self._sites(self.value(below), servers)

    def _each(self, written: Value, kind: str) -> Iterator[Value]:
        """Yield the elements of a list, or a value alone; one that is a variable is a gap."""
        found = self.value(written)
        for one in _elements(found) if isinstance(found.data, list) else [found]:
            self.check(one, kind)
            yield one

    def _domain(self, members: Value, servers: list[str]) -> None:
        """Add the site of a domain of its own; one that is generated is a remark."""
        key = next(filter(members.__contains__, _HOSTS), None)
        host = self.value(members.get(key) if key else replace(members, data=None))
        written = host.data
        if written in ("auto", "Auto", "AUTO"):
            self.into.remark(_GENERATED)
            return
        if not isinstance(written, str):
            self.gap(host, "sites")
            return
        found = self._found(host)
        name = self.into.site(written.partition("://")[2].rstrip("/") or written, found)
        if name is None:
            return
        self.into.set("sites", name, "public", value=True, provenance=found)
        self._meter.spend("expansions", len(servers))
        # The list grows with each function behind the domain; another file's is not a server here.
        serving = self._serving.setdefault(name, [])
        for one in servers:
            if one in self._servers and (name, one) not in self._served:
                self._served.add((name, one))
                serving.append(one)
        if serving:
            self.into.set("sites", name, "servers", serving, found)


def _elements(value: Value) -> list[Value]:
    """Return the elements of a list; of anything else, none."""
    return [one for _, one in value.members()] if isinstance(value.data, list) else []


def _devs(file: _File) -> Iterator[_Part]:
    """Yield what Serverless Devs deploys: ``services`` of edition 1, ``resources`` of edition 3."""
    top = file.top
    if "extend" in top:
        file.gap(top.get("extend"), *_EVERY)
    listed = "services" if isinstance(top.get("services").data, dict) else "resources"
    for name, resource in file.members(top.get(listed)):
        extend = file.value(resource.get("extend")).get("name").data
        inherited = top.get("template", extend) if isinstance(extend, str) else resource.get("")
        file.check(resource.get("props"), *_EVERY)
        own = file.value(resource.get("props"))
        data = {**object_of(file.value(inherited).data), **object_of(own.data)}
        props = replace(own, data=data)
        component = _component(file.value(resource.get("component")).data, props)
        if component is None:
            file.gap(resource.get("component"), *_EVERY)
        elif component not in _DEVS:
            file.unknown(component, resource.get("component"))
        else:
            role = _DEVS[component]
            named = _function(file, props) if role == "servers" else _bucket(file, props)
            yield _Part(role, named or name, resource, props, props.get("region"))


def _component(written: Json, props: Value) -> str | None:
    """Return the name of a component of Devs; of a variable, what has such properties."""
    match = _COMPONENT.fullmatch(str(written))
    if match or not _is_open(written):
        return match["name"] if match else "component"
    if "functionName" in props or "function" in props:
        return "fc3"
    return "fc3-domain" if "routeConfig" in props else None


def _function(file: _File, props: Value) -> str | None:
    """Return the name of a function of Devs, in edition 1 with that of its service."""
    service, function = (file.value(props.get(key)) for key in ("service", "function"))
    named = file.text(_either(props, "functionName") or function.get("name"))
    if not named or "function" not in props:
        return named
    above = file.text(service.get("name"))
    return f"{above}/{named}" if above else None


def _either(held: Value, *keys: str) -> Value | None:
    """Return the first of some members that there is."""
    return next((held.get(key) for key in keys if key in held), None)


def _bucket(file: _File, props: Value) -> str | None:
    written = _either(props, "bucketName", "bucket")
    named = file.text(written) if written else None
    return None if named == "auto" else named


def _components(file: _File) -> Iterator[_Part]:
    """Yield the function or web site of each component of Tencent Cloud."""
    for holder in _with_component(file.top):
        file.check(holder.get("inputs"), "servers", "sites", "data_stores")
        inputs = file.value(holder.get("inputs"))
        match = _TENCENT.fullmatch(str(holder.get("component").data))
        component = match["name"] if match else "component"
        role = _COMPONENTS.get(component, "servers")
        bucket = _bucket(file, inputs) if role == "data_stores" else None
        named = file.text(inputs.get("name"), holder.get("name"))
        name = bucket or named or ".".join(holder.path) or component
        store = _STORES.get(component, "object_store")
        yield _Part(role, name, holder.get("component"), inputs, inputs.get("region"), store)


def _with_component(top: Value) -> list[Value]:
    held = (top, *(one for _, one in top.members()))
    return [one for one in held if "component" in one and "inputs" in one]


def _cloudbase(file: _File) -> Iterator[_Part]:
    """Yield the functions, containers and other plugins of CloudBase, and the stores they need."""
    top = file.top
    region = replace(top.get("region" if "region" in top else "envId"), data=top.get("region").data)
    yield from _functions(file, top, region)
    framework = file.value(top.get("framework"))
    for name, plugin in file.members(framework.get("plugins")):
        use = plugin.get("use").text.rpartition("framework-plugin-")[2]
        inputs = file.value(plugin.get("inputs"))
        if use == "website":
            file.into.remark(_HOSTED)
        if use == "function":
            yield from _functions(file, inputs, region)
        if use not in _PLUGINS:
            file.unknown(use, plugin.get("use"))
        named = _either(inputs, "serviceName", "name")
        known = (named and file.text(named)) or name
        yield _Part(_PLUGINS.get(use, ""), known, plugin, inputs, region, "database")
    if "hosting" in top:
        file.into.remark(_HOSTED)
    for addon in _elements(file.value(file.value(framework.get("requirement")).get("addons"))):
        kind = file.text(addon.get("type")) or _UNNAMED
        if kind in _STORES:
            name = file.text(addon.get("name")) or kind
            yield _Part("data_stores", name, addon, addon.get(""), region, _STORES[kind])
        else:
            file.unknown(kind, addon.get("type"))


def _functions(file: _File, held: Value, region: Value) -> Iterator[_Part]:
    """Yield the functions in a list of CloudBase; one without a name is a gap."""
    for function in _elements(file.value(held.get("functions"))):
        if name := file.text(file.value(function).get("name")):
            yield _Part("servers", name, function, replace(function, data={}), region)
        else:
            file.gap(function, "servers")


class _Tool(Struct, frozen=True):
    """A tool: what its files have, what they deploy and where, and what references may name."""

    fits: Callable[[Value], bool]
    parts: Callable[[_File], Iterator[_Part]]
    references: frozenset[str] = frozenset()
    provider: str = "tencentcloud"


def _is_devs(top: Value) -> bool:
    listed = _either(top, "services", "resources")
    return "edition" in top and listed is not None and isinstance(listed.data, dict)


_TOOLS = (
    _Tool(_is_devs, _devs, frozenset({"vars", "services", "resources"}), "alicloud"),
    _Tool(lambda top: bool(_with_component(top)), _components, frozenset({"name", "app", "org"})),
    _Tool(lambda top: "envId" in top, _cloudbase),
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
_UNKNOWN = Text(
    zh="“{kind}”类型的组件不认识，没有读取；它部署的内容请另用一个来源（如 cloud-export）写明",
    en="components of the type {kind} are not known and not read; name what it deploys by another "
    "source, such as a cloud-export",
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
