"""Grades that figures ask for, and figures that are not known."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contexts import decide, said
from tests.obligations import citation, obligation, version

GRADING = obligation(
    "grading",
    "incidents",
    fact="grade",
    scale=["none", "low", "high"],
    levels=[
        {"grade": "low", "when": {"leaked": {"minimum": 100}}},
        {"grade": "high", "when": {"leaked": {"minimum": 1000}}},
    ],
    on="at",
    cites=(citation(version("2020-01-01")),),
)

SHARE = obligation(
    "grading",
    "incidents",
    fact="grade",
    scale=["none", "low"],
    levels=[
        {
            "grade": "low",
            "when": {"minutes": {"minimum": 60}},
            "share": {"fact": "hit", "of": "/services", "count": "users", "percent": 10},
        }
    ],
)


@pytest.mark.parametrize(
    ("leaked", "grade", "verdict"),
    [
        (99, "none", "satisfied"),
        (100, "none", "violated"),
        (100, "low", "satisfied"),
        (100, "high", "satisfied"),
        (999, "low", "satisfied"),
        (1000, "low", "violated"),
        # Whatever the figure is, nothing is above the highest grade.
        (None, "high", "satisfied"),
        (None, "low", "unknown"),
        (None, None, "unknown"),
        # Below every level any grade will do.
        (99, None, "satisfied"),
        (100, None, "unknown"),
    ],
)
def test_a_grade_is_not_below_its_figures(
    leaked: int | None, grade: str | None, verdict: str
) -> None:
    facts = {"incidents": [{"id": "i", "leaked": leaked, "grade": grade}]}
    assert decide(GRADING, facts).verdict == verdict


def test_the_highest_level_that_is_certain_is_named() -> None:
    facts = {"incidents": [{"id": "i", "leaked": 1000, "grade": "none", "at": "2024-05-01"}]}
    outcome = decide(GRADING, facts)
    ((_, at, words),) = said(outcome)
    assert (at, words) == (
        "/incidents/0/grade",
        "by its figures it is high, but none is declared",
    )
    assert "at least high" in outcome.findings[0].required.en
    assert str(outcome.findings[0].on) == "2024-05-01"


def test_the_figure_that_is_wanted_is_named() -> None:
    facts = {"incidents": [{"id": "i", "grade": "low"}]}
    assert [at for _, at, _ in said(decide(GRADING, facts))] == ["/incidents/0/leaked"]


@pytest.mark.parametrize(
    ("hit", "minutes", "services", "verdict"),
    [
        (10, 60, [{"users": 100}, {"users": 50}], "violated"),
        (9, 60, [{"users": 100}], "satisfied"),
        (10, 59, [{"users": 100}], "satisfied"),
        (10, 60, [], "satisfied"),
        (0, 60, [{"users": 0}], "satisfied"),
        # One that is not known may be larger, but never makes the largest smaller.
        (9, 60, [{"users": 100}, {"users": None}], "satisfied"),
        (10, 60, [{"users": 100}, {"users": None}], "unknown"),
        (10, 60, [{"users": None}], "unknown"),
        (10, 60, None, "unknown"),
        (None, 60, [{"users": 100}], "unknown"),
        (10, None, [{"users": 100}], "unknown"),
        (9, None, [{"users": 100}], "satisfied"),
    ],
)
def test_a_share_of_the_largest(
    hit: int | None, minutes: int | None, services: Any, verdict: str
) -> None:
    facts: dict[str, Any] = {
        "incidents": [{"id": "i", "hit": hit, "minutes": minutes, "grade": "none"}]
    }
    if services is not None:
        facts["services"] = services
    assert decide(SHARE, facts).verdict == verdict


def test_no_incident_needs_no_grade() -> None:
    assert decide(GRADING, {"incidents": []}).verdict == "not applicable"
