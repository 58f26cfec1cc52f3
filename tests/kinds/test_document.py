"""One document: there, unchanged, owned, dated, and still good."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_icp.facts.evidence import Evidence
from tests.contexts import decide, said
from tests.obligations import obligation

SCAN = Evidence(path="scan.txt", sha256="ab" * 32)
PROOF = obligation("evidence", "deeds", paper="proof", fresh=365)
THERE = obligation("evidence", "deeds", paper="proof")
GOOD = {
    "document": "scan.txt",
    "sha256": "none",
    "issued_on": "2024-01-01",
    "expires_on": "none",
    "max_age_days": "none",
    "owner": {"role": "法务岗"},
}


@pytest.mark.parametrize(
    ("changed", "verdict", "pointer"),
    [
        ({}, "satisfied", None),
        ({"document": "nowhere.txt"}, "violated", "document"),
        ({"document": "none"}, "violated", "document"),
        ({"document": None}, "unknown", "document"),
        ({"sha256": "AB" * 32}, "satisfied", None),
        ({"sha256": "cd" * 32}, "violated", "sha256"),
        ({"sha256": None}, "unknown", "sha256"),
        ({"owner": "none"}, "violated", "owner"),
        ({"owner": None}, "unknown", "owner"),
        ({"owner": {"role": None}}, "unknown", "owner/role"),
        ({"issued_on": "never"}, "violated", "issued_on"),
        ({"issued_on": "none"}, "violated", "issued_on"),
        ({"issued_on": None}, "unknown", "issued_on"),
        ({"expires_on": "2024-06-02"}, "violated", "expires_on"),
        ({"expires_on": "2024-06-03"}, "satisfied", None),
        ({"expires_on": None}, "unknown", "expires_on"),
        ({"max_age_days": 154}, "satisfied", None),
        ({"max_age_days": 153}, "violated", "issued_on"),
        ({"max_age_days": None}, "unknown", "max_age_days"),
        # So old that no calendar has the day: it never ends.
        ({"max_age_days": 10**12}, "satisfied", None),
        # What it certainly lacks is told before what is not known of it.
        ({"document": None, "sha256": "cd" * 32, "owner": "none"}, "violated", "owner"),
        ({"sha256": None, "expires_on": "2024-06-02"}, "violated", "expires_on"),
        ({"issued_on": None, "max_age_days": 1}, "unknown", "issued_on"),
    ],
)
def test_a_document_is_there_unchanged_owned_and_fresh(
    changed: dict[str, Any], verdict: str, pointer: str | None
) -> None:
    facts = {"deeds": [{"id": "a", "proof": {**GOOD, **changed}}]}
    outcome = decide(PROOF, facts, evidence=(SCAN,))
    assert outcome.verdict == verdict
    assert [at for _, at, _ in said(outcome)] == ([f"/deeds/0/proof/{pointer}"] if pointer else [])


def test_a_file_that_was_not_looked_at_may_be_another_one() -> None:
    unread = Evidence(path="scan.txt", sha256=None, unread=True)
    facts = {"deeds": [{"id": "a", "proof": {**GOOD, "sha256": "cd" * 32}}]}
    ((verdict, pointer, words),) = said(decide(PROOF, facts, evidence=(unread,)))
    assert (verdict, pointer) == ("unknown", "/deeds/0/proof/document")
    assert "was not looked at" in words


def test_the_steps_tell_until_when_it_is_good() -> None:
    facts = {"deeds": [{"id": "a", "proof": {**GOOD, "expires_on": "2024-12-31"}}]}
    (steps,) = decide(PROOF, facts, evidence=(SCAN,)).steps.values()
    assert [one.en for one in steps()] == [
        "issued on 2024-01-01, valid for 365 days, until 2024-12-31",
        "it states its last day, 2024-12-31",
    ]
    (steps,) = decide(THERE, facts, evidence=(SCAN,)).steps.values()
    assert [one.en for one in steps()] == ["it states its last day, 2024-12-31"]
