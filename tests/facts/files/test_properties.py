"""What the schemas say of one property, and the line that declares it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pytest_icp.facts.files import properties
from pytest_icp.facts.files.properties import (
    Property,
    lacking,
    made_schema,
    property_at,
    resource,
)
from pytest_icp.facts.plans import marked

OTHER = {
    "properties": {"valid_until": {"$ref": "#/$defs/Day"}, "holder": {"title": "Holder"}},
    "$defs": {"Day": {"x-icp-time": "schedule", "type": "string"}},
}

SCHEMA = {
    "properties": {
        "renewal": {
            "title": "许可延续 | Renewal",
            "description": "延续。 | Renewal.",
            "anyOf": [{"$ref": "#/$defs/Renewal"}, {"type": "null"}],
        },
        "log_stores": {"type": ["array", "null"], "items": {"$ref": "#/$defs/LogStore"}},
        "licence": {"anyOf": [{"$ref": f"{made_schema(OTHER)}.schema.json"}, {"type": "null"}]},
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
T = made_schema(SCHEMA)


def at(path: str) -> Property:
    found = property_at(T, path)
    assert found is not None
    return found


@pytest.mark.parametrize("path", ["renewal.nope", "nope", "renewal.applied_on.deeper"])
def test_what_the_schema_does_not_have(path: str) -> None:
    assert property_at(T, path) is None


def test_what_is_marked_is_a_tree() -> None:
    found = marked(T, "x-icp-time")
    assert found.fields == {}
    assert list(found.children) == ["renewal", "log_stores", "licence", "tree"]
    below = {name: child.fields for name, child in found.children.items()}
    assert below["renewal"] == {"applied_on": "event"}
    assert below["log_stores"] == {"started_on": "begins"}
    assert below["licence"] == {"valid_until": "schedule"}
    assert below["tree"] == {"seen_on": "event"}
    files = marked(T, "x-icp-file").children["log_stores"]
    assert files.fields == {}
    assert {name: child.fields for name, child in files.children.items()} == {
        "pages": {"snapshot": "page"}
    }


HEAD: dict[str, Any] = {"apiVersion": "pytest-icp/v1"}


@pytest.mark.parametrize(
    ("facts", "wanted"),
    [
        ({"renewal": "none"}, []),
        ({"renewal": {"applied_on": "2023-12-01", "decision": "pending"}}, []),
        ({"renewal": {"decision": "granted"}}, ["renewal.decided_on"]),
        ({"renewal": {"decision": "refused", "decided_on": None}}, []),
        (
            {"annual_reports": [{"id": "a", "covers_year": 2022}]},
            ["annual_reports.0.year_of_submission"],
        ),
        (
            {"other_licences": [{"id": "a"}]},
            ["other_licences.0.obtained_on", "other_licences.0.valid_until"],
        ),
        (
            {"corporate_events": [{"id": "a", "effective_on": "2024-01-01"}]},
            ["corporate_events.0.implemented_on"],
        ),
        (
            {"corporate_events": [{"id": "a", "filings": [{"id": "b", "decision": "granted"}]}]},
            ["corporate_events.0.filings.0.decided_at"],
        ),
        # What cannot be null is no fact that may be unknown.
        ({"servers": [{"role": "origin"}]}, []),
    ],
)
def test_what_a_document_lacks(facts: dict[str, Any], wanted: list[str]) -> None:
    found = [".".join(map(str, at)) for at in lacking({**HEAD, **facts}, "description")]
    assert found == wanted


# ---- The folders of the package


@pytest.mark.parametrize("kind", ["policies", "schemas"])
def test_a_checkout_has_the_folders_beside_the_package(kind: properties.Kind) -> None:
    assert resource(kind).is_dir()
    assert resource(kind).name == kind


def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *folders: str) -> Path:
    package = tmp_path / "site-packages" / "pytest_icp"
    for folder in ("", *folders):
        (package / folder).mkdir(parents=True)
    monkeypatch.setattr(properties, "_PACKAGE", package)
    resource.cache_clear()
    return package


@pytest.fixture(autouse=True)
def _forget() -> object:
    yield
    resource.cache_clear()


def test_a_wheel_has_them_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = installed(tmp_path, monkeypatch, "schemas", "../schemas")
    assert resource("schemas") == package / "schemas"


def test_neither_is_a_broken_installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = installed(tmp_path, monkeypatch)
    (package / "schemas").write_text("a file is no folder")
    with pytest.raises(RuntimeError, match=r"without its folder 'schemas'.*pip install"):
        resource("schemas")
