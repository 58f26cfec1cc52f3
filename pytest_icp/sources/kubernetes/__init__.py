"""Manifests of Kubernetes: files, folders, and what `kustomize build` or `helm template` prints."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_icp.facts.derived import Derived
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.documents import Document, Unread, read_documents
from pytest_icp.sources.gathering import Gathering, listed
from pytest_icp.sources.kubernetes.balancers import Balancers
from pytest_icp.sources.kubernetes.configmaps import tell_configmap
from pytest_icp.sources.kubernetes.kustomize import (
    files_of,
    is_kustomization,
    tell_unapplied,
)
from pytest_icp.sources.kubernetes.objects import Object, objects
from pytest_icp.sources.kubernetes.routes import (
    BALANCED,
    MAPPED,
    gather_gateways,
    gather_route,
    is_gateway,
    route_of,
)

if TYPE_CHECKING:
    from pytest_icp.sources.request import Request

SUFFIXES = (
    *(".yaml", ".yml", ".json"),
    *(f"{yaml}{end}" for yaml in (".yaml", ".yml") for end in (".j2", ".tmpl", ".tpl", ".gotmpl")),
)
"""How the names of manifests end, templates among them."""

_RELEVANT = re.compile(
    r"dns|domain|ingress|gateway|route|proxy|balanc|(?:^|[^a-z])[aen]lb|cdn|eip|listener|virtual"
    r"|volume|storage|bucket|database|sql|postgres|redis|mongo|elastic|kafka|kibana|log|fluent|waf"
    r"|helm|application|kustomization",
    re.IGNORECASE,
)
# Understood, and of a kind that no rule uses.
_SILENT = frozenset(
    {"IngressClass", "GatewayClass", "VolumeAttachment", "CustomResourceDefinition"}
)
_KIND = re.compile(rb"^[\"']?kind[\"']?:[ \t]*[\"']?(\w+)[\"']?[ \t\r]*(?:#.*)?$", re.MULTILINE)
# What a template may put at the beginning of a line is not known; these put nothing there.
_CALLS = re.compile(
    rb"^\{\{-?+\s*+(?!if\b|else\b|end\b|with\b|range\b|/\*|define\b|\$)", re.MULTILINE
)


def read_kubernetes(request: Request) -> Derived:
    """Read manifests (Kubernetes 清单): hosts are sites, load balancers servers and links.

    ``settings`` are ``cloud`` and ``region`` of the cluster, which no manifest tells, and
    ``cluster``, a name that the ids of its load balancers begin with. What is a template, a
    patch or broken is a gap; the other documents are read all the same.

    Raises `InputError` when nothing that was named is an object of Kubernetes.
    """
    reader = _Reader(request)
    reader.read()
    into = reader.into
    gather_gateways(reader.gateways, into)
    if into.silent:
        counted = [f"{kind} {count}" for kind, count in sorted(into.silent.items())]
        into.remark(_SAY_NOTHING.format(kinds=listed(counted)))
    if reader.others:
        into.remark(_NO_OBJECTS.format(files=listed(reader.others)))
    return into.derived()


class _Reader:
    """Reads files one after the other; of their objects only gateways and their routes are kept."""

    def __init__(self, request: Request) -> None:
        self.into = Gathering(request.path)
        self.gateways: list[Object] = []
        self._balancers = Balancers(self.into, request.settings, request.path)
        self.others: dict[str, None] = {}
        self._request = request
        self._named: tuple[Path, ...] = ()
        self._read: set[Path] = set()
        self._objects = 0

    def read(self) -> None:
        """Read what was named, and what its Kustomizations bring in from elsewhere."""
        waiting = list(self._request.files(*SUFFIXES))
        alone = waiting[0] if waiting == [self._request.path] else None
        self._named = tuple(waiting)
        while waiting:
            path = waiting.pop(0)
            try:
                for document in read_documents(self._request, path):
                    waiting += self._take(document)
            except InputError as error:
                if path == alone:
                    raise
                self._refuse(path, error)
        if not self._objects:
            raise InputError(_NONE, place=Place(path=self._request.path), hint=_COMPOSE)

    def _refuse(self, path: Path, error: InputError) -> None:
        self._objects += 1
        place = error.place or Place(path=path)
        self.into.gap(error.message, place, *BALANCED)

    def _take(self, document: Document | Unread) -> list[Path]:
        """Keep what a document tells; return further files to read."""
        if isinstance(document, Unread):
            self._objects += 1
            self.into.gap(document.message, document.place, *_may_give(document))
            return []
        if is_kustomization(document):
            self._objects += 1
            tell_unapplied(document, self.into)
            return list(self._brought(document))
        found = list(objects(document))
        if not found:
            self.others[self._request.as_written(document.path)] = None
        self._objects += len(found)
        for item in found:
            self._keep(item)
        gives = {fact for item in found for fact in _gives(item.kind)}
        if found:
            self.into.repeated(document, *gives)
        return []

    def _keep(self, item: Object) -> None:
        if item.body.get("$patch") == "delete":
            self.into.remark(_DELETES.format(object=item.address))
        elif route_of(item) or (item.kind == "Service" and not item.group):
            self._balancers.gather(item)
            if is_gateway(item):
                self.gateways.append(item)
            elif item.kind != "Service":
                gather_route(item, self.into)
        elif item.kind == "ConfigMap":
            self.into.silent[item.kind] += 1
            tell_configmap(item, self.into)
        elif _RELEVANT.search(item.kind) and item.kind not in _SILENT:
            kind = f"{item.kind}.{item.group}" if item.group else item.kind
            self.into.unmapped[kind] += 1
        else:
            self.into.silent[item.kind] += 1

    def _brought(self, document: Document) -> Iterator[Path]:
        """Yield the files that a Kustomization brings in and that are not read already."""
        self._read = self._read or {file.resolve() for file in self._named}
        for file in files_of(document, self.into):
            if file.resolve() not in self._read:
                self._read.add(file.resolve())
                yield file


def _may_give(document: Unread) -> frozenset[str]:
    """Return the facts that a document which could not be read may give, by its kinds."""
    kinds = [found.decode() for found in _KIND.findall(document.raw)]
    if not kinds or (document.template and _CALLS.search(document.raw)):
        return BALANCED
    return frozenset().union(*map(_gives, kinds))


def _gives(kind: str) -> frozenset[str]:
    if kind == "Service" or kind.endswith("List"):
        return BALANCED
    return MAPPED.get(kind, frozenset())


_NONE = Text(zh="没有 Kubernetes 对象", en="it has no Kubernetes objects")
_COMPOSE = Text(
    zh="docker-compose 文件请用类型 compose；Helm 图表请先用 helm template 渲染",
    en="use the kind `compose` for docker-compose; render Helm charts with `helm template` first",
)
_DELETES = Text(
    zh="{object} 是删除它的补丁，没有应用",
    en="{object} is a patch that deletes it, and is not applied",
)
_SAY_NOTHING = Text(
    zh="已读而没有条款问到的对象：{kinds}",
    en="objects that were read but that no rule uses: {kinds}",
)
_NO_OBJECTS = Text(
    zh="不是 Kubernetes 对象的文档，没有读取：{files}",
    en="documents that are not Kubernetes objects, not read: {files}",
)
