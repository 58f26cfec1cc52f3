"""Situations that answer as asked, of every form of obligation."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from msgspec.structs import replace

from pytest_icp.authoring import strategies
from pytest_icp.authoring.strategies.moves import trial_of
from pytest_icp.authoring.strategies.trial import (
    VERSION,
    CheckCrashed,
    Situation,
    Trial,
    can_be_read,
)
from pytest_icp.kinds import Kind
from pytest_icp.kinds.finding import Outcome, Verdict
from pytest_icp.kinds.policies import default_policies, load_policies
from pytest_icp.rules.policy import Spec
from tests.obligations import obligation
from tests.policies_of_ones_own import STOPPED, own_policies

RULES = {
    made.own_id: (policy, made)
    for policy in default_policies()
    for rule in policy.obligations
    for made in rule.each_part
    if made.own_id in {"SP12/renewal", "SP05/answer#answer", "SP09/report", "LIC/valid"}
}
VERDICTS = [Verdict.SATISFIED, Verdict.VIOLATED, Verdict.UNKNOWN]


@given(st.data(), st.sampled_from(sorted(RULES)), st.sampled_from(VERDICTS))
def test_the_engine_says_what_was_asked_for(
    data: st.DataObject, rule: str, wanted: Verdict
) -> None:
    policy, made = RULES[rule]
    drawn = data.draw(strategies.situations(made, wanted, policy=policy))
    assert can_be_read(drawn.document)
    assert Trial(obligation=made, policy=policy).verdict(drawn) is wanted


@given(st.data())
def test_the_day_stays_where_one_is_given(data: st.DataObject) -> None:
    _, made = RULES["SP12/renewal"]
    assert data.draw(strategies.situations(made, Verdict.VIOLATED, as_of="2024-02-29")).as_of == (
        "2024-02-29"
    )


def test_a_day_that_is_none_is_refused() -> None:
    _, made = RULES["SP12/renewal"]
    with pytest.raises(InvalidArgument, match="as_of='soon'"):
        strategies.situations(made, Verdict.SATISFIED, as_of="soon")


HERE = Situation(document=dict(VERSION), as_of="2024-06-03")


def test_a_check_that_raises_is_told_with_its_situation() -> None:
    def crashing(*_: object) -> Outcome:
        raise KeyError("x")

    own = obligation("own_kind", "sites")
    kinds = {"own_kind": Kind("own_kind", Spec, crashing)}
    trial = Trial(obligation=own, policy=trial_of(own, None).policy, kinds=kinds)
    with pytest.raises(CheckCrashed, match="SP99/made") as raised:
        trial.verdict(replace(HERE, files=(("a.txt", b"x"),)))
    assert raised.value.situation.document == HERE.document
    assert trial.own_kind


def test_of_a_rule_with_parts_one_of_these_is_asked_for(tmp_path: Path) -> None:
    (policy,) = load_policies([own_policies(tmp_path, obligations=STOPPED)])
    (rule,) = policy.obligations
    with pytest.raises(InvalidArgument, match="ACME/stopped has parts, of which one is wanted: at"):
        trial_of(rule, policy)
    (late,) = [part for part in rule.parts if part.part == "latest"]
    assert trial_of(late, policy).obligation is late
