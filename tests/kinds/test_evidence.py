"""Papers that prove something: in the register, and in a subject."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_icp.facts.evidence import Evidence
from tests.contexts import decide, said
from tests.obligations import obligation

SCAN = Evidence(path="scan.txt", sha256="ab" * 32)
REGISTERED = obligation("evidence", "attestations", fresh=365)
GOOD = {
    "id": "scan",
    "rule": "SP99/made",
    "document": "scan.txt",
    "sha256": "none",
    "issued_on": "2024-01-01",
    "expires_on": "none",
    "max_age_days": "none",
    "owner": {"role": "法务岗"},
}


def test_that_there_is_no_file_is_said_in_words() -> None:
    facts = {"attestations": [{**GOOD, "document": "none"}]}
    (finding,) = decide(REGISTERED, facts).findings
    assert (finding.pointer, finding.message.zh) == (
        "/attestations/0/document",
        "没有这样的文件",
    )


@pytest.mark.parametrize(
    ("entries", "as_of", "verdict"),
    [
        ([], "2024-06-02", "violated"),
        # What is later hides nothing that is known: other documents may not be declared yet.
        ([{**GOOD, "rule": "SP01/else"}], "2023-12-31", "unknown"),
    ],
)
def test_an_empty_list_declares_that_there_is_no_document(
    entries: Any, as_of: str, verdict: str
) -> None:
    outcome = decide(REGISTERED, {"attestations": entries}, as_of, evidence=(SCAN,))
    assert (outcome.verdict, outcome.findings[0].pointer) == (verdict, "/attestations")


LISTED = obligation("evidence", "deeds", since="done_on", fresh=365)


@pytest.mark.parametrize(
    ("done_on", "issued_on", "verdict"),
    [
        ("2024-01-01", ["2024-01-01"], "satisfied"),
        ("2024-01-02", ["2024-01-01"], "unknown"),
        ("2024-01-02", ["2024-01-01", "2024-01-02"], "satisfied"),
        ("2024-01-02", [None], "unknown"),
        ("2024-01-02", ["none"], "violated"),
        # One without a day may be of any, another that is good is enough.
        ("2024-01-02", ["none", None], "unknown"),
        ("2024-01-02", ["none", "2024-01-02"], "satisfied"),
        ("2024-01-02", [], "violated"),
        ("never", [], "not applicable"),
        (None, ["2024-01-01"], "unknown"),
    ],
)
def test_each_subject_wants_a_registered_document_of_its_own_time(
    done_on: str | None, issued_on: list[str | None], verdict: str
) -> None:
    entries = [{**GOOD, "id": str(i), "issued_on": day} for i, day in enumerate(issued_on)]
    facts = {"deeds": [{"id": "a", "done_on": done_on}], "attestations": entries}
    assert decide(LISTED, facts, evidence=(SCAN,)).verdict == verdict


@pytest.mark.parametrize(
    ("others", "verdict", "pointer"),
    [
        ([], "violated", "/attestations/0/owner"),
        # Another one may be good, or answer to the rule.
        ([{**GOOD, "owner": None}], "unknown", "/attestations/1/owner"),
        ([{**GOOD, "rule": None}], "unknown", "/attestations/1/rule"),
        ([{**GOOD, "rule": "SP01/else"}], "violated", "/attestations/0/owner"),
        # One without a day of issue may be of a later day, whatever it lacks.
        ([{**GOOD, "owner": "none", "issued_on": None}], "unknown", "/attestations/1/issued_on"),
        ([GOOD, {**GOOD, "rule": None}], "satisfied", None),
    ],
)
@pytest.mark.parametrize("made", [REGISTERED, LISTED])
def test_one_without_an_owner_is_a_violation_if_no_other_may_be_good(
    made: Any, others: list[Any], verdict: str, pointer: str | None
) -> None:
    entries = [{**GOOD, "owner": "none"}, *others]
    facts = {"deeds": [{"id": "a", "done_on": "2024-01-01"}], "attestations": entries}
    outcome = decide(made, facts, evidence=(SCAN,))
    assert outcome.verdict == verdict
    assert [at for _, at, _ in said(outcome)] == ([pointer] if pointer else [])


def test_one_whose_rule_is_not_known_may_be_of_the_time_that_is_wanted() -> None:
    entries = [{**GOOD, "issued_on": "2023-12-31"}, {**GOOD, "rule": None}]
    facts = {"deeds": [{"id": "a", "done_on": "2024-01-01"}], "attestations": entries}
    ((verdict, pointer, _),) = said(decide(LISTED, facts, evidence=(SCAN,)))
    assert (verdict, pointer) == ("unknown", "/attestations/1/rule")


# ---- A document in a subject


SCAN = Evidence(path="scan.txt", sha256="ab" * 32)
PROOF = obligation("evidence", "deeds", paper="proof", fresh=365)
THERE = obligation("evidence", "deeds", paper="proof")
PAPER = {
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
    facts = {"deeds": [{"id": "a", "proof": {**PAPER, **changed}}]}
    outcome = decide(PROOF, facts, evidence=(SCAN,))
    assert outcome.verdict == verdict
    assert [at for _, at, _ in said(outcome)] == ([f"/deeds/0/proof/{pointer}"] if pointer else [])


def test_the_steps_tell_until_when_it_is_good() -> None:
    facts = {"deeds": [{"id": "a", "proof": {**PAPER, "expires_on": "2024-12-31"}}]}
    (steps,) = decide(PROOF, facts, evidence=(SCAN,)).steps.values()
    assert [one.en for one in steps()] == ["2024-01-01 + 365 days = 2024-12-31"]
    (steps,) = decide(THERE, facts, evidence=(SCAN,)).steps.values()
    assert not [*steps()]
