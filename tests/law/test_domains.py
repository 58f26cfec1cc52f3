from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_icp.law.domains import HostError, host_under, normal_host
from pytest_icp.law.errors import IcpError


@pytest.mark.parametrize(
    ("host", "domain", "answer"),
    [
        ("etaoche.cn", "etaoche.cn", True),
        ("www.etaoche.cn", "etaoche.cn", True),
        ("a.b.etaoche.cn", "etaoche.cn", True),
        ("evil-etaoche.cn", "etaoche.cn", False),
        ("eviletaoche.cn", "etaoche.cn", False),
        ("etaoche.cn.evil.com", "etaoche.cn", False),
        ("cn", "etaoche.cn", False),
        ("etaoche.cn", "www.etaoche.cn", False),
        ("WWW.ETAOCHE.CN.", "etaoche.cn", True),
        ("www.etaoche.cn:8443", "etaoche.cn", True),
        ("www。etaoche．cn", "etaoche｡cn", True),
        ("ｗｗｗ.etaoche.cn", "etaoche.cn", True),
        ("www.淘车.中国", "xn--13wu92e.xn--fiqs8s", True),
        ("www.faß.de", "xn--fa-hia.de", True),
        ("faß.de", "fass.de", False),
        ("xn--nxasmm1c.com", "βόλος.com", True),
        ("WWW.XN--13WU92E.XN--FIQS8S", "淘车.中国", True),
        ("*.etaoche.cn", "etaoche.cn", True),
        ("*.cn", "etaoche.cn", False),
        ("*.www.etaoche.cn", "etaoche.cn", True),
        ("127.0.0.1", "etaoche.cn", False),
        ("127.0.0.1:80", "etaoche.cn", False),
        ("[2001:db8::1]:443", "etaoche.cn", False),
        ("::1", "etaoche.cn", False),
        ("localhost", "localhost", True),
        ("db.localhost", "localhost", True),
        ("localhost", "etaoche.cn", False),
        ("_dmarc.etaoche.cn", "etaoche.cn", True),
    ],
)
def test_host_under(host: str, domain: str, answer: bool):
    assert host_under(host, domain) is answer


@pytest.mark.parametrize(
    ("host", "reason"),
    [
        ("", "empty"),
        (".", "empty label"),
        (".etaoche.cn", "empty label"),
        ("a..cn", "empty label"),
        ("etaoche.cn..", "empty label"),
        ("https://etaoche.cn", "URL"),
        ("//etaoche.cn", "URL"),
        ("etaoche.cn/path", "a path"),
        ("etaoche.cn?q", "a query"),
        ("etaoche.cn#x", "a fragment"),
        ("admin@etaoche.cn", "a user"),
        ("etaoche.cn:", "not a port"),
        ("etaoche.cn:http", "not a port"),
        ("etaoche.cn:0", "not a port"),
        ("etaoche.cn:65536", "not a port"),
        ("[::1", "not a port"),
        ("a" * 64 + ".cn", "longer than 63"),
        ("中" * 300 + ".cn", "longer than 63"),
        (".".join(["a" * 50] * 6), "longer than 253"),
        ("a b.cn", "characters"),
        (" etaoche.cn", "characters"),
        ("a!.cn", "characters"),
        ("-a.cn", "characters"),
        ("a-.cn", "characters"),
        ("淘…车.cn", "characters"),
        ("a*.cn", "characters"),
        ("xn--zz--.cn", "internationalised"),
        ("xn--.cn", "internationalised"),
        ("淘" * 60 + ".cn", "longer than 63"),
        ("a.*.cn", "leftmost"),
        ("*.*.cn", "leftmost"),
        ("*", "leftmost"),
        ("256.1.1.1", "not an IP address"),
        ("127.1", "not an IP address"),
    ],
)
def test_what_is_no_host_is_refused_with_the_reason(host: str, reason: str):
    with pytest.raises(HostError) as caught:
        normal_host(host)
    assert isinstance(caught.value, ValueError)
    assert isinstance(caught.value, IcpError)
    assert reason in caught.value.reason
    assert str(caught.value) == f"{host!r} is not a host name: {caught.value.reason}"
    with pytest.raises(HostError):
        host_under(host, "etaoche.cn")
    with pytest.raises(HostError):
        host_under("etaoche.cn", host)


@pytest.mark.parametrize("domain", ["127.0.0.1", "::1", "[::1]", "*.etaoche.cn"])
def test_an_address_or_a_wildcard_is_no_domain(domain: str):
    with pytest.raises(HostError, match="is not a domain"):
        host_under("etaoche.cn", domain)


@pytest.mark.parametrize(
    ("host", "normal"),
    [
        ("WWW.Etaoche.CN.", "www.etaoche.cn"),
        ("淘车.中国", "xn--13wu92e.xn--fiqs8s"),
        ("ＸＮ--fiqs8s", "xn--fiqs8s"),
        ("*.Etaoche.cn", "*.etaoche.cn"),
        ("1.2.3.4:80", "1.2.3.4"),
        ("1.2.3.4.", "1.2.3.4"),
        ("１.2.3.4", "1.2.3.4"),
        ("[2001:DB8:0::1]", "2001:db8::1"),
        ("12306.cn", "12306.cn"),
    ],
)
def test_normal_host(host: str, normal: str):
    assert normal_host(host) == normal


LABELS = st.from_regex(r"[a-z]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True).filter(
    lambda label: not label.startswith("xn--")
) | st.text("淘车网站二手中国新闻", min_size=1, max_size=8)
NAMES = st.lists(LABELS, min_size=1, max_size=4).map(".".join)


@given(NAMES, LABELS)
def test_what_stands_before_a_domain_lies_under_it(domain: str, label: str):
    assert host_under(domain, domain)
    assert host_under(f"{label}.{domain}", domain)
    assert host_under(f"*.{domain}", domain)


@given(NAMES, st.from_regex("[a-z0-9]", fullmatch=True))
def test_a_longer_first_label_is_another_domain(domain: str, letter: str):
    assert not host_under(f"evil-{domain}", domain)
    assert not host_under(letter + domain, domain)


@given(NAMES, NAMES, st.sampled_from(["。", "．", "｡"]))
def test_case_dots_and_form_never_matter(host: str, domain: str, dot: str):
    answer = host_under(host, domain)
    assert host_under(host.upper() + ".", domain.replace(".", dot)) is answer
    assert host_under(normal_host(host), normal_host(domain)) is answer


@given(st.lists(NAMES, min_size=3, max_size=3), st.lists(LABELS, min_size=2, max_size=2))
def test_lying_under_is_an_order(names: list[str], labels: list[str]):
    domain, above = f"{labels[0]}.{names[0]}", f"{labels[1]}.{labels[0]}.{names[0]}"
    assert host_under(above, domain)
    assert host_under(above, names[0])
    a, b, c = names
    assert not (host_under(a, b) and host_under(b, c)) or host_under(a, c)
    assert not (host_under(a, b) and host_under(b, a)) or normal_host(a) == normal_host(b)


@given(NAMES)
def test_the_normal_form_is_stable(host: str):
    assert normal_host(normal_host(host)) == normal_host(host)


@given(st.text(max_size=40))
def test_any_text_is_a_host_or_refused(text: str):
    try:
        normal = normal_host(text)
    except HostError as error:
        normal = error.given
    assert normal == text or normal_host(normal) == normal
