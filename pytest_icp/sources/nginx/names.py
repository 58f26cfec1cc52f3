"""The ``server_name`` of an nginx server: hosts, any host, or a pattern."""

from __future__ import annotations

import re
from enum import StrEnum

from msgspec import Struct

from pytest_icp.law.domains import HostError, normal_host
from pytest_icp.sources.hosts import is_local


class NameKind(StrEnum):
    """The kind of a name (域名写法)."""

    HOSTS = "hosts"
    """Names and wildcards."""
    CATCH_ALL = "catch-all"
    """Not a host, such as ``_``: the server answers for hosts that no other server has."""
    LOCAL = "local"
    """A host that is not in the public DNS."""
    PATTERN = "pattern"
    """A pattern or a variable, so that its hosts are not known."""
    INVALID = "invalid"
    """Not a host name."""


class ServerName(Struct, frozen=True):
    """One name: its kind, and its hosts in normal form if it has any."""

    kind: NameKind
    hosts: tuple[str, ...] = ()


_PATTERN = re.compile(r"~|.*(?:[$%<>{}]|\.\*$)")
_WORD = re.compile(r"[^\W_]")


def server_name(written: str) -> ServerName:
    """Read one argument of ``server_name`` (服务器名).

    In nginx, ``.etaoche.cn`` is the domain and every host under it.
    """
    if _PATTERN.match(written):
        return ServerName(NameKind.PATTERN)
    if not _WORD.search(written):
        return ServerName(NameKind.CATCH_ALL)
    bare = written.removeprefix(".")
    try:
        hosts = [normal_host(bare)]
        if bare != written:
            hosts.append(normal_host(f"*.{bare}"))
    except HostError:
        return ServerName(NameKind.INVALID)
    if is_local(hosts[0]):
        return ServerName(NameKind.LOCAL)
    return ServerName(NameKind.HOSTS, tuple(hosts))
