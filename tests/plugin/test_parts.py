"""Rules with parts in real runs of pytest: one item for each rule, whatever its parts are."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from tests import parted
from tests.plugin.conftest import Infra
from tests.policies_of_ones_own import REPORT, STOPPED, own_policies

AS_OF = "2024-06-03"
OURS = ("--icp-policies=rules", "--icp-select=ACME", "-o", "icp_lang=en")

DESCRIPTION = """\
apiVersion: pytest-icp/v1
illegal_content_cases:
  - id: fraud
    confirmed: true
    discovered_at: 2024-03-04T10:00+08:00
    stopped_at: {stopped}
incidents: []
"""
LATE, SLOW, NEVER = "2024-03-08T10:00+08:00", "2024-03-04T12:00+08:00", "never"
DECISION = f"waivers:\n{parted.DECISION}"
WAIVER = """\
waivers:
  - {rule: "ACME/stopped#latest", reason: agreed, owner: compliance, expires: 2024-06-20}
"""


@pytest.fixture
def cases(infra: Infra) -> Infra:
    own_policies(infra.pytester.path, obligations=STOPPED + REPORT)
    describe(infra, LATE)
    return infra


def describe(infra: Infra, stopped: str) -> None:
    infra.write("infra/prod.icp.yaml", DESCRIPTION.format(stopped=stopped))


def said(infra: Infra, *args: str, as_of: str = AS_OF) -> str:
    return infra.run(*OURS, *args, as_of=as_of).stdout.str()


def test_a_rule_is_one_item_and_a_review_fails_as_an_unknown_does(cases: Infra) -> None:
    run = cases.run(*OURS, as_of=AS_OF)
    text = run.stdout.str()
    assert run.ret == pytest.ExitCode.TESTS_FAILED
    assert "1 skipped" in text
    assert "1 undecided" in text
    assert "a person must decide" in text
    assert "  unknown latest It is stopped within 72 hours (review)" in text
    assert "undecided rules fail the run" in text


def test_advice_passes_and_is_listed(cases: Infra) -> None:
    describe(cases, SLOW)
    run = cases.run(*OURS, "-v", as_of=AS_OF)
    assert run.ret == pytest.ExitCode.OK
    run.assert_outcomes(passed=1, skipped=1)
    assert "ACME/stopped#at-once infra/prod.icp.yaml:6:17: done late" in " ".join(
        run.stdout.str().split()
    )


def test_a_decision_lets_it_pass_and_is_listed(cases: Infra) -> None:
    cases.write("infra/icp-waivers.yaml", DECISION)
    run = cases.run(*OURS, as_of=AS_OF)
    assert run.ret == pytest.ExitCode.OK
    run.assert_outcomes(passed=1, skipped=1)
    text = run.stdout.str()
    # What is decided weakens a run as a waiver does, and is named.
    assert "this run is weakened by waivers (1)" in text
    text = " ".join(said(cases, "-v").split())
    assert "decided by a person" in text
    assert "ACME/stopped#latest [fraud]: decided: complied, by security on 2024-03-20" in text


def test_a_part_that_there_is_not_is_an_error_with_the_nearest(cases: Infra) -> None:
    cases.write("infra/icp-waivers.yaml", WAIVER.replace("latest", "latst"))
    run = cases.run(*OURS, as_of=AS_OF)
    told = run.stderr.str() + run.stdout.str()
    assert run.ret == pytest.ExitCode.USAGE_ERROR
    assert "there is no rule 'ACME/stopped#latst'" in told
    assert "did you mean 'ACME/stopped#latest'?" in told


def test_a_waived_review_is_expected_to_fail(cases: Infra) -> None:
    cases.write("infra/icp-waivers.yaml", WAIVER)
    run = cases.run(*OURS, as_of=AS_OF)
    run.assert_outcomes(xfailed=1, skipped=1)
    assert "1 waived" in run.stdout.str()
    assert "ACME/stopped: waived until 2024-06-20" in said(cases, "-v")
    assert cases.run(*OURS, as_of="2024-06-21").ret == pytest.ExitCode.TESTS_FAILED


def test_a_decision_that_settles_nothing_is_idle(cases: Infra) -> None:
    describe(cases, SLOW)
    cases.write("infra/icp-waivers.yaml", DECISION)
    text = said(cases)
    assert "waivers that match nothing" in text
    assert "ACME/stopped#latest [fraud] decided: complied, by security" in " ".join(text.split())


def test_junit_has_the_parts(cases: Infra) -> None:
    cases.run(*OURS, "--junitxml=out.xml", "-o", "junit_family=xunit1", as_of=AS_OF)
    tree = ET.parse(cases.pytester.path / "out.xml")
    (case,) = [one for one in tree.iter("testcase") if one.get("name") == "stopped"]
    told = {one.get("name"): one.get("value") for one in case.iter("property")}
    assert (told["icp.rule"], told["icp.verdict"]) == ("ACME/stopped", "unknown")
    assert told["icp.parts"] == (
        "at-all=satisfied, latest=unknown, within-24h=advisory, at-once=advisory"
    )
    assert case.find("failure") is not None


def test_each_part_is_fuzzed_by_itself(cases: Infra) -> None:
    run = cases.run(
        *OURS,
        "--icp-fuzz",
        "--icp-fuzz-examples=2",
        "--collect-only",
        "-q",
        as_of=AS_OF,
    )
    names = [
        line.rpartition("::")[2] for line in run.stdout.str().splitlines() if "stopped" in line
    ]
    assert names == [
        "stopped",
        "stopped#at-all[fuzz]",
        "stopped#latest[fuzz]",
        "stopped#within-24h[fuzz]",
        "stopped#at-once[fuzz]",
    ]
