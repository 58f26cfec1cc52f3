"""Of a list, subjects of which nothing is to be said are judged once for the same facts."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from pytest_icp.kinds.finding import MANY, Finding, Other, Outcome, Verdict, of_each_subject
from pytest_icp.kinds.judgement import NOT_APPLICABLE, SATISFIED, Judgement, missing
from pytest_icp.kinds.selection import judge_each
from pytest_icp.kinds.subjects import Subject
from pytest_icp.law.location import Location
from pytest_icp.rules.policy import Obligation
from tests.contexts import context, decide
from tests.obligations import obligation, written

TIMELY = obligation("dated", "items", act="done", anchor="begun", within={"days": 10})
WELL = {"begun": "2024-05-01", "done": "2024-05-09"}


def items(*values: Any, many: int = MANY) -> dict[str, Any]:
    """As many elements as are judged together, the values given in turns."""
    return {"items": [{"id": f"i{n}", **values[n % len(values)]} for n in range(many + 1)]}


def judged(
    made: Obligation, facts: dict[str, Any], judgement: Judgement | None = SATISFIED
) -> tuple[list[str], Outcome]:
    """Return the labels of the subjects that were judged, and the outcome."""
    labels: list[str] = []

    def judge(subject: Subject) -> Judgement:
        labels.append(subject.label)
        return judgement or missing(subject, subject.tokens)

    return labels, judge_each(made, context(facts), judge)


@pytest.mark.parametrize("judgement", [SATISFIED, NOT_APPLICABLE])
def test_what_is_alike_is_judged_once(judgement: Judgement) -> None:
    labels, outcome = judged(TIMELY, items(WELL, {**WELL, "done": "never"}), judgement)
    assert labels == ["i0", "i1"]
    assert outcome.verdict is judgement.verdict


def test_what_the_obligation_does_not_read_makes_no_difference() -> None:
    labels, outcome = judged(TIMELY, items({**WELL, "another": 1}, {**WELL, "another": 2}))
    assert (labels, outcome.subjects) == (["i0"], MANY + 1)


def test_few_are_judged_one_by_one() -> None:
    labels, _ = judged(TIMELY, items(WELL, many=MANY - 1))
    assert len(labels) == MANY


def test_who_has_something_to_say_is_judged_for_itself() -> None:
    labels, outcome = judged(TIMELY, items(WELL), None)
    assert labels == [f"i{n}" for n in range(MANY + 1)]
    found = [(one.subject, one.pointer) for one in outcome.findings]
    assert found == [(f"i{n}", f"/items/{n}") for n in range(MANY + 1)]


def test_what_a_finding_hinges_on_is_that_of_each_subject() -> None:
    def of(subject: str, at: str, **more: Any) -> Finding:
        (one,) = missing(Subject((), {"id": subject}), ("x",)).findings
        return replace(one, location=Location(pointer=at), **more)

    others = (Other(subject="b", pointer="/items/12/done/on"),)
    for hinge, at, subject in (
        (of("a", "/items/3/kind"), "/items/12/kind", "b"),
        (of("licence", "/items/3/kind"), "/items/12/kind", "licence"),
        (of("a", "/services"), "/services", "a"),
    ):
        made = of("a", "/items/3/done/on", others=others, hinge=hinge)
        first, second = of_each_subject(made)
        assert (first.hinge, first.others) == (hinge, ())
        assert (second.subject, second.pointer) == ("b", "/items/12/done/on")
        assert second.hinge is not None
        assert (second.hinge.pointer, second.hinge.subject) == (at, subject)


def test_a_place_of_its_own_is_moved_whole() -> None:
    (one,) = missing(Subject((), {"id": "a"}), ("a",)).findings
    (hinge,) = missing(Subject((), {"id": "a"}), ("c",)).findings
    made = replace(one, others=(Other(subject="b", pointer="/a"),), hinge=hinge)
    _, second = of_each_subject(made)
    assert second.hinge is not None
    assert second.hinge.pointer == "/c"


def test_each_violation_is_found() -> None:
    outcome = decide(TIMELY, items({**WELL, "done": "2024-07-01"}))
    found = [(finding.verdict, finding.subject) for finding in outcome.findings]
    assert found == [(Verdict.VIOLATED, f"i{n}") for n in range(MANY + 1)]


def test_true_and_1_are_not_alike() -> None:
    made = obligation("condition", "items", require={"a": 1})
    labels, _ = judged(made, items({"a": 1}, {"a": True}, {"a": 1.0}))
    assert labels == ["i0", "i1", "i2"]


def test_who_does_not_match_is_not_judged() -> None:
    made = obligation(**{**written(TIMELY), "where": {"counts": True}})
    labels, outcome = judged(made, items({**WELL, "counts": False}, {**WELL, "counts": True}))
    assert (labels, outcome.subjects) == (["i1"], MANY // 2)


def test_what_is_in_several_objects_is_judged_one_by_one() -> None:
    made = obligation("condition", "items.parts", require={"a": 1})
    labels, _ = judged(made, {"items": [{"parts": [{"id": "x", "a": 1}, {"id": "y", "a": 1}]}]})
    assert labels == ["x", "y"]


def test_of_a_kind_of_ones_own_all_are_judged() -> None:
    labels, _ = judged(obligation("own", "items"), items({}))
    assert len(labels) == MANY + 1


def test_each_has_the_steps_of_those_that_are_like_it() -> None:
    outcome = decide(TIMELY, items(WELL))
    assert outcome.verdict is Verdict.SATISFIED
    first, last = (tuple(outcome.steps["items", n]()) for n in (0, MANY))
    assert first == last
    assert first[-1].en == "done on 2024-05-09, due by 2024-05-13: in time"
