"""Modules: variables and their types, what is repeated, providers."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_icp.sources.terraform.language.modules import FileFault
from tests.sources.terraform.language.evaluation import NOT_KNOWN, evaluated, value, values

# --- variables -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "given", "found"),
    [
        ("string", "1", "1"),
        ('"string"', "1", "1"),
        ("number", '"1.5"', 1.5),
        ("bool", '"true"', True),
        ("any", "[1]", [1]),
        ("list(string)", "[1, true]", ["1", "true"]),
        ("list", "[1]", [1]),
        ("map", "{a = 1}", {"a": 1}),
        ("map(number)", '{a = "1"}', {"a": 1}),
        ("set(string)", '["b", "a", "b"]', ["a", "b"]),
        ("tuple([string, number])", '[1, "2"]', ["1", 2]),
        ("object({a = string})", "{a = 1, b = 2}", {"a": "1"}),
        ("object({a = optional(string), b = optional(number, 3)})", "{}", {"b": 3}),
        ("object({b = optional(number, 3)})", "{b = null}", {"b": 3}),
        ("list(object({a = optional(bool, true)}))", "[{}]", [{"a": True}]),
        ("object({a = object({b = optional(number, 1)})})", "{a = {}}", {"a": {"b": 1}}),
        ("object({a = string})", "{}", NOT_KNOWN),
        ("number", '"x"', NOT_KNOWN),
        ("map(string)", "[]", NOT_KNOWN),
        ("nosuch(string)", "[]", NOT_KNOWN),
        ("object()", "{}", {}),
    ],
)
def test_a_variable_is_what_its_type_makes_of_it(kind: str, given: str, found: Any) -> None:
    before = f'variable "v" {{\n  type = {kind}\n  default = {given}\n}}\n'
    assert value("var.v", before) == found


def test_types_and_what_is_not_known() -> None:
    text = """
variable "open" {}
resource "n_n" "one" {}
module "m" {
  source = "./m"
  set    = [var.open]
  whole  = n_n.one
  text   = n_n.one
  part   = { k = var.open }
}
"""
    module = """
variable "set" { type = set(string) }
variable "whole" { type = object({ id = string, x = optional(string, "d") }) }
variable "text" { type = string }
variable "part" { type = object({ k = optional(string, "d"), l = optional(number, 3) }) }
resource "a_b" "c" {
  set   = var.set
  whole = var.whole
  text  = var.text
  k     = var.part.k == null ? 1 : 2
  l     = var.part.l
}
"""
    found = values({"main.tf": text, "m/main.tf": module})["module.m.a_b.c"]
    whole = {"id": NOT_KNOWN, "x": NOT_KNOWN}
    assert found == {"set": NOT_KNOWN, "whole": whole, "text": NOT_KNOWN, "k": NOT_KNOWN, "l": 3}


@pytest.mark.parametrize(
    ("declared", "found"),
    [
        ("", NOT_KNOWN),
        ("default = 1", 1),
        ("default = null", None),
        ("default = local.a", NOT_KNOWN),
        ("default = 1\n sensitive = true", NOT_KNOWN),
        ("default = 1\n ephemeral = true", NOT_KNOWN),
        ("default = 1\n sensitive = null", NOT_KNOWN),
        ("default = 1\n sensitive = false", 1),
        ('default = 1\n sensitive = "false"', 1),
    ],
)
def test_a_variable_is_its_default(declared: str, found: Any) -> None:
    assert value("var.v", f'variable "v" {{\n {declared}\n}}') == found


def test_the_last_file_of_variables_wins() -> None:
    files = {
        "main.tf": 'variable "v" {}\nvariable "w" {}\nresource "a_b" "c" {\n x = [var.v, var.w]\n}',
        "a.tfvars": 'v = 1\nw = [upper("a")]\n',
    }
    found = values(files, ".", "a.tfvars", {"v": {"k": [2]}})
    assert found["a_b.c"]["x"] == [{"k": [2]}, ["A"]]


# --- what is there, and how often ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("repeated", "keys"),
    [
        ("", [""]),
        ("count = 2", ["[0]", "[1]"]),
        ('count = "1"', ["[0]"]),
        ("count = 0", []),
        ("count = -1", None),
        ("count = 1.5", None),
        ("count = null", None),
        ("count = var.open", None),
        ("count = [1]", None),
        ('for_each = { b = 1, "a.c" = var.open, d = null }', ['["a.c"]', '["b"]', '["d"]']),
        ('for_each = toset(["x"])', ['["x"]']),
        ("for_each = toset([1])", None),
        ("for_each = {}", []),
        ("for_each = [1]", None),
        ("for_each = null", None),
        ("for_each = toset([var.open])", None),
        ("for_each = { (var.open) = 1 }", None),
        ("lifecycle {\n  enabled = true\n}", [""]),
        ("lifecycle {\n  enabled = false\n}", []),
        ("lifecycle {\n  enabled = var.open\n}", None),
        ("lifecycle {\n  prevent_destroy = true\n}", [""]),
    ],
)
@pytest.mark.parametrize("kind", ['resource "a_b" "c"', 'module "m"'])
def test_how_often_a_block_is_there(kind: str, repeated: str, keys: list[str] | None) -> None:
    inside = 'source = "./m"' if kind.startswith("module") else ""
    text = f'variable "open" {{}}\n{kind} {{\n  {inside}\n  {repeated}\n}}\n'
    found = evaluated({"main.tf": text, "m/main.tf": 'resource "a_b" "c" {\n}'})
    addresses = [one["address"] for one in found["resources"]]
    name = "module.m{}.a_b.c" if inside else "a_b.c{}"
    assert addresses == [name.format(key) for key in keys or ()]
    assert [one["line"] for one in found["open"]] == ([2] if keys is None else [])


def test_each_and_count_mean_the_one_that_is_there() -> None:
    text = """
module "m" {
  source   = "./m"
  for_each = { a = { n = 1 }, b = { n = 2 } }
  n        = each.value.n
  k        = each.key
}
resource "a_b" "c" {
  count = 2
  n     = count.index
  m     = module.m["b"].out[1].x
  all   = values(module.m)[*].out[0].x
}
"""
    module = """
variable "n" {}
variable "k" {}
resource "q_w" "e" {
  count = var.n + 1
  x     = "${var.k}${count.index}"
}
output "out" { value = q_w.e }
"""
    found = values({"main.tf": text, "m/main.tf": module})
    assert found["a_b.c[1]"] == {"count": 2, "n": 1, "m": "b1", "all": ["a0", "b0"]}
    assert found['module.m["b"].q_w.e[2]']["x"] == "b2"


@pytest.mark.parametrize("block", ['resource "a"', 'data "a" "b" "c"', "module", 'variable "a" b'])
def test_a_block_has_its_labels(block: str) -> None:
    with pytest.raises(FileFault) as caught:
        evaluated({"main.tf": 'module "m" { source = "./m" }', "m/a.tf": f"\n{block} {{}}\n"})
    fault = caught.value.fault
    kind = block.split(" ", maxsplit=1)[0]
    assert (caught.value.file, str(fault), fault.word, fault.line) == ("m/a.tf", "labels", kind, 2)


def test_outputs() -> None:
    module = """
output "known" { value = path.module }
output "hidden" {
  value     = 1
  sensitive = true
}
output "bare" {}
"""
    text = 'module "m" { source = "./x/../m" }\n'
    found = value("[module.m.known, path.root]", text)
    assert found == [NOT_KNOWN, "."]
    files = {
        "main.tf": text + 'resource "a_b" "c" {\n  x = [module.m.known, module.m.hidden, '
        "module.m.bare]\n}\n",
        "m/main.tf": module,
    }
    assert values(files)["a_b.c"]["x"] == ["m", NOT_KNOWN, NOT_KNOWN]


def test_what_is_sensitive_is_hidden_in_all_that_is_made_of_it() -> None:
    text = """
variable "secret" {
  sensitive = true
  default   = "x"
}
resource "a_b" "c" {
  a = "${var.secret}-a"
  b = nonsensitive(var.secret)
  c = length(var.secret) > 0 ? 1 : 2
  d = [upper(var.secret)]
  e = { k = try(var.secret, 1) }
  f = sensitive("x")
  g = nosuch(var.secret)
}
"""
    found = evaluated(text)
    assert found["hidden"] == ["secret"]
    assert found["resources"][0]["hidden"] == list("abcdefg")


# --- providers -----------------------------------------------------------------------------------


def providers(text: str, **modules: str) -> dict[str, str]:
    files = {f"{name}/main.tf": module for name, module in modules.items()}
    found = evaluated({"main.tf": text, **files})
    return {one["address"]: one["provider"] for one in found["resources"]}


def test_providers_that_modules_are_given() -> None:
    text = """
module "given" {
  source    = "./m"
  for_each  = toset(["x"])
  providers = { a = a.by[each.key], a.src = a.hk }
}
module "own" { source = "./own" }
module "odd" {
  source    = "./m"
  providers = var.x
}
"""
    inside = 'resource "a_b" "c" {}\nresource "a_b" "d" { provider = a.src }\n'
    own = 'provider "a" {}\nmodule "m" { source = "../m" }\n'
    assert providers(text, m=inside, own=own) == {
        'module.given["x"].a_b.c': 'a.by["x"]',
        'module.given["x"].a_b.d': "a.hk",
        "module.odd.a_b.c": "a",
        "module.odd.a_b.d": "a.src",
        "module.own.module.m.a_b.c": "module.own:a",
        "module.own.module.m.a_b.d": "a.src",
    }
