"""Whether the licence itself is in force."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from pytest_icp.kinds.law import Law
from tests.contexts import decide, said
from tests.obligations import number, obligation

VALID = obligation("law", "licence", check="licence.in_force", **{"with": {"ahead": 90}})
LICENCE = {
    "status": "正常",
    "issued_on": "2020-01-08",
    "first_issued_on": "2020-01-08",
    "valid_until": "2024-06-02",
}
RUNS = {"valid_until": "2024-06-03"}
IN_TIME = {"applied_on": "2024-03-04", "decision": "pending", "decided_on": "never"}
GRANTED = {"applied_on": "2024-05-01", "decision": "granted", "decided_on": "2024-05-20"}


@pytest.mark.parametrize(
    ("licence", "renewal", "verdict", "pointer"),
    [
        (RUNS, None, "satisfied", None),
        ({**RUNS, "issued_on": None}, None, "unknown", "/licence/issued_on"),
        # Re-issued later; when the first licence ran out is not told.
        ({**RUNS, "issued_on": "never"}, None, "unknown", "/licence/issued_on"),
        (
            {**RUNS, "issued_on": "never", "first_issued_on": "never"},
            *(None, "violated", "/licence/issued_on"),
        ),
        (
            {**RUNS, "issued_on": "never", "first_issued_on": None},
            *(None, "unknown", "/licence/first_issued_on"),
        ),
        ({**RUNS, "status": None}, None, "unknown", "/licence/status"),
        ({**RUNS, "status": "吊销"}, None, "violated", "/licence/status"),
        ({**RUNS, "status": "过期"}, None, "violated", "/licence/status"),
        ({"valid_until": None}, None, "unknown", "/licence/valid_until"),
        ({"valid_until": None, "status": "过期"}, IN_TIME, "unknown", "/licence/valid_until"),
        ({"valid_until": None, "status": "吊销"}, None, "violated", "/licence/status"),
        ({"status": "过期"}, IN_TIME, "satisfied", None),
        ({}, None, "unknown", "/renewal/applied_on"),
        ({}, {"applied_on": "never"}, "violated", "/licence/valid_until"),
        ({"status": None}, {"applied_on": "never"}, "violated", "/licence/valid_until"),
        ({}, IN_TIME, "satisfied", None),
        ({"status": None}, IN_TIME, "unknown", "/licence/status"),
        ({}, {**IN_TIME, "applied_on": "2024-03-05"}, "violated", "/licence/valid_until"),
        ({}, {**IN_TIME, "applied_on": None}, "unknown", "/renewal/applied_on"),
        # What was decided later was still pending on the day, whatever it was.
        ({}, {**IN_TIME, "decision": None}, "satisfied", None),
        ({}, {**IN_TIME, "decision": "refused"}, "satisfied", None),
        ({}, {**IN_TIME, "decision": None, "decided_on": None}, "unknown", "/renewal/decision"),
        (
            {},
            {**IN_TIME, "decision": "refused", "decided_on": None},
            *("unknown", "/renewal/decided_on"),
        ),
        (
            {},
            {**IN_TIME, "decision": "refused", "decided_on": "2024-05-01"},
            *("violated", "/renewal/decision"),
        ),
        (
            {},
            {**IN_TIME, "decision": "refused", "decided_on": "2024-06-03"},
            *("violated", "/renewal/decision"),
        ),
        ({}, {**GRANTED, "new_valid_until": "2024-06-03"}, "satisfied", None),
        (
            {"valid_until": "2024-06-01"},
            {**GRANTED, "new_valid_until": "2024-06-02"},
            *("violated", "/renewal/new_valid_until"),
        ),
        ({}, {**GRANTED, "new_valid_until": "2024-06-01"}, "violated", "/licence/valid_until"),
        ({}, GRANTED, "unknown", "/renewal/new_valid_until"),
        (RUNS, GRANTED, "satisfied", None),
    ],
)
def test_a_licence_is_in_force_or_renewed_or_deemed_renewed(
    licence: dict[str, Any], renewal: dict[str, Any] | None, verdict: str, pointer: str | None
) -> None:
    outcome = decide(VALID, {"licence": {**LICENCE, **licence}, "renewal": renewal})
    assert outcome.verdict == verdict
    assert [at for _, at, _ in said(outcome)] == ([pointer] if pointer else [])


def test_without_a_time_ahead_nothing_is_deemed_renewed() -> None:
    outcome = decide(
        obligation("law", "licence", check="licence.in_force"),
        {"licence": LICENCE, "renewal": IN_TIME},
    )
    assert [(v, at) for v, at, _ in said(outcome)] == [("violated", "/licence/valid_until")]


@pytest.mark.parametrize(
    ("applied_on", "verdict"), [("2024-04-03", "satisfied"), ("2024-04-04", "violated")]
)
def test_how_long_ahead_is_law_on_the_last_day_that_it_gives(applied_on: str, verdict: str) -> None:
    old, new = number(90, "days"), number(60, "days", start=date(2024, 4, 3))
    both = replace(new, values=(*old.values, *new.values))
    made = replace(VALID, spec=Law(check="licence.in_force", given={"ahead": both}))
    facts = {"licence": LICENCE, "renewal": {**IN_TIME, "applied_on": applied_on}}
    outcome = decide(made, facts)
    assert outcome.verdict == verdict
    assert [said.en for one in outcome.findings for said in one.numbers] == (
        ["A time: 60 days; until 2024-04-02: 90 days"] if verdict == "violated" else []
    )
