"""Situations that answer as asked, of every form of obligation; near misses are one fact apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from msgspec.structs import replace

from pytest_icp.authoring import strategies
from pytest_icp.authoring.strategies.documents import VERSION, Situation, Tokens
from pytest_icp.authoring.strategies.moves import Draw
from pytest_icp.authoring.strategies.trial import CheckCrashed, Trial, can_be_read
from pytest_icp.authoring.strategies.verdicts import (
    difference,
    trial_of,
)
from pytest_icp.kinds.finding import Outcome, Verdict
from pytest_icp.kinds.kind import Kind
from pytest_icp.kinds.policies import default_policies, load_policies
from pytest_icp.law.jsontypes import tokens
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


def site(name: str, *, public: bool | None) -> dict[str, Any]:
    return {"id": name, "launched_on": "2020-01-01", "public": public}


PUBLIC = Situation(
    document={**VERSION, "sites": [site("a", public=True), site("b", public=True)]},
    as_of="2024-06-03",
)


def moves(*situations: Situation) -> Draw:
    """Return a draw that moves to each of some situations, and then nowhere."""
    told = list(situations)

    def draw(_: object) -> Any:
        return lambda _, here: told.pop(0) if told else here

    return draw


def having(*public: bool | None) -> Situation:
    sites = [site(name, public=one) for name, one in zip("abcd", public, strict=False)]
    return PUBLIC.having({**VERSION, "sites": sites})


@pytest.mark.parametrize(
    ("other", "place"),
    [
        (PUBLIC, None),
        (having(True, False), ("sites", 1, "public")),
        (having(False, False), None),
        (having(True), ("sites", 1)),
        (having(False), None),
        (replace(PUBLIC, as_of="2024-06-04"), None),
        (PUBLIC.having({**VERSION, "sites": None}), ("sites",)),
        (PUBLIC.having({**PUBLIC.document, "company": {}}), ("company",)),
    ],
)
def test_the_one_place_where_two_situations_differ(other: Situation, place: Tokens | None) -> None:
    assert difference(PUBLIC, other) == place


def test_a_check_that_raises_is_told_with_its_situation() -> None:
    def crashing(*_: object) -> Outcome:
        raise KeyError("x")

    own = obligation("own_kind", "sites")
    kinds = {"own_kind": Kind("own_kind", Spec, crashing)}
    trial = Trial(obligation=own, policy=trial_of(own, None).policy, kinds=kinds)
    with pytest.raises(CheckCrashed, match="SP99/made") as raised:
        trial.verdict(replace(PUBLIC, files=(("a.txt", b"x"),)))
    assert raised.value.situation.document == PUBLIC.document
    assert trial.own_kind


def test_of_a_rule_with_parts_one_of_these_is_asked_for(tmp_path: Path) -> None:
    (policy,) = load_policies([own_policies(tmp_path, obligations=STOPPED)])
    (rule,) = policy.obligations
    with pytest.raises(InvalidArgument, match="ACME/stopped has parts, of which one is wanted: at"):
        trial_of(rule, policy)
    (late,) = [part for part in rule.parts if part.part == "latest"]
    assert trial_of(late, policy).obligation is late
