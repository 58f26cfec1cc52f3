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
    tested = found_in(value, found.at)
    assert found.test.truth(tested, decide.by(value)) is (False if found.known else None)
    assert found.known is (answer is False)
    if answer is None:
        assert gaps(node, value, decide)


def found_in(value: Any, path: tuple[str | int, ...]) -> Any:
    """Return what is at a path; None where nothing is."""
    for step in path:
        if isinstance(value, list):
            value = value[step]
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value


def test_each_fact_that_leaves_a_negation_open_is_named() -> None:
    written = {"not": {"is_free": False, "holder": {"number": {"type": "string"}}}}
    open_facts = gaps(parse_condition(written), {"holder": {"number": None}}, DECIDE)
    assert [gap.path for gap in open_facts] == [("is_free",), ("holder", "number")]
