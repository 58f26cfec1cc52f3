"""ConfigMaps that publish ports or configure nginx."""

from __future__ import annotations

from tests.sources.reading import kubernetes, remarks


def configmap(name: str, data: str) -> str:
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\ndata: {data}\n"


def test_ports_of_ingress_nginx_are_a_remark() -> None:
    derived = kubernetes(configmap("x-tcp-services", "{3306: db/mysql:3306, note: x}"))
    assert remarks(derived)[0] == (
        "ConfigMap/x-tcp-services publishes ports through ingress-nginx: 3306 → db/mysql:3306"
    )


def test_a_configuration_of_nginx_is_a_remark() -> None:
    derived = kubernetes(configmap("web", '{default.conf: "server {\\n}", other.conf: "a", n: 1}'))
    assert "contains nginx configuration (default.conf)" in remarks(derived)[0]


def test_other_configmaps_are_only_counted() -> None:
    for text in (configmap("udp-services", "{}"), configmap("a", "1"), configmap("a", "{a: b}")):
        assert remarks(kubernetes(text)) == [
            "objects that were read but that no rule uses: ConfigMap 1"
        ]
