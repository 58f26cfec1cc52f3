from __future__ import annotations

import json
from typing import Any

import jsonschema
from msgspec.structs import replace

from pytest_icp.reports.gitlab import gitlab
from pytest_icp.reports.run import Run
from tests.results import FINDING
from tests.runs import RUN, TROUBLE, VIOLATED, hostile, many

ISSUES = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "minLength": 1, "pattern": "^[^./]"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}
"""What GitLab's documentation asks for; it publishes no schema."""


def issues(run: Run) -> list[dict[str, Any]]:
    read = json.loads(gitlab(run))
    jsonschema.Draft202012Validator(ISSUES).validate(read)
    return read  # type: ignore[no-any-return]  # what the validator has seen


def test_the_grades_are_severities_and_waived_is_no_issue() -> None:
    found = {one["check_name"]: one["severity"] for one in issues(RUN)}
    assert found == {
        "SP09/record-kept": "minor",
        "SP12/exit": "major",
        "SP12/renewal": "critical",
        "SP14/report": "info",
    }


def test_one_issue_whole() -> None:
    (told,) = issues(replace(RUN, results=(VIOLATED,)))
    assert len(told.pop("fingerprint")) == 64
    assert told == {
        "description": "Renewal is applied for 90 days ahead: not done, and overdue",
        "check_name": "SP12/renewal",
        "severity": "critical",
        "location": {"path": "infra/prod.icp.yaml", "lines": {"begin": 7}},
    }


def test_fingerprints_are_unique_across_files() -> None:
    other = replace(VIOLATED, description="infra/test.icp.yaml")
    alike = replace(VIOLATED, findings=(FINDING, FINDING))
    crash = replace(TROUBLE, rule_id="SP12/stop")
    runs = (
        replace(RUN, results=(VIOLATED, other)),
        replace(RUN, results=(alike,), troubles=(TROUBLE, crash)),
        hostile(),
        many(1000),
    )
    for run in runs:
        told = [one["fingerprint"] for one in issues(run)]
        assert len(told) == len(set(told)) > 1


def test_what_could_not_be_judged_blocks() -> None:
    (told,) = issues(replace(RUN, results=(), troubles=(TROUBLE,)))
    assert (told["severity"], told["check_name"]) == ("blocker", "icp/readable")
    assert told["description"] == "there is no property `x` did you mean y?"
    assert told["location"] == {"path": "infra/broken.icp.yaml", "lines": {"begin": 2}}
