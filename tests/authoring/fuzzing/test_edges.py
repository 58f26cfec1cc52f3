"""Where a rule turns around a description."""

from __future__ import annotations

from pytest_icp.authoring.fuzzing.edges import Edges, edges
from pytest_icp.authoring.strategies.trial import Trial
from pytest_icp.authoring.strategies.verdicts import trial_of
from pytest_icp.kinds.policies import default_policies
from pytest_icp.law.scope import PROVISO
from tests.authoring.fuzzing.fuzzed import situation
from tests.kinds.test_scope import ALL_NONE
from tests.obligations import obligation


def shipped(rule: str) -> Trial:
    every = ((policy, one) for policy in default_policies() for one in policy.obligations)
    policy, one = next(pair for pair in every if pair[1].rule_id == rule)
    return Trial(obligation=one, policy=policy)


LICENCE = {
    "first_issued_on": "2019-03-06",
    "issued_on": "2020-01-08",
    "valid_until": "2024-03-06",
    "status": "正常",
}
RENEWAL = {"intention": "renew", "applied_on": "never", "decision": "none"}


def test_a_last_day_on_which_the_rule_turns() -> None:
    facts = {"licence": LICENCE, "renewal": RENEWAL}
    found = edges(shipped("SP12/renewal"), situation(facts, "2023-11-20"), 6)
    assert (found.rule, found.situations, found.days) == ("SP12/renewal", 6, ("2023-12-07",))
    assert not found.scope


def test_a_day_after_which_another_subject_was_late_anyway_is_no_edge() -> None:
    moved = {"entity": "licensee", "kind": "address", "system_updated_on": "never"}
    events = [
        {"id": "late", "changed_on": "2024-01-02", **moved},
        {"id": "due", "changed_on": "2024-05-20", **moved},
    ]
    facts = {"licence": LICENCE, "corporate_events": events}
    assert edges(shipped("SP12/update"), situation(facts, "2024-05-21"), 1).days == ()
    facts["corporate_events"] = events[1:]
    assert edges(shipped("SP12/update"), situation(facts, "2024-05-21"), 1).days == ("2024-06-19",)


LINE = {"name": "信息服务业务（仅限互联网信息服务）", "areas": ["全国"]}
FEATURES = {**ALL_NONE, "messaging": "support_chat"}


def test_answers_that_go_beyond_the_licence() -> None:
    scope = f"不含信息即时交互服务。{PROVISO}"
    service = {"id": "s", "status": "production", "commercial": True, "launched_on": "2020-01-01"}
    made = obligation("condition", "sites", require={"public": True})
    facts = {"sites": [{"id": "a", "public": True, "launched_on": "2020-01-01"}]}
    found = edges(trial_of(made, None), situation(facts), 2)
    assert found.answers == (("sites[].public", "false"),)
    licensed = {"licence": {**LICENCE, "service_lines": [{**LINE, "scope": scope}]}}
    services = {"services": [{**service, "features": FEATURES, "declared_codes": []}]}
    licensed |= {"other_licences": [], **services}
    about = edges(shipped("SP02/scope"), situation(licensed), 2)
    assert about.scope
    # What is read whole is looked into: each feature has answers of its own.
    assert ("services[].features.messaging", "user_to_user") in about.answers


def test_only_who_complies_is_at_an_edge_of_answers() -> None:
    made = obligation("condition", "sites", require={"public": True})
    facts = {"sites": [{"id": "a", "public": False, "launched_on": "2020-01-01"}]}
    assert edges(trial_of(made, None), situation(facts), 2) == Edges(rule="SP99/made", situations=2)
