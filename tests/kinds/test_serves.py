"""Subjects that belong to a service, and count only where it does what an item is for."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contexts import decide
from tests.kinds.test_services import FORUM, OTHER
from tests.obligations import obligation

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
