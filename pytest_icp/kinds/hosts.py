"""Hosts in facts: whether a name lies under one of several domains (域名归属).

A printed ``www.`` is the site of the bare domain: ``etaoche.cn`` belongs to ``www.etaoche.cn``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pytest_icp.law.domains import HostError, host_under, normal_host
from pytest_icp.law.jsontypes import Json

_URL = re.compile(r"^https?://([^/?#\s]+).*", re.IGNORECASE | re.DOTALL)
"""The address of a page, which says what its host is."""


def covered(host: Json, domains: Iterable[Json]) -> bool:
    """Whether a host is one of the domains or lies under one; other texts are not.

    The address of a page stands for its host.
    """
    return isinstance(host, str) and any(
        _under(host, domain) for domain in domains if isinstance(domain, str)
    )


def domains_over(host: Json) -> tuple[str, ...]:
    """Return the domains, in normal form, that may cover a host; `covered` decides."""
    if not isinstance(host, str):
        return ()
    names = normal_names(host) or normal_names(_URL.sub(r"\1", host))
    return tuple(
        name for whole in names for name in (f"www.{whole}", *(whole[i:] for i in _starts(whole)))
    )


def normal_names(host: Json) -> tuple[str, ...]:
    """Return a host in normal form; nothing for what is no host."""
    try:
        return (normal_host(host),) if isinstance(host, str) else ()
    except HostError:
        return ()


def _starts(name: str) -> list[int]:
    """Return where the labels of a name begin."""
    return [0, *(i + 1 for i, sign in enumerate(name) if sign == ".")]


def _under(host: str, domain: str) -> bool:
    try:
        return host_under(host, domain) or f"www.{normal_host(host)}" == normal_host(domain)
    except HostError:
        named = _URL.sub(r"\1", host)
        return named != host and _under(named, domain)
