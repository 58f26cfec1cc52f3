"""No secret of a file is repeated: not in a fact, a message, an excerpt or the cache."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from pytest_icp.facts.derived import Derived
from pytest_icp.law.errors import InputError
from tests.attack.reading import Files, _pointers, derive, write

SENTINEL = "sentinel-4711.cn"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PYTEST_ICP_CACHE", str(tmp_path / "cache"))
    return tmp_path / "repo"


def said(derived: Derived | InputError, folder: Path) -> str:
    """Everything that a run may show of a source, or keep of it."""
    cache = folder.parent / "cache"
    kept = [path.read_text("utf-8") for path in cache.rglob("*") if path.is_file()]
    if isinstance(derived, InputError):
        return "\n".join([*kept, derived.text("zh"), derived.text("en"), repr(derived.place)])
    places = [repr(derived.trace(pointer)) for pointer in _pointers(derived.facts, "")]
    gaps = [gap.message.zh + gap.message.en + repr(gap) for gap in derived.gaps]
    return "\n".join([json.dumps(derived.facts), repr(derived), *kept, *places, *gaps])


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


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("default", [True, False])
def test_a_sensitive_variable_gives_no_fact(folder: Path, mark: str, *, default: bool) -> None:
    write(folder, source(mark, default=default))
    derived = derive(folder, "terraform")
    assert isinstance(derived, Derived), derived
    assert SENTINEL not in said(derived, folder)
    assert derived.facts.get("sites", []) == []
    assert derived.gaps


def test_what_is_not_sensitive_gives_one(folder: Path) -> None:
    write(folder, source("false", default=True))
    derived = derive(folder, "terraform")
    assert SENTINEL in said(derived, folder)


IN_JSON: Mapping[str, object] = {
    "variable": [
        {"secret": [{"sensitive": "${true}", "default": SENTINEL}]},
        {"open": {"default": "www.etaoche.cn"}},
    ],
    "output": {"out": {"sensitive": True, "value": SENTINEL}},
    "resource": {
        "alicloud_cdn_domain_new": {
            "a": {"domain_name": "${var.secret}", "scope": "domestic"},
            "b": {"domain_name": "${nonsensitive(var.secret)}", "scope": "domestic"},
            "c": {"domain_name": "${var.open}", "scope": "domestic"},
            "d": {"domain_name": "${nonsensitive(sensitive(var.secret))}", "scope": "domestic"},
        }
    },
}


@pytest.mark.parametrize("escaped", [True, False])
def test_a_sensitive_variable_in_json_gives_no_fact(folder: Path, *, escaped: bool) -> None:
    text = json.dumps(IN_JSON)
    if escaped:
        text = text.replace('"secret"', '"\\u0073ecret"').replace("default", "\\u0064efault")
    call = 'module "m" {\n  source = "./m"\n}\n' + domains(["module.m.out"])
    write(folder, {"main.tf": call, "m/main.tf.json": text})
    derived = derive(folder, "terraform")
    assert isinstance(derived, Derived), derived
    assert SENTINEL not in said(derived, folder)
    assert [site["id"] for site in derived.facts["sites"]] == ["www.etaoche.cn"]


def test_it_says_that_it_is_sensitive(folder: Path) -> None:
    text = 'variable "days" {\n  sensitive = true\n  default = 4711\n}\n'
    text += 'resource "alicloud_log_store" "l" {\n  retention_period = var.days\n}\n'
    write(folder, {"main.tf": text, "terraform.tfvars": "days = 4711\n"})
    derived = derive(folder, "terraform")
    assert isinstance(derived, Derived), derived
    found = derived.trace("/log_stores/0/retention/days")
    assert found.status == "sensitive"
    assert found.place.line == 6
    assert "4711" not in said(derived, folder)
