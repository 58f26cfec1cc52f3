"""ConfigMaps that configure web servers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sources.reading import gaps_at, ids, kubernetes, read


def configmap(name: str, data: str) -> str:
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\ndata: {data}\n"


NGINX = """apiVersion: v1
kind: ConfigMap
metadata: {name: web, namespace: prod}
data:
  n: "1"
  default.conf: |
    server {
      server_name www.etaoche.cn;  # password
      location / { root /usr/share/nginx/html; }
    }
    server { server_name ~^shop; }
"""


def test_a_configuration_of_nginx_tells_its_sites() -> None:
    derived = kubernetes(NGINX)
    assert derived.facts == {"sites": [{"id": "www.etaoche.cn", "domains": ["www.etaoche.cn"]}]}
    found = derived.trace("/sites/0/domains")
    assert (found.place.line, found.place.excerpt) == (8, "")
    ((line, words),) = gaps_at(derived)
    assert line == 11
    assert "`~^shop` is a pattern" in words


@pytest.mark.parametrize("key", ["default", "site.template", "api.json"])
def test_the_key_of_a_configuration_may_be_anything(key: str) -> None:
    assert ids(kubernetes(NGINX.replace("default.conf", key))) == ["www.etaoche.cn"]


def test_what_a_configuration_includes_is_not_looked_for(tmp_path: Path) -> None:
    text = configmap("a", '{nginx.conf: "http { include conf.d/*.conf; include mime.types; }"}')
    files = {"a.yaml": text, "conf.d/a.conf": "server { server_name a.cn; }"}
    derived = read(tmp_path, "kubernetes", files)
    assert derived.facts == {}
    assert [(line, "conf.d/*.conf" in words) for line, words in gaps_at(derived)] == [(4, True)]


def test_what_stands_beside_a_configuration_is_read_once() -> None:
    includes = "\\n".join(["http {", "include /etc/nginx/s*.conf;", "include more.conf;", "}"])
    site = '"server { server_name a.cn; }"'
    derived = kubernetes(configmap("a", f'{{nginx.conf: "{includes}", s.conf: {site}}}'))
    assert ids(derived) == ["a.cn"]
    assert [words.partition(",")[0] for _, words in gaps_at(derived)] == [
        "more.conf is not in this ConfigMap"
    ]


@pytest.mark.parametrize("end", [".bak", ".old.2026-11-30", ".md"])
def test_a_configuration_that_is_put_aside_tells_nothing(end: str) -> None:
    derived = kubernetes(NGINX.replace("default.conf", f"nginx.conf{end}"))
    assert (derived.facts, derived.gaps) == ({}, ())


def test_a_configuration_that_is_broken_is_a_gap() -> None:
    derived = kubernetes(configmap("web", '{nginx.conf: "server {", other.conf: "a"}'))
    ((line, words),) = gaps_at(derived)
    assert (line, words) == (4, "the block is not closed: a `}` is missing")


CADDY = "import s/*.caddy\\nwww.etaoche.cn {\\n reverse_proxy shop:80\\n}"
APACHE = "Include more.conf\\n<VirtualHost *:80>\\nServerName www.etaoche.cn\\n</VirtualHost>"


@pytest.mark.parametrize(
    ("name", "text", "included"),
    [("Caddyfile", CADDY, "s/*.caddy"), ("vhosts.conf", APACHE, "more.conf")],
)
def test_configurations_of_other_servers_tell_their_sites(
    name: str, text: str, included: str
) -> None:
    derived = kubernetes(configmap("web", f'{{{name}: "{text}"}}'))
    assert ids(derived) == ["www.etaoche.cn"]
    ((line, words),) = gaps_at(derived)
    assert (line, words.partition(",")[0]) == (4, f"{included} is not in this ConfigMap")


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("kong.yml", "_format_version: '3.0'\nservices: [{routes: [{hosts: [a.cn]}]}]", 6),
        ("apisix.yaml", "routes:\n- host: a.cn\n#END", 8),
        ("dynamic.yml", "http:\n  routers:\n    a:\n      rule: Host(`a.cn`)", 9),
        ("dynamic.toml", '[http.routers.a]\n  rule = "Host(`a.cn`)"', 7),
        ("haproxy.cfg", "frontend a\n  acl b hdr(host) -i a.cn\n  use_backend b if b", 7),
        ("haproxy.cfg", "frontend a\n  use_backend b if { req.ssl_sni a.cn }", 7),
        ("frpc.toml", '[[proxies]]\ntype = "http"\ncustomDomains = ["a.cn"]', 8),
        ("frpc.ini", "[web]\ntype = http\n custom_domains = a.cn", 8),
        ("config.yaml", "tunnel: shop\ningress:\n- hostname: a.cn", 6),
        # Names no host, or is put aside.
        ("haproxy.cfg", "listen mysql\n  mode tcp\n  server a 10.0.0.1:3306", None),
        ("kong.yml.bak", "_format_version: '3.0'", None),
    ],
)
def test_the_configuration_of_a_gateway_is_a_gap(name: str, text: str, line: int | None) -> None:
    lines = "".join(f"    {one}\n" for one in text.splitlines())
    head = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: gw}\ndata:\n"
    derived = kubernetes(f"{head}  {name}: |\n{lines}")
    assert [at for at, _ in gaps_at(derived)] == ([line] if line else [])
    assert all(gap.kinds == {"sites"} for gap in derived.gaps)
