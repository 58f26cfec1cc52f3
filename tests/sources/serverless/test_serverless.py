"""Serverless files: functions are servers, domains of their own sites; no variable is guessed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pytest_icp.facts.derived import Derived, Status
from pytest_icp.facts.files.budget import Budget, Meter, OverBudgetError
from pytest_icp.facts.files.schema import validator
from pytest_icp.law.errors import InputError
from pytest_icp.sources.loading import KINDS
from pytest_icp.sources.request import Request
from tests.sources.reading import element, facts, gaps, given, ids, in_folder, remarks


def read(text: str) -> Derived:
    derived = given("serverless", text)
    validator("description").validate({"apiVersion": "pytest-icp/v1", **derived.facts})
    return derived


def read_folder(folder: Path, files: dict[str, str]) -> Derived:
    return in_folder("serverless", folder, files)


def region(derived: Derived, identifier: str) -> Any:
    location = element(derived, "servers", identifier)["location"]
    return location and location["cloud_region"]["id"]


EDITION_3 = """
edition: 3.0.0
vars: {region: cn-beijing, host: www.etaoche.cn}
template:
  common: {region: "${vars.region}", logConfig: {project: web, logstore: fc-logs}}
resources:
  domain:
    component: fc3-domain
    props:
      region: ${vars.region}
      domainName: ${vars.host}
      routeConfig:
        routes:
          - {functionName: "${resources.web.props.functionName}", path: /*}
          - {functionName: elsewhere, path: /x}
  web:
    component: fc3@0.1.0
    extend: {name: common}
    props:
      functionName: web
      nasConfig: {mountPoints: [{serverAddr: "1-a.cn-beijing.nas.aliyuncs.com:/web"}]}
      triggers: [{triggerType: timer}]
  pages:
    component: devsapp/oss
    props: {region: cn-beijing, bucketName: etaoche-www, acl: public-read,
            customDomains: [{domainName: static.etaoche.cn}, {domainName: auto}]}
  queue: {component: mns, props: {}}
"""


def test_edition_3_of_serverless_devs() -> None:
    derived = read(EDITION_3)
    assert ids(derived, "servers") == ["web"]
    assert region(derived, "web") == "cn-beijing"
    assert element(derived, "servers", "web")["provider"] == {"name": "阿里云计算有限公司"}
    assert element(derived, "sites", "www.etaoche.cn") == {
        "id": "www.etaoche.cn",
        "domains": ["www.etaoche.cn"],
        "public": True,
        "servers": ["web"],
    }
    assert facts(derived)["log_stores"] == [{"id": "fc-logs", "retention": None}]
    assert [one["kind"] for one in facts(derived)["data_stores"]] == ["files", "object_store"]
    assert element(derived, "data_stores", "etaoche-www")["published"] is True
    assert ids(derived, "sites") == ["static.etaoche.cn", "www.etaoche.cn"]
    assert remarks(derived) == [
        "some functions have a generated domain for tests, which is not counted as a site"
    ]
    (queue,) = derived.gaps
    assert "type mns are not known" in queue.message.en
    assert queue.kinds == {"servers", "sites", "log_stores", "data_stores"}


def test_edition_1_of_serverless_devs() -> None:
    derived = read("""
edition: 1.0.0
services:
  a:
    component: devsapp/fc
    props:
      region: cn-hangzhou
      service: {name: svc, logConfig: auto, nasConfig: auto}
      function: {name: fn}
      triggers: [{type: http, config: {authType: anonymous}}]
      customDomains: [{domainName: https://www.etaoche.cn/}]
  b: {component: fc, props: {region: cn-hangzhou, function: {name: fn}}}
""")
    assert ids(derived, "servers") == ["svc/fn", "b"]
    assert ids(derived, "sites") == ["www.etaoche.cn"]
    assert facts(derived)["log_stores"] == [{"id": "svc/fn.logConfig", "retention": None}]
    assert "how long they keep logs is not in the file" in remarks(derived)[1]


def test_an_element_of_a_list_that_is_a_variable_is_a_gap() -> None:
    derived = read("""
edition: 3.0.0
resources:
  a:
    component: fc3
    props:
      functionName: a
      customDomains: [{domainName: www.etaoche.cn}, "${env('HOST')}"]
      nasConfig:
        mountPoints:
          - {serverAddr: "1-a.cn-beijing.nas.aliyuncs.com:/web"}
          - {serverAddr: "${env('NAS')}"}
          - ${env('MORE')}
  b: {component: fc3, props: {functionName: b, nasConfig: "${env('NAS')}"}}
""")
    assert ids(derived, "sites") == ["www.etaoche.cn"]
    assert [(gap.place.line, *gap.kinds) for gap in derived.gaps] == [
        (12, "data_stores"),
        (13, "data_stores"),
        (8, "sites"),
        (14, "data_stores"),
    ]


def test_what_a_variable_without_a_value_decides_is_not_known() -> None:
    derived = read("""
edition: 3.0.0
extend: base.yaml
resources:
  a:
    component: fc3
    props:
      region: ${env('REGION', 'cn-beijing')}
      functionName: a
      customDomain: {domainName: "${env('HOST')}"}
      customDomains: ${vars.domains}
      nasConfig: {mountPoints: ["${vars.nas}"]}
  b: {component: fc3, props: "${file('b.yaml')}"}
  c: {component: "${env('C')}", props: {functionName: c}}
  d: {component: "${env('C')}", props: {routeConfig: {}, domainName: d.etaoche.cn}}
  e: {component: "${env('C')}", props: {}}
  f: {component: fc, props: {service: "${vars.none}", function: {name: g}}}
""")
    assert ids(derived, "servers") == ["a", "b", "c", "f"]
    assert region(derived, "a") is None
    assert derived.trace("/servers/0/location").status is Status.AFTER_APPLY
    assert derived.trace("/servers/1/location").status is Status.DEFAULT
    assert derived.trace("/servers/0/location").place.line == 8
    assert ids(derived, "sites") == ["d.etaoche.cn"]
    assert [gap.place.line for gap in derived.gaps] == [3, 12, 11, 10, 13, 16, 17]
    assert "`extend` is written elsewhere" in gaps(derived)[0]
    assert "contains a variable without a value" in gaps(derived)[3]


def test_a_file_of_the_serverless_framework_is_a_gap() -> None:
    derived = read("service: a\nprovider: {token: s3cr3t}\nfunctions: {a: {handler: b}}\n")
    assert not derived.facts
    (gap,) = derived.gaps
    assert gap.kinds == {"servers", "sites", "log_stores", "data_stores"}
    assert (gap.place.line, gap.place.excerpt) == (2, "")


def test_a_component_of_tencent_cloud() -> None:
    derived = read("""
component: express@latest
name: shop
inputs:
  name: ${name}-api
  region: ap-beijing
  apigatewayConf: {customDomains: [{domain: api.etaoche.cn, certificateId: x}]}
  triggers: [{type: apigw, parameters: {customDomains: '${env:D}'}}]
""")
    assert ids(derived, "servers") == ["shop-api"]
    assert region(derived, "shop-api") == "ap-beijing"
    assert element(derived, "sites", "api.etaoche.cn")["servers"] == ["shop-api"]
    assert [gap.place.line for gap in derived.gaps] == [8]


def test_components_with_names() -> None:
    derived = read("""
name: shop
pages:
  component: "@serverless/tencent-website"
  inputs: {region: ap-beijing, hosts: [{host: www.etaoche.cn}]}
api: {component: "@serverless/tencent-express@1.0.0", inputs: {region: ap-shanghai}}
odd: {component: [], inputs: {}}
""")
    assert ids(derived, "data_stores") == ["pages"]
    assert ids(derived, "servers") == ["api", "odd"]
    assert ids(derived, "sites") == ["www.etaoche.cn"]
    assert derived.trace("/servers/0/location").place.line == 6


def test_components_that_deploy_nothing() -> None:
    assert not read("component: vpc\ninputs: {region: ap-beijing}\n").facts
    open_gateway = read("component: scf\ninputs: {apigatewayConf: '${env:A}'}\n")
    assert "`apigatewayConf` is written elsewhere" in gaps(open_gateway)[0]
    derived = read("component: scf\ninputs: '${file(inputs.yml)}'\n")
    assert ids(derived, "servers") == ["scf"]
    assert len(derived.gaps) == 1


def plugin(use: str, **inputs: Any) -> dict[str, Any]:
    return {"use": f"@cloudbase/framework-plugin-{use}", "inputs": inputs}


def test_cloudbase() -> None:
    plugins = {
        "client": plugin("website", cloudPath="/"),
        "api": plugin("container", serviceName="api"),
        "server": plugin("function", functions=[{"name": "login"}, {"name": "{{env.F}}"}]),
        "auth": plugin("auth"),
    }
    document = {
        "envId": "{{env.ENV_ID}}",
        "region": "ap-shanghai",
        "functions": [{"name": "pay"}],
        "framework": {"plugins": plugins},
        "hosting": {},
    }
    derived = read(json.dumps(document))
    assert ids(derived, "servers") == ["pay", "api", "login"]
    assert region(derived, "pay") == "ap-shanghai"
    assert "`functions` is written elsewhere" in gaps(derived)[0]
    assert "hosted pages" in remarks(derived)[0]
    assert region(read('{"envId": "a", "functions": [{"name": "pay"}]}'), "pay") is None


def test_the_stores_that_cloudbase_adds_and_components_of_databases() -> None:
    addons = [{"type": "CynosDB", "name": "shop"}, {"type": "CFS"}, {"type": "Redis"}]
    framework = {"requirement": {"addons": addons}}
    derived = read(json.dumps({"envId": "a", "region": "ap-shanghai", "framework": framework}))
    place = {"cloud_region": {"provider": "tencentcloud", "id": "ap-shanghai"}}
    assert derived.facts["data_stores"] == [
        {"id": "shop", "kind": "database", "location": place},
        {"id": "CFS", "kind": "files", "location": place},
    ]
    assert [gap.kinds for gap in derived.gaps] == [{"data_stores"}]
    derived = read("component: postgresql\nname: db\ninputs: {region: ap-shanghai}\n")
    assert derived.facts == {"data_stores": [{"id": "db", "kind": "database", "location": place}]}


def test_a_folder_of_applications(tmp_path: Path) -> None:
    files = {
        "a/s.yaml": EDITION_3,
        "a/s.dev.yml": "edition: 3.0.0\nresources: {x: {component: fc3, props: {}}}\n",
        "b/serverless.yml": "a: [\n",
        "b/other.yaml": "a: [\n",
        "c/cloudbaserc.json": "{",
        "d/serverless.json": '{"name": "no application"}',
    }
    derived = read_folder(tmp_path, files)
    assert ids(derived, "servers") == ["x", "web"]
    assert [Path(gap.place.path).name for gap in derived.gaps] == [
        "s.yaml",
        "serverless.yml",
        "cloudbaserc.json",
    ]


def test_no_application(tmp_path: Path) -> None:
    for text in ("a: 1\n", "- a\n", "edition: 3.0.0\nresources: [a]\n"):
        with pytest.raises(InputError) as error:
            read(text)
        assert error.value.message.en.startswith("no serverless application")
    with pytest.raises(InputError):
        read_folder(tmp_path, {"a.json": "{}"})
    (tmp_path / "s.yaml").write_bytes(b"\xff\xfea")
    with pytest.raises(InputError):
        KINDS["serverless"].read(Request(path=tmp_path / "none.yaml", root=tmp_path))


def test_a_key_that_is_written_twice() -> None:
    derived = read(
        "edition: 3.0.0\nresources: {a: {component: oss}}\nresources: {b: {component: oss}}\n"
    )
    assert ids(derived, "data_stores") == ["b"]
    assert "written twice" in gaps(derived)[0]


def test_variables_that_lead_to_each_other_end() -> None:
    text = "edition: 3.0.0\nresources: {f: {component: fc3, props: {region: '${vars.%s}'}}}\n"
    derived = read(text % "a" + "vars: {a: '${vars.b}', b: '${vars.a}'}\n")
    assert region(derived, "f") is None
    doubled = ", ".join(f"a{i}: '${{vars.a{i + 1}}}${{vars.a{i + 1}}}'" for i in range(40))
    request = Request(
        path=Path("-"),
        root=Path(),
        given=f"{text % 'a0'}vars: {{{doubled}}}\n".encode(),
        meter=Meter(Budget(expansions=1000)),
    )
    with pytest.raises(OverBudgetError):
        KINDS["serverless"].read(request)


SECRETS = [
    """
edition: 3.0.0
resources:
  web:
    secret: s3cr3t
    component: fc3
    props:
      accessKey: s3cr3t
      logConfig:
        password: s3cr3t
  x:
    component: fc3
    props: "s3cr3t${env('Y')}"
""",
]


@pytest.mark.parametrize("text", SECRETS)
def test_a_line_is_quoted_only_for_what_was_read(text: str) -> None:
    derived = read(text)
    shown = [
        derived.trace(f"/{kind}/{index}/{fact}").place
        for kind, listed in facts(derived).items()
        for index, element in enumerate(listed)
        for fact in element
    ]
    assert "s3cr3t" not in repr(shown) + repr(derived.gaps) + str(derived.facts)
    named = read(
        "edition: 3.0.0\nresources:\n  a:\n    component: fc3\n    props:\n      region: x\n"
    )
    assert named.trace("/servers/0/location").place.excerpt == "      region: x"


def test_a_bucket_that_a_function_mounts_is_a_data_store() -> None:
    text = """
edition: 3.0.0
resources:
  web:
    component: fc3
    props:
      functionName: web
      ossMountConfig: {mountPoints: [{bucketName: etaoche-files, mountDir: /mnt}]}
"""
    stores = facts(read(text))["data_stores"]
    assert stores == [{"id": "etaoche-files", "kind": "object_store"}]


def test_the_topic_of_a_function_of_tencent_cloud_is_a_log_store() -> None:
    text = "component: scf\nname: web\ninputs: {name: web, cls: {logsetId: a, topicId: b}}\n"
    assert facts(read(text))["log_stores"] == [{"id": "b", "retention": None}]


@pytest.mark.parametrize(
    ("component", "kinds"),
    [
        ("sls", {"log_stores"}),
        ("devsapp/cdn@1.2", {"sites"}),
        ("rds", {"data_stores"}),
        ("ram", set()),
        ("fc3", set()),
    ],
)
def test_a_component_that_is_not_known_is_a_gap_by_its_name(
    component: str, kinds: set[str]
) -> None:
    text = f"edition: 3.0.0\nresources: {{a: {{component: {component}, props: {{x: 1}}}}}}\n"
    assert {kind for gap in read(text).gaps for kind in gap.kinds} == kinds


def test_what_the_tool_makes_for_a_function_to_mount_is_a_store() -> None:
    props = "{functionName: web, nasConfig: auto, ossMountConfig: Auto}"
    derived = read(f"edition: 3.0.0\nresources: {{a: {{component: fc3, props: {props}}}}}\n")
    assert [(one["id"], one["kind"]) for one in facts(derived)["data_stores"]] == [
        ("web.nasConfig", "files"),
        ("web.ossMountConfig", "object_store"),
    ]


def test_plugins_of_cloudbase_may_keep_data() -> None:
    uses = {"users": "database", "cache": "redis", "in": "login"}
    plugins = {key: {"use": f"@cloudbase/framework-plugin-{use}"} for key, use in uses.items()}
    derived = read(json.dumps({"envId": "a", "framework": {"plugins": plugins}}))
    assert [one["id"] for one in facts(derived)["data_stores"]] == ["users"]
    assert [gap.kinds for gap in derived.gaps] == [{"data_stores"}]
