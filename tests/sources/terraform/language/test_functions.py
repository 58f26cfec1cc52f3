"""Functions of known values: what Terraform gives, or what is not known."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sources.terraform.language.evaluation import NOT_KNOWN, value

KNOWN: dict[str, Any] = {
    'length("abc")': 3,
    "length({a = 1})": 1,
    'length(toset(["a", "a"]))': 1,
    "max(1, 5, 3)": 5,
    "min(1, 5, 3)": 1,
    'endswith("abc", "bc")': True,
    'startswith("abc", "b")': False,
    'format("%s-%d-%03d-%v-%%", "a", 1, 7, true)': "a-1-007-true-%",
    'format("%d|%v", "12", [1, "b"])': '"12|[1,\\"b\\"]"',
    'formatlist("%s-%s", ["a", "b"], "x")': ["a-x", "b-x"],
    'join("-", ["a"], [1, true])': "a-1-true",
    'lower("ABC")': "abc",
    'upper("abc")': "ABC",
    'replace("a.b.c", ".", "-")': "a-b-c",
    'split(",", "a,b")': ["a", "b"],
    'split(",", "")': [""],
    'split("", "ab")': ["a", "b"],
    'strcontains("abc", "b")': True,
    'substr("hello", 1, 3)': "ell",
    'substr("hello", -3, 2)': "ll",
    'substr("hello", 1, -1)': "ello",
    'trim("?a?", "?")': "a",
    'trimprefix("abc", "ab")': "c",
    'trimsuffix("abc", "bc")': "a",
    r'trimspace(" a\n")': "a",
    'alltrue([true, "true"])': True,
    "anytrue([])": False,
    'coalesce("", null, 5)': "5",
    'coalescelist([], ["a"])': ["a"],
    'compact(["a", "", null, "b"])': ["a", "b"],
    "concat([1], [2, 3])": [1, 2, 3],
    'contains(["a"], "b")': False,
    'distinct(["a", "b", "a", 1, "1"])': ["a", "b", "1"],
    'element(["a", "b"], 3)': "b",
    'flatten([["a"], [["b"]], "c"])': ["a", "b", "c"],
    "keys({b = 1, a = 2})": ["a", "b"],
    "values({b = 1, a = 2})": [2, 1],
    'lookup({a = 1}, "b", 0)': 0,
    "merge({a = 1}, {b = 2}, {a = 3}, null)": {"a": 3, "b": 2},
    "one([])": None,
    'one(toset(["a"]))': "a",
    "range(3)": [0, 1, 2],
    "range(4, 1)": [4, 3, 2],
    "range(0, 10, 5)": [0, 5],
    "reverse([1, 2])": [2, 1],
    'setproduct(["a", "b"], [1])': [["a", 1], ["b", 1]],
    'setunion(["b"], ["a"])': ["a", "b"],
    'slice(["a", "b", "c"], 1, 2)': ["b"],
    'sort(["b", "a", 10])': ["10", "a", "b"],
    'zipmap(["a", "b"], [1, 2])': {"a": 1, "b": 2},
    'jsonencode({b = [1, true, null, "<x>"], a = "é"})': '"{\\"a\\":\\"é\\",\\"b\\":[1,true,null,'
    '\\"\\\\u003cx\\\\u003e\\"]}"',
    'tobool("true")': True,
    "tobool(null)": None,
    'tonumber("1e3")': 1000,
    "tonumber(null)": None,
    "tostring(1.0)": "1",
    "tostring(null)": None,
    'tolist(["a", 1])': ["a", "1"],
    "tolist(null)": None,
    'toset(["b", "a", "b"])': ["a", "b"],
    "toset(null)": None,
    "toset([2, 1, true])": [1, 2, True],
    "toset([[1], [1]])": [[1]],
    "tomap({a = 1})": {"a": 1},
    "tomap(null)": None,
    "nonsensitive(1)": 1,
    'core::upper(lower("A"))': "A",
    '[for k, v in toset(["z"]) : k]': ["z"],
}


@pytest.mark.parametrize("call", KNOWN)
def test_what_terraform_gives(call: str) -> None:
    found = value(call)
    wanted = KNOWN[call]
    if isinstance(wanted, str) and wanted.startswith('"'):
        wanted = value(wanted)  # a text with escapes, as the language writes it
    assert found == wanted
    assert isinstance(found, bool) == isinstance(wanted, bool)


@pytest.mark.parametrize(
    "call",
    [
        'tobool("x")',
        "tobool(1)",
        'tonumber("a")',
        "tonumber([])",
        "tonumber(true)",
        "tostring([])",
        "one([1, 2])",
        "element([], 0)",
        "slice([1], 0, 5)",
        'zipmap(["a"], [1, 2])',
        'lookup({a = 1}, "b")',
        'coalesce("", null)',
        "coalescelist([], [])",
        "range(2000)",
        "range(0, 1, 0)",
        "merge([1])",
        "keys([1])",
        'flatten("a")',
        'toset("a")',
        "toset([[1], 1])",
        "tomap([1])",
        'concat(toset(["a"]))',
        "length(1)",
        'alltrue(["x"])',
        "max()",
        'join(",", "a")',
    ],
)
def test_what_is_certainly_refused_is_tried_in_vain(call: str) -> None:
    assert value(f"try({call}, 4711)") == 4711


@pytest.mark.parametrize(
    "call",
    [
        "nosuch(1)",
        "try(nosuch(1), 1)",
        "try(provider::a::b(1), 1)",
        'file("/etc/passwd")',
        'try(file("/etc/passwd"), 1)',
        'yamldecode("a: 1")',
        'length("héllo")',
        'regex("a", "a")',
        'replace("foo", "/o/", "x")',
        'format("%x", 255)',
        'format("%q", "a")',
        'format("%-5s", "a")',
        'format("%s")',
        'format("%s", "a", "b")',
        'format("%d", 1.5)',
        'format("%.2s", "abc")',
        'format("%0999d", 1)',
        'formatlist("%s", "a")',
        'replace("foo", "/(o)/", "<$1>")',
        'element(["a"], -1)',
        "range(0.5)",
        "range()",
        "toset([null])",
        'toset([{a = 1}, "x", 1]) == 1 ? 1 : [][0]',
        "sensitive(1)",
        "nonsensitive()",
        "concat()",
        'upper("a", "b")',
    ],
)
def test_what_is_more_than_is_read_here_is_not_known(call: str) -> None:
    assert value(call) == NOT_KNOWN
