"""Kustomizations: what they bring in, and what of them is not applied."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sources.kubernetes.test_reading import ingress
from tests.sources.manifest_files import gaps, in_folder, remarks, sites

HEAD = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"


def read(folder: Path, text: str, files: dict[str, str] | None = None) -> list[str]:
    derived = in_folder("k8s", folder, {"kustomization.yaml": text, **(files or {})})
    return [words for _, words in gaps(derived)]


def test_what_is_in_another_folder_is_read(tmp_path: Path) -> None:
    derived = in_folder(
        "k8s",
        tmp_path,
        {
            "base/kustomization.yaml": "resources: [a.yaml, b.yaml]",
            "base/a.yaml": ingress("a"),
            "base/b.yaml": ingress("b"),
            "base/unused.yaml": ingress("unused"),
            "prod/kustomization.yaml": HEAD + "resources: [../base, ../base, c.yaml]",
            "prod/c.yaml": ingress("c"),
        },
        "prod",
    )
    assert sites(derived) == ["c.etaoche.cn", "a.etaoche.cn", "b.etaoche.cn"]
    assert not derived.gaps


def test_what_leads_outside_is_refused_and_told(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(ingress("x"))
    folder = tmp_path / "repository"
    assert read(folder, "bases: [../x.yaml]") == ["outside the repository, so it is not read"]


@pytest.mark.parametrize(
    "resource",
    [
        "https://a.cn/x.yaml",
        "github.com/kubernetes-sigs/gateway-api/config/crd?ref=v1",
        "git@a.cn:x/y.git",
    ],
)
def test_what_is_elsewhere_is_a_gap(resource: str, tmp_path: Path) -> None:
    (words,) = read(tmp_path, f"resources: ['{resource}', 1]")
    assert "is elsewhere and not read" in words


def test_what_is_missing_is_a_gap(tmp_path: Path) -> None:
    derived = in_folder(
        "k8s", tmp_path, {"kustomization.yaml": "resources: [a.yaml, secrets.yaml]"}
    )
    missing, secrets = derived.gaps
    assert missing.message.en == "there is no file or folder a.yaml"
    assert missing.kinds
    assert not secrets.kinds


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("patches: [{target: {kind: Ingress}, path: x.yaml}]", "patches"),
        ("patchesJson6902: [{target: {kind: Service}, path: x.yaml}]", "patchesJson6902"),
        ("patches: [{patch: 'kind: HTTPRoute'}]", "patches"),
        ("patches: [{patch: '[{op: replace}]'}]", "patches"),
        ("patchesStrategicMerge: [../x.yaml]", "patchesStrategicMerge"),
        ("helmCharts: [{name: x}]", "helmCharts"),
        ("commonAnnotations: {kubernetes.io/elb.id: x}", "commonAnnotations"),
    ],
)
def test_what_may_change_hosts_is_a_gap(change: str, what: str, tmp_path: Path) -> None:
    (words,) = read(tmp_path, change)
    assert words.startswith((f"{what} is not applied", f"objects that {what} makes"))
    assert "`kustomize build`" in words


@pytest.mark.parametrize(
    "change",
    [
        "patches: [{target: {kind: Deployment}, path: x.yaml}]",
        "patches: [{patch: 'kind: Deployment'}]",
        "patches: [{path: x.yaml}]",
        "patchesStrategicMerge: [x.yaml]",
        "commonAnnotations: {owner: x}",
        "images: [{name: x}]",
    ],
)
def test_other_changes_are_none(change: str, tmp_path: Path) -> None:
    assert read(tmp_path, change) == []


def test_a_patch_in_a_file_is_read_as_an_object(tmp_path: Path) -> None:
    files = {"kustomization.yaml": "patchesStrategicMerge: [x.yaml]", "x.yaml": ingress("x")}
    assert sites(in_folder("k8s", tmp_path, files)) == ["x.etaoche.cn"]


def test_new_names_are_a_remark(tmp_path: Path) -> None:
    derived = in_folder("k8s", tmp_path, {"kustomization.yaml": "namespace: x\nnamePrefix: y"})
    (said,) = remarks(derived)
    assert said.startswith("namespace, namePrefix of kustomization.yaml not applied: ")


def test_an_empty_kustomization_is_one(tmp_path: Path) -> None:
    assert read(tmp_path, "{}") == []
