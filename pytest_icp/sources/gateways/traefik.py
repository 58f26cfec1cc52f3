"""Source kind ``traefik``: hosts of routers from the files of Traefik's file provider."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_icp.facts.derived import Derived
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.documents import Document, Read, read_documents
from pytest_icp.sources.gateways.expressions import always
from pytest_icp.sources.gateways.reading import Item, Sites, documents, items
from pytest_icp.sources.kubernetes.objects import get, select
from pytest_icp.sources.toml import read_toml
from pytest_icp.sources.traefik import has_pattern, hosts_of

if TYPE_CHECKING:
    from pytest_icp.sources.request import Request

_DYNAMIC = ("http", "tcp", "frontends")
_STATIC = ("entryPoints", "providers", "certificatesResolvers", "defaultEntryPoints", "file")
_TABLE = re.compile(rb"^[ \t]*+\[{1,2}[\w.\"-]++\]{1,2}[ \t\r]*+$", re.MULTILINE)
_URL = re.compile(r"https?://(?:[^/?#@]*+@)?+([\w.-]++)(?![\w.$-]*+[${])")


def read_traefik(request: Request) -> Derived:
    """Read the dynamic configuration of Traefik (动态配置), YAML or TOML: hosts of rules are sites.

    Raises `InputError` if there is none; the static configuration says where it is.
    """
    sites = Sites(request)
    suffixes = (".yaml", ".yml", ".toml", ".json")
    for document in documents(request, sites.into, *suffixes, fits=_fits, none=_NONE, read=_read):
        dynamic = isinstance(document.data, dict) and any(
            isinstance(document.data.get(name), dict) for name in _DYNAMIC
        )
        if dynamic:
            _add(document, sites)
        elif document.path == request.path:
            raise InputError(_ONLY_STATIC, place=Place(path=request.path), hint=_where(document))
        else:
            sites.into.remark(_LEFT_OUT.format(file=document.path.name))
    return sites.derived()


def _read(request: Request, path: Path) -> Iterator[Read]:
    table = request.given is not None and _TABLE.search(request.given)
    toml = path.suffix.lower() == ".toml" or table
    return (read_toml if toml else read_documents)(request, path)


def _fits(data: Json) -> bool:
    if not isinstance(data, dict) or "apiVersion" in data:
        return False
    return any(isinstance(data.get(name), dict) for name in (*_DYNAMIC, *_STATIC))


def _where(document: Document) -> Text:
    """Return the hint to where the dynamic configuration is."""
    for path in ("providers/file/filename", "providers/file/directory", "file/filename"):
        for _, written in select(document.data, path):
            return _NAMED.format(path=str(written)[:80])
    return _ELSEWHERE


def _add(document: Document, sites: Sites) -> None:
    for kind in ("http", "tcp"):
        for router in items(document, f"{kind}/routers/*", f"{kind} router"):
            _rule(router, "/rule", document, sites)
    for frontend in items(document, "frontends/*", "frontend"):
        for pointer, _ in select(frontend.body, "routes/*/rule"):
            _rule(frontend, pointer, document, sites)


def _rule(router: Item, pointer: str, document: Document, sites: Sites) -> None:
    rule = str(next((value for _, value in select(router.body, pointer[1:])), ""))
    middlewares = list(_middlewares(router, document))
    hosts = hosts_of(rule)
    for host in hosts:
        sites.host(router, pointer, host)
        for target in _targets(middlewares):
            sites.into.remark(_REDIRECT.format(host=host, target=target))
    if any(get(one, "redirectScheme") for one in middlewares) and not hosts:
        # What is asked for without TLS is asked for again with it.
        return
    if has_pattern(rule):
        sites.into.pattern(router.provenance(pointer)())
    elif not hosts and ("{{" in rule or "$" in rule):
        sites.into.host(rule, router.provenance(pointer))
    elif not hosts or not always(rule, lambda one: bool(hosts_of(one))):
        sites.any_host(router)


def _middlewares(router: Item, document: Document) -> Iterator[Json]:
    for _, name in select(router.body, "middlewares/*"):
        yield get(document.data, "http", "middlewares", str(name).partition("@")[0])


def _targets(middlewares: list[Json]) -> Iterator[str]:
    """Yield the hosts that visitors are redirected to."""
    for one in middlewares:
        found = _URL.match(str(get(one, "redirectRegex", "replacement") or ""))
        if found:
            yield found[1]


_NONE = Text(
    zh="没有 Traefik 的路由（http.routers、tcp.routers、frontends）",
    en="no routers of Traefik found (`http.routers`, `tcp.routers`, `frontends`)",
)
_ONLY_STATIC = Text(
    zh="这是 Traefik 的静态配置，其中没有路由",
    en="this is the static configuration of Traefik, which has no routers",
)
_NAMED = Text(
    zh="路由在 {path}，把仓库中的这个文件或文件夹写为 path",
    en="the routers are in {path}: name that file or folder of the repository as `path`",
)
_ELSEWHERE = Text(
    zh="路由可能在 Compose 标签（类型 compose）或 Kubernetes 清单（类型 kubernetes）中",
    en="they may be labels in Compose files (kind `compose`) or manifests (kind `kubernetes`)",
)
_LEFT_OUT = Text(
    zh="{file} 是 Traefik 的静态配置，其中没有路由",
    en="{file} is the static configuration of Traefik, which has no routers",
)
_REDIRECT = Text(zh="{host} 跳转到 {target}", en="{host} redirects visitors to {target}")
