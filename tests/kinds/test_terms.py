"""The term of the licence that runs, and until when one that ran out may be in force."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contexts import decide
from tests.obligations import obligation

LICENCE = {"first_issued_on": "2019-03-07", "issued_on": "2020-01-08", "valid_until": "2024-03-06"}
GRANTED = {
    "applied_on": "2023-12-01",
    "decision": "granted",
    "decided_on": "2024-02-01",
    "new_valid_until": "2029-03-06",
}
RENEWAL = obligation(
    "deadline",
    "renewal",
    before={"days": 90, "of": "/licence/valid_until", "licence_term": "own"},
    done="applied_on",
)
REPORT = obligation(
    "recurrence",
    "licence",
    window={"from": "01-01", "to": "03-31"},
    **{
        "while": {
            "from": "first_issued_on",
            "until": "valid_until",
            "renewed_until": "/renewal/new_valid_until",
            "deemed": {"days": 90},
        }
    },
    records="/reports",
    at="at",
)


@pytest.mark.parametrize(
    ("licence", "renewal", "as_of", "verdict"),
    [
        ({}, {"applied_on": "2023-12-07"}, "2024-01-01", "satisfied"),
        ({}, {"applied_on": "2023-12-08"}, "2024-01-01", "violated"),
        ({}, {"applied_on": "never"}, "2024-01-01", "violated"),
        # Before the paper was issued, and nothing says that it was decided later.
        ({}, {"applied_on": "2020-01-07"}, "2024-01-01", "unknown"),
        ({}, {"applied_on": "2020-01-07", "decision": "pending"}, "2024-01-01", "satisfied"),
        ({}, {"applied_on": "2019-03-06", "decision": "pending"}, "2024-01-01", "unknown"),
        ({"issued_on": None}, {"applied_on": "2019-03-06"}, "2024-01-01", "unknown"),
        (
            {"issued_on": None, "first_issued_on": None},
            {"applied_on": "2019-03-06"},
            "2024-01-01",
            "satisfied",
        ),
        # Renewed: this term is answered, and the next one is not yet due.
        ({}, GRANTED, "2024-06-30", "satisfied"),
        ({}, {**GRANTED, "applied_on": "2023-12-08"}, "2024-06-30", "violated"),
        ({}, GRANTED, "2028-12-07", "unknown"),
        ({}, {**GRANTED, "applied_on": "2028-12-06"}, "2028-12-07", "satisfied"),
        ({}, {**GRANTED, "applied_on": "never"}, "2028-12-07", "violated"),
        # The paper is the renewed one.
        (
            {"issued_on": "2024-03-07", "valid_until": "2029-03-06"},
            GRANTED,
            "2028-12-07",
            "unknown",
        ),
        (
            {"issued_on": "2024-03-07", "valid_until": "2029-03-06"},
            {**GRANTED, "decided_on": None},
            "2028-12-07",
            "unknown",
        ),
        (
            {"issued_on": "2024-03-07", "valid_until": "2029-03-06"},
            {**GRANTED, "new_valid_until": None},
            "2028-12-07",
            "unknown",
        ),
        # It was granted after the paper was issued, until when is not known.
        ({}, {**GRANTED, "new_valid_until": None}, "2024-06-30", "satisfied"),
    ],
)
def test_an_application_answers_for_its_own_term(
    licence: dict[str, Any], renewal: dict[str, Any], as_of: str, verdict: str
) -> None:
    facts = {"licence": {**LICENCE, **licence}, "renewal": renewal}
    assert decide(RENEWAL, facts, as_of).verdict == verdict


@pytest.mark.parametrize(
    ("renewal", "reports", "verdict", "pointer"),
    [
        (None, [], "satisfied", None),
        ({"applied_on": "never"}, [], "satisfied", None),
        (GRANTED, [], "violated", "/reports"),
        (GRANTED, ["2025-02-01"], "satisfied", None),
        ({**GRANTED, "new_valid_until": None}, [], "unknown", "/renewal/new_valid_until"),
        ({**GRANTED, "new_valid_until": None}, ["2025-02-01"], "satisfied", None),
        ({"applied_on": "2023-12-07", "decision": "pending"}, [], "violated", "/reports"),
        ({"applied_on": "2023-12-08", "decision": "pending"}, [], "satisfied", None),
        ({"applied_on": "2023-12-07", "decision": "refused"}, [], "satisfied", None),
        ({"applied_on": "2023-12-07"}, [], "unknown", "/renewal/decision"),
        ({"decision": "pending"}, [], "unknown", "/renewal/applied_on"),
    ],
)
def test_a_licence_that_ran_out_may_be_in_force(
    renewal: dict[str, Any] | None, reports: list[str], verdict: str, pointer: str | None
) -> None:
    every = ["2020-02-01", "2021-02-01", "2022-02-01", "2023-02-01", "2024-02-01", *reports]
    facts = {"licence": LICENCE, "renewal": renewal, "reports": [{"at": day} for day in every]}
    outcome = decide(REPORT, facts, "2025-04-01")
    assert outcome.verdict == verdict
    assert [finding.pointer for finding in outcome.findings] == ([pointer] if pointer else [])


def test_before_the_last_day_nothing_hangs_on_the_renewal() -> None:
    facts = {
        "licence": {**LICENCE, "valid_until": "2024-12-31"},
        "renewal": {"decision": "granted"},
        "reports": [{"at": f"{year}-02-01"} for year in range(2020, 2025)],
    }
    assert decide(REPORT, facts, "2024-12-31").verdict == "satisfied"
