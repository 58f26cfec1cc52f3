from __future__ import annotations

import pytest

from pytest_icp.sources.nginx.names import Sort, server_name


@pytest.mark.parametrize(
    ("written", "hosts"),
    [
        ("www.example.cn", ("www.example.cn",)),
        ("WWW.Example.CN", ("www.example.cn",)),
        ("*.example.cn", ("*.example.cn",)),
        (".example.cn", ("example.cn", "*.example.cn")),
        ("例子.中国", ("xn--fsqu00a.xn--fiqs8s",)),
        ("203.0.113.10", ("203.0.113.10",)),
        ("my_site.example.cn", ("my_site.example.cn",)),
    ],
)
def test_names_of_hosts(written, hosts):
    assert server_name(written).sort is Sort.HOSTS
    assert server_name(written).hosts == hosts


@pytest.mark.parametrize(
    ("written", "sort"),
    [
        ("_", Sort.CATCH_ALL),
        ("", Sort.CATCH_ALL),
        ("*", Sort.CATCH_ALL),
        ("--", Sort.CATCH_ALL),
        ("!@#", Sort.CATCH_ALL),
        ("~^www\\d+\\.example\\.cn$", Sort.OPEN),
        ("~.", Sort.OPEN),
        ("$hostname", Sort.OPEN),
        ("${DOMAIN}", Sort.OPEN),
        ("{{domain}}", Sort.OPEN),
        ("www.example.*", Sort.OPEN),
        ("localhost", Sort.LOCAL),
        ("web.local", Sort.LOCAL),
        ("127.0.0.1", Sort.LOCAL),
        ("192.168.1.9", Sort.LOCAL),
        ("a..example.cn", Sort.INVALID),
        ("http://example.cn", Sort.INVALID),
        ("a.*.cn", Sort.INVALID),
    ],
)
def test_other_names(written, sort):
    assert server_name(written).sort is sort
    assert server_name(written).hosts == ()
