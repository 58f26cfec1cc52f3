"""What is right passes every law; each law finds what breaks it, in the smallest description.

What is tried is the simplest first, and the same for the same seed.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import strategies as st
from msgspec.structs import replace

from pytest_icp.authoring.fuzzing import messages as say
from pytest_icp.authoring.fuzzing.running import (
    Attempts,
    Effort,
    drawn,
    fuzz,
    near,
    reduced,
    violated,
)
from pytest_icp.authoring.fuzzing.tried import BrokenLaw, GaveUp
from pytest_icp.authoring.strategies.trial import Situation, Trial, found_at
from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.policies import default_policies
from pytest_icp.law.text import Text, plain
from tests.authoring.fuzzing.fuzzed import fuzzed, own, situation
from tests.authoring.strategies.drawing import drawing
from tests.obligations import obligation

SITUATIONS = st.integers(0).map(lambda number: situation({"company": {"name": str(number)}}))


def tried(effort: Effort, examples: int = 8) -> list[str]:
    return [str(one.document["company"]["name"]) for one in drawn(SITUATIONS, effort, examples)]


REPEATING = [Effort(), Effort(seed="7"), Effort(profile="nightly", seed="7")]


@pytest.mark.parametrize("effort", REPEATING)
def test_what_repeats_is_the_same_each_time(effort: Effort) -> None:
    assert tried(effort) == tried(effort)


BIG = {
    "company": {"name": "甲"},
    "sites": [{"id": "a", "public": True}, {"id": "b", "public": False, "name": "乙"}],
}


def breach(where: Situation) -> BrokenLaw:
    words = plain("x")
    return BrokenLaw(words, where, None, None, words)


def some_site_is_not_public(where: Situation) -> BrokenLaw | None:
    sites = found_at(where.document, ("sites",)) or []
    return breach(where) if any(site.get("public") is False for site in sites) else None


def test_only_what_is_needed_is_left() -> None:
    start = replace(situation(BIG), files=(("a.txt", b""),))
    least = reduced(start, breach(start), some_site_is_not_public).situation
    assert least.document == {
        "apiVersion": "pytest-icp/v1",
        "sites": [{"id": "b", "public": False}],
    }
    assert least.files == ()


def test_in_a_bounded_number_of_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pytest_icp.authoring.fuzzing.running._MOST_TRIES", 3)
    start = situation(BIG)
    tried: list[Situation] = []

    def never(where: Situation) -> None:
        tried.append(where)

    least = reduced(start, breach(start), never)
    assert least.situation == start
    assert len(tried) == 3


SITE = {
    "id": "a",
    "launched_on": "2020-01-01",
    "public": True,
    "production": True,
    "domains": ["www.example.cn"],
}
SITES = {"sites": [SITE]}
MOVED = {
    "corporate_events": [
        {"id": "e", "kind": "address", "changed_on": "2024-01-31", "system_updated_on": "never"}
    ]
}


def update(**given: Any) -> Any:
    fields = {"act": "system_updated_on", "anchor": "changed_on", "within": {"days": 30}}
    said = {
        "title": Text("30日内更新", "Updated"),
        "where": {"kind": "address"},
        "basis": "own",
    }
    return obligation("dated", "corporate_events", **{**said, **fields, **given})


def found(trial: Trial, facts: dict[str, Any], effort: Effort | None = None) -> BrokenLaw:
    breach = fuzz(trial, situation(facts), effort or Effort())
    assert isinstance(breach, BrokenLaw)
    return breach


def test_a_right_policy_passes() -> None:
    assert fuzzed(update(), MOVED) is None


@pytest.mark.parametrize("days", [29, 31])
def test_a_term_that_differs_from_the_words_by_a_day(days: int) -> None:
    breach = fuzzed(update(within={"days": days}), MOVED)
    assert isinstance(breach, BrokenLaw)
    assert breach.law == say.BOUNDARY_LAW
    assert "the words say 30 days after" in breach.why.en
    assert breach.situation.document.keys() == {"apiVersion", "corporate_events"}


def test_a_number_that_differs_from_the_words() -> None:
    made = obligation(
        "condition",
        "customer_service",
        title=Text("不少于3人", "At least 3"),
        require={"staff_count": {"exclusiveMinimum": 3}},
    )
    breach = fuzzed(made, {"customer_service": {"staff_count": 5}})
    assert isinstance(breach, BrokenLaw)
    assert (breach.law, breach.situation.document["customer_service"]) == (
        say.NUMBER_LAW,
        {"staff_count": 3},
    )


def test_a_crash_is_a_breach_with_its_cause() -> None:
    def check(facts: Any, _: Any) -> bool:
        return all(site["public"] for site in facts.get("sites") or [])

    breach = found(
        own(check), {"sites": [{"id": "a", "name": "示例网"}], "company": {"name": "甲"}}
    )
    assert breach.law == say.CRASH_LAW
    assert breach.why.en.startswith("KeyError: 'public' (test_running.py:")
    assert breach.situation.document == {"apiVersion": "pytest-icp/v1", "sites": [{"id": "a"}]}


def test_what_never_says_anything_bad_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pytest_icp.authoring.fuzzing.running._SEARCHES", 2)
    gave_up = fuzz(own(lambda *_: Verdict.UNKNOWN), situation(SITES), Effort(examples=1))
    assert isinstance(gave_up, GaveUp)


SOME = ("SP05/answer", "LIC/domains", "SP02/scope", "SP08/act", "SP04/log-retention")


@pytest.mark.parametrize("rule", SOME)
def test_a_shipped_rule_keeps_every_law_from_nothing(rule: str) -> None:
    for policy in default_policies():
        for made in policy.obligations:
            for one in made.each_part if made.rule_id == rule else ():
                trial = Trial(obligation=one, policy=policy)
                assert not isinstance(fuzz(trial, situation({}), Effort(examples=2)), BrokenLaw)


def crashing(facts: Any, _: Any) -> bool:
    return bool(facts["nothing"])


def test_situations_are_near_the_description() -> None:
    start, kept = situation(SITES), own(lambda *_: True)
    assert near(drawing(None), kept, start) == start
    assert near(drawing(Verdict.SATISFIED), kept, start) == start
    forgotten = near(drawing(Verdict.UNKNOWN, 2), kept, start)
    assert forgotten.document != start.document


@pytest.mark.parametrize("wanted", [Verdict.VIOLATED, Verdict.UNKNOWN])
def test_a_crash_on_the_way_is_where_it_ends(wanted: Verdict) -> None:
    start = situation(SITES)
    assert near(drawing(wanted), own(crashing), start) == start


def test_what_was_never_met_is_searched_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pytest_icp.authoring.fuzzing.running._SEARCHES", 2)
    effort, start = Effort(examples=1), situation(SITES)
    tally = Attempts()
    assert violated(own(lambda *_: False), start, effort, tally)
    assert violated(own(lambda *_: True), start, effort, tally) is None
    assert sum(tally.ends.values()) > 0
    breach = fuzz(own(crashing), start, effort)
    assert isinstance(breach, BrokenLaw)
    assert breach.law == say.CRASH_LAW
