"""Keys that a document needs beside others are null where nobody says them."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_icp.facts.files.schema import validator
from pytest_icp.facts.files.together import completed, lacking

HEAD: dict[str, Any] = {"apiVersion": "pytest-icp/v1"}


@pytest.mark.parametrize(
    ("facts", "wanted"),
    [
        ({"renewal": "none"}, []),
        ({"renewal": {"applied_on": "2023-12-01", "decision": "pending"}}, []),
        ({"renewal": {"decision": "granted"}}, ["renewal.decided_on"]),
        ({"renewal": {"decision": "refused", "decided_on": None}}, []),
        (
            {"annual_reports": [{"id": "a", "covers_year": 2022}]},
            ["annual_reports.0.year_of_submission"],
        ),
        (
            {"other_licences": [{"id": "a"}]},
            ["other_licences.0.obtained_on", "other_licences.0.valid_until"],
        ),
        (
            {"corporate_events": [{"id": "a", "effective_on": "2024-01-01"}]},
            ["corporate_events.0.implemented_on"],
        ),
        (
            {"corporate_events": [{"id": "a", "filings": [{"id": "b", "decision": "granted"}]}]},
            ["corporate_events.0.filings.0.decided_at"],
        ),
        # What cannot be null is no fact that may be unknown.
        ({"servers": [{"role": "origin"}]}, []),
    ],
)
def test_what_a_document_lacks(facts: dict[str, Any], wanted: list[str]) -> None:
    found = [".".join(map(str, at)) for at in lacking({**HEAD, **facts}, "description")]
    assert found == wanted


def test_a_completed_document_is_valid_and_says_nothing_more() -> None:
    facts = {
        **HEAD,
        "renewal": {"decision": "granted"},
        "annual_reports": [
            {"id": "a"},
            {"id": "b", "year_of_submission": 2023, "covers_year": 2022},
        ],
    }
    assert not validator("description").is_valid(facts)
    whole: Any = completed(facts, "description")
    assert validator("description").is_valid(whole)
    assert whole["renewal"] == {"decision": "granted", "decided_on": None}
    assert whole["annual_reports"] == [
        {"id": "a", "year_of_submission": None, "covers_year": None},
        facts["annual_reports"][1],
    ]


def test_a_document_that_lacks_nothing_is_itself() -> None:
    facts = {**HEAD, "annual_reports": [], "servers": [{"id": "b", "location": {"country": "CN"}}]}
    assert completed(facts, "description") is facts
