"""Why a provision binds, does not, or may."""

from __future__ import annotations

from typing import Any

from pytest_icp.kinds.applicability import applies
from pytest_icp.law.condition import parse_condition
from pytest_icp.rules.policy import Applicability
from tests.contexts import context
from tests.kinds.test_context import FORUM

ALL = {"name": "信息服务业务(仅限互联网信息服务)", "scope": "含新闻。", "areas": []}


def facts(line: Any = ALL, services: Any = (FORUM,), **more: Any) -> dict[str, Any]:
    listed = None if services is None else list(services)
    return {"licence": {"service_lines": line and [line]}, "services": listed, **more}


def verdict(rule: Applicability, described: dict[str, Any], **settings: Any) -> str | None:
    outcome = applies(context(described, **settings), rule)
    return None if outcome is None else str(outcome.verdict)


def test_a_list_that_one_element_would_decide_is_asked_for_as_a_whole() -> None:
    when = parse_condition({"sites": {"not": {"type": "array"}}})
    outcome = applies(context(facts()), Applicability(when=when))
    assert outcome is not None
    assert (str(outcome.verdict), outcome.pointer) == ("unknown", "/sites")
