from __future__ import annotations

import pytest

from pytest_icp.law.errors import InputError
from tests.sources.reading import read, said, sites

KONG = """\
_format_version: "3.0"
services:
- name: shop
  url: http://shop:8000
  routes:
  - name: a
    hosts: [www.a.cn, "*.b.cn", "c.cn:8443"]
  - hosts: ['${{ env "DECK_HOST" }}', "d.*", localhost]
    snis: [e.cn]
  - {name: open, paths: [/]}
- name: old
  enabled: false
  routes: [{name: x, hosts: [x.cn]}]
routes:
- {name: f, hosts: [f.cn], service: shop}
- {name: y, hosts: [y.cn], service: {name: old}}
- name: g
  expression: http.host == "g.cn" && http.host != "h.cn" || tls.sni == "i.cn"
- {name: j, expression: '(http.host =^ ".j.cn") && http.path == "/"'}
certificates:
- {cert: hunter2, key: hunter2, snis: [{name: k.cn}]}
snis: [{name: l.cn, certificate: {id: 1}}]
"""


def test_hosts_of_routes_and_names_of_certificates(tmp_path):
    derived = read(tmp_path, "kong", {"kong.yaml": KONG})
    assert list(sites(derived)) == [
        *("www.a.cn", "*.b.cn", "c.cn", "e.cn", "f.cn", "g.cn", "i.cn", "k.cn", "l.cn")
    ]
    found = derived.trace("/sites/1/domains")
    assert (found.place.line, found.address, found.attribute) == (7, "route a", "hosts.1")
    assert [gap.place.line for gap in derived.gaps] == [8, 8, 19, 10]
    assert "contains a variable without a value" in derived.gaps[0].message.en
    assert derived.gaps[-1].message.en.endswith("any domain may lead to them: route open")
    assert "switched off, so their hosts are not counted as sites: service old" in said(derived)
    assert "hunter2" not in f"{derived.facts}{derived.gaps}{derived.remarks}"


def test_a_folder_of_files(tmp_path):
    files = {
        "k/a.yaml": "_format_version: '3.0'\nroutes: [{hosts: [a.cn]}]\n",
        "k/b.json": '{"_format_version": "3.0", "routes": [{"hosts": ["b.cn"]}]}',
        "k/c.yaml": "services: {c: {hosts: [c.cn]}}\n---\n[]\n",
        "k/d.yaml": "_format_version: '3.0'\n_format_version: '3.0'\nroutes:\n- {{ x }}\n",
        "k/e.json": "{",
    }
    derived = read(tmp_path, "kong", files, "k")
    assert list(sites(derived)) == ["a.cn", "b.cn"]
    assert len(derived.gaps) == 2


def test_a_file_without_its_version(tmp_path):
    derived = read(tmp_path, "kong", {"kong.yaml": "services: [{routes: [{hosts: [a.cn]}]}]\n"})
    assert list(sites(derived)) == ["a.cn"]


@pytest.mark.parametrize(
    "text", ["routes: {}\n", "a\n", "[routes]\n", "", "apiVersion: v1\nroutes: []\n"]
)
def test_what_is_no_configuration_of_kong(tmp_path, text):
    with pytest.raises(InputError, match="no declarative configuration of Kong"):
        read(tmp_path, "kong", {"kong.yaml": text})


def test_a_file_that_cannot_be_read(tmp_path):
    with pytest.raises(InputError):
        read(tmp_path, "kong", {"kong.json": "{"})
