"""Every case of `tests/cases`: a description, a day, and what the words of the law make of it."""

from __future__ import annotations

import pytest

from pytest_icp.authoring.case_runner import CaseRunner, mismatches
from pytest_icp.kinds.policies import default_policies
from tests.helpers import Case, all_cases

RULES = {o.rule_id: (policy, o) for policy in default_policies() for o in policy.obligations}
RUNNER = CaseRunner()


@pytest.mark.parametrize("case", all_cases(), ids=lambda case: case.id)
def test_case(case: Case) -> None:
    result = RUNNER.decide(case, *RULES[case.rule])
    assert result
    # What a failing case has to be read with.
    said = "\n".join(f"{f.pointer}: {f.message.en}" for f in result.findings)
    wrong = [text.en for text in mismatches(case, result)]
    assert not wrong, f"{result.reason.en}\n{said}\n{case.why}"
    assert result.failing == (case.verdict == "violated" and result.level == "mandatory")
