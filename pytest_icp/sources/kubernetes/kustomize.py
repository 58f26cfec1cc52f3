"""Kustomizations: the files that they bring in, and what they change that is not applied here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_icp.law.jsontypes import escape
from pytest_icp.law.text import Text
from pytest_icp.sources.kubernetes.exposure import ROWS
from pytest_icp.sources.kubernetes.objects import get, select
from pytest_icp.sources.kubernetes.routes import BALANCED

if TYPE_CHECKING:
    from pytest_icp.law.jsontypes import Json
    from pytest_icp.sources.documents import Document
    from pytest_icp.sources.gathering import Gathering

NAMES = frozenset({"kustomization.yaml", "kustomization.yml", "Kustomization"})
_BROUGHT = ("resources/*", "bases/*", "components/*")
_REMOTE = re.compile(r"[a-z+]+://|git@|(?:[\w-]+\.)+[a-z]+/[^/]+/|.*\?ref=")
# What makes objects out of something else.
_MAKERS = (
    "helmCharts",
    "helmChartInflationGenerator",
    "generators",
    "transformers",
    "replacements",
)
_PATCHES = ("patches", "patchesJson6902", "patchesStrategicMerge")
_TELLING = ("Ingress", "Gateway", "Route", "Service", "VirtualServ", "Proxy")
_RENAMING = ("namespace", "namePrefix", "nameSuffix")
_DECIDING = frozenset(name for _, name, _ in ROWS)


def is_kustomization(document: Document) -> bool:
    """Say whether a document is a Kustomization, which need not say so itself."""
    version = get(document.data, "apiVersion")
    if isinstance(version, str):
        return version.startswith("kustomize.config.k8s.io/")
    named = document.path.name.lower().endswith(tuple(map(str.lower, NAMES)))
    return named and isinstance(document.data, Mapping)


def _brought(document: Document) -> Iterator[tuple[str, str]]:
    """Yield what a Kustomization brings in, files, folders and addresses, with its pointers."""
    for path in _BROUGHT:
        for pointer, value in select(document.data, path):
            if isinstance(value, str):
                yield pointer, value


def files_of(document: Document, into: Gathering) -> Iterator[Path]:
    """Yield the files that a Kustomization brings in; what is elsewhere or missing is a gap."""
    for pointer, written in _brought(document):
        path = Path(document.path.parent, written)
        if _REMOTE.match(written):
            into.gap(_ELSEWHERE.format(written=written), document.place(pointer), *BALANCED)
        elif path.is_dir():
            yield from (path / name for name in sorted(NAMES) if (path / name).is_file())
        elif path.is_file():
            yield path
        else:
            # Secrets are often kept out of a repository, and tell nothing.
            kinds = frozenset[str]() if "secret" in path.name else BALANCED
            into.gap(_MISSING.format(written=written), document.place(pointer), *kinds)


def tell_unapplied(document: Document, into: Gathering) -> None:
    """Tell what a Kustomization changes that could change sites or load balancers."""
    data = document.data
    for maker in _MAKERS:
        if get(data, maker):
            into.gap(_MADE.format(what=maker), document.place(f"/{maker}"), *BALANCED)
    for kind in _PATCHES:
        for pointer, patch in select(data, f"{kind}/*"):
            if _may_tell(patch):
                into.gap(_PATCHED.format(what=kind), document.place(pointer), *BALANCED)
    common = get(data, "commonAnnotations")
    if isinstance(common, Mapping):
        for name in sorted(_DECIDING & common.keys()):
            place = document.place(f"/commonAnnotations/{escape(name)}")
            into.gap(_PATCHED.format(what="commonAnnotations"), place, *BALANCED)
    renaming = [name for name in _RENAMING if get(data, name)]
    if renaming:
        into.remark(_RENAMED.format(file=document.path.name, what=", ".join(renaming)))


def _may_tell(patch: Json) -> bool:
    """Say whether a patch may change a route or a Service: all do that do not name another kind."""
    target = get(patch, "target", "kind")
    if isinstance(target, str):
        return any(word in target for word in _TELLING)
    text = patch if isinstance(patch, str) else get(patch, "patch")
    if isinstance(text, str):
        kinds = re.findall(r"^kind:\s*[\"']?(\w+)", text, re.MULTILINE)
        if kinds:
            return any(word in kind for kind in kinds for word in _TELLING)
    file = patch if isinstance(patch, str) else get(patch, "path")
    # A patch in a file of its own is read as any other, so that what it sets is found.
    return not isinstance(file, str) or file.startswith(("/", "..")) or "\n" in file


_ELSEWHERE = Text(
    zh="{written} 在别处，没有读取；请改用 kustomize build 的输出",
    en="{written} is elsewhere and not read; name the output of `kustomize build` instead",
)
_MISSING = Text(
    zh="没有 {written} 这个文件或文件夹",
    en="there is no file or folder {written}",
)
_MADE = Text(
    zh="{what} 产生的对象没有读取；请改用 kustomize build 的输出",
    en="objects that {what} makes are not read; name the output of `kustomize build` instead",
)
_PATCHED = Text(
    zh="{what} 没有应用，可能改变主机名或负载均衡；请改用 kustomize build 的输出",
    en="{what} is not applied and may change hosts or load balancers; name the output of "
    "`kustomize build` instead",
)
_RENAMED = Text(
    zh="{file} 的 {what} 没有应用：对象名是文件中所写的",
    en="{what} of {file} not applied: objects are named as in their files",
)
