from __future__ import annotations

import json

import pytest

from pytest_icp.law.errors import InputError
from tests.sources.reading import logs, read, said, sites


def config(*routes, listen=(":443",), **apps):
    http = {"servers": {"main": {"listen": list(listen), "routes": list(routes)}}}
    return {"caddy.json": json.dumps({"apps": {"http": http, **apps}}, indent=1)}


def route(*hosts, handle):
    return {"match": [{"host": list(hosts)}], "handle": list(handle)}


def test_hosts_and_what_answers_them(tmp_path):
    files = config(
        route(
            "a.cn",
            handle=[
                {
                    "handler": "subroute",
                    "routes": [
                        {
                            "match": [{"path": ["/api/*"]}],
                            "handle": [{"handler": "reverse_proxy"}],
                        },
                        {"handle": [{"handler": "vars", "root": "/srv"}]},
                        {
                            "match": [{"path": ["/*"]}],
                            "handle": [{"handler": "file_server", "index_names": ["home.html"]}],
                        },
                        {"match": [{"host": ["b.a.cn"]}], "handle": []},
                    ],
                }
            ],
        ),
        route("c.cn", handle=[{"handler": "file_server", "root": "/srv2"}]),
        route(
            "d.cn",
            handle=[
                {
                    "handler": "static_response",
                    "headers": {"Location": ["https://a.cn{http.request.uri}"]},
                }
            ],
        ),
        route(
            "e.cn",
            handle=[
                {"handler": "headers"},
                {"handler": "static_response", "headers": {"Location": ["https://{x}/"]}},
            ],
        ),
        route("f.cn", handle=[{"handler": "static_response", "body": "x"}]),
        route("g.cn", handle=[{"handler": "reverse_proxy"}]),
        route("localhost", "{env.H}", handle=[{"handler": "file_server"}]),
        {"handle": [{"handler": "reverse_proxy"}]},
        listen=[":80"],
    ) | {"www/home.html": "x", "www/index.html": "x"}
    derived = read(tmp_path, "caddy", files, roots={"/srv": "www", "/srv2": "www"})
    found = sites(derived)
    assert list(found) == ["a.cn", "b.a.cn", "c.cn", "d.cn", "e.cn", "f.cn", "g.cn"]
    assert (
        found["a.cn"]["home_page"]
        == found["d.cn"]["home_page"]
        == {"snapshot": "www/home.html", "fetched_at": "none"}
    )
    assert found["c.cn"]["home_page"] == {"snapshot": "www/index.html", "fetched_at": "none"}
    assert found["g.cn"]["home_page"] is None
    assert "answers for every other name" in said(derived)
    assert "without TLS: a.cn" in said(derived)
    assert derived.trace("/sites/1").attribute.endswith("routes.3.match.0.host.0")
    assert [gap.message.en[:19] for gap in derived.gaps] == ["the host '{env.H}' "]


def test_names_in_tls_and_standard_input(tmp_path):
    layer4 = {
        "servers": {"x": {"routes": [{"match": [{"tls": {"sni": ["a.cn"]}}, {"http": [{}]}]}]}}
    }
    derived = read(tmp_path, "caddy", config(layer4=layer4))
    assert list(sites(derived)) == ["a.cn"]
    assert not derived.gaps


@pytest.mark.parametrize(
    ("text", "message"),
    [('{"a": 1}', "it has no `apps`"), ("[1]", "it has no `apps`"), ('{"a": ', "1:7")],
)
def test_json_of_something_else_is_refused(tmp_path, text, message):
    with pytest.raises(InputError) as refused:
        read(tmp_path, "caddy", {"caddy.json": text})
    assert message in str(refused.value)


def test_yaml_that_cannot_be_read_is_a_gap(tmp_path):
    (gap,) = read(tmp_path, "caddy", {"caddy.json": "a: [\n"}).gaps
    assert gap.kinds == {"sites"}


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({}, {"retention": {"at_most": {"days": 90}}}),
        ({"roll_keep_days": 30}, {"retention": {"at_most": {"days": 30}}}),
        ({"roll_keep_days": "x"}, {"retention": None}),
        ({"roll": False}, {"retention": None}),
    ],
)
def test_how_long_access_logs_are_kept(tmp_path, settings, told):
    writer = {"output": "file", "filename": "/x.log", **settings}
    access = {"writer": writer, "include": ["http.log.access.x"]}
    files = {
        "caddy.json": json.dumps(
            {"apps": {}, "logging": {"logs": {"a": access, "default": {"writer": writer}}}}
        )
    }
    told = {"kinds": ["access"], **told}
    assert logs(read(tmp_path, "caddy", files)) == {"caddy.json:/x.log": told}
