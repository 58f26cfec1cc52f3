"""Grades that figures ask for, and figures that are not known."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contexts import decide
from tests.obligations import citation, obligation, version

GRADING = obligation(
    "law",
    "incidents",
    check="incident.grade",
    cites=(citation(version("2020-01-01")),),
    **{"with": {"general": 100, "extreme": 1000}},
)

OUTAGE = obligation(
    "law",
    "incidents",
    check="incident.grade",
    **{"with": {"minutes": 60, "users": 100000, "share": 10}},
)


@pytest.mark.parametrize(
    ("leaked", "grade", "verdict"),
    [
        (99, "none", "satisfied"),
        (100, "none", "violated"),
        (100, "一般", "satisfied"),
        (100, "特别重大", "satisfied"),
        (999, "一般", "satisfied"),
        (1000, "一般", "violated"),
        # Whatever the figure is, nothing is above the highest grade.
        (None, "特别重大", "satisfied"),
        (None, "一般", "unknown"),
        (None, None, "unknown"),
        # Below every level any grade will do.
        (99, None, "satisfied"),
        (100, None, "unknown"),
    ],
)
def test_a_grade_is_not_below_its_figures(
    leaked: int | None, grade: str | None, verdict: str
) -> None:
    facts = {"incidents": [{"id": "i", "leaked_subjects": leaked, "grade": grade}]}
    assert decide(GRADING, facts).verdict == verdict


@pytest.mark.parametrize(
    ("hit", "minutes", "services", "verdict"),
    [
        (10, 60, [{"registered_users": 100}, {"registered_users": 50}], "violated"),
        (100000, 60, [], "violated"),
        (100000, 59, None, "satisfied"),
        (9, 60, [{"registered_users": 100}], "satisfied"),
        (10, 59, [{"registered_users": 100}], "satisfied"),
        (10, 60, [], "satisfied"),
        (0, 60, [{"registered_users": 0}], "satisfied"),
        # One that is not known may be larger, but never makes the largest smaller.
        (9, 60, [{"registered_users": 100}, {"registered_users": None}], "satisfied"),
        (10, 60, [{"registered_users": 100}, {"registered_users": None}], "unknown"),
        (10, 60, [{"registered_users": None}], "unknown"),
        (10, 60, None, "unknown"),
        (None, 60, [{"registered_users": 100}], "unknown"),
        (10, None, [{"registered_users": 100}], "unknown"),
        (9, None, [{"registered_users": 100}], "satisfied"),
    ],
)
def test_a_share_of_the_largest(
    hit: int | None, minutes: int | None, services: Any, verdict: str
) -> None:
    facts: dict[str, Any] = {
        "incidents": [
            {"id": "i", "affected_users": hit, "outage_minutes": minutes, "grade": "none"}
        ]
    }
    if services is not None:
        facts["services"] = services
    assert decide(OUTAGE, facts).verdict == verdict
