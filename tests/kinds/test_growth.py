"""Numbers that have grown by much, by little, or by nobody knows how much."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contexts import decide, said
from tests.obligations import obligation

GROWTH = obligation(
    "growth",
    "releases",
    earlier="was",
    later="now",
    factor=2,
    increase=1000,
    require={"major": True},
)


def told(was: Any, now: Any, major: Any) -> Any:
    facts = {"releases": [{"id": "r", "was": was, "now": now, "major": major}]}
    return decide(GROWTH, facts)


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        (10, 20, "violated"),
        (10, 19, "not applicable"),
        (5000, 6000, "violated"),
        (5000, 5999, "not applicable"),
        (20, 10, "not applicable"),
        (0, 0, "not applicable"),
        (0, 1, "violated"),
        (None, 20, "unknown"),
        (10, None, "unknown"),
        (None, None, "unknown"),
        # A truth value is no number.
        (True, 20, "unknown"),
    ],
)
def test_what_grew_by_much_is_major(was: Any, now: Any, expected: str) -> None:
    assert told(was, now, major=False).verdict == expected


@pytest.mark.parametrize(
    ("was", "now", "major", "expected"),
    [
        (10, 20, True, "satisfied"),
        (None, 20, True, "satisfied"),
        (10, 19, True, "not applicable"),
        (10, 20, None, "unknown"),
        (None, 20, None, "unknown"),
    ],
)
def test_what_is_said_to_be_major(was: Any, now: Any, major: Any, expected: str) -> None:
    assert told(was, now, major).verdict == expected


@pytest.mark.parametrize(
    ("was", "now", "major", "finding"),
    [
        (10, 20, False, ("violated", "/releases/0/major", "it grew from 10 to 20")),
        (
            10,
            None,
            False,
            ("unknown", "/releases/0/now", "“now” is not declared, so this cannot be decided"),
        ),
        (
            10,
            20,
            None,
            ("unknown", "/releases/0/major", "“Major” is not declared, so this cannot be decided"),
        ),
    ],
)
def test_the_fact_at_fault_is_named(was: Any, now: Any, major: Any, finding: Any) -> None:
    assert said(told(was, now, major)) == [finding]


@pytest.mark.parametrize("lacking", ["factor", "increase"])
def test_one_measure_will_do(lacking: str) -> None:
    fields = {name: n for name, n in (("factor", 2), ("increase", 10)) if name != lacking}
    made = obligation(
        "growth", "releases", earlier="was", later="now", require={"major": True}, **fields
    )
    facts = {"releases": [{"id": "r", "was": 10, "now": 20, "major": False}]}
    assert decide(made, facts).verdict == "violated"
