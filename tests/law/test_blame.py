"""The facts at fault, against what the condition itself says of them."""

from __future__ import annotations

from typing import Any

from hypothesis import given

from pytest_icp.law.blame import blame, gaps
from pytest_icp.law.condition import parse_condition
from pytest_icp.rules.patterns import DECIDE
from tests.conditions import CONDITIONS, VALUES


@given(CONDITIONS, VALUES)
def test_blame_points_to_a_contradiction_or_a_gap(written: Any, value: Any) -> None:
    node, decide = parse_condition(written), DECIDE
    answer = decide.truth(node, value)
    if answer is True:
        return
    found = blame(node, value, decide)
    assert found.test.truth(found.found, decide.by(value)) is (False if found.known else None)
    assert found.known is (answer is False)
    if answer is None:
        assert gaps(node, value, decide)
