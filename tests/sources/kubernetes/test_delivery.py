"""Argo CD and Flux: what they deploy from this repository is read, the rest is a gap."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pytest_icp.facts.derived import Derived
from pytest_icp.sources.kubernetes import read_kubernetes
from pytest_icp.sources.kubernetes.delivery import repository_name
from pytest_icp.sources.kubernetes.routes import ANYTHING
from pytest_icp.sources.request import Request
from tests.sources.kubernetes.test_reading import ingress
from tests.sources.manifest_files import gaps, kubernetes, remarks, sites

OURS = "https://git.etaoche.cn/ops/deploy.git"
THEIRS = "https://git.example.cn/x/charts"


def application(source: str, name: str = "shop") -> str:
    return f"""
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: {name}}}
spec:
  source: {{{source}}}
"""


def flux(path: str, name: str = "apps", more: str = "", ref: str = "flux-system") -> str:
    return f"""
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {{name: {name}, namespace: flux-system}}
spec:
  path: {path}
  sourceRef: {{kind: GitRepository, name: {ref}}}
{more}"""


def git_repository(url: str, name: str = "flux-system") -> str:
    return f"""
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {{name: {name}, namespace: flux-system}}
spec: {{url: "{url}"}}
"""


def read(folder: Path, files: dict[str, str], path: str = "apps", **settings: Any) -> Derived:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    request = Request(path=folder / path, root=folder, folder=folder, settings=settings)
    return read_kubernetes(request)


def words(derived: Derived) -> list[str]:
    return [message for _, message in gaps(derived)]


SHOP = {
    "k8s/shop/a.yaml": ingress("a"),
    "k8s/shop/deep/b.yaml": ingress("b"),
    "k8s/kust/kustomization.yaml": "resources: [../base/c.yaml]",
    "k8s/kust/unused.yaml": ingress("unused"),
    "k8s/base/c.yaml": ingress("c"),
}


def test_a_path_of_this_repository_is_read(tmp_path: Path) -> None:
    apps = application(f"repoURL: '{OURS}', path: k8s/shop")
    apps += application(f"repoURL: '{OURS}', path: k8s/kust/", "kust")
    derived = read(tmp_path, {**SHOP, "apps/all.yaml": apps}, repository=OURS)
    # A folder is read without those in it, a Kustomization with what it names.
    assert sites(derived) == ["a.etaoche.cn", "c.etaoche.cn"]
    assert not derived.gaps
    assert not derived.remarks
    assert derived.trace("/sites/0").place.path == tmp_path / "k8s/shop/a.yaml"


def test_folders_are_read_with_those_in_them_on_request(tmp_path: Path) -> None:
    app = application(f"repoURL: '{OURS}', path: k8s/shop, directory: {{recurse: true}}")
    derived = read(tmp_path, {**SHOP, "apps/all.yaml": app}, repository=OURS)
    assert sites(derived) == ["a.etaoche.cn", "b.etaoche.cn"]


def test_what_two_applications_deploy_is_read_once(tmp_path: Path) -> None:
    app = application(f"repoURL: '{OURS}', path: k8s/shop")
    derived = read(tmp_path, {**SHOP, "apps/all.yaml": app + app}, repository=OURS)
    assert sites(derived) == ["a.etaoche.cn"]
    assert not derived.gaps


def test_several_sources_of_one_application(tmp_path: Path) -> None:
    app = f"""
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: shop}}
spec:
  sources:
    - {{repoURL: '{OURS}', path: k8s/shop}}
    - {{repoURL: '{OURS}', ref: values}}
    - {{repoURL: https://charts.example.cn, chart: redis}}
"""
    derived = read(tmp_path, {**SHOP, "apps/all.yaml": app}, repository=OURS)
    assert sites(derived) == ["a.etaoche.cn"]
    assert gaps(derived) == [
        (
            9,
            (
                "Application/shop installs the chart redis of a registry, which is not read; use "
                "the output of `helm template` instead"
            ),
        )
    ]


def test_the_repository_that_deploys_its_own_file_is_this_one(tmp_path: Path) -> None:
    files = {
        **SHOP,
        "clusters/prod/sync.yaml": git_repository("ssh://git@git.etaoche.cn/ops/deploy")
        + flux("./clusters/prod", "flux-system"),
        "clusters/prod/apps.yaml": flux("./k8s/shop")
        + flux("./k8s/kust", "other", ref="charts")
        + git_repository(THEIRS, "charts"),
    }
    derived = read(tmp_path, files, "clusters/prod/sync.yaml")
    # Flux takes all the folders below one.
    assert sites(derived) == ["a.etaoche.cn", "b.etaoche.cn"]
    (elsewhere,) = words(derived)
    assert elsewhere.startswith(
        "Kustomization/flux-system/other deploys ./k8s/kust of git.example.cn/x/charts, which is "
        "not certainly this repository"
    )
    assert not derived.remarks


def test_the_only_one_whose_paths_are_here_is_taken_for_it(tmp_path: Path) -> None:
    apps = application(f"repoURL: '{OURS}', path: k8s/shop")
    apps += application(f"repoURL: '{THEIRS}', path: nowhere", "x")
    apps += application(f"repoURL: '{THEIRS}', path: k8s/kust", "y")
    derived = read(tmp_path, {**SHOP, "apps/all.yaml": apps})
    assert sites(derived) == ["a.etaoche.cn"]
    assert len(derived.gaps) == 2
    assert remarks(derived) == [
        (
            "git.etaoche.cn/ops/deploy is taken for this repository, because all its paths are "
            "here; if it is another one, name this one with `repository`"
        )
    ]


def test_of_two_nobody_knows_which_it_is(tmp_path: Path) -> None:
    apps = application(f"repoURL: '{OURS}', path: k8s/shop")
    apps += application(f"repoURL: '{THEIRS}', path: k8s/kust", "y")
    derived = read(tmp_path, {**SHOP, "apps/all.yaml": apps})
    assert sites(derived) == []
    assert len(derived.gaps) == 2
    assert all(gap.kinds == ANYTHING for gap in derived.gaps)


def test_what_is_missing_and_what_is_not_rendered(tmp_path: Path) -> None:
    paths = ("chart", "jsonnet", "gone", "../outside", "k8s/shop/a.yaml", "/k8s/kust")
    files = {**SHOP, "chart/Chart.yaml": "name: x", "jsonnet/a.jsonnet": "{}"}
    (tmp_path / "outside").mkdir()
    apps = "".join(application(f"repoURL: '{OURS}', path: {path}", f"x{path}") for path in paths)
    derived = read(tmp_path / "r", {**files, "apps/all.yaml": apps}, repository=OURS)
    assert sites(derived) == ["a.etaoche.cn", "c.etaoche.cn"]
    chart, jsonnet, gone, outside = words(derived)
    assert "deploys the chart chart, which is not rendered" in chart
    assert "has files of Jsonnet that are not rendered" in jsonnet
    assert "deploys gone, which is not in this repository" in gone
    assert "deploys ../outside, which is not in this repository" in outside


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (application(f"repoURL: '{OURS}', path: x, plugin: {{name: y}}"), "plugin of"),
        (
            application(f"repoURL: '{OURS}', path: x, kustomize: {{patches: [{{path: y}}]}}"),
            "not certainly this repository",
        ),
        (
            application(
                f"repoURL: '{OURS}', path: x, kustomize: {{patches: [{{patch: 'kind: Ingress'}}]}}"
            ),
            "kustomize/patches of",
        ),
        (flux("x", more="  patches: [{target: {kind: Ingress}, patch: y}]"), "patches of"),
        (flux("x", more="  components: [../y]"), "components of"),
        (flux("x", more="  components: []"), "not certainly this repository"),
        (
            flux("x", more="  patches: [{target: {kind: ClusterIssuer}, patch: y}]"),
            "not certainly this repository",
        ),
        (flux("x").replace("GitRepository", "OCIRepository"), "what OCIRepository flux-system"),
        (
            "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: x}\nspec: {}\n",
            "does not say what it deploys",
        ),
        (
            (
                "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: x}\n"
                "spec: {chart: {spec: {chart: y}}}\n"
            ),
            "installs a chart, which is not rendered",
        ),
        (
            (
                "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: x}\n"
                "spec: {chartRef: {kind: OCIRepository, name: y}}\n"
            ),
            "installs a chart, which is not rendered",
        ),
    ],
)
def test_each_that_is_not_read_is_a_gap(text: str, said: str) -> None:
    assert said in " ".join(words(kubernetes(text)))


def application_set(path: str, generators: str) -> str:
    return f"""
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {{name: all}}
spec:
  generators: {generators}
  template:
    spec:
      source: {{repoURL: '{OURS}', path: '{path}'}}
"""


def test_what_generators_make_is_a_gap_unless_its_path_is_written(tmp_path: Path) -> None:
    one = application_set("k8s/shop", "[{clusters: {}}]")
    derived = read(tmp_path, {**SHOP, "apps/all.yaml": one}, repository=OURS)
    assert sites(derived) == ["a.etaoche.cn"]
    several = application_set("{{path}}", "[{git: {}}, {list: {}}, 1]")
    ((line, said),) = gaps(kubernetes(several))
    assert line == 9
    assert said.startswith("ApplicationSet/all generates applications (git, list)")
    assert "({{)" in words(kubernetes(application_set("{{path}}", "[]")))[0]


ELEMENTS = "[{list: {elements: [{app: shop, n: 1}, {app: kust}]}}]"
FOLDERS = "[{git: {directories: [{path: 'k8s/*'}, {path: k8s/b*, exclude: true}]}}]"


@pytest.mark.parametrize(
    ("path", "generators", "hosts"),
    [
        ("k8s/{{app}}", ELEMENTS, "ac"),
        ("k8s/{{ .app }}", ELEMENTS, "ac"),
        ("{{path}}", FOLDERS, "ac"),
        ("{{.path.path}}", FOLDERS, "ac"),
        ("k8s/{{path.basename}}", FOLDERS, "ac"),
        ("{{path}}", "[{git: {directories: [{path: '*/shop'}]}}]", "a"),
        # No value, a function, a number, a name that there is not, several levels, other kinds.
        ("k8s/{{name}}", ELEMENTS, None),
        ("k8s/{{ .app | lower }}", ELEMENTS, None),
        ("k8s/{{n}}", ELEMENTS, None),
        ("{{path}}", "[{git: {directories: [{path: 'gone/*'}]}}]", None),
        ("{{path}}", "[{git: {directories: [{path: 'k8s/**'}]}}]", None),
        ("{{path}}", "[{git: {directories: [{path: '../*'}]}}]", None),
        ("{{path}}", "[{git: {files: [{path: 'x.json'}]}}]", None),
        ("{{path}}", "[{list: {elements: [1]}}, {clusters: {}}]", None),
        ("{{path}}", "[{list: {elements: [1]}}]", None),
        ("{{path}}", "[1]", None),
        ("{{path}}", "[{list: {elements: [{path: k8s/shop}]}, selector: {}}]", None),
    ],
)
def test_paths_of_lists_and_folders_are_made(
    tmp_path: Path, path: str, generators: str, hosts: str | None
) -> None:
    (tmp_path / "k8s").mkdir()
    (tmp_path / "k8s/zlink").symlink_to(tmp_path)
    files = {**SHOP, "apps/all.yaml": application_set(path, generators)}
    derived = read(tmp_path, files, repository=OURS)
    assert sites(derived) == [f"{host}.etaoche.cn" for host in hosts or ""]
    assert bool(derived.gaps) is (hosts is None)


def test_a_template_of_a_repository_is_a_gap() -> None:
    text = application_set("x", "[{clusters: {}}]").replace(OURS, "{{url}}")
    assert "generates applications (clusters)" in words(kubernetes(text))[0]


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://github.com/a/b.git", "github.com/a/b"),
        ("https://user:token@GitHub.com/a/b", "github.com/a/b"),
        ("git@github.com:a/b.git", "github.com/a/b"),
        ("ssh://git@git.a.cn:2222/a/b/", "git.a.cn/a/b"),
        ("b", "b"),
        ("user:token@", ""),
    ],
)
def test_names_of_repositories(url: str, name: str) -> None:
    assert repository_name(url) == name


def test_no_password_of_an_address_is_told() -> None:
    text = application("repoURL: 'https://u:hunter2@git.a.cn/x', path: y")
    derived = kubernetes(text + flux("z") + git_repository("https://u:hunter2@git.a.cn/z"))
    assert len(derived.gaps) == 2
    assert "hunter2" not in repr(derived)
