from __future__ import annotations

import pytest

from pytest_icp.sources.hosts import (
    hosts_of,
    is_local,
    is_private,
    names_user,
    without_secrets,
)


@pytest.mark.parametrize(
    "address",
    [
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "127.0.0.1",
        "0.0.0.0",  # noqa: S104 - compared only
        "169.254.1.1",
        "::1",
        "::",
        "fd00::1",
        "fe80::1",
        "::ffff:10.0.0.1",
    ],
)
def test_private_addresses(address):
    assert is_private(address)
    assert is_local(address)


@pytest.mark.parametrize(
    "address", ["203.0.113.10", "8.8.8.8", "172.32.0.1", "2001:db8::1", "240e::1"]
)
def test_other_addresses_may_be_public(address):
    assert not is_private(address)
    assert not is_local(address)


@pytest.mark.parametrize("host", ["localhost", "web", "a.local", "x.internal", "b.lan", "c.test"])
def test_names_that_only_a_local_network_has(host):
    assert is_local(host)


@pytest.mark.parametrize("host", ["example.cn", "*.example.cn", "shop.example", "local.example.cn"])
def test_names_that_the_public_may_have(host):
    assert not is_local(host)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://ci:S3CRET@git.cn/a.git", "https://git.cn/a.git"),
        ("git::https://S3CRET@git.cn/a.git?ref=v1", "git::https://git.cn/a.git?ref=v1"),
        ("git@git.cn:a/b.git", "git@git.cn:a/b.git"),
        ("https://git.cn/a?ref=v1&sshkey=S3CRET", "https://git.cn/a"),
        ("https://git.cn/a?sshkey=S3CRET&ref=v1", "https://git.cn/a"),
        ("https://git.cn/@scope/a", "https://git.cn/@scope/a"),
        ("hashicorp/vpc/aws", "hashicorp/vpc/aws"),
        ("https://x/?" + "ref=?" * 50_000, "https://x/"),
    ],
)
def test_an_address_shows_neither_passwords_nor_keys(address: str, shown: str) -> None:
    assert without_secrets(address) == shown
    assert names_user(address) == ("@git.cn/" in address)


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
