"""What a run did not decide (未完成), as reports tell it."""

from __future__ import annotations

from itertools import groupby

from msgspec.structs import replace

from pytest_icp.kinds.result import Result
from pytest_icp.law.location import Location
from pytest_icp.law.once import once
from pytest_icp.law.text import Text
from pytest_icp.reports.advice import RUN_ALL
from pytest_icp.reports.run import Run, Trouble, in_order

_NOT_RUN = Text(zh="{n} 项规则没有核对：{why}", en="{n:rule} not run: {why}")


@once
def whole(run: Run) -> Run:
    """Return a run in which the rules that were not run are results like the others: unknown."""
    return replace(run, results=in_order((*run.results, *run.not_run))) if run.not_run else run


@once
def incomplete(run: Run) -> tuple[Trouble, ...]:
    """Return why a run is not complete: for each description what was not run, and why."""
    troubles = []
    for (description, _), group in groupby(sorted(run.not_run, key=_cause), key=_cause):
        results = list(group)
        said = _NOT_RUN.format(n=len(results), why=results[0].reason)
        troubles.append(not_looked_at(said, description))
    return (*troubles, *run.unseen)


def not_looked_at(message: Text, description: str) -> Trouble:
    """Return that something of a description was not looked at."""
    return Trouble(
        description=description,
        rule_id="",
        message=message,
        hint=RUN_ALL,
        location=Location(path=description),
    )


def _cause(result: Result) -> tuple[str, str]:
    return result.description, result.reason.en
