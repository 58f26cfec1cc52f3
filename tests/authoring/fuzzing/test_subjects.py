from __future__ import annotations

from pytest_icp.authoring.fuzzing.tried import resolve
from pytest_icp.authoring.strategies.moves import trial_of
from pytest_icp.authoring.strategies.trial import slim
from tests.obligations import obligation


def test_paths_lead_down_up_and_from_the_root() -> None:
    at = ("sites", 0, "operator", "licences", 1)
    assert resolve(at, "number") == (*at, "number")
    assert resolve(at, "../name") == ("sites", 0, "operator", "name")
    assert resolve(at, "../../id") == ("sites", 0, "id")
    assert resolve(at, "/licence/valid_until") == ("licence", "valid_until")


FACTS = {
    "apiVersion": "pytest-icp/v1",
    "licence_file": "licence.yaml",
    "licence": {"apiVersion": "pytest-icp/v1", "number": "x"},
    "sites": [{"id": "a"}],
    "company": {},
    "attestations": [{"id": "p", "rule": "SP99/made"}, {"id": "q", "rule": "SP99/other"}],
}


def test_papers_of_other_rules_are_left_out() -> None:
    made = obligation("evidence", "attestations")
    assert slim(trial_of(made, None), FACTS)["attestations"] == FACTS["attestations"][:1]
