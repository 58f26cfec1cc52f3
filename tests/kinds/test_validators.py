from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pytest_icp.kinds.validators import FEW, Validators
from pytest_icp.law.condition import ANYTHING, parse_condition
from tests.conditions import CONDITIONS, VALUES


def test_the_two_forms_and_the_two_questions_about_a_list() -> None:
    decide = Validators()
    on, good = parse_condition({"on": True}), parse_condition({"good": True})
    assert decide.certain(on, {"on": True})
    assert not decide.certain(on, {})
    assert decide.possible(on, {})
    assert not decide.possible(on, {"on": False})
    assert decide.all_comply(on, good, [{"on": True, "good": True}, {"on": False}])
    assert not decide.all_comply(on, good, [{"good": None}])
    assert decide.any_possible(on, [{"on": False}, {}])
    assert not decide.any_possible(on, [{"on": False}])
    assert not decide.any_possible(on, [])


def test_which_elements_may_be_meant() -> None:
    decide, on = Validators(), parse_condition({"on": True})
    assert decide.each_possible(on, [{"on": True}, {"on": 1}, {}]) == [True, False, True]
    assert decide.each_possible(ANYTHING, [{"on": True}, {}]) == [True, True]


def test_conditions_that_come_and_go_are_never_taken_for_each_other() -> None:
    decide = Validators()
    for n in range(300):
        assert decide.certain(parse_condition({"pattern": f"^{n}$"}), str(n))


@given(where=CONDITIONS, require=CONDITIONS, elements=st.lists(VALUES, max_size=4))
def test_a_long_list_is_decided_as_a_short_one(
    where: Any, require: Any, elements: list[Any]
) -> None:
    decide, first, second = Validators(), parse_condition(where), parse_condition(require)
    long = elements * (FEW + 1)
    assert decide.all_comply(first, second, elements) is decide.all_comply(first, second, long)
    for _ in range(2):
        assert decide.any_possible(first, elements) is decide.any_possible(first, long)
