"""Kustomizations: their resources, and the changes that are not applied here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from pytest_icp.facts.files.disk import is_file, is_folder, is_inside
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, escape
from pytest_icp.law.text import Text
from pytest_icp.sources.documents import Document, get, read_documents, select
from pytest_icp.sources.gathering import Gathering
from pytest_icp.sources.hosts import without_secrets
from pytest_icp.sources.kubernetes.objects import ROWS, Object, objects
from pytest_icp.sources.kubernetes.routes import ANYTHING, BALANCED, NAMING, route_of
from pytest_icp.sources.request import Request

NAMES = frozenset({"kustomization.yaml", "kustomization.yml", "Kustomization"})
_RESOURCES = ("resources/*", "bases/*", "components/*")
_REMOTE = re.compile(r"[a-z+]+://|git@|(?:[\w-]+\.)+[a-z]+/[^/]+/|.*\?ref=")
# These generate or transform objects.
_MAKERS = (
    "helmCharts",
    "helmChartInflationGenerator",
    "generators",
    "transformers",
    "replacements",
)
_PATCHES = ("patches", "patchesJson6902", "patchesStrategicMerge")
"""Where a Kustomization patches objects."""
_RELEVANT = ("Ingress", "Gateway", "Route", "Service", "VirtualServ", "Proxy")
_RENAMING = ("namespace", "namePrefix", "nameSuffix")
_ANNOTATIONS = frozenset(name for _, name, _ in ROWS) | NAMING
# What a patch may say of a Service or a route without changing who reaches it, or by which name.
_HARMLESS = frozenset({"selector", "ports", "sessionAffinity"})


def is_kustomization(document: Document) -> bool:
    """Whether a document is a Kustomization; a file with that name needs no ``kind``."""
    version = get(document.data, "apiVersion")
    if isinstance(version, str):
        return version.startswith("kustomize.config.k8s.io/")
    named = document.path.name.lower().endswith(tuple(map(str.lower, NAMES)))
    return named and isinstance(document.data, Mapping)


def _resources_of(document: Document) -> Iterator[tuple[str, str]]:
    """Yield the resources of a Kustomization: files, folders and addresses, with pointers."""
    for path in _RESOURCES:
        for pointer, value in select(document.data, path):
            if isinstance(value, str):
                yield pointer, value


def files_of(document: Document, into: Gathering, request: Request) -> Iterator[Path]:
    """Yield the files of a Kustomization; a resource that is remote or missing is a gap."""
    for pointer, written in _resources_of(document):
        path = Path(document.path.parent, written)
        # Of what is outside, nothing is looked at.
        inside = _kustomizations_in(path) if is_inside(path, request.root) else []
        if _REMOTE.match(written):
            shown = without_secrets(written)
            into.gap(_ELSEWHERE.format(written=shown), document.place(pointer), *ANYTHING)
        elif inside:
            yield from inside
        elif request.may_be_file(path):
            yield path
        else:
            # Secrets are often kept out of a repository, and give no facts.
            kinds = frozenset[str]() if "secret" in path.name else ANYTHING
            into.gap(_MISSING.format(written=written), document.place(pointer), *kinds)
    for kind in _PATCHES:
        for pointer, patch in select(document.data, f"{kind}/*"):
            file = patch if isinstance(patch, str) else get(patch, "path")
            if not isinstance(file, str) or "\n" in file:
                continue
            path = document.path.parent / file
            # One outside may change anything, which is said of it.
            if is_inside(path, request.root) and is_file(path):
                yield path
            elif get(patch, "target") is None and not _may_change(patch):
                into.gap(_MISSING.format(written=file), document.place(pointer), *ANYTHING)


def _kustomizations_in(folder: Path) -> list[Path]:
    """Return the Kustomizations of a folder, which has one; none if it is no folder."""
    paths = (folder / name for name in sorted(NAMES))
    return [path for path in paths if is_file(path)] if is_folder(folder) else []


def report_unapplied(document: Document, into: Gathering, request: Request) -> None:
    """Add gaps for changes of a Kustomization that may affect sites or load balancers."""
    data = document.data
    for maker in _MAKERS:
        if get(data, maker):
            into.gap(_MADE.format(what=maker), document.place(f"/{maker}"), *ANYTHING)
    for kind in _PATCHES:
        for pointer, patch in select(data, f"{kind}/*"):
            changed = _may_change(patch) or _changed_by_file(document, patch, request)
            if changed:
                into.gap(_PATCHED.format(what=kind), document.place(pointer), *changed)
    common = get(data, "commonAnnotations")
    if isinstance(common, Mapping):
        for name in sorted(_ANNOTATIONS & common.keys()):
            place = document.place(f"/commonAnnotations/{escape(name)}")
            into.gap(_PATCHED.format(what="commonAnnotations"), place, *BALANCED)
    renaming = [name for name in _RENAMING if get(data, name)]
    if renaming:
        into.remark(_RENAMED.format(file=document.path.name, what=", ".join(renaming)))


def _may_change(patch: Json) -> frozenset[str]:
    """Return the facts that a patch may change: any if it does not name the kind of its target."""
    target = get(patch, "target")
    if target is not None:
        kind = get(target, "kind")
        return _gives(kind) if isinstance(kind, str) else ANYTHING
    text = patch if isinstance(patch, str) else get(patch, "patch")
    if isinstance(text, str):
        kinds = re.findall(r"^kind:\s*[\"']?(\w+)", text, re.MULTILINE)
        if kinds:
            return frozenset().union(*map(_gives, kinds))
    file = patch if isinstance(patch, str) else get(patch, "path")
    # A patch in a file of its own is looked at there.
    apart = isinstance(file, str) and not file.startswith(("/", "..")) and "\n" not in file
    return frozenset() if apart else ANYTHING


def _changed_by_file(document: Document, patch: Json, request: Request) -> frozenset[str]:
    """Return the facts that a patch in a file of its own may change."""
    file = patch if isinstance(patch, str) else get(patch, "path")
    path = document.path.parent / str(file)
    if get(patch, "target") is not None or "\n" in str(file) or not is_file(path):
        return frozenset()
    try:
        read = [one for one in read_documents(request, path) if isinstance(one, Document)]
    except InputError:
        # It is told of when it is read as an object.
        return frozenset()
    return frozenset().union(*(_changed_by(item) for one in read for item in objects(one)))


def _changed_by(item: Object) -> frozenset[str]:
    """Return the facts that a patch may change."""
    route = route_of(item)
    if route is None and (item.kind != "Service" or item.group):
        return frozenset()
    spec = item.body.get("spec", {})
    changed = set(spec) - _HARMLESS if isinstance(spec, Mapping) else {"spec"}
    if changed or "$patch" in item.body or not _ANNOTATIONS.isdisjoint(item.annotations):
        return route.gives if route else BALANCED
    return frozenset()


def _gives(kind: str) -> frozenset[str]:
    return BALANCED if any(word in kind for word in _RELEVANT) else frozenset[str]()


_ELSEWHERE = Text(
    zh="{written} 是远程资源，没有读取；请改用 kustomize build 的输出",
    en="{written} is remote and not read; use the output of `kustomize build` instead",
)
_MISSING = Text(
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
