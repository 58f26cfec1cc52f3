from __future__ import annotations

import pytest

from pytest_icp.facts.derived import Status
from pytest_icp.sources.nginx import read_nginx
from pytest_icp.sources.request import Request
from tests.sources.reading import gaps_at, said, sites

PAGE = "<p>增值电信业务经营许可证：京B2-20990001</p><p>京ICP备99000000号-1</p>"


@pytest.fixture
def read(tmp_path):
    def read(text, path="nginx.conf", **settings):
        if text is not None:
            (tmp_path / path).write_text(text, encoding="utf-8")
        request = Request(path=tmp_path / path, root=tmp_path, folder=tmp_path, settings=settings)
        return read_nginx(request)

    return read


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


@pytest.mark.parametrize("other", ["root /srv/b;", "root /srv/c;", "location / { echo a; }"])
def test_servers_of_one_host_that_show_different_pages_tell_of_none(read, tmp_path, other):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "index.html").write_text(PAGE, encoding="utf-8")
    servers = ["root /srv/a;", "listen 443 ssl; root /srv/a;", f"listen 444; {other}"]
    derived = read(
        "".join(f"server {{ server_name www.example.cn; {one} }}\n" for one in servers),
        roots={"/srv/a": "a", "/srv/b": "b"},
    )
    assert sites(derived)["www.example.cn"]["home_page"] is None
    assert derived.trace("/sites/0/home_page").place.line == 3
    assert "show different home pages" in said(derived)


def test_redirects_that_go_round_lead_nowhere(read):
    derived = read(
        "server { server_name a.example.cn; return 301 https://b.example.cn; }"
        "server { server_name b.example.cn; return 301 https://a.example.cn; }"
        "server { server_name c.example.cn; return 301 https://-; }"
        "server { server_name d.example.cn; return 301 https://elsewhere.example; }"
    )
    assert all("home_page" not in site for site in sites(derived).values())
    assert "d.example.cn redirects visitors to elsewhere.example" in said(derived)
    assert "c.example.cn redirects visitors to -" in said(derived)


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


@pytest.mark.parametrize(
    ("written", "hosts"),
    [
        ("WWW.Example.CN", ["www.example.cn"]),
        (".example.cn", ["example.cn", "*.example.cn"]),
        ("例子.中国", ["xn--fsqu00a.xn--fiqs8s"]),
        ("203.0.113.10", ["203.0.113.10"]),
        ("{{domain}} 192.168.1.9 www.example.*", []),
    ],
)
def test_names_that_are_sites(read, written, hosts):
    assert list(sites(read(f'server {{ server_name "{written}"; }}'))) == hosts


def test_names_that_are_no_sites(read):
    derived = read(
        "server { server_name ~^(.+)\\.example\\.cn$ localhost a..b; }"
        "server { server_name _; root /srv; }"
        "server { listen 80 default_server; return 444; }"
        "server { listen 81; location / { proxy_pass http://x; } }"
        "server { }"
    )
    assert derived.facts == {}
    pattern, invalid = derived.gaps
    assert "its hosts are not known" in pattern.message.en
    assert "'a..b' is not a complete host name" in invalid.message.en
    assert "outside the public DNS, not counted as sites: localhost" in said(derived)
    assert said(derived).count("answers for every other name") == 2
    assert "no server with a public host name" in said(derived)


def test_a_home_page_without_an_access_log_is_remarked_on(read):
    site = "http { access_log a.log; server { server_name a.example.cn; location %s { %s; } } }"
    assert "a.example.cn has no access log" in said(read(site % ("/", "access_log off")))
    assert "no access log" not in said(read(site % ("/static/", "access_log off")))
    assert "no access log" not in said(read(site % ("/", "access_log b.log")))


def test_what_else_an_auditor_asks_about(read):
    derived = read(
        "http { server { listen 127.0.0.1:80; server_name a.example.cn; access_log off; } }"
        "stream { map $ssl_preread_server_name $x { } server { listen 3306; proxy_pass db:3306; } }"
        "rtmp { server { listen 1935; } } rtmp { } mail on;"
    )
    assert "listening on local or private addresses only" in said(derived)
    assert "a.example.cn has no access log" in said(derived)
    assert "the stream block forwards connections to db:3306" in said(derived)
    assert [why for _, why in gaps_at(derived)] == 2 * [
        "what the block `rtmp` serves is not read, so by which hosts is not known"
    ]


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


def test_a_name_beside_a_variable_is_a_site(read):
    derived = read("server { server_name ${HOST} www.example.cn $h b.cn; }")
    assert list(sites(derived)) == ["www.example.cn", "b.cn"]
    assert [gap.message.en.split("`")[1] for gap in derived.gaps] == ["${HOST}", "$h"]


PLAIN = "server { server_name a.example.cn; root /srv; }"


@pytest.mark.parametrize(
    "text",
    [
        "server { server_name a.example.cn; root /srv; sub_filter a b; }",
        "server { server_name a.example.cn; root /srv; location / { add_after_body /f; } }",
        "http { sub_filter a b; server { server_name a.example.cn; root /srv; } }",
        # Another server of the same host sends it as it is.
        f"{PLAIN} server {{ server_name a.example.cn; root /srv; sub_filter a b; }}",
    ],
)
def test_what_is_changed_while_it_is_sent_is_not_known(read, tmp_path, text):
    (tmp_path / "www").mkdir()
    (tmp_path / "www" / "index.html").write_text(PAGE, encoding="utf-8")
    derived = read(text, roots={"/srv": "www"})
    assert sites(derived)["a.example.cn"]["home_page"] is None
    assert "icp_filing" not in sites(derived)["a.example.cn"]
    found = derived.trace("/sites/0/home_page")
    assert (found.status, found.place.line) == (Status.AS_SERVED, 1)
    assert found.attribute in {"sub_filter", "add_after_body"}
    (gap,) = derived.gaps
    assert gap.message.en.startswith(f"{found.attribute} changes the home page while it is sent")
    # The list of sites is still complete.
    assert not gap.kinds
    assert "generated by another program" not in said(derived)
    other = "server { server_name b.example.cn; return 301 https://a.example.cn; }"
    assert "home_page" not in sites(read(text + other, roots={"/srv": "www"}))["b.example.cn"]


JINJA = "# {{ managed }}\nserver {\n  server_name {{ host }};\n}\n"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("site.conf.j2", JINJA),
        ("site.conf.j2", "server {\n  listen 80;\n{% if tls %}\n  listen 443;\n{% endif %}\n}"),
        ("site.conf.erb", "server {\n\n  server_name <%= @host %> b.example.cn;\n}"),
        ("vhost.tmpl", "server {\n\n  server_name x.example.cn {{ .Host }};\n}"),
        # By its name it is none, and it cannot be read.
        ("site.conf", JINJA),
    ],
)
def test_a_template_is_a_gap_at_its_first_tag(read, name, text):
    derived = read(text, path=name)
    (gap,) = derived.gaps
    assert gap.message.en.startswith("this template is not rendered, so its sites are not known")
    assert (gap.place.path.name, gap.place.line) == (name, 3)
    assert gap.kinds == {"sites"}
    assert not derived.facts
    assert not derived.remarks


@pytest.mark.parametrize("name", ["'{{ host }}'", "<%= @host %>", "'<% host %>'"])
def test_a_name_that_a_tool_will_write_is_a_gap(read, name):
    derived = read(f"server {{ server_name a.example.cn {name}; }}")
    assert list(sites(derived)) == ["a.example.cn"]
    assert {gap.kinds for gap in derived.gaps} == {frozenset({"sites"})}


def test_whole_files_beside_the_main_one_are_read(read, tmp_path):
    (tmp_path / "nginx.conf").write_text("http { server { server_name a.example.cn; } }")
    site = "server { server_name b.example.cn; }"
    (tmp_path / "nginx.prod.conf").write_text(f"events {{}}\nhttp {{\n{site}\n}}\n")
    (tmp_path / "old.conf").write_text(site.replace("b.", "c."))
    assert list(sites(read(None, path="."))) == ["a.example.cn", "b.example.cn"]


def test_templates_beside_configurations_are_not_passed_over(read, tmp_path):
    (tmp_path / "nginx.conf").write_text("http { server { server_name a.example.cn; } }")
    (tmp_path / "templates").mkdir()
    for name, text in {
        "a.conf.template": "server { server_name $HOST b.example.cn; }",
        "b.conf.j2": JINJA,
        "c.j2": "[Service]\nExecStart={{ path }}",
        "d.tmpl": "server {\n  server_name {{ host }};\n}",
        "e.conf.tpl": "server { server_name c.example.cn;",
        "f.template": "http {\n  no_server;\n}",
    }.items():
        (tmp_path / "templates" / name).write_text(text)
    (tmp_path / "templates" / "g.j2").symlink_to("/etc/hostname")
    derived = read(None, path=".")
    assert list(sites(derived)) == ["a.example.cn", "b.example.cn"]
    told = {(gap.place.path.name, gap.place.line): gap.message.en[:23] for gap in derived.gaps}
    assert told == {
        ("a.conf.template", 1): "the server_name `$HOST`",
        ("b.conf.j2", 3): "this template is not re",
        ("d.tmpl", 2): "this template is not re",
        ("e.conf.tpl", 1): "the block is not closed",
        ("g.j2", None): "outside the repository,",
    }
    assert all(gap.kinds == {"sites"} for gap in derived.gaps)


LUCKY = "return 302 /a.html;"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (f"if ($http_cookie !~ sid) {{ {LUCKY} }}", "if"),
        (f"if ($request_uri = /) {{ {LUCKY} }}", "if"),
        (f"if ($uri ~* ^/$) {{ {LUCKY} }}", "if"),
        (f"if ($request_method = GET) {{ {LUCKY} }}", "if"),
        ('if ($a) { return 200 "x"; }', "if"),
        ('if ($a) { return "x"; }', "if"),
        ("if ($http_user_agent ~* mobile) { rewrite ^ /m/index.html break; }", "if"),
        ("if (!-f $request_filename) { rewrite ^(.*)$ /index.php last; }", "if"),
        ("location / { if ($cookie_new) { proxy_pass http://new; } }", "if"),
        ("location / { if ($cookie_new) { root /new; } }", "if"),
        ("location = /index.html { if ($a) { return 204; } }", "if"),
        ("rewrite_by_lua_file a.lua;", "rewrite_by_lua_file"),
        ("include /etc/nginx/site.conf;", "include"),
        ("include blog.conf;", "include"),
    ],
)
def test_what_may_show_something_else_leaves_the_page_unknown(read, tmp_path, text, name):
    (tmp_path / "www").mkdir()
    (tmp_path / "www" / "index.html").write_text(PAGE, encoding="utf-8")
    server = f"server {{ listen 80; server_name www.example.cn; root /var/www; {text} }}"
    first = "server { listen 80; server_name example.cn; return 301 http://www.example.cn; }"
    derived = read(server + first, roots={"/var/www": "www"})
    assert sites(derived)["www.example.cn"]["home_page"] is None
    assert "home_page" not in sites(derived)["example.cn"]
    assert derived.trace("/sites/0/home_page").status is Status.NOT_TOLD
    assert f"{name} may show visitors something else" in said(derived)


@pytest.mark.parametrize(
    "text",
    [
        "if ($host = example.cn) { return 301 https://www.example.cn$request_uri; }",
        "if ($http_x_forwarded_proto = http) { rewrite ^ https://$host$request_uri? permanent; }",
        "if ($http_user_agent ~* bot) { return 403; }",
        "if ($http_user_agent ~* mobile) { return https://m.example.cn; }",
        "if (!-e $request_filename) { rewrite ^(.*)$ /index.php?s=$1 last; }",
        "if (!-f $request_filename) { rewrite ^/api/ /index.php last; }",
        f"if ($args ~ a) {{ {LUCKY} }} if ($arg_a) {{ {LUCKY} }}",
        f"if ($request_uri ~ ^/old/) {{ {LUCKY} }} if ($uri = '/a') {{ {LUCKY} }}",
        "if ($request_method !~ ^(GET|HEAD)$) { return 200; }",
        "if ($http_origin) { set $a 1; } if ($a) { return; }",
        f"location /a {{ include b.conf; if ($a) {{ {LUCKY} }} }}",
        "include /etc/letsencrypt/options-ssl-nginx.conf; include snippets/gzip.conf;",
    ],
)
def test_what_cannot_change_the_page_does_not_matter(read, tmp_path, text):
    (tmp_path / "www").mkdir()
    (tmp_path / "www" / "index.html").write_text(PAGE, encoding="utf-8")
    server = f"server {{ listen 80; server_name www.example.cn; root /var/www; {text} }}"
    derived = read(server, roots={"/var/www": "www"})
    assert sites(derived)["www.example.cn"]["home_page"] == {
        "snapshot": "www/index.html",
        "fetched_at": "none",
    }


@pytest.mark.parametrize(
    ("inside", "gaps"),
    [
        ("if ($host = a.cn) { return 301 https://b.cn; }", 1),
        ("server_name _; location / { if ($http_host ~ ^a\\.cn) { proxy_pass http://a; } }", 1),
        ("if ($host != a.cn) { return 444; }", 1),
        ("if ($host ~ ^[0-9.]+$) { return 403; }", 0),
        ("if ($host = a.cn.x) { return 403; }", 1),
        ("if ($request_method = POST) { return 301 /; }", 0),
        ("server_name a.cn; if ($host = a.cn) { return 301 https://a.cn; }", 0),
    ],
)
def test_hosts_in_conditions_of_a_server_without_a_name_are_a_gap(read, inside, gaps):
    derived = read(f"http {{ server {{ listen 80; {inside} }} }}")
    assert [gap.kinds for gap in derived.gaps] == [{"sites"}] * gaps


@pytest.mark.parametrize(
    ("mapped", "inside", "gaps"),
    [
        ("$host $root { default /a; a.cn /b; }", "root $root;", 1),
        ('"$host$uri" $to { a.cn/x http://a; }', "location / { proxy_pass $to; }", 1),
        ("$host $root { default /a; a.cn /b; }", "return 444;", 0),
        ("$http_upgrade $up { default upgrade; }", "location / { proxy_pass http://a/$up; }", 0),
        ("$host $root { a.cn /b; }", "server_name a.cn; root $root;", 0),
        ("$uri $new { /a /b; }", "root /srv/$host;", 1),
        ("$uri $new { /a /b; }", "return 301 https://$host$uri;", 0),
    ],
)
def test_hosts_in_a_map_that_a_server_without_a_name_uses_are_a_gap(read, mapped, inside, gaps):
    derived = read(f"http {{ map {mapped} server {{ listen 80; {inside} }} }}")
    assert [gap.kinds for gap in derived.gaps] == [{"sites"}] * gaps
