"""A condition decided of one value is what its compiled forms say."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator

from pytest_icp.core.condition import Node, parse_condition
from pytest_icp.core.kleene import FEW, Truth, decide_one
from tests.conditions import CONDITIONS, VALUES

MORE_VALUES = VALUES | st.sampled_from([1.0, 0.0, 1.5, -2.0, [1, 1.0], {"a": 1.0}])
TYPES = ("array", "boolean", "integer", "number", "object", "string")


def compiled(node: Node, value: Any) -> Truth:
    if Draft202012Validator(dict(node.certain)).is_valid(value):
        return True
    return None if Draft202012Validator(dict(node.possible)).is_valid(value) else False


@given(written=CONDITIONS, value=MORE_VALUES)
def test_it_agrees_with_the_compiled_forms(written: Any, value: Any) -> None:
    node = parse_condition(written)
    assert decide_one(node, value, compiled) is compiled(node, value)


@given(kind=st.sampled_from(TYPES), value=MORE_VALUES)
def test_types_are_those_of_json_schema(kind: str, value: Any) -> None:
    node = parse_condition({"type": kind})
    assert decide_one(node, value, compiled) is compiled(node, value)


@given(value=MORE_VALUES, other=MORE_VALUES.filter(lambda value: value is not None))
def test_equality_is_that_of_json(value: Any, other: Any) -> None:
    node = parse_condition({"enum": [other]})
    assert decide_one(node, value, compiled) is compiled(node, value)


@pytest.mark.parametrize("word", ["some", "every"])
@pytest.mark.parametrize(
    ("written", "value"),
    [
        pytest.param({"pattern": "^x"}, "xy", id="a pattern"),
        pytest.param({"enum": [["a"]]}, ["a"], id="a constant that is no scalar"),
        pytest.param({"some": 1}, [0] * (FEW + 1), id="a long list"),
    ],
)
def test_what_a_validator_does_better_is_left_to_it(written: Any, value: Any, word: str) -> None:
    asked: list[Any] = []

    def otherwise(node: Node, value: Any) -> Truth:
        asked.append(value)
        return compiled(node, value)

    node = parse_condition({word: written})
    assert decide_one(node, [value], otherwise) is compiled(node, [value])
    assert asked == [value]
