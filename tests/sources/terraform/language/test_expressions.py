"""What expressions mean, with values that are known and values that are not."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.sources.terraform.language.evaluation import NOT_KNOWN, value, values

KNOWN: dict[str, Any] = {
    "1 + 2 * 3 - 4 / 2 % 3": 5,
    "-7 % 3": -1,
    "10 / 4": 2.5,
    "0.1 + 0.2": 0.3,
    "1e3": 1000,
    "!true || false && true": False,
    '!("true")': False,
    '1 == "1"': False,
    'true == "true"': False,
    "1 == 1.0": True,
    "[1, 2] == [1, 2]": True,
    "[1] == [1, 2]": False,
    "{a = 1} == {a = 1}": True,
    '{a = 1} == {a = "1"}': False,
    "null == null": True,
    '"a" != null': True,
    "1 < 2": True,
    "2 <= 1": False,
    "2 > 1": True,
    "1 >= 2": False,
    '"5" + 1': 6,
    '-"5"': -5,
    '"a${1}b${true}c${1.5}"': "a1btruec1.5",
    r'"a\nb\t\"q\" \u00e9 \U0001F600 \\ $${x} %%{y} $ %"': 'a\nb\t"q" é 😀 \\ ${x} %{y} $ %',
    '"x ${~ "y" ~}  z"': "xyz",
    '"${7}"': 7,
    '"${[1][0]}"': 1,
    '[for i, x in ["a", "b"] : "${i}${x}"]': ["0a", "1b"],
    '[for x in ["a", ""] : x if x != ""]': ["a"],
    "{for k, v in {a = 1, b = 2} : v => k}": {"1": "a", "2": "b"},
    '{for x in ["a", "b", "a"] : x => 1...}': {"a": [1, 1], "b": [1]},
    "[{a = 1}, {a = 2}][*].a": [1, 2],
    "[{a = 1}, {a = 2}].*.a": [1, 2],
    "[[1, 2], [3]][*][0]": [1, 3],
    "[{a = [1]}].*.a[0]": [1],
    "null[*]": [],
    '"x"[*]': ["x"],
    "{a = {b = [1, 2]}}.a.b[1]": 2,
    '{a = 1}["a"]': 1,
    "[1, 2, 3].1": 2,
    '[1, 2]["1"]': 2,
    "[1, 2][1.0]": 2,
    'true ? 1 : "a"': "1",
    'false ? "${1}a" : true': "true",
    "false ? null : 2": 2,
    '"true" ? 1 : 2': 1,
    "true ? null : 2": None,
    "[\n1, # one\n2,\n]": [1, 2],
    "(1\n+ /* two */ 2)": 3,
    '{a = 1, "b" : 2\n (upper("c")) = 3\n}': {"a": 1, "b": 2, "C": 3},
    "{for = 1, in = 2}": {"for": 1, "in": 2},
    "max ( 1, 2 )": 2,
    "max([1, 5]...)": 5,
    "try({a = 1}.b, [1][5], 2)": 2,
    "try(null, 1)": None,
    "can({a = 1}.b)": False,
    "can(1)": True,
    "1e3 == 1000": True,
    "12345678901234567890123": 12345678901234567890123,
}


@pytest.mark.parametrize("expression", KNOWN)
def test_what_is_known(expression: str) -> None:
    assert value(expression) == KNOWN[expression]


@pytest.mark.parametrize(
    "expression",
    [
        '"a" + 1',
        "1 / 0",
        "1e300 * 1e300",
        "!1",
        "1 ? 2 : 3",
        "{a = 1}.b",
        "[1][1]",
        "[1][-1]",
        "[1][0.5]",
        'toset(["a"])[0]',
        '"a"[0]',
        "null.x",
        '"a${null}"',
        '"a${[1]}"',
        "[for x in 1 : x]",
        '{for x in ["a", "a"] : x => 1}',
        "{(null) = 1}",
        "true && 1",
        "try({}.a)",
    ],
)
def test_what_has_no_value_is_not_known_and_is_tried_in_vain(expression: str) -> None:
    assert value(f"try({expression}, 4711)") == 4711
    assert value(expression) == NOT_KNOWN


BEFORE = """
variable "open" {}
variable "typed" { type = string }
variable "parts" { type = object({ k = optional(string) }) }
locals {
  open  = var.open
  part  = { k = var.open }
  whole = data.q_w.e
  other = n_n.one
  file  = file("x.txt")
  chain = local.open
  one   = local.two
  two   = local.one
}
data "q_w" "e" { s = var.open }
resource "n_n" "one" { att = var.open }
resource "n_n" "maybe" { count = var.open }
resource "n_n" "each" { for_each = var.open }
resource "n_n" "two" { count = 2 }
module "remote" { source = "x/y/z" }
module "maybe" {
  source = "x/y/z"
  count  = var.open
}
"""
OPEN = [
    "var.open",
    "var.typed",
    "var.parts.k",
    "var.undeclared",
    "local.open",
    "local.part.k.z",
    "local.whole.z",
    "local.other.att",
    "local.other.id",
    "local.file",
    "local.chain",
    "local.one",
    "local.undeclared",
    "data.q_w.e.id",
    "data.q_w.e.s",
    "data.q_w.undeclared.x",
    "data.undeclared.e.x",
    "n_n.one.arn",
    "n_n.maybe[0].att",
    'n_n.each["a"].x',
    "n_n.two[0].id",
    "n_n.undeclared.x",
    "one(n_n.maybe[*].id)",
    "module.remote.x",
    "module.maybe[0].x",
    "module.undeclared.x",
    'file("x")',
    "templatefile(each.value, {})",
    "timestamp()",
    "uuid()",
    "nosuch(1)",
    "provider::a::b(1)",
    "terraform.workspace",
    "tofu.workspace",
    "path.cwd",
    'abspath("x")',
    "self.x",
    "each.value.x",
    "count.index",
    "ephemeral.a.b.c",
    'sensitive("x")',
    "nonsensitive(sensitive(1))",
    "coalesce(var.open, 1)",
    "try(data.q_w.e.z, 1)",
    'jsondecode(file("x")).y',
]
MADE: dict[str, Any] = {
    "%": NOT_KNOWN,
    "try(%, 1)": NOT_KNOWN,
    "can(%)": NOT_KNOWN,
    "try(%.a, 1)": NOT_KNOWN,
    "try([1, %], 1)": NOT_KNOWN,
    'coalesce(%, "b")': NOT_KNOWN,
    'coalesce("", %)': NOT_KNOWN,
    'coalesce("b", %)': "b",
    '% == "a"': NOT_KNOWN,
    "[%] != [1]": NOT_KNOWN,
    "% ? 1 : 2": NOT_KNOWN,
    '"${%}-a"': NOT_KNOWN,
    "length(%)": NOT_KNOWN,
    "length([%])": 1,
    "merge({a = 1}, %)": NOT_KNOWN,
    "merge({a = 1}, {b = %})": {"a": 1, "b": NOT_KNOWN},
    "{a = 1, b = %}.a": 1,
    "{(%) = 1}": NOT_KNOWN,
    "[1, %][0]": 1,
    "[1, 2][%]": NOT_KNOWN,
    "element([1, %], 0)": 1,
    "element([1, 2], %)": NOT_KNOWN,
    'join(",", ["a", %])': NOT_KNOWN,
    'format("%%s", %)': NOT_KNOWN,
    'replace("a", "a", %)': NOT_KNOWN,
    'toset(["a", %])': NOT_KNOWN,
    "jsonencode({a = %})": NOT_KNOWN,
    "jsondecode(%)": NOT_KNOWN,
    "sum([1, %])": NOT_KNOWN,
    "max(1, %)": NOT_KNOWN,
    "max(%...)": NOT_KNOWN,
    'contains(["a"], %)': NOT_KNOWN,
    'contains(%, "a")': NOT_KNOWN,
    'contains(["a", %], "b")': NOT_KNOWN,
    'contains(["a", %], "a")': True,
    "%[*]": NOT_KNOWN,
    "%[*].id": NOT_KNOWN,
    "[for x in % : x]": NOT_KNOWN,
    "[for x in [1] : x if %]": NOT_KNOWN,
    "{for x in [1] : % => x}": NOT_KNOWN,
    'lookup(%, "a", 3)': NOT_KNOWN,
    "lookup({a = 1}, %, 3)": NOT_KNOWN,
    'lookup({a = 1}, "a", %)': 1,
    'lookup({a = 1}, "b", %)': NOT_KNOWN,
    'index(["a", %], "b")': NOT_KNOWN,
    "concat([1], [%])": [1, NOT_KNOWN],
    "flatten([[1], %])": NOT_KNOWN,
    "zipmap([%], [1])": NOT_KNOWN,
    "transpose({a = [%]})": NOT_KNOWN,
    "alltrue([true, %])": NOT_KNOWN,
    "alltrue([false, %])": False,
    "anytrue([true, %])": True,
    "!%": NOT_KNOWN,
    "-%": NOT_KNOWN,
    "% + 1": NOT_KNOWN,
    "% && true": NOT_KNOWN,
    "% && false": False,
    "true || %": True,
    "true ? 1 : %": 1,
}


def _with(made: str, open_: str) -> str:
    """Return an expression with another one in place of each ``%`` that is no directive."""
    return re.sub("%%|%(?!{)", lambda found: "%" if found[0] == "%%" else open_, made)


def test_nothing_is_made_up_of_what_is_not_known() -> None:
    cases = [(made, open_) for made in MADE for open_ in OPEN]
    written = "".join(
        f'resource "r_r" "r{number}" {{\n  x = [{_with(*case)}]\n}}\n'
        for number, case in enumerate(cases)
    )
    found = values(BEFORE + written)
    wrong = {
        case: found[f"r_r.r{number}"]["x"]
        for number, case in enumerate(cases)
        if found[f"r_r.r{number}"]["x"] not in ([MADE[case[0]]], MADE[case[0]])
    }
    assert wrong == {}


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("n_n.one == null", False),
        ("null == n_n.one.id", False),
        ("null == n_n.one.x", NOT_KNOWN),
        ("length(n_n.two)", 2),
        ("length(n_n.one)", NOT_KNOWN),
        ("length(data.q_w.e)", NOT_KNOWN),
        ('lookup(data.q_w.e, "id", 1)', NOT_KNOWN),
        ("keys(n_n.one)", NOT_KNOWN),
        ("try(n_n.one, 1)", NOT_KNOWN),
        ("can(n_n.one)", True),
        ('n_n.one["id"]', NOT_KNOWN),
        ("n_n.one[0]", NOT_KNOWN),
        ("[for k, v in n_n.one : k]", NOT_KNOWN),
        ('try("${n_n.two[5].id}", 1)', 1),
        ("coalesce(n_n.one.id, 1) == null", False),
        ('"${var.open}" == null', NOT_KNOWN),
        ('"a${var.open}" == null', False),
    ],
)
def test_blocks_as_a_whole(expression: str, found: Any) -> None:
    assert value(expression, BEFORE) == found
