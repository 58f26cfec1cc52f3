"""Parts of rules in every report: what was found names its part, whose level it has."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pytest_icp.facts.files.schema import validator
from pytest_icp.kinds.result import Result
from pytest_icp.reports.annotations import gitlab
from pytest_icp.reports.entries import entries
from pytest_icp.reports.failure import headline
from pytest_icp.reports.findings import advice, decision
from pytest_icp.reports.jsonl import evaluation_json, jsonl
from pytest_icp.reports.markdown import comment
from pytest_icp.reports.run import Run
from pytest_icp.reports.sarif import sarif, sarif_for_github
from pytest_icp.reports.summary import finding_lines, notes, summary
from tests.parted import DECISION, LATE, NEVER, OPEN, SLOW, WAIVER, result_of, run_of, scene_of
from tests.reports.test_html import read
from tests.reports.test_sarif import VALIDATOR as SARIF
from tests.results import failure_text, shown

CASES = {
    "late": (LATE, ""),
    "never": (NEVER, ""),
    "slow": (SLOW, ""),
    "open": (OPEN, ""),
    "decided": (LATE, DECISION),
    "waived": (LATE, WAIVER),
    "waived advice": (LATE, WAIVER.replace("#latest", "#at-once")),
}
every_case = pytest.mark.parametrize("case", CASES)


def run(case: str) -> Run:
    return run_of(result_of(*CASES[case]))


def lines(of: Run) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in jsonl(of).splitlines()]
    for line in found:
        validator("finding").validate(line)
    return found


@pytest.mark.parametrize(
    ("case", "standings"),
    [
        ("late", {"latest": "unknown", "within-24h": "advisory", "at-once": "advisory"}),
        ("slow", {"at-once": "advisory"}),
        ("decided", {"latest": "decided", "within-24h": "advisory", "at-once": "advisory"}),
        ("waived", {"latest": "waived", "within-24h": "advisory", "at-once": "advisory"}),
        ("waived advice", {"latest": "unknown", "within-24h": "advisory", "at-once": "waived"}),
        (
            "never",
            {
                "at-all": "violated",
                "latest": "unknown",
                "within-24h": "advisory",
                "at-once": "advisory",
            },
        ),
    ],
)
def test_each_finding_stands_by_the_level_of_its_part(case: str, standings: dict[str, str]) -> None:
    assert {one.finding.part: one.standing.value for one in entries(run(case))} == standings


# --- programs ----------------------------------------------------------------------------------


def test_json_lines_say_what_a_person_must_decide_and_has_decided() -> None:
    (asked,) = [one for one in lines(run("late")) if one.get("review")]
    assert (asked["level"], asked["grade"], asked["verdict"]) == ("review", "unknown", "unknown")
    assert asked["decide"][0] == '- rule: "ACME/stopped#latest"'
    assert asked["title"]["en"] == "It is stopped within 72 hours"
    (settled,) = [one for one in lines(run("decided")) if "decided" in one]
    assert settled["grade"] == "decided"
    assert settled["decided"] == {
        "reason": "the operator was asleep",
        "owner": "security",
        "day": "2024-03-20",
    }
    (waived,) = [one for one in lines(run("waived advice")) if "waiver" in one]
    assert (waived["part"], waived["waiver"]["owner"]) == ("at-once", "compliance")


def test_an_evaluation_tells_how_each_part_stands() -> None:
    document = json.loads(evaluation_json(run("late"), (), scene_of(LATE)[0].base))
    validator("evaluation").validate(document)
    assert document["rules"] == {"x.icp.json": {"ACME/stopped": "unknown"}}
    assert document["parts"] == {
        "x.icp.json": {
            "ACME/stopped": {
                "at-all": "satisfied",
                "latest": "unknown",
                "within-24h": "advisory",
                "at-once": "advisory",
            }
        }
    }


@every_case
def test_sarif_is_valid_and_has_one_rule(case: str) -> None:
    for text in (sarif(run(case)), sarif_for_github(run(case))):
        document = json.loads(text)
        SARIF.validate(document)
        (told,) = document["runs"]
        known = [rule["id"] for rule in told["tool"]["driver"]["rules"]]
        assert known in (["ACME/stopped"], ["ACME/stopped", "icp/undecided"])
        assert {one["ruleId"] for one in told["results"]} <= {*known}


def test_sarif_tells_a_review_as_an_unknown_and_a_decision_as_suppressed() -> None:
    def by_part(case: str, render: Any = sarif) -> dict[str, Any]:
        (told,) = json.loads(render(run(case)))["runs"]
        return {one["properties"]["part"]: one for one in told["results"]}

    asked = by_part("late")["latest"]
    assert (asked["level"], asked["properties"]["level"]) == ("warning", "review")
    assert "part: latest (review)" in asked["message"]["text"]
    settled = by_part("decided")["latest"]
    (suppression,) = settled["suppressions"]
    assert suppression["justification"] == (
        "decided: complied, by security on 2024-03-20: the operator was asleep"
    )
    assert "latest" not in by_part("decided", sarif_for_github)
    assert by_part("waived advice")["at-once"]["properties"]["waivedUntil"] == "2024-06-20"


def test_gitlab_names_the_part_and_its_level() -> None:
    said = [one["description"] for one in json.loads(gitlab(run("late")))]
    assert any("It is stopped within 72 hours [latest (review)]" in one for one in said)


# --- people ------------------------------------------------------------------------------------


@every_case
def test_the_page_is_one_of_the_standard(case: str) -> None:
    page = read(run(case))
    assert any("ACME/stopped" in (code.text or "") for code in page.iter("code"))


def test_what_is_violated_names_its_part_in_the_comment() -> None:
    assert "❌ **ACME/stopped&#35;<!-- -->at-all**" in comment(run("never"))


def test_a_failure_shows_each_part_with_its_level() -> None:
    result = result_of(LATE)
    text = failure_text(result, "en")
    assert text.startswith("ACME/stopped a person must decide\n")
    for line in (
        "part: latest (review)",
        '    - rule: "ACME/stopped#latest"',
        "  satisfied at-all It is stopped (mandatory)",
        "  unknown latest It is stopped within 72 hours (review)",
        "  advisory, not met within-24h It is stopped within 24 hours (advice)",
    ):
        assert line in text.splitlines()
    assert headline(result, "en").startswith("a person must decide: fraud: done late")
    assert "须由人认定" in failure_text(result, "zh")


def test_advice_names_what_to_do_about_each_part() -> None:
    result = result_of(NEVER)
    said = {one.part: advice(result, one)[1].en for one in result.findings}
    assert said["at-all"] == "Stop it now."
    assert said["at-once"] == "Have somebody on duty who can stop it."
    assert said["latest"].endswith("if not: Stop it now.")
    settled = result_of(LATE, DECISION)
    (decided,) = [one for one in settled.findings if one.decided]
    assert (
        advice(settled, decided)[1].zh
        == "认定为已履行（security，2024-03-20）：the operator was asleep"
    )


def test_the_entry_to_write_is_one_of_a_waivers_file() -> None:
    result = result_of(LATE)
    entry = decision(result, result.findings[0])
    filled = entry.replace("owner: null", "owner: o").replace("reason: null", "reason: r")
    indented = "".join(f"  {line}\n" for line in filled.splitlines())
    assert result_of(LATE, indented).verdict == "satisfied"


def test_the_end_of_a_run_lists_advice_decisions_and_waivers() -> None:
    def told(*results: Result) -> str:
        sections = summary(results, (), most=None)
        return "\n".join(line for one in sections for line in shown(one.blocks, columns=200))

    assert "ACME/stopped#at-once x.icp.json:1:" in told(result_of(LATE))
    assert "ACME/stopped#latest [fraud]: decided: complied, by security" in told(
        result_of(LATE, DECISION)
    )
    assert "ACME/stopped#at-once: waived until 2024-06-20" in told(
        result_of(LATE, WAIVER.replace("#latest", "#at-once"))
    )
    whole = told(result_of(NEVER, WAIVER.replace("#latest", "")))
    assert whole.count("waived until 2024-06-20") == 1
    soon = result_of(NEVER, as_of="2024-03-04T10:10:00+08:00")
    assert "ACME/stopped#at-once" in told(soon)
    assert any("ACME/stopped#latest" in line for line in shown(notes([soon]), columns=200))


def test_a_line_for_each_finding_says_who_must_decide() -> None:
    said = list(finding_lines([result_of(LATE)], "en"))
    assert said[0].startswith("x.icp.json:1:")
    assert "ACME/stopped#latest: a person must decide: fraud: done late" in said[0]
    assert not list(finding_lines([result_of(OPEN)], "en"))
    assert not list(finding_lines([result_of(LATE, WAIVER)], "en"))
