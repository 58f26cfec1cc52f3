from __future__ import annotations

import pytest

from pytest_icp.facts.derived import Status
from pytest_icp.law.errors import InputError
from tests.sources.reading import read, said, sites

PAGE = "<p>京B2-20990001</p>"


def test_each_address_is_a_site_that_leads_back_to_its_word(tmp_path):
    derived = read(
        tmp_path,
        "caddy",
        {
            "Caddyfile": "www.etaoche.cn, https://etaoche.cn:8443/x\\\n *.a.cn,\n"
            "b.cn {\n}\nc.cn {\n}"
        },
    )
    assert list(sites(derived)) == ["www.etaoche.cn", "etaoche.cn", "*.a.cn", "b.cn", "c.cn"]
    place = derived.trace("/sites/1/domains").place
    assert (place.line, place.column) == (1, 17)
    assert place.excerpt == "www.etaoche.cn, https://etaoche.cn:8443/x"
    assert derived.trace("/sites/3").place.line == 3
    assert not derived.gaps


def test_the_json_of_caddy_is_a_gap(tmp_path):
    files = {"a.caddy": "a.cn {\n}\n", "b.caddy.json": '{"apps": {}}'}
    derived = read(tmp_path, "caddy", files, ".")
    assert list(sites(derived)) == ["a.cn"]
    (gap,) = derived.gaps
    assert gap.kinds == {"sites"}


def test_what_is_no_public_host(tmp_path):
    derived = read(
        tmp_path,
        "caddy",
        {
            "Caddyfile": "localhost, 192.168.0.1, [::1%eth0]:80, unix//run/x {\n}\n"
            ":80, http://, *:443 {\n reverse_proxy x\n}\n"
            "{$A}, {env.B}, a..cn {\n}\n&(named.route) {\n}\nshop {\n}\n{$EXTRA}\n"
        },
    )
    assert derived.facts == {}
    assert [gap.place.line for gap in derived.gaps] == [6, 6, 6, 12]
    assert "contains a variable without a value" in derived.gaps[1].message.en
    assert "localhost, 192.168.0.1, ::1" in said(derived)
    assert said(derived).count("answers for every other name") == 3
    assert "no site block with a public host name" in said(derived)


@pytest.mark.parametrize(
    "text",
    [
        "www.a.cn\nroot * /srv\nfile_server {\n index home.html\n}\n",
        "{$X:www.a.cn} {\n root /srv\n file_server {\n  index home.html\n }\n}",
        "{\n email a@b.cn\n}\nwww.a.cn {\n file_server {\n  root /srv\n  index home.html\n }\n}",
        "www.a.cn {\n root * /srv\n route {\n  file_server {\n   index home.html\n  }\n }\n}",
        "www.a.cn {\n root * /{host}\n file_server * {\n  index home.html\n }\n}",
    ],
)
def test_the_home_page_is_found_through_roots(tmp_path, text):
    files = {"Caddyfile": text, "www/home.html": PAGE}
    roots = {"/srv": "www", "/www.a.cn": "www"}
    derived = read(tmp_path, "caddy", files, roots=roots)
    assert sites(derived)["www.a.cn"]["home_page"] == {
        "snapshot": "www/home.html",
        "fetched_at": "none",
    }


def test_redirects_and_hosts_without_tls(tmp_path):
    files = {
        "Caddyfile": "{\n http_port 8080\n auto_https off\n}\n"
        "http://a.cn, b.cn:8080 {\n redir https://www.a.cn{uri} permanent\n}\n"
        "www.a.cn {\n root * /srv\n file_server\n}\n"
        "d.cn {\n redir https://www.{host}{uri}\n}\n"
        "e.cn {\n redir /old /new\n redir {scheme}://{labels.0}.cn{uri}\n}\n"
        "f.cn {\n redir * /new\n respond x\n}\ng.cn {\n redir\n}\n",
        "www/index.html": PAGE,
    }
    derived = read(tmp_path, "caddy", files, roots={"/srv": "www"})
    found = sites(derived)
    assert (
        found["a.cn"]["home_page"]
        == found["b.cn"]["home_page"]
        == {"snapshot": "www/index.html", "fetched_at": "none"}
    )
    assert derived.trace("/sites/0/home_page").status is Status.REFERENCED
    assert "without TLS: a.cn, b.cn" in said(derived)
    assert "d.cn redirects visitors to www.d.cn" in said(derived)
    assert "home_page" not in found["e.cn"]
    assert "home_page" not in found["f.cn"]
    assert "home_page" not in found["g.cn"]


def test_hosts_of_matchers_in_a_wildcard_site(tmp_path):
    files = {
        "Caddyfile": "*.a.cn {\n"
        " @one host one.a.cn two.a.cn\n handle @one {\n  reverse_proxy one\n }\n"
        " @three {\n  host three.a.cn\n  path /*\n }\n handle @three {\n"
        "  root * /srv\n  file_server\n }\n"
        " @four {\n  not path /api/*\n  host four.a.cn\n }\n handle @four {\n  php_fastcgi x\n }\n"
        " @five {\n  host five.a.cn\n  method GET\n }\n handle @five {\n  reverse_proxy five\n }\n"
        " @six {\n  host six.a.cn\n  not {\n   method GET\n   path /x\n  }\n  not not path /x\n }\n"
        " handle @six {\n  reverse_proxy six\n }\n handle @none {\n  reverse_proxy none\n }\n"
        " @empty\n handle @empty {\n  reverse_proxy none\n }\n"
        " handle_path /x/* {\n  reverse_proxy x\n }\n handle {\n  abort\n }\n}\n",
        "www/index.html": PAGE,
    }
    derived = read(tmp_path, "caddy", files, roots={"/srv": "www"})
    found = sites(derived)
    assert [host for host in found if found[host].get("home_page", "") is None] == [
        *("one.a.cn", "two.a.cn", "four.a.cn")
    ]
    assert found["three.a.cn"]["home_page"] == {"snapshot": "www/index.html", "fetched_at": "none"}
    assert {"*.a.cn", "five.a.cn", "six.a.cn"} <= found.keys()
    assert derived.trace("/sites/2/domains").place.excerpt.strip() == "host one.a.cn two.a.cn"


def test_snippets_and_files_are_imported(tmp_path):
    files = {
        "Caddyfile": "(site) {\n {args[0]}, {args.1}, {args[5]} {\n"
        "  import body {args[2:]}\n }\n}\n"
        "(body) {\n reverse_proxy {args[:]}\n {block}\n}\n"
        "import site a.cn b.cn up:1 up:2\nimport sites/*\nimport extra/*\n"
        "d.cn {\n import body {args[:1]} {\n  bind 127.0.0.1 unix//x localhost\n }\n"
        " import gone\n}\n",
        "sites/c.caddy": "c.cn {\n import body x {\n  bind eth0 0.0.0.0\n }\n}\n",
        "sites/.hidden": "hidden.cn {\n}\n",
    }
    derived = read(tmp_path, "caddy", files)
    assert list(sites(derived)) == ["a.cn", "b.cn", "c.cn", "d.cn"]
    (variable, missing) = derived.gaps
    assert "'{args[5]}'" in variable.message.en
    assert "extra/* is not in the repository" in missing.message.en
    assert missing.place.line == 12
    assert "listening on local or private addresses only" in said(derived)
    assert said(derived).endswith("not in the repository and not read: gone")


def test_an_access_log_that_is_thrown_away(tmp_path):
    text = "a.cn {\n log {\n  output discard\n }\n}\nb.cn {\n log\n}\n"
    derived = read(tmp_path, "caddy", {"Caddyfile": text})
    assert "Caddyfile:2:2: a.cn has no access log" in said(derived)
    assert "b.cn has no" not in said(derived)


def test_a_folder_is_read_by_its_main_file_or_part_by_part(tmp_path):
    files = {
        "conf/a.caddy": "a.cn {\n}",
        "conf/Caddyfile.b": "b.cn {\n}",
        "conf/c.caddyfile": "encode gzip\n",
    }
    assert list(sites(read(tmp_path, "caddy", files, "conf"))) == ["b.cn", "a.cn"]
    files = {"conf/Caddyfile": "d.cn {\n}"}
    assert list(sites(read(tmp_path, "caddy", files, "conf"))) == ["d.cn"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a.cn {\n b {\n", "2:4: the block is not closed: a `}` is missing"),
        ("a.cn {\n}\n}", "3:1: one `}` too many"),
        ('a.cn {\n respond "x\n}', "2:10: a quotation mark is not closed"),
        ("a.cn {\n respond `x\n}", "2:10: a quotation mark is not closed"),
        ("a.cn {\n respond <<END\n x END\n}", "2:10: a quotation mark is not closed"),
        ("a {\n" * 70, "blocks are nested too deeply"),
        ("a\0b", "a binary file"),
        ("(a) {\n import b\n}\n(b) {\n import a\n}\nimport a\n", "the snippet imports itself"),
        ("import Caddyfile\n", "1:8: the file includes itself"),
    ],
)
def test_what_caddy_could_not_read_is_refused_with_its_place(tmp_path, text, message):
    with pytest.raises(InputError) as refused:
        read(tmp_path, "caddy", {"Caddyfile": text})
    assert message in str(refused.value)


@pytest.mark.parametrize("line", ["redir / /app/", "redir * /app/", "rewrite / /app.html"])
def test_a_visitor_of_another_page_does_not_see_the_index(tmp_path, line):
    text = f"a.cn {{\n root * /srv\n {line}\n rewrite /old /new\n file_server\n}}\n"
    files = {"Caddyfile": text, "www/index.html": "x"}
    derived = read(tmp_path, "caddy", files, roots={"/srv": "www"})
    assert "home_page" not in sites(derived)["a.cn"]


def test_a_route_that_answers_nothing_leaves_the_page_to_others(tmp_path):
    text = "a.cn {\n root * /srv\n route {\n  header X y\n }\n file_server\n}\n"
    files = {"Caddyfile": text, "www/index.html": "x"}
    derived = read(tmp_path, "caddy", files, roots={"/srv": "www"})
    assert sites(derived)["a.cn"]["home_page"] == {
        "snapshot": "www/index.html",
        "fetched_at": "none",
    }


def test_a_matcher_of_the_header_names_hosts(tmp_path):
    text = ":80 {\n @a header Host a.example.cn b.example.cn\n @b header X-Y c.example.cn\n"
    text += " respond @a x\n respond @b y\n}\n"
    derived = read(tmp_path, "caddy", {"Caddyfile": text})
    assert list(sites(derived)) == ["a.example.cn", "b.example.cn"]


@pytest.mark.parametrize(
    ("inside", "gaps"),
    [
        ('@a expression `{host} == "a.cn"`', 1),
        (r"@a header_regexp Host (a|b)\.cn", 1),
        ("map {host} {b} {\n a.cn x\n default y\n }", 1),
        ("map {path} {b} {\n /a.cn x\n }", 0),
        ("redir https://www.{host}{uri}", 0),
    ],
)
def test_hosts_in_conditions_of_a_site_without_a_name_are_a_gap(tmp_path, inside, gaps):
    derived = read(tmp_path, "caddy", {"Caddyfile": f":80 {{\n {inside}\n}}\n"})
    assert [gap.kinds for gap in derived.gaps] == [{"sites"}] * gaps
