from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.policies import default_policies
from pytest_icp.kinds.result import Result
from pytest_icp.reports.marked import MarkedTest, marked_results

TEST = MarkedTest(
    rule_id="OWN/log-fields",
    verdict=Verdict.VIOLATED,
    title="Logs name the account.",
    name="test_logs[a]",
    why="assert 'account' in []",
    path="infra/test_own.py",
    line=7,
)


def told(**changed: Any) -> Result:
    (result,) = marked_results([replace(TEST, **changed)], default_policies(), "2025-06-01")
    return result


def test_a_test_that_fails_is_a_finding_where_it_is_written() -> None:
    result = told()
    (finding,) = result.findings
    assert (result.provision, result.title.zh, result.failing) == ("OWN", TEST.title, True)
    assert str(finding.location) == "infra/test_own.py:7"
    assert finding.message.zh == "测试未通过：assert 'account' in []"
    assert finding.message.en == "the test fails: assert 'account' in []"
    assert "infra/test_own.py::test_logs[a]" in result.fix.en


@pytest.mark.parametrize(
    ("verdict", "reason", "findings"),
    [
        (Verdict.SATISFIED, "the test passes", 0),
        (Verdict.NOT_APPLICABLE, "the test was skipped: none here", 0),
        (Verdict.UNKNOWN, "the test could not start: none here", 1),
    ],
)
def test_every_outcome_has_its_reason(verdict: Verdict, reason: str, findings: int) -> None:
    result = told(verdict=verdict, why="none here")
    assert (result.reason.en, len(result.findings)) == (reason, findings)


def test_a_rule_of_a_policy_keeps_its_words() -> None:
    (policy,) = (one for one in default_policies() if one.id == "SP12")
    rule = next(one for one in policy.obligations if one.id == "renewal")
    result = told(rule_id="SP12/renewal")
    assert (result.title, result.fix, result.quote) == (rule.title, rule.fix, rule.quote)
    assert (result.provision_title, result.article) == (policy.title, policy.article)
    assert result.basis == rule.basis
