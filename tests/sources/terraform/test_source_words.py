"""Words that are taken out of source: calls of functions, names of members in JSON."""

from __future__ import annotations

import json
from time import perf_counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pytest_icp.sources.terraform.source_words import renamed_members, sources, without_calls


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('file("a")', 'xile("a")'),
        ('templatefile ("a", {})', 'xemplatefile ("a", {})'),
        ("sensitive/* ( */\n# (\n//(\n(1)", "xensitive/* ( */\n# (\n//(\n(1)"),
        ('1-filebase64("a")', '1-xilebase64("a")'),
        ('core::file("a")', 'core::xile("a")'),
        ('"/*" file("a") "*/"', '"/*" xile("a") "*/"'),
        ('"file /*" file # \n("a") # */', '"file /*" xile # \n("a") # */'),
        ("nonsensitive(1) profile(2) my_file(3)", "nonsensitive(1) profile(2) my_file(3)"),
        ("file = 1 # (", "file = 1 # ("),
        ("file /* (", "file /* ("),
        ("file // (", "file // ("),
    ],
)
def test_calls_are_found_wherever_they_stand(text: str, expected: str) -> None:
    assert without_calls("a.tf", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": "${\\u0066ile(\\"b\\")}"}', {"a": '${xile("b")}'}),
        ('{"a": "${file/**/(b)}", "c": "文"}', {"a": "${xile/**/(b)}", "c": "文"}),
        ('{"file": ["(", "file"]}', {"file": ["(", "file"]}),
    ],
)
def test_calls_in_the_strings_of_json(text: str, expected: object) -> None:
    assert json.loads(without_calls("a.tf.json", text)) == expected


@pytest.mark.parametrize("text", ['{"a": "file(', '"\\x" file(', '"\\', "\\"])
def test_what_is_no_json_stays_as_it_is(text: str) -> None:
    assert without_calls("a.tf.json", text) == text
    assert renamed_members(text, {("a",): "b"}).startswith(text[:1])


@given(st.lists(st.sampled_from(["file", "(", "/*", "*/", "#", "//", "\n", " ", '"', "x", "-"])))
@example(["file", "/*", "file", "#", "\n", "(", "*/"])
def test_no_call_is_left_whatever_is_before_it(words: list[str]) -> None:
    """However a parser reads what is before, this is a call in it."""
    text = "".join(words) + '\nfile /**/ # x\n ("a")'
    assert without_calls("a.tf", text).endswith('xile /**/ # x\n ("a")')


@pytest.mark.parametrize(
    "part",
    ["file", "file/*", "file#", "file\n#", "file //", "file ", "file*/", '"\\"', "{", '"a":{'],
)
@pytest.mark.parametrize("name", ["a.tf", "a.tf.json"])
def test_the_time_is_that_of_the_length(name: str, part: str) -> None:
    text = part * (200_000 // len(part))
    begun = perf_counter()
    assert without_calls(name, text)
    list(sources(name, "module source=" + text))
    assert renamed_members(text, {}) == text
    assert perf_counter() - begun < 5  # a square takes minutes


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.tf", 'module "m" { source = "./m" }', ["./m"]),
        ("a.tf", 'module "m" {\n  source/**/=\n"./m" # here\n}', ["./m"]),
        ("a.tf", 'module "m" {\n  source = "${x}"\n}', [None]),
        ("a.tf", 'module "m" {\n  source = "a" == x ? 1 : 2\n}', [None]),
        ("a.tf", 'module "m" {\n  source_x = 1\n  source {\n  }\n}', []),
        ("a.tf", 'x "y" {\n  source = module.m.x\n}', []),
        ("a.tf.json", '{"module": [{"m": {"source": "./m"}}], "x": {"source": 1}}', ["./m"]),
        ("a.tf.json", '{"module": {"m": {"source": 1}, "n": {"source": "%{if x}"}}}', [None, None]),
    ],
)
def test_sources_of_modules(name: str, text: str, expected: list[str | None]) -> None:
    assert list(sources(name, text)) == expected


def test_members_have_other_names() -> None:
    text = '{"v": [{"\\u0061": {"d": 1}}, {"b": {"d": "a"}}], "d": {"a": 2}}'
    renamed = renamed_members(text, {("v", "a"): "x", ("v", "a", "d"): "y"})
    assert renamed == '{"v": [{"x": {"y": 1}}, {"b": {"d": "a"}}], "d": {"a": 2}}'
