"""Why a provision binds, does not, or may."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from pytest_icp.facts.asof import view
from pytest_icp.facts.plans import time_plan
from pytest_icp.kinds.applicability import applies
from pytest_icp.law.condition import parse_condition
from pytest_icp.rules.policy import Applicability
from tests.contexts import context
from tests.kinds.test_context import FORUM, OTHER

ALL = {"name": "信息服务业务(仅限互联网信息服务)", "scope": "含新闻。", "areas": []}


def facts(line: Any = ALL, services: Any = (FORUM,), **more: Any) -> dict[str, Any]:
    listed = None if services is None else list(services)
    return {"licence": {"service_lines": line and [line]}, "services": listed, **more}


def verdict(rule: Applicability, described: dict[str, Any], **settings: Any) -> str | None:
    outcome = applies(context(described, **settings), rule)
    return None if outcome is None else str(outcome.verdict)


STILL_TO_COME = {"launched_on": "2030-01-01"}
FIRST_OF_TWO = Applicability(when=parse_condition({"services": {"some": {"registered_users": 3}}}))


@pytest.mark.parametrize(
    ("rule", "at"),
    [
        (Applicability(operates=("B25.community",)), "/services/1/status"),
        (FIRST_OF_TWO, "/services/1/registered_users"),
    ],
)
def test_what_is_still_to_come_does_not_shift_what_is_named(rule: Applicability, at: str) -> None:
    launched = {"launched_on": "2020-01-01"}
    services = [{**FORUM, "id": "later", **STILL_TO_COME}, {**FORUM, **launched, "status": None}]
    made = context(facts(services=services))
    seen = view(made.view.facts, time_plan("description"), made.as_of)
    outcome = applies(replace(made, view=seen), rule)
    assert outcome
    assert [(one.pointer, one.subject) for one in outcome.findings] == [(at, "bbs")]


WHEN = parse_condition({"company": {"cii_operator": True}})


def test_a_list_that_may_be_empty_is_asked_for_as_a_whole() -> None:
    when = parse_condition({"incidents": {"some": {"level": "major"}}})
    outcome = applies(context(facts()), Applicability(when=when))
    assert outcome is not None
    assert (str(outcome.verdict), outcome.pointer) == ("unknown", "/incidents")


def test_a_list_that_one_element_would_decide_is_asked_for_as_a_whole() -> None:
    when = parse_condition({"sites": {"not": {"type": "array"}}})
    outcome = applies(context(facts()), Applicability(when=when))
    assert outcome is not None
    assert (str(outcome.verdict), outcome.pointer) == ("unknown", "/sites")


def test_one_certain_reason_is_enough() -> None:
    rule = Applicability(items=("B25.community",), operates=("B25.community",), when=WHEN)
    assert verdict(rule, facts(None, [OTHER])) == "not applicable"
    assert verdict(rule, facts(ALL, [FORUM], company={"cii_operator": False})) == "not applicable"
    assert verdict(rule, facts(ALL, None)) == "unknown"
