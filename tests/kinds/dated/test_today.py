"""What is good until a day, or for so long after it was done."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contexts import decide, said
from tests.obligations import obligation

PERMIT = obligation("dated", "numbers", act="today", anchor="valid_until", ahead=0)
REVIEW = obligation("dated", "controls", act="today", anchor="reviewed_on", within={"days": 365})


@pytest.mark.parametrize(
    ("number", "verdict", "pointer"),
    [
        ({"valid_until": "2024-06-03"}, "satisfied", None),
        ({"valid_until": "2024-06-02"}, "violated", "/numbers/0/valid_until"),
        ({"valid_until": None}, "unknown", "/numbers/0/valid_until"),
        # It never ends.
        ({"valid_until": "none"}, "not applicable", None),
    ],
)
def test_a_permit_is_good_until_its_last_day(
    number: dict[str, Any], verdict: str, pointer: str | None
) -> None:
    outcome = decide(PERMIT, {"numbers": [{"id": "n", **number}]})
    assert outcome.verdict == verdict
    assert [at for _, at, _ in said(outcome)] == ([pointer] if pointer else [])


@pytest.mark.parametrize(
    ("reviewed_on", "verdict"),
    [
        ("2023-06-04", "satisfied"),
        ("2023-06-03", "violated"),
        ("never", "violated"),
        (None, "unknown"),
    ],
)
def test_what_was_done_is_good_for_so_long(reviewed_on: str | None, verdict: str) -> None:
    assert decide(REVIEW, {"controls": {"reviewed_on": reviewed_on}}).verdict == verdict


def test_when_it_runs_out_is_told() -> None:
    ahead = decide(REVIEW, {"controls": {"reviewed_on": "2024-06-03"}})
    assert [str(one.last) for one in ahead.upcoming] == ["2025-06-03"]
    (late,) = decide(REVIEW, {"controls": {"reviewed_on": "2023-06-03"}}).findings
    assert str(late.due) == "2024-06-02"
    assert late.message.en == "it expired on 2024-06-02, 1 day ago"
    (never,) = decide(REVIEW, {"controls": {"reviewed_on": "never"}}).findings
    assert never.message.en == "never done"
    assert never.required.en == "valid on 2024-06-03"
