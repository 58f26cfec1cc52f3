"""What is marked sensitive appears nowhere: in no fact, message, report or traceback."""

from __future__ import annotations

import json
import pickle
import traceback
from pathlib import Path
from typing import Any

import pytest

from pytest_icp.law.errors import InputError
from pytest_icp.sources.request import Request
from pytest_icp.sources.terraform.plan import read_plan
from tests.sources.plan_files import change, declared, plan, read, source
from tests.sources.reading import status
from tests.sources.real_files import pointers

SENTINEL = "SENTINEL-4711"


def leaky() -> dict[str, Any]:
    """Return a plan that holds the sentinel in every place in which a plan holds secrets."""
    names = ("domain_name", "rr", "value", "password", "bucket", "retention_period")
    secret = dict.fromkeys(names, f"{SENTINEL}.example.cn")
    marked = dict.fromkeys(names, True)
    nested = {"zone_mappings": [{"zone_id": SENTINEL}], "address_type": SENTINEL}
    hiding = {"zone_mappings": [{"zone_id": True}], "address_type": True}
    kinds = ("alidns_record", "cdn_domain_new", "oss_bucket", "log_store", "db_instance")
    changes = [
        change(f"alicloud_{kind}.a", {"type": "A", **secret}, after_sensitive=marked, before=secret)
        for kind in kinds
    ]
    changes += [
        change(f"alicloud_{kind}.b", {"type": "A", **secret}, before_sensitive=marked)
        for kind in kinds
    ]
    changes += [
        change("alicloud_alb_load_balancer.c", nested, after_sensitive=hiding),
        change("alicloud_alidns_record.d", secret, after_sensitive=True),
        change("alicloud_ram_user.e", {"password": SENTINEL}),
    ]
    keys = {"access_key": {"constant_value": SENTINEL}, "region": {"references": ["var.region"]}}
    return plan(
        *changes,
        resources=[declared("alicloud_db_instance.a", password={"constant_value": SENTINEL})],
        providers={"alicloud": {"name": "alicloud", "expressions": keys}},
        root={"variables": {"region": {"sensitive": True, "default": SENTINEL}}},
        variables={"region": {"value": SENTINEL}},
        output_changes={"o": {"after": SENTINEL, "after_sensitive": True}},
        prior_state={"values": {"outputs": {"o": {"sensitive": True, "value": SENTINEL}}}},
        planned_values={"outputs": {"o": {"sensitive": True, "value": SENTINEL}}},
    )


def everything_said(derived: Any) -> str:
    places = [derived.trace(pointer) for pointer in ("", *pointers(derived))]
    gaps = [gap.message.zh + gap.message.en + repr(gap) for gap in derived.gaps]
    said = [json.dumps(derived.facts, ensure_ascii=False), repr(derived), *gaps, *map(repr, places)]
    return "\n".join(said)


def test_no_fact_message_or_place_has_it(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(leaky()), "utf-8")
    derived = read_plan(Request(path=path, root=tmp_path))
    assert derived.facts
    assert SENTINEL not in everything_said(derived)


def test_planned_values_hide_what_is_marked_too() -> None:
    secret = {"domain_name": f"{SENTINEL}.cn", "rr": "www", "type": "A"}
    resource = {
        "address": "alicloud_alidns_record.a",
        "type": "alicloud_alidns_record",
        "name": "a",
    }
    hidden = {**resource, "values": secret, "sensitive_values": {"domain_name": True}}
    derived = read({"planned_values": {"root_module": {"resources": [hidden]}}})
    assert SENTINEL not in everything_said(derived)
    assert derived.gaps


def test_a_sensitive_fact_says_so() -> None:
    disk = "alicloud_ecs_disk.a"
    derived = read(plan(change(disk, {"encrypted": True}, after_sensitive={"encrypted": True})))
    assert status(derived, "/data_stores/0/encryption_at_rest") == "sensitive"


@pytest.mark.parametrize("at", [40, 400, 4000, -2])
def test_no_error_has_it(at: int) -> None:
    raw = json.dumps(leaky()).encode()[:at]
    for broken in (raw, SENTINEL.encode() + b"\n" + raw, raw + b"\xff" + SENTINEL.encode()):
        try:
            read_plan(Request(path=Path("-"), root=Path(), given=broken))
        except InputError as error:
            told = "".join(traceback.format_exception(error)) + error.text("zh") + repr(error)
            assert SENTINEL not in told
            # Some libraries teach pickle to take along the error that was handled.
            assert SENTINEL.encode() not in pickle.dumps((error, error.__context__))


SOURCE = f"""
variable "secret" {{
  default   = "{SENTINEL}"
  sensitive = true
}}
locals {{
  name = "${{var.secret}}.example.cn"
}}
provider "alicloud" {{
  region     = var.secret
  access_key = "{SENTINEL}"
}}
resource "alicloud_alidns_record" "a" {{
  domain_name = local.name
  rr          = "www"
  type        = "A"
}}
resource "alicloud_db_instance" "d" {{
  ssl_action = "Open"
  password   = "{SENTINEL}"
}}
resource "alicloud_log_store" "l" {{ name = "{SENTINEL}" }}
resource "alicloud_waf_domain" "w" {{
  domain = sensitive("{SENTINEL}.cn")
}}
variable "passing" {{
  default   = "{SENTINEL}.cn"
  ephemeral = true
}}
resource "alicloud_fc_custom_domain" "f" {{
  domain_name = var.passing
}}
module "m" {{
  source = "./m"
  given  = "{SENTINEL}.example.cn"
}}
"""
MODULE = """
variable "given" {
  sensitive = true
}
resource "alicloud_cdn_domain_new" "c" {
  domain_name = var.given
  scope       = "domestic"
}
"""


def test_source_hides_sensitive_variables(tmp_path: Path) -> None:
    files = {"main.tf": SOURCE, "m/main.tf": MODULE, "p.tfvars": f'secret = "{SENTINEL}"\n'}
    derived = source(tmp_path, files, vars=["p.tfvars"])
    assert derived.facts
    assert SENTINEL not in everything_said(derived)
    assert {kind for gap in derived.gaps for kind in gap.kinds} == {"sites", "domains"}


def test_a_syntax_error_in_source_has_it_not(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        source(tmp_path, {"main.tf": f'locals {{\n  a = "{SENTINEL}" +\n}}\n'})
    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    assert SENTINEL not in told
