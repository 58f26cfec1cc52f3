"""The facts at fault, against what the condition itself says of them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from pytest_icp.law.blame import blame, gaps
from pytest_icp.law.condition import parse_condition
from pytest_icp.law.kleene import PERHAPS
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


@pytest.mark.parametrize(
    ("written", "value", "path"),
    [
        # Of alternatives that are all impossible, what contradicts is blamed, not what is unknown.
        ({"anyOf": [{"b": 1, "a": 1}]}, {"a": 0}, ("a",)),
        ({"anyOf": [{"a": 1}, {"b": 1}]}, {"a": 0}, ("b",)),
        ({"a": {"every": 1}}, {"a": [1, 2, 3]}, ("a", 1)),
        ({"a": {"every": {"b": 1}}}, {"a": [{"b": 1}, {}]}, ("a", 1, "b")),
        # What is not known of the first element that may be the one.
        ({"a": {"some": {"b": 1, "c": 1}}}, {"a": [{"b": 0}, {"b": 1}, {}]}, ("a", 1, "c")),
        ({"a": {"some": {"b": 1}}}, {"a": [{"b": 0}]}, ("a",)),
        ({"a": {"some": {"b": 1}}}, {}, ("a",)),
        # Whether an element is there at all.
        ({"a": {"some": {"b": 1}}}, {"a": [{"b": 1, PERHAPS: "c"}]}, ("a", 0, "c")),
        ({"a": {"some": {"b": 1}}}, {"a": [{PERHAPS: "c"}]}, ("a", 0, "b")),
        ({"a": {"every": {"b": 1}}}, {"a": [{"b": 0, PERHAPS: "c"}]}, ("a", 0, "c")),
        ({"a": {"every": {"b": 1}}}, {"a": [{"b": 0, PERHAPS: "c"}, {"b": 0}]}, ("a", 1, "b")),
        ({"a": {"some": {"b": 1}}}, {"a": [{"b": 1, PERHAPS: "/day"}]}, ("day",)),
        # Of two facts, the one that is not known.
        ({"a": {"minimum": {"of": "b.c"}}}, {"a": 1}, ("b", "c")),
        ({"a": {"minimum": {"of": "b"}}}, {"b": 1}, ("a",)),
        ({"a": {"not": {"minimum": {"of": "b"}}}}, {"a": 1}, ("b",)),
        ({"a": {"minimum": {"of": "b"}}}, {"a": 0, "b": 1}, ("a",)),
    ],
)
def test_the_very_fact_is_blamed(written: Any, value: Any, path: tuple[str | int, ...]) -> None:
    assert blame(parse_condition(written), value, DECIDE).path == path
