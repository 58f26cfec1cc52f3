from __future__ import annotations

import pytest

from pytest_icp.facts.derived import Status
from pytest_icp.law.errors import InputError
from tests.sources.reading import read, said, sites


def frontend(*lines, bind="bind *:443 ssl crt x"):
    return "\n ".join(("defaults\n mode http\nfrontend web", bind, *lines)) + "\n"


def hosts(tmp_path, *lines, **files):
    return read(tmp_path, "haproxy", {"haproxy.cfg": frontend(*lines), **files})


def test_hosts_of_rules_lead_back_to_their_words(tmp_path):
    derived = hosts(
        tmp_path,
        "acl www hdr(host) -i www.a.cn:8443 -n b.cn # c.cn",
        "acl www req.ssl_sni -i c.cn",
        "acl unused hdr(host) unused.cn",
        "use_backend www if www or { req.hdr(host),lower -m str d.cn } { path /x }",
        "use_backend e if { ssl_fc_sni e.cn } || !{ hdr(host) not.cn }",
        "use_backend f unless { hdr(host) not.cn } { path_beg /f }",
        "use_backend g if {",
        "acl",
        "acl empty",
    )
    assert list(sites(derived)) == ["www.a.cn", "b.cn", "c.cn", "d.cn", "e.cn"]
    assert "home_page" not in sites(derived)["d.cn"]
    found = derived.trace("/sites/1/domains")
    assert (found.place.line, found.place.column) == (5, 40)
    assert found.place.excerpt.strip() == "hdr(host) -i www.a.cn:8443 -n b.cn"
    assert derived.trace("/sites/4/home_page").status is Status.AFTER_APPLY
    assert len(derived.gaps) == 1
    assert "'-n'" in derived.gaps[0].message.en


@pytest.mark.parametrize(
    ("asked", "found", "gaps"),
    [
        ("hdr_end(host) -i .a.cn", ["*.a.cn"], 0),
        ("hdr(host) -m end a.cn", ["a.cn", "*.a.cn"], 0),
        ("hdr_dom(host) a.cn", ["a.cn", "*.a.cn"], 0),
        ("hdr_dom(host) shop", [], 1),
        ("hdr_beg(host) www. m.a.cn", ["m.a.cn"], 2),
        ("hdr_sub(host) a", [], 1),
        (r"hdr_reg(host) ^www\.a\.cn$ ^.*\.a\.cn", ["www.a.cn"], 1),
        (r'hdr_reg(host) "^www\.a\.cn$"', ["www.a.cn"], 0),
        ("base_beg a.cn/x /y", ["a.cn"], 1),
        ("base_sub a.cn/x", [], 1),
        ("hdr(host),field(1,:),lower a.cn", ["a.cn"], 0),
        ("hdr(host),regsub(a,b) a.cn", [], 1),
        ("hdr_cnt(host) gt 1", [], 0),
        ("hdr(host) -m found", [], 0),
        ("hdr(host) -m", [], 0),
        ("path a.cn", [], 0),
        ("var(txn.h) a.cn", ["a.cn"], 0),
        ("var(txn.other) a.cn", [], 0),
        ("hdr(host) - -i", [], 2),
        (
            'hdr(host) "a.${ZONE}" b.${ZONE} "$ZONE" "${NO-d.cn}" \'e.cn\'',
            ["a.x.cn", "d.cn", "e.cn"],
            1,
        ),
    ],
)
def test_how_hosts_are_compared(tmp_path, asked, found, gaps):
    text = "global\n setenv ZONE x.cn\n setenv\n" + frontend(
        "http-request set-var(txn.h) req.hdr(host),lower",
        "http-request set-var(txn.other) path",
        f"use_backend b if {{ {asked} }}",
    )
    derived = read(tmp_path, "haproxy", {"haproxy.cfg": text})
    assert [site for site in sites(derived) if site != "x.cn"] == found
    assert len(derived.gaps) == gaps


def test_rules_that_refuse_are_for_the_other_hosts(tmp_path):
    derived = hosts(
        tmp_path,
        "http-request deny if { hdr(host) evil.cn }",
        "block if { hdr(host) evil2.cn }",
        "tcp-request content reject if ! { hdr(host) a.cn }",
        "http-request tarpit unless { hdr(host) b.cn }",
        "http-request set-header X y if { hdr(host) c.cn }",
    )
    assert list(sites(derived)) == ["a.cn", "b.cn", "c.cn"]


def test_redirects(tmp_path):
    derived = hosts(
        tmp_path,
        "redirect prefix https://www.a.cn code 301 if { hdr(host) a.cn } !{ ssl_fc }",
        "http-request redirect location https://%[hdr(host)]/ if { hdr(host) b.cn }",
        "http-request redirect scheme https if { hdr(host) c.cn }",
        "redirect location https://d.com/ if { hdr(host) d.cn } { path /x }",
        "redirect location https://d.com/ if { hdr(host) e.cn } unknown",
    )
    assert list(sites(derived)) == ["a.cn", "b.cn", "c.cn", "d.cn", "e.cn"]
    assert said(derived) == "haproxy.cfg:5:2: a.cn redirects visitors to www.a.cn"


@pytest.mark.parametrize(
    "rule",
    [
        "redirect prefix https://www.a.cn code 301 if !{ hdr(host) www.a.cn }",
        "http-request redirect prefix https://www.a.cn unless { hdr(host) -i www.a.cn } or acme",
    ],
)
def test_a_host_that_is_not_redirected_is_a_site(tmp_path, rule):
    derived = hosts(tmp_path, "acl acme path_beg /.well-known", rule, "default_backend web")
    assert list(sites(derived)) == ["www.a.cn"]
    assert sites(derived)["www.a.cn"]["home_page"] is None
    assert "answers for every other name" not in said(derived)


def test_lists_and_maps_in_the_repository(tmp_path):
    derived = hosts(
        tmp_path,
        "use_backend a if { hdr(host) -i -f /etc/haproxy/hosts.lst }",
        "use_backend b if { hdr(host) -f gone.lst }",
        "use_backend %[req.hdr(host),lower,map_end(/etc/haproxy/hosts.map,x)]",
        "use_backend %[ssl_fc_sni,map(/srv/maps/sni.map)]",
        "use_backend %[req.hdr(host)]",
        "use_backend %[path]",
        "use_backend",
        **{
            "hosts.lst": "# x\n\n a.cn\nb.cn\n",
            "hosts.map": ".c.cn one\n",
            "x/sni.map": "d.cn d\n",
        },
    )
    assert list(sites(derived)) == ["a.cn", "b.cn", "*.c.cn"]
    assert derived.trace("/sites/0").place.path.name == "hosts.lst"
    assert derived.trace("/sites/0").place.line == 3
    assert [gap.place.line for gap in derived.gaps] == [9, 6, 8]


def test_lists_where_roots_say(tmp_path):
    files = {
        "haproxy.cfg": frontend("use_backend %[ssl_fc_sni,map(/srv/maps/sni.map)]"),
        "x/sni.map": "d.cn d\n",
    }
    derived = read(tmp_path, "haproxy", files, roots={"/srv/maps": "x"})
    assert list(sites(derived)) == ["d.cn"]


@pytest.mark.parametrize(
    ("bind", "tls", "local"),
    [
        ("bind *:80", False, False),
        ("bind :443,:8443", True, False),
        ("bind 10.0.0.8:80,localhost:80", False, True),
        ("bind unix@/run/x ssl", True, True),
        ("bind ipv6@[::1]:80", False, True),
        ("bind 0.0.0.0:80 ssl crt x", True, False),
        ("bind web.a.cn:80", False, False),
        ("bind", True, False),
    ],
)
def test_where_it_listens(tmp_path, bind, tls, local):
    text = frontend("use_backend a if { hdr(host) a.cn }", bind=bind)
    remarks = said(read(tmp_path, "haproxy", {"haproxy.cfg": text}))
    assert ("without TLS" in remarks) is not tls
    assert ("local or private addresses only" in remarks) is local


def test_sections_without_hosts(tmp_path):
    text = "listen web 10.0.0.1:80\n mode http\n server a b:80\nlisten db\n bind :3306\nbackend b\n"
    derived = read(tmp_path, "haproxy", {"haproxy.cfg": text})
    assert said(derived).count("answers for every other name") == 1
    assert "no rule asks for a public host name" in said(derived)


@pytest.mark.parametrize(
    ("lines", "others"),
    [
        (["default_backend b"], True),
        (["default_backend"], False),
        ([], False),
        (["http-request deny unless { hdr(host) a.cn }", "default_backend b"], False),
        (["http-request deny if { path /admin }", "default_backend b"], True),
    ],
)
def test_what_answers_for_the_other_names(tmp_path, lines, others):
    derived = hosts(tmp_path, "use_backend a if { hdr(host) a.cn }", *lines)
    assert list(sites(derived)) == ["a.cn"]
    told = "`default_backend` answers for every other name" in said(derived)
    assert told is others


def test_lines_that_may_be_left_out_are_gaps(tmp_path):
    text = frontend(
        ".if defined(X)",
        "acl a hdr(host) a.cn",
        ".if x",
        "mode http",
        ".endif",
        ".else",
        "use_backend a if a",
        ".endif",
        ".endif",
        "use_backend b if { hdr(host) b.cn }",
    )
    derived = read(tmp_path, "haproxy", {"haproxy.cfg": text})
    assert list(sites(derived)) == ["b.cn"]
    assert [gap.place.line for gap in derived.gaps] == [6, 11]


def test_a_folder_is_read_by_its_main_file_or_part_by_part(tmp_path):
    files = {"h/a.cfg": frontend("use_backend a if { hdr(host) a.cn }"), "h/b.cfg": "listen b\n"}
    assert list(sites(read(tmp_path, "haproxy", files, "h"))) == ["a.cn"]
    files = {"h/haproxy.cfg": frontend("use_backend a if { hdr(host) c.cn }")}
    assert list(sites(read(tmp_path, "haproxy", files, "h"))) == ["c.cn"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("listen a\n acl 'x", "2:6: a quotation mark is not closed"),
        ('listen a\n acl "x\n', "2:6: a quotation mark is not closed"),
        ("a b\n", "no sections of HAProxy found"),
        ("", "no sections of HAProxy found"),
        ("a\0", "a binary file"),
    ],
)
def test_what_is_no_configuration_of_haproxy(tmp_path, text, message):
    with pytest.raises(InputError) as refused:
        read(tmp_path, "haproxy", {"haproxy.cfg": text})
    assert message in str(refused.value)


def test_a_line_that_goes_on_and_a_backslash_at_the_end(tmp_path):
    text = frontend("use_backend a \\\n if { hdr(host) a.cn }") + "x\\"
    assert list(sites(read(tmp_path, "haproxy", {"haproxy.cfg": text}))) == ["a.cn"]
