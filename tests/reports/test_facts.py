"""Facts as a table and as JSON: the same in every language, within the columns."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from pytest_icp.facts.derived import Status
from pytest_icp.law.location import Location, Place
from pytest_icp.law.text import Text, plain
from pytest_icp.reports.as_text import Screen
from pytest_icp.reports.facts import FactRow, fact_blocks, facts_json
from pytest_icp.reports.findings import CERTAINTIES
from pytest_icp.reports.layout import width
from pytest_icp.reports.run import SourceRemarks
from pytest_icp.reports.words import Language
from tests.results import shown

ROW = FactRow(
    kind="servers",
    element="servers[alicloud_instance.a]",
    name="role",
    pointer="/servers/0/role",
    value="edge",
    certainty=Status.KNOWN,
    location=Location(
        path="infra/plan.json", line=120, column=3, address="alicloud_instance.a", attribute="role"
    ),
)
LOCATION = replace(ROW, name="location", value=None, certainty=Status.AFTER_APPLY)
ALONE = replace(
    ROW,
    kind="corporate_events",
    element="corporate_events",
    name="",
    value=[],
    location=Location(path="infra/prod.icp.yaml", line=4, column=1),
)
ROWS = [ROW, LOCATION, ALONE]
SOURCES = [SourceRemarks(description="d", kind="k", path="p", remarks=(plain("r"),))]
ERRORS = [(plain("no JSON"), Place(path=Path("bad.json"), line=1))]
GAPS = [(Text("模板", "a template"), Place(path=Path("t.yaml"), line=7))]


def test_every_status_of_a_source_is_a_certainty() -> None:
    assert {status.value for status in Status} < {*CERTAINTIES}


def test_each_element_has_a_heading_and_nothing_is_lost() -> None:
    assert shown(fact_blocks(ROWS, ERRORS, GAPS)) == [
        "servers[alicloud_instance.a]",
        "  role: edge (known) infra/plan.json:120:3  alicloud_instance.a, role",
        "  location: null (after apply) infra/plan.json:120:3  alicloud_instance.a, role",
        "corporate_events: [] (known) infra/prod.icp.yaml:4:1",
        "3 facts.",
        "",
        "sources that cannot be used, and disagreements",
        "    bad.json:1: no JSON",
        "",
        "not determined by the sources",
        "    t.yaml:7: a template",
    ]


@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_a_table_keeps_to_its_columns(language: Language) -> None:
    long = replace(ROW, name="名称" * 30, value="值" * 90, element="servers[" + "x" * 100 + "]")
    lines = Screen(language).in_each(fact_blocks([long, ROW, ALONE], ERRORS, GAPS))
    assert all(width(line) <= 80 for line in lines)
    assert sum("plan.json:120:3" in line for line in lines) == 2 * (1 + (language == "both"))


def test_json_tells_all_in_both_languages() -> None:
    told = json.loads(facts_json(ROWS, ERRORS, GAPS, SOURCES))
    assert told["facts"][1] == {
        "kind": "servers",
        "fact": "servers[alicloud_instance.a].location",
        "pointer": "/servers/0/role",
        "value": None,
        "status": "known after apply",
        "place": {"path": "infra/plan.json", "line": 120, "column": 3},
        "address": "alicloud_instance.a",
        "attribute": "role",
    }
    assert told["facts"][2]["fact"] == "corporate_events"
    assert "address" not in told["facts"][2]
    assert told["errors"] == [
        {"message": {"zh": "no JSON", "en": "no JSON"}, "place": {"path": "bad.json", "line": 1}}
    ]
    assert told["gaps"][0]["message"] == {"zh": "模板", "en": "a template"}
    assert told["sources"] == [{"kind": "k", "path": "p", "remarks": [{"zh": "r", "en": "r"}]}]
    nowhere = json.loads(facts_json(ROWS, [(plain("x"), None)], GAPS, SOURCES))
    assert nowhere["errors"] == [{"message": {"zh": "x", "en": "x"}}]
