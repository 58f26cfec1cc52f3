"""The subjects that a duty is about, judged each by itself or once for the same facts."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from pytest_icp.kinds.finding import MANY, Finding, Other, Outcome, Verdict, of_each_subject
from pytest_icp.kinds.judgement import (
    NOT_APPLICABLE,
    SATISFIED,
    Judgement,
    both,
    missing,
    violated,
)
from pytest_icp.kinds.selection import applies, judge_each, with_existence
from pytest_icp.kinds.subjects import Subject
from pytest_icp.law.condition import parse_condition
from pytest_icp.law.location import Location
from pytest_icp.law.text import plain
from pytest_icp.rules.policy import Applicability, Obligation
from tests.contexts import context
from tests.obligations import obligation

TIMELY = obligation("dated", "items", act="done", anchor="begun", within={"days": 10})
NONE = plain("")
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


@pytest.mark.parametrize("at", ["done", None])
def test_what_is_not_known_of_many_is_found_once(at: str | None) -> None:
    facts = items({"begun": "2024-05-01"}, {"begun": "2024-05-02"}, many=2 * MANY)

    def judge(subject: Subject) -> Judgement:
        mine = missing(subject, (*subject.tokens, at) if at else ("licence",))
        return both(mine, violated(subject, subject.tokens, plain("x"), found=NONE, required=NONE))

    def each(outcome: Outcome) -> list[tuple[str, str, str]]:
        every = [one for found in outcome.findings for one in of_each_subject(found)]
        return sorted((one.verdict, one.subject, one.pointer) for one in every)

    unlike = {"items": [{**one, "done": n} for n, one in enumerate(facts["items"])]}
    together = judge_each(TIMELY, context(facts), judge)
    assert each(together) == each(judge_each(TIMELY, context(unlike), judge))
    unknown = [one for one in together.findings if one.verdict is Verdict.UNKNOWN]
    assert [len(one.others) for one in unknown] == [MANY, MANY - 1]


def test_what_a_finding_hinges_on_is_that_of_each_subject() -> None:
    def of(subject: str, at: str, **more: Any) -> Finding:
        (one,) = missing(Subject((), {"id": subject}), ("x",)).findings
        return replace(one, location=Location(pointer=at), **more)

    others = (Other(subject="b", pointer="/items/12/done/on"),)
    for hinge, at, subject in (
        (of("a", "/items/3/kind"), "/items/12/kind", "b"),
        (of("licence", "/items/3/kind"), "/items/12/kind", "licence"),
        (of("a", "/services"), "/services", "b"),
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


def test_true_and_1_are_not_alike() -> None:
    made = obligation("condition", "items", require={"a": 1})
    labels, _ = judged(made, items({"a": 1}, {"a": True}, {"a": 1.0}))
    assert labels == ["i0", "i1", "i2"]


# ---- What has to be there


LOGS = obligation("condition", "log_stores", where={"kinds": {"some": "access"}}, none="violated")
REPORTS = obligation("condition", "network_units.risk", none="violated")


def decided(
    facts: dict[str, Any], made: Obligation = LOGS, judgement: Judgement = SATISFIED
) -> Outcome:
    where = context(facts)
    return with_existence(made, where, judge_each(made, where, lambda _: judgement))


def test_parts_of_objects_are_missing_at_the_list_of_those() -> None:
    (finding,) = decided({"network_units": [{"id": "a", "risk": []}]}, REPORTS).findings
    assert finding.pointer == "/network_units"


# ---- Subjects that belong to a service


FILED = obligation(
    "condition",
    "accounts",
    where={"status": {"not": "closed"}},
    serves={"by": "service_id", "items": ["B25.community"]},
    require={"filed": True},
)
ACCOUNT = {"id": "daily", "service_id": "bbs", "status": "active", "filed": False}


# ---- What limits a whole rule


def test_a_list_that_one_element_would_decide_is_asked_for_as_a_whole() -> None:
    when = parse_condition({"sites": {"not": {"type": "array"}}})
    outcome = applies(context({"services": []}), Applicability(when=when))
    assert outcome is not None
    assert (str(outcome.verdict), outcome.pointer) == ("unknown", "/sites")
