"""Routers of Traefik in the labels of a service: their rules, and those that have none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pytest_icp.sources.compose.services import Setting
from pytest_icp.sources.traefik import has_pattern, hosts_of

_RULE = re.compile(
    r"traefik\.(?:http|tcp)\.routers\.[^.]+\.rule|traefik(?:\.[^.]+)?\.frontend\.rule"
)
_HOST = re.compile(r"Host(?:SNI|Header)?[(:]")
"""Of hosts, none may be left: they had variables, or are those of other protocols."""
_ROUTER = re.compile(r"traefik\.(http|tcp|udp)\.routers\.([^.]+)\.[^.]+(?:\..*)?")


def is_off(labels: Mapping[str, Setting]) -> bool:
    """Whether Traefik leaves the service out."""
    return _enabled(labels) == "false"


def rules(labels: Mapping[str, Setting]) -> Iterator[Setting]:
    """Yield the rules of routers."""
    yield from (setting for name, setting in labels.items() if _RULE.fullmatch(name))


def without_rule(labels: Mapping[str, Setting]) -> Iterator[Setting]:
    """Yield a label of each router that has no rule: the default of Traefik decides its hosts."""
    routers: dict[str, Setting] = {}
    ruled = set(filter(_RULE.fullmatch, labels))
    named = bool(ruled)
    for name, setting in labels.items():
        if router := _ROUTER.fullmatch(name):
            named = True
            if router[1] == "http" and f"traefik.http.routers.{router[2]}.rule" not in ruled:
                routers.setdefault(router[2], setting)
    yield from routers.values()
    if _enabled(labels) == "true" and not named:
        yield labels["traefik.enable"]


def takes_any(rule: str) -> bool:
    """Whether a rule of HTTP says nothing of hosts."""
    return not (hosts_of(rule) or has_pattern(rule) or _HOST.search(rule))


def _enabled(labels: Mapping[str, Setting]) -> str:
    switch = labels.get("traefik.enable")
    return switch.value.lower() if switch else ""
