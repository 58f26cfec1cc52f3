"""What source declares is told from its text; what the parser leaves open is settled by that."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_icp.sources.terraform.settling import (
    MAYBE,
    META,
    evaluated,
    not_there,
    settle_values,
    take_out_uncertain,
)
from pytest_icp.sources.terraform.source_blocks import asked, declared

HCL = """
# resource "a" "commented" {}
/* resource "a" "also" {
   count = 1 } */
locals {
  text = "resource \\"a\\" {"
  here = <<-EOT
    resource "a" "quoted" {
      count = 1
  EOT
}
resource "a" "one" {
  count = 2 // twice
  key   = null
  same  = null == 1
  other = nullable
  dynamic "disk" {
    for_each = var.disks
    content { count = 3 }
  }
}
module "net" {
  for_each = { for k in var.all : k => null }
  providers = { a = a.b }
}
}
"""
JSON = """{
  "resource": {"a": {
    "one": {"count": 2, "key": null, "name": "count"}
  }},
  "module": {"net": {"for_each": "${var.all}"}},
  "locals": {"count": 1}
}"""


@pytest.mark.parametrize(("name", "text"), [("main.tf", HCL), ("main.tf.json", JSON)])
def test_what_a_file_declares(name: str, text: str) -> None:
    found = {block.address: block for block in declared(name, text) if block.kind != "locals"}
    assert [*found] == ["a.one", "module.net"]
    one, net = found["a.one"], found["module.net"]
    assert ([*one.repeated], one.nulls) == (["count"], {"key"})
    assert ([*net.repeated], net.nulls) == (["for_each"], set())
    assert one.dynamic == ({("disk",)} if name == "main.tf" else set())
    lines = text.splitlines()
    assert "one" in lines[one.line - 1]
    assert "net" in lines[net.line - 1]
    new = asked(text, [one, net])
    assert new.count("icp_n") == new.count("icp_each") == 1
    assert "count" not in new[new.index("icp_n") - 2 : new.index("icp_n") + 6]
    assert [*declared(name, new)[1 if name == "main.tf" else 0].repeated] == []


def test_what_is_not_asked_about_stays() -> None:
    assert asked(HCL, []) == HCL


def block(path: str, **values: Any) -> dict[str, Any]:
    names = path.rsplit(".", 2)
    kind = {} if names[-2] in {"module", "variable"} else {"type": "resource"}
    return {META: {"path": path, "filename": "./main.tf", "label": names[-1], **kind}, **values}


def test_what_there_is() -> None:
    blocks = {"a": [block('module.m["x.y"].a.one[0]')], "module": [block("module.m[0]")]}
    assert evaluated(blocks) == {("main.tf", "a.one"), ("main.tf", "module.m")}


@pytest.mark.parametrize(
    ("values", "gone"),
    [
        ({"icp_n": 0}, True),
        ({"icp_each": []}, True),
        ({"icp_each": {}}, True),
        ({"icp_n": 1}, False),
        ({"icp_n": None}, False),
        ({"icp_each": {"__attribute__": "var.x"}}, False),
        ({}, False),
    ],
)
def test_what_is_repeated_no_times_is_not_there(values: dict[str, Any], gone: bool) -> None:
    found = not_there({"a": [block("a.one", **values)]})
    assert found == ({("main.tf", "a.one")} if gone else set())


def test_what_may_be_there_is_taken_out_with_what_is_in_it() -> None:
    blocks = {
        "module": [block("module.m[0]", count=None), block("module.n[0]", count=1)],
        "a": [block("module.m[0].a.one"), block("a.one", count=None), block("a.two", count=2)],
    }
    assert take_out_uncertain(blocks, {}) == {("main.tf", "module.m"), ("main.tf", "a.one")}
    left = [one[META]["path"] for listed in blocks.values() for one in listed]
    assert left == ["module.n[0]", "a.two"]


def test_what_is_null_is_taken_out() -> None:
    x, y = {"__attribute__": "var.x"}, {"__attribute__": "var.y"}
    blocks = {
        "variable": [
            block("variable.x", default=None),
            block("variable.y"),
            block("module.m[0].variable.x", default=None),
            block("module.m[0].variable.y", default=None),
        ],
        "module": [block("module.m[0]", x=1)],
        "a": [
            block("a.one", key=None, open=None, x=x, y=y),
            block("module.m[0].a.one[0]", key=1, x=x, y=y),
            block("a.unknown", key=None),
        ],
    }
    (one, *_) = (each for each in declared("main.tf", HCL) if each.address == "a.one")
    settle_values(blocks, {("main.tf", "a.one"): one})
    values = [{k: v for k, v in each.items() if k != META} for each in blocks["a"]]
    assert values == [
        {"open": None, "y": y, "disk": MAYBE},
        {"key": 1, "x": x, "disk": MAYBE},
        {"key": None},
    ]


def test_where_a_dynamic_block_may_be_is_marked() -> None:
    text = """
resource "a" "one" {
  disk {
    tag {}
    dynamic "tag" {}
  }
  disk {}
}
"""
    (one,) = declared("main.tf", text)
    assert (one.dynamic, one.fixed) == ({("disk", "tag")}, {("disk",): 2, ("disk", "tag"): 1})
    made: list[Any] = [{"tag": {}}, {}, {"tag": [1, 2]}, {"tag": [1]}, "icp", None]
    blocks = {"a": [block("a.one", disk=made), block("a.one", disk={"tag": {}}), block("a.one")]}
    settle_values(blocks, {("main.tf", "a.one"): one})
    found = [each.get("disk") for each in blocks["a"]]
    assert found[0] == [
        {"tag": [{}, MAYBE]},
        {"tag": MAYBE},
        {"tag": [1, 2]},
        {"tag": [1, MAYBE]},
        "icp",
        None,
    ]
    assert found[1:] == [{"tag": [{}, MAYBE]}, None]


@pytest.mark.parametrize(
    ("written", "there"),
    [("true", True), ("true # on", True), ("false", False), ("var.x", False), ("true && x", False)],
)
def test_what_is_enabled_is_there(written: str, there: bool) -> None:
    text = f'resource "a" "one" {{\n  lifecycle {{\n    enabled = {written}\n  }}\n}}\n'
    (one,) = declared("main.tf", text)
    blocks = {"a": [block("a.one"), block("a.two")]}
    taken = take_out_uncertain(blocks, {("main.tf", "a.one"): one})
    assert taken == (set() if there else {("main.tf", "a.one")})
    assert len(blocks["a"]) == 1 + there
