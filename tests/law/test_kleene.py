"""A condition as a function of one value is what its two schemas say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator

from pytest_icp.law.condition import Node, parse_condition
from pytest_icp.law.kleene import Truth
from tests.conditions import CONDITIONS, VALUES

if TYPE_CHECKING:
    from collections.abc import Callable

MORE_VALUES = VALUES | st.sampled_from([1.0, 0.0, 1.5, -2.0, [1, 1.0], {"a": 1.0}])
TYPES = ("array", "boolean", "integer", "number", "object", "string")


def by_schemas(node: Node, value: Any) -> Truth:
    if Draft202012Validator(dict(node.certain)).is_valid(value):
        return True
    return None if Draft202012Validator(dict(node.possible)).is_valid(value) else False


def is_valid(schema: Any, value: Any) -> bool:
    return Draft202012Validator(schema).is_valid(value)


@given(written=CONDITIONS, value=MORE_VALUES)
def test_it_agrees_with_the_schemas(written: Any, value: Any) -> None:
    node = parse_condition(written)
    assert node.truth(value, is_valid) is by_schemas(node, value)


@given(kind=st.sampled_from(TYPES), value=MORE_VALUES)
def test_types_are_those_of_json_schema(kind: str, value: Any) -> None:
    node = parse_condition({"type": kind})
    assert node.truth(value, is_valid) is by_schemas(node, value)


@given(value=MORE_VALUES, other=MORE_VALUES.filter(lambda value: value is not None))
def test_equality_is_that_of_json(value: Any, other: Any) -> None:
    node = parse_condition({"enum": [other]})
    assert node.truth(value, is_valid) is by_schemas(node, value)


def nobody(schema: Any, value: Any) -> bool:
    raise AssertionError(f"{value!r} was left to a validator")


@pytest.mark.parametrize(
    ("written", "value", "found"),
    [
        ({"a": 1}, {"a": 1}, True),
        ({"a": 1}, {"a": 2}, False),
        ({"a": 1}, {"b": 1}, None),
        ({"a": 1}, {"a": None}, None),
        ({"a": 1}, [1], False),
        ({"a": {"anyOf": [1, {"not": 2}]}}, {}, None),
        ({"type": "integer"}, 1, True),
        ({"type": "integer"}, 1.0, True),
        ({"type": "integer"}, 1.5, False),
        ({"type": "integer"}, True, False),
        ({"enum": [1, "x"]}, "x", True),
        ({"enum": [1, "x"]}, True, False),
        ({"minimum": 184}, 184, True),
        ({"not": {"maxLength": 1}}, "xy", True),
        ({"some": 1}, [0, 0], False),
        ({"some": 1}, [0, None], None),
        ({"every": 0}, [0, 0], True),
        ({"every": 0}, [0, None], None),
    ],
)
def test_what_is_plain_is_decided_without_a_validator(
    written: Any, value: Any, found: Truth
) -> None:
    assert parse_condition(written).truth(value, nobody) is found


@pytest.mark.parametrize(
    ("around", "within"),
    [
        pytest.param(lambda test: {"some": test}, lambda value: [value], id="some"),
        pytest.param(lambda test: {"every": test}, lambda value: [value], id="every"),
        pytest.param(lambda test: {"a": test}, lambda value: {"a": value}, id="a property"),
        pytest.param(lambda test: {"not": test}, lambda value: value, id="not"),
        pytest.param(lambda test: {"anyOf": [2, test]}, lambda value: value, id="anyOf"),
        pytest.param(lambda test: {"allOf": [test, test]}, lambda value: value, id="allOf"),
    ],
)
@pytest.mark.parametrize(
    ("written", "value"),
    [
        pytest.param({"pattern": "^x"}, "xy", id="a pattern"),
        pytest.param({"const": ["a"]}, ["a"], id="a constant that is no scalar"),
        pytest.param({"enum": [["a"]]}, ["a"], id="constants that are no scalars"),
    ],
)
def test_what_a_validator_does_better_is_left_to_it(
    written: Any, value: Any, around: Callable[[Any], Any], within: Callable[[Any], Any]
) -> None:
    asked: list[Any] = []

    def otherwise(schema: Any, value: Any) -> bool:
        asked.append(value)
        return is_valid(schema, value)

    node = parse_condition(around(written))
    assert node.truth(within(value), otherwise) is by_schemas(node, within(value))
    assert asked
    assert all(one == value for one in asked)
