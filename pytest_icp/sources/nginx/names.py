"""What a ``server_name`` of nginx says: hosts, any host at all, or what only nginx can tell."""

from __future__ import annotations

import re
from enum import StrEnum

from msgspec import Struct

from pytest_icp.law.domains import HostError, normal_host
from pytest_icp.sources.hosts import is_local


class Sort(StrEnum):
    """What sort of name it is (域名写法)."""

    HOSTS = "hosts"
    """Names and wildcards."""
    CATCH_ALL = "catch-all"
    """No host has it: the server answers for whatever no other server has."""
    LOCAL = "local"
    """The public DNS does not have it."""
    OPEN = "open"
    """A pattern or a variable: which hosts it stands for is not written here."""
    INVALID = "invalid"
    """No host name at all."""


class ServerName(Struct, frozen=True):
    """One name: its sort, and its hosts in normal form where it has any."""

    sort: Sort
    hosts: tuple[str, ...] = ()


_OPEN = re.compile(r"~|.*(?:[$%<>{}]|\.\*$)")
_WORD = re.compile(r"[^\W_]")


def server_name(written: str) -> ServerName:
    """Read one argument of ``server_name`` (服务器名).

    ``.etaoche.cn`` is the domain and every host under it, as nginx has it.
    """
    if not _WORD.search(written) and not written.startswith("~"):
        return ServerName(Sort.CATCH_ALL)
    if _OPEN.match(written):
        return ServerName(Sort.OPEN)
    bare = written.removeprefix(".")
    try:
        hosts = [normal_host(bare)]
        if bare != written:
            hosts.append(normal_host(f"*.{bare}"))
    except HostError:
        return ServerName(Sort.INVALID)
    if is_local(hosts[0]):
        return ServerName(Sort.LOCAL)
    return ServerName(Sort.HOSTS, tuple(hosts))
