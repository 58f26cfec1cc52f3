from __future__ import annotations

import pytest

from pytest_icp.sources.nginx import NameKind, server_name


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
    assert server_name(written).kind is NameKind.HOSTS
    assert server_name(written).hosts == hosts


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("_", NameKind.CATCH_ALL),
        ("", NameKind.CATCH_ALL),
        ("*", NameKind.CATCH_ALL),
        ("--", NameKind.CATCH_ALL),
        ("!@#", NameKind.CATCH_ALL),
        ("~^www\\d+\\.example\\.cn$", NameKind.PATTERN),
        ("~.", NameKind.PATTERN),
        ("$hostname", NameKind.PATTERN),
        ("${DOMAIN}", NameKind.PATTERN),
        ("{{domain}}", NameKind.PATTERN),
        ("www.example.*", NameKind.PATTERN),
        ("localhost", NameKind.LOCAL),
        ("web.local", NameKind.LOCAL),
        ("127.0.0.1", NameKind.LOCAL),
        ("192.168.1.9", NameKind.LOCAL),
        ("a..example.cn", NameKind.INVALID),
        ("http://example.cn", NameKind.INVALID),
        ("a.*.cn", NameKind.INVALID),
    ],
)
def test_other_names(written, kind):
    assert server_name(written).kind is kind
    assert server_name(written).hosts == ()
