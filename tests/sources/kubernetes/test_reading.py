"""Manifests as a whole: files, folders, templates, lists, broken ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_icp.facts.derived import Derived
from pytest_icp.law.errors import InputError
from pytest_icp.sources.kubernetes.objects import ANYTHING
from tests.sources.reading import gaps_at, ids, in_folder, kubernetes, remarks

INGRESS = """
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: NAME, namespace: shop}
spec:
  rules:
    - host: NAME.etaoche.cn
"""


def ingress(name: str) -> str:
    return INGRESS.replace("NAME", name)


def test_lists_are_read_object_by_object() -> None:
    text = """{"apiVersion": "v1", "kind": "List", "items": [
      {"apiVersion": "networking.k8s.io/v1", "kind": "IngressList", "items": [
        {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": "a"},
         "spec": {"rules": [{"host": "a.etaoche.cn"}]}}]},
      {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": "b"},
       "spec": {"rules": [{"host": "b.etaoche.cn"}]}}, 1, {"kind": 1}]}"""
    derived = kubernetes(text)
    assert ids(derived) == ["a.etaoche.cn", "b.etaoche.cn"]
    assert derived.trace("/sites/0").place.line == 4


def test_a_folder_is_read_with_what_is_broken_told(tmp_path: Path) -> None:
    derived = in_folder(
        "kubernetes",
        tmp_path,
        {
            "a.yaml": ingress("a") + "---" + ingress("b"),
            "sub/c.yml": ingress("c"),
            "sub/d.json": "{",
            "e.yaml": "kind: [",
            "values.yaml": "host: x",
            "Chart.txt": "{{",
            ".hidden/f.yaml": ingress("f"),
        },
    )
    assert ids(derived) == [f"{name}.etaoche.cn" for name in "abc"]
    assert [gap.place.path.name for gap in derived.gaps] == ["e.yaml", "d.json"]
    assert all(gap.kinds == ANYTHING for gap in derived.gaps)
    assert "not Kubernetes objects, not read: values.yaml" in remarks(derived)[0]


def test_one_broken_file_alone_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected a key"):
        in_folder("kubernetes", tmp_path, {"a.json": "{"}, "a.json")


@pytest.mark.parametrize("text", ["", "services: {web: {image: x}}", "kind: Ingress", "[1]"])
def test_what_holds_no_object_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="no Kubernetes objects") as caught:
        kubernetes(text)
    assert "compose" in caught.value.hint.en


@pytest.mark.parametrize(
    ("kind", "kinds"),
    [
        ("Ingress", {"sites", "servers", "network_links"}),
        ("HTTPRoute", {"sites"}),
        ("Service", {"sites", "servers", "network_links"}),
        ("IngressList", {"sites", "servers", "network_links"}),
        ("Deployment", set()),
        ("List", ANYTHING),
        ("AliyunLogConfig", {"log_stores"}),
        ("{{ .Values.kind }}", ANYTHING),
    ],
)
def test_a_template_is_a_gap_of_what_it_may_give(kind: str, kinds: set[str]) -> None:
    derived = kubernetes(f"kind: {kind}\nmetadata: {{name: {{{{ .a }}}}}}\n---{ingress('a')}")
    assert ids(derived) == ["a.etaoche.cn"]
    (gap,) = derived.gaps
    assert gap.kinds == kinds
    assert "not rendered" in gap.message.en


@pytest.mark.parametrize("host", ['"{{ .Values.host }}"', "${HOST}", "$(HOST)", "<host>"])
def test_a_host_without_value_is_a_gap_at_its_line(host: str) -> None:
    text = ingress("a") + f"    - host: {host}\n    - host: b.etaoche.cn\n"
    derived = kubernetes(text)
    assert ids(derived) == ["a.etaoche.cn", "b.etaoche.cn"]
    ((line, words),) = gaps_at(derived)
    assert line == 8
    assert "contains a variable without a value" in words


def test_a_key_that_stands_twice_is_a_gap() -> None:
    text = ingress("a") + "  rules:\n    - host: b.etaoche.cn\n"
    derived = kubernetes(text)
    assert ids(derived) == ["b.etaoche.cn"]
    assert gaps_at(derived)[0][0] == 8
    (gap,) = kubernetes("apiVersion: v1\nkind: Pod\na: 1\na: 2\n").gaps
    assert not gap.kinds


@pytest.mark.parametrize(
    ("version", "kind", "spec"),
    [
        ("externaldns.k8s.io/v1alpha1", "DNSEndpoint", "{}"),
        ("networking.cfargotunnel.com/v1alpha1", "ClusterTunnel", "{}"),
        ("install.istio.io/v1alpha1", "IstioOperator", "{}"),
        ("edge.example.com/v1", "GameIngress", "{}"),
        ("edge.example.com/v1", "Shop", "{hostnames: [www.example.cn]}"),
        ("edge.example.com/v1", "Shop", "{rules: [{host: '*.example.cn'}]}"),
    ],
)
def test_an_object_that_is_not_known_and_may_serve_hosts_is_a_gap(
    version: str, kind: str, spec: str
) -> None:
    text = f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: x}}\nspec: {spec}"
    (gap,) = kubernetes(text).gaps
    assert gap.kinds == {"network_links", "servers", "sites"}


@pytest.mark.parametrize(
    ("version", "kind", "spec"),
    [
        ("networking.istio.io/v1", "ServiceEntry", "{hosts: [api.example.com]}"),
        ("gateway.networking.k8s.io/v1alpha2", "TCPRoute", "{}"),
        ("configuration.konghq.com/v1", "KongIngress", "{}"),
        ("cert-manager.io/v1", "Certificate", "{domains: [www.example.cn]}"),
        ("mail.example.com/v1", "Relay", "{host: smtp.mail.svc}"),
        ("shop.example.com/v1", "Stock", "{size: 1}"),
        ("apps/v1", "Deployment", "{hostname: www.example.cn}"),
    ],
)
def test_an_object_that_serves_no_hosts_is_none(version: str, kind: str, spec: str) -> None:
    text = f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: x}}\nspec: {spec}"
    assert not kubernetes(text).gaps


def test_secrets_appear_nowhere() -> None:
    hidden = "aHVudGVyMg"
    text = f"""
apiVersion: v1
kind: Secret
metadata: {{name: s}}
data:
  password: {hidden}
  password: {hidden}
---
apiVersion: v1
kind: Secret
stringData: {{a: {hidden}, b: *{hidden}}}
---
apiVersion: v1
kind: Secret
stringData:
  a: {hidden}: {hidden}
---
{{"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "p": "{hidden}",
 "metadata": {{"name": "a"}}, "spec": {{"rules": [{{"host": "a.cn"}}, {{"p": "{hidden}"}}]}}}}
"""
    derived = kubernetes(text)
    assert ids(derived, "sites") == ["a.cn"]
    assert len(derived.gaps) == 4
    assert hidden not in "".join(map(repr, (derived, derived.trace("/sites/0"))))


WORKLOAD = (
    "apiVersion: apps/v1\nkind: KIND\nmetadata: {name: db}\n"
    "spec: {template: {spec: {containers: [CONTAINERS]}}}\n"
)


def workload(containers: str, kind: str = "Deployment") -> Derived:
    return kubernetes(WORKLOAD.replace("KIND", kind).replace("CONTAINERS", containers))


@pytest.mark.parametrize("kind", ["StatefulSet", "Deployment"])
def test_the_image_of_a_database_is_a_store(kind: str) -> None:
    derived = workload("{image: app}, {image: 'registry.cn/library/mysql:5.7'}", kind)
    assert derived.facts == {"data_stores": [{"id": f"{kind}/db", "kind": "database"}]}
    assert derived.trace("/data_stores/0").attribute == "spec.template.spec.containers.1.image"


@pytest.mark.parametrize(
    ("containers", "stores"),
    [
        ("{image: mysql, command: [sh, -c, 'exec mysqldump -h db a']}", []),
        ("{image: postgres, args: [psql, -c, SELECT 1]}", []),
        ("{image: mysql, command: [sh, -c, 'mysql a & exec mysqld']}", ["Deployment/db"]),
        ("{image: mysql, command: [mysqldump]}, {image: redis}", ["Deployment/db"]),
    ],
)
def test_what_only_asks_a_database_is_none(containers: str, stores: list[str]) -> None:
    assert ids(workload(containers), "data_stores") == stores


@pytest.mark.parametrize(
    ("container", "kinds"),
    [
        ("{image: 'cloudflare/cloudflared:2026', args: [tunnel, run]}", {"sites"}),
        ("{image: a, env: [{name: aliyun_logs_access, value: stdout}]}", {"log_stores"}),
        ("{image: a, env: [{name: X}, {name: aliyun_logs_a_ttl, value: '7'}]}", {"log_stores"}),
        ("{image: a, env: [{name: LOGS, value: aliyun_logs_}]}", None),
    ],
)
def test_what_a_container_serves_or_logs_by_settings_of_its_own_is_a_gap(
    container: str, kinds: set[str] | None
) -> None:
    assert [gap.kinds for gap in workload(container).gaps] == ([kinds] if kinds else [])


def test_a_deployment_that_is_not_read_may_be_the_database_of_its_image() -> None:
    text = WORKLOAD.replace("KIND", "Deployment").replace("[CONTAINERS]", "{{ .a }}")
    derived = kubernetes(f"{text}        - image: mysql:8 # a\n---{ingress('a')}")
    (gap,) = derived.gaps
    assert gap.kinds == {"data_stores"}


@pytest.mark.parametrize(
    ("kind", "group"),
    [
        *(("StatefulSet", "apps/v1"), ("Deployment", "apps/v1"), ("DaemonSet", "apps/v1")),
        *(("Deployment", "extensions/v1beta1"), ("CloneSet", "apps.kruise.io/v1alpha1")),
    ],
)
def test_a_workload_with_the_image_of_a_database_is_a_data_store(kind: str, group: str) -> None:
    pod = "{spec: {containers: [{image: x}, {image: 'mysql:5.7'}, {image: redis}]}}"
    derived = kubernetes(
        f"apiVersion: {group}\nkind: {kind}\nmetadata: {{name: db}}\nspec: {{template: {pod}}}\n"
    )
    assert derived.facts["data_stores"] == [
        {"id": f"{kind}/db", "kind": "database"},
        {"id": f"{kind}/db/2", "kind": "cache"},
    ]


POD = "{spec: {containers: [{image: mysql}]}}"


@pytest.mark.parametrize(
    ("text", "stores", "gaps"),
    [
        (f"apiVersion: v1\nkind: Pod\n{POD[1:-1]}", 1, 0),
        (f"apiVersion: batch/v1\nkind: Job\nspec: {{template: {POD}}}", 0, 0),
        ("apiVersion: postgresql.cnpg.io/v1\nkind: Cluster", 0, 1),
        ("apiVersion: minio.min.io/v2\nkind: Tenant", 0, 1),
        ("apiVersion: redis.redis.opstreelabs.in/v1beta2\nkind: RedisCluster", 0, 1),
        ("apiVersion: doris.selectdb.com/v1\nkind: DorisCluster", 0, 1),
        ("apiVersion: polardbx.aliyun.com/v1\nkind: PolarDBXCluster", 0, 1),
        ("apiVersion: postgresql.cnpg.io/v1\nkind: ScheduledBackup", 0, 0),
        ("apiVersion: v1\nkind: Pod\nspec: {containers: [{image: percona-server-mongodb}]}", 1, 0),
    ],
)
def test_a_pod_keeps_data_and_so_does_what_an_operator_makes(
    text: str, stores: int, gaps: int
) -> None:
    derived = kubernetes(f"{text}\nmetadata: {{name: db}}\n")
    assert len(ids(derived, "data_stores")) == stores
    assert [gap.kinds for gap in derived.gaps] == [{"data_stores"}] * gaps


@pytest.mark.parametrize("version", ["v1", "template.openshift.io/v1"])
def test_a_template_of_openshift_has_objects(version: str) -> None:
    route = "{apiVersion: route.openshift.io/v1, kind: Route, spec: {host: HOST}}"
    objects = ", ".join(route.replace("HOST", host) for host in ("a.etaoche.cn", "'${HOST}'"))
    derived = kubernetes(f"apiVersion: {version}\nkind: Template\nobjects: [{objects}]\n")
    assert ids(derived) == ["a.etaoche.cn"]
    assert [gap.kinds for gap in derived.gaps] == [{"sites"}]
