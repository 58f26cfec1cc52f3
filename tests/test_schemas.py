"""The conventions that every schema in schemas/ keeps, whatever it is for."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import jsonschema_rs
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from referencing import Registry, Resource

from pytest_icp.law.condition import KEYWORDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SCHEMAS = Path(__file__).parent.parent / "schemas"
DRAFT = "https://json-schema.org/draft/2020-12/schema"
BASE = "file:///schemas/"
"""Where the files are taken to be: they say nothing of it themselves."""

FILES = {path.name: json.loads(path.read_text("utf-8")) for path in sorted(SCHEMAS.glob("*.json"))}
FACTS = ("description.schema.json", "licence.schema.json")

every_file = pytest.mark.parametrize("name", FILES)
every_facts_file = pytest.mark.parametrize("name", FACTS)

MAPS = ("properties", "$defs", "patternProperties", "dependentSchemas")
LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
SINGLES = ("items", "not", "if", "then", "else", "contains", "propertyNames")
SINGLES_OR_BOOL = ("additionalProperties", "unevaluatedProperties", "unevaluatedItems")
CONDITIONS = ("not", "if", "then", "else", *LISTS, "dependentSchemas")


@dataclass(frozen=True)
class Node:
    """A schema inside a file: where it stands, and the keywords that lead there."""

    file: str
    pointer: str
    schema: Mapping[str, Any]
    under: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.file}#{self.pointer}"

    @property
    def is_condition(self) -> bool:
        """Whether it only narrows an object that is described elsewhere."""
        return any(keyword in CONDITIONS for keyword in self.under)


def walk(node: Node) -> Iterator[Node]:
    """Yield a schema and every schema below it; values such as examples are not schemas."""
    yield node
    for keyword, value in node.schema.items():
        for path, schema in _below(keyword, value):
            under = () if keyword == "$defs" else (*node.under, keyword)
            yield from walk(Node(node.file, f"{node.pointer}/{path}", schema, under))


def _below(keyword: str, value: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if keyword in MAPS:
        yield from ((f"{keyword}/{name}", schema) for name, schema in value.items())
    elif keyword in LISTS:
        yield from ((f"{keyword}/{i}", schema) for i, schema in enumerate(value))
    elif keyword in SINGLES or (keyword in SINGLES_OR_BOOL and isinstance(value, dict)):
        yield keyword, value


def nodes(name: str) -> list[Node]:
    return list(walk(Node(name, "", FILES[name])))


def objects(name: str) -> list[Node]:
    """Every object that a person writes, with the properties it may have."""
    return [n for n in nodes(name) if "properties" in n.schema and not n.is_condition]


def properties(name: str) -> Iterator[tuple[str, Node]]:
    for node in objects(name):
        for key, schema in node.schema["properties"].items():
            yield key, Node(name, f"{node.pointer}/properties/{key}", schema)


@cache
def python_registry() -> Registry[Any]:
    resources = ((BASE + name, Resource.from_contents(FILES[name])) for name in FILES)
    return Registry().with_resources(resources)


@cache
def rust_registry() -> jsonschema_rs.Registry:
    return jsonschema_rs.Registry([(BASE + name, FILES[name]) for name in FILES])


@cache
def validators(file: str, pointer: str) -> tuple[Any, Any]:
    """Both validators of the schema at a pointer, with formats asserted and no network."""
    schema = {"$schema": DRAFT, "$ref": f"{BASE}{file}#{pointer}"}
    python = jsonschema.Draft202012Validator(
        schema,
        registry=python_registry(),
        format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER,
    )
    rust = jsonschema_rs.validator_for(schema, registry=rust_registry(), validate_formats=True)
    return python, rust


def accepts(node: Node, value: Any) -> bool:
    """Whether a value is valid; both validators must say the same."""
    python, rust = validators(node.file, node.pointer)
    verdict = rust.is_valid(value)
    assert python.is_valid(value) == verdict, f"{node}: the validators disagree on {value!r}"
    return bool(verdict)


def is_date_like(node: Node) -> bool:
    """Whether it takes a day of the calendar, or a list of them, and no other text."""
    return any(
        accepts(node, wrap("2024-02-29")) and not accepts(node, wrap("2023-02-29"))
        for wrap in (lambda day: day, lambda day: [day])
    )


# --- the files -------------------------------------------------------------------------------


@every_file
def test_is_a_schema_of_draft_2020_12_that_needs_no_host(name: str) -> None:
    schema = FILES[name]
    assert schema["$schema"] == DRAFT
    # A reference names the file beside; an identifier would name a host, or none that is reached.
    assert not [node for node in nodes(name) if "$id" in node.schema]
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema_rs.Draft202012Validator(
        schema, registry=rust_registry(), base_uri=BASE + name, validate_formats=True
    )


@every_file
def test_refers_to_nothing_outside_the_folder(name: str) -> None:
    for node in nodes(name):
        file, _, pointer = node.schema.get("$ref", "#").partition("#")
        target: Any = FILES[file or name]
        for token in pointer.split("/")[1:]:
            target = target[token]
        assert isinstance(target, dict), node


def parts(name: str) -> set[str]:
    """Types that only narrow another object, which is closed as a whole: kinds of obligations."""
    referring = [node for node in nodes(name) if "$ref" in node.schema]
    narrowing = {node.schema["$ref"] for node in referring if "then" in node.under}
    return narrowing - {node.schema["$ref"] for node in referring if "then" not in node.under}


@every_file
def test_objects_are_closed(name: str) -> None:
    for node in objects(name):
        if f"#{node.pointer}" in parts(name):
            continue
        assert "object" in node.schema["type"], node
        rest = node.schema.get("unevaluatedProperties", node.schema.get("additionalProperties"))
        # Where any name may stand, what it holds is described: conditions, whose names are facts.
        assert rest is False or "$ref" in (rest or {}), node


@every_file
def test_requires_only_what_it_describes(name: str) -> None:
    # A kind of obligation may require what is described of every kind.
    common = FILES[name].get("$defs", {}).get("Obligation", {}).get("properties", {})
    for node in objects(name):
        shared = common if f"#{node.pointer}" in parts(name) else {}
        known = {*node.schema["properties"], *shared}
        assert set(node.schema.get("required", ())) <= known, node


# --- what a person reads ---------------------------------------------------------------------


@every_file
def test_every_property_and_type_speaks_both_languages(name: str) -> None:
    types = [Node(name, f"/$defs/{key}", s) for key, s in FILES[name].get("$defs", {}).items()]
    for node in (Node(name, "", FILES[name]), *types, *(node for _, node in properties(name))):
        for keyword in ("title", "description"):
            halves = node.schema.get(keyword, "").split(" | ")
            assert len(halves) == 2, f"{node}: {keyword}"
            assert re.search("[\u4e00-\u9fff]|[A-Z]{3}", halves[0]), f"{node}: {keyword}"
            assert re.search("[A-Za-z]{2}", halves[1]), f"{node}: {keyword}"


@every_file
def test_every_property_has_examples_that_are_valid(name: str) -> None:
    for _, node in properties(name):
        assert node.schema.get("examples"), f"{node} has no example"
        for example in node.schema["examples"]:
            assert accepts(node, example), f"{node}: {example!r}"


# --- what the two validators and editors agree on ----------------------------------------------


def patterns(name: str) -> Iterator[str]:
    for node in nodes(name):
        if isinstance(node.schema.get("pattern"), str):
            yield node.schema["pattern"]
        yield from node.schema.get("patternProperties", {})


def alternatives(pattern: str) -> list[str]:
    """Split a pattern at the bars that stand in no group and in no character class."""
    parts, depth, in_class = [""], 0, False
    for char in pattern:
        in_class = char == "[" or (in_class and char != "]")
        depth += (char == "(") - (char == ")") if not in_class else 0
        if char == "|" and depth == 0 and not in_class:
            parts.append("")
        else:
            parts[-1] += char
    return parts


@every_file
def test_patterns_are_anchored_and_without_classes_that_differ(name: str) -> None:
    for pattern in patterns(name):
        assert not re.search(r"\\[dDwWsSbB]", pattern), pattern
        for part in alternatives(pattern):
            assert part.startswith("^"), pattern
            assert part.endswith("$"), pattern


@pytest.mark.parametrize(
    ("pattern", "parts"),
    [("^a|b$", ["^a", "b$"]), ("^(a|b)$", ["^(a|b)$"]), ("^[(|]$", ["^[(|]$"])],
)
def test_alternatives_of_a_pattern(pattern: str, parts: list[str]) -> None:
    assert alternatives(pattern) == parts


@every_file
def test_the_only_format_is_date(name: str) -> None:
    formats = {node.schema["format"] for node in nodes(name) if "format" in node.schema}
    assert formats <= {"date"}


# --- time --------------------------------------------------------------------------------------


@every_file
def test_every_date_says_what_it_means_in_time(name: str) -> None:
    for _, node in properties(name):
        role = node.schema.get("x-icp-time")
        if is_date_like(node):
            assert role in {"begins", "event", "schedule"}, node
        else:
            assert role is None, node


@every_file
def test_only_events_and_launches_can_be_never(name: str) -> None:
    for key, node in properties(name):
        if is_date_like(node) and accepts(node, "never"):
            role = node.schema["x-icp-time"]
            assert role == "event" or (role, key) == ("begins", "launched_on"), node


@every_facts_file
def test_only_elements_of_lists_begin_and_each_once(name: str) -> None:
    referring = [node for node in nodes(name) if "$ref" in node.schema]
    elements = {node.schema["$ref"] for node in referring if "items" in node.under}
    others = {node.schema["$ref"] for node in referring if "items" not in node.under}
    for node in objects(name):
        times = [s.get("x-icp-time") for s in node.schema["properties"].values()]
        if "begins" in times:
            assert times.count("begins") == 1, node
            assert f"#{node.pointer}" in elements - others, node


def moment_types() -> list[Node]:
    """The types of dates, ``Day`` and ``Moment``, of every file."""
    return [
        Node(name, f"/$defs/{key}", FILES[name]["$defs"][key])
        for name in FILES
        for key in ("Day", "Moment")
        if key in FILES[name].get("$defs", {})
    ]


every_date_type = pytest.mark.parametrize("node", moment_types(), ids=str)
MOMENT = Node("description.schema.json", "/$defs/Moment", {})


def is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def is_moment(text: str) -> bool:
    try:
        return bool(datetime.fromisoformat(text))
    except ValueError:
        return False


@every_date_type
@pytest.mark.parametrize(
    ("text", "exists"),
    [
        ("1900-02-29", False),
        ("2000-02-29", True),
        ("2023-02-29", False),
        ("2024-02-29", True),
        ("2100-02-29", False),
        ("2024-02-30", False),
        ("2024-04-31", False),
        ("2024-13-01", False),
        ("2024-00-10", False),
        ("2024-01-00", False),
        ("0000-01-01", False),
        ("20240229", False),
        ("2024-W09-4", False),
        ("2024-2-9", False),
        ("２０２４-02-09", False),
        (" 2024-02-09", False),
        ("", False),
    ],
)
def test_a_date_is_a_day_of_the_calendar(node: Node, text: str, *, exists: bool) -> None:
    assert accepts(node, text) is exists


@every_date_type
def test_leap_days_of_every_year(node: Node) -> None:
    for year in range(1000, 3000):
        for day in (28, 29, 30):
            text = f"{year}-02-{day}"
            assert validators(node.file, node.pointer)[1].is_valid(text) == is_day(text), text


@every_date_type
@given(st.integers(1000, 2999), st.integers(0, 13), st.integers(0, 32))
def test_dates_are_exactly_those_of_the_calendar(node: Node, y: int, m: int, d: int) -> None:
    text = f"{y}-{m:02}-{d:02}"
    assert accepts(node, text) == is_day(text)


SECONDS = st.builds(":{:02}{}".format, st.integers(0, 60), st.sampled_from(["", ".5", ".123456"]))
OFFSETS = st.builds(
    "{}{:02}:{:02}".format, st.sampled_from("+-"), st.integers(0, 14), st.integers(0, 59)
)
TIMES = st.builds(
    "T{:02}:{:02}{}{}".format,
    st.integers(0, 23),
    st.integers(0, 60),
    st.just("") | SECONDS,
    st.sampled_from(["", "Z"]) | OFFSETS,
)


@given(st.dates(date(1000, 1, 1), date(2999, 12, 31)), TIMES)
def test_times_are_exactly_those_of_the_clock(day: date, time: str) -> None:
    assert accepts(MOMENT, f"{day}{time}") == is_moment(f"{day}{time}")


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-06T",
        "2024-03-06T09",
        "2024-03-06T0900",
        "2024-03-06T9:00",
        "2024-03-06T24:00",
        "2024-03-06 09:00",
        "2024-03-06T09:00+0800",
        "2024-03-06T09:00+15:00",
        "2024-03-06T09:00 +08:00",
    ],
)
def test_a_moment_has_one_spelling(text: str) -> None:
    assert not accepts(MOMENT, text)


# --- facts -------------------------------------------------------------------------------------


@every_facts_file
def test_no_fact_is_named_like_a_word_of_conditions(name: str) -> None:
    condition = FILES["policy.schema.json"]["$defs"]["Condition"]
    refused = {*condition["propertyNames"]["not"]["enum"]}
    assert condition["properties"].keys() == KEYWORDS
    assert not {key for key, _ in properties(name)} & (KEYWORDS | refused)


@every_facts_file
def test_names_and_words_need_no_quotes_in_yaml(name: str) -> None:
    # YAML 1.1, which editors still read, takes `no`, `on` and `95` for other things than words.
    words = [key for key, _ in properties(name)]
    for node in nodes(name):
        words += [word for word in node.schema.get("enum", ()) if isinstance(word, str)]
    for word in words:
        assert yaml.safe_load(word) == word


@every_facts_file
def test_names_are_written_alike(name: str) -> None:
    for key, node in properties(name):
        assert key == "apiVersion" or re.fullmatch("[a-z][a-z0-9]*(_[a-z0-9]+)*", key), node


@every_facts_file
def test_every_fact_may_be_unknown(name: str) -> None:
    for node in objects(name):
        for key, schema in node.schema["properties"].items():
            fact = Node(name, f"{node.pointer}/properties/{key}", schema)
            is_name = key == "id" and key in node.schema.get("required", ())
            assert accepts(fact, None) is not (key == "apiVersion" or is_name), fact


@every_facts_file
def test_numbers_have_a_lowest_value(name: str) -> None:
    for node in nodes(name):
        types = node.schema.get("type", ())
        if {"integer", "number"} & ({types} if isinstance(types, str) else set(types)):
            assert "minimum" in node.schema, node


@every_facts_file
def test_files_are_named_by_kind(name: str) -> None:
    for key, node in properties(name):
        kind = node.schema.get("x-icp-file")
        assert kind in {None, "page", "document", "licence", "include"}, node
        if key in {"document", "file", "snapshot", "licence_file", "include"}:
            assert kind or "anyOf" in node.schema, node


def test_every_element_of_a_top_level_list_has_an_id() -> None:
    description = FILES["description.schema.json"]
    for key, schema in description["properties"].items():
        reference = schema.get("items", {}).get("$ref")
        if reference:
            assert "id" in description["$defs"][reference.split("/")[-1]]["required"], key


@pytest.mark.parametrize(
    ("facts", "valid"),
    [
        ({}, True),
        ({"sites": []}, True),
        ({"sites": None}, True),
        ({"sites": [{"name": "淘车"}]}, False),
        ({"apiVersion": "pytest-icp/v2"}, False),
        ({"licence": {"number": "京B2-20190486"}}, True),
        ({"licence": {"numbr": "京B2-20190486"}}, False),
        ({"licence_file": "licence.yaml"}, True),
        ({"licence": {}, "licence_file": "licence.yaml"}, False),
        ({"log_stores": [{"id": "a", "retention": {"days": 184}}]}, True),
        ({"log_stores": [{"id": "a", "retention": {"days": 1, "months": 6}}]}, False),
        ({"log_stores": [{"id": "a", "retention": {}}]}, False),
    ],
)
def test_a_description_as_a_whole(facts: dict[str, Any], *, valid: bool) -> None:
    whole = Node("description.schema.json", "", {})
    assert accepts(whole, {"apiVersion": "pytest-icp/v1", **facts}) is valid
    assert not accepts(whole, {key: fact for key, fact in facts.items() if key != "apiVersion"})


@pytest.mark.parametrize("missing", ["rule", "reason", "owner", "expires"])
def test_a_waiver_is_complete(missing: str) -> None:
    waiver = {"rule": "SP02/home-page", "reason": "改版", "owner": "合规部"}
    waiver["expires"] = "2026-12-31"
    whole = Node("waivers.schema.json", "", {})
    assert accepts(whole, {"waivers": [waiver]})
    assert not accepts(whole, {"waivers": [{k: v for k, v in waiver.items() if k != missing}]})


CODES = re.compile(r"[AB][0-9]{2}(?:\.\w+)?|[\u4e00-\u9fff]+")
"""Choices that are codes of the catalogue, or Chinese already."""


@every_facts_file
def test_every_choice_has_a_chinese_name(name: str) -> None:
    without = {
        f"{node}: {value}"
        for node in nodes(name)
        if not node.is_condition
        for value in node.schema.get("enum", ())
        if isinstance(value, str) and value not in node.schema.get("x-icp-words", {})
    }
    assert {one for one in without if not CODES.fullmatch(one.rpartition(": ")[2])} == set()
