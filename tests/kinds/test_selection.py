"""The subjects that a duty is about, judged each by itself or once for the same facts."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from pytest_icp.kinds.finding import MANY, Finding, Other, Outcome, Verdict, of_each_subject
from pytest_icp.kinds.judgement import NOT_APPLICABLE, SATISFIED, Judgement, missing
from pytest_icp.kinds.selection import judge_each, with_existence
from pytest_icp.kinds.subjects import Subject
from pytest_icp.law.location import Location
from pytest_icp.rules.policy import Obligation
from tests.contexts import context, decide
from tests.kinds.test_context import FORUM, OTHER
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


# ---- What has to be there


LOGS = obligation("condition", "log_stores", where={"kinds": {"some": "access"}}, none="violated")
ANY = obligation("condition", "log_stores", none="violated")
REPORTS = obligation("condition", "network_units.risk", none="violated")


def decided(
    facts: dict[str, Any], made: Obligation = LOGS, judgement: Judgement = SATISFIED
) -> Outcome:
    where = context(facts)
    return with_existence(made, where, judge_each(made, where, lambda _: judgement))


@pytest.mark.parametrize("kinds", [None, ["dns"], []])
def test_where_there_is_none_it_is_violated_at_the_list(kinds: list[str] | None) -> None:
    outcome = decided({"log_stores": [] if kinds is None else [{"id": "a", "kinds": kinds}]})
    (finding,) = outcome.findings
    assert (outcome.verdict, outcome.subjects) == (Verdict.VIOLATED, 0)
    assert (outcome.pointer, finding.pointer, finding.subject) == (
        "/log_stores",
        "/log_stores",
        "log_stores",
    )
    assert finding.message.zh == "“日志存储”中没有此类事项，而依照规定必须有"
    assert finding.message.en == "there is none among “Log stores”, although there must be one"
    assert finding.required.en.startswith("at least 1: ")


def test_where_any_would_do_none_is_required_in_particular() -> None:
    (finding,) = decided({"log_stores": []}, ANY).findings
    assert finding.required.en == "at least 1"


def test_parts_of_objects_are_missing_at_the_list_of_those() -> None:
    (finding,) = decided({"network_units": [{"id": "a", "risk": []}]}, REPORTS).findings
    assert finding.pointer == "/network_units"


def test_of_no_list_at_all_nothing_is_said_but_that() -> None:
    outcome = decided({"network_units": {"risk": []}}, REPORTS)
    assert outcome.findings[0].pointer == "/network_units/risk"
    assert decided({}, REPORTS).verdict is Verdict.UNKNOWN


def test_where_some_may_match_it_is_unknown_and_each_is_named() -> None:
    stores = [{"id": "a", "kinds": None}, {"id": "b", "kinds": ["dns", None]}, {"id": "c"}]
    outcome = decided({"log_stores": stores})
    assert outcome.verdict is Verdict.UNKNOWN
    assert [f.subject for f in outcome.findings] == ["a", "b", "c"]


@pytest.mark.parametrize("judgement", [SATISFIED, NOT_APPLICABLE])
def test_where_one_matches_the_kind_has_said_all(judgement: Judgement) -> None:
    stores = [{"id": "a", "kinds": ["access"]}, {"id": "b", "kinds": None}]
    assert decided({"log_stores": stores}, judgement=judgement).verdict is judgement.verdict


def test_other_duties_bind_nobody_where_there_is_none() -> None:
    made = obligation("condition", "log_stores")
    assert decided({"log_stores": []}, made).verdict is Verdict.NOT_APPLICABLE


# ---- Subjects that belong to a service


FILED = obligation(
    "condition",
    "accounts",
    where={"status": {"not": "closed"}},
    serves={"by": "service_id", "items": ["B25.community"]},
    require={"filed": True},
)
ACCOUNT = {"id": "daily", "service_id": "bbs", "status": "active", "filed": False}
SERVICES: list[dict[str, Any]] = [{**OTHER, "id": "quiet"}, FORUM]


def told(account: dict[str, Any], services: Any = SERVICES) -> Any:
    return decide(FILED, {"accounts": [{**ACCOUNT, **account}], "services": services})


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        ({}, "violated"),
        ({"filed": True}, "satisfied"),
        ({"service_id": "quiet"}, "not applicable"),
        ({"service_id": "quiet", "filed": True}, "not applicable"),
        ({"service_id": None}, "unknown"),
        ({"service_id": None, "filed": True}, "satisfied"),
        ({"service_id": "gone"}, "unknown"),
        ({"status": "closed"}, "not applicable"),
        ({"status": None}, "unknown"),
        ({"status": None, "service_id": "quiet"}, "not applicable"),
        ({"filed": None}, "unknown"),
    ],
)
def test_only_those_on_such_a_service_count(account: dict[str, Any], expected: str) -> None:
    assert told(account).verdict == expected


@pytest.mark.parametrize(
    ("account", "services", "at"),
    [
        ({"service_id": None}, SERVICES, "/accounts/0/service_id"),
        ({"service_id": "gone"}, SERVICES, "/accounts/0/service_id"),
        ({}, None, "/services"),
        ({}, [{**FORUM, "features": None}], "/services/0/features/ugc_social"),
        ({}, [{**FORUM, "id": "x"}, {**FORUM, "commercial": None}], "/services/1/commercial"),
        ({"status": None}, SERVICES, "/accounts/0/status"),
    ],
)
def test_the_fact_that_is_missing_is_named(account: Any, services: Any, at: str) -> None:
    findings = told({**account, "filed": None}, services).findings
    assert at in {finding.pointer for finding in findings}
    assert at in {f.hinge.pointer for f in told(account, services).findings if f.hinge}


def test_the_reason_tells_which_services_are_meant() -> None:
    outcome = told({"service_id": "quiet"})
    assert "community platforms" in outcome.reason.en
    assert "service_id" in outcome.reason.zh
