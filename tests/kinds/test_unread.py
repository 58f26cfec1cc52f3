"""A file that nobody could look at: what it would prove is not known, what it cannot fix stays."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_icp.facts.evidence import Evidence
from tests.contexts import decide
from tests.obligations import obligation

SCAN = Evidence(path="scan.txt", sha256=None, unread=True)
DOCUMENT = {
    "id": "scan",
    "rule": "SP99/made",
    "document": "scan.txt",
    "sha256": "none",
    "issued_on": "2024-01-01",
    "expires_on": "none",
    "max_age_days": "none",
    "owner": {"role": "法务岗"},
}


@pytest.mark.parametrize(
    ("changed", "verdict"),
    [
        ({}, "unknown"),
        ({"sha256": "cd" * 32}, "unknown"),
        ({"document": "nowhere.txt"}, "violated"),
        ({"owner": "none"}, "violated"),
        ({"issued_on": "2020-01-01"}, "violated"),
        ({"expires_on": "2024-06-02"}, "violated"),
    ],
)
def test_a_document_is_unknown_unless_it_would_not_do_anyway(
    changed: dict[str, Any], verdict: str
) -> None:
    register = {"attestations": [{**DOCUMENT, **changed}]}
    made = obligation("evidence", "attestations", fresh=365)
    outcome = decide(made, register, evidence=(SCAN,))
    assert outcome.verdict == verdict
    if verdict == "unknown":
        assert "was not looked at" in outcome.findings[0].message.en
        assert "无法查看" in outcome.findings[0].message.zh


def test_a_paper_on_file_is_unknown() -> None:
    rule = obligation("condition", "asked", require={"basis": True}, on_file="paper")
    facts = {"asked": [{"id": "a", "basis": True, "paper": "scan.txt"}]}
    assert decide(rule, facts, evidence=(SCAN,)).verdict == "unknown"


def test_a_page_is_unknown_unless_somebody_has_looked() -> None:
    rule = obligation("shown", "ads", page="page", shows="number", stated="shown", stated_by="by")
    ad = {"id": "a", "page": "scan.txt", "number": "京B2-20210001"}
    found = decide(rule, {"ads": [ad]}, evidence=(SCAN,))
    assert found.verdict == "unknown"
    assert "was not looked at" in found.findings[0].message.en
    seen = {**ad, "shown": True, "by": "法务岗"}
    assert decide(rule, {"ads": [seen]}, evidence=(SCAN,)).verdict == "satisfied"
