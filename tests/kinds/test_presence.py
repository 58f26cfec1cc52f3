from __future__ import annotations

from typing import Any

import pytest

from tests.contexts import decide, said
from tests.obligations import obligation

STAFF = obligation(
    "presence",
    "company",
    exists="/staff",
    exists_where={"full": True},
    at_least=2,
    no_fewer_than="/required",
)


@pytest.mark.parametrize(
    ("full", "required", "expected", "at"),
    [
        ([True, True], 2, "satisfied", None),
        ([True, True, True], 3, "satisfied", None),
        ([True, True], 3, "violated", "/staff"),
        ([True], 1, "violated", "/staff"),
        ([True, True], None, "unknown", "/required"),
        ([True], None, "violated", "/staff"),
        ([True, None], 2, "unknown", "/staff/1/full"),
        ([True, None], None, "unknown", "/staff/1/full"),
        ([True, None], 3, "violated", "/staff"),
        (None, 2, "unknown", "/staff"),
    ],
)
def test_another_fact_may_ask_for_more(
    full: list[Any] | None, required: int | None, expected: str, at: str | None
) -> None:
    staff = None if full is None else [{"full": one} for one in full]
    outcome = decide(STAFF, {"company": {"id": "c"}, "staff": staff, "required": required})
    assert outcome.verdict == expected
    assert [pointer for _, pointer, _ in said(outcome)] == ([at] if at else [])


def test_one_is_enough_where_nothing_is_said() -> None:
    made = obligation("presence", "company", exists="/staff")
    assert decide(made, {"company": {}, "staff": [{}]}).verdict == "satisfied"
    assert decide(made, {"company": {}, "staff": []}).verdict == "violated"
