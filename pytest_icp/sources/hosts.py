"""Which host names and addresses the public cannot reach, whatever stands behind them."""

from __future__ import annotations

import ipaddress
from typing import Final

_LOCAL_TOPS: Final = frozenset(
    "local localhost internal intranet lan corp home invalid test onion arpa".split()
)
# `is_private` of the standard library counts documentation addresses too, and changes.
_PRIVATE: Final = tuple(
    map(
        ipaddress.ip_network,
        (
            *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
            *("172.16.0.0/12", "192.168.0.0/16", "::/128", "::1/128", "fc00::/7", "fe80::/10"),
        ),
    )
)


def is_private(address: str) -> bool:
    """Say whether an IP address is of a private network, this machine or none (内网地址).

    Raises `ValueError` for what is no IP address.
    """
    given = ipaddress.ip_address(address)
    mapped = getattr(given, "ipv4_mapped", None) or given
    return any(mapped in network for network in _PRIVATE if network.version == mapped.version)


def is_local(host: str) -> bool:
    """Say whether a host, in normal form, has no meaning in the public DNS (内部名称).

    Such are single words, names under tops that are reserved or used for local networks, and
    private addresses.
    """
    try:
        return is_private(host)
    except ValueError:
        labels = host.split(".")
        return len(labels) == 1 or labels[-1] in _LOCAL_TOPS
