"""Sources that a repository has are found by a cheap look, and nothing else is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pytest_icp.facts.files.disk import unreadable
from pytest_icp.sources import discovery
from pytest_icp.sources.discovery import SourceCandidate, find_sources
from pytest_icp.sources.loading import KINDS
from pytest_icp.sources.log_retention import read_log_retention
from pytest_icp.sources.request import Request
from tests.sources.reading import facts

PLAN = json.dumps({"format_version": "1.2", "terraform_version": "1.7.0", "variables": {}})
SORTED_PLAN = json.dumps({"configuration": {"provider_config": {}}, "format_version": "1.2"})
STATE = json.dumps({"version": 4, "terraform_version": "1.7.0", "serial": 1, "lineage": "x"})
SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n"
PAGE = "<!DOCTYPE html><html lang='zh'><title>淘车</title></html>"
ZONE = "@ 3600 IN SOA ns1 hostmaster (1 2 3 4 5)\nwww IN A 203.0.113.1\n"


def repository(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def found(folder: Path) -> list[tuple[str, str]]:
    search = find_sources(folder)
    assert search.complete
    return [(one.kind, one.path.relative_to(folder).as_posix()) for one in search.sources]


def test_each_kind(tmp_path: Path) -> None:
    files = {
        "infra/plan.json": PLAN,
        "infra/sorted.json": SORTED_PLAN,
        "infra/terraform.tfstate": json.dumps(json.loads(STATE), indent=2),
        "infra/main.tf": 'resource "a" "b" {}',
        "infra/modules/net/main.tf": "",
        "deploy/web.yaml": SERVICE,
        "deploy/more/web.yml": SERVICE,
        "docker-compose.prod.yml": "services:\n  web: {image: nginx}\n",
        "nginx/nginx.conf": "http {\n  include conf.d/*.conf;\n}\n",
        "nginx/conf.d/site.conf": "server {\n  listen 80;\n}\n",
        "vhosts/shop.conf": "server {\n listen 80;\n}\n",
        "apache2/apache2.conf": "IncludeOptional sites-enabled/*.conf\n",
        "apache2/sites-enabled/a.conf": "<VirtualHost *:80>\n</VirtualHost>\n",
        "vhosts/b.conf": "<ifmodule ssl>\n <virtualhost *:80>\n</virtualhost>\n",
        "caddy/Caddyfile": "import sites/*\n",
        "caddy/sites/a.caddy": "a.cn {\n}\n",
        "edge/a.caddyfile": "a.cn {\n}\n",
        "edge/b.caddyfile": "# nothing\n",
        "dns/etaoche.cn.zone": ZONE,
        "dns/db.etaoche.com": f"$ORIGIN etaoche.com.\n{ZONE}",
        "www/index.html": PAGE,
        "www/about/index.html": PAGE,
    }
    assert found(repository(tmp_path, **files)) == [
        ("apache", "apache2/apache2.conf"),
        ("apache", "vhosts/b.conf"),
        ("caddy", "caddy/Caddyfile"),
        ("caddy", "edge/a.caddyfile"),
        ("compose", "docker-compose.prod.yml"),
        ("html", "www/index.html"),
        ("kubernetes", "deploy"),
        ("nginx", "nginx/nginx.conf"),
        ("nginx", "vhosts/shop.conf"),
        ("terraform", "infra"),
        ("terraform-plan", "infra/plan.json"),
        ("terraform-plan", "infra/sorted.json"),
        ("terraform-state", "infra/terraform.tfstate"),
        ("zone", "dns/db.etaoche.com"),
        ("zone", "dns/etaoche.cn.zone"),
    ]


def unread(folder: Path, **files: str) -> dict[str, list[str]]:
    """What is named and not read, by what to do with it in the first words of the advice."""
    search = find_sources(repository(folder, **files))
    assert search.sources == ()
    return {
        advice.en: [path.relative_to(folder).as_posix() for path in paths]
        for advice, paths in search.unread.items()
    }


def test_tables_of_domains_and_servers_that_are_no_registers_are_named(tmp_path: Path) -> None:
    rows = "www,A,默认,1.2.3.4,600\n"
    named = unread(
        tmp_path,
        **{
            "aliyun.csv": f"记录类型,主机记录,解析线路,记录值,TTL值,状态\n{rows}",
            "dnspod.csv": f"导出时间\n主机记录,记录类型,线路类型,记录值,TTL\n{rows}",
            "domains.csv": "域名,注册商,到期时间,实名认证\na.cn,阿里云,2027-01-01,已认证\n",
            "服务器台账.csv": "服务器名称,公网IP,颜色\nweb,1.2.3.4,红\n",
            "orders.csv": "订单,金额,域名\n1,2,a.cn\n",
            "damaged.csv": '"域名,注册商\n',
        },
    )
    (paths,) = [paths for advice, paths in named.items() if "a table whose headings" in advice]
    assert paths == ["aliyun.csv", "dnspod.csv", "domains.csv", "服务器台账.csv"]
    assert len(named) == 1


def test_what_no_kind_reads_is_named_with_what_to_do(tmp_path: Path) -> None:
    named = unread(
        tmp_path,
        **{
            "gate/haproxy.cfg": "frontend web\n  bind :80\n",
            "gate/setup.cfg": "[metadata]\n",
            "gate/kong.yaml": "# x\n_format_version: '3.0'\n",
            "gate/caddy.json": '{"apps": {}}',
            "gate/kong.json": '{"_format_version": "3.0"}',
            "gate/apisix.yaml": "routes: []\n",
            "gate/rules.yaml": "ssls: []\n#END\n",
            "gate/dynamic.yml": "http:\n  services: {}\n\n  routers:\n    a: {}\n",
            "gate/dynamic.toml": "[http.routers.a]\n",
            "gate/openapi.yaml": "openapi: 3\nservices: []\n",
        },
    )
    by_hand = (
        "configurations of {} are not read: declare their sites by hand or in a register (`sites`)"
    )
    assert named == {
        by_hand.format("HAProxy"): ["gate/haproxy.cfg"],
        by_hand.format("Caddy JSON"): ["gate/caddy.json"],
        by_hand.format("Kong"): ["gate/kong.json", "gate/kong.yaml"],
        by_hand.format("APISIX"): ["gate/apisix.yaml", "gate/rules.yaml"],
        by_hand.format("Traefik"): ["gate/dynamic.toml", "gate/dynamic.yml"],
    }


def test_a_zone_file_without_an_origin_is_named_after_its_domain(tmp_path: Path) -> None:
    files = {"a/etaoche.cn.zone": ZONE, "b/db.etaoche.cn": f"$ORIGIN etaoche.cn.\n{ZONE}"}
    files |= {"c/internal.zone": ZONE, "d/-x.-y.zone": ZONE}
    files |= {f"{folder}/README.md": "" for folder in "abcd"}
    search = find_sources(repository(tmp_path, **files))
    assert [(one.path.parent.name, one.origin) for one in search.sources] == [
        ("a", "etaoche.cn"),
        ("b", ""),
        ("c", ""),
        ("d", ""),
    ]


def test_a_folder_of_zones_is_one_source(tmp_path: Path) -> None:
    files = {"dns/etaoche.cn.zone": ZONE, "dns/etaoche.com.zone": ZONE}
    assert found(repository(tmp_path / "whole", **files)) == [("zone", "dns")]
    for name in ("internal.zone", "README.md"):
        mixed = repository(tmp_path / name, **files, **{f"dns/{name}": ZONE})
        assert ("zone", "dns/etaoche.cn.zone") in found(mixed)
    assert found(repository(tmp_path / "top", **{"a.cn.zone": ZONE})) == [("zone", "a.cn.zone")]


def deployed(folder: Path, **files: str) -> list[str]:
    return [path for kind, path in found(repository(folder, **files)) if kind == "kubernetes"]


def test_a_folder_of_which_half_is_manifests_is_one_source(tmp_path: Path) -> None:
    files = {
        # Two of three: what is no manifest is skipped by the reader.
        "ops/web.yaml": SERVICE,
        "ops/values.yaml": "replicas: 2\n",
        "ops/all/web.yaml": SERVICE,
        # Three of seven, and a folder inside of which all are.
        "app/web.yaml": SERVICE,
        "app/ci.yml": "on: push\n",
        "app/package.json": "{}",
        "app/deploy/rbac.yaml": "apiVersion: v1\nkind: Namespace\n",
        "app/deploy/web.yaml": SERVICE,
        "app/data/a.json": "{}",
        "app/data/b.json": "{}",
        # What it would read besides is not looked at here.
        "more/web.yaml": SERVICE,
        "more/node_modules/a/web.yaml": SERVICE,
        # Objects that tell nothing.
        "crds/a.yaml": "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n",
        "web.yaml": SERVICE,
    }
    assert deployed(tmp_path, **files) == [
        "app/deploy",
        "app/web.yaml",
        "more/web.yaml",
        "ops",
        "web.yaml",
    ]


def kustomization(*names: str, what: str = "resources") -> str:
    return f"{what}: [{', '.join(names)}]\n"


KUSTOMIZED = {
    "shop/base/kustomization.yaml": kustomization("web.yaml"),
    "shop/base/web.yaml": SERVICE,
    "shop/mixins/kustomization.yaml": "kind: Component\nresources: [tls.yaml]\n",
    "shop/mixins/tls.yaml": SERVICE,
    "shop/overlays/prod/kustomization.yaml": kustomization("../../base", "../../../common/x.yaml")
    + kustomization("../../mixins", what="components"),
    "shop/overlays/prod/patches/web.yaml": SERVICE,
    "shop/overlays/stage/kustomization.yml": kustomization("../../base"),
    "common/x.yaml": SERVICE,
    "common/values.yaml": "a: 1\n",
    "common/ci.yaml": "b: 1\n",
    "alone/Kustomization": kustomization("web.yaml"),
    "alone/web.yaml": SERVICE,
}


def test_a_kustomize_repository_is_its_overlays(tmp_path: Path) -> None:
    assert deployed(tmp_path, **KUSTOMIZED) == [
        "alone",
        "shop/overlays/prod",
        "shop/overlays/stage",
    ]


def test_manifests_that_no_kustomization_includes_are_not_lost(tmp_path: Path) -> None:
    more = {"shop/base/stray.yaml": SERVICE, "common/y.yaml": SERVICE, "shop/plain/a.yaml": SERVICE}
    assert deployed(tmp_path, **KUSTOMIZED, **more) == [
        "alone",
        "common",
        "shop/base/stray.yaml",
        "shop/overlays/prod",
        "shop/overlays/stage",
        "shop/plain",
    ]


def test_a_kustomization_above_others_is_a_file(tmp_path: Path) -> None:
    files = {
        "kustomization.yaml": kustomization("web.yaml"),
        "web.yaml": SERVICE,
        "other.yaml": SERVICE,
        "a/kustomization.yaml": kustomization("x.yaml", "more"),
        "a/more/kustomization.yaml": kustomization("x.yaml"),
        "a/b/c/kustomization.yaml": kustomization("x.yaml"),
        "a/b/c/x.yaml": SERVICE,
    }
    assert deployed(tmp_path, **files) == [
        "a/b/c",
        "a/kustomization.yaml",
        "kustomization.yaml",
        "other.yaml",
    ]


CHART = "apiVersion: v2\nname: shop\nversion: 1.0.0\n"
APPLICATION = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: shop}\n"
FLUX = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: a}\n"
RELEASE = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: redis}\n"


def test_what_has_to_be_rendered_first_is_named_with_its_command(tmp_path: Path) -> None:
    files = {
        "chart/Chart.yaml": CHART,
        "chart/templates/web.yaml": f"{SERVICE}x: {{{{ .Values.x }}}}\n",
        "apps/shop.yaml": APPLICATION,
        "clusters/apps.yaml": FLUX,
        "clusters/redis.yaml": RELEASE,
    }
    named = unread(tmp_path, **files)
    assert named == {
        f"{what} is not rendered here: name the output of `{command}` as a source of kind "
        "kubernetes": paths
        for what, command, paths in (
            ("what Argo CD deploys", "argocd app manifests", ["apps/shop.yaml"]),
            ("what Flux deploys", "flux build kustomization", ["clusters/apps.yaml"]),
            ("a Helm chart", "helm template", ["chart/Chart.yaml", "clusters/redis.yaml"]),
        )
    }


def test_what_is_in_a_chart_is_no_source(tmp_path: Path) -> None:
    ingress = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: web}\n"
    files = {"shop/Chart.yaml": "name: shop\n", "shop/templates/a/web.yaml": ingress}
    repository(tmp_path, **files, **{"deploy/web.yaml": ingress})
    assert found(tmp_path) == [("kubernetes", "deploy")]


def test_what_is_filled_in_elsewhere_is_named_with_what_to_save(tmp_path: Path) -> None:
    files = {
        "roles/web/templates/site.conf.j2": "server {\n  server_name {{ domain }};\n}\n",
        "roles/web/templates/logs.j2": "/var/log/x.log {\n  rotate 30\n}\n",
        "roles/web/templates/motd.j2": "Welcome to {{ host }}\n",
        "public/index.php": "<html><body><?php echo $icp; ?></body></html>",
        "public/default.php": "<?php return [];",
        "app/index/view/Index/index.html": "{include file='public/header' /}<p>{$icp}</p>",
        "app/admin/view/user/index.html": "{include file='public/header' /}<p>{$icp}</p>",
        "views/welcome.blade.php": "@extends('layout')\n",
        "webapp/index.jsp": '<%@ page contentType="text/html" %><jsp:include page="foot.jsp"/>',
        "theme/index.php": "<?php get_header(); ?><main></main><?php get_footer();",
        "src/components/AppFooter.vue": "<template><p>京B2-20990001</p></template>",
        "src/components/Footer.tsx": "export default () => <p>{site.icp}</p>",
    }
    named = {one.partition(":")[0]: paths for one, paths in unread(tmp_path, **files).items()}
    assert named == {
        "a template of a web server's configuration is not filled in here": [
            "roles/web/templates/site.conf.j2"
        ],
        "a template of logrotate's configuration is not filled in here": [
            "roles/web/templates/logs.j2"
        ],
        "a home page is made by a program": [
            "public/index.php",
            "theme/index.php",
            "views/welcome.blade.php",
            "webapp/index.jsp",
            "app/index/view/Index/index.html",
        ],
        "a component in which a licence number stands": ["src/components/AppFooter.vue"],
    }


def test_inventories_and_apps_are_found_and_have_something_to_tell(tmp_path: Path) -> None:
    files = {
        "a/hosts": "[web]\n203.0.113.11\n",
        "a/hosts.bak.md": "[web]\n203.0.113.11\n",
        "a/prod": "web1 ansible_host=203.0.113.11\n[web]\nweb1\n",
        "a/ansible.cfg": "[defaults]\nremote_user = root\n",
        "a/site.yml": "- hosts: web\n  vars:\n    ansible_user: root\n",
        "a/inventory/hosts.yml": "all:\n  hosts:\n    web1: {ansible_host: 203.0.113.11}\n",
        "b/project.config.json": '{"appid": "wx0000000000000000"}',
        "b/src/project.config.json": '{"appid": "touristappid"}',
        "b/src/manifest.json": '{"mp-weixin": {"usingComponents": true, "appid": "wx1234"}}',
        "b/web/manifest.json": '{"name": "a", "icons": []}',
        "c/app/build.gradle.kts": 'applicationId = "cn.etaoche.app"',
        "c/lib/build.gradle": "plugins {}",
        "c/app/a.xcodeproj/project.pbxproj": "archiveVersion = 1;\n"
        "PRODUCT_BUNDLE_IDENTIFIER = cn.etaoche.app;",
        "c/app.json5": '{"app": {"bundleName": "cn.etaoche.app"}}',
    }
    repository(tmp_path, **files)
    told = {
        "ansible": ["a/hosts", "a/inventory/hosts.yml", "a/prod"],
        "app": [
            *("b/project.config.json", "b/src/manifest.json"),
            *("c/app/a.xcodeproj/project.pbxproj", "c/app/build.gradle.kts", "c/app.json5"),
        ],
    }
    assert found(tmp_path) == [(kind, name) for kind, names in told.items() for name in names]
    for kind, name in found(tmp_path):
        settings = {"host": "www.etaoche.cn"} if kind == "app" else {}
        at = Request(path=tmp_path / name, root=tmp_path, folder=tmp_path, settings=settings)
        assert KINDS[kind].read(at).facts


def test_a_script_that_deletes_logs_is_known_by_that(tmp_path: Path) -> None:
    clean = "0 1 * * * find /data/logs -mtime +7 -name '*.log' -exec rm {} +\n"
    other = "find /data/backup -mtime +7 -delete\n"
    repository(tmp_path, **{"crontab": clean, "ops/clean.sh": clean, "ops/backup.sh": other})
    told = ["crontab", "ops/clean.sh"]
    assert found(tmp_path) == [("log-retention", name) for name in told]


def test_logrotate_is_known_by_what_it_says(tmp_path: Path) -> None:
    rotated = "/var/log/nginx/*.log\n/data/logs/*.log {\n  daily\n  rotate 14\n}\n"
    other = "/var/log/x {\n  rotation 14\n}\nrotate left\n"
    repository(tmp_path, **{"ops/web-logs": rotated, "ops/logs.conf": rotated, "ops/x.conf": other})
    told = ["ops/logs.conf", "ops/web-logs"]
    assert found(tmp_path) == [("log-retention", name) for name in told]
    for name in told:
        derived = read_log_retention(Request(path=tmp_path / name, root=tmp_path, folder=tmp_path))
        assert facts(derived)["log_stores"][0]["retention"] == {"days": 14}


def test_what_is_deployed_from_the_repository_is_a_source_of_its_own(tmp_path: Path) -> None:
    files = {
        "apps/shop.yaml": APPLICATION,
        "apps/web.yaml": f"{APPLICATION}---\n{SERVICE}",
        "k8s/shop/web.yaml": SERVICE,
        "clusters/prod/flux-system/kustomization.yaml": kustomization("gotk-sync.yaml"),
        "clusters/prod/flux-system/gotk-sync.yaml": FLUX,
    }
    assert deployed(tmp_path, **files) == ["apps", "clusters/prod/flux-system", "k8s"]


def test_kustomizations_that_cannot_be_read_or_go_in_circles(tmp_path: Path) -> None:
    files = {
        "a/kustomization.yaml": kustomization("../b"),
        "a/web.yaml": SERVICE,
        "b/kustomization.yaml": kustomization("../a", "/etc/passwd", "https://a.cn/x"),
        "b/web.yaml": SERVICE,
        "c/kustomization.yaml": "resources: [",
        "d/kustomization.yaml": "a: &a [1, 1, 1]\nb: " + "[" * 200,
    }
    # Of a circle, one is listed.
    assert deployed(tmp_path, **files) == ["a", "b/web.yaml", "c", "d"]
    (tmp_path / "e").mkdir()
    (tmp_path / "e/kustomization.yaml").write_bytes(b"\xff\x00")
    assert "e" in deployed(tmp_path)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("terraform.json", STATE),
        ("terraform.tfstate.backup", STATE),
        ("old.tfstate", STATE.replace("4", "3", 1)),
        (".terraform/terraform.tfstate", STATE),
        ("package.json", "{}"),
        ("chart/templates/web.yaml", "apiVersion: v1\nkind: Service\nname: {{ .Values.x }}\n"),
        ("prod.icp.yaml", "apiVersion: v1\nkind: Service\n"),
        ("licence.yaml", "apiVersion: pytest-icp/v1\nnumber: 京B2-20190486\n"),
        ("docker-compose.yml", "version: '3'\n"),
        ("app.conf", "key = value\n"),
        ("data.db", "SQLite"),
        ("dns/db.local", ZONE),
        ("index.html", "plain words"),
        (".github/workflows/x.yaml", SERVICE),
        ("node_modules/a/index.html", PAGE),
        ("tests/plan.json", PLAN),
        (".terraform/modules/a/main.tf", ""),
    ],
)
def test_what_is_no_source(tmp_path: Path, name: str, text: str) -> None:
    assert found(repository(tmp_path, **{name: text})) == []


LOGBACK = "<appender class='ch.qos.logback.core.rolling.RollingFileAppender'/>"


def test_settings_of_logs_are_found_and_have_something_to_tell(tmp_path: Path) -> None:
    files = {
        "a/src/main/resources/logback-spring.xml": LOGBACK,
        "a/src/main/resources/logback-test.xml": LOGBACK,
        "a/src/test/resources/logback.xml": LOGBACK,
        "a/target/classes/logback.xml": LOGBACK,
        "conf/rmq.logback.xml": LOGBACK,
        "conf/logback.xml": "<appender class='ch.qos.logback.core.ConsoleAppender'/>",
        "b/log4j2.xml": '<C><RollingFile name="A"/></C>',
        "b/application-prod.yml": "logging:\n  file:\n    max-history: 3\n",
        "b/application.properties": "server.tomcat.accesslog.enabled=true\n",
        "b/application.yml": "# max-history\nlogging:\n  level: {root: INFO}\n",
        "c/DEFAULT_GROUP/shop.yaml": "logging:\n  file: {name: a.log}\n  logback:\n"
        "    rollingpolicy:\n      max-history: 30\n",
        "c/DEFAULT_GROUP/other.yaml": "server: {port: 1}\nlogging:\n  level: {root: INFO}\n",
        "c/bootstrap.yml": "logging:\n  file:\n    max-history: 3\n",
        "c/logback.xml": '<configuration><include resource="own/files.xml"/></configuration>',
        "d/logback.xml": '<c><include resource="org/springframework/boot/x/base.xml"/></c>',
    }
    repository(tmp_path, **files)
    told = [
        *("a/src/main/resources/logback-spring.xml", "b/application-prod.yml"),
        *("b/application.properties", "b/log4j2.xml", "c/DEFAULT_GROUP/shop.yaml"),
        *("c/bootstrap.yml", "c/logback.xml"),
        "conf/rmq.logback.xml",
    ]
    assert found(tmp_path) == [("log-retention", name) for name in told]
    for name in told:
        read_log_retention(Request(path=tmp_path / name, root=tmp_path, folder=tmp_path))


def test_templates_and_whole_files_of_nginx_are_sources_of_their_own(tmp_path: Path) -> None:
    site = "server {\n  listen 80;\n  server_name ${HOST};\n}\n"
    repository(
        tmp_path,
        **{
            "nginx/nginx.conf": "http {\n  include /etc/nginx/conf.d/*.conf;\n}\n",
            "nginx/nginx.prod.conf": "events {}\nhttp {\n}\n",
            "nginx/conf.d/a.conf": site,
            "nginx/templates/b.conf.template": site,
            "mail/welcome.template": "server {\n",
        },
    )
    told = ["nginx/nginx.conf", "nginx/nginx.prod.conf", "nginx/templates/b.conf.template"]
    assert found(tmp_path) == [("nginx", name) for name in told]


def test_symbolic_links_are_not_followed(tmp_path: Path) -> None:
    outside = repository(tmp_path / "outside", **{"plan.json": PLAN, "in/plan.json": PLAN})
    inside = repository(tmp_path / "inside", **{"a.txt": ""})
    (inside / "plan.json").symlink_to(outside / "plan.json")
    (inside / "folder").symlink_to(outside / "in", target_is_directory=True)
    assert found(inside) == []


def test_utf_16_and_unreadable_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "plan.json").write_text(PLAN, "utf-16")
    (tmp_path / "gone.json").write_text(PLAN, "utf-8")
    real = discovery.read_start

    def refuse(path: Path, **given: Any) -> bytes:
        if path.name == "gone.json":
            raise unreadable(path, PermissionError())
        return real(path, **given)

    monkeypatch.setattr(discovery, "read_start", refuse)
    assert found(tmp_path) == [("terraform-plan", "plan.json")]


@pytest.mark.parametrize(("name", "most"), [("MOST_FILES", 3), ("MOST_READ", 3)])
def test_the_search_ends_somewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, most: int
) -> None:
    repository(tmp_path, **{f"{i}/plan.json": PLAN for i in range(9)})
    monkeypatch.setattr(discovery, name, most)
    search = find_sources(tmp_path)
    assert not search.complete
    assert search.sources == tuple(
        SourceCandidate("terraform-plan", tmp_path / f"{i}" / "plan.json") for i in range(3)
    )


def test_registers_are_found_by_their_headings(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "人员报备"
    book.active.append(["标识", "业务开展地", "报备日期"])
    book.save(tmp_path / "2023.xlsx")
    long = "标识,种类,收到时间\n" + "c-1,fee,2023-09-01\n" * 5000
    (tmp_path / "投诉台账2023.csv").write_bytes(long.encode("gbk"))
    (tmp_path / "x.csv").write_text("id,detected_at,outage_minutes\n", "utf-8")
    # Two headings may be anything, others are no register's, and a name alone says nothing.
    (tmp_path / "few.csv").write_text("id,kind\n", "utf-8")
    (tmp_path / "data.csv").write_text("id,kind,weight\n", "utf-8")
    (tmp_path / "incidents.csv").write_text("a,b,c\n", "utf-8")
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04")
    found = [(one.path.name, one.list) for one in find_sources(tmp_path).sources]
    assert found == [
        ("2023.xlsx", ""),
        ("x.csv", "incidents"),
        ("投诉台账2023.csv", ""),
    ]


def test_settings_of_log_systems_are_found_and_have_something_to_tell(tmp_path: Path) -> None:
    files = {
        "a/etc/logrotate.conf": "weekly\nrotate 4\n/var/log/wtmp {\n}\n",
        "a/etc/logrotate.d/nginx": "/var/log/nginx/*.log {\n  daily\n  rotate 9\n}\n",
        "a/etc/logrotate.d/README": "one file for each package\n",
        "b/es/logs.json": '{"policy": {"phases": {"hot": {"actions": {}}}}}',
        "b/es/other.json": '{"phases": 3}',
        "b/loki-config.yaml": "limits_config: {retention_period: 30d}\n",
        "b/filebeat.yml": "setup.ilm.enabled: true\noutput.elasticsearch: {hosts: [a]}\n",
    }
    repository(tmp_path, **files)
    told = [
        *("a/etc/logrotate.conf", "a/etc/logrotate.d/nginx"),
        *("b/es/logs.json", "b/filebeat.yml", "b/loki-config.yaml"),
    ]
    assert found(tmp_path) == [("log-retention", name) for name in told]
    for name in told:
        read_log_retention(Request(path=tmp_path / name, root=tmp_path, folder=tmp_path))


def test_settings_of_logs_that_are_not_read_are_named(tmp_path: Path) -> None:
    files = {
        "a/logs.yaml": "apiVersion: log.alibabacloud.com/v1alpha1\nkind: AliyunLogConfig\n",
        "a/server.xml": "<Server><Valve className='x.AccessLogValve'/></Server>",
        "a/log4j.properties": "log4j.appender.A=org.apache.log4j.RollingFileAppender\n",
        "a/etc/systemd/journald.conf": "[Journal]\nSystemMaxUse=1G\n",
        "a/etc/systemd/stock/journald.conf": "[Journal]\n#SystemMaxUse=\n",
        "py/logging.conf": "[handler_a]\nclass=FileHandler\nargs=('a.log',)\n",
        "py/logging.yaml": "version: 1\nhandlers:\n  a: {class: logging.FileHandler}\n",
        "py/setup.cfg": "[flake8]\n",
        "b/fluent-bit.conf": "[OUTPUT]\n  Name es\n",
        "b/logstash.conf": "input { beats {} }\noutput {\n  elasticsearch { index => a }\n}\n",
        "net/appsettings.Production.json": '{"Args": {"retainedFileCountLimit": 7}}',
        "net/NLog.config": "<target xsi:type='File' maxArchiveFiles='7'/>",
        "net/web.config": "<configuration/>",
        "go/config.yaml": "log:\n  max_age: 30\n  max_backups: 3\n",
        "go/app.toml": "max_backups = 3\nmax_age = 30\n",
        "go/config.json": '{"cors": {"max_age": 3}, "store": {"max_backups": 3}}',
    }
    advice = " is not read: declare its stores of logs"
    named = {one.partition(advice)[0]: paths for one, paths in unread(tmp_path, **files).items()}
    assert named == {
        "a custom resource of a log service": ["a/logs.yaml"],
        "server.xml of Tomcat": ["a/server.xml"],
        "the configuration of Log4j 1": ["a/log4j.properties"],
        "Fluent Bit": ["b/fluent-bit.conf"],
        "Logstash": ["b/logstash.conf"],
        "the configuration of logs of a .NET program": [
            *("net/NLog.config", "net/appsettings.Production.json"),
        ],
        "journald.conf": ["a/etc/systemd/journald.conf"],
        "the configuration of Python's `logging`": ["py/logging.conf", "py/logging.yaml"],
        "the configuration of logs of a Go program": ["go/app.toml", "go/config.yaml"],
    }
