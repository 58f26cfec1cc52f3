"""What counts as noticed when a policy is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_icp.authoring.case_runner import CaseRunner
from pytest_icp.authoring.cases import read_cases
from pytest_icp.authoring.mutation.run import Mutated, run
from pytest_icp.kinds.deadline import check_deadline
from pytest_icp.rules.lookup import Meant
from pytest_icp.rules.policies import written_policies
from tests.policies_of_ones_own import CASES, own_policies

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_icp.kinds.context import Context
    from pytest_icp.kinds.finding import Outcome
    from pytest_icp.rules.policy import Obligation

ELEVENTH = CASES.index("  - name: answered on the eleventh day")


def mutated(folder: Path, runner: CaseRunner) -> Mutated:
    """Change a policy that has one case only, on the tenth day."""
    (written,) = written_policies([own_policies(folder, cases=CASES[:ELEVENTH])])
    cases = [case for file in read_cases(folder / "cases") for case in file.cases]
    return run([Meant(written=written)], cases, (), runner)


def test_a_kind_that_cannot_decide_a_change_has_noticed_it(tmp_path: Path) -> None:
    """As a kind of somebody else may, which was written for one policy."""

    def deadline_of_ten(obligation: Obligation, context: Context) -> Outcome:
        return {10: check_deadline}[obligation.group("within")["days"]](obligation, context)  # type: ignore[index]  # a number

    (tmp_path / "ours").mkdir()
    (tmp_path / "theirs").mkdir()
    changes = {one.change.id for one in mutated(tmp_path / "ours", CaseRunner()).survivors}
    longer = {change for change in changes if change.startswith("within")}
    assert longer
    theirs = mutated(tmp_path / "theirs", CaseRunner(checks={"deadline": deadline_of_ten}))
    assert {one.change.id for one in theirs.survivors} == changes - longer
