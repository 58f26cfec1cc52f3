"""Host names and addresses: which are public, which a Traefik rule names, how they are shown."""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from typing import Final, TypeAlias

from pytest_icp.law.domains import HostError, normal_host
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text

# Before an @ stand a user and a password.
_USER = re.compile(r"(?<=//)[^/@\s]*+@")
# After a question mark stand keys, if more than a version.
_KEYS = re.compile(r"\?(?!ref=[^&?\s]*+$)\S*+")


def without_secrets(address: str) -> str:
    """Return an address without users, passwords and keys in it."""
    return _KEYS.sub("", _USER.sub("", address))


def names_user(line: str) -> bool:
    """Whether a line has an address in it with a user, and perhaps a password."""
    return _USER.search(line) is not None


def host_set(written: str, path: Path) -> str:
    """Return the host that a setting or a file names; raise `InputError` for what is none."""
    try:
        return normal_host(written)
    except HostError as error:
        raise InputError(error.text, place=Place(path=path)) from None


_OWN_HOSTS = re.compile(
    r"(?:^|/)(?:nginx-proxy-manager(?:-zh)?|npmplus|nginx-ui|safeline-tengine|swag|bunkerweb|zoraxy"
    r"|openwaf|https-portal|pangolin|cloudflared|frp[cs]|np[cs]|ngrok)(?:[:@]|$)"
)
"""Images of proxies and tunnels that serve hosts which stand in pages or settings of their own."""
OWN_HOSTS = Text(
    zh="{name} 转发哪些主机名写在它自己的数据库或设置中，没有读取；网站请在描述中手写",
    en="the hosts that {name} serves are in a database or settings of its own, which are not read; "
    "declare its sites by hand",
)


def keeps_hosts(image: str) -> bool:
    """Whether an image is one of what keeps the hosts that it serves itself."""
    return _OWN_HOSTS.search(image) is not None


_CALL = re.compile(r"(?<![A-Za-z])(?:(!)\s*+)?(Host|HostSNI|HostHeader)\(([^()]*)\)")
_QUOTED = re.compile(r"[`\"']([^`\"']*)[`\"']")
_OLD = re.compile(r"(?:^|;)\s*Host:([^;]*)")
_REGEXP = re.compile(r"(?:HostRegexp|HostSNIRegexp)\b")


def hosts_of(rule: str) -> list[str]:
    """Return the hosts that a rule names, in their order; those it excludes are left out."""
    named = [
        host
        for negated, _, arguments in _CALL.findall(rule)
        if not negated
        for host in _QUOTED.findall(arguments)
    ]
    for listed in _OLD.findall(rule):
        named += [host.strip() for host in listed.split(",") if host.strip()]
    return [host for host in named if host not in {"", "*"}]


def has_pattern(rule: str) -> bool:
    """Whether a rule matches hosts by a regular expression, so that they cannot be listed."""
    return _REGEXP.search(rule) is not None


_PORT = re.compile(r"^([^:]*+|\[[^\]]*+\]):[^:]*+$")
Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

_LOCAL_TLDS: Final = frozenset(
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
    """Whether an IP address is private, loopback or unspecified (内网地址).

    Raises `ValueError` if it is not an IP address.
    """
    return _is_inside(ipaddress.ip_address(address))


def is_public_address(text: str) -> bool:
    """Whether a text is an IP address that is not private."""
    try:
        return not is_private(text)
    except ValueError:
        return False


def is_inner(listen: str) -> bool:
    """Whether an address to listen on is a socket, local or private; all addresses are not.

    It may have a port, and before it a network (``tcp/127.0.0.1``).
    """
    host = _PORT.sub(r"\1", listen.rpartition("/")[2]).strip("[]")
    if listen.startswith(("unix:", "unix/")):
        return True
    try:
        return host == "localhost" or (
            host not in {"0.0.0.0", "::"} and is_private(host)  # noqa: S104 - compared only
        )
    except ValueError:
        return False


def address_of(host: str) -> Address | None:
    """Return the IP address that a host in normal form is; None for a name.

    The last label of a name is never digits alone, and no name has a colon.
    """
    is_name = ":" not in host and not host.rpartition(".")[2].isdigit()
    return None if is_name else ipaddress.ip_address(host)


def is_local(host: str) -> bool:
    """Whether a host in normal form does not exist in the public DNS (内部名称).

    These are single labels, names under top-level domains that are reserved or used for local
    networks, and private addresses.
    """
    address = address_of(host)
    if address is not None:
        return _is_inside(address)
    labels = host.split(".")
    return len(labels) == 1 or labels[-1] in _LOCAL_TLDS


def is_public_name(host: str) -> bool:
    """Whether a host in normal form is a name, and one that the public DNS may have."""
    labels = host.split(".")
    is_name = len(labels) > 1 and not labels[-1].isdigit() and ":" not in host
    return is_name and labels[-1] not in _LOCAL_TLDS


def _is_inside(given: Address) -> bool:
    address = getattr(given, "ipv4_mapped", None) or given
    return any(address in network for network in _PRIVATE if network.version == address.version)
