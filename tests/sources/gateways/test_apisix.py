from __future__ import annotations

import pytest

from pytest_icp.law.errors import InputError
from tests.sources.reading import read, said, sites

APISIX = """\
routes:
- {id: 1, uri: /*, host: www.a.cn}
- {id: 2, uri: /*, hosts: ["*.b.cn", "${{HOST:=c.cn}}", "${{HOST}}"], priority: 3}
- {id: 3, uri: /*, hosts: [off.cn], status: 0}
- {id: 4, uri: /*, service_id: 1}
- {id: 5, uri: /*, service_id: 9}
- {id: 6, uri: /*, vars: [[http_host, "==", e.cn], [arg_x, "==", 1]]}
- {id: 7, uri: /*, vars: [OR, [host, in, [f.cn, g.cn]], [host, "~~", ".*"], [host, "!=", h.cn]]}
services:
- {id: 1, hosts: [d.cn]}
- {id: 2, hosts: [unused.cn]}
ssls:
- {sni: i.cn, cert: hunter2, key: hunter2}
- {snis: [j.cn, "*.j.cn"], cert: x, key: x}
- {snis: [off.j.cn], status: 0}
stream_routes:
- {sni: k.cn, server_port: 9100}
#END
"""


def test_hosts_of_routes_services_and_certificates(tmp_path):
    derived = read(tmp_path, "apisix", {"apisix.yaml": APISIX})
    assert list(sites(derived)) == [
        *("www.a.cn", "*.b.cn", "c.cn", "d.cn", "e.cn", "f.cn", "g.cn"),
        *("k.cn", "i.cn", "j.cn", "*.j.cn"),
    ]
    found = derived.trace("/sites/5/domains")
    assert (found.place.line, found.address, found.attribute) == (8, "route 7", "vars.1")
    assert [gap.place.line for gap in derived.gaps] == [3, 8, 6]
    assert "not counted as sites: route 3, ssl 2" in said(derived)
    assert "#END" not in said(derived)
    assert "hunter2" not in f"{derived.facts}{derived.gaps}{derived.remarks}"


def test_a_file_without_its_end_is_not_loaded(tmp_path):
    files = {"conf/apisix.yaml": "routes: [{host: a.cn}]\n", "conf/other.yaml": "a: 1\n"}
    assert "apisix.yaml does not end in #END" in said(read(tmp_path, "apisix", files))
    assert "apisix.yaml does not end in #END" in said(read(tmp_path, "apisix", files, "conf"))
    files = {"apisix.json": '{"routes": [{"host": "a.cn"}]}'}
    assert not said(read(tmp_path, "apisix", files))


def test_a_file_of_adc(tmp_path):
    text = (
        "services:\n- name: s\n  hosts: [a.cn]\n  routes:\n"
        "  - {name: r, uris: [/]}\n  - {name: q, uris: [/], hosts: [b.cn]}\n"
        "  stream_routes: [{sni: c.cn}]\n"
    )
    derived = read(tmp_path, "apisix", {"adc.yaml": text})
    assert list(sites(derived)) == ["a.cn", "b.cn", "c.cn"]
    assert not derived.gaps
    assert not derived.remarks


@pytest.mark.parametrize(
    "text", ["_format_version: '3.0'\nroutes: []\n", "routes: {}\n", "[routes]\n"]
)
def test_what_is_no_configuration_of_apisix(tmp_path, text):
    with pytest.raises(InputError, match="no routes of APISIX found"):
        read(tmp_path, "apisix", {"apisix.yaml": text})


def test_what_a_condition_excludes_is_no_site(tmp_path):
    text = """routes:
- {id: 1, uri: /*, vars: ["!AND", [host, "==", a.cn], [arg_x, "==", "1"]]}
- {id: 2, uri: /*, vars: [OR, [host, "==", b.cn], [http_host, "==", c.cn]]}
ssls:
- {id: 1, type: client, cert: x, key: x, snis: [d.cn]}
- {id: 2, type: server, cert: x, key: x, snis: [e.cn]}
#END
"""
    derived = read(tmp_path, "apisix", {"apisix.yaml": text})
    assert list(sites(derived)) == ["b.cn", "c.cn", "e.cn"]
    (gap,) = derived.gaps
    assert gap.message.en.endswith("any domain may lead to them: route 1")
