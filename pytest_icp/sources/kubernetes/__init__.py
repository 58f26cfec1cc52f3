"""Source kind ``kubernetes``: manifests, and the output of `kustomize build` or `helm template`."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from pytest_icp.facts.derived import Derived
from pytest_icp.facts.fields import title_of
from pytest_icp.facts.files.disk import is_file, is_folder, is_inside
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import list_of, object_of
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.apache import read_apache
from pytest_icp.sources.caddy import SUFFIXES as CADDYFILES
from pytest_icp.sources.caddy import read_caddy
from pytest_icp.sources.databases import only_asks, store_of
from pytest_icp.sources.documents import Document, Unread, Value, read_documents
from pytest_icp.sources.gathering import Gathering, listed
from pytest_icp.sources.hosts import OWN_HOSTS, keeps_hosts, without_secrets
from pytest_icp.sources.kubernetes.balancers import Balancers, is_alb
from pytest_icp.sources.kubernetes.objects import (
    ANNOTATIONS,
    ANYTHING,
    BALANCED,
    HELMFILE,
    LOGS,
    MANIFESTS,
    SETS_STORES,
    SITES,
    STORES,
    Object,
    gather_gateways,
    gather_route,
    gives_hosts,
    is_gateway,
    is_service,
    may_give,
    objects,
    unread,
)
from pytest_icp.sources.log_retention import InnerFile, Stores, inner_files, together
from pytest_icp.sources.log_retention.systems import CLEANS, cleans
from pytest_icp.sources.nginx import read_nginx
from pytest_icp.sources.request import Adapter, Request

_SERVERS = (
    (
        re.compile(r"^[^\S\n]*+(?:server|http|events|upstream)\b[^\n;{]*+\{", re.MULTILINE),
        read_nginx,
    ),
    (re.compile(r"(?i)^[^\S\n]*+(?:<VirtualHost\b|ServerName\s)", re.MULTILINE), read_apache),
)
"""What the configurations of nginx and Apache httpd are known by."""
_GATEWAYS = re.compile(
    r"^_format_version[ \t]*+:|^#END[ \t]*+$|^tunnel[ \t]*+:|^[ \t]*+custom_?[dD]omains[ \t]*+="
    r"|^[ \t-]*+(?:rule[ \t]*+[:=][^\n]*\bHost\w{0,9}\("
    r"|(?:acl|use_backend)[ \t][^\n]*(?:\bhdr(?:_\w{1,9})?\([Hh]ost\b|_sni\b))",
    re.MULTILINE,
)
"""What files of gateways (Kong, APISIX, Traefik, HAProxy) and of tunnels (cloudflared, frp) are
known by that name hosts.
"""
_PUT_ASIDE = re.compile(r"\.(?:bak|backup|old|orig|save|disabled|example|sample|md)[0-9.-]*+$")
"""The ends of names of files that are kept, but that no server reads."""


def read_servers(
    read: Adapter, inner: InnerFile, beside: Collection[str], path: Path, into: Gathering
) -> None:
    """Add the sites of a configuration of a web server inside of a file.

    The files ``beside`` it are read by themselves; of what else it includes, nothing is known.
    """
    request = replace(inner.request, path=path / inner.path, root=path)
    try:
        derived = read(request)
    except InputError as error:
        into.gap(error.message, inner.around(error.place or Place(path=path)), "sites")
        return
    for i, site in enumerate(map(object_of, list_of(derived.facts.get("sites")))):
        at = inner.placed(partial(derived.trace, f"/sites/{i}/domains"))
        into.add("sites", str(site["id"]), at, domains=site["domains"])
    lines = inner.text.splitlines()
    for gap in derived.gaps:
        included = _INCLUDE.search(lines[(gap.place.line or 1) - 1])
        message = _INCLUDES.format(pattern=included[1][:80]) if included else gap.message
        if not (included and any(fnmatchcase(each, Path(included[1]).name) for each in beside)):
            into.gap(message, inner.around(gap.place), *gap.kinds)


def _server_of(inner: InnerFile) -> Adapter | None:
    """Return the reader of a configuration of a web server, whatever that of nginx is called."""
    name = inner.path.name.lower()
    if _PUT_ASIDE.search(name):
        return None
    if name.endswith(CADDYFILES):
        return read_caddy
    return next((read for sign, read in _SERVERS if sign.search(inner.text)), None)


_INCLUDE = re.compile(r"\b(?:include(?:optional)?|import)\s++[\"']?([^\s;\"']++)", re.IGNORECASE)
_INCLUDES = Text(
    zh="{pattern} 不在这个 ConfigMap 中，没有读取，其中可能还有网站；请把它也写为来源",
    en="{pattern} is not in this ConfigMap, so it was not read and may contain more sites; make it "
    "a source as well",
)


_NO_SITES = Text(
    zh="没有读取 {object}：这种网关配置不读取，其网站请在描述中手写，或者列入登记表（sites）",
    en="{object} is not read, which is a gateway's configuration: declare its sites by hand or in "
    "a register (`sites`)",
)


_ROUTING = re.compile(
    r"dns|domain|ingress|gateway|route|proxy|balanc|(?:^|[^a-z])[aen]lb|cdn|eip|listener|tunnel"
    r"|virtual|waf",
    re.IGNORECASE,
)
"""Words in the kinds of objects that may serve hosts, or be ways in."""
_HOSTS = (
    "spec/host",
    "spec/hostname",
    "spec/domain",
    *("spec/hosts/*", "spec/hostnames/*", "spec/domains/*", "spec/rules/*/host"),
)
_PUBLIC = re.compile(
    r"(?:\*\.)?(?:[a-z0-9-]{1,63}\.){1,9}(?!local|svc|internal|cluster|lan)[a-z]{2,63}",
    re.IGNORECASE,
)
"""Names of hosts that visitors may know."""
_INNER = ("istio.io", "cert-manager.io", "source.toolkit.fluxcd.io")
"""Groups of which the objects that serve hosts are read: others only name them."""
_NOT_READ = Text(
    zh="没有读取 {object}：不认识 {group} 的 {kind}，其中可能有{lists}",
    en="{object} is not read: a {kind} of {group} is not known, and may make some of: {lists}",
)
_KEEPING = re.compile(
    r"sql|postgres|cnpg|redis|valkey|memcache|hazelcast|infinispan|mongo|elastic|opensearch|solr"
    r"|weaviate|qdrant|percona|mariadb|oceanbase|tidb|pingcap|polardb|cockroach|crdb|yugabyte|vitess"
    r"|planetscale|stackgres|greptime|questdb|tdengine|surreal|raven|clickhouse|cassandra|scylla"
    r"|aerospike|kubeblocks|kubedb|minio|min\.io|rook|seaweed|juicefs|hdfs|hbase|druid|ignite|doris"
    r"|starrocks|nebula|milvus|dragonfly|influx|neo4j|memgraph|arango|couch|etcd|bucket|objectstor"
    r"|filesystem|filestor|^kafka\.|database",
    re.IGNORECASE,
)
"""What is in the kind or the group of objects by which an operator sets up a database."""
_BESIDE = re.compile(
    r"Backup|Restore|Pooler|User|Policy|Monitor|Grant|Account|Request|Version|Definition|Kibana"
    r"|Beat|Agent|ApmServer|Class|Catalog|Discovery|Kafka(?:Topic|Connect|Bridge|Mirror|NodePool|Rebalance)"
)
"""What is in the kind of an operator's other objects."""
_MACHINES = re.compile(
    r"Machine(?!Config|Health)|(?<!Kafka)Node(?:Claim|Pool|Group|Class)\b|InstanceGroup|BareMetalHost"
)
"""What is in the kind of objects by which nodes are made."""
_MANAGED = re.compile(
    r"(?!pkg|meta|apiextensions|protection|ops)(?:([a-z0-9]+)\.)?([a-z]+)\.(?:m\.|jet\.)?"
    r"(?:upbound|crossplane)\.io|([a-z0-9]+)\.(?:services\.k8s\.(aws)|cnrm\.cloud\.(google)\.com|(azure)\.com)"
)
"""The groups of resources of clouds (Crossplane, ACK, Config Connector, Azure Service Operator)."""
_TERRAFORM = {"alibaba": "alicloud", "gcp": "google", "azure": "azurerm"}
"""What Terraform calls clouds by other names."""
_SETTINGS = re.compile(r"(?:Cluster)?Provider(?:Config\w*)?|StoreConfig")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
# Kinds that are understood, but that no rule uses.
_UNUSED_KINDS = frozenset(
    "IngressClass IngressClassParams GatewayClass VolumeAttachment CustomResourceDefinition"
    # What routes without names, or says more of what routes.
    " TCPRoute UDPRoute IngressRouteUDP HTTPRouteFilter HTTPRoutePolicy KongIngress"
    " ManagedCertificate".split()
)
_KIND = re.compile(rb"^[\"']?kind[\"']?:[ \t]*[\"']?(\w+)[\"']?[ \t\r]*(?:#.*)?$", re.MULTILINE)
_IMAGE = re.compile(rb"^[ \t-]*+image:[ \t]*+[\"']?([^\s\"'#]++)", re.MULTILINE)
_CONTAINERS = ("spec/template/spec/containers/*", "spec/containers/*")
_COMMANDS = ("command", "args")
_RUN = ("image", "command/*", "args/*")
"""What a container runs, an image that runs Curator among it."""
_LOGTAIL = "aliyun_logs_"
"""How variables begin by which Logtail makes stores of the logs of a container."""
# A template may insert anything at the beginning of a line, except by these statements.
_CALLS = re.compile(
    rb"^\{\{-?+\s*+(?!if\b|else\b|end\b|with\b|range\b|/\*|define\b|\$)", re.MULTILINE
)


def read_kubernetes(request: Request) -> Derived:
    """Read manifests (Kubernetes 清单): hosts are sites, load balancers servers and links.

    ``settings`` are ``cloud`` and ``region`` of the cluster, which manifests do not contain, and
    ``cluster``, a prefix for the ids of its load balancers. A template, a patch or a broken
    document is a gap; the other documents are still read.

    Raises `InputError` if there is no Kubernetes object.
    """
    reader = _ManifestReader(request)
    reader.read()
    into = reader.into
    reader.balancers.locate()
    reader.stores.finish()
    gather_gateways(reader.gateways, into)
    if into.unused:
        counted = [f"{kind} {count}" for kind, count in sorted(into.unused.items())]
        into.remark(_UNUSED.format(kinds=listed(counted)))
    if reader.skipped:
        into.remark(_NO_OBJECTS.format(files=listed(reader.skipped)))
    return into.derived()


class _ManifestReader:
    """Reads files one by one; only gateways and their routes are kept for later."""

    def __init__(self, request: Request) -> None:
        self.into = Gathering(request)
        self.gateways: list[Object] = []
        self.balancers = Balancers(self.into, request.settings, request.path)
        self.stores = Stores(request, self.into, elsewhere=False)
        self.skipped: dict[str, None] = {}
        self._request = request
        self._built: set[Path] = set()
        """The folders that Kustomizations decide about."""
        self._read: set[str] = set()
        self._any = False

    def read(self) -> None:
        """Read the requested files and the resources of their Kustomizations."""
        named = tuple(self._request.files(*MANIFESTS))
        ruling = [file for file in named if file.name in NAMES]
        self._read_all([*self._unread(ruling)])
        self._read_all([*self._beside(named)])
        if not (self._any or self.into.unread):
            raise InputError(_NONE, place=Place(path=self._request.path), hint=_COMPOSE)

    def _read_all(self, waiting: list[Path]) -> None:
        """Read files, and those that their Kustomizations lead to."""
        for path in waiting:
            with self.into.reading(path, *ANYTHING):
                for document in read_documents(self._request, path):
                    waiting += self._add(document)

    def _beside(self, named: Iterable[Path]) -> Iterator[Path]:
        """Yield the other files; what the Kustomization beside it does not list is left out.

        Folders below are read: something else may deploy what is in them.
        """
        unlisted = []
        for file in self._unread(named):
            if file.parent in self._built:
                unlisted.append(self._request.as_written(file))
            else:
                yield file
        if unlisted:
            self.into.remark(_UNLISTED.format(files=listed(unlisted)))

    def _add(self, document: Document | Unread) -> list[Path]:
        """Add the facts of a document; return further files to read."""
        if isinstance(document, Unread):
            self.into.refused(document, document.place.path, *_may_give(document))
            return []
        if is_kustomization(document):
            self._any = True
            self._built.add(document.path.parent)
            report_unapplied(document, self.into, self._request)
            for address, made in _generated(document, self._request):
                self._config_map(made, address, document.path)
            return list(self._unread(files_of(document, self.into, self._request)))
        found = list(objects(document.value))
        for item in found:
            self._add_object(item)
        if "releases" in document.value and document.path.name.startswith("helmfile"):
            said = HELMFILE.format(object=document.path.name)
            self.into.gap(said, document.value.get("releases").place(), *ANYTHING)
        if found:
            self._any = True
            self.into.repeated(document, *{fact for item in found for fact in _gives(item.kind)})
        else:
            self.skipped[self._request.as_written(document.path)] = None
        return []

    def _add_object(self, item: Object) -> None:
        if item.get("$patch").data == "delete":
            self.into.remark(_DELETES.format(object=item.address))
        elif gives_hosts(item) or is_alb(item) or is_service(item):
            self.balancers.gather(item)
            if is_gateway(item):
                self.gateways.append(item)
            elif gives_hosts(item):
                gather_route(item, self.into)
        elif (item.kind, item.group) == ("Node", ""):
            self.balancers.gather_node(item)
        elif row := unread(item):
            self.into.gap(
                row.message.format(object=item.address), item.get("kind").place(), *row.gives
            )
        elif item.kind == "ConfigMap":
            self.into.unused[item.kind] += 1
            if not item.group:
                made = inner_files(self._request, item, item.address)
                self._config_map(made, item.address, item.places.path)
        elif not self._workload(item):
            self._leave(item)

    def _leave(self, item: Object) -> None:
        """Name an object that is not read, by what it may tell."""
        lists = _makes(item) if "." in item.group and item.kind not in _UNUSED_KINDS else ()
        if lists:
            titles = Text("、", ", ").join(map(title_of, sorted(lists)))
            message = _NOT_READ.format(
                object=item.address, kind=item.kind, group=item.group, lists=titles
            )
            self.into.gap(message, item.get("kind").place(), *lists)
        else:
            self.into.unused[item.kind] += 1

    def _workload(self, item: Object) -> bool:
        """Add the databases that containers of an object are; return whether any is.

        What a Job runs ends.
        """
        number = 0
        for container in item.select(f"spec/jobTemplate/{_CONTAINERS[0]}"):
            words = [one.text for key in _RUN for one in container.select(key)]
            if cleans(" ".join(words)):
                self.into.gap(CLEANS, container.place(), *LOGS)
        paths = () if item.kind == "Job" else _CONTAINERS
        for container in (one for path in paths for one in item.select(path)):
            image = container.get("image")
            self._note(item.address, container)
            store = store_of(image.data)
            if store and not only_asks(container.get(key).data or [] for key in _COMMANDS):
                number += 1
                name = item.address if number == 1 else f"{item.address}/{number}"
                self.into.add("data_stores", name, image.at(), kind=store)
        return number > 0

    def _note(self, address: str, container: Value) -> None:
        """Add a gap for what a container serves or logs by settings that are not read."""
        image = container.get("image")
        if keeps_hosts(image.text):
            self.into.gap(OWN_HOSTS.format(name=address), image.place(), "sites")
        for variable in container.select("env/*/name"):
            if variable.text.startswith(_LOGTAIL):
                self.into.gap(SETS_STORES.format(object=address), variable.place(), *LOGS)
                break

    def _config_map(self, made: Iterable[InnerFile], address: str, path: Path) -> None:
        """Add what the files of a ConfigMap tell."""
        files = {one.path.name: one for one in made}
        for name, inner in files.items():
            if read := _server_of(inner):
                read_servers(read, inner, files.keys() - {name}, path, self.into)
            elif (found := _GATEWAYS.search(inner.text)) and not _PUT_ASIDE.search(name.lower()):
                self.into.gap(
                    _NO_SITES.format(object=f"{address}/{name}"),
                    inner.around(inner.place(*found.span())),
                    "sites",
                )
            else:
                self.stores.read_inner(inner)

    def _unread(self, files: Iterable[Path]) -> Iterator[Path]:
        """Yield the files that have not been read yet."""
        for file in files:
            real = os.path.realpath(file)
            if real not in self._read:
                self._read.add(real)
                yield file


def _makes(item: Object) -> frozenset[str]:
    """Return the facts that an object of a group that is not known may give."""
    if managed := _MANAGED.fullmatch(item.group):
        return _of_cloud(item, *filter(None, managed.groups()))
    if item.group.endswith(_INNER):
        return frozenset()
    if _may_serve(item):
        return BALANCED
    if not _BESIDE.search(item.kind) and _KEEPING.search(f"{item.group} {item.kind}"):
        return STORES
    return BALANCED - SITES if _MACHINES.search(item.kind) else frozenset()


def _of_cloud(item: Object, *names: str) -> frozenset[str]:
    """Return what a resource of a cloud may give, which Terraform names by its kind as well."""
    from pytest_icp.sources.terraform.tables import lists_changed_by

    cloud, kind = _TERRAFORM.get(names[-1], names[-1]), _HUMP.sub("_", item.kind).lower()
    # Whose network it is, the name of its service does not say.
    if _SETTINGS.fullmatch(item.kind) or not lists_changed_by(f"{cloud}_{kind}"):
        return frozenset()
    return lists_changed_by("_".join((cloud, *names[:-1], kind)))


def _may_serve(item: Object) -> bool:
    """Whether an object of a group that is not known may serve hosts, or be a way in."""
    hosts = (host.text for path in _HOSTS for host in item.select(path))
    named = any(map(_PUBLIC.fullmatch, hosts))
    return named or _ROUTING.search(item.kind) is not None


def _may_give(document: Unread) -> frozenset[str]:
    """Return the facts that an unreadable document may give, by the kinds it mentions."""
    kinds = [found.decode() for found in _KIND.findall(document.raw)]
    if not kinds or (document.template and _CALLS.search(document.raw)):
        return ANYTHING
    images = (found.decode("utf-8", "replace") for found in _IMAGE.findall(document.raw))
    stores = STORES if any(map(store_of, images)) else frozenset[str]()
    return stores.union(*map(_gives, kinds))


def _gives(kind: str) -> frozenset[str]:
    if kind.endswith("List"):
        return ANYTHING if kind == "List" else BALANCED
    return may_give(kind)


NAMES = frozenset({"kustomization.yaml", "kustomization.yml", "Kustomization"})
_RESOURCES = ("resources/*", "bases/*", "components/*")
_REMOTE = re.compile(r"[a-z+]+://|git@|(?:[\w-]+\.)+[a-z]+/[^/]+/|.*\?ref=")
# These generate or transform objects.
_MAKERS = (
    *("helmCharts", "helmChartInflationGenerator"),
    *("generators", "transformers", "replacements"),
)
_PATCHES = ("patches", "patchesJson6902", "patchesStrategicMerge")
"""Where a Kustomization patches objects."""
_SERVING = ("Ingress", "Gateway", "Route", "Service", "VirtualServ", "Proxy")
_RENAMING = ("namespace", "namePrefix", "nameSuffix")
# What a patch may say of a Service or a route without changing who reaches it, or by which name.
_HARMLESS = frozenset({"selector", "ports", "sessionAffinity"})


def is_kustomization(document: Document) -> bool:
    """Whether a document is a Kustomization; a file with that name needs no ``kind``."""
    version = document.value.get("apiVersion").data
    if isinstance(version, str):
        return version.startswith("kustomize.config.k8s.io/")
    named = document.path.name.lower().endswith(tuple(map(str.lower, NAMES)))
    return named and isinstance(document.data, Mapping)


def files_of(document: Document, into: Gathering, request: Request) -> Iterator[Path]:
    """Yield the files of a Kustomization; a resource that is remote or missing is a gap."""
    for resource in [one for path in _RESOURCES for one in document.value.select(path)]:
        written = resource.data
        if not isinstance(written, str):
            continue
        path = Path(document.path.parent, written)
        # Of what is outside, nothing is looked at.
        inside = _kustomizations_in(path) if is_inside(path, request.root) else []
        if _REMOTE.match(written):
            shown = without_secrets(written)
            into.gap(_ELSEWHERE.format(written=shown), resource.place(), *ANYTHING)
        elif inside:
            yield from inside
        elif request.may_be_file(path):
            yield path
        else:
            # Secrets are often kept out of a repository, and give no facts.
            kinds = frozenset[str]() if "secret" in path.name else ANYTHING
            into.gap(_NO_FILE.format(written=written), resource.place(), *kinds)
    for _, patch, file in _patches(document):
        path = document.path.parent / file
        # One outside may change anything, which is said of it.
        if file and is_inside(path, request.root) and is_file(path):
            yield path
        elif file and patch.get("target").data is None and not _may_change(patch, file):
            into.gap(_NO_FILE.format(written=file), patch.place(), *ANYTHING)


def _generated(document: Document, request: Request) -> Iterator[tuple[str, list[InnerFile]]]:
    """Yield the ConfigMaps that a Kustomization makes of files, as far as these are there."""
    for generator in document.value.select("configMapGenerator/*"):
        address = f"ConfigMap/{generator.get('name').text}"
        files = []
        for one in generator.select("files/*"):
            name, _, written = one.text.rpartition("=")
            path = document.path.parent / written
            if is_inside(path, request.root) and is_file(path):
                given = request.read(path)
                files.append(InnerFile(request, name or path.name, one, address, given))
        yield address, together(files)


def _patches(document: Document) -> Iterator[tuple[str, Value, str]]:
    """Yield the patches of a Kustomization, each with its kind and the file that it is in."""
    for kind in _PATCHES:
        for patch in document.value.select(f"{kind}/*"):
            file = patch.data if isinstance(patch.data, str) else patch.get("path").data
            yield kind, patch, file if isinstance(file, str) and "\n" not in file else ""


def _kustomizations_in(folder: Path) -> list[Path]:
    """Return the Kustomizations of a folder, which has one; none if it is no folder."""
    paths = (folder / name for name in sorted(NAMES))
    return [path for path in paths if is_file(path)] if is_folder(folder) else []


def report_unapplied(document: Document, into: Gathering, request: Request) -> None:
    """Add gaps for changes of a Kustomization that may affect sites or load balancers."""
    top = document.value
    for maker in filter(lambda name: top.get(name).data, _MAKERS):
        into.gap(_MADE.format(what=maker), top.get(maker).place(), *ANYTHING)
    for kind, patch, file in _patches(document):
        changed = _may_change(patch, file)
        if (
            not changed
            and patch.get("target").data is None
            and is_file(document.path.parent / file)
        ):
            changed = _changed_by_file(document.path.parent / file, request)
        if changed:
            into.gap(_PATCHED.format(what=kind), patch.place(), *changed)
    for name, common in sorted(top.get("commonAnnotations").members()):
        if name in ANNOTATIONS:
            into.gap(_PATCHED.format(what="commonAnnotations"), common.place(), *BALANCED)
    renaming = [name for name in _RENAMING if top.get(name).data]
    if renaming:
        into.remark(_RENAMED.format(file=document.path.name, what=", ".join(renaming)))


def _may_change(patch: Value, file: str) -> frozenset[str]:
    """Return the facts that a patch may change: any if it does not name the kind of its target."""
    if patch.get("target").data is not None:
        kind = patch.get("target", "kind").data
        return _patched(kind) if isinstance(kind, str) else ANYTHING
    text = patch.data if isinstance(patch.data, str) else patch.get("patch").data
    kinds = re.findall(r"^kind:\s*[\"']?(\w+)", text, re.MULTILINE) if isinstance(text, str) else ()
    if kinds:
        return frozenset().union(*map(_patched, kinds))
    # A patch in a file of its own is looked at there.
    return ANYTHING if not file or file.startswith(("/", "..")) else frozenset()


def _changed_by_file(path: Path, request: Request) -> frozenset[str]:
    """Return the facts that a patch in a file of its own may change."""
    try:
        read = [one for one in read_documents(request, path) if isinstance(one, Document)]
    except InputError:
        # It is told of when it is read as an object.
        return frozenset()
    return frozenset().union(*(_changed_by(item) for one in read for item in objects(one.value)))


def _changed_by(item: Object) -> frozenset[str]:
    """Return the facts that a patch may change."""
    gives = BALANCED if is_service(item) else gives_hosts(item)
    spec = object_of(item.data).get("spec", {})
    changed = set(spec) - _HARMLESS if isinstance(spec, Mapping) else {"spec"}
    annotated = dict(item.get("metadata", "annotations").members())
    if changed or "$patch" in item or not ANNOTATIONS.isdisjoint(annotated):
        return gives
    return frozenset()


def _patched(kind: str) -> frozenset[str]:
    return BALANCED if any(word in kind for word in _SERVING) else frozenset[str]()


_NONE = Text(zh="没有 Kubernetes 对象", en="no Kubernetes objects found")
_COMPOSE = Text(
    zh="docker-compose 文件请用类型 compose；Helm 图表请先用 helm template 渲染",
    en="use the kind `compose` for docker-compose; render Helm charts with `helm template` first",
)
_DELETES = Text(
    zh="{object} 是删除该对象的补丁，没有应用",
    en="{object} is a patch that deletes the object; it is not applied",
)
_UNUSED = Text(
    zh="已读取，但没有规则用到的对象：{kinds}",
    en="objects that were read but that no rule uses: {kinds}",
)
_UNLISTED = Text(
    zh="同一文件夹的 Kustomization 没有列出的文件，没有读取：{files}；仍要部署的，请另作来源",
    en="files that the Kustomization beside them does not list, not read: {files}; make those that "
    "are deployed sources of their own",
)
_NO_OBJECTS = Text(
    zh="不是 Kubernetes 对象的文档，没有读取：{files}",
    en="documents that are not Kubernetes objects, not read: {files}",
)
_ELSEWHERE = Text(
    zh="{written} 是远程资源，没有读取；请改用 kustomize build 的输出",
    en="{written} is remote and not read; use the output of `kustomize build` instead",
)
_NO_FILE = Text(
    zh="没有 {written} 这个文件或文件夹",
    en="no such file or folder: {written}",
)
_MADE = Text(
    zh="{what} 产生的对象没有读取；请改用 kustomize build 的输出",
    en="objects generated by {what} are not read; use the output of `kustomize build` instead",
)
_PATCHED = Text(
    zh="{what} 没有应用，可能改变主机名或负载均衡；请改用 kustomize build 的输出",
    en="{what} is not applied and may change hosts or load balancers; use the output of "
    "`kustomize build` instead",
)
_RENAMED = Text(
    zh="{file} 的 {what} 没有应用：对象名是文件中所写的",
    en="{what} of {file} is not applied: objects keep the names in their files",
)
