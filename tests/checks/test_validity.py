from __future__ import annotations

from typing import Any

import pytest

from tests.obligations import obligation
from tests.worlds import decide, said

VALID = obligation("validity", "licence", before={"days": 90})
LICENCE = {"status": "正常", "issued_on": "2020-01-08", "valid_until": "2024-06-02"}
IN_TIME = {"applied_on": "2024-03-04", "decision": "pending", "decided_on": "never"}


@pytest.mark.parametrize(
    ("licence", "renewal", "verdict"),
    [
        ({"valid_until": "2024-06-03"}, None, "satisfied"),
        ({"valid_until": "2024-06-03", "issued_on": None}, None, "unknown"),
        ({"valid_until": "2024-06-03", "issued_on": "never"}, None, "violated"),
        # Re-issued later; when the first licence ran out is not told.
        (
            {"valid_until": "2024-06-03", "issued_on": "never", "first_issued_on": "2019-01-01"},
            None,
            "unknown",
        ),
        ({"valid_until": "2024-06-03", "status": None}, None, "unknown"),
        ({"valid_until": "2024-06-03", "status": "吊销"}, None, "violated"),
        ({"valid_until": None}, None, "unknown"),
        ({}, None, "unknown"),
        ({}, {"applied_on": "never"}, "violated"),
        ({}, IN_TIME, "satisfied"),
        ({"status": None}, IN_TIME, "unknown"),
        ({}, {**IN_TIME, "applied_on": "2024-03-05"}, "violated"),
        ({}, {**IN_TIME, "applied_on": None}, "unknown"),
        ({}, {**IN_TIME, "decision": None}, "satisfied"),
        ({}, {**IN_TIME, "decision": None, "decided_on": None}, "unknown"),
        ({}, {**IN_TIME, "decision": "refused"}, "satisfied"),
        ({}, {**IN_TIME, "decision": "refused", "decided_on": "2024-05-01"}, "violated"),
        (
            {},
            {"decision": "granted", "decided_on": "2024-05-01", "new_valid_until": "2024-06-03"},
            "satisfied",
        ),
        (
            {},
            {"decision": "granted", "decided_on": "2024-05-01", "new_valid_until": "2024-06-02"},
            "violated",
        ),
        ({}, {"decision": "granted", "decided_on": "2024-05-01"}, "unknown"),
    ],
)
def test_a_licence_is_in_force_or_renewed_or_deemed_renewed(
    licence: dict[str, Any], renewal: dict[str, Any] | None, verdict: str
) -> None:
    facts = {"licence": {**LICENCE, **licence}, "renewal": renewal}
    assert decide(VALID, facts).verdict == verdict


def test_deemed_renewed_is_noted() -> None:
    outcome = decide(VALID, {"licence": LICENCE, "renewal": IN_TIME})
    assert [(n.kind, n.pointer) for n in outcome.notes] == [
        ("deemed renewed", "/renewal/applied_on")
    ]


def test_without_a_time_ahead_nothing_is_deemed_renewed() -> None:
    outcome = decide(obligation("validity", "licence"), {"licence": LICENCE, "renewal": IN_TIME})
    assert [(v, at) for v, at, _ in said(outcome)] == [("violated", "/licence/valid_until")]
