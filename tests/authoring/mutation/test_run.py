"""What counts as noticed when a policy is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_icp.authoring.cases import CaseRunner, read_cases
from pytest_icp.authoring.mutation import MutationResult, run
from pytest_icp.kinds import Kind
from pytest_icp.kinds.dated import check_dated
from pytest_icp.kinds.dated.when import Dated
from pytest_icp.kinds.policies import written_policies
from pytest_icp.rules.policies import PolicySelection
from tests.policies_of_ones_own import CASES, own_policies

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_icp.kinds.context import Context
    from pytest_icp.kinds.finding import Outcome
    from pytest_icp.rules.policy import Obligation

ELEVENTH = CASES.index("  - name: answered on the eleventh day")


def mutated(folder: Path, runner: CaseRunner) -> MutationResult:
    """Change a policy that has one case only, on the tenth day."""
    (written,) = written_policies([own_policies(folder, cases=CASES[:ELEVENTH])])
    cases = [case for file in read_cases(folder / "cases") for case in file.cases]
    return run([PolicySelection(written=written)], cases, (), runner)


def test_a_kind_that_cannot_decide_a_change_has_noticed_it(tmp_path: Path) -> None:
    """As a kind of somebody else may, which was written for one policy."""

    def dated_of_ten(obligation: Obligation, context: Context) -> Outcome:
        within = obligation.spec_as(Dated).within
        days = within and within.days and within.days.newest.n
        return {days: check_dated}[10](obligation, context)

    (tmp_path / "ours").mkdir()
    (tmp_path / "theirs").mkdir()
    changes = {one.id for one in mutated(tmp_path / "ours", CaseRunner()).survivors}
    longer = {change for change in changes if "within" in change}
    assert longer
    theirs = mutated(
        tmp_path / "theirs",
        CaseRunner(kinds={"dated": Kind("dated", Dated, dated_of_ten)}),
    )
    assert {one.id for one in theirs.survivors} == changes - longer
