from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given

from pytest_icp.facts import suffixes
from pytest_icp.facts.suffixes import SuffixListMissingError, registrable_domain
from pytest_icp.law.domains import host_under, normal_host
from pytest_icp.law.errors import IcpError
from tests.law.test_domains import NAMES

VECTORS = Path(__file__).parents[1] / "data" / "psl_vectors.txt"


@pytest.mark.parametrize(
    ("host", "registered"),
    [line.split() for line in VECTORS.read_text("utf-8").splitlines() if not line.startswith("#")],
)
def test_the_official_vectors(host: str, registered: str):
    expected = None if registered == "null" else normal_host(registered)
    assert registrable_domain(host) == expected


@pytest.mark.parametrize(
    ("host", "registered"),
    [
        ("www.etaoche.cn", "etaoche.cn"),
        ("*.etaoche.cn", "etaoche.cn"),
        ("www.etaoche.com.cn:8080", "etaoche.com.cn"),
        ("*.com.cn", None),
        ("127.0.0.1", None),
        ("", None),
        ("https://etaoche.cn", None),
    ],
)
def test_registrable_domain(host: str, registered: str | None):
    assert registrable_domain(host) == registered


@given(NAMES)
def test_a_host_lies_under_its_registrable_domain(host: str):
    registered = registrable_domain(host)
    assert registered is None or host_under(host, registered)
    assert registered is None or registrable_domain(registered) == registered


def test_without_the_list_the_command_that_installs_it_is_said(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "publicsuffixlist", None)
    suffixes._suffixes.cache_clear()
    command = r"pip install 'pytest-icp\[domains\]'"
    with pytest.raises(SuffixListMissingError, match=command) as caught:
        registrable_domain("etaoche.cn")
    assert isinstance(caught.value, IcpError)
