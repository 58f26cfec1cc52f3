from __future__ import annotations

import json
from typing import Any

from msgspec.structs import replace

from pytest_icp.facts.files.schema import validator
from pytest_icp.reports.jsonl import jsonl
from pytest_icp.reports.run import Run
from tests.results import DERIVED, FINDING, LOCATION, UNKNOWN
from tests.runs import RUN, TROUBLE, VIOLATED

CRASH = replace(TROUBLE, rule_id="SP12/stop", location=replace(LOCATION, column=None))


def lines(run: Run) -> list[dict[str, Any]]:
    read = [json.loads(line) for line in jsonl(run).splitlines()]
    for line in read:
        validator("finding").validate(line)
    return read


def test_one_line_whole() -> None:
    (line,) = lines(replace(RUN, results=(VIOLATED,)))
    assert len(line.pop("fingerprint")) == 64
    assert line == {
        "apiVersion": "pytest-icp/v1",
        "grade": "violated",
        "rule": "SP12/renewal",
        "description": "infra/prod.icp.yaml",
        "as_of": "2023-12-08T23:59:59+08:00",
        "verdict": "violated",
        "level": "mandatory",
        "article": "十二",
        "subject": "renewal",
        "pointer": "/renewal/applied_on",
        "place": {"path": "infra/prod.icp.yaml", "line": 7, "column": 15},
        "title": {"zh": "提前90日申请延续", "en": "Renewal is applied for 90 days ahead"},
        "message": {"zh": "逾期未办理", "en": "not done, and overdue"},
        "found": {"zh": "never", "en": "never"},
        "required": {"zh": "不晚于 2023-12-07", "en": "on or before 2023-12-07"},
        "fix": {"zh": "立即申请。", "en": "Apply now."},
        "cited": [{"zh": "示例法第一条", "en": "Example Law, Art. 1"}],
        "numbers": [],
        "known": False,
        "due": "2023-12-07",
    }


def test_every_grade_has_its_line() -> None:
    told = {line["rule"]: line for line in lines(RUN)}
    assert {line["grade"] for line in told.values()} == {
        *("violated", "unknown", "advisory", "due soon", "waived")
    }
    assert told["SP12/exit"]["add"] == UNKNOWN.line_to_add.splitlines()
    assert told["SP02/app-number"]["waiver"] == {
        "reason": "agreed",
        "owner": "compliance",
        "expires": "2024-01-01",
    }


def test_what_could_not_be_judged_has_its_line() -> None:
    hintless = replace(CRASH, hint=replace(TROUBLE.hint, zh="", en=""))
    told = lines(replace(RUN, results=(), troubles=(TROUBLE, hintless)))
    assert [line.get("rule") for line in told] == [None, "SP12/stop"]
    assert [line["grade"] for line in told] == ["not judged", "not judged"]
    assert ["fix" in line for line in told] == [True, False]
    assert told[1]["place"] == {"path": "infra/prod.icp.yaml", "line": 7}


def test_a_derived_fact_is_told_with_its_resource() -> None:
    finding = replace(FINDING, location=DERIVED)
    (line,) = lines(replace(RUN, results=(replace(VIOLATED, findings=(finding,)),)))
    place = line["place"]
    assert place["address"] == DERIVED.address
    assert (place["attribute"], place["status"]) == (DERIVED.attribute, DERIVED.status)
