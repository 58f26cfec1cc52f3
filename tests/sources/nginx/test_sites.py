from __future__ import annotations

import pytest

from pytest_icp.facts.derived import Status
from pytest_icp.sources.nginx import read_nginx
from pytest_icp.sources.request import Request

PAGE = "<p>增值电信业务经营许可证：京B2-20990001</p><p>京ICP备99000000号-1</p>"


@pytest.fixture
def read(tmp_path):
    def read(text, path="nginx.conf", **settings):
        if text is not None:
            (tmp_path / path).write_text(text, encoding="utf-8")
        request = Request(path=tmp_path / path, root=tmp_path, folder=tmp_path, settings=settings)
        return read_nginx(request)

    return read


def sites(derived):
    return {site["id"]: site for site in derived.facts.get("sites", [])}


def said(derived):
    return "\n".join(remark.en for remark in derived.remarks)


def test_each_host_is_a_site_that_leads_back_to_its_name(read):
    derived = read("server {\n  listen 80;\n  server_name www.example.cn .example.com;\n}")
    assert list(sites(derived)) == ["www.example.cn", "example.com", "*.example.com"]
    assert sites(derived)["example.com"] == {"id": "example.com", "domains": ["example.com"]}
    found = derived.trace("/sites/0/domains/0")
    assert (found.place.line, found.place.column) == (3, 15)
    assert (found.status, found.address) == (Status.KNOWN, "server www.example.cn")
    assert derived.trace("/sites/2/domains").place.column == 30
    assert not derived.gaps


def test_the_home_page_is_found_through_roots(read, tmp_path):
    (tmp_path / "www").mkdir()
    (tmp_path / "www" / "index.html").write_text(PAGE, encoding="utf-8")
    derived = read(
        "server { listen 443 ssl; server_name www.example.cn; root /var/www/site; }"
        "server { listen 80; server_name example.cn; return 301 https://www.example.cn; }"
        "server { listen 80; server_name old.example.cn; return 301 https://example.cn; }"
        "server { listen 80; server_name *.shop.example.cn; root /var/www/site; }",
        roots={"/var/www/site": "www"},
    )
    for host in ("www.example.cn", "example.cn", "old.example.cn"):
        assert sites(derived)[host]["home_page"]["snapshot"] == "www/index.html"
        assert sites(derived)[host]["icp_filing"] == {"number": "京ICP备99000000号-1"}
    assert "home_page" in sites(derived)["*.shop.example.cn"]
    assert "without TLS: example.cn, old.example.cn, *.shop.example.cn" in said(derived)
    assert derived.trace("/sites/0/home_page").status is Status.KNOWN
    assert derived.trace("/sites/1/home_page").status is Status.REFERENCED
    place = derived.trace("/sites/0/home_page/snapshot").place
    assert place.path.name == "index.html"


def test_redirects_that_go_round_lead_nowhere(read):
    derived = read(
        "server { server_name a.example.cn; return 301 https://b.example.cn; }"
        "server { server_name b.example.cn; return 301 https://a.example.cn; }"
        "server { server_name c.example.cn; return 301 https://-; }"
        "server { server_name d.example.cn; return 301 https://elsewhere.example; }"
    )
    assert all("home_page" not in site for site in sites(derived).values())
    assert "d.example.cn sends its visitors to elsewhere.example" in said(derived)
    assert "c.example.cn sends its visitors to -" in said(derived)


@pytest.mark.parametrize(
    ("index", "remark"),
    [
        ("index.php index.html", ""),
        ("none.html", "has no none.html"),
        ("/index.html", None),
    ],
)
def test_the_first_index_file_decides(read, tmp_path, index, remark):
    (tmp_path / "index.php").write_text("<?php", encoding="utf-8")
    (tmp_path / "index.html").write_text(PAGE, encoding="utf-8")
    text = f"server {{ server_name www.example.cn; root /srv; index {index}; }}"
    derived = read(text, roots={"/srv": "."})
    assert ("home_page" in sites(derived)["www.example.cn"]) is (remark is None)
    assert (remark or "") in said(derived)


def test_a_home_page_that_is_not_in_the_repository_is_remarked_on(read):
    derived = read(
        "server { server_name a.example.cn; root /srv; }"
        "server { server_name b.example.cn; location / { proxy_pass http://app; } }"
    )
    assert "home pages in /srv; say in `roots` which" in said(derived)
    assert "another program makes; name them as sources of kind html: b.example.cn" in said(derived)
    assert sites(derived)["b.example.cn"]["home_page"] is None
    found = derived.trace("/sites/1/home_page/snapshot")
    assert (found.status, found.attribute) == (Status.AFTER_APPLY, "proxy_pass")


def test_a_page_that_is_yet_to_be_rendered_is_a_gap(read, tmp_path):
    (tmp_path / "index.html").write_text("<p>{{ number }}</p>", encoding="utf-8")
    derived = read(
        "server { server_name www.example.cn m.example.cn; root /srv; }", roots={"/srv": "."}
    )
    assert sites(derived)["www.example.cn"]["home_page"] is None
    (gap,) = derived.gaps
    assert gap.kinds == set()
    assert gap.place.line == 1


def test_names_that_are_no_sites(read):
    derived = read(
        "server { server_name ~^(.+)\\.example\\.cn$ localhost a..b; }"
        "server { server_name _; root /srv; }"
        "server { listen 80 default_server; return 444; }"
        "server { listen 81; location / { proxy_pass http://x; } }"
        "server { }"
    )
    assert derived.facts == {}
    (gap,) = derived.gaps
    assert "its hosts are not known" in gap.message.en
    assert "localhost is no public name" in said(derived)
    assert "a..b is no host name" in said(derived)
    assert said(derived).count("answers for every other name") == 2
    assert "no server with a public host name" in said(derived)


def test_what_else_an_auditor_asks_about(read):
    derived = read(
        "http { server { listen 127.0.0.1:80; server_name a.example.cn; access_log off; } }"
        "stream { map $ssl_preread_server_name $x { } server { listen 3306; proxy_pass db:3306; } }"
        "rtmp { server { listen 1935; } } rtmp { } mail on;"
    )
    assert "on this machine or a private network only" in said(derived)
    assert "a.example.cn keeps no access log" in said(derived)
    assert "the stream passes connections on to db:3306" in said(derived)
    assert derived.unmapped == {"rtmp": 2}
    assert not derived.gaps


@pytest.mark.parametrize(
    "inside", ["ssl_preread on;", "server { listen 443; ssl_preread on; proxy_pass $x; }"]
)
def test_a_stream_that_passes_on_by_host_name_is_a_gap(read, inside):
    (gap,) = read(f"stream {{ {inside} }}").gaps
    assert gap.kinds == {"sites"}
    assert not read("stream;").gaps


@pytest.mark.parametrize(
    ("text", "gaps"),
    [
        ("http { include /etc/nginx/conf.d/*.conf; }", 1),
        ("include /etc/nginx/sites-enabled/*;", 1),
        ("http { include /etc/nginx/mime.types; }", 0),
        ("include /etc/nginx/modules-enabled/*.conf;", 0),
        ("server { server_name a.example.cn; include snippets/ssl.conf; }", 0),
        ("server { server_name a.example.cn; location / { include uwsgi_params; } }", 0),
    ],
)
def test_an_include_that_may_hold_servers_is_a_gap_and_others_are_not(read, text, gaps):
    derived = read(text)
    assert len(derived.gaps) == gaps
    assert ("not read, for they are not in the repository" in said(derived)) is not gaps


def test_a_folder_is_read_by_its_main_file_or_part_by_part(read, tmp_path):
    (tmp_path / "conf.d").mkdir()
    (tmp_path / "conf.d" / "a.conf").write_text("server { server_name a.example.cn; }")
    (tmp_path / "conf.d" / "b.conf").write_text("server { server_name b.example.cn; }")
    assert list(sites(read(None, "conf.d"))) == ["a.example.cn", "b.example.cn"]
    (tmp_path / "conf.d" / "nginx.conf").write_text("http { include b.conf; }")
    assert list(sites(read(None, "conf.d"))) == ["b.example.cn"]


def test_parts_may_have_the_names_of_hosts(read, tmp_path):
    (tmp_path / "sites-enabled").mkdir()
    for host in ("a.example.cn", "b.example.cn"):
        (tmp_path / "sites-enabled" / host).write_text(f"server {{ server_name {host}; }}")
    assert list(sites(read(None, "sites-enabled"))) == ["a.example.cn", "b.example.cn"]


def test_a_password_in_an_address_is_told_nowhere(read):
    derived = read(
        "server { server_name a.example.cn; location / { proxy_pass http://u:hunter2@app; } }"
        "stream { server { listen 1; proxy_pass tcp://u:hunter2@db:1; } }"
    )
    told = [*derived.remarks, derived.facts, derived.trace("/sites/0/home_page")]
    assert "//db:1" in str(told)
    assert "hunter2" not in str(told)
