"""Strategies for host names (主机名) under a domain, and for names that only resemble them."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from pytest_icp.law.domains import HostError, normal_host

_LABELS = st.sampled_from(["www", "m", "api", "a-b", "x1", "图", "xn--fsq"]) | st.from_regex(
    "[a-z]([a-z0-9]{0,8}[a-z0-9])?", fullmatch=True
)
_SUFFIXES = ("cn", "com", "com.cn", "net", "中国", "公司.cn", "co.uk", "github.io")
_MOST_LABELS = 3
_PORT = 65535


def hosts(*, under: str | None = None) -> st.SearchStrategy[str]:
    """Return host names in all the ways that they are written.

    ``under`` is a domain that every one of them is or lies under, in the sense of
    `pytest_icp.host_under`; without it, any. Labels in Chinese and as A-labels, mixed case, a
    last dot, full-width dots, a port, a wildcard as the leftmost label.

    Examples shrink to the domain itself, or to ``www.cn``.

    Raises `InvalidArgument` when ``under`` is no host name.
    """
    if under is None:
        domains = st.builds("{}.{}".format, _LABELS, st.sampled_from(_SUFFIXES))
    else:
        try:
            normal_host(under)
        except HostError as error:
            raise InvalidArgument(f"hosts(under={under!r}): {error.reason}") from error
        domains = st.just(under)
    below = st.lists(_LABELS, max_size=_MOST_LABELS).map(".".join)
    wild = st.sampled_from(["", "*"])
    return st.builds(_joined, wild, below, domains).flatmap(_written)


def _joined(*labels: str) -> str:
    return ".".join(filter(None, labels))


def _written(host: str) -> st.SearchStrategy[str]:
    return st.builds(
        lambda spelt, port: spelt if port is None else f"{spelt.rstrip('.')}:{port}",
        st.sampled_from(spellings(host)),
        st.none() | st.integers(1, _PORT),
    )


def spellings(host: str) -> tuple[str, ...]:
    """Return the ways to write a host name, the given one first."""
    bare = host.rstrip(".")
    ways = [host, bare.upper(), bare.title(), f"{bare}.", bare.replace(".", "。")]
    normal = normal_host(host)
    ways += [normal, _in_chinese(normal)]
    return tuple(dict.fromkeys(way for way in ways if _same(way, normal)))


def _same(way: str, normal: str) -> bool:
    return is_host(way) and normal_host(way) == normal


def is_host(text: str) -> bool:
    """Whether a text is a host name."""
    try:
        normal_host(text)
    except HostError:
        return False
    return True


def _in_chinese(normal: str) -> str:
    labels = [
        label.encode("ascii").decode("idna") if label.startswith("xn--") else label
        for label in normal.split(".")
    ]
    return ".".join(labels)


def mistaken_for(domain: str) -> tuple[str, ...]:
    """Return hosts that are not under a domain but that comparing strings may accept.

    ``evil-etaoche.cn``, ``etaoche.cn.example``, ``etaoche.cn-evil.example``, and the public
    suffix that it is registered under.
    """
    name = normal_host(domain)
    suffix = name.partition(".")[2]
    beside = (f"evil-{name}", f"evil{name}", f"{name}.example", f"{name}-evil.example")
    return (*beside, suffix) if suffix else beside
