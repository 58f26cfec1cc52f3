"""Grades that figures ask for, and figures that are not known."""

from __future__ import annotations

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
