from __future__ import annotations

from typing import Any

import pytest

from pytest_icp.outcome import ADVISORY_STATUS, UNKNOWN_STATUS, status


def report(outcome: Any, **icp: str) -> pytest.TestReport:
    made = pytest.TestReport(
        nodeid="a::b",
        location=("a", 0, "b"),
        keywords={},
        outcome=outcome,
        longrepr=None,
        when="call",
    )
    if icp:
        made.icp = icp  # type: ignore[attr-defined]  # reports take attributes
    return made


@pytest.mark.parametrize(
    ("made", "category"),
    [
        (report("failed"), None),
        (report("failed", verdict="unknown", level="mandatory"), UNKNOWN_STATUS),
        (report("passed", verdict="unknown", level="mandatory"), UNKNOWN_STATUS),
        (report("passed", verdict="violated", level="advisory"), ADVISORY_STATUS),
        (report("failed", verdict="violated", level="mandatory"), None),
        (report("passed", verdict="satisfied", level="mandatory"), None),
        # Waived, or not applicable: pytest's own words.
        (report("skipped", verdict="violated", level="advisory"), None),
        (report("skipped", verdict="not applicable", level="mandatory"), None),
    ],
)
def test_unknown_and_advisory_have_categories_of_their_own(
    made: pytest.TestReport, category: object
) -> None:
    assert status(made) == category
