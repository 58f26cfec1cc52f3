"""Situations that answer as asked, of every form of obligation; near misses are one fact apart."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from pytest_icp import strategies
from pytest_icp.core.finding import Verdict
from pytest_icp.core.jsontypes import tokens
from pytest_icp.loading.policies import default_policies
from pytest_icp.strategies.trial import Trial, can_be_read
from pytest_icp.strategies.verdicts import trial_of

RULES = {
    made.rule_id: (policy, made)
    for policy in default_policies()
    for made in policy.obligations
    if made.rule_id in {"SP12/renewal", "SP05/answer", "SP09/report", "LIC/valid"}
}
WAYS = {
    Verdict.SATISFIED: strategies.satisfying,
    Verdict.VIOLATED: strategies.violating,
    Verdict.UNKNOWN: strategies.undecided,
}


@given(st.data(), st.sampled_from(sorted(RULES)), st.sampled_from(list(WAYS)))
def test_the_engine_says_what_was_asked_for(
    data: st.DataObject, rule: str, wanted: Verdict
) -> None:
    policy, made = RULES[rule]
    drawn = data.draw(WAYS[wanted](made, policy=policy))
    assert can_be_read(drawn.document)
    assert Trial(obligation=made, policy=policy).verdict(drawn) is wanted


@given(st.data())
def test_the_day_stays_where_one_is_given(data: st.DataObject) -> None:
    _, made = RULES["SP12/renewal"]
    assert data.draw(strategies.violating(made, as_of="2024-02-29")).as_of == "2024-02-29"


@given(st.data(), st.sampled_from(sorted({*RULES} - {"LIC/valid"})))
def test_near_misses_are_one_fact_apart(data: st.DataObject, rule: str) -> None:
    policy, made = RULES[rule]
    pair = data.draw(strategies.near_misses(made, policy=policy))
    trial = Trial(obligation=made, policy=policy)
    assert trial.verdict(pair.satisfied) is Verdict.SATISFIED
    assert trial.verdict(pair.violated) is Verdict.VIOLATED
    assert pair.satisfied.as_of == pair.violated.as_of
    one, other = (
        changed(s.document, tokens(pair.changed)) for s in (pair.satisfied, pair.violated)
    )
    assert one != other


def changed(value: Any, at: tuple[str, ...]) -> Any:
    for name in at:
        if isinstance(value, list):
            value = value[int(name)] if int(name) < len(value) else None
        else:
            value = (value or {}).get(name)
    return value


def test_a_day_that_is_none_is_refused() -> None:
    _, made = RULES["SP12/renewal"]
    with pytest.raises(InvalidArgument, match="as_of='soon'"):
        strategies.satisfying(made, as_of="soon")


def test_without_its_policy_an_obligation_binds_everybody() -> None:
    _, made = RULES["SP12/renewal"]
    assert trial_of(made, None).policy.obligations == (made,)
