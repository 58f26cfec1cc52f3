"""Every case of `tests/cases`: a description, a day, and what the words of the law make of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pytest_icp.authoring.cases import CaseRunner, mismatches
from pytest_icp.kinds.policies import default_policies
from tests.helpers import Case, all_cases

RULES = {
    one.own_id: (policy, one)
    for policy in default_policies()
    for rule in policy.obligations
    for one in (rule, *rule.parts)
}
RUNNER = CaseRunner()


def wrong_in(case: Case) -> Iterator[str]:
    """Yield what is decided otherwise than the case says."""
    result = RUNNER.decide(case, *RULES[case.rule])
    assert result
    wrong = [text.en for text in mismatches(case, result)]
    if result.failing != (case.verdict == "violated" and result.level == "mandatory"):
        wrong.append(f"it {'fails' if result.failing else 'does not fail'}")
    if wrong:
        # What a failing case has to be read with.
        said = (f"{finding.pointer}: {finding.message.en}" for finding in result.findings)
        yield "\n".join((f"{case.id}: {'; '.join(wrong)}", result.reason.en, *said, case.why))


@pytest.mark.parametrize("rule", dict.fromkeys(case.rule for case in all_cases()))
def test_the_cases_of_a_rule(rule: str) -> None:
    wrong = [text for case in all_cases() if case.rule == rule for text in wrong_in(case)]
    assert not wrong, "\n\n".join(wrong)
