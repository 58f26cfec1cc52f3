"""Which properties are dates, files and ids: read off the schemas, and kept by their content."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_icp.facts.files.properties import made_schema, schema_document
from pytest_icp.facts.plans import FILE, REFERENCE, Plan, marked, marked_values, time_plan

SCHEMA = {
    "properties": {
        "seen_on": {"x-icp-time": "event"},
        "pages": {"items": {"properties": {"snapshot": {"x-icp-file": "page"}}}},
        "site_ids": {"items": {"x-icp-ref": "sites"}},
    }
}


T = made_schema(SCHEMA)


def test_what_a_plan_names_is_found_through_every_list() -> None:
    pages = [[{"snapshot": "a.html"}], "no object", {"snapshot": None}, {"snapshot": "b.html"}]
    assert [*marked_values({"pages": pages}, marked(T, FILE))] == [
        (("pages", 0, 0, "snapshot"), "a.html", "page"),
        (("pages", 3, "snapshot"), "b.html", "page"),
    ]
    assert [*marked_values({"site_ids": ["s"]}, marked(T, REFERENCE))] == [
        (("site_ids",), ["s"], "sites")
    ]
    assert [*marked_values({"pages": None}, marked(T, FILE))] == []


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


def test_the_dates_are_told_by_what_they_mean() -> None:
    plan = Plan(
        fields={"opened": "begins", "seen": "event", "due": "schedule", "done": "event"},
        children={},
    )
    assert plan.begins == ("opened",)
    assert plan.events == ("seen", "done")
    assert plan.changing == ()


def test_a_view_differs_only_below_what_begins_or_happens() -> None:
    begins = Plan(fields={"opened": "begins"}, children={})
    happens = Plan(fields={"seen": "event"}, children={})
    scheduled = Plan(fields={"due": "schedule"}, children={})
    deeper = Plan(fields={}, children={"parts": happens})
    plan = Plan(
        fields={},
        children={"a": begins, "b": scheduled, "c": happens, "d": deeper, "e": scheduled},
    )
    assert plan.changing == (("a", begins), ("c", happens), ("d", deeper))


def test_what_begins_on_the_way_to_a_fact_is_told_with_its_place() -> None:
    part = Plan(fields={"opened": "begins", "seen": "event"}, children={})
    place = Plan(fields={"leased": "begins", "built": "begins"}, children={"parts": part})
    plan = Plan(fields={"founded": "begins"}, children={"places": place, "parts": part})
    assert [*plan.beginnings("places.parts.seen")] == [
        ("places", "leased"),
        ("places", "built"),
        ("places.parts", "opened"),
    ]
    assert [*plan.beginnings("parts")] == [("parts", "opened")]
    assert [*plan.beginnings("name.parts")] == []
