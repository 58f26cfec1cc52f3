from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from msgspec.structs import replace

from pytest_icp.kinds.finding import Finding, Verdict
from pytest_icp.law.text import plain
from pytest_icp.reports import sarif as module
from pytest_icp.reports.run import READABLE, Run
from pytest_icp.reports.sarif import location, reported, sarif, sarif_for_github, uri
from tests.results import FINDING, LOCATION, UNKNOWN
from tests.runs import (
    GOOD,
    PARDONED,
    RECORDED,
    RUN,
    SOON,
    TROUBLE,
    VIOLATED,
    WANTED,
    against,
    hostile,
    result,
)

SCHEMA = json.loads((Path(__file__).parent.parent / "data/sarif-2.1.0.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)

GONE = result("LIC/valid", verdict=Verdict.VIOLATED, findings=(FINDING,))
COMPARED = against(replace(RUN, results=(GONE, WANTED, VIOLATED)), *(GOOD, WANTED, SOON, PARDONED))
"""A violation that is no more, what is as it was, and a rule that is no longer decided."""

both = pytest.mark.parametrize("render", [sarif, sarif_for_github])
RUNS = {
    "every grade": RUN,
    "nothing": Run(results=(), as_of="2023-12-08", language="both", version=""),
    "trouble": replace(RUN, troubles=(TROUBLE,), language="zh"),
    "hostile": hostile(),
    "baseline": replace(RUN, known=frozenset()),
    "recorded": RECORDED,
    "since": COMPARED,
}


def read(text: str) -> dict[str, Any]:
    (run,) = json.loads(text)["runs"]
    return run  # type: ignore[no-any-return]  # what a validator has seen


def by_rule(run: Run, render: Any = sarif) -> dict[str, Any]:
    return {told["ruleId"]: told for told in read(render(run))["results"]}


@both
@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_it_is_valid_by_the_schema_of_the_standard(render: Any, run: Run) -> None:
    text = render(run)
    VALIDATOR.validate(json.loads(text))
    assert text.encode("utf-8")
    assert not {"\x1b", "\u202e", "\x00"} & set(text)


@both
def test_github_gets_all_that_it_requires(render: Any) -> None:
    run = read(render(hostile("猫" * 5000)))
    for rule in run["tool"]["driver"]["rules"]:
        assert rule["id"]
        assert 0 < len(rule["shortDescription"]["text"]) <= 1024
        assert 0 < len(rule["fullDescription"]["text"]) <= 1024
        assert rule["help"]["text"]
        assert len(rule["properties"]["tags"]) <= 10
        assert "security-severity" not in rule["properties"]
    for told in run["results"]:
        assert told["message"]["text"]
        assert len(told["locations"]) == 1
        assert told["partialFingerprints"]["primaryLocationLineHash"]


def test_levels_and_grades() -> None:
    told = {rule: one["level"] for rule, one in by_rule(RUN).items()}
    assert told == {
        "SP02/app-number": "error",
        "SP09/record-kept": "note",
        "SP12/renewal": "error",
        "icp/undecided": "warning",
    }


def test_what_is_undecided_is_one_result_and_what_is_due_is_none() -> None:
    told = by_rule(RUN)["icp/undecided"]
    assert told["message"]["text"].startswith("1 rule undecided: SP12/exit; ")
    (place,) = told["locations"]
    artifact = place["physicalLocation"]["artifactLocation"]
    assert artifact["uri"] == "infra/prod.icp.yaml"
    only = replace(RUN, results=tuple(r for r in RUN.results if r.rule_id != "SP12/exit"))
    assert "icp/undecided" not in by_rule(only)


def test_the_whole_of_one_result() -> None:
    told = by_rule(RUN)["SP12/renewal"]
    assert told["message"]["text"].splitlines() == [
        "Renewal is applied for 90 days ahead: not done, and overdue",
        "found: never",
        "required: on or before 2023-12-07",
        "due: 2023-12-07",
    ]
    (location,) = told["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "infra/prod.icp.yaml", "uriBaseId": "%SRCROOT%"},
        "region": {
            "startLine": 7,
            "startColumn": 15,
            "endColumn": 20,
            "snippet": {"text": "  applied_on: never"},
        },
    }
    assert location["logicalLocations"][0]["fullyQualifiedName"] == "/renewal/applied_on"
    assert told["properties"] == {
        "asOf": "2023-12-08T23:59:59+08:00",
        "verdict": "violated",
        "grade": "violated",
        "article": "十二",
        "subject": "renewal",
        "path": "/renewal/applied_on",
        "due": "2023-12-07",
    }
    assert "baselineState" not in told


def test_waived_is_suppressed_in_the_full_file_and_absent_from_that_for_github() -> None:
    (suppression,) = by_rule(RUN)["SP02/app-number"]["suppressions"]
    assert suppression == {
        "kind": "external",
        "status": "accepted",
        "justification": "waived until 2024-01-01 by compliance: agreed",
    }
    assert "SP02/app-number" not in by_rule(RUN, sarif_for_github)
    assert "suppressions" not in sarif_for_github(RUN)
    pardoned = replace(RUN.results[2], level="advisory")
    told = by_rule(replace(RUN, results=(pardoned,)))
    assert told["SP02/app-number"]["level"] == "note"


def test_what_was_not_judged_is_a_notification_and_for_github_a_result() -> None:
    run = replace(RUN, troubles=(TROUBLE,))
    for render in (sarif, sarif_for_github):
        (invocation,) = read(render(run))["invocations"]
        assert not invocation["executionSuccessful"]
        (notice,) = invocation["toolExecutionNotifications"]
        assert notice["message"]["text"] == "there is no property `x`\ndid you mean y?"
    assert READABLE not in by_rule(run)
    assert by_rule(run, sarif_for_github)[READABLE]["level"] == "error"
    assert read(sarif(RUN))["invocations"] == [{"executionSuccessful": True}]


def test_what_a_change_does_is_told_where_it_is_sure() -> None:
    found = [(one["ruleId"], one.get("baselineState")) for one in read(sarif(COMPARED))["results"]]
    assert found == [
        ("SP02/app-number", None),
        ("LIC/valid", "absent"),
        ("icp/undecided", None),
    ]
    gone = by_rule(COMPARED)["LIC/valid"]
    assert gone["message"]["text"].endswith("no longer found (renewal)")
    assert gone["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == GONE.description
    new = replace(against(replace(RUN, results=(GOOD,)), VIOLATED), known=frozenset())
    assert by_rule(new)["SP12/renewal"]["baselineState"] == "new"
    # What cannot be compared is neither, whatever a baseline does not have.
    assert new.since is not None
    since = replace(new.since, known=frozenset(), new=frozenset())
    apart = replace(new, since=since, known=frozenset())
    assert "baselineState" not in by_rule(apart)["SP12/renewal"]


def test_github_gets_nothing_that_is_no_more() -> None:
    found = {one["ruleId"] for one in read(sarif_for_github(COMPARED))["results"]}
    assert found == {"icp/undecided"}
    alone = against(replace(RUN, results=(GONE,)), GOOD)
    assert read(sarif_for_github(alone))["results"] == []
    assert len(read(sarif(alone))["results"]) == 1


def test_of_an_unknown_rule_nobody_knows_what_is_no_more() -> None:
    unknown = replace(WANTED, rule_id="LIC/valid", findings=(replace(UNKNOWN, subject="b"),))
    found = against(replace(RUN, results=(GONE,)), unknown)
    assert list(by_rule(found)) == ["icp/undecided"]


def test_a_description_cannot_put_a_link_into_a_message() -> None:
    finding = replace(FINDING, message=plain("see [here](https://evil.example)"))
    run = replace(RUN, results=(replace(VIOLATED, findings=(finding,)),))
    text = by_rule(run)["SP12/renewal"]["message"]["text"]
    assert "\\[here\\](https" in text
    for told in read(sarif(hostile()))["results"]:
        assert not re.search(r"(?<!\\)\]\(", told["message"]["text"])


def test_of_too_many_results_the_worst_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_RESULTS", 3)
    run = replace(RUN, troubles=(TROUBLE,))
    found = list(by_rule(run, sarif_for_github))
    assert found == ["SP12/renewal", "icp/undecided", READABLE]
    (invocation,) = read(sarif_for_github(run))["invocations"]
    assert invocation["toolExecutionNotifications"][-1]["message"]["text"] == (
        "more than 3 results; 1 are left out"
    )


def results(*findings: Finding) -> list[Any]:
    run = replace(RUN, results=(replace(VIOLATED, findings=findings),))
    return [result for _, result in reported(run)]


def test_a_derived_fact_has_the_name_that_its_tools_know() -> None:
    spot = replace(LOCATION, address="alicloud_instance.web", attribute="id", status="known")
    (one,) = results(replace(FINDING, location=spot))
    assert one["locations"] == [location(spot, "/a", "renewal")]
    assert one["locations"][0]["logicalLocations"] == [
        {
            "name": "renewal",
            "fullyQualifiedName": "alicloud_instance.web",
            "kind": "resource",
        }
    ]
    assert (one["properties"]["attribute"], one["properties"]["status"]) == ("id", "known")


@pytest.mark.parametrize(
    ("path", "encoded"),
    [
        ("infra/prod.icp.yaml", "infra/prod.icp.yaml"),
        ("京 B2/描述.yaml", "%E4%BA%AC%20B2/%E6%8F%8F%E8%BF%B0.yaml"),
        ("a:b/c%d#e?f", "a%3Ab/c%25d%23e%3Ff"),
        ("half\ud800", "half%3F"),
    ],
)
def test_paths_are_percent_encoded(path: str, encoded: str) -> None:
    assert uri(path) == encoded
