"""Where a rule turns around a description, and what a run of fuzzing says of it at its end."""

from __future__ import annotations

from pytest_icp.authoring.fuzzing.printing import Edges, edges, summary_lines
from pytest_icp.authoring.strategies.moves import trial_of
from pytest_icp.authoring.strategies.trial import Trial
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


PLAIN = Edges(rule="SP07/encryption", situations=6, answers=(("data_stores[].kept", "false"),))
SCOPE = [
    Edges(
        rule=rule,
        situations=6,
        scope=True,
        answers=(
            ("services[].features.messaging", "user_to_user"),
            ("services[].features.messaging", "group_chat"),
            ("services[].features.search_scope", "web"),
        ),
    )
    for rule in ("SP02/scope", "SP02/declared")
]
DUE = [
    Edges(rule=f"SP12/{n}", situations=6, days=("2023-12-07", f"2024-0{n}-01")) for n in range(1, 5)
]


def said(*kept: Edges, broken: int = 0, every: bool = False) -> list[str]:
    return [*summary_lines(kept, broken, "en", 300, every=every)]


def test_what_was_tried_and_what_held() -> None:
    assert said(PLAIN) == [
        "1 rule kept every law in 6 situations",
        "of 1 more fact another answer alone would violate a rule: -v lists them",
    ]
    assert said(broken=2)[0] == "0 rules kept every law in 0 situations; 2 did not, see above"


def test_days_in_their_order_and_how_many_more() -> None:
    days = said(*DUE)[1]
    assert "2023-12-07 SP12/1, SP12/2, SP12/3, SP12/4; 2024-01-01 SP12/1; 2024-02-01" in days
    assert days.endswith("; and 2 more")


def test_every_answer_where_all_are_asked_for() -> None:
    lines = said(PLAIN, *SCOPE, every=True)
    assert "  SP07/encryption: data_stores[].kept: false" in lines
    assert not any("-v" in line for line in lines)
