"""Which names of a zone are web hosts that the public can reach (网站主机名)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from enum import StrEnum
from fnmatch import fnmatchcase

from msgspec import Struct

from pytest_icp.law.domains import HostError, normal_host
from pytest_icp.sources.hosts import is_private
from pytest_icp.sources.zone.records import Record


class Other(StrEnum):
    """Why a name with an address is not listed as a site."""

    SAID = "said"
    """The source says so."""
    SERVICE = "service"
    """A mail, name or directory server, as records or its own name say."""
    PRIVATE = "private"
    """Its addresses are of a private network."""
    OUTSIDE = "outside"
    """It is not in the zone."""
    INVALID = "invalid"
    """No host has such a name."""


class Names(Struct, frozen=True):
    """Hosts in normal form with the record that names them, and what was left out."""

    hosts: dict[str, Record]
    others: dict[str, Other]
    delegated: tuple[str, ...]


_ADDRESSES = frozenset(("A", "AAAA", "CNAME", "HTTPS"))
_SERVERS = frozenset(("MX", "NS", "SRV"))
_SERVICE = re.compile(
    r"(?:mail|smtps?|imaps?|pop3?|mx|ns|dns|ftps?|sftp|ssh|ldaps?|ntp|sip|stun|turn|xmpp)[0-9]*"
    r"|autodiscover|autoconfig|localhost"
)


def web_hosts(records: Sequence[Record], apex: str, said: Sequence[str] = ()) -> Names:
    """Tell the web hosts of a zone from what else has an address in it.

    Left out are names with an underscore (verification, DKIM, ``_acme-challenge``), the
    targets of MX, NS and SRV records, names that mail and other services use by custom, and
    names whose addresses are all private, through aliases in the zone as well. What lies under
    a delegation belongs to another zone. ``said`` are names, relative to the apex, and patterns
    of names that somebody says are no sites.
    """
    by_name: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        if record.type in _ADDRESSES:
            by_name[record.name].append(record)
    servers = {r.data.rpartition(" ")[2] for r in records if r.type in _SERVERS}
    delegated = {r.name for r in records if r.type == "NS" and r.name != apex}
    found = Names({}, {}, tuple(sorted(name for name in delegated if _lies_in(name, apex))))
    for name, own in by_name.items():
        if any(label.startswith("_") for label in name.split(".")) or _is_under(name, delegated):
            continue
        other = _other(name, own, apex, servers, by_name)
        if other is None and any(fnmatchcase(name, f"{label}.{apex}") for label in said):
            other = Other.SAID
        if other is None:
            try:
                found.hosts[normal_host(name)] = own[0]
            except HostError:
                other = Other.INVALID
        if other is not None:
            found.others[name] = other
    return found


def _other(
    name: str,
    own: Sequence[Record],
    apex: str,
    servers: Iterable[str],
    by_name: dict[str, list[Record]],
) -> Other | None:
    if not _lies_in(name, apex):
        return Other.OUTSIDE
    label = name.partition(".")[0]
    service = name in servers or _SERVICE.fullmatch(label)
    # A small company's one machine does both.
    if service and name != apex and label != "www":
        return Other.SERVICE
    return Other.PRIVATE if _is_inner(own, by_name) else None


def _is_inner(own: Sequence[Record], by_name: dict[str, list[Record]]) -> bool:
    """Say whether a name leads to private addresses only; aliases out of the zone do not."""
    seen = set[str]()
    while own and own[0].type == "CNAME" and own[0].data not in seen:
        seen.add(own[0].data)
        own = by_name.get(own[0].data, ())
    addresses = [record.data for record in own if record.type in {"A", "AAAA"}]
    return bool(addresses) and all(map(is_private, addresses))


def _lies_in(name: str, apex: str) -> bool:
    return name == apex or name.endswith(f".{apex}")


def _is_under(name: str, delegated: set[str]) -> bool:
    labels = name.split(".")
    return any(".".join(labels[i:]) in delegated for i in range(len(labels)))
