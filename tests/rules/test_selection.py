"""Which rules are selected of a description by default, by its ``select``, and by options."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from pytest_icp.engine import binding
from pytest_icp.facts.evidence import with_papers
from pytest_icp.facts.fields import DEPLOYED, asked_of, groups
from pytest_icp.kinds.policies import default_policies
from pytest_icp.rules.policy import facts_needed
from pytest_icp.rules.selection import Choice, Selection, Why, abouts, grouped, role_of
from pytest_icp.sources.loading import load
from tests.obligations import obligation, policy

if TYPE_CHECKING:
    from pathlib import Path


POLICIES = default_policies()
EVERY = {rule.rule_id: (one, rule) for one in POLICIES for rule in one.obligations}
NONE = Choice()
CALENDAR = {"LIC/valid", "SP12/renewal", "SP14/report"}
WEB = """\
kind: Ingress
apiVersion: networking.k8s.io/v1
metadata: {name: web}
spec: {rules: [{host: www.example.cn}]}
"""


def selection(folder: Path, facts: str = "", choice: Choice = NONE) -> Selection:
    path = folder / "a.icp.yaml"
    path.write_text(f"apiVersion: pytest-icp/v1\n{facts}", "utf-8")
    description = load(path, root=folder)
    return Selection(binding(POLICIES, description), description, choice)


def why(selected: Selection, rule: str) -> Why:
    return selected.why(*EVERY[rule])


def test_of_nothing_the_calendar_and_what_engineers_know_is_selected(tmp_path: Path) -> None:
    selected = selection(tmp_path)
    assert selected.rules >= CALENDAR
    assert {rule for rule, (_, one) in EVERY.items() if one.always} == CALENDAR
    assert selected.rules >= {"LIC/domains", "SP02/home-page", "SP09/six-months", "SP01/equipment"}
    assert not selected.rules & {"SP08/report", "LIC/holder", "SP05/answer", "SP02/icp-filing"}
    assert len(selected.rules) < 30
    assert why(selected, "LIC/valid") is Why.ALWAYS
    assert why(selected, "LIC/domains") is Why.DEPLOYED
    assert why(selected, "SP08/report") is Why.NOTHING


@pytest.mark.parametrize("said", ["[]", "[{id: leak}]"])
def test_what_is_about_a_declared_list_is_selected(tmp_path: Path, said: str) -> None:
    selected = selection(tmp_path, f"incidents: {said}\n")
    about = {rule for rule, (_, one) in EVERY.items() if abouts(one) == {"incidents"}}
    assert len(about) > 5
    assert selected.rules >= about
    assert why(selected, "SP08/report") is Why.DECLARED
    assert not selection(tmp_path, "incidents: null\n").rules & about


def test_deployed_files_select_what_they_and_the_licence_decide(tmp_path: Path) -> None:
    (tmp_path / "web.yaml").write_text(WEB, "utf-8")
    source = "sources: [{kind: kubernetes, path: web.yaml}]\n"
    without, told = selection(tmp_path), selection(tmp_path, source)
    # Who knows the number of a filing is compliance; the list of sites is told.
    assert "SP02/icp-filing" in told.rules - without.rules
    assert why(told, "SP02/icp-filing") is Why.DEPLOYED
    # It needs the company, and changes of it, which nobody declares.
    assert "LIC/holder" not in told.rules
    company = "company: {name: 示例}\ncorporate_events: []\n"
    assert "LIC/holder" in selection(tmp_path, source + company).rules
    # Something is added to a site, whose list is still that of the files.
    more = selection(tmp_path, f"{source}sites: [{{id: www.example.cn, app_package_id: none}}]\n")
    assert more.rules == told.rules
    own = selection(tmp_path, f"{source}sites: [{{id: other.example.cn}}]\n")
    assert "SP05/channel" in own.rules - told.rules


def test_what_a_source_may_tell_is_selected_where_it_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "web.yaml").write_text("{", "utf-8")
    told = selection(tmp_path, "sources: [{kind: kubernetes, path: web.yaml}]\n")
    assert "SP02/icp-filing" in told.rules
    register = selection(tmp_path, "sources: [{kind: register, path: no.csv, list: complaints}]\n")
    assert why(register, "SP05/answer") is Why.DECLARED


def test_papers_that_are_asked_for_are_looked_for(tmp_path: Path) -> None:
    assert why(selection(tmp_path, "papers: [scan]\n"), "EVID/papers") is Why.DECLARED
    none = selection(tmp_path)
    assert why(none, "EVID/papers") is Why.NOTHING
    asked = replace(none.description, facts=with_papers(none.description.facts, ("scan",)))
    assert why(Selection(none.policies, asked), "EVID/papers") is Why.DECLARED


def test_rules_of_ones_own_are_selected(tmp_path: Path) -> None:
    own = policy(obligation("condition", "complaints", require={"id": {"minLength": 1}}))
    description = selection(tmp_path).description
    assert Selection((own,), description).why(own, own.obligations[0]) is Why.OWN


@pytest.mark.parametrize(
    ("said", "there"),
    [
        ("all", set(EVERY)),
        ("[incidents, SP05/answer]", {"SP08/report", "SP05/answer"}),
        ("[SP08]", {"SP08/report"}),
        ("['*/certificate']", {"SP12/certificate"}),
        ("[finance]", {"SP15-05/billing-data"}),
    ],
)
def test_a_description_adds_to_the_default(tmp_path: Path, said: str, there: set[str]) -> None:
    selected = selection(tmp_path, f"select: {said}\n")
    assert selected.rules >= there | selection(tmp_path).rules
    assert {why(selected, rule) for rule in there - selection(tmp_path).rules} == {Why.NAMED}


def test_options_come_first(tmp_path: Path) -> None:
    every = "select: all\n"
    only = selection(tmp_path, every, Choice(select=("SP12", "calendar"), ignore=("SP12/exit",)))
    assert why(only, "SP12/renewal") is Why.OPTION
    assert why(only, "LIC/domains") is Why.NOT_OPTION
    assert why(only, "SP12/exit") is Why.IGNORED
    without = selection(tmp_path, "", Choice(ignore=("LIC/domains",)))
    assert without.rules == selection(tmp_path).rules - {"LIC/domains"}
    assert selection(tmp_path, "", Choice(select=("all",))).rules == set(EVERY)


def test_options_let_in_the_rules_of_tests_of_ones_own() -> None:
    groups = {"mine": frozenset({"OWN/a"})}
    assert NONE.lets_in("OWN/a", groups)
    assert not Choice(ignore=("OWN",)).lets_in("OWN/a", groups)
    assert Choice(select=("mine",)).lets_in("OWN/a", groups)
    assert not Choice(select=("SP12",)).lets_in("OWN/a", groups)


def test_what_is_left_is_counted_by_the_role_that_is_asked_first(tmp_path: Path) -> None:
    selected = selection(tmp_path)
    left = selected.left
    assert {rule for rules in left.values() for rule in rules} == EVERY.keys() - selected.rules
    numbers = [len(rules) for rules in left.values()]
    assert numbers == sorted(numbers, reverse=True)
    assert "SP08/report" in left["security"]
    assert selection(tmp_path, "select: all\n").left == {}
    kept = {rule.rule_id for one in selected.within() for rule in one.obligations}
    assert kept == selected.rules


@pytest.mark.parametrize(
    ("rule", "role"),
    [
        ("SP08/report", "security"),
        ("LIC/holder", "legal"),
        ("LIC/domains", "engineering"),
        ("LIC/term", "compliance"),
        ("SP15-06/staff", "security"),
    ],
)
def test_each_rule_has_a_role_that_is_asked_first(rule: str, role: str) -> None:
    assert role_of(EVERY[rule][1]) == role


# ---- Groups


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
