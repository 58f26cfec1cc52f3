"""Hosts in facts: whether a name lies under one of several domains (域名归属).

A printed ``www.`` is the site of the bare domain: ``etaoche.cn`` and ``m.etaoche.cn`` belong to
``www.etaoche.cn``, as they do to ``etaoche.cn``.
"""

from __future__ import annotations

import re

from pytest_icp.law.domains import HostError, host_under, normal_host
from pytest_icp.law.jsontypes import Json

_URL = re.compile(r"^https?://([^/?#\s]+).*", re.IGNORECASE | re.DOTALL)
"""The address of a page, which says what its host is."""

_SHARED = re.compile(
    r"[^.]+|(?:com|net|org|gov|edu|ac|mil|co|bj|sh|tj|cq|he|sx|nm|ln|jl|hl|js|zj|ah|fj|jx|sd|ha|hb|hn"
    r"|gd|gx|hi|sc|gz|yn|xz|sn|gs|qh|nx|xj|tw|hk|mo)\.(?:cn|hk|tw|mo|jp|kr|uk|au|sg)"
)
"""Domains under which others register theirs: not every ``com.cn`` is a site of ``www.com.cn``."""


def domains_over(host: Json) -> tuple[str, ...]:
    """Return the domains, in normal form, that a host lies under.

    The address of a page stands for its host. What is not a host lies under none.
    """
    if not isinstance(host, str):
        return ()
    names = _normal(host) or _normal(_URL.sub(r"\1", host))
    over = [whole[i:] for whole in names for i in _starts(whole)]
    return (*over, *(f"www.{name}" for name in over if not _SHARED.fullmatch(name)))


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
