"""Where the law demands that something exists, an empty list is a violation."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_icp.kinds.finding import Outcome, Verdict
from pytest_icp.kinds.judgement import NOT_APPLICABLE, SATISFIED, Judgement
from pytest_icp.kinds.selection import judge_each, with_existence
from pytest_icp.rules.policy import Obligation
from tests.contexts import context
from tests.obligations import obligation

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
