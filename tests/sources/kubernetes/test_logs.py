"""Stores of logs that manifests create: the same as in a source of kind ``log-retention``."""

from __future__ import annotations

from pathlib import Path

from tests.sources.kubernetes.test_reading import ingress
from tests.sources.log_retention.reading import read, stores
from tests.sources.manifest_files import gaps, in_folder, kubernetes, remarks, sites

LOGS = """
apiVersion: log.alibabacloud.com/v1alpha1
kind: AliyunLogConfig
metadata: {name: app, namespace: shop}
spec: {project: shop, logstore: app, lifeCycle: 30}
---
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
KEPT = {
    "app": {"retention": {"days": 30}},
    "ConfigMap/shop/rotate/logrotate.conf:/srv/a.log": {"retention": {"days": 7}},
}


def test_manifests_tell_of_logs_whichever_kind_reads_them() -> None:
    derived = kubernetes(f"{LOGS}---{ingress('www')}")
    assert stores(derived) == KEPT == stores(read("logs.yaml", LOGS))
    assert sites(derived) == ["www.etaoche.cn"]
    assert derived.unmapped == {}
    assert remarks(derived) == ["objects that were read but that no rule uses: ConfigMap 1"]


def test_a_kind_that_tells_nothing_here_is_not_unmapped() -> None:
    text = "apiVersion: cls.cloud.tencent.com/v1\nkind: LogConfig\nspec: {kafkaDetail: {}}\n"
    derived = kubernetes(text)
    assert (derived.facts, derived.unmapped) == ({}, {})


def test_a_patch_that_changes_the_period_leaves_it_unknown(tmp_path: Path) -> None:
    store, _ = LOGS.split("---")
    files = {
        "kustomization.yaml": "resources: [a.yaml]\npatchesStrategicMerge: [b.yaml]\n",
        "a.yaml": store,
        "b.yaml": store.replace("30", "7"),
    }
    derived = in_folder("k8s", tmp_path, files)
    assert stores(derived) == {"app": {"retention": None}}
    assert gaps(derived) == []


def test_a_broken_file_in_a_configmap_is_a_gap() -> None:
    derived = kubernetes(LOGS.replace("    }\n", ""))
    (gap,) = derived.gaps
    assert (gap.place.line, gap.message.en, gap.kinds) == (12, "} is missing", {"log_stores"})


def test_a_configmap_that_sends_logs_elsewhere_is_no_store() -> None:
    sent = "data:\n  fluent-bit.conf: |\n    [OUTPUT]\n      Name es\n      Index web\n"
    text = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: fluent}}\n{sent}"
    assert kubernetes(text).facts == {}
    assert list(stores(read("a.yaml", text))) == ["ConfigMap/fluent/fluent-bit.conf:es web"]
