"""Hosts in facts: whether a name lies under one of several domains (域名归属).

A printed ``www.`` is the site of the bare domain: ``etaoche.cn`` belongs to ``www.etaoche.cn``.
"""

from __future__ import annotations

import re

from pytest_icp.law.domains import HostError, host_under, normal_host
from pytest_icp.law.jsontypes import Json

_URL = re.compile(r"^https?://([^/?#\s]+).*", re.IGNORECASE | re.DOTALL)
"""The address of a page, which says what its host is."""


def domains_over(host: Json) -> tuple[str, ...]:
    """Return the domains, in normal form, that a host lies under.

    The address of a page stands for its host. What is not a host lies under none.
    """
    if not isinstance(host, str):
        return ()
    names = _normal(host) or _normal(_URL.sub(r"\1", host))
    return tuple(
        name for whole in names for name in (f"www.{whole}", *(whole[i:] for i in _starts(whole)))
    )


def domain_names(domain: Json) -> tuple[str, ...]:
    """Return a domain in normal form; nothing for what no host lies under, such as an address."""
    try:
        return _normal(domain) if isinstance(domain, str) and host_under(domain, domain) else ()
    except HostError:
        return ()


def _normal(host: str) -> tuple[str, ...]:
    try:
        return (normal_host(host),)
    except HostError:
        return ()


def _starts(name: str) -> list[int]:
    """Return where the labels of a name begin."""
    return [0, *(i + 1 for i, sign in enumerate(name) if sign == ".")]
