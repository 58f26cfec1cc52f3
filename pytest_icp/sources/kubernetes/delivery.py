"""What Argo CD and Flux deploy (持续交付): paths of this repository are read, the rest is a gap.

No file says which of the repositories that objects name is this one. It is the one of the setting
``repository``; else the one from which a file deploys the folder that it is itself in; else the
only one all of whose paths are here, and then a remark says so.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from pytest_icp.facts.files.opening import is_file, is_folder
from pytest_icp.facts.files.repository import is_inside
from pytest_icp.law.text import Text
from pytest_icp.sources.kubernetes.applicationsets import generated_paths
from pytest_icp.sources.kubernetes.kustomize import (
    PATCHES,
    kustomizations_in,
    may_change,
)
from pytest_icp.sources.kubernetes.objects import SUFFIXES, Object, get, select
from pytest_icp.sources.kubernetes.routes import ANYTHING
from pytest_icp.sources.listing import listed

if TYPE_CHECKING:
    from pytest_icp.law.jsontypes import Json
    from pytest_icp.sources.gathering import Gathering
    from pytest_icp.sources.request import Request

_ARGO = "argoproj.io"
_FLUX = "kustomize.toolkit.fluxcd.io"
_HELM = "helm.toolkit.fluxcd.io"
_SOURCES = "source.toolkit.fluxcd.io"
_KINDS = frozenset(
    {
        *((_ARGO, "Application"), (_ARGO, "ApplicationSet")),
        *((_FLUX, "Kustomization"), (_HELM, "HelmRelease"), (_SOURCES, "GitRepository")),
    }
)
# Where an object changes what it deploys, below a source or the specification.
_CHANGES = ("kustomize/patches/*", "kustomize/components", "plugin")
_FLUX_CHANGES = (*(f"{kind}/*" for kind in PATCHES), "components")
_URL = re.compile(
    r"(?:[\w+.-]++://)?(?:[^@/]*+@)?(?P<host>[^/:]++)(?::[0-9]++(?=/))?[:/]++(?P<path>[^@\s]++)"
)
_CHART = "Chart.yaml"


Source: TypeAlias = tuple[bool, str]
"""Whether Flux names a repository by an object, and the name."""


class Delivery(Struct, frozen=True, kw_only=True):
    """A path that an object deploys, where it is written, and the repository that it is in."""

    item: Object
    pointer: str
    path: str
    repository: str
    recursive: bool

    @property
    def source(self) -> Source:
        """What the repository is known by."""
        return self.item.group == _FLUX, self.repository


def is_delivery(item: Object) -> bool:
    """Whether an object deploys others, or says from where."""
    return (item.group, item.kind) in _KINDS


class Deliveries:
    """Collects what objects deploy, until all of them are known."""

    def __init__(self, request: Request, into: Gathering) -> None:
        self._request = request
        self._into = into
        self._own = repository_name(str(request.settings.get("repository") or ""))
        self._urls: dict[tuple[str, str], str] = {}
        self._waiting: list[Delivery] = []
        self._named: dict[Source, bool] = {}
        self._around: set[Source] = set()
        self._done: set[tuple[Path, bool]] = set()

    def gather(self, item: Object) -> None:
        """Add what an object deploys; what cannot be read in any case is a gap at once."""
        if item.kind == "GitRepository":
            url = repository_name(str(get(item.body, "spec", "url") or ""))
            self._urls[item.namespace, item.name] = url
        elif item.kind == "HelmRelease":
            self._gap(_RELEASE, item, "/spec/chart" if get(item.body, "spec", "chart") else "/spec")
        elif item.kind == "Kustomization":
            self._flux(item)
        else:
            self._argo(item)

    def _gap(self, message: Text, item: Object, pointer: str, **words: object) -> None:
        self._into.gap(message.format(object=item.address, **words), item.place(pointer), *ANYTHING)

    def _changed(self, item: Object, where: str, names: Sequence[str]) -> None:
        for name in names:
            for pointer, value in select(item.body, f"{where}/{name}"):
                if may_change(value) if name.endswith("*") else value:
                    self._gap(_CHANGED, item, pointer, what=name.removesuffix("/*"))

    def _flux(self, item: Object) -> None:
        ref = get(item.body, "spec", "sourceRef")
        kind, name = get(ref, "kind"), str(get(ref, "name"))
        if kind != "GitRepository":
            self._gap(_OTHER_SOURCE, item, "/spec/sourceRef", source=f"{kind} {name}"[:80])
            return
        self._changed(item, "spec", _FLUX_CHANGES)
        namespace = str(get(ref, "namespace") or item.namespace)
        self._waiting.append(
            Delivery(
                item=item,
                pointer="/spec/path",
                path=str(get(item.body, "spec", "path") or "."),
                repository=f"{namespace}/{name}",
                recursive=True,
            )
        )

    def _argo(self, item: Object) -> None:
        sources = _argo_sources(item)
        for pointer, source in sources:
            chart, path = get(source, "chart"), get(source, "path")
            if chart is not None:
                self._gap(_FROM_CHART, item, f"{pointer}/chart", chart=str(chart)[:80])
            elif path is not None:
                self._changed(item, pointer[1:], _CHANGES)
                self._waiting += self._of_source(item, pointer, source, str(path))
        if not sources:
            self._gap(_NOTHING, item, "/spec")

    def _of_source(self, item: Object, pointer: str, source: Json, path: str) -> list[Delivery]:
        url = str(get(source, "repoURL") or "")
        paths = [path]
        if "{{" in f"{path}{url}":
            paths = [] if "{{" in url else generated_paths(item, path, self._request)
        if not paths:
            generators = [
                str(name)
                for _, one in select(item.body, "spec/generators/*")
                for name in (one if isinstance(one, dict) else ())
            ]
            names = listed(generators or ["{{"])
            self._gap(_GENERATED, item, f"{pointer}/path", generators=names)
        return [
            Delivery(
                item=item,
                pointer=f"{pointer}/path",
                path=one,
                repository=repository_name(url),
                recursive=_is_recursive(source),
            )
            for one in paths
        ]

    def files(self) -> Iterator[Path]:
        """Yield the files of what was added since the last time."""
        new, self._waiting = self._waiting, []
        for one in new:
            found = self._found(one) is not None
            self._named[one.source] = self._named.get(one.source, True) and found
            self._around |= {one.source} if self._is_around(one) else set()
        own = self._own_repositories() if new else set()
        for one in new:
            name = self._name(one.source)
            if name not in own:
                self._gap(_ELSEWHERE, one.item, one.pointer, path=one.path, repository=name)
            else:
                yield from self._files_of(one)

    def _name(self, source: Source) -> str:
        """Return the name of a repository: its address, or that of the object that Flux names."""
        flux, repository = source
        namespace, _, name = repository.rpartition("/")
        return self._urls.get((namespace, name), repository) if flux else repository

    def _own_repositories(self) -> set[str]:
        if self._request.given is not None:
            return set()
        if self._own:
            return {self._own}
        if self._around:
            return set(map(self._name, self._around))
        missing = {self._name(source) for source, found in self._named.items() if not found}
        likely = set(map(self._name, self._named)) - missing
        if len(likely) != 1:
            return set()
        self._into.remark(_TAKEN.format(repository=next(iter(likely))))
        return likely

    def _found(self, one: Delivery) -> Path | None:
        """Return what a path leads to in this repository, if it does."""
        path = Path(os.path.normpath(self._request.root / one.path.lstrip("/")))
        there = is_folder(path) or is_file(path)
        return path if there and is_inside(path, self._request.root) else None

    def _is_around(self, one: Delivery) -> bool:
        """Whether an object deploys the folder that it is itself in, and not the whole."""
        path, file = self._found(one), Path(os.path.realpath(one.item.document.path))
        real = Path(os.path.realpath(path)) if path else None
        whole = Path(os.path.realpath(self._request.root))
        return real is not None and real != whole and real in file.parents

    def _files_of(self, one: Delivery) -> Iterator[Path]:
        path = self._found(one)
        if path is None:
            self._gap(_MISSING, one.item, one.pointer, path=one.path)
        elif is_file(path):
            yield path
        elif is_file(path / _CHART):
            self._gap(_LOCAL_CHART, one.item, one.pointer, path=one.path)
        elif (path, one.recursive) not in self._done:
            self._done.add((path, one.recursive))
            yield from kustomizations_in(path) or self._manifests_in(path, one)

    def _manifests_in(self, folder: Path, one: Delivery) -> Iterator[Path]:
        generated = False
        for place, inner, names in os.walk(folder):
            inner[:] = sorted(n for n in inner if one.recursive and not n.startswith("."))
            self._request.meter.spend("expansions", len(names))
            generated |= any(name.endswith((".jsonnet", ".libsonnet")) for name in names)
            for name in sorted(names):
                if name.lower().endswith(SUFFIXES):
                    yield Path(place, name)
        if generated:
            self._gap(_JSONNET, one.item, one.pointer, path=one.path)


def repository_name(url: str) -> str:
    """Return a repository without how it is reached, and without any password: host and path."""
    match = _URL.fullmatch(url.strip())
    if match is None:
        return url.strip() if "@" not in url else ""
    path = match["path"].strip("/").removesuffix(".git")
    return f"{match['host'].lower()}/{path}"


def delivered(item: Object) -> Iterator[tuple[str, bool]]:
    """Yield the paths that an object deploys, and whether with the folders in them."""
    if (item.group, item.kind) == (_FLUX, "Kustomization"):
        yield str(get(item.body, "spec", "path") or "."), True
    elif item.group == _ARGO:
        for _, source in _argo_sources(item):
            if isinstance(path := get(source, "path"), str):
                yield path, _is_recursive(source)


def _argo_sources(item: Object) -> list[tuple[str, Json]]:
    base = "spec/template/spec" if item.kind == "ApplicationSet" else "spec"
    return [*select(item.body, f"{base}/source"), *select(item.body, f"{base}/sources/*")]


def _is_recursive(source: Json) -> bool:
    return get(source, "directory", "recurse") is True


_RELEASE = Text(
    zh="{object} 安装 Helm 图表，没有渲染，不知道其中的网站和负载均衡；请改用 helm template 的输出",
    en="{object} installs a chart, which is not rendered, so its sites and load balancers are not "
    "known; use the output of `helm template` instead",
)
_FROM_CHART = Text(
    zh="{object} 安装图表仓库中的 {chart}，没有读取；请改用 helm template 的输出",
    en="{object} installs the chart {chart} of a registry, which is not read; use the output of "
    "`helm template` instead",
)
_LOCAL_CHART = Text(
    zh="{object} 部署的 {path} 是 Helm 图表，没有渲染；请改用 helm template 的输出",
    en="{object} deploys the chart {path}, which is not rendered; use the output of "
    "`helm template` instead",
)
_OTHER_SOURCE = Text(
    zh="{object} 部署 {source} 的内容，不在仓库中，没有读取",
    en="{object} deploys what {source} provides, which is not in a repository and not read",
)
_ELSEWHERE = Text(
    zh="{object} 部署仓库 {repository} 中的 {path}，不能确定就是本仓库，没有读取；"
    "是本仓库的，用设置 repository 写明",
    en="{object} deploys {path} of {repository}, which is not certainly this repository, so it is "
    "not read; if it is, say so with `repository`",
)
_MISSING = Text(
    zh="{object} 部署的 {path} 在仓库中没有",
    en="{object} deploys {path}, which is not in this repository",
)
_GENERATED = Text(
    zh="{object} 按模板生成应用（{generators}），没有读取；请把生成的应用或渲染后的清单作为来源",
    en="{object} generates applications ({generators}), which are not read; use the rendered "
    "manifests as a source",
)
_NOTHING = Text(zh="{object} 没有写明部署什么", en="{object} does not say what it deploys")
_CHANGED = Text(
    zh="{object} 的 {what} 没有应用，可能改变主机名或负载均衡",
    en="{what} of {object} is not applied and may change hosts or load balancers",
)
_JSONNET = Text(
    zh="{object} 部署的 {path} 中有 Jsonnet 文件，没有渲染",
    en="{object} deploys {path}, which has files of Jsonnet that are not rendered",
)
_TAKEN = Text(
    zh="把 {repository} 当作本仓库，因为它的各个路径这里都有；不是的，用设置 repository 写明本仓库",
    en="{repository} is taken for this repository, because all its paths are here; if it is "
    "another one, name this one with `repository`",
)
