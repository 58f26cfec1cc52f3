"""What is not known decides nothing: forgetting a fact leaves a verdict as it is, or unknown.

This is the law of fuzzing, of every rule at once and by the whole engine. It says nothing of facts
that contradict each other: once one of the two is forgotten, the other is known.
"""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from pytest_icp.authoring.fuzzing.laws import contradicts_itself, may_turn
from pytest_icp.authoring.strategies.shapes import place
from pytest_icp.authoring.strategies.trial import dotted, is_valid, value_at, without
from pytest_icp.kinds.finding import Verdict
from tests.laws.conftest import Court
from tests.laws.strategies import Situation, places, situations


@given(situations(), st.data())
def test_forgetting_a_fact_decides_nothing(
    court: Court, situation: Situation, data: st.DataObject
) -> None:
    at = data.draw(st.sampled_from(sorted(places(situation.document), key=str)))
    value = value_at(situation.document, at)
    less = situation.having(place(situation.document, at, None))
    assume(value is not None and is_valid(less.document))
    before = court.verdicts(situation)
    assume(not court.is_contested(situation) and not contradicts_itself(situation.document))
    # What can be read can be read without a fact.
    court.read(less)
    for rule, after in court.verdicts(less).items():
        turns = may_turn(Verdict(before.get(rule, after)), Verdict(after))
        assert turns, (dotted(at), rule)


@given(situations(), st.data())
def test_null_says_the_same_as_leaving_out(
    court: Court, situation: Situation, data: st.DataObject
) -> None:
    every = sorted(places(situation.document), key=str)
    at = data.draw(st.sampled_from([at for at in every if isinstance(at[-1], str)]))
    left_out = situation.having(without(situation.document, at))
    null = situation.having(place(situation.document, at, None))
    assume(is_valid(null.document))
    assert court.verdicts(null) == court.verdicts(left_out)
