"""Stores of logs that manifests create: the same as in a source of kind ``log-retention``."""

from __future__ import annotations

import pytest

from tests.sources.kubernetes.test_reading import ingress
from tests.sources.log_retention.reading import read, stores
from tests.sources.reading import ids, kubernetes, remarks

LOGS = """
apiVersion: v1
kind: ConfigMap
metadata: {name: rotate, namespace: shop}
data:
  logrotate.conf: |
    /srv/a.log {
      daily
      rotate 7
    }
"""
KEPT = {"ConfigMap/shop/rotate/logrotate.conf:/srv/a.log": {"retention": {"days": 7}}}


def test_manifests_tell_of_logs_whichever_kind_reads_them() -> None:
    derived = kubernetes(f"{LOGS}---{ingress('www')}")
    assert stores(derived) == KEPT == stores(read("logs.yaml", LOGS))
    assert ids(derived) == ["www.etaoche.cn"]
    assert remarks(derived) == ["objects that were read but that no rule uses: ConfigMap 1"]


@pytest.mark.parametrize(
    ("version", "kind"),
    [
        ("log.alibabacloud.com/v1alpha1", "AliyunLogConfig"),
        ("telemetry.alibabacloud.com/v1alpha1", "ClusterAliyunPipelineConfig"),
        ("cls.cloud.tencent.com/v1", "LogConfig"),
        ("logging.openvessel.io/v1", "LogConfig"),
        ("cloudwatchlogs.aws.upbound.io/v1beta1", "LogGroup"),
        ("loki.grafana.com/v1", "LokiStack"),
        ("stackconfigpolicy.k8s.elastic.co/v1alpha1", "StackConfigPolicy"),
        ("opensearch.opster.io/v1", "OpenSearchISMPolicy"),
        ("operator.victoriametrics.com/v1", "VLSingle"),
        ("logging.openshift.io/v1", "ClusterLogging"),
    ],
)
def test_an_object_that_makes_stores_of_logs_is_a_gap(version: str, kind: str) -> None:
    derived = kubernetes(f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: a}}\n")
    assert derived.facts == {}
    (gap,) = derived.gaps
    assert gap.message.en.startswith(f"{kind}/a sets up stores of logs, which is not read; declare")
    assert (gap.place.line, gap.kinds) == (2, {"log_stores"})


def test_a_configmap_that_sends_logs_elsewhere_is_no_store() -> None:
    sent = "data:\n  filebeat.yml: |\n    output.elasticsearch: {index: web}\n"
    text = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: beat}}\n{sent}"
    assert kubernetes(text).facts == {}
    assert list(stores(read("a.yaml", text))) == ["ConfigMap/beat/filebeat.yml:elasticsearch web"]


def test_what_only_has_the_name_of_a_configmap_is_not_read() -> None:
    derived = kubernetes(LOGS.replace("apiVersion: v1", "apiVersion: other.example.cn/v1"))
    assert derived.facts == {}


@pytest.mark.parametrize(
    ("container", "gaps"),
    [
        ("{command: [sh, -c, find /logs -mtime +7 -delete]}", 1),
        ("{image: 'bitnami/elasticsearch-curator:5', args: [--config, /a.yml]}", 1),
        ("{image: curl, args: [-X, DELETE, 'http://es:9200/nginx-2026.01.01']}", 1),
        ("{command: [sh, -c, find /backup -mtime +7 -delete]}", 0),
        ("{command: [logs]}", 0),
    ],
)
def test_a_job_that_deletes_logs_again_and_again_is_a_gap(container: str, gaps: int) -> None:
    pod = f"{{template: {{spec: {{containers: [{container}]}}}}}}"
    derived = kubernetes(
        "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: clean}\n"
        f"spec: {{jobTemplate: {{spec: {pod}}}}}\n"
    )
    assert [gap.kinds for gap in derived.gaps] == [{"log_stores"}] * gaps
