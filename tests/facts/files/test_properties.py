"""What the schemas say of one property, and the line that declares it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pytest_icp.facts.files.properties import (
    Property,
    homes,
    marked,
    members,
    property_at,
)
from pytest_icp.law.text import Text

SCHEMA = {
    "properties": {
        "renewal": {
            "title": "许可延续 | Renewal",
            "description": "延续。 | Renewal.",
            "anyOf": [{"$ref": "#/$defs/Renewal"}, {"type": "null"}],
        },
        "log_stores": {"type": ["array", "null"], "items": {"$ref": "#/$defs/LogStore"}},
        "licence": {"anyOf": [{"$ref": "other.schema.json"}, {"type": "null"}]},
        "tree": {"$ref": "#/$defs/Tree"},
        "day": {"anyOf": [{"$ref": "#/$defs/Day"}, {"$ref": "#/$defs/Day"}]},
        "domains": {"type": "array", "items": {"type": "string"}, "examples": [["a.cn", "b.cn"]]},
    },
    "$defs": {
        "Renewal": {
            "type": "object",
            "properties": {
                "applied_on": {
                    "title": "申请日期 | Applied on",
                    "x-icp-time": "event",
                    "$ref": "#/$defs/EventDay",
                    "examples": ["2023-12-07", "never"],
                },
                "intention": {"enum": ["renew", "exit", None]},
                "plan": {"x-icp-file": "document", "type": "string"},
            },
        },
        "Day": {"title": "日期 | Day", "type": ["string", "null"], "format": "date"},
        "EventDay": {"anyOf": [{"const": "never"}, {"$ref": "#/$defs/Day"}]},
        "LogStore": {
            "type": "object",
            "properties": {
                "retention": {"type": "object", "examples": [{"days": 184}, {"months": 6}]},
                "started_on": {"$ref": "#/$defs/Started"},
                "pages": {"type": "array", "items": {"$ref": "#/$defs/Page"}},
            },
        },
        "Started": {"x-icp-time": "begins", "$ref": "#/$defs/Day"},
        "Page": {"properties": {"snapshot": {"x-icp-file": "page"}}},
        "Tree": {
            "properties": {
                "seen_on": {"x-icp-time": "event"},
                "below": {"type": "array", "items": {"$ref": "#/$defs/Tree"}},
            }
        },
    },
}  # fmt: skip
OTHER = {
    "properties": {"valid_until": {"$ref": "#/$defs/Day"}, "holder": {"title": "Holder"}},
    "$defs": {"Day": {"x-icp-time": "schedule", "type": "string"}},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("schemas")
    for name, schema in {"t": SCHEMA, "other": OTHER}.items():
        (made / f"{name}.schema.json").write_text(json.dumps(schema, ensure_ascii=False), "utf-8")
    return made


def at(folder: Path, path: str) -> Property:
    found = property_at("t", path, folder=folder)
    assert found is not None
    return found


def test_the_words_of_the_property_go_before_those_of_its_type(folder: Path) -> None:
    assert at(folder, "renewal.applied_on") == Property(
        title=Text(zh="申请日期", en="Applied on"),
        description=Text(zh="", en=""),
        examples=("2023-12-07", "never"),
        types=("string",),
        words=("never",),
        time="event",
        file=None,
    )


@pytest.mark.parametrize(
    "path", ["log_stores.retention", "/log_stores/0/retention", "log_stores.12.retention"]
)
def test_lists_are_transparent(folder: Path, path: str) -> None:
    assert at(folder, path).examples == ({"days": 184}, {"months": 6})


def test_a_list_is_not_described_by_its_elements(folder: Path) -> None:
    assert at(folder, "log_stores").types == ("array",)
    assert at(folder, "domains").types == ("array",)


def test_other_files_are_followed(folder: Path) -> None:
    assert at(folder, "/licence/valid_until").time == "schedule"
    assert at(folder, "licence.holder").title == Text(zh="Holder", en="Holder")


def test_choices_are_words_and_null_is_none(folder: Path) -> None:
    assert at(folder, "renewal.intention").words == ("renew", "exit")


def test_a_type_met_twice_counts_once(folder: Path) -> None:
    assert at(folder, "day").types == ("string",)


def test_recursive_types_can_be_followed(folder: Path) -> None:
    assert at(folder, "tree.below.below.below.seen_on").time == "event"


@pytest.mark.parametrize("path", ["renewal.nope", "nope", "renewal.applied_on.deeper"])
def test_what_the_schema_does_not_have(folder: Path, path: str) -> None:
    assert property_at("t", path, folder=folder) is None


def test_homes_names_the_objects_that_have_a_key(folder: Path) -> None:
    assert homes("t", "applied_on", folder=folder) == ("renewal",)
    assert homes("t", "renewal", folder=folder) == ("",)
    assert homes("t", "valid_until", folder=folder) == ("licence",)
    assert homes("t", "below", folder=folder) == ("tree",)
    assert homes("t", "nope", folder=folder) == ()


def test_members_are_those_of_an_object_or_of_the_elements_of_a_list(folder: Path) -> None:
    assert members("t", "log_stores", folder=folder).names == ("retention", "started_on", "pages")
    assert members("t", "", folder=folder).names == tuple(SCHEMA["properties"])  # type: ignore[arg-type]  # a dict
    assert members("t", "day", folder=folder).names == ()
    assert members("description", "sites").required == {"id"}
    assert members("description", "log_stores.retention").single


def test_what_is_marked_is_a_tree(folder: Path) -> None:
    found = marked("t", "x-icp-time", folder=folder)
    assert found["fields"] == {}
    assert list(found["children"]) == ["renewal", "log_stores", "licence", "tree"]
    below = {name: child["fields"] for name, child in found["children"].items()}
    assert below["renewal"] == {"applied_on": "event"}
    assert below["log_stores"] == {"started_on": "begins"}
    assert below["licence"] == {"valid_until": "schedule"}
    assert below["tree"] == {"seen_on": "event"}
    files = marked("t", "x-icp-file", folder=folder)["children"]["log_stores"]
    assert files == {
        "fields": {},
        "children": {"pages": {"fields": {"snapshot": "page"}, "children": {}}},
    }
