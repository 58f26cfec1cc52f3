"""Kubernetes objects: the stores of log services, operators, and files inside of ConfigMaps."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pytest_icp.law.errors import InputError
from tests.sources.log_retention.reading import read, remarks, stores, traced

NAME = "deploy/logs.yaml"


def manifest(kind: str, version: str, spec: Any, **more: Any) -> str:
    metadata = {"name": "app", "namespace": "prod"}
    body = {"apiVersion": version, "kind": kind, "metadata": metadata, "spec": spec, **more}
    return json.dumps(body, indent=1)


def kept(kind: str, version: str, spec: Any) -> Any:
    return stores(read(NAME, manifest(kind, version, spec)))


SLS = "log.alibabacloud.com/v1alpha1"
PIPELINE = "telemetry.alibabacloud.com/v1alpha1"
CLS = "cls.cloud.tencent.com/v1"
HUAWEI = "logging.openvessel.io/v1"


@pytest.mark.parametrize(
    ("kind", "version", "spec", "expected"),
    [
        (
            "AliyunLogConfig",
            SLS,
            {"project": "shop", "logstore": "app", "lifeCycle": 180},
            {"app": {"retention": {"days": 180}}},
        ),
        (
            "AliyunLogConfig",
            SLS,
            {"logstore": "ingress", "lifeCycle": "90", "productCode": "k8s-nginx-ingress"},
            {"ingress": {"kinds": ["access"], "retention": {"days": 90}}},
        ),
        (
            "AliyunLogConfig",
            SLS,
            {
                "logstore": "web",
                "lifeCycle": 7,
                "logtailConfig": {"inputDetail": {"filePattern": "access.log"}},
            },
            {"web": {"kinds": ["access"], "retention": {"days": 7}}},
        ),
        ("AliyunLogConfig", SLS, {}, {"AliyunLogConfig/prod/app": {"retention": None}}),
        (
            "ClusterAliyunPipelineConfig",
            PIPELINE,
            {
                "project": {"name": "shop"},
                "logstores": [
                    {"name": "app", "ttl": 200},
                    {"name": "numbers", "telemetryType": "Metrics", "ttl": 1},
                ],
                "config": {"flushers": [{"Logstore": "app"}, {"Logstore": "other"}, {}]},
            },
            {"app": {"retention": {"days": 200}}, "other": {"retention": None}},
        ),
        (
            "LogConfig",
            CLS,
            {"clsDetail": {"logsetName": "shop", "topicName": "app", "period": 30}},
            {"shop/app": {"retention": {"days": 30}}},
        ),
        (
            "LogConfig",
            CLS,
            {
                "clsDetail": {"topicId": "1-2"},
                "inputDetail": {"containerFile": {"filePattern": "access*.log"}},
            },
            {"1-2": {"kinds": ["access"], "retention": None}},
        ),
        (
            "LogConfig",
            HUAWEI,
            {"outputDetail": {"LTS": {"ltsGroupID": "g", "ltsStreamID": "s"}}},
            {"s": {"retention": None}},
        ),
        ("LogConfig", HUAWEI, {"outputDetail": {"type": "AOM"}}, None),
        ("LogConfig", CLS, {"kafkaDetail": {}}, None),
        ("LogConfig", "other.example.cn/v1", {"period": 3}, None),
        (
            "LogGroup",
            "cloudwatchlogs.services.k8s.aws/v1alpha1",
            {"name": "/app", "retentionDays": 14},
            {"/app": {"retention": {"days": 14}}},
        ),
        (
            "LogGroup",
            "cloudwatchlogs.aws.upbound.io/v1beta1",
            {"forProvider": {"region": "cn-north-1", "retentionInDays": 30}},
            {"app": {"retention": {"days": 30}}},
        ),
        (
            "LogGroup",
            "cloudwatchlogs.aws.crossplane.io/v1alpha1",
            {"forProvider": {"retentionInDays": 0}},
            {"app": {"retention": {"years": 100}}},
        ),
        (
            "LokiStack",
            "loki.grafana.com/v1",
            {
                "limits": {
                    "global": {
                        "retention": {
                            "days": 20,
                            "streams": [{"days": 4, "selector": '{log_type="audit"}'}],
                        }
                    },
                    "tenants": {"infra": {"retention": {"days": "many"}}, "app": {}},
                }
            },
            {
                "LokiStack/prod/app": {"retention": {"days": 20}},
                'LokiStack/prod/app {log_type="audit"}': {"retention": {"days": 4}},
                "LokiStack/prod/app tenant infra": {"retention": None},
                "LokiStack/prod/app tenant app": {"retention": None},
            },
        ),
        (
            "StackConfigPolicy",
            "stackconfigpolicy.k8s.elastic.co/v1alpha1",
            {
                "elasticsearch": {
                    "indexLifecyclePolicies": {
                        "logs": {
                            "phases": {
                                "hot": {"actions": {"rollover": {"max_age": "1d"}}},
                                "delete": {"min_age": "60d", "actions": {"delete": {}}},
                            }
                        },
                        "more": {"policy": {"phases": {}}},
                    }
                }
            },
            {
                "StackConfigPolicy/prod/app:logs": {"retention": {"days": 60}},
                "StackConfigPolicy/prod/app:more": {"retention": None},
            },
        ),
        (
            "OpenSearchISMPolicy",
            "opensearch.org/v1",
            {
                "defaultState": "hot",
                "states": [
                    {
                        "name": "hot",
                        "transitions": [
                            {"stateName": "gone", "conditions": {"minIndexAge": "30d"}}
                        ],
                    },
                    {"name": "gone", "actions": [{"config": {"delete": {}}}]},
                ],
            },
            {"OpenSearchISMPolicy/prod/app": {"retention": {"at_most": {"days": 30}}}},
        ),
        (
            "VLSingle",
            "operator.victoriametrics.com/v1",
            {"retentionPeriod": "8w"},
            {"VLSingle/prod/app": {"retention": {"days": 56}}},
        ),
        (
            "VLogs",
            "operator.victoriametrics.com/v1beta1",
            {"retentionPeriod": "6"},
            {"VLogs/prod/app": {"retention": {"days": 186}}},
        ),
        (
            "VLCluster",
            "operator.victoriametrics.com/v1",
            {
                "vlstorage": {
                    "retentionPeriod": "36h",
                    "retentionMaxDiskSpaceUsageBytes": "10GB",
                }
            },
            {"VLCluster/prod/app": {"retention": {"at_most": {"days": 2}}}},
        ),
        (
            "VLSingle",
            "operator.victoriametrics.com/v1",
            {},
            {"VLSingle/prod/app": {"retention": {"days": 7}}},
        ),
        (
            "VLSingle",
            "operator.victoriametrics.com/v1",
            {"retentionPeriod": "$(DAYS)"},
            {"VLSingle/prod/app": {"retention": None}},
        ),
    ],
)
def test_an_object_keeps_logs(kind: str, version: str, spec: Any, expected: Any) -> None:
    if expected is None:
        with pytest.raises(InputError):
            kept(kind, version, spec)
    else:
        assert kept(kind, version, spec) == expected


def test_a_period_has_its_place() -> None:
    derived = read(NAME, manifest("AliyunLogConfig", SLS, {"logstore": "a", "lifeCycle": 9}))
    line, *rest = traced(derived, "retention")
    assert line == 10
    assert rest == ["AliyunLogConfig/prod/app", "spec.lifeCycle", "known"]


def test_what_the_service_decides_is_not_known() -> None:
    derived = read(NAME, manifest("AliyunLogConfig", SLS, {"logstore": "a"}))
    assert "no period is set here but in the log service" in remarks(derived)[0]


def container(*args: str, image: str = "victoriametrics/victoria-logs:v1") -> Any:
    return {"template": {"spec": {"containers": [{"image": image, "args": args}]}}}


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["-retentionPeriod=200d", "-storageDataPath=x"], {"retention": {"days": 200}}),
        (
            ["--retentionPeriod=1y", "-retention.maxDiskUsagePercent=80"],
            {"retention": {"at_most": {"days": 365}}},
        ),
        ([], {"retention": {"days": 7}}),
    ],
)
def test_victoria_logs_is_told_by_its_arguments(args: list[str], expected: Any) -> None:
    spec = container(*args)
    assert kept("StatefulSet", "apps/v1", spec) == {"StatefulSet/prod/app": expected}


def test_other_containers_keep_no_logs() -> None:
    text = manifest("Deployment", "apps/v1", container(image="nginx"))
    store = manifest("AliyunLogConfig", SLS, {"logstore": "victoria-logs"})
    assert list(stores(read(NAME, f"{text}\n---\n{store}"))) == ["victoria-logs"]


def test_objects_in_lists_are_read() -> None:
    items = [json.loads(manifest("AliyunLogConfig", SLS, {"logstore": n})) for n in "ab"]
    whole = {"apiVersion": "v1", "kind": "List", "items": items}
    assert list(stores(read(NAME, json.dumps(whole, indent=1)))) == ["a", "b"]
    assert list(stores(read(NAME, f"kind: LogConfig\n---\n{json.dumps(whole)}"))) == ["a", "b"]


def test_two_objects_agree_on_one_store() -> None:
    def of(*periods: int | None) -> Any:
        specs = [{"logstore": "a", **({"lifeCycle": n} if n else {})} for n in periods]
        text = "\n---\n".join(manifest("AliyunLogConfig", SLS, spec) for spec in specs)
        derived = read(NAME, text)
        return stores(derived)["a"]["retention"], remarks(derived)

    assert of(None, 30, 30) == ({"days": 30}, [])
    period, (remark,) = of(30, 7)
    assert period is None
    assert "different periods are set in different places" in remark


LOKI = "compactor:\n  retention_enabled: true\nlimits_config:\n  retention_period: 30d\n"


def config_map(name: str, text: str, how: str = "|") -> str:
    head = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: loki\ndata:\n"
    if how == "|":
        lines = "".join(f"    {line}\n" for line in text.splitlines())
        return f"{head}  {name}: |\n{lines}"
    return f"{head}  {name}: {json.dumps(text)}\n"


def test_a_file_in_a_configmap_is_read_with_its_lines() -> None:
    derived = read(NAME, config_map("loki.yaml", LOKI))
    assert stores(derived) == {"ConfigMap/loki/loki.yaml:loki": {"retention": {"days": 30}}}
    assert traced(derived, "retention") == (10, "loki", "limits_config.retention_period", "known")


def test_a_file_in_quotes_is_read_at_its_key() -> None:
    derived = read(NAME, config_map("loki.yaml", LOKI, '"'))
    assert traced(derived, "retention")[0] == 6
    assert traced(derived, "kinds")[0] == 6


def test_the_name_of_the_configmap_tells_the_format_too() -> None:
    text = config_map("nginx", "/srv/a.log {\n daily\n rotate 7\n}\n").replace(
        "name: loki", "name: logrotate"
    )
    derived = read(NAME, text)
    assert list(stores(derived)) == ["ConfigMap/logrotate/nginx:/srv/a.log"]
    assert traced(derived, "retention")[0] == 9


def test_what_is_not_read_in_a_configmap_is_counted() -> None:
    derived = read(NAME, config_map("logback.xml", '<a><appender class="x.Odd"/></a>'))
    assert derived.unmapped == {"x.Odd": 1}


def test_a_broken_file_in_a_configmap_is_a_gap() -> None:
    derived = read(NAME, config_map("logrotate.conf", "/srv/a.log {\n daily\n rotate 7\n"))
    (gap,) = derived.gaps
    assert (gap.place.line, gap.message.en) == (7, "} is missing")


def test_a_gap_in_a_configmap_has_the_line_of_the_manifest() -> None:
    derived = read(NAME, config_map("logrotate.conf", "include /etc/logrotate.d\nweekly\n"))
    (gap,) = derived.gaps
    assert gap.place.line == 7


def test_a_manifest_that_cannot_be_read_is_a_gap() -> None:
    text = manifest("AliyunLogConfig", SLS, {"logstore": "a"})
    derived = read(NAME, f"{text}\n---\na: {{{{ b }}}}: c\n")
    assert len(derived.gaps) == 1
    assert list(stores(derived)) == ["a"]
