from __future__ import annotations

from typing import Any

import pytest

from pytest_icp.facts.evidence import Evidence
from tests.contexts import decide
from tests.obligations import obligation

ON_FILE = obligation("constraint", "asked", require={"basis": True}, on_file="paper")
PAPER = Evidence(path="paper.txt", sha256="ab" * 32)


@pytest.mark.parametrize(
    ("basis", "paper", "verdict", "pointer"),
    [
        (True, "paper.txt", "satisfied", None),
        (True, "nowhere.txt", "violated", "/asked/0/paper"),
        (True, None, "unknown", "/asked/0/paper"),
        (False, "paper.txt", "violated", "/asked/0/basis"),
    ],
)
def test_a_paper_is_on_file(basis: bool, paper: Any, verdict: str, pointer: str | None) -> None:
    facts = {"asked": [{"id": "a", "basis": basis, "paper": paper}]}
    outcome = decide(ON_FILE, facts, evidence=(PAPER,))
    assert outcome.verdict == verdict
    assert [finding.pointer for finding in outcome.findings] == ([pointer] if pointer else [])
