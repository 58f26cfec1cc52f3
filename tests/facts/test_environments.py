"""Environments: the same address in two roots is two elements."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pytest_icp.sources.loading import load

ROOT = """\
resource "alicloud_log_store" "access" { retention_period = %d }
resource "alicloud_instance" "web" {}
"""
HOST = 'resource "alicloud_cdn_domain_new" "www" { domain_name = "www.example.cn" }\n'


def described(folder: Path, *entries: str, more: str = "") -> Any:
    for name, days in {"a": 200, "b": 7}.items():
        (folder / name).mkdir()
        (folder / name / "main.tf").write_text(ROOT % days + HOST, "utf-8")
    (folder / "b/more.tf").write_text('resource "alicloud_instance" "other" {}\n', "utf-8")
    sources = "".join(f"  - {{kind: terraform, {entry}}}\n" for entry in entries)
    path = folder / "x.icp.yaml"
    path.write_text(f"apiVersion: pytest-icp/v1\nsources:\n{sources}{more}", "utf-8")
    return load(path, root=folder).facts


def kept(facts: Any) -> dict[str, int]:
    return {one["id"]: one["retention"]["days"] for one in facts["log_stores"]}


def test_the_same_address_in_two_roots_is_two_elements(tmp_path: Path) -> None:
    facts = described(tmp_path, "path: a", "path: b")
    address = "alicloud_log_store.access"
    assert kept(facts) == {f"a/{address}": 200, f"b/{address}": 7}
    servers = [one["id"] for one in facts["servers"]]
    assert "alicloud_instance.other" in servers, "only one root has it"
    assert [one["id"] for one in facts["sites"]] == ["www.example.cn"], "a host is one everywhere"


def test_the_same_root_with_other_values_is_another_one(tmp_path: Path) -> None:
    (tmp_path / "b.tfvars").write_text("x = 1\n", "utf-8")
    facts = described(tmp_path, "path: a", "path: a, vars: [b.tfvars]")
    assert list(kept(facts)) == [
        "a/alicloud_log_store.access",
        "a b.tfvars/alicloud_log_store.access",
    ]


def test_what_is_assumed_by_name_knows_the_name_in_the_file(tmp_path: Path) -> None:
    assume = "assume: {kinds: {value: [access], named: [access]}}"
    facts = described(tmp_path, f"path: a, environment: prod, {assume}", "path: b")
    assert [one.get("kinds") for one in facts["log_stores"]] == [["access"], None]


def test_what_is_written_by_hand_joins_the_element_of_its_environment(tmp_path: Path) -> None:
    own = "servers: [{id: prod/alicloud_instance.web, role: origin}]\n"
    facts = described(tmp_path, "path: a, environment: prod", "path: b", more=own)
    roles = {one["id"]: one.get("role") for one in facts["servers"]}
    assert roles["prod/alicloud_instance.web"] == "origin"
    assert roles["alicloud_instance.web"] is None
