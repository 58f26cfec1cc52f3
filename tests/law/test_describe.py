from __future__ import annotations

from typing import Any

import pytest

from pytest_icp.law.describe import show


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
