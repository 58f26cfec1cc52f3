"""Documents checked against schemas: all problems, each with its place and a fix."""

# ruff: noqa: E501 - one case on one line

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_icp.facts.files.properties import made_schema, retrieve
from pytest_icp.facts.files.schema import InvalidDocument, check
from pytest_icp.facts.files.source import read_source

if TYPE_CHECKING:
    from collections.abc import Callable

    Problems = Callable[[dict[str, Any], str], list[str]]

DAY = {"type": ["string", "null"], "format": "date", "pattern": "^[12][0-9]{3}-[0-9]{2}-[0-9]{2}$"}


def written(properties: dict[str, Any], **more: Any) -> str:
    """Return the name of a schema of objects."""
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        **more,
    }
    return made_schema(document)


def problems(folder: Path, schema: str, text: str, name: str = "x.yaml") -> list[str]:
    """Return ``line:column message | hint`` of each problem, in English."""
    (folder / name).write_text(text, "utf-8")
    source = read_source(folder / name)
    with pytest.raises(InvalidDocument) as caught:
        check(source, schema)
    found = caught.value.problems
    assert all(p.message.zh and bool(p.hint.zh) == bool(p.hint.en) for p in found)
    return [
        f"{p.place.line}:{p.place.column} {p.message.en}" + (f" | {p.hint.en}" if p.hint.en else "")
        for p in found
    ]


NESTED = {
    "renewal": {
        "anyOf": [
            {
                "type": "object",
                "additionalProperties": False,
                "properties": {"applied_on": DAY, "decided_on": DAY, "kind": {}},
            },
            {"type": "null"},
        ]
    },
    "sites": {
        "type": ["array", "null"],
        "items": {
            "type": "object",
            "additionalProperties": False,
            "required": ["id"],
            "properties": {
                "id": {"type": "string", "minLength": 1, "examples": ["main"]},
                "production": {"type": ["boolean", "null"]},
                "kind": {},
            },
        },
    },
    "years": {"type": ["integer", "null"]},
    "company": {"type": ["string", "null"]},
}


DESCRIBED = """\
apiVersion: pytest-icp/v1
renewal: {decision: granted}
other_licences:
  - {id: a, obtained_on: 2020-01-08}
  - id: b
    obtained_on: 2021-01-08
  - {id: c, valid_until: none}
"""


def test_what_has_to_be_said_together_is_told_once_for_all_with_its_words(tmp_path: Path) -> None:
    file = tmp_path / "a.icp.yaml"
    file.write_text(DESCRIBED, "utf-8")
    with pytest.raises(InvalidDocument) as caught:
        check(read_source(file), "description")
    said = caught.value.text("en").replace(f"{file}:", "").splitlines()
    assert said == [
        "2:1: missing key 'decided_on'",
        "  The day on which the authority decided; null if it is not known",
        "4:5: missing key 'valid_until'; and 1 more: line 5",
        "  The last day of validity; none where it has no end; null if it is not known",
        "7:5: missing key 'obtained_on'",
        "  The day on which it was issued; null if it is not known",
    ]
    zh = caught.value.text("zh")
    assert "缺少必填的键 'valid_until'；另有 1 处，行号：5" in zh
    assert "有效期的最后一天；没有期限的填 none；不知道的填 null" in zh


def test_of_very_many_some_lines_are_named(tmp_path: Path) -> None:
    reports = "".join(f"- {{id: r{i}, covers_year: 2022}}\n" for i in range(14))
    file = tmp_path / "a.icp.yaml"
    file.write_text(f"apiVersion: pytest-icp/v1\nannual_reports:\n{reports}", "utf-8")
    with pytest.raises(InvalidDocument) as caught:
        check(read_source(file), "description")
    (problem,) = caught.value.problems
    lines = ", ".join(map(str, range(4, 14)))
    assert problem.message.en == f"missing key 'year_of_submission'; and 13 more: line {lines}, …"
    assert caught.value.more == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("renewal:\n  aplied_on: 2024-01-01", "2:3 unknown key 'aplied_on' | did you mean 'applied_on'?"),
        ("applied_on: 2024-01-01", "1:1 unknown key 'applied_on' | it belongs under 'renewal'"),
        ("kind: 1", "1:1 unknown key 'kind' | it belongs under 'renewal' or 'sites'"),
        ("xyz: 1", "1:1 unknown key 'xyz' | allowed here: 'company', 'renewal', 'sites' or 'years'"),
        ("sites:\n- kind: 1", "2:3 missing key 'id' | for example id: main"),
        ("sites:\n- id: a\n- {}", "3:3 missing key 'id' | for example id: main"),
        ("sites: main", "1:8 expected a list, found a string | write a list: each entry after `- `"),
        ("sites: {id: a}", "1:8 expected a list, found a mapping of keys to values | write a list: each entry after `- `"),
        ("sites: [a]", "1:9 expected a mapping of keys to values, found a string"),
        ("sites:\n- id: 010", "2:7 expected a string, found a whole number | put it in quotes"),
        ("sites:\n- id: true", "2:7 expected a string, found true or false | put it in quotes"),
        ("sites:\n- id:", "2:3 expected a string, found null"),
        ("sites:\n- id: ''", "2:7 this cannot be empty"),
        ("sites:\n- {id: a, production: yes}", "2:23 expected true or false, found a string | write true"),
        ("sites:\n- {id: a, production: off}", "2:23 expected true or false, found a string | write false"),
        ("sites:\n- {id: a, production: 1.5}", "2:23 expected true or false, found a number"),
        ("years: '3'", "1:8 expected a whole number, found a string | write it as a number, without quotes"),
        ("years: many", "1:8 expected a whole number, found a string"),
        ("company: [淘车]", "1:10 expected a string, found a list"),
        ("renewal: later", "1:10 expected a mapping of keys to values, found a string"),
        ("renewal:\n  applied_on: 2024-02-30", "2:15 2024-02-30 is not a date that exists"),
        ("[1]", "1:1 expected a mapping of keys to values, found a list"),
    ],
)  # fmt: skip
def test_a_problem_has_a_place_and_a_fix(tmp_path: Path, text: str, expected: str) -> None:
    schema = written(NESTED)
    assert problems(tmp_path, schema, text) == [expected]


EVENT = {"anyOf": [{"const": "never"}, {"$ref": "#/$defs/Day"}]}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2023-02-29", "2023-02-29 is not a date that exists"),
        ("nevr", "'nevr' is not a date | did you mean 'never'?"),
        ("Never", "'Never' is not a date | did you mean 'never'?"),
        ("soon", "'soon' is not a date | write it like 2024-03-06, or 'never'"),
        ("2024/3/6", "'2024/3/6' is not a date | write 2024-03-06, or 'never'"),
        ("2024年3月6日", "'2024年3月6日' is not a date | write 2024-03-06, or 'never'"),
        ("2024-3-6", "'2024-3-6' is not a date | write 2024-03-06, or 'never'"),
        ("20240306", "expected 'never' or a date, found a whole number | put it in quotes"),
        ("{a: 1}", "expected 'never' or a date, found a mapping of keys to values"),
    ],
)
def test_a_date_or_never(tmp_path: Path, value: str, expected: str) -> None:
    schema = written({"on": EVENT}, **{"$defs": {"Day": DAY}})
    assert problems(tmp_path, schema, f"on: {value}") == [f"1:5 {expected}"]


@pytest.mark.parametrize(
    ("schema_of_a", "value", "expected"),
    [
        ({"enum": ["production", "staging", None]}, "prod", "'prod' is not one of the allowed values | did you mean 'production'?"),
        ({"enum": ["production", "staging"]}, "stagin", "'stagin' is not one of the allowed values | did you mean 'staging'?"),
        ({"enum": ["a1", "b2"]}, "zzz", "'zzz' is not one of the allowed values | one of: 'a1' or 'b2'"),
        ({"enum": [1, 2]}, "3", "3 is not one of the allowed values | one of: 1 or 2"),
        ({"enum": list("abcdefghij")}, "zz", "'zz' is not one of the allowed values | one of: 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', …"),
        ({"enum": ["a"]}, "''", "expected 'a', found ''"),
        ({"const": "v1"}, "v2", "expected 'v1', found 'v2'"),
        ({"pattern": "^[a-z]+$", "examples": ["abc"]}, "A", "'A' does not have the form expected here | for example 'abc'"),
        ({"pattern": "^[a-z]+$"}, "A", "'A' does not have the form expected here"),
        ({"format": "json-pointer"}, "a b", "'a b' does not have the form expected here"),
        ({"format": "ipv4"}, "1.2.3", "'1.2.3' does not have the form expected here"),
        ({"minimum": 0}, "-1", "-1 is less than 0"),
        ({"maximum": 9}, "10", "10 is more than 9"),
        ({"exclusiveMinimum": 0}, "0", "0 is not more than 0"),
        ({"exclusiveMaximum": 1}, "1", "1 is not less than 1"),
        ({"multipleOf": 2}, "3", "does not match the schema: 3 is not a multiple of 2"),
        ({"minLength": 2}, "x", "shorter than 2 characters"),
        ({"maxLength": 2}, "xyz", "longer than 2 characters"),
        ({"minItems": 1}, "[]", "this list cannot be empty"),
        ({"minItems": 2}, "[1]", "fewer than 2 entries"),
        ({"maxItems": 1}, "[1, 2]", "more than 1 entry"),
        ({"minProperties": 2}, "{b: 1}", "fewer than 2 keys"),
        ({"maxProperties": 1}, "{b: 1, c: 2}", "more than 1 key"),
        ({"uniqueItems": True}, "[x, y, x]", "'x' is in this list twice"),
        ({"not": {"const": 5}}, "5", "5 is not allowed here"),
        ({"type": "null"}, "5", "expected null, found a whole number"),
        ({"type": ["string", "number", "object"]}, "[]", "expected a string, a number or a mapping of keys to values, found a list"),
        ({"contains": {"const": 1}}, f"[{'x' * 300}]", None),
        ({"oneOf": [{"type": "integer"}, {"minimum": 3}]}, "4", "it matches several exclusive forms at once"),
        ({"anyOf": [{"type": "integer"}, {"type": "array"}]}, "x", "expected a whole number or a list, found a string | write a list: each entry after `- `"),
        ({"anyOf": [{"const": "x"}, {"const": "y"}]}, "z", "expected 'x' or 'y', found a string"),
        ({"anyOf": [{"type": "integer", "minimum": 3}, {"type": "null"}]}, "1", "1 is less than 3"),
    ],
)  # fmt: skip
def test_each_keyword_speaks(
    tmp_path: Path, schema_of_a: dict[str, Any], value: str, expected: str | None
) -> None:
    schema = written({"a": schema_of_a})
    (said,) = problems(tmp_path, schema, f"a: {value}")
    if expected is None:
        assert said.startswith("1:4 does not match the schema: ")
        assert len(said) < 250
    else:
        assert said == f"1:4 {expected}"


@pytest.mark.parametrize(
    ("schema_of_a", "value", "expected"),
    [
        ({"additionalProperties": False}, "{b: 1}", "1:5 unknown key 'b' | no key is allowed here"),
        ({"additionalProperties": False, "patternProperties": {"^x_": {}}}, "{x_1: 1, b: 2}", "1:13 unknown key 'b' | no key is allowed here"),
        ({"propertyNames": {"pattern": "^[a-z]+$"}}, "{B: 1}", "1:5 'B' cannot be a key here"),
        ({"propertyNames": {"not": {"enum": ["oneOf"]}}}, "{b: 1, oneOf: 1}", "1:11 'oneOf' cannot be a key here"),
        ({"dependentRequired": {"b": ["c"]}}, "{b: 1}", "1:1 missing key 'c'"),
        ({"not": {"required": ["b", "c"]}}, "{b: 1, c: 2}", "1:11 'b' and 'c' cannot be used together"),
        ({"not": {"required": ["b"]}}, "{b: 1}", "1:5 'b' is not allowed here"),
        ({"properties": {"days": {}, "months": {}}, "minProperties": 1, "maxProperties": 1}, "{days: 1, months: 2}", "1:4 exactly one of 'days' or 'months' is expected"),
        ({"oneOf": [{"required": ["days"]}, {"required": ["months"]}]}, "{days: 1, months: 2}", "1:4 exactly one of 'days' or 'months' is expected"),
        ({"oneOf": [{"required": ["days"]}, {"required": ["months"]}]}, "{}", "1:4 exactly one of 'days' or 'months' is expected"),
        ({"anyOf": [{"type": "object", "required": ["b", "c"]}, {"type": "object", "required": ["d"]}, {"type": "null"}]}, "{e: 1}", "1:1 missing key 'd'"),
    ],
)  # fmt: skip
def test_keys_speak(tmp_path: Path, schema_of_a: dict[str, Any], value: str, expected: str) -> None:
    schema = written({"a": schema_of_a})
    assert problems(tmp_path, schema, f"a: {value}") == [expected]


KINDS = {
    "type": "object",
    "required": ["kind"],
    "properties": {"kind": {"enum": ["deadline", "order"]}, "id": {}},
    "allOf": [
        {
            "if": {"properties": {"kind": {"const": "deadline"}}, "required": ["kind"]},
            "then": {"$ref": "#/$defs/Deadline"},
            "else": {"properties": {"first": {}}},
        }
    ],
    "unevaluatedProperties": False,
}
DEADLINE = {"properties": {"within": {"type": "integer"}, "done": {}}, "required": ["done"]}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("{kind: deadline, within: 1, dne: 2}", ["1:1 missing key 'done'", "1:32 unknown key 'dne' | did you mean 'done'?"]),
        # A fault in a branch makes none of its keys unknown.
        ("{kind: deadline, within: x, done: 2}", ["1:29 expected a whole number, found a string"]),
        ("{kind: order, first: 1, within: 2}", ["1:28 unknown key 'within' | allowed here: 'first', 'id' or 'kind'"]),
        # The wrong word decides the keys: only it is at fault.
        ("{kind: dedline, within: 1, done: 2}", ["1:11 'dedline' is not one of the allowed values | did you mean 'deadline'?"]),
    ],
)  # fmt: skip
def test_keys_that_depend_on_a_word(tmp_path: Path, value: str, expected: list[str]) -> None:
    schema = written({"a": KINDS}, **{"$defs": {"Deadline": DEADLINE}})
    assert problems(tmp_path, schema, f"a: {value}") == expected


def test_a_key_of_a_form_that_a_value_does_not_have_is_told_in_the_words_of_the_validator(
    tmp_path: Path,
) -> None:
    forms = [{"properties": {name: {"type": "integer"}}, "required": [name]} for name in "bc"]
    schema = written({"a": {"anyOf": forms, "unevaluatedProperties": False}})
    (said,) = problems(tmp_path, schema, "a: {b: 1, c: x}")
    assert said.startswith("1:4 does not match the schema: ")
    assert "'c'" in said


@pytest.mark.parametrize(
    "uri", ["https://example.org/x.schema.json", "x.json", "../x.schema.json", "json-schema:///x"]
)
def test_nothing_is_fetched(uri: str) -> None:
    with pytest.raises(LookupError, match="not a schema of this package"):
        retrieve(uri)


def test_problems_come_in_the_order_of_the_file_and_not_too_many(tmp_path: Path) -> None:
    schema = written(NESTED)
    sites = "".join(f"- {{id: a{i}, knd: 1}}\n" for i in range(500))
    (tmp_path / "x.yaml").write_text(f"sites:\n{sites}yers: 1\n")
    with pytest.raises(InvalidDocument) as caught:
        check(read_source(tmp_path / "x.yaml"), schema)
    error = caught.value
    lines = [problem.place.line for problem in error.problems]
    assert lines == list(range(2, 22))
    assert error.more == 501 - 20
    assert (error.message, error.place) == (error.problems[0].message, error.problems[0].place)
    assert str(error).splitlines()[0] == f"{tmp_path / 'x.yaml'}:2:12: unknown key 'knd'"
    assert str(error).endswith("\nand 481 more")
    assert error.text("zh").endswith("\n还有 481 处")
