"""Hosts in the rules of Traefik."""

from __future__ import annotations

import pytest

from pytest_icp.sources.traefik import has_pattern, hosts_of


@pytest.mark.parametrize(
    ("rule", "hosts"),
    [
        ("Host(`a.cn`)", ["a.cn"]),
        ("Host(`a.cn`) && PathPrefix(`/x`) || Host('b.cn', \"c.cn\")", ["a.cn", "b.cn", "c.cn"]),
        ("HostSNI(`a.cn`)", ["a.cn"]),
        ("HostHeader(`a.cn`)", ["a.cn"]),
        ("HostSNI(`*`)", []),
        ("!Host(`a.cn`)", []),
        ("Host:a.cn, b.cn;PathPrefix:/x", ["a.cn", "b.cn"]),
        ("PathPrefix(`/x`)", []),
        ("HostRegexp(`a.cn`)", []),
    ],
)
def test_hosts_of_a_rule(rule: str, hosts: list[str]) -> None:
    assert hosts_of(rule) == hosts


def test_a_pattern_is_seen() -> None:
    assert has_pattern("HostRegexp(`^.+\\.a\\.cn$`)")
    assert not has_pattern("Host(`a.cn`)")
