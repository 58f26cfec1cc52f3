"""What Argo CD, Flux and Helm deploy is not rendered: each object is a gap with the command."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_icp.sources.kubernetes.objects import ANYTHING
from tests.sources.kubernetes.test_reading import ingress
from tests.sources.reading import gaps_at, ids, in_folder, kubernetes


def deploying(version: str, kind: str) -> str:
    return f"""
---
apiVersion: {version}
kind: {kind}
metadata: {{name: shop}}
spec: {{source: {{path: k8s/shop}}, path: k8s/shop}}
"""


@pytest.mark.parametrize(
    ("version", "kind", "command"),
    [
        ("argoproj.io/v1alpha1", "Application", "argocd app manifests"),
        ("argoproj.io/v1alpha1", "ApplicationSet", "argocd app manifests"),
        ("kustomize.toolkit.fluxcd.io/v1", "Kustomization", "flux build kustomization"),
        ("helm.toolkit.fluxcd.io/v2", "HelmRelease", "helm template"),
        ("helm.cattle.io/v1", "HelmChart", "helm template"),
        ("fleet.cattle.io/v1alpha1", "GitRepo", "kustomize build"),
        ("core.oam.dev/v1beta1", "Application", "vela dry-run"),
        ("helm.fluxcd.io/v1", "HelmRelease", "helm template"),
        ("helm.m.crossplane.io/v1beta1", "Release", "helm template"),
    ],
)
def test_what_an_object_deploys_is_a_gap(version: str, kind: str, command: str) -> None:
    derived = kubernetes(f"{ingress('a')}{deploying(version, kind)}")
    assert ids(derived) == ["a.etaoche.cn"]
    (gap,) = derived.gaps
    assert f"{kind}/shop" in gap.message.en
    assert f"use the output of `{command}` instead" in gap.message.en
    assert f"请改用 {command} 的输出" in gap.message.zh
    assert gap.kinds == ANYTHING
    assert gap.place.line == 11


def test_an_object_of_another_tool_is_none() -> None:
    assert gaps_at(kubernetes(deploying("app.k8s.io/v1beta1", "Application"))) == []


WAYS = {"servers", "network_links"}


@pytest.mark.parametrize(
    ("version", "kind", "lists"),
    [
        ("kubernetes.crossplane.io/v1alpha2", "Object", ANYTHING),
        ("infra.contrib.fluxcd.io/v1alpha2", "Terraform", ANYTHING),
        ("pulumi.com/v1", "Stack", ANYTHING),
        ("s3.aws.upbound.io/v1beta1", "Bucket", {"data_stores", "log_stores"}),
        ("rds.services.k8s.aws/v1alpha1", "DBInstance", WAYS | {"data_stores"}),
        ("ec2.aws.m.upbound.io/v1beta1", "VPC", set()),
        ("aws.upbound.io/v1beta1", "ProviderConfig", set()),
        ("pkg.crossplane.io/v1", "Function", set()),
        ("storage.cnrm.cloud.google.com/v1beta1", "StorageBucket", {"data_stores"}),
        ("dbforpostgresql.azure.com/v1", "FlexibleServer", WAYS | {"data_stores"}),
        ("sls.alibaba.crossplane.io/v1alpha1", "Store", {"log_stores"}),
        ("kafka.strimzi.io/v1beta2", "Kafka", {"data_stores"}),
        ("kafka.strimzi.io/v1beta2", "KafkaTopic", set()),
        ("kafka.strimzi.io/v1beta2", "KafkaNodePool", set()),
        ("source.toolkit.fluxcd.io/v1", "Bucket", set()),
        ("karpenter.sh/v1", "NodePool", WAYS),
        ("machine.openshift.io/v1beta1", "MachineSet", WAYS),
        ("machineconfiguration.openshift.io/v1", "MachineConfig", set()),
        ("v1", "PersistentVolumeClaim", set()),
    ],
)
def test_what_an_object_may_make_is_a_gap(version: str, kind: str, lists: set[str]) -> None:
    derived = kubernetes(deploying(version, kind))
    assert [gap.kinds for gap in derived.gaps] == ([lists] if lists else [])


def test_a_helmfile_beside_manifests_is_a_gap(tmp_path: Path) -> None:
    files = {"helmfile.yaml": "repositories: []\nreleases: []\n", "a.yaml": ingress("a")}
    derived = in_folder("kubernetes", tmp_path, files)
    assert ids(derived) == ["a.etaoche.cn"]
    ((line, said),) = gaps_at(derived)
    assert line == 2
    assert said.startswith("what helmfile.yaml deploys is not rendered")
