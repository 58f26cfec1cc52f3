from __future__ import annotations

from pathlib import Path

import pytest

from pytest_icp.law.errors import InputError
from pytest_icp.sources.gateways.traefik import read_traefik
from pytest_icp.sources.request import Request
from tests.sources.reading import read, said, sites

YAML = """\
http:
  routers:
    web:
      rule: Host(`www.a.cn`, `b.cn`) && !Host(`c.cn`)
      middlewares: [to-www@file, gone]
    any: {rule: "PathPrefix(`/`)", service: x}
    tls: {rule: "HostRegexp(`.+`)", middlewares: [tls]}
    pattern: {rule: "HostRegexp(`.+`) && Host(`d.cn`)"}
    template: {rule: "{{ env `RULE` }}"}
    variable: {rule: "Host(`${DOMAIN}`)"}
    nothing: {service: x}
  middlewares:
    to-www: {redirectRegex: {regex: ^https://b.cn/(.*), replacement: "https://www.a.cn/${1}"}}
    other: {redirectRegex: {replacement: "https://${1}.a.cn/"}}
    tls: {redirectScheme: {scheme: https}}
tcp:
  routers:
    db: {rule: "HostSNI(`e.cn`)", middlewares: [other]}
"""
TOML = """\
# [http.routers.comment]
[entryPoints.web]
address = ":80"

[http.routers.web]
  rule = "Host(`www.a.cn`)"
[http.routers."b.c"]
rule = '''
Host(`b.cn`)
'''
[tcp]
routers.t.rule = "HostSNI(`c.cn`)"
[[tls.certificates]]
key = \"\"\"hunter2
rule = "x\"\"\"
[[tls.certificates]]
key = "hunter2"
[tls.certificates.x]
y = {rule = "x"}
[frontends.f.routes.r]
rule = "Host:d.cn,e.cn;Path:/x"
"""


def test_hosts_of_rules_in_yaml(tmp_path):
    derived = read(tmp_path, "traefik", {"dynamic.yml": YAML})
    assert list(sites(derived)) == ["www.a.cn", "b.cn", "d.cn", "e.cn"]
    found = derived.trace("/sites/1/domains")
    assert (found.place.line, found.address, found.attribute) == (4, "http router web", "rule")
    assert [gap.place.line for gap in derived.gaps] == [8, 9, 10, 6]
    assert derived.gaps[-1].message.en.endswith("http router any, http router nothing")
    assert "b.cn redirects visitors to www.a.cn" in said(derived)
    assert "e.cn redirects" not in said(derived)


def test_hosts_of_rules_in_toml(tmp_path):
    derived = read(tmp_path, "traefik", {"traefik.toml": TOML})
    assert list(sites(derived)) == ["www.a.cn", "b.cn", "c.cn", "d.cn", "e.cn"]
    places = [derived.trace(f"/sites/{i}/domains").place for i in range(5)]
    assert [place.line for place in places] == [6, 8, 12, 21, 21]
    assert places[0].excerpt == '  rule = "Host(`www.a.cn`)"'
    assert not derived.gaps
    assert "hunter2" not in f"{derived.facts}{places}"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (
            "a.yml",
            "entryPoints: {}\nproviders: {file: {filename: /etc/d.yml}}",
            "are in /etc/d.yml",
        ),
        ("a.toml", '[providers.file]\ndirectory = "/etc/d"\n', "the routers are in /etc/d"),
        ("a.toml", '[file]\nfilename = "rules.toml"\n', "the routers are in rules.toml"),
        ("a.yml", "providers: {docker: {}}\n", "labels in Compose files"),
        ("a.yml", "kind: x\n", "no routers of Traefik found"),
        ("a.yml", "apiVersion: v1\nhttp: {}\n", "no routers of Traefik found"),
        ("a.yml", "[]\n", "no routers of Traefik found"),
        ("a.toml", "[http\n", "1:"),
        ("a.toml", f"a = {'9' * 5000}\n", "this is not valid TOML"),
        ("a.toml", f"a = {'[' * 5000}\n", "nested"),
        ("a.toml", f"{'a.' * 5000}a = 1\n", "nested"),
    ],
)
def test_what_names_no_routers(tmp_path, name, text, said):
    with pytest.raises(InputError) as refused:
        read(tmp_path, "traefik", {name: text})
    assert said in refused.value.text("en")


def test_a_folder_of_files(tmp_path):
    files = {
        "t/traefik.yml": "entryPoints: {}\n",
        "t/a.toml": '[http.routers.a]\nrule = "Host(`a.cn`)"\n',
        "t/b.toml": "[http.routers.a]\n{{ range . }}\n",
        "t/c.yml": "http: {routers: {c: {rule: 'Host(`c.cn`)'}}}\n",
    }
    derived = read(tmp_path, "traefik", files, "t")
    assert list(sites(derived)) == ["a.cn", "c.cn"]
    (gap,) = derived.gaps
    assert (gap.place.line, "not rendered" in gap.message.en) == (2, True)
    assert "traefik.yml is the static configuration" in said(derived)


@pytest.mark.parametrize("text", [TOML, YAML])
def test_standard_input(text):
    request = Request(path=Path("-"), root=Path(), given=text.encode())
    assert "www.a.cn" in sites(read_traefik(request))


def test_a_string_of_many_lines_that_looks_like_keys(tmp_path):
    text = 'a = """\n[x]\nb = 1\n"""\n[http.routers.a]\nrule = "Host(`a.cn`)"\nhttp = {x = 1}\n'
    derived = read(tmp_path, "traefik", {"a.toml": text})
    assert derived.trace("/sites/0").place.line == 6
