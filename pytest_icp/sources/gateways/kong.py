"""Source kind ``kong``: hosts of routes, and names of certificates, from declarative Kong files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pytest_icp.facts.derived import Derived
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.text import Text
from pytest_icp.sources.documents import Document
from pytest_icp.sources.gateways.expressions import always
from pytest_icp.sources.gateways.reading import Item, Sites, documents, items
from pytest_icp.sources.kubernetes.objects import get

if TYPE_CHECKING:
    from pytest_icp.sources.request import Request

_COMPARED = re.compile(
    r"\b(?:http\.host|tls\.sni)[^\S\n]*+(==|!=|\^=|=\^|~|in\b|contains\b|not\b)[^\S\n]*+"
    r'(?:r?#?"([^"]*+)")?'
)


def read_kong(request: Request) -> Derived:
    """Read declarative configurations of Kong (decK, kong.yaml): hosts and SNIs are sites.

    Raises `InputError` if there is none.
    """
    sites = Sites(request)
    for document in documents(
        request, sites.into, ".yaml", ".yml", ".json", fits=_fits, none=_NONE
    ):
        _add(document, sites)
    return sites.derived()


def _fits(data: Json) -> bool:
    """Whether a document says that it is one, or has the lists of old ones."""
    if not isinstance(data, dict) or "apiVersion" in data:
        return False
    lists = (data.get("services"), data.get("routes"))
    return "_format_version" in data or any(isinstance(one, list) for one in lists)


def _add(document: Document, sites: Sites) -> None:
    off: set[str] = set()
    for item in items(document, "services/*", "service"):
        if get(item.body, "enabled") is False:
            sites.switched_off(item)
            names = (get(item.body, key) for key in ("name", "id"))
            off |= {item.pointer, *(str(name) for name in names if name is not None)}
    for path in ("services/*/routes/*", "routes/*"):
        for item in items(document, path, "route"):
            of = get(item.body, "service")
            around = "/".join(item.pointer.split("/")[:3])
            named = (of, get(of, "name"), get(of, "id"))
            if not off.intersection((around, *map(str, named))):
                _route(item, sites)
    for path in ("certificates/*/snis/*", "snis/*"):
        for item in items(document, path, "sni"):
            sites.add(item, "name")


def _route(route: Item, sites: Sites) -> None:
    named = sites.add(route, "hosts/*", "snis/*")
    expression = str(get(route.body, "expression") or "")
    compared = list(_compared(expression))
    for host in compared:
        if host is None:
            sites.into.pattern(route.provenance("/expression")())
        else:
            sites.host(route, "/expression", host)
    if not named and not always(expression, lambda one: any(True for _ in _compared(one))):
        sites.any_host(route)


def _compared(expression: str) -> Iterator[str | None]:
    """Yield the hosts that an expression asks for; None for a pattern."""
    for how, value in _COMPARED.findall(expression):
        if how not in {"!=", "not"}:
            yield value if how == "==" and value else None


_NONE = Text(
    zh="没有 Kong 的声明式配置（_format_version、services、routes）",
    en="no declarative configuration of Kong found (`_format_version`, `services`, `routes`)",
)
