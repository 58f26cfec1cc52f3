"""What any value can meet."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_icp.authoring.lint.conditions import Possible, meetable
from pytest_icp.law.condition import parse_condition
from pytest_icp.rules.patterns import DECIDE

ANYTHING = Possible(lambda _path, _value: True, lambda _path: ())
KIND = Possible(
    lambda path, value: path != ("kind",) or value in ("a", "b"),
    lambda path: ("a", "b") if path == ("kind",) else (),
)


def met(*written: Any, facts: Possible = ANYTHING) -> bool:
    return meetable([(parse_condition(one), True) for one in written], facts)


@pytest.mark.parametrize(
    "written",
    [
        {"n": {"minimum": 5, "maximum": 5}},
        {"n": {"exclusiveMinimum": 4, "maximum": 5}},
        {"n": {"not": {"minimum": 5}}},
        {"kind": "a", "n": {"anyOf": [1, {"minimum": 7}]}},
        {"tags": {"some": "x", "not": {"every": "x"}}},
        {"tags": {"every": {"enum": ["x"]}}},
        {"name": {"minLength": 3, "maxLength": 3}},
        {"name": {"pattern": "^B14"}},
        {"kind": {"type": "string"}},
        {"not": {"kind": "a", "n": 1}},
        {"done": {"not": "never"}},
    ],
)
def test_what_can_be_met(written: Any) -> None:
    assert met(written)


@pytest.mark.parametrize(
    "written",
    [
        {"n": {"minimum": 6, "maximum": 5}},
        {"n": {"exclusiveMinimum": 5, "maximum": 5}},
        {"n": {"allOf": [1, 2]}},
        {"allOf": [{"kind": "a"}, {"kind": "b"}]},
        {"kind": "c"},
        {"kind": {"not": {"enum": ["a", "b"]}}},
        {"kind": {"minimum": 1}},
        {"tags": {"some": "x", "every": "y"}},
        {"tags": {"allOf": [{"some": {"not": "x"}}, {"every": "x"}]}},
        {"not": {"anyOf": [{"kind": "a"}, {"kind": "b"}]}},
        {"sub": {"deep": {"allOf": [True, False]}}},
    ],
)
def test_what_cannot(written: Any) -> None:
    assert not met(written, facts=KIND)


def test_what_is_too_much_to_try_is_taken_to_be_possible() -> None:
    either = {"anyOf": [{"n": i} for i in range(20)]}
    assert met(*([either] * 4), {"n": {"allOf": [1, 2]}})


SMALL = st.sampled_from([True, "x", {"minimum": 1}, {"maximum": 0}, {"not": "x"}, {"enum": [1, 2]}])
TESTS = st.recursive(
    st.dictionaries(st.sampled_from(["p", "q"]), SMALL, min_size=1),
    lambda below: st.one_of(
        st.builds(lambda one: {"not": one}, below),
        st.builds(lambda some: {"anyOf": some}, st.lists(below, min_size=1, max_size=3)),
        st.builds(lambda every: {"allOf": every}, st.lists(below, min_size=1, max_size=3)),
    ),
    max_leaves=6,
)
VALUES = (True, False, "x", "y", 0, 1, 2, 3, -1, 0.5)
OBJECTS = [{"p": p, "q": q} for p, q in product(VALUES, VALUES)]


@given(TESTS)
def test_it_says_what_trying_every_object_says(written: Any) -> None:
    node, decide = parse_condition(written), DECIDE
    tried = any(decide.truth(node, one) for one in OBJECTS)
    assert meetable([(node, True)], ANYTHING) == tried


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        # Of two facts either may be what it takes.
        ({"p": {"minimum": {"of": "q"}}}, True),
        ({"p": {"allOf": [{"minimum": {"months": 6}}, {"maximum": {"days": 200}}]}}, True),
        ({"p": {"allOf": [{"minimum": {"months": 6}}, {"maximum": {"days": 100}}]}}, False),
    ],
)
def test_spans_and_other_facts(written: Any, expected: bool) -> None:
    assert meetable([(parse_condition(written), True)], ANYTHING) == expected
