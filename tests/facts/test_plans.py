"""Which properties are dates, files and ids: read off the schemas, and kept by their content."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pytest_icp.facts.files.schema_files import schema_document
from pytest_icp.facts.plans import file_plan, marked_values, reference_plan, time_plan

SCHEMA = {
    "properties": {
        "seen_on": {"x-icp-time": "event"},
        "pages": {"items": {"properties": {"snapshot": {"x-icp-file": "page"}}}},
        "site_ids": {"items": {"x-icp-ref": "sites"}},
    }
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return folder_of(tmp_path / "schemas", SCHEMA)


def folder_of(folder: Path, schema: object) -> Path:
    folder.mkdir()
    (folder / "t.schema.json").write_text(json.dumps(schema), "utf-8")
    return folder


def test_each_plan_has_the_properties_of_its_keyword(folder: Path) -> None:
    time, file, ids = (plan("t", folder=folder) for plan in (time_plan, file_plan, reference_plan))
    assert (dict(time.fields), dict(time.children)) == ({"seen_on": "event"}, {})
    assert (dict(file.fields), list(file.children)) == ({}, ["pages"])
    assert dict(file.children["pages"].fields) == {"snapshot": "page"}
    assert dict(ids.fields) == {"site_ids": "sites"}


def test_what_a_plan_names_is_found_through_every_list(folder: Path) -> None:
    facts = {"pages": [[{"snapshot": "a.html"}], "no object", {"snapshot": None}, {"id": "b"}]}
    assert [*marked_values(facts, file_plan("t", folder=folder))] == [
        (("pages", 0, 0, "snapshot"), "a.html", "page")
    ]
    assert [*marked_values({"site_ids": ["s"]}, reference_plan("t", folder=folder))] == [
        (("site_ids",), ["s"], "sites")
    ]
    assert [*marked_values({"pages": None}, file_plan("t", folder=folder))] == []


def test_a_plan_is_made_once_and_cannot_be_written(folder: Path) -> None:
    plan = time_plan("t", folder=folder)
    assert time_plan("t", folder=folder) is plan
    with pytest.raises(TypeError):
        plan.children["x"] = plan  # type: ignore[index]  # a view that cannot be written


def test_the_published_plan_knows_every_date_of_the_published_schema() -> None:
    def dates(schema: Any) -> set[str]:
        if isinstance(schema, list):
            return {name for part in schema for name in dates(part)}
        if not isinstance(schema, dict):
            return set()
        named = {k for k, v in schema.get("properties", {}).items() if "x-icp-time" in v}
        return named | {name for part in schema.values() for name in dates(part)}

    def planned(plan: Any) -> set[str]:
        return set(plan.fields).union(*(planned(child) for child in plan.children.values()))

    schemas = [schema_document("description"), schema_document("licence")]
    assert planned(time_plan("description")) == {name for s in schemas for name in dates(s)}
