from __future__ import annotations

import pytest

from pytest_icp.sources.hosts import is_local, is_private


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


def test_a_name_is_no_address():
    with pytest.raises(ValueError, match="www"):
        is_private("www.example.cn")


@pytest.mark.parametrize("host", ["localhost", "web", "a.local", "x.internal", "b.lan", "c.test"])
def test_names_that_only_a_local_network_has(host):
    assert is_local(host)


@pytest.mark.parametrize("host", ["example.cn", "*.example.cn", "shop.example", "local.example.cn"])
def test_names_that_the_public_may_have(host):
    assert not is_local(host)
