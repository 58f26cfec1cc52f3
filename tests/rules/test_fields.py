"""A kind that nobody knows is read by what its schema says of its fields."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_icp.rules.fields import CONDITIONS, PATHS, Field, Written
from pytest_icp.rules.schema import policy_schema

PATH = {"$ref": "#/$defs/Path"}
PART: dict[str, Any] = {
    "type": "object",
    "required": ["each"],
    "x-icp-implies": ["status"],
    "properties": {
        "papers": {"x-icp-field": "records", "x-icp-of": ["/"], **PATH},
        "papers_where": {"x-icp-of": ["papers"], "$ref": "#/$defs/Condition"},
        "days": {
            "x-icp-field": "day",
            "anyOf": [PATH, {"type": "array", "items": PATH}],
        },
        "place": {"x-icp-words": {"nowhere": "无 | nowhere"}, **PATH},
        "term": {
            "type": "object",
            "properties": {
                "days": {"x-icp-unit": "days", "$ref": "#/$defs/Amount"},
                "after": {"x-icp-field": "day", "x-icp-of": ["each", "papers"], **PATH},
            },
            "if": {"minProperties": 2},
            "then": {"x-icp-implies": ["/renewal/decision"]},
        },
        "only": {
            "x-icp-implies": ["features.{}"],
            "type": "array",
            "items": {"$ref": "#/$defs/Code"},
        },
        "note": {"type": "string"},
    },
}


def written(**fields: Any) -> Field:
    entry = {"kind": "house", "each": "sites", **fields}
    return Written(entry, {"house": PART}).fields


def read(**fields: Any) -> list[str]:
    return [path for path, _ in written(**fields).reads()]


@pytest.mark.parametrize("days", ["live_on", ["live_on", "closed_on"]])
def test_an_element_of_a_list_is_what_the_list_is_said_to_be(days: Any) -> None:
    found = [field for field in written(days=days).walk() if field.is_path]
    assert [(field.what, field.name) for field in found if field.name != "each"] == [
        ("day", "days") for _ in ([days] if isinstance(days, str) else days)
    ]


def test_facts_are_implied_by_a_kind_by_a_field_and_on_a_condition() -> None:
    assert read() == ["sites", "sites.status"]
    assert "renewal.decision" in read(term={"after": "live_on", "days": 1})
    assert "renewal.decision" not in read(term={"after": "live_on"})
    assert "sites.features.search_scope" in read(only=["B25.search"])


def test_nobody_knows_what_is_not_marked() -> None:
    (note,) = (field for field in written(note="name").walk() if field.name == "note")
    assert (note.what, note.paths, note.members) == ("", (), ())


MARKS = {
    *("field", "of", "implies", "words", "label", "says", "absent", "joined", "unit"),
    *("stricter", "after", "term", "event", "path", "deed", "past", "evidence", "by-rule"),
    *("bounded-by-licence", "counts", "time", "like", "no-areas"),
}
NATURES = (
    PATHS
    | CONDITIONS
    | {"amount", "number", "length", "pairs", "rule", "month-day", "code", "words", "gates"}
)


def test_the_schema_uses_only_marks_that_are_read() -> None:
    used: set[str] = set()
    natures: set[str] = set()
    stack: list[Any] = [policy_schema({})]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            used |= {key.removeprefix("x-icp-") for key in value if key.startswith("x-icp-")}
            natures |= {value["x-icp-field"]} if "x-icp-field" in value else set()
            stack += value.values()
        elif isinstance(value, list):
            stack += value
    assert used == MARKS
    assert natures == NATURES
