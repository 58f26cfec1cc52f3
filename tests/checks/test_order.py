from __future__ import annotations

from typing import Any

import pytest

from tests.obligations import obligation
from tests.worlds import decide


def ordered(**gaps: Any) -> Any:
    return obligation("order", "items", first="first", then="then", **gaps)


@pytest.mark.parametrize(
    ("gaps", "first", "then", "verdict"),
    [
        ({}, "2024-01-01", "2024-01-01", "satisfied"),
        ({}, "2024-01-02", "2024-01-01", "violated"),
        ({"at_least": {"days": 1}}, "2024-01-01", "2024-01-01", "violated"),
        ({"at_least": {"days": 1}}, "2024-01-01", "2024-01-02", "satisfied"),
        ({"at_least": {"months": 1}}, "2024-01-31", "2024-02-29", "satisfied"),
        ({"at_least": {"months": 1}}, "2024-01-31", "2024-02-28", "violated"),
        ({"at_most": {"years": 1}}, "2024-02-29", "2025-02-28", "satisfied"),
        ({"at_most": {"years": 1}}, "2024-02-29", "2025-03-01", "violated"),
        ({"at_most": {"years": 1}}, "2024-02-29", "2024-02-28", "violated"),
        ({}, "never", "2024-01-01", "not applicable"),
        ({}, "2024-01-01", "never", "not applicable"),
        ({}, None, "2024-01-01", "unknown"),
        ({}, "2024-01-01", None, "unknown"),
    ],
)
def test_one_date_comes_before_another(
    gaps: Any, first: str | None, then: str | None, verdict: str
) -> None:
    facts = {"items": [{"id": "i", "first": first, "then": then}]}
    assert decide(ordered(**gaps), facts).verdict == verdict
