from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_icp.law.errors import InputError
from pytest_icp.sources.request import Request
from pytest_icp.sources.zone import read_zone
from tests.sources.reading import ids, said


@pytest.fixture
def read(tmp_path):
    def read(text, name="example.cn.zone", **settings):
        raw = text if isinstance(text, bytes) else text.encode()
        (tmp_path / name).write_bytes(raw)
        request = Request(path=tmp_path / name, root=tmp_path, settings=settings)
        return read_zone(request)

    return read


@pytest.mark.parametrize(
    ("name", "text", "settings", "domain"),
    [
        ("example.cn.zone", "", {}, "example.cn"),
        ("example.cn", "", {}, "example.cn"),
        ("db.example.cn", "", {}, "example.cn"),
        ("named.example.cn.conf", "", {}, "example.cn"),
        ("db.example.cn", "", {"origin": "Example.COM."}, "example.com"),
        ("hosts", "$ORIGIN example.cn.\n", {}, "example.cn"),
        ("hosts", "example.cn. SOA a. b. 1 2 3 4 5\n", {}, "example.cn"),
        ("hosts", "$ORIGIN .\nexample.cn SOA a. b. 1 2 3 4 5\n", {}, "example.cn"),
        ("example.cn.txt", "example.cn SOA a. b. 1 2 3 4 5\n", {}, "example.cn"),
        ("a b.c", "example.cn. SOA a. b. 1 2 3 4 5\n", {}, "example.cn"),
        ("x.zone", "", {"origin": "例子.中国"}, "xn--fsqu00a.xn--fiqs8s"),
    ],
)
def test_the_zone_is_told_by_setting_by_content_or_by_name(read, name, text, settings, domain):
    derived = read(text, name, **settings)
    assert [found["name"] for found in derived.facts["domains"]] == [domain]


@pytest.mark.parametrize("origin", ["a b", "*.example.cn", "203.0.113.1"])
def test_an_origin_that_is_no_domain(read, origin):
    with pytest.raises(InputError):
        read("", origin=origin)


@pytest.mark.parametrize(
    ("line", "listed"),
    [
        ("www A 203.0.113.1", ["www.example.cn"]),
        ("www 60 IN AAAA 2001:db8::1", ["www.example.cn"]),
        ("@ A 203.0.113.1", ["example.cn"]),
        ("www CNAME cdn.example.net.", ["www.example.cn"]),
        ("*.shop A 203.0.113.1", ["*.shop.example.cn"]),
        ("www HTTPS 1 . alpn=h2", ["www.example.cn"]),
        ("汽车 A 203.0.113.1", ["xn--4tws85e.example.cn"]),
        ("a-b_c A 203.0.113.1", ["a-b_c.example.cn"]),
        ("_acme-challenge CNAME x.example.net.", []),
        ("a._domainkey A 203.0.113.1", []),
        ('txt TXT "v=spf1"', []),
        ("@ MX 10 mx.example.net.", []),
        ("mail A 203.0.113.1", []),
        ("ns2 A 203.0.113.1", []),
        ("smtp A 203.0.113.1", []),
        ("autodiscover CNAME x.example.net.", []),
        ("sent CNAME spf.example.net.", []),
        ("oa A 10.0.0.1", []),
        ("oa AAAA fd00::1", []),
        ("www.example.net. A 203.0.113.1", []),
        ("a\\046b A 203.0.113.1", []),
    ],
)  # fmt: skip
def test_which_names_are_sites(read, line, listed):
    assert ids(read(f"{line}\n")) == listed


@pytest.mark.parametrize("record", ["@ NS web", "@ MX 5 web", "_sip._tcp SRV 1 1 5060 web"])
def test_what_records_call_a_server_of_another_kind_is_no_site(read, record):
    derived = read(f"{record}\nweb A 203.0.113.1\nwww A 203.0.113.1\n")
    assert ids(derived) == ["www.example.cn"]
    assert "not counted as sites: web.example.cn" in said(derived)


@pytest.mark.parametrize(
    ("lines", "listed"),
    [
        ("a CNAME b\nb CNAME c\nc A 10.0.0.1\n", []),
        ("a CNAME b\nb A 10.0.0.1\nb A 203.0.113.1\n", ["a.example.cn", "b.example.cn"]),
        ("a CNAME b\nb CNAME a\n", ["a.example.cn", "b.example.cn"]),
        ("a CNAME gone\n", ["a.example.cn"]),
    ],
)
def test_aliases_in_the_zone_are_followed(read, lines, listed):
    assert ids(read(lines)) == listed


def test_a_delegation_belongs_to_another_zone(read):
    derived = read("dev NS ns.dev\nns.dev A 203.0.113.1\nwww.dev A 203.0.113.1\n")
    assert ids(derived) == []
    assert "name their files as sources too: dev.example.cn" in said(derived)


def test_a_zone_of_a_local_network_has_no_sites(read):
    derived = read("@ SOA a. b. 1 2 3 4 5\nwww A 203.0.113.1\n", "corp.local.zone")
    assert derived.facts == {}
    assert "no public names" in said(derived)


def test_names_that_are_led_elsewhere_are_a_gap(read):
    derived = read("www A 203.0.113.1\nold DNAME example.com.\n")
    assert ids(derived) == ["www.example.cn"]
    (gap,) = derived.gaps
    assert (gap.place.line, gap.kinds) == (2, {"sites"})
    assert "all names below old.example.cn" in gap.message.en


def test_an_empty_zone_names_its_domain_and_claims_no_sites(read):
    derived = read("")
    assert derived.facts == {"domains": [{"id": "example.cn", "name": "example.cn"}]}
    assert derived.trace("/domains/0").place.line is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(read, encoding, end):
    lines = ["; 网站", "$TTL 600", "www A 203.0.113.1", "api A 203.0.113.1", ""]
    derived = read(end.join(lines).encode(encoding))
    assert ids(derived) == ["www.example.cn", "api.example.cn"]
    assert derived.trace("/sites/1").place.line == 4


def test_what_is_included_is_not_read(read, tmp_path):
    (tmp_path / "a.inc").write_text("api A 203.0.113.1\n")
    derived = read('\n$include "a.inc" eu ; x\n$INCLUDE Kexample.cn.+13+1.key\nwww A 203.0.113.1\n')
    assert ids(derived) == ["www.example.cn"]
    assert derived.trace("/sites/0").place.line == 4
    (gap,) = derived.gaps
    assert gap.message.en.startswith("$INCLUDE a.inc: what is included is not read")
    assert (gap.place.line, gap.place.excerpt, gap.kinds) == (2, "$include", {"sites", "domains"})


def test_a_number_of_very_many_digits_is_refused_with_its_line(read):
    with pytest.raises(InputError, match=r"2:.*too many digits"):
        read(f"@ IN SOA ns h 1 1 1 1 1\n@ {'1' * 1001} IN A 203.0.113.1\n")


def test_generated_records_are_bounded(read, monkeypatch):
    assert len(ids(read("$GENERATE 1-9/2 node-${0,3} A 203.0.113.$\n"))) == 5
    monkeypatch.setattr("pytest_icp.sources.zone.MOST", 50)
    with pytest.raises(InputError, match="2:1: more than 50 records"):
        read("\n$GENERATE 0-4294967295 h$ A 203.0.113.1\n")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("www A 203.0.113.300\n", 1),
        ("a A 203.0.113.1\nwww A\n", 2),
        ("a A 203.0.113.1\n\n\nwww NONSENSE x\n", 4),
        ("www A ( 203.0.113.1\n", 1),
        ("a..b A 203.0.113.1\n", 1),
        (f"{'a' * 64} A 203.0.113.1\n", 1),
        ("www CH A 203.0.113.1\n", 1),
        ("$GENERATE x h$ A 203.0.113.1\n", 1),
        ("$WHAT x\n", 1),
        ("$UNICODE 2008\n\u2028 A 203.0.113.1\n", 2),
        ("a\0b", None),
    ],
)
def test_what_is_no_record_is_refused_with_its_line(read, text, line):
    with pytest.raises(InputError) as refused:
        read(text)
    assert refused.value.place.line == line


@given(st.lists(st.sampled_from(["www", "api", "m"]), unique=True), st.sampled_from(["", "600 "]))
def test_a_time_to_live_changes_nothing(names, ttl):
    text = "".join(f"{name} {ttl}A 203.0.113.1\n" for name in names)
    request = Request(
        path=Path("-"), root=Path(), given=text.encode(), settings={"origin": "example.cn"}
    )
    assert ids(read_zone(request)) == [f"{name}.example.cn" for name in names]


def test_what_is_said_to_be_no_site(read):
    text = "".join(
        f"{name} A 203.0.113.1\n" for name in ("vpn", "node-1", "node-2", "nodes", "www")
    )
    derived = read(text, not_sites=["VPN", "node-*"])
    assert ids(derived) == ["nodes.example.cn", "www.example.cn"]
    assert "because of `not_sites`: vpn.example.cn, node-1.example.cn" in said(derived)


def test_what_is_no_zone_of_a_company_does_not_refuse_a_folder(tmp_path):
    start = "@ IN SOA a. b. 1 2 3 4 5\n@ NS a.\n"
    (tmp_path / "db.example.cn").write_text(f"{start}www A 203.0.113.1\n")
    (tmp_path / "10.zone").write_text(f"{start}1.0.0 PTR a.example.cn.\n")
    (tmp_path / "db.127").write_text(f"{start}1.0.0 PTR localhost.\n")
    (tmp_path / "localhost.zone").write_text(f"{start}@ A 127.0.0.1\n")
    (tmp_path / "office.zone").write_text(f"{start}www A 203.0.113.2\n")
    derived = read_zone(Request(path=tmp_path, root=tmp_path, folder=tmp_path))
    assert ids(derived) == ["www.example.cn"]
    assert said(derived).splitlines() == [
        "10.zone: a reverse zone, which has no sites",
        "db.127: a file that comes with BIND, without sites",
        "localhost.zone: a file that comes with BIND, without sites",
    ]
    (gap,) = derived.gaps
    assert (gap.place.path.name, gap.kinds) == ("office.zone", {"sites", "domains"})


def test_a_file_that_is_none_does_not_refuse_a_folder(tmp_path):
    (tmp_path / "a.cn.zone").write_text("www A 203.0.113.1\n")
    (tmp_path / "b.cn.zone").write_text("\nwww A 203.0.113\n")
    (tmp_path / "c.cn.zone").write_bytes(b"\0")
    derived = read_zone(Request(path=tmp_path, root=tmp_path, folder=tmp_path))
    assert ids(derived) == ["www.a.cn"]
    places = [(gap.place.path.name, gap.place.line) for gap in derived.gaps]
    assert places == [("b.cn.zone", 2), ("c.cn.zone", None)]


def test_what_cloudflare_serves_itself_is_reached_through_it(read):
    derived = read(
        "; cf-proxied:true\n"
        "www 1 IN A 203.0.113.1 ; cf_tags=cf-proxied:true\n"
        "app 1 IN A 203.0.113.1 ; shop cf_tags=cf-proxied:false\n"
        "old 1 IN A 203.0.113.1 ; was cf-proxied:true cf_tags=cf-proxied:false\n"
        "own 1 IN A 203.0.113.1 ; cf-proxied:true\n"
        "api 1 IN CNAME www ; cf_tags=a,cf-proxied:true\n"
        "mail 1 IN A 203.0.113.1\n"
        "smtp 1 IN A 203.0.113.1 ; cf_tags=cf-proxied:true\n"
        'x 1 IN A 203.0.113.1\nx 1 IN TXT "cf-proxied:true"\n'
    )
    through = [f"{name}.example.cn" for name in ("www", "api", "smtp")]
    assert ids(derived)[-2:] == ["smtp.example.cn", "x.example.cn"]
    assert [one["id"] for one in derived.facts["sites"] if one.get("public")] == through
    assert derived.facts["servers"] == [
        {"id": f"{host} cf-proxied", "role": "edge"} for host in through
    ]
    assert derived.facts["network_links"] == [
        {"id": f"{host} cf-proxied", "kind": "cdn", "mode": "leased"} for host in through
    ]
    assert derived.trace("/servers/1/role").place.line == 6
