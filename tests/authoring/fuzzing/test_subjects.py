from __future__ import annotations

from pytest_icp.authoring.fuzzing.tried import alone, resolve, subjects
from pytest_icp.authoring.strategies.trial import slim
from pytest_icp.authoring.strategies.verdicts import trial_of
from tests.authoring.fuzzing.fuzzed import own
from tests.changed_law import under
from tests.obligations import obligation

DOCUMENT = {
    "sites": [{"id": "a", "operator": {"licences": [{"number": "x"}, None]}}, {"id": "b"}],
    "company": {"name": "甲"},
}


def test_subjects_stand_in_every_list_on_the_way() -> None:
    assert subjects(DOCUMENT, "sites.operator.licences") == [
        ("sites", 0, "operator", "licences", 0)
    ]
    assert subjects(DOCUMENT, "/company") == [("company",)]
    assert subjects(DOCUMENT, "nothing") == []


def test_one_alone_is_the_only_element() -> None:
    document, at = alone(DOCUMENT, ("sites", 1))
    assert (document["sites"], at) == ([{"id": "b"}], ("sites", 0))
    assert len(DOCUMENT["sites"]) == 2


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


def test_only_what_the_obligation_reads_is_left() -> None:
    made = obligation("condition", require={"name": "x"})
    assert slim(trial_of(made, None), FACTS).keys() == {"apiVersion", "sites"}
    everything = slim(own(lambda *_: True), FACTS)
    assert everything.keys() == FACTS.keys() - {"licence_file"}
    assert everything["licence"] == {"number": "x"}


def test_what_is_needed_beside_a_fact_is_left_with_it() -> None:
    filed = {"id": "f", "decision": "granted", "decided_at": "2024-02-01", "title": "x"}
    facts = {"corporate_events": [{"id": "e", "filings": [filed]}]}
    made = obligation(
        "condition",
        "corporate_events",
        records={"of": "filings", "where": {"decision": "granted"}},
    )
    document = slim(trial_of(made, None), facts)
    (event,) = document["corporate_events"]
    assert event["filings"] == [{name: filed[name] for name in ("id", "decision", "decided_at")}]


def test_papers_of_other_rules_are_left_out() -> None:
    made = obligation("evidence", "attestations")
    assert slim(trial_of(made, None), FACTS)["attestations"] == FACTS["attestations"][:1]


def test_what_lies_below_a_fact_that_is_read_is_kept_with_it() -> None:
    policy, rule = under("SP15-03/user-rules#rules", {})
    features = {"ugc_social": "none", "payment": "none"}
    document = slim(trial_of(rule, policy), {"services": [{"id": "a", "features": features}]})
    assert document["services"][0]["features"] == features
