"""A condition as a function of one value: types and equality of JSON, texts, spans of time."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator

from pytest_icp.law.condition import Leaf, Node, parse_condition
from pytest_icp.law.kleene import PERHAPS, By, Truth, between, open_at
from tests.conditions import SCALARS, VALUES

MORE_VALUES = VALUES | st.sampled_from([1.0, 0.0, 1.5, -2.0, [1, 1.0], {"a": 1.0}])
TYPES = ("array", "boolean", "integer", "number", "object", "string")


def by_schema(node: Node, value: Any) -> Truth:
    assert isinstance(node, Leaf)
    return None if value is None else Draft202012Validator(dict(node.schema)).is_valid(value)


def told(node: Node, value: Any) -> Truth:
    return node.truth(value, By(value, nobody))


@given(kind=st.sampled_from(TYPES), value=MORE_VALUES)
def test_types_are_those_of_json_schema(kind: str, value: Any) -> None:
    node = parse_condition({"type": kind})
    assert told(node, value) is by_schema(node, value)


@given(value=MORE_VALUES, other=SCALARS | st.sampled_from([1.0, 1.5]))
def test_equality_is_that_of_json(value: Any, other: Any) -> None:
    for written in ({"enum": [other]}, {"const": other}):
        node = parse_condition(written)
        assert told(node, value) is by_schema(node, value)


def nobody(pattern: str, text: str) -> bool:
    raise AssertionError(f"{text!r} was matched with {pattern!r}")


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
        ({"minimum": 184}, 183, False),
        ({"minimum": 184}, "184", False),
        ({"maximum": 184}, 185, False),
        # Of what is compared only bounds are known.
        ({"minimum": 184}, between(184, 200), True),
        ({"minimum": 184}, between(100, 200), None),
        ({"minimum": 184}, between(100, 183), False),
        ({"maximum": 184}, between(100, 200), None),
        ({"minimum": 184}, between(184, 184), True),
        ({"not": {"maxLength": 1}}, "xy", True),
        ({"some": 1}, [0, 0], False),
        ({"some": 1}, [0, None], None),
        ({"every": 0}, [0, 0], True),
        ({"every": 0}, [0, None], None),
        ({"every": 0}, [None, 1], False),
        ({"some": 1}, None, None),
        ({"some": 1}, 1, False),
        # It is not known whether the element is there.
        ({"some": {"a": 1}}, [{"a": 1, PERHAPS: "day"}], None),
        ({"some": {"a": 1}}, [{"a": 2, PERHAPS: "day"}], False),
        ({"every": {"a": 1}}, [{"a": 2, PERHAPS: "day"}], None),
        ({"every": {"a": 1}}, [{"a": 1, PERHAPS: "day"}], True),
        # What is compared with is a fact of the whole subject.
        ({"b": {"every": {"a": {"minimum": {"of": "c"}}}}}, {"b": [{"a": 2}], "c": 2}, True),
        ({"b": {"every": {"a": {"minimum": {"of": "c"}}}}}, {"b": [{"a": 2}], "c": 3}, False),
        ({"allOf": [1, {"type": "integer"}]}, 1, True),
        ({"allOf": [1, {"type": "integer"}]}, 2, False),
    ],
)
def test_what_is_plain_is_decided_in_three_values(written: Any, value: Any, found: Truth) -> None:
    assert told(parse_condition(written), value) is found


@pytest.mark.parametrize(
    ("value", "found", "asked"),
    [("xy", True, ["xy"]), ("y", False, ["y"]), (1, False, []), (None, None, [])],
)
def test_texts_are_matched_by_whom_one_says(value: Any, found: Truth, asked: list[str]) -> None:
    texts: list[str] = []

    def matches(pattern: str, text: str) -> bool:
        texts.append(text)
        return text.startswith(pattern.removeprefix("^"))

    for written in ({"pattern": "^x"}, {"pattern": "^x", "maxLength": 2}):
        texts.clear()
        assert parse_condition(written).truth(value, By(value, matches)) is found
        assert texts == asked


@pytest.mark.parametrize(
    ("bound", "value", "found"),
    [
        # From any first day on: six months are 181 to 184 days.
        ({"minimum": {"months": 6}}, {"months": 6}, True),
        ({"minimum": {"months": 6}}, {"days": 184}, True),
        ({"minimum": {"months": 6}}, {"days": 183}, False),
        ({"minimum": {"days": 184}}, {"months": 6}, False),
        ({"minimum": {"days": 181}}, {"months": 6}, True),
        ({"minimum": {"years": 1}}, {"months": 12}, True),
        ({"minimum": {"months": 13}}, {"years": 1}, False),
        ({"minimum": {"years": 1}}, {"months": 11}, False),
        ({"exclusiveMinimum": {"months": 6}}, {"months": 6}, False),
        ({"exclusiveMinimum": {"months": 6}}, {"days": 185}, True),
        ({"exclusiveMinimum": {"days": 183}}, {"months": 6}, False),
        ({"maximum": {"months": 6}}, {"days": 181}, True),
        ({"maximum": {"months": 6}}, {"days": 182}, False),
        ({"maximum": {"days": 184}}, {"months": 6}, True),
        ({"exclusiveMaximum": {"days": 184}}, {"months": 6}, False),
        ({"minimum": {"days": 30}, "maximum": {"days": 60}}, {"days": 45}, True),
        ({"minimum": {"days": 30}, "maximum": {"days": 60}}, {"days": 61}, False),
        # What is known is only that it is not longer.
        ({"minimum": {"months": 6}}, {"at_most": {"months": 3}}, False),
        ({"minimum": {"months": 6}}, {"at_most": {"months": 6}}, None),
        ({"maximum": {"months": 6}}, {"at_most": {"months": 6}}, True),
        ({"maximum": {"months": 6}}, {"at_most": {"months": 7}}, None),
        ({"minimum": {"months": 6}}, {}, None),
        ({"minimum": {"months": 6}}, None, None),
        ({"minimum": {"months": 6}}, 6, False),
        ({"minimum": {"months": 6}}, "none", False),
        ({"minimum": 6}, {"months": 6}, False),
        ({"not": {"minimum": {"months": 6}}}, {"days": 183}, True),
    ],
)
def test_spans_of_time(bound: Any, value: Any, found: Truth) -> None:
    assert told(parse_condition(bound), value) is found


@pytest.mark.parametrize(
    ("bound", "kept", "asked", "found"),
    [
        ({"of": "log.asked"}, 180, 180, True),
        ({"of": "log.asked"}, 179, 180, False),
        ({"of": "log.asked", "times": 2}, 360, 180, True),
        ({"of": "log.asked", "times": 2}, 359, 180, False),
        ({"of": "log.asked", "plus": 30}, 210, 180, True),
        ({"of": "log.asked", "plus": 30}, 209, 180, False),
        ({"of": "log.asked", "times": 0.5, "plus": -30}, 60, 180, True),
        ({"of": "log.asked"}, None, 180, None),
        ({"of": "log.asked"}, 180, None, None),
        ({"of": "log.asked"}, "long", 180, False),
        ({"of": "log.asked"}, 180, "long", False),
        ({"of": "log.asked.days"}, 180, 180, None),
    ],
)
def test_a_number_is_compared_with_another_fact(
    bound: Any, kept: Any, asked: Any, found: Truth
) -> None:
    facts = {"log": {"kept": kept, "asked": asked}}
    assert told(parse_condition({"log": {"kept": {"minimum": bound}}}), facts) is found
    opposite = parse_condition({"log": {"kept": {"not": {"minimum": bound}}}})
    assert told(opposite, facts) is (None if found is None else not found)


@pytest.mark.parametrize(
    ("element", "at"),
    [
        ({"a": 1, PERHAPS: "day"}, ("x", 0, "day")),
        ({PERHAPS: "/described_on"}, ("described_on",)),
        ({"a": 1}, None),
        ([PERHAPS], None),
        (None, None),
    ],
)
def test_what_would_tell_whether_an_element_is_there(element: Any, at: Any) -> None:
    assert open_at(element, ("x", 0)) == at
