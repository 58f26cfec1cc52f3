"""Files of docker-compose: hosts, databases, and what they include."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pytest_icp.law.errors import InputError
from tests.sources.reading import compose, facts, gaps_at, ids, in_folder


def web(body: str) -> str:
    return f"services:\n  web:\n    image: x\n    {body}\n"


@pytest.mark.parametrize(
    ("body", "hosts"),
    [
        (
            "labels: {'traefik.http.routers.w.rule': 'Host(`a.cn`) || Host(`b.cn`)'}",
            ["a.cn", "b.cn"],
        ),
        ("labels: ['traefik.http.routers.w.rule=Host(`a.cn`)', x]", ["a.cn"]),
        ("labels: ['traefik.tcp.routers.w.rule=HostSNI(`a.cn`)']", ["a.cn"]),
        ("labels: ['traefik.frontend.rule=Host:a.cn,b.cn']", ["a.cn", "b.cn"]),
        ("labels: ['traefik.web.frontend.rule=Host:a.cn']", ["a.cn"]),
        ("labels: {traefik.enable: false, traefik.frontend.rule: 'Host:a.cn'}", []),
        ("labels: {traefik.enable: true, traefik.frontend.rule: 'Host:a.cn'}", ["a.cn"]),
        ("deploy: {labels: ['traefik.frontend.rule=Host:a.cn']}", ["a.cn"]),
        (
            "labels: {caddy: 'a.cn, https://b.cn/x :80 (snippet)', caddy_1: c.cn}",
            ["a.cn", "b.cn", "c.cn"],
        ),
        ("environment: {VIRTUAL_HOST: 'a.cn,*.b.cn', LETSENCRYPT_HOST: a.cn}", ["a.cn", "*.b.cn"]),
        ("environment: ['VIRTUAL_HOST=a.cn', PASSED_ON]", ["a.cn"]),
        ("environment: ['VIRTUAL_HOST=${HOST:-a.cn}']", ["a.cn"]),
        ("environment: x", []),
        ("deploy: x", []),
    ],
)
def test_hosts_of_proxies_are_sites(body: str, hosts: list[str]) -> None:
    derived = compose(web(body))
    assert ids(derived) == hosts
    assert not derived.gaps


def test_a_site_is_traced_to_its_label() -> None:
    derived = compose(web("environment:\n      - VIRTUAL_HOST=a.cn # x"))
    found = derived.trace("/sites/0")
    assert (found.place.line, found.place.excerpt) == (5, "      - VIRTUAL_HOST=a.cn")
    assert (found.address, found.attribute) == ("services.web", "environment.0")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("environment: {VIRTUAL_HOST: '${HOST}'}", "use a variable without a value"),
        ("environment: {VIRTUAL_HOST: '~^www'}", "matches hosts by a pattern"),
        ("environment: {VIRTUAL_HOST: 'www.a.*'}", "is not a complete host name"),
        ("labels: {caddy: '${HOST}'}", "use a variable without a value"),
        ("labels: {traefik.http.routers.w.rule: 'Host(`${HOST}`)'}", "without a value"),
        ("labels: {traefik.http.routers.w.rule: 'HostRegexp(`x`)'}", "matches hosts by a pattern"),
        ("extends: {service: other}", "other, which the service web extends, cannot be read"),
        ("extends: {service: web}", "which the service web extends, cannot be read"),
        ("extends: {service: x, file: x.yaml}", "cannot be read"),
        ("extends: 1", "cannot be read"),
        ("image: y", "this key is written twice"),
        ("a: !secret x", "the tag '!…' is not supported"),
    ],
)
def test_what_is_not_known_is_a_gap(body: str, words: str) -> None:
    (gap,) = compose(web(body)).gaps
    assert words in gap.message.en
    # What a whole service is, is not known; or only a host of it.
    whole = body.startswith(("extends", "image", "a:"))
    assert gap.kinds == ({"sites", "data_stores"} if whole else {"sites"})


@pytest.mark.parametrize(
    ("image", "kind"),
    [
        ("mysql:8.0", "database"),
        ("registry.example.cn:5000/base/postgresql@sha256:0a", "database"),
        ("mcr.microsoft.com/mssql/server:2022-latest", "database"),
        ("${IMAGE:-redis}:7", "cache"),
        ("minio/minio", "object_store"),
        ("clickhouse/clickhouse-server:24.3", "warehouse"),
        ("registry.cn-hangzhou.aliyuncs.com/jeecgdocker/pgvector", "database"),
        ("milvusdb/milvus:v2.5.2", "database"),
        ("dm8_single:dm8_20240715_rev232765_x86_rh6_64", "database"),
        ("kingbase_v009r001c001b0025_single_x86:v1", "database"),
        ("gvenzl/oracle-xe:18-slim-faststart", "database"),
        ("tdengine/tdengine:3.3", "database"),
        *(("mysql57:latest", "database"), ("shop/redis-7.2", "cache")),
        ("registry.cn-hangzhou.aliyuncs.com/helowin/oracle_11g", "database"),
        ("season/fastdfs:1.2", "object_store"),
        ("mysql-8-exporter", None),
        ("oliver006/redis_exporter", None),
        ("mysqld-exporter", None),
        ("${IMAGE}", None),
        ("[]", None),
        ("pgvector/pgvector:pg16", "database"),
        ("cr.weaviate.io/semitechnologies/weaviate:1.28.4", "database"),
        ("chrislusf/seaweedfs", "object_store"),
        ("starrocks/allin1-ubuntu:3.5.0", "warehouse"),
        ("my/allin1-ubuntu", None),
    ],
)
def test_an_image_of_a_database_is_a_data_store(image: str, kind: str | None) -> None:
    derived = compose(f"services:\n  db:\n    image: {image}\n")
    stores = [{"id": "db", "kind": kind}] if kind else []
    assert facts(derived).get("data_stores", []) == stores
    assert not kind or derived.trace("/data_stores/0").place.line == 3


@pytest.mark.parametrize(
    ("content", "open_"),
    [("server { server_name www.a.cn; }", 1), ("www.a.cn { reverse_proxy app }", 1), ("a: b", 0)],
)
def test_a_configuration_of_a_web_server_in_the_file_is_a_gap(content: str, open_: int) -> None:
    derived = compose(
        f"configs:\n  web:\n    content: '{content}'\nservices: {{web: {{image: nginx}}}}\n"
    )
    assert [gap.kinds for gap in derived.gaps] == [{"sites"}] * open_
    assert not open_ or derived.gaps[0].place.line == 3


def test_what_is_built_of_a_database_is_called_like_it() -> None:
    built = "build: ./db\n    image: shop-mysql\n"
    derived = compose(f"services:\n  shop-mysql:\n    {built}  mysql-web:\n    build: .\n")
    assert ids(derived, "data_stores") == ["shop-mysql"]


def test_a_program_that_is_called_after_the_database_it_asks_is_none() -> None:
    name = "zabbix-web-nginx-mysql"
    assert not ids(compose(f"services: {{{name}: {{image: zabbix/{name}:7.0}}}}"), "data_stores")


@pytest.mark.parametrize(
    ("image", "open_"),
    [
        ("${IMAGE}", True),
        ("${REGISTRY}/${APP}:${TAG}", True),
        ("${PREFIX}mysql", True),
        ("${REGISTRY}/app:${TAG}", False),
        ("${IMAGE}\n    build: .", False),
    ],
)
def test_an_image_whose_name_is_a_variable_may_be_a_database(image: str, *, open_: bool) -> None:
    derived = compose(f"services:\n  web:\n    image: {image}\n")
    assert [gap.kinds for gap in derived.gaps] == [{"data_stores"}] * open_
    assert not open_ or derived.gaps[0].place.line == 3


@pytest.mark.parametrize(
    ("service", "stored"),
    [
        ("image: mysql\n    command: mysqldump -h db x", False),
        ('image: redis\n    command: ["redis-cli", "-h", "db", "ping"]', False),
        (
            'image: postgres\n    entrypoint: [sh, -c]\n    command: "until psql; do :; done"',
            False,
        ),
        ("image: mongo\n    command: mongod --replSet a", True),
        ("image: mysql\n    command: --datadir /var/lib/mysql --user mysql", True),
        ("image: mysql\n    command: sh -c 'mysqld & mysql -e x'", True),
        ("image: prom/db-exporter", False),
        ("image: nacos/nacos-mysql:8", True),
        ("image: databack/mysql-backup", False),
        ("image: ${DB_IMAGE}", True),
    ],
)
def test_what_only_asks_a_database_is_none(service: str, *, stored: bool) -> None:
    derived = compose(f"services:\n  mysql:\n    {service}\n")
    assert ids(derived, "data_stores") == (["mysql"] if stored else [])


def test_files_of_a_folder_are_one_project(tmp_path: Path) -> None:
    files = {
        "a/compose.yaml": "services: {db: {extends: {service: base}}, base: {image: mysql}}\n",
        "a/compose.prod.yaml": "services: {db: {image: mysql}}\n",
        "b/compose.yaml": "services: {db: {image: mongo}}\n",
    }
    derived = in_folder("compose", tmp_path, files)
    assert ids(derived, "data_stores") == ["a/db", "a/base", "b/db"]


@pytest.mark.parametrize(
    "body", ["label_file: a.labels", "environment: {VIRTUAL_HOST_MULTIPORTS: 'a.cn: x'}"]
)
def test_hosts_that_are_not_read_are_a_gap(body: str) -> None:
    ((line, said),) = gaps_at(compose(web(body)))
    assert line == 4
    assert "of the service web is not read" in said


@pytest.mark.parametrize("text", ["", "a: {b: c}", "[1]", "services: 1", "services: {web: 1}"])
def test_other_files_are_refused(text: str) -> None:
    with pytest.raises(InputError, match="no Compose services"):
        compose(text)


def test_a_folder_is_read_by_the_names_of_its_files(tmp_path: Path) -> None:
    host = web("environment: {VIRTUAL_HOST: NAME.cn}")
    names = ["compose.yaml", "docker-compose.prod.yml", "docker-stack.yml", "x/docker-compose.yml"]
    files = {name: host.replace("NAME", str(i) + "a") for i, name in enumerate(names)}
    files |= {"other.yaml": host, "y/compose.yaml": "services: ["}
    derived = in_folder("compose", tmp_path, files)
    assert sorted(ids(derived)) == ["0a.cn", "1a.cn", "2a.cn", "3a.cn"]
    assert [gap.place.path.name for gap in derived.gaps] == ["compose.yaml"]


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_bytes(b"\xff\xff")
    derived = in_folder("compose", tmp_path, {"x/compose.yaml": web("")})
    assert gaps_at(derived)[0][1].startswith("not UTF-8")
    with pytest.raises(InputError, match="not UTF-8"):
        in_folder("compose", tmp_path, {}, "compose.yaml")


def test_hosts_in_files_with_variables_are_sites(tmp_path: Path) -> None:
    body = "env_file: [base.env, {path: web.env, required: false}, gone.env, 1]"
    more = "  api: {image: x, env_file: web.env, environment: {VIRTUAL_HOST: api.a.cn}}\n"
    files = {
        "compose.yaml": web(body) + more,
        "base.env": "VIRTUAL_HOST=base.a.cn\nLETSENCRYPT_HOST=www.a.cn\n",
        "web.env": "PASSWORD=hunter2\nVIRTUAL_HOST=www.a.cn,b.cn\n",
    }
    derived = in_folder("compose", tmp_path, files, "compose.yaml")
    assert ids(derived) == ["www.a.cn", "b.cn", "api.a.cn"]
    found = derived.trace("/sites/1")
    assert (found.place.line, found.attribute) == (4, "env_file.1")
    assert not derived.gaps
    assert "hunter2" not in repr(derived)


@pytest.mark.parametrize("there", [True, False])
def test_variables_outside_are_not_read(tmp_path: Path, there: bool) -> None:
    if there:
        (tmp_path / "x").write_text("HOST=a.cn")
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / ".env").symlink_to(tmp_path / "x")
    files = {"compose.yaml": web("environment: {VIRTUAL_HOST: '${HOST:-b.cn}'}")}
    derived = in_folder("compose", folder, files)
    assert ids(derived) == ["b.cn"]
    assert gaps_at(derived)[0][1] == "outside the repository, so it is not read"


@pytest.mark.parametrize("there", [True, False])
def test_nobody_learns_what_is_there_outside(tmp_path: Path, there: bool) -> None:
    if there:
        (tmp_path / "x.yaml").write_text(web("environment: {VIRTUAL_HOST: a.cn}"))
    folder = tmp_path / "repository"
    folder.mkdir()
    extends = web("extends: {file: ../x.yaml, service: web}")
    files = {"compose.yaml": "include: [../x.yaml]\n" + extends}
    derived = in_folder("compose", folder, files)
    assert {message for _, message, *_ in gaps_at(derived)} == {
        "outside the repository, so it is not read",
        "web, which the service web extends, cannot be read, so its labels are not known",
    }


def test_included_files_are_read(tmp_path: Path) -> None:
    files = {
        "compose.yaml": "include: [a/x.yaml, {path: [a/x.yaml, '${Y:-y}.yaml']}, none.yaml, 1]\n"
        "services: {web: {image: x}}",
        "a/x.yaml": web("environment: {VIRTUAL_HOST: a.cn}"),
        "y.yaml": web("environment: {VIRTUAL_HOST: b.cn}"),
    }
    derived = in_folder("compose", tmp_path, files, "compose.yaml")
    assert ids(derived) == ["a.cn", "b.cn"]
    assert [words for _, words in gaps_at(derived)] == [
        "none.yaml is included but cannot be read, so its services are not known",
        "1 is included but cannot be read, so its services are not known",
    ]


def test_a_service_has_what_it_extends(tmp_path: Path) -> None:
    base = (
        "services: {base: {extends: root, labels: [caddy=b.cn]}, root: {labels: {caddy_1: c.cn}}}"
    )
    files = {
        "compose.yaml": "services: {web: &web {extends: {service: base, file: x.yaml},"
        " labels: {caddy: a.cn}}, other: *web}",
        "x.yaml": base,
    }
    derived = in_folder("compose", tmp_path, files)
    assert sorted(ids(derived)) == ["a.cn", "c.cn"]
    assert derived.trace("/sites/0").place.path.name == "x.yaml"


def test_what_it_extends_may_be_unreadable(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_bytes(b"\xff\xff")
    files = {"compose.yaml": "services: {web: {extends: {service: b, file: x.yaml}}}"}
    derived = in_folder("compose", tmp_path, files)
    assert "b, which the service web extends, cannot be read" in gaps_at(derived)[0][1]


def test_the_address_of_what_is_included_shows_no_password() -> None:
    derived = compose(
        web("labels: []") + "include:\n- https://ci:S3CRET@git.cn/a.git#main:a.yaml\n"
    )
    (gap,) = derived.gaps
    assert "https://git.cn/a.git#main:a.yaml is included" in gap.message.en
    assert "S3CRET" not in repr(gap)


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (["traefik.http.routers.w.rule=PathPrefix(`/`)"], "names no host"),
        (["traefik.frontend.rule=PathPrefix:/x"], "names no host"),
        (["traefik.http.routers.w.rule=Headers(`X-Host`, `a`)"], "names no host"),
        (["traefik.enable=true"], "`defaultRule` decides"),
        (
            ["traefik.enable=TRUE", "traefik.http.services.w.loadbalancer.server.port=80"],
            "`default",
        ),
        (["traefik.http.routers.w.entrypoints=web"], "`defaultRule` decides"),
        (["traefik.http.routers.w.tls.certresolver=x", "traefik.http.routers.w.tls=1"], "`default"),
        (["traefik.http.routers.v.tls=1", "traefik.http.routers.w.rule=Host(`a.cn`)"], "`default"),
        (["traefik.http.routers.w.rule=Host(`${H}`)"], "without a value"),
    ],
)
def test_a_router_that_names_no_host_is_a_gap(labels: list[str], words: str) -> None:
    ((place, said),) = gaps_at(compose(web(f"labels: {json.dumps(labels)}")))
    assert words in said
    assert place == 4


@pytest.mark.parametrize(
    "labels",
    [
        ["traefik.enable=true", "traefik.http.routers.w.rule=Host(`a.cn`)"],
        ["traefik.enable=false", "traefik.http.routers.w.rule=PathPrefix(`/`)"],
        ["traefik.enable=true", "traefik.tcp.routers.db.rule=HostSNI(`*`)"],
        ["traefik.enable=true", "traefik.udp.routers.dns.entrypoints=dns"],
        ["traefik.http.middlewares.m.compress=true"],
        ["traefik.frontend.rule=Host:a.cn", "traefik.enable=true"],
    ],
)
def test_one_that_names_them_or_is_none_is_not(labels: list[str]) -> None:
    assert gaps_at(compose(web(f"labels: {json.dumps(labels)}"))) == []


@pytest.mark.parametrize("written", ["[VIRTUAL_HOST]", "{VIRTUAL_HOST: }"])
def test_a_variable_that_is_passed_on_has_the_value_of_the_file(
    written: str, tmp_path: Path
) -> None:
    files = {"compose.yaml": web(f"environment: {written}"), ".env": ""}
    ((_, said),) = gaps_at(in_folder("compose", tmp_path / "a", files))
    assert "use a variable without a value" in said
    derived = in_folder("compose", tmp_path / "b", files | {".env": "VIRTUAL_HOST=a.cn\n"})
    assert (ids(derived), gaps_at(derived)) == (["a.cn"], [])


@pytest.mark.parametrize(
    ("image", "known"),
    [
        ("jc21/nginx-proxy-manager:2", False),
        ("${REGISTRY:-x.cn}/safeline-tengine:${TAG}", False),
        ("cloudflare/cloudflared", False),
        ("snowdreamtech/frpc:0.61", False),
        ("steveltn/https-portal:1", False),
        ("nginx-ui/nginx-ui", False),
        ("nginx:1.27", True),
        ("nginx-proxy-manager-ui:1", True),
    ],
)
def test_a_proxy_whose_hosts_are_entered_in_a_page_is_a_gap(image: str, known: bool) -> None:
    found = gaps_at(compose(f"services:\n  gate:\n    image: {image}\n"))
    assert [(line, "of its own" in said) for line, said in found] == [(3, True)] * (not known)


@pytest.mark.parametrize(("way", "gaps"), [("file.directory=/routes", 1), ("docker=true", 0)])
def test_a_traefik_that_reads_files_is_a_gap(way: str, gaps: int) -> None:
    command = f"services:\n  gate: {{image: traefik, command: [--providers.{way}]}}\n"
    assert len(gaps_at(compose(command))) == gaps
