"""The names of a zone that are public web hosts (网站主机名)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from fnmatch import translate

from msgspec import Struct

from pytest_icp.law.domains import HostError, normal_host
from pytest_icp.sources.hosts import is_private
from pytest_icp.sources.zone.records import Record


class Exclusion(StrEnum):
    """Why a name with an address is not listed as a site."""

    LISTED = "listed"
    """It is listed in ``not_sites``."""
    SERVICE = "service"
    """A mail, name or directory server, by its records or its name."""
    PRIVATE = "private"
    """All its addresses are private."""
    OUTSIDE = "outside"
    """It is outside the zone."""
    INVALID = "invalid"
    """It is not a valid host name."""


class ZoneNames(Struct, frozen=True):
    """Hosts in normal form with their records, and the names that are not sites."""

    hosts: dict[str, Record]
    excluded: dict[str, Exclusion]
    delegated: tuple[str, ...]


_ADDRESSES = frozenset(("A", "AAAA", "CNAME", "HTTPS"))
_SERVERS = frozenset(("MX", "NS", "SRV"))
_SERVICE = re.compile(
    r"(?:mail|smtps?|imaps?|pop3?|mx|ns|dns|ftps?|sftp|ssh|ldaps?|ntp|sip|stun|turn|xmpp)[0-9]*"
    r"|autodiscover|autoconfig|localhost"
)


def web_hosts(records: Sequence[Record], apex: str, not_sites: Sequence[str] = ()) -> ZoneNames:
    """Separate the web hosts of a zone from other names with an address.

    Not web hosts are names with an underscore (verification, DKIM, ``_acme-challenge``), the
    targets of MX, NS and SRV records, the usual names of mail and other services, and names with
    only private addresses, also through aliases in the zone. Names under a delegation belong to
    another zone. ``not_sites`` are further names and patterns, relative to the apex.
    """
    by_name: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        if record.type in _ADDRESSES:
            by_name[record.name].append(record)
    servers = {r.data.rpartition(" ")[2] for r in records if r.type in _SERVERS}
    delegated = {r.name for r in records if r.type == "NS" and r.name != apex}
    found = ZoneNames({}, {}, tuple(sorted(name for name in delegated if _lies_in(name, apex))))
    listed = _listed(not_sites, apex)
    ends: dict[str, str] = {}
    for name, own in by_name.items():
        if any(label.startswith("_") for label in name.split(".")) or _is_under(name, delegated):
            continue
        aliased = by_name.get(_end(name, by_name, ends), ())
        exclusion = _exclusion(name, aliased, apex, servers)
        if exclusion is None and listed(name):
            exclusion = Exclusion.LISTED
        if exclusion is None:
            try:
                found.hosts[normal_host(name)] = own[0]
            except HostError:
                exclusion = Exclusion.INVALID
        if exclusion is not None:
            found.excluded[name] = exclusion
    return found


def _listed(not_sites: Sequence[str], apex: str) -> Callable[[str], bool]:
    """Return whether a name is one of those listed, or has one of their patterns."""
    written = [f"{label}.{apex}" for label in not_sites]
    patterns = [name for name in written if any(sign in name for sign in "*?[")]
    alike = re.compile("|".join(map(translate, patterns))).match if patterns else None
    names = frozenset(written)
    return lambda name: name in names or bool(alike and alike(name))


def _exclusion(
    name: str, aliased: Sequence[Record], apex: str, servers: Iterable[str]
) -> Exclusion | None:
    if not _lies_in(name, apex):
        return Exclusion.OUTSIDE
    label = name.partition(".")[0]
    service = name in servers or _SERVICE.fullmatch(label)
    # In a small company one machine may serve both.
    if service and name != apex and label != "www":
        return Exclusion.SERVICE
    return Exclusion.PRIVATE if _is_inner(aliased) else None


def _end(name: str, by_name: dict[str, list[Record]], ends: dict[str, str]) -> str:
    """Return the name at the end of a chain of aliases; ``ends`` are those found before."""
    passed: dict[str, None] = {}
    while name not in ends and name not in passed:
        passed[name] = None
        own = by_name.get(name, ())
        if own and own[0].type == "CNAME":
            name = own[0].data
    end = ends.get(name, name)
    ends.update(dict.fromkeys(passed, end))
    return end


def _is_inner(aliased: Sequence[Record]) -> bool:
    """Whether a name has private addresses only; an alias outside the zone does not count."""
    addresses = [record.data for record in aliased if record.type in {"A", "AAAA"}]
    return bool(addresses) and all(map(is_private, addresses))


def _lies_in(name: str, apex: str) -> bool:
    return name == apex or name.endswith(f".{apex}")


def _is_under(name: str, delegated: set[str]) -> bool:
    labels = name.split(".")
    return any(".".join(labels[i:]) in delegated for i in range(len(labels)))
