"""Host names (主机名) compared label by label, never as strings.

``evil-etaoche.cn`` is not under ``etaoche.cn``. Names in Chinese are compared in the form that
the DNS carries (A-labels, RFC 5891), the dots 。．｡ are dots.
"""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from pytest_icp.law.errors import IcpError

if TYPE_CHECKING:
    from pytest_icp.law.text import Text


class HostError(ValueError, IcpError):
    """A text that is not a host or domain name: ``given`` and the ``reason``."""

    def __init__(self, given: str, reason: str) -> None:
        super().__init__(given, reason)
        self.given = given
        self.reason = reason

    def __str__(self) -> str:
        """Return the text and why it is not a host name."""
        return f"{self.given!r} is not a host name: {self.reason}"

    @property
    def text(self) -> Text:
        """The text and that it is not a host name; in English, also why."""
        from pytest_icp.law.text import Text

        return Text(zh=f"“{self.given}”不是有效的主机名", en=str(self))


LONGEST_LABEL: Final = 63
LONGEST_NAME: Final = 253
_LAST_PORT = 65535
_DOTS = str.maketrans("。．｡", "...")
_PORT = re.compile(r":([0-9]{1,5})")
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?")
# Nearly every name is in its normal form already: it ends in a word and has no A-labels.
_NORMAL = re.compile(
    r"(?:(?!xn--)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*"
    r"(?!xn--)[a-z](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
)
_ACE = "xn--"
_KEPT = re.compile("([ßς])")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://|//")
_BRACKETED = re.compile(r"\[([0-9A-Fa-f:.%]+)\](?::[0-9]{1,5})?")


def host_under(host: str, domain: str) -> bool:
    """Return whether a host is a domain or lies under it (域名归属).

    Case, a trailing dot, the kind of dot, Chinese or A-label form and a port of the host do
    not matter. ``*.etaoche.cn`` lies under ``etaoche.cn``; ``*.cn`` does not. An IP address
    lies under no domain. Raises `HostError` with the reason for what is not a host name, and
    for a domain that is an IP address or a wildcard.
    """
    parent = _parent(domain)
    child = normal_host(host)
    return child == parent or child.endswith(f".{parent}")


# Many hosts are compared with few domains.
@lru_cache(maxsize=1024)
def _parent(domain: str) -> str:
    parent = normal_host(domain)
    if not _NORMAL.fullmatch(parent):
        _check_domain(domain, parent)
    return parent


# Several rules look at the same hosts.
@lru_cache(maxsize=16384)
def normal_host(host: str) -> str:
    """Return a host name as names are compared: A-labels in lower case, no port, no last dot.

    An IP address is returned in its shortest form, without brackets. A wildcard may be the
    leftmost label. Raises `HostError` with the reason for what is not a host name: an empty
    text, an empty or too long label, a URL, characters that names do not have.
    """
    if len(host) <= LONGEST_NAME and _NORMAL.fullmatch(host):
        return host
    if not host:
        raise HostError(host, "it is empty")
    dotted = host.translate(_DOTS)
    address = _address(dotted)
    if address is not None:
        return address
    name = _without_port(host, dotted).removesuffix(".")
    labels = [_label(host, label) for label in name.split(".")]
    _check_wildcards(host, labels)
    normal = ".".join(labels)
    if len(normal) > LONGEST_NAME:
        raise HostError(host, f"it is longer than {LONGEST_NAME} characters")
    return _last_is_word(host, normal)


def host_of(written: object) -> str | None:
    """Return the normal form of a host name; None for anything else."""
    try:
        return normal_host(written) if isinstance(written, str) else None
    except HostError:
        return None


def _address(host: str) -> str | None:
    """Return an IPv4 or IPv6 literal, brackets and port taken off; None for a name."""
    bracketed = _BRACKETED.fullmatch(host)
    bare = bracketed[1] if bracketed else host
    if not bracketed and host.count(":") == 1:
        bare = _PORT.sub("", host)
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:
        return None


def _check_domain(given: str, domain: str) -> None:
    if _address(domain) is not None:
        raise HostError(given, "an IP address is not a domain")
    if domain.startswith("*"):
        raise HostError(given, "a wildcard is not a domain")


def _without_port(given: str, host: str) -> str:
    """Take a port off; refuse what only a URL has."""
    if _SCHEME.match(host):
        raise HostError(given, "it is a URL; give its host alone")
    for sign, what in (("/", "a path"), ("?", "a query"), ("#", "a fragment"), ("@", "a user")):
        if sign in host:
            raise HostError(given, f"it has {what}, as a URL has; give the host alone")
    name, colon, port = host.partition(":")
    if colon and not (_PORT.fullmatch(colon + port) and 0 < int(port) <= _LAST_PORT):
        raise HostError(given, "what follows the colon is not a port")
    return name


def _label(given: str, label: str) -> str:
    if not label:
        raise HostError(given, "it has an empty label")
    if label == "*":
        return label
    ascii_label = _to_ascii(given, label)
    if len(ascii_label) > LONGEST_LABEL:
        raise HostError(given, f"a label is longer than {LONGEST_LABEL} characters")
    if not _LABEL.fullmatch(ascii_label):
        raise HostError(given, f"the label {label!r} has characters that names do not have")
    return ascii_label


def _to_ascii(given: str, label: str) -> str:
    """Return a label in the form that the DNS carries (RFC 5891 A-label)."""
    if len(label) > LONGEST_NAME:
        raise HostError(given, f"a label is longer than {LONGEST_LABEL} characters")
    try:
        prepared = label.lower() if label.isascii() else _prepared(label)
        if not prepared.startswith(_ACE):
            return prepared if prepared.isascii() else _encoded(prepared)
        # Decoded and encoded again: an A-label that no name encodes to is refused.
        decoded = prepared.removeprefix(_ACE).encode("ascii").decode("punycode")
        if not decoded.isascii() and _encoded(_prepared(decoded)) == prepared:
            return prepared
    except UnicodeError as error:
        raise HostError(given, f"the label {label!r} is not an internationalised name") from error
    raise HostError(given, f"the label {label!r} is not an internationalised name")


def _prepared(label: str) -> str:
    """Fold the forms of a label's characters; ß and ς are letters of their own (RFC 5894)."""
    from encodings import idna

    parts = _KEPT.split(label)
    return "".join(part if _KEPT.fullmatch(part) else idna.nameprep(part) for part in parts)


def _encoded(label: str) -> str:
    return _ACE + label.encode("punycode").decode("ascii")


def _check_wildcards(given: str, labels: list[str]) -> None:
    if "*" in labels[1:] or labels == ["*"]:
        raise HostError(given, "a wildcard can only be the leftmost label of a name")


def _last_is_word(given: str, name: str) -> str:
    """Refuse 256.1.1.1 and 127.1: a name does not end in a number."""
    if not name.rpartition(".")[2].isdigit():
        return name
    address = _address(name)
    if address is None:
        raise HostError(given, "it ends in a number but is not an IP address")
    return address
