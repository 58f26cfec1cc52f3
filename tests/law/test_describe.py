from __future__ import annotations

from typing import Any

import pytest

from pytest_icp.law.describe import counted, show
from pytest_icp.law.text import Text


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (True, "true"),
        (False, "false"),
        (None, "null"),
        ("never", "never"),
        (3, "3"),
        (0.5, "0.5"),
        (["a", None, 1], "[a, null, 1]"),
        (("a",), "[a]"),
        ({"days": 3, "of": {"x": []}}, "{days: 3, of: {x: []}}"),
    ],
)
def test_values_are_shown_as_a_description_writes_them(value: Any, shown: str) -> None:
    assert show(value) == shown


@pytest.mark.parametrize(
    ("n", "unit", "text"),
    [
        (1, "days", Text("1 日", "1 day")),
        (1.0, "months", Text("1 个月", "1 month")),
        (90.0, "days", Text("90 日", "90 days")),
        (10, "working_days", Text("10 个工作日", "10 working days")),
        (0.5, "hours", Text("0.5 小时", "0.5 hours")),
        (10**12, "years", Text("1000000000000 年", "1000000000000 years")),
        (10, "percent", Text("10%", "10%")),
        (1.5, "litres", Text("1.5 litres", "1.5 litres")),
    ],
)
def test_a_number_with_its_unit(n: float, unit: str, text: Text) -> None:
    assert counted(n, unit) == text
