"""Source kind ``apisix``: hosts of routes from standalone files of APISIX, and those of ADC."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from pytest_icp.facts.derived import Derived
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.text import Text
from pytest_icp.sources.documents import Document
from pytest_icp.sources.gateways.reading import Item, Sites, documents, items
from pytest_icp.sources.kubernetes.objects import get, select

if TYPE_CHECKING:
    from pytest_icp.sources.request import Request

_LISTS = ("routes", "services", "ssls", "stream_routes")
_END = re.compile(rb"^#END[ \t\r]*$", re.MULTILINE)
_DEFAULT = re.compile(r"\$\{\{[ \t]*+\w++[ \t]*+:=([^{}]*+)\}\}")
_HOSTS = ("host", "hosts/*")
_ASKED = frozenset({"host", "http_host"})


def read_apisix(request: Request) -> Derived:
    """Read ``apisix.yaml`` or files of ADC (APISIX 配置): hosts and SNIs are sites.

    Raises `InputError` if there is none.
    """
    sites = Sites(request)
    for document in documents(
        request, sites.into, ".yaml", ".yml", ".json", fits=_fits, none=_NONE
    ):
        _add(document, sites)
        # A file of ADC, which has a version or no routes of its own, is not loaded but sent.
        standalone = document.path.name.startswith("apisix") and not get(document.data, "version")
        if standalone and document.path.suffix != ".json":
            named = None if document.path == request.path else document.path
            if not _END.search(request.read(named)):
                sites.into.remark(_NO_END.format(file=document.path.name))
    return sites.derived()


def _fits(data: Json) -> bool:
    """Whether a document has lists of APISIX, and nothing of Kong or of Kubernetes."""
    if not isinstance(data, dict) or {"_format_version", "apiVersion"} & data.keys():
        return False
    return any(isinstance(data.get(name), list) for name in _LISTS)


def _add(document: Document, sites: Sites) -> None:
    services: dict[str, Item] = {}
    for service in items(document, "services/*", "service"):
        names = (get(service.body, key) for key in ("id", "name"))
        services |= {str(name): service for name in names if name is not None}
        services[service.pointer] = service
    for path in ("routes/*", "services/*/routes/*"):
        for route in items(document, path, "route"):
            around = services.get("/".join(route.pointer.split("/")[:3]))
            named = get(route.body, "service_id") or get(route.body, "service_name")
            of = around or services.get(str(named))
            _route(route, of, sites)
    for path in ("stream_routes/*", "services/*/stream_routes/*"):
        for route in items(document, path, "stream route"):
            _named(route, sites, "sni")
    for ssl in items(document, "ssls/*", "ssl"):
        if _is_off(ssl):
            sites.switched_off(ssl)
        elif get(ssl.body, "type") != "client":
            # A certificate with which APISIX calls others is for no host of its own.
            _named(ssl, sites, "sni", "snis/*")


def _route(route: Item, service: Item | None, sites: Sites) -> None:
    if _is_off(route):
        sites.switched_off(route)
        return
    named = _named(route, sites, *_HOSTS)
    for pointer, how, value in _conditions(get(route.body, "vars"), "/vars"):
        named += 1
        if how in {"==", "in"}:
            for one in value if isinstance(value, list) else [value]:
                sites.host(route, pointer, _filled(str(one)))
        else:
            sites.into.pattern(route.provenance(pointer)())
    if not named and service is not None:
        named = _named(service, sites, *_HOSTS)
    if not named:
        sites.any_host(route)


def _named(item: Item, sites: Sites, *paths: str) -> int:
    found = [one for path in paths for one in select(item.body, path)]
    for pointer, value in found:
        sites.host(item, pointer, _filled(str(value)))
    return len(found)


def _filled(host: str) -> str:
    """Fill in the default of a variable of the environment."""
    return _DEFAULT.sub(lambda found: found[1].strip(), host)


def _is_off(item: Item) -> bool:
    return isinstance(item.body, Mapping) and item.body.get("status") == 0


def _conditions(value: Json, pointer: str) -> Iterator[tuple[str, str, Json]]:
    """Yield the conditions about the host, but for what it must not be, however nested."""
    if not isinstance(value, list):
        return
    match value:
        case [str(name), str(how), wanted] if name in _ASKED:
            if how not in {"~=", "!=", "!"}:
                yield pointer, how, wanted
        case [str(how), *_] if how.upper() in {"!AND", "!OR"}:
            # What it says must not be.
            return
        case _:
            for index, inner in enumerate(value):
                yield from _conditions(inner, f"{pointer}/{index}")


_NONE = Text(
    zh="没有 APISIX 的路由（routes、services、ssls）",
    en="no routes of APISIX found (`routes`, `services`, `ssls`)",
)
_NO_END = Text(
    zh="{file} 不以 #END 结尾，APISIX 的独立模式不会加载它",
    en="{file} does not end in #END, so APISIX in standalone mode does not load it",
)
