"""Of a long list, subjects whose facts are alike are judged once, and nothing else changes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

import pytest
from msgspec.structs import replace

from pytest_icp.kinds.finding import MANY, Finding, Other, Outcome, Verdict, of_each_subject
from pytest_icp.kinds.judgement import NOT_APPLICABLE, SATISFIED, Judgement, missing, violated
from pytest_icp.kinds.selection import judge_each
from pytest_icp.kinds.subjects import Subject
from pytest_icp.law.location import Location
from pytest_icp.law.text import plain
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


def apart(outcome: Outcome) -> Iterator[Finding]:
    return chain.from_iterable(map(of_each_subject, outcome.findings))


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


def test_what_is_not_known_is_found_of_each_that_is_alike() -> None:
    labels, outcome = judged(TIMELY, items(WELL), None)
    assert labels == ["i0"]
    found = [(one.subject, one.pointer) for one in apart(outcome)]
    assert found == [(f"i{n}", f"/items/{n}") for n in range(MANY + 1)]


def test_what_few_of_many_lack_is_found_of_each() -> None:
    facts = items(WELL)
    facts["items"][3:6] = [{"id": f"i{n}", "begun": "2024-05-01"} for n in range(3, 6)]

    def judge(subject: Subject) -> Judgement:
        return SATISFIED if "done" in subject.value else missing(subject, subject.tokens)

    outcome = judge_each(TIMELY, context(facts), judge)
    found = [(one.subject, one.pointer, one.others) for one in outcome.findings]
    assert found == [(f"i{n}", f"/items/{n}", ()) for n in range(3, 6)]


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


def test_further_subjects_are_kept_for_other_rules() -> None:
    first, second = (Subject(("items", n), {"id": f"i{n}"}) for n in range(2))
    known: dict[tuple[str, str], Other] = {}
    once, again = (
        missing(first, (*first.tokens, "done")).shared(first, [second], known) for _ in range(2)
    )
    assert once.findings[0].others[0] is again.findings[0].others[0]


def test_what_all_lack_has_one_place() -> None:
    gap = missing(Subject(("items", 0), {"id": "i0"}), ("staff",))
    _, outcome = judged(TIMELY, items(WELL), gap)
    found = {(one.subject, one.pointer) for one in apart(outcome)}
    assert found == {(f"i{n}", "/staff") for n in range(MANY + 1)}


def test_of_each_is_told_what_its_finding_hinges_on() -> None:
    made = obligation(**{**written(TIMELY), "where": {"counts": True}})
    lacks = violated(
        Subject(("items", 0), {}), ("papers",), plain("x"), found=plain("x"), required=plain("x")
    )
    _, outcome = judged(made, items(WELL), lacks)
    hinges = [one.hinge and one.hinge.pointer for one in apart(outcome)]
    assert hinges == [f"/items/{n}/counts" for n in range(MANY + 1)]


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


def test_of_a_kind_of_ones_own_all_are_judged() -> None:
    labels, _ = judged(obligation("own", "items"), items({}))
    assert len(labels) == MANY + 1


def test_of_a_list_with_something_else_in_it_all_are_judged() -> None:
    facts = items(WELL)
    labels, _ = judged(TIMELY, {"items": [*facts["items"], None]})
    assert len(labels) == MANY + 1


def test_each_has_the_steps_of_those_that_are_like_it() -> None:
    outcome = decide(TIMELY, items(WELL))
    assert outcome.verdict is Verdict.SATISFIED
    first, last = (tuple(outcome.steps["items", n]()) for n in (0, MANY))
    assert first == last
    assert first[-1].en == "done on 2024-05-09, due by 2024-05-13: in time"
