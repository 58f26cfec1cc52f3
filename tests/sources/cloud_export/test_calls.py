"""Each call of the tables: its answer is known by its form, and gives the facts that it has."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from pytest_icp.facts.files.schema import validator
from pytest_icp.sources.cloud_export import REGION, answer_of, calls
from pytest_icp.sources.request import Request
from pytest_icp.sources.terraform.resource import head
from pytest_icp.sources.terraform.tables import row_of
from tests.sources.reading import facts, given

CASES: list[dict[str, Any]] = yaml.load(
    Path(__file__).with_name("answers.yaml").read_text(), Loader=yaml.CSafeLoader
)


def short(elements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Elements without their operator, and with the id of the region as their location."""
    for element in elements:
        element.pop("provider", None)
        location = element.get("location", {})
        if "cloud_region" in location:
            element["location"] = location["cloud_region"]["id"]
    return elements


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["call"])
def test_an_answer_gives_its_facts(case: dict[str, Any]) -> None:
    text = json.dumps(case["answer"])
    request = Request(path=Path("-"), root=Path(), given=text.encode())
    assert answer_of(request, request.path).call.name == case["call"]
    derived = given("cloud-export", text, **case.get("settings", {}))
    validator("description").validate({"apiVersion": "pytest-icp/v1", **derived.facts})
    assert {kind: short(listed) for kind, listed in facts(derived).items()} == case["facts"]
    assert not derived.gaps
    assert bool(derived.remarks) == (not case["facts"])


def test_every_call_has_an_answer() -> None:
    assert {case["call"] for case in CASES} == {call.name for call in calls()}


def test_rows_read_the_attributes_that_calls_have() -> None:
    unread = [
        f"{call.name}: {attribute}"
        for call in calls()
        for item in call.items
        for attribute in item.attributes
        if attribute != REGION and (row := row_of(item.row.type)) is not None
        if head(attribute) not in row.attributes
    ]
    assert not unread
