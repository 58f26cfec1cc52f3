from __future__ import annotations

import pytest

from pytest_icp.kinds.likeness import (
    domain_names,
    domains_over,
)


@pytest.mark.parametrize(
    ("host", "domain", "answer"),
    [
        ("www.a.cn", "a.cn", True),
        ("a.cn", "A.CN.", True),
        ("evil-a.cn", "a.cn", False),
        ("a.cn", "http://a.cn", False),
        ("a cn", "a.cn", False),
        ("a.cn", "www.a.cn", True),
        ("www.a.cn", "www.a.cn", True),
        ("m.a.cn", "www.a.cn", True),
        ("b.m.a.cn", "www.a.cn", True),
        ("a.cn", "m.a.cn", False),
        ("www.m.a.cn", "m.a.cn", True),
        ("www.a.cn", "m.a.cn", False),
        ("evil-a.cn", "www.a.cn", False),
        ("b.cn", "www.a.cn", False),
        # What others register under it is not theirs.
        ("a.cn", "www.cn", False),
        ("m.www.cn", "www.cn", True),
        ("a.com.cn", "www.com.cn", False),
        ("a.bj.cn", "www.bj.cn", False),
        ("m.jd.cn", "www.jd.cn", True),
        (None, "a.cn", False),
        ("a.cn", None, False),
    ],
)
def test_domains_over_a_host(host: str | None, domain: str | None, answer: bool) -> None:
    assert bool({*domains_over(host)} & {*domain_names(domain)}) is answer
