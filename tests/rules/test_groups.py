from __future__ import annotations

from pytest_icp.facts.roles import DEPLOYED, asked_of, groups
from pytest_icp.kinds.policies import default_policies
from pytest_icp.rules.groups import grouped
from pytest_icp.rules.reads import facts_needed
from tests.obligations import obligation, policy

POLICIES = default_policies()
GROUPED = grouped(POLICIES)
EVERY = {o.rule_id: (p, o) for p in POLICIES for o in p.obligations}


def test_every_rule_is_in_a_group_and_every_group_has_rules() -> None:
    assert set().union(*GROUPED.values()) == EVERY.keys()
    assert [name for name, rules in GROUPED.items() if not rules] == []
    assert list(GROUPED) == list(groups())


def test_what_is_deployed_needs_nobody_but_engineers_and_the_licence() -> None:
    needed = {fact for rule in GROUPED[DEPLOYED] for fact in facts_needed(*EVERY[rule])}
    assert {fact.partition(".")[0] for fact in needed if asked_of(fact) != "engineering"} == {
        "licence"
    }
    assert GROUPED[DEPLOYED] >= {
        *("LIC/domains", "LIC/server-place", "LIC/server-abroad", "SP02/home-page"),
        *("SP09/six-months", "SP07/safeguards"),
    }


def test_the_calendar_is_renewal_reports_and_changes() -> None:
    assert GROUPED["calendar"] >= {"SP12/renewal", "SP14/report", "SP11/apply", "LIC/valid"}
    assert not GROUPED["calendar"] & {"LIC/domains", "SP08/report", "SP07/safeguards"}


def test_a_rule_about_nothing_in_the_schema_is_in_no_group() -> None:
    made = policy(obligation("condition", "nothing_known", require={"id": {"minLength": 1}}))
    assert set().union(*grouped((made,)).values()) == set()
