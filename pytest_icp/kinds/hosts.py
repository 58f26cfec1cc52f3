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


def _under(host: str, domain: str) -> bool:
    try:
        return host_under(host, domain) or f"www.{normal_host(host)}" == normal_host(domain)
    except HostError:
        named = _URL.sub(r"\1", host)
        return named != host and _under(named, domain)
