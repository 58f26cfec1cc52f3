"""Which properties are dates, files and ids: read off the schemas, and kept by their content."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_icp.facts.files.schema_files import made_schema, schema_document
from pytest_icp.facts.plans import file_plan, marked_values, reference_plan, time_plan

SCHEMA = {
    "properties": {
        "seen_on": {"x-icp-time": "event"},
        "pages": {"items": {"properties": {"snapshot": {"x-icp-file": "page"}}}},
        "site_ids": {"items": {"x-icp-ref": "sites"}},
    }
}


T = made_schema(SCHEMA)


def test_what_a_plan_names_is_found_through_every_list() -> None:
    facts = {"pages": [[{"snapshot": "a.html"}], "no object", {"snapshot": None}, {"id": "b"}]}
    assert [*marked_values(facts, file_plan(T))] == [
        (("pages", 0, 0, "snapshot"), "a.html", "page")
    ]
    assert [*marked_values({"site_ids": ["s"]}, reference_plan(T))] == [
        (("site_ids",), ["s"], "sites")
    ]
    assert [*marked_values({"pages": None}, file_plan(T))] == []


def test_a_plan_is_made_once_and_cannot_be_written() -> None:
    plan = time_plan(T)
    assert time_plan(T) is plan
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
