"""What meets a condition and what does not; what the moves towards a verdict look at."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_icp.authoring.strategies.documents import VERSION, Situation, Tokens
from pytest_icp.authoring.strategies.moves import Walker, solved
from pytest_icp.authoring.strategies.shapes import shape_at
from pytest_icp.authoring.strategies.trial import Trial
from pytest_icp.kinds.finding import Finding, Outcome, Verdict
from pytest_icp.law.condition import parse_condition
from pytest_icp.law.text import plain
from pytest_icp.rules.patterns import DECIDE
from pytest_icp.rules.policy import Applicability, Obligation
from tests.authoring.strategies.drawing import drawing
from tests.obligations import obligation, policy

SITE: Tokens = ("sites", 0)
STAFF: Tokens = ("customer_service",)
EVENT: Tokens = ("corporate_events", 0)
CONDITIONS: list[tuple[Any, Tokens]] = [
    ({"public": True}, SITE),
    ({"kind": "address"}, EVENT),
    ({"kind": {"enum": ["address", "merger"]}}, EVENT),
    ({"kind": {"not": {"enum": ["address", "merger"]}}}, EVENT),
    ({"changed_on": {"not": "never"}}, EVENT),
    ({"name": {"minLength": 2}}, SITE),
    ({"name": {"maxLength": 2}}, SITE),
    ({"name": {"pattern": "^a+$"}}, SITE),
    ({"staff_count": {"minimum": 3}}, STAFF),
    ({"staff_count": {"exclusiveMinimum": 3}}, STAFF),
    ({"staff_count": {"maximum": 3}}, STAFF),
    ({"staff_count": {"exclusiveMaximum": 3}}, STAFF),
    ({"allOf": [{"public": True}, {"production": True}]}, SITE),
    ({"anyOf": [{"public": True}, {"production": True}]}, SITE),
    ({"domains": {"some": "a.cn"}}, SITE),
    ({"domains": {"every": "a.cn"}}, SITE),
    ({"public": {"type": "boolean"}}, SITE),
]


@pytest.mark.parametrize(("written", "at"), CONDITIONS)
def test_what_is_made_meets_the_condition(written: Any, at: Tokens) -> None:
    node = parse_condition(written)
    made = solved(drawing(), node, {"id": "x", "domains": ["b.cn"]}, shape_at(at))
    assert DECIDE.truth(node, made) is True


@pytest.mark.parametrize(("written", "at"), [one for one in CONDITIONS if "type" not in str(one)])
def test_and_what_is_made_not_to_does_not(written: Any, at: Tokens) -> None:
    node = parse_condition(written)
    given = {"id": "x", "domains": ["a.cn"], "changed_on": "2024-01-31"}
    made = solved(drawing(), node, given, shape_at(at), meets=False)
    assert DECIDE.truth(node, made) is False


def test_facts_that_no_description_has_are_left_out() -> None:
    made = solved(drawing(), parse_condition({"colour": "red"}), {"id": "x"}, shape_at(SITE))
    assert made == {"id": "x"}


def test_elements_of_what_is_no_list_leave_it() -> None:
    node = parse_condition({"public": {"some": True}})
    assert solved(drawing(), node, {"public": False}, shape_at(SITE)) == {"public": False}


def test_a_number_is_made_beside_that_of_another_fact() -> None:
    node = parse_condition({"staff_count": {"minimum": {"of": "others", "times": 2}}})
    for meets in (True, False):
        made = solved(drawing(), node, {"others": 4}, shape_at(STAFF), meets=meets)
        assert DECIDE.truth(node, made) is meets
    alone = solved(drawing(), node, {}, shape_at(STAFF))
    assert DECIDE.truth(node, alone) is None


PUBLIC = obligation("condition", where={"production": True}, require={"public": True})


def trial(made: Obligation, applies: Applicability | None = None) -> Trial:
    return Trial(obligation=made, policy=policy(made, applies=applies or Applicability()))


def walker(made: Obligation, applies: Applicability | None = None, *, day: bool = True) -> Walker:
    return Walker(trial(made, applies), fixed_day=day)


def at(**facts: Any) -> Situation:
    return Situation(document={**VERSION, **facts}, as_of="2024-06-03")


def outcome(verdict: Verdict, *findings: Finding) -> Outcome:
    return Outcome(verdict=verdict, reason=plain("told"), findings=findings)


@pytest.mark.parametrize("wanted", list(Verdict))
@pytest.mark.parametrize("found", list(Verdict))
@pytest.mark.parametrize("day", [True, False])
def test_every_verdict_is_left_by_some_move(found: Verdict, wanted: Verdict, *, day: bool) -> None:
    made = walker(PUBLIC, day=day)
    start = at(sites=[{"id": "a"}])
    there = made.step(drawing(), start, outcome(found), wanted)
    assert isinstance(there, Situation)
