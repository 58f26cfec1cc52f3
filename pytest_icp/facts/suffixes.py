"""The registrable domain of a host by the Public Suffix List (可注册域名).

The list is read from the installed package ``publicsuffixlist``, never from the network.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from pytest_icp.law.domains import HostError, host_under, normal_host
from pytest_icp.law.errors import IcpError

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList


class SuffixListMissingError(IcpError):
    """The package that carries the Public Suffix List is not installed."""

    def __str__(self) -> str:
        """Say how to install it."""
        return (
            "the registrable domain of a host needs the Public Suffix List; "
            "install it with: pip install 'pytest-icp[domains]'"
        )


def registrable_domain(host: str) -> str | None:
    """Return the domain that was registered for a host: ``etaoche.cn`` of ``www.etaoche.cn``.

    The answer is in the form of `normal_host` (A-labels, lower case). None for a public suffix
    itself (``com.cn``), an IP address, and what is no host name. Rules of the private section
    of the list count, unlisted top-level names are suffixes. Raises `SuffixListMissingError`
    when the extra ``domains`` is not installed.
    """
    suffixes = _suffixes()
    try:
        name = normal_host(host).removeprefix("*.")
        host_under(name, name)
    except HostError:
        return None
    found = suffixes.privatesuffix(name)
    return None if found is None else str(found)


@cache
def _suffixes() -> PublicSuffixList:
    try:
        from publicsuffixlist import PublicSuffixList
    except ImportError as error:
        raise SuffixListMissingError from error
    return PublicSuffixList()
