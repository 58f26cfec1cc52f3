"""No secret of a file is repeated: not in a fact, a message or an excerpt."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pytest_icp.facts.derived import Derived
from pytest_icp.law.errors import InputError
from tests.attack.reading import Files, _pointers, derive, write

SENTINEL = "sentinel-4711.cn"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Path:
    return tmp_path / "repo"


def said(derived: Derived | InputError) -> str:
    """Everything that a run may show of a source."""
    if isinstance(derived, InputError):
        return "\n".join([derived.text("zh"), derived.text("en"), repr(derived.place)])
    places = [repr(derived.trace(pointer)) for pointer in _pointers(derived.facts, "")]
    gaps = [gap.message.zh + gap.message.en + repr(gap) for gap in derived.gaps]
    remarks = [text.zh + text.en for text in derived.remarks]
    return "\n".join([json.dumps(derived.facts), *places, *gaps, *remarks])


# --- Terraform source -------------------------------------------------------------------------

MARKS = ["true", '"true"', "!false", "tobool(1 == 1)", "null", "local.yes"]
USES = [
    "var.secret",
    '"${var.secret}"',
    "nonsensitive(var.secret)",
    "nonsensitive(sensitive/**/(var.secret))",
    "var . secret",
    'var["secret"]',
    'join(".", split(".", var.secret))',
    "local.secret",
    "local.deeper[0].name",
    "try(var.secret, 1)",
    "[for one in [var.secret] : one][0]",
    "base64decode(base64encode(var.secret))",
    "module.m.out",
    "module.m.hidden",
    'file("terraform.tfvars")',
    'regex("\\"(.*)\\"", file/**/("pytest-icp-0.tfvars"))[0]',
    f'sensitive("{SENTINEL}")',
    f'nonsensitive(sensitive/**/ ("{SENTINEL}"))',
]
MAIN = """\
locals {
  yes    = true
  secret = "${var.secret}"
  deeper = [{ name = local.secret }]
}
module "m" {
  source = "./m"
  given  = var.secret
  secret = "%s"
}
"""
MODULE = """
variable "given" {}
variable "secret" {
  ephemeral = "true"
}
output "out" {
  value = var.given
}
output "hidden" {
  sensitive = true
  value     = "%s"
}
resource "alicloud_cdn_domain_new" "in" {
  domain_name = var.given
  scope       = "domestic"
}
resource "alicloud_cdn_domain_new" "own" {
  domain_name = "${var.secret}"
  scope       = "domestic"
}
"""


def domains(expressions: list[str]) -> str:
    return "".join(
        f'resource "alicloud_cdn_domain_new" "c{number}" {{\n'
        f'  domain_name = {expression}\n  scope = "domestic"\n}}\n'
        for number, expression in enumerate(expressions)
    )


def source(mark: str, *, default: bool) -> Files:
    declared = f'variable "secret" {{\n  sensitive = {mark}\n'
    declared += f'  default = "{SENTINEL}"\n}}\n' if default else "}\n"
    files = {
        "main.tf": declared + MAIN % SENTINEL + domains(USES),
        "m/main.tf": MODULE % SENTINEL,
    }
    return files if default else files | {"terraform.tfvars": f'secret = "{SENTINEL}"\n'}


@pytest.mark.parametrize(("mark", "default"), [*((mark, True) for mark in MARKS), ("true", False)])
def test_a_sensitive_variable_gives_no_fact(folder: Path, mark: str, *, default: bool) -> None:
    write(folder, source(mark, default=default))
    derived = derive(folder, "terraform")
    assert isinstance(derived, Derived), derived
    assert SENTINEL not in said(derived)
    assert derived.facts.get("sites", []) == []
    assert derived.gaps


@pytest.mark.parametrize("kind", ["variable", "variable.a", "variable.secret", "output.a", "a.b"])
def test_no_name_of_a_resource_hides_the_mark(folder: Path, kind: str) -> None:
    files = source("true", default=True)
    more = f'resource "{kind}" "b" {{\n  sensitive = false\n}}\n'
    forged = 'resource "x_y" "c" {\n  __tfmeta = { label = 1 }\n  id = [1]\n}\n'
    write(folder, {**files, "a.tf": more, "z.tf": more.replace("b", "z") + forged})
    derived = derive(folder, "terraform")
    assert isinstance(derived, Derived), derived
    assert SENTINEL not in said(derived)
    assert derived.facts.get("sites", []) == []


def test_what_is_not_sensitive_gives_one(folder: Path) -> None:
    write(folder, source("false", default=True))
    derived = derive(folder, "terraform")
    assert SENTINEL in said(derived)


def test_it_says_that_it_is_sensitive(folder: Path) -> None:
    text = 'variable "days" {\n  sensitive = true\n  default = 4711\n}\n'
    text += 'resource "alicloud_log_store" "l" {\n  retention_period = var.days\n}\n'
    write(folder, {"main.tf": text, "terraform.tfvars": "days = 4711\n"})
    derived = derive(folder, "terraform")
    assert isinstance(derived, Derived), derived
    found = derived.trace("/log_stores/0/retention/days")
    assert found.status == "sensitive"
    assert found.place.line == 6
    assert "4711" not in said(derived)


# --- lines of nginx ---------------------------------------------------------------------------

HEADER = f'proxy_set_header Authorization "Bearer; {SENTINEL}"'
NGINX = [
    f"server {{ server_name www.etaoche.cn; {HEADER}; }}",
    f"server {{ {HEADER}; server_name www.etaoche.cn; # {SENTINEL}\n}}",
    f"server {{\n  {HEADER}; server_name ~pattern;\n}}",
    f"server {{\n  {HEADER}\n}}",
    f"server {{ listen 80;\n  {HEADER}; serve_name x;\n}}",
    f"server {{\n  {HEADER}; include no.conf; # {SENTINEL}\n}}",
    f"server {{\n  {HEADER};\n",
    f'server {{\n  proxy_set_header A "\n {SENTINEL}\n}}',
    f"server {{\n  proxy_set_header A '{SENTINEL};\n}}",
    f"server {{\n  {HEADER}; }} }}",
    f"server {{\n  {HEADER}; server_name www.etaoche.cn www.etaoche.cn; return 301 http://u:{SENTINEL}@etaoche.cn/;\n}}",
    f"# {SENTINEL} \nserver {{ server_name; }} # {SENTINEL}",
]


TO = f"https://{SENTINEL}@www.etaoche.cn/"
SERVERS = [
    ("caddy", "Caddyfile", f"etaoche.cn {{\nbasic_auth {{\nu {SENTINEL}\n}}\nredir {TO}\n}}"),
    ("caddy", "Caddyfile", f"https://u:{SENTINEL}@etaoche.cn {{\n respond '{SENTINEL}'\n}}"),
    ("caddy", "Caddyfile", f"a.cn {{ # {SENTINEL}\n reverse_proxy x {{\nheader_up A {SENTINEL}"),
    ("apache", "a.conf", f"ServerName etaoche.cn # {SENTINEL}\nRedirect / {TO}"),
    ("apache", "a.conf", f"ServerName a.cn\nRequestHeader set A '{SENTINEL}'\nProxyPass / {TO}"),
    ("apache", "a.conf", f"SetEnv A {SENTINEL}\n<IfDefine {{}}>\nServerName x\n</IfDefine>"),
]


def test_what_is_quoted_of_nginx_is_its_directive(folder: Path) -> None:
    write(folder, {"nginx.conf": f"server {{\n  {HEADER}; server_name www.etaoche.cn;\n}}"})
    derived = derive(folder, "nginx", "nginx.conf")
    assert isinstance(derived, Derived), derived
    place = derived.trace("/sites/0/domains/0").place
    assert place.excerpt.strip() == "server_name www.etaoche.cn"
    assert place.excerpt[(place.column or 0) - 1 :] == "www.etaoche.cn"


# --- lines of zones ---------------------------------------------------------------------------

SOA = "@ 600 IN SOA ns1 admin 1 2 3 4 5\n"
ZONES = [
    f"www IN A 203.0.113.1 ; {SENTINEL}",
    f'www IN A 203.0.113.1\n@ IN TXT "v={SENTINEL}"',
    f'www IN TXT "{SENTINEL}',
    f"www IN TXT {'x' * 300}{SENTINEL}",
    f"www IN A {SENTINEL}",
    f"www IN MX {SENTINEL} mail",
    f"www IN TXT \\9{SENTINEL}",
    f'www IN TXT ( "{SENTINEL}"',
    f"www IN DS {SENTINEL} 8 2 x",
    f"www IN CAA {SENTINEL} issue x",
    f"www IN SSHFP 1 1 {SENTINEL}",
    f"www IN TYPE65534 \\# {SENTINEL}",
    f"$TTL {SENTINEL}",
    f"$GENERATE 1-{SENTINEL} a A 203.0.113.1",
    f"$INCLUDE no.zone ; {SENTINEL}",
    f"$UNKNOWN {SENTINEL}",
]


# --- values of .env ---------------------------------------------------------------------------

COMPOSE = [
    "ports: ['${SECRET}:80', '${SECRET:-90}:90']",
    "environment: {VIRTUAL_HOST: '${SECRET}'}",
    "environment: {VIRTUAL_HOST: '${SECRET}, ${LOCAL}'}",
    "labels: {caddy: '${SECRET}'}",
    "labels: {traefik.http.routers.a.rule: 'Host(`${SECRET}`)'}",
    "extends: {service: x, file: '${SECRET}'}",
]


# --- settings of logs -------------------------------------------------------------------------

LOGS = {
    "filebeat.yml": f"filebeat: {{}}\noutput: {{elasticsearch: {{password: {SENTINEL}}}}}\n",
    "loki.yaml": (
        "compactor: {retention_enabled: true}\n"
        f"limits_config: {{a: {SENTINEL}, retention_period: 3d, b: {SENTINEL}}}\n"
    ),
    "policy.json": f'{{"phases": {{"delete": {{"min_age": "1d", "actions": {{"delete": '
    f'{{}}}}}}}}, "a": "{SENTINEL}"}}',
    "logrotate.conf": f"/a {{\n rotate 1\n postrotate\n rm *.log {SENTINEL}\n endscript\n}}\n",
    "config.yaml": "apiVersion: v1\nkind: ConfigMap\ndata:\n  logrotate.conf: "
    f'"/a {{\\n rotate 1\\n postrotate\\n rm *.log {SENTINEL}\\n endscript\\n}}"\n',
}


# --- variables of an inventory ---------------------------------------------------------------

INVENTORIES = {
    "hosts": f"[a]\nx region=cn-beijing ansible_password={SENTINEL} idc={SENTINEL}\n"
    f"[a:vars]\nb={SENTINEL}\n",
    "hosts.yml": f"a: {{hosts: {{x: {{region: cn-beijing, pass: {SENTINEL}}}}}, "
    f"vars: {{p: {SENTINEL}}}}}\n",
    "bad": f"x {SENTINEL}\n",
    "bad.yml": f"x: {SENTINEL}: [\n",
}


# --- variables of apps ------------------------------------------------------------------------

APPS = {
    "project.config.json": f'{{"appid": "wx0123", "secret": "{SENTINEL}"}}',
    "manifest.json": f'{{"a": "{SENTINEL}',
    "build.gradle": f'applicationId "a.b"; storePassword "{SENTINEL}"',
}


def composed(setting: str) -> Files:
    """Return a service with a setting out of ``.env``; one part of the sentinel is local."""
    text = f"include: ['${{SECRET}}']\nservices:\n  web:\n    image: x\n    {setting}\n"
    return {"compose.yaml": text, ".env": f"SECRET=pass!{SENTINEL}\nLOCAL=sentinel-4711\n"}


HIDING: list[tuple[str, Files]] = [
    *(("nginx", {"nginx.conf": text}) for text in NGINX),
    *((kind, {name: text}) for kind, name, text in SERVERS),
    *(("zone", {"etaoche.cn.zone": f"{SOA}{line}\n"}) for line in ZONES),
    *(("compose", composed(setting)) for setting in COMPOSE),
    *(("log-retention", {name: text}) for name, text in LOGS.items()),
    *(("ansible", {name: text}) for name, text in INVENTORIES.items()),
    *(("app", {name: text}) for name, text in APPS.items()),
]


@pytest.mark.parametrize(("kind", "files"), HIDING)
def test_of_a_line_only_what_is_told_of_it_is_quoted(folder: Path, kind: str, files: Files) -> None:
    write(folder, files)
    derived = derive(
        folder, kind, next(iter(files)), **({"host": "www.a.cn"} if kind == "app" else {})
    )
    assert SENTINEL.removesuffix(".cn") not in said(derived)
    if kind == "log-retention":
        assert isinstance(derived, Derived)
        assert derived.facts["log_stores"]
