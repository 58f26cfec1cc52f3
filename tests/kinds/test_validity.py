from __future__ import annotations

from typing import Any

import pytest

from tests.contexts import decide, said
from tests.obligations import obligation

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
    assert [(n.kind, n.location.pointer) for n in outcome.notes] == [
        ("deemed renewed", "/renewal/applied_on")
    ]


def test_without_a_time_ahead_nothing_is_deemed_renewed() -> None:
    outcome = decide(obligation("validity", "licence"), {"licence": LICENCE, "renewal": IN_TIME})
    assert [(v, at) for v, at, _ in said(outcome)] == [("violated", "/licence/valid_until")]


PERMIT = obligation("validity", "numbers", until="valid_until", require={"permit": {"not": "none"}})
REVIEW = obligation("validity", "controls", until={"after": "reviewed_on", "days": 365})


@pytest.mark.parametrize(
    ("number", "verdict", "pointer"),
    [
        ({"permit": "1", "valid_until": "2024-06-03"}, "satisfied", None),
        ({"permit": "1", "valid_until": "2024-06-02"}, "violated", "/numbers/0/valid_until"),
        ({"permit": "1", "valid_until": None}, "unknown", "/numbers/0/valid_until"),
        ({"permit": "none", "valid_until": None}, "violated", "/numbers/0/permit"),
        ({"permit": None, "valid_until": "2024-06-03"}, "unknown", "/numbers/0/permit"),
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
