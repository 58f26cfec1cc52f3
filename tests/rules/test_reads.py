from __future__ import annotations

from typing import Any

import pytest
import yaml
from msgspec.structs import replace

from pytest_icp.facts.files.properties import property_at
from pytest_icp.kinds import kinds
from pytest_icp.kinds.policies import default_policies
from pytest_icp.rules.fields import FIRST_ISSUE
from pytest_icp.rules.policy import Applicability, Obligation
from pytest_icp.rules.reads import facts_gating, facts_read
from tests.helpers import for_each
from tests.obligations import applicability, obligation

PUBLISHED = [(policy, o) for policy in default_policies() for o in policy.obligations]


def with_other(made: Obligation) -> Obligation:
    """Return an obligation with the rule that it names."""
    other = obligation(
        "dated",
        "events",
        anchor="changed_on",
        within={"days": 30},
        act={"of": "filings", "at": "on"},
        basis="own",
    )
    written = made.written.beside({other.rule_id: other.each})
    return replace(made, others=(other,), written=written)


CASES = """
- rule: {kind: match, fact: operator.name, among: /licence/holder, how: name}
  reads: sites.operator.name licence.holder
- rule: {kind: match, fact: [name, former], among: [/a/name, printed], how: company}
  reads: sites.name sites.former a.name sites.printed company.name company.former_names
- rule: {kind: match, fact: name, among: {of: /licence/attachments, at: name, match: {domains:
    domains}}, how: name, if_none: not_applicable}
  reads: sites.name licence.attachments.name licence.attachments.domains sites.domains
- rule: {kind: match, each: company, fact: a, among: /b, while_open: {rule: SP99/made, where:
    {kind: name}}}
  reads: company.a b events.filings.decision events.kind events.changed_on events.filings.on
- rule: {kind: evidence, each: renewal, paper: winddown_plan}
  reads: renewal.winddown_plan.document renewal.winddown_plan.sha256
    renewal.winddown_plan.issued_on renewal.winddown_plan.expires_on
    renewal.winddown_plan.owner.role renewal.winddown_plan.max_age_days
- rule: {kind: evidence, each: attestations}
  reads: attestations.rule attestations.document attestations.sha256 attestations.issued_on
    attestations.expires_on attestations.owner.role attestations.max_age_days
- rule: {kind: condition, where: {production: true}, require: {servers: {some: a}}}
  reads: sites.production sites.servers
- rule: {kind: match, fact: domains, among: {of: /licence/attachments, at: domains, where: {kind:
    site}}}
  reads: sites.domains licence.attachments.domains licence.attachments.kind
- rule: {kind: match, each: services, fact: kinds, among: {of: /approvals, at: kind, match: {of:
    id}}, valid: {from: [built, from], until: until, since: launched_on}}
  reads: services.kinds approvals.kind approvals.of services.id approvals.built approvals.from
    approvals.until services.launched_on
- rule: {kind: match, each: charges, fact: amount, among: {of: /prices, at: price, match: {item:
    item, unit: unit}}, how: at_most, valid: {from: from, at: 'on'}}
  reads: charges.amount prices.price prices.item charges.item prices.unit charges.unit prices.from
    charges.on
- rule: {kind: shown, each: ads, text: text, shows: /name, stated: shown, stated_by: by}
  reads: ads.text name ads.shown ads.by
- rule: {kind: condition, each: company, records: /staff, at_least: /required}
  reads: staff required
- rule: {kind: scope, each: services, compare: items, only: [B25.fixed_phone]}
  reads: services.features.fixed_phone_info services.declared_codes licence.service_lines.name
    licence.service_lines.scope other_licences.codes other_licences.obtained_on
    other_licences.valid_until other_licences.status other_licences.renewal.applied_on
    other_licences.renewal.decision other_licences.renewal.new_valid_until
- rule: {kind: scope, each: services, compare: content}
  reads: services.features.regulated_content licence.service_lines.name
    licence.service_lines.scope
- rule: {kind: dated, act: closed_on, anchor: launched_on, within: {days: 30}}
  reads: sites.closed_on sites.launched_on
- rule: {kind: dated, each: renewal, act: {of: /services, at: launched_on, where: {status:
    pilot}}, anchor: /licence/valid_until, ahead: {days: 90}}
  reads: services.launched_on services.status licence.valid_until
- rule: {kind: dated, each: changes, act: asked, anchor: [acted, planned], ahead: {days: 9}}
  reads: changes.asked changes.acted changes.planned
- rule: {kind: dated, each: requests, act: done_at, anchor: due_at, ahead: 0}
  reads: requests.done_at requests.due_at
- rule: {kind: law, each: incidents, check: incident.grade, with: {general: 9}}
  reads: incidents.leaked_subjects incidents.grade incidents.detected_at
- rule: {kind: law, each: incidents, check: incident.grade, with: {minutes: 60, users: 9, share:
    10}}
  reads: incidents.outage_minutes incidents.affected_users services.registered_users
    incidents.grade incidents.detected_at
- rule: {kind: law, each: other_licences, check: licence.contained}
  reads: other_licences.issuer other_licences.codes other_licences.areas
    other_licences.obtained_on other_licences.valid_until other_licences.status
    licence.issuing_authority.kind licence.issuing_authority.province licence.service_lines.name
    licence.service_lines.scope licence.service_lines.areas licence.first_issued_on
    licence.issued_on licence.scope_since licence.valid_until licence.status
- rule: {kind: shown, page: home_page.snapshot, shows: /licence/number}
  reads: sites.home_page.snapshot licence.number
- rule: {kind: licensed, organisation: access_provider, categories: [B14]}
  reads: sites.access_provider.licences.categories sites.access_provider.licences.valid_from
    sites.access_provider.licences.valid_until sites.access_provider.licences.areas
    sites.access_provider.licences.status sites.access_provider.licences.renewal.applied_on
    sites.access_provider.licences.renewal.decision
    sites.access_provider.licences.renewal.new_valid_until
- rule: {kind: licensed, each: network_links, organisation: provider, categories: [B14], to:
    contract.to, from: contract.from}
  reads: network_links.provider.licences.categories network_links.provider.licences.valid_from
    network_links.provider.licences.valid_until network_links.provider.licences.areas
    network_links.provider.licences.status network_links.provider.licences.renewal.applied_on
    network_links.provider.licences.renewal.decision
    network_links.provider.licences.renewal.new_valid_until network_links.contract.from
    network_links.contract.to
- rule: {kind: placed, each: servers, fact: location, sites: site_ids, at: server_location}
  reads: servers.location servers.site_ids sites.domains licence.attachments.domains
    licence.attachments.server_location
- rule: {kind: licensed, each: resource_grants, organisation: grantee, codes: grantee_activity,
    areas: {of: /servers, at: location, match: {site_ids: id}}}
  reads: resource_grants.grantee.licences.categories resource_grants.grantee.licences.valid_from
    resource_grants.grantee.licences.valid_until resource_grants.grantee.licences.areas
    resource_grants.grantee.licences.status resource_grants.grantee.licences.renewal.applied_on
    resource_grants.grantee.licences.renewal.decision
    resource_grants.grantee.licences.renewal.new_valid_until resource_grants.grantee_activity
    servers.location servers.site_ids resource_grants.id
- rule: {kind: licensed, each: network_links, categories: [A26]}
  reads: licence.service_lines.name licence.service_lines.scope licence.issued_on
    licence.first_issued_on licence.valid_until renewal.applied_on renewal.decision
    renewal.new_valid_until other_licences.codes other_licences.obtained_on
    other_licences.valid_until other_licences.status other_licences.renewal.applied_on
    other_licences.renewal.decision other_licences.renewal.new_valid_until
- rule: {kind: match, each: numbering_resources, fact: actual_use, among: permitted_use}
  reads: numbering_resources.actual_use numbering_resources.permitted_use
- rule: {kind: match, each: licence, values: [a], among: {of: /attestations, at: rule}}
  reads: attestations.rule
- rule: {kind: condition, each: inspections.findings, of_where: {authority: CA}, require:
    {rectify_by: {not: never}}}
  reads: inspections.authority inspections.findings.rectify_by
- rule: {kind: dated, each: inspections.findings, act: ../notice_on, anchor: rectify_by, ahead: 0}
  reads: inspections.notice_on inspections.findings.rectify_by
- rule: {kind: dated, each: user_abuse_controls, act: today, anchor: last_reviewed_on, within:
    {days: 9}}
  reads: user_abuse_controls.last_reviewed_on
- rule: {kind: placed, each: servers, fact: location, at: mainland}
  reads: servers.location
- rule: {kind: condition, each: releases, require: {it: {now: {minimum: {of: was, times: 2}}}}}
  reads: releases.it.now releases.was
- rule: {kind: dated, each: search, act: tested, anchor: since, every: {days: 9}}
  reads: search.since search.tested
- rule: {kind: condition, each: accounts, serves: {by: service_id, items: [B25.im]}, require:
    {filed: true}}
  reads: accounts.service_id services.id services.status services.commercial services.features
    services.declared_codes accounts.filed
- rule: {kind: dated, each: licence, act: issued_on, anchor: valid_until, ahead: 0}
  reads: licence.issued_on licence.valid_until
- rule: {kind: dated, each: data_stores, act: {of: /pias, at: done_on, where: {trigger: export},
    match: {concerns: id}}, anchor: in_service_on, ahead: 0}
  reads: data_stores.id pias.concerns pias.trigger pias.done_on data_stores.in_service_on
- rule: {kind: dated, each: network_units, act: {of: risk, at: done_on, where: {result: passed},
    match: {id: id}}, anchor: in_production_on, every: {years: 1}, restart: {of: changes, at:
    changed_on, where: {kind: grading}, match: {id: id}}}
  reads: network_units.in_production_on network_units.changes.kind
    network_units.changes.changed_on network_units.id network_units.risk.id
    network_units.changes.id network_units.risk.result network_units.risk.done_on
- rule: {kind: condition, each: company, records: /security_staff}
  reads: security_staff
- rule: {kind: condition, records: {of: filings, where: {decision: granted}}}
  reads: sites.filings.decision
- rule: {kind: dated, each: licence, act: {of: /annual_reports, at: submitted_at, year:
    year_of_submission}, anchor: licence.term, yearly: {from: 01-01, to: 03-31}, ahead: {days:
    90}}
  reads: licence.status licence.issued_on licence.first_issued_on licence.valid_until
    renewal.applied_on renewal.decided_on renewal.decision renewal.new_valid_until
    annual_reports.year_of_submission annual_reports.submitted_at
- rule: {kind: dated, each: network_units, act: {of: assessments, at: done_on}, anchor: graded_on,
    every: {years: 2}}
  reads: network_units.graded_on network_units.assessments.done_on
- rule: {kind: dated, each: log_stores, reaches: {months: 6}, kept: retention}
  reads: log_stores.retention
- rule: {kind: dated, each: log_stores, reaches: {months: 6}, kept: retention, act:
    oldest_entry_on, anchor: started_on}
  reads: log_stores.oldest_entry_on log_stores.started_on log_stores.retention
- rule: {kind: scope, each: services, compare: items}
  reads: services.commercial services.features services.declared_codes licence.service_lines.name
    licence.service_lines.scope numbering_resources.kind numbering_resources.in_use
    numbering_resources.provider.licences.categories other_licences.codes
    other_licences.obtained_on other_licences.valid_until other_licences.status
    other_licences.renewal.applied_on other_licences.renewal.decision
    other_licences.renewal.new_valid_until
- rule: {kind: scope, each: services, compare: areas}
  reads: services.commercial services.areas_served services.declared_codes services.features
    licence.service_lines.name licence.service_lines.scope licence.service_lines.areas
    other_licences.codes other_licences.obtained_on other_licences.valid_until
    other_licences.status other_licences.renewal.applied_on other_licences.renewal.decision
    other_licences.renewal.new_valid_until other_licences.areas
- rule: {kind: law, each: licence, check: licence.in_force}
  reads: licence.status licence.issued_on licence.first_issued_on licence.valid_until
    renewal.applied_on renewal.decided_on renewal.decision renewal.new_valid_until
"""


def made(rule: dict[str, Any]) -> Obligation:
    one = obligation(**rule)
    return with_other(one) if "while_open" in rule else one


WRITTEN = [(case["rule"], case["reads"].split()) for case in yaml.safe_load(CASES)]


@for_each("case", WRITTEN, ids=lambda case: case[0]["kind"])
def test_a_kind_reads(case: tuple[dict[str, Any], list[str]]) -> None:
    rule, facts = case
    assert {*facts} <= {*facts_read(made(rule))} <= {*facts, *FIRST_ISSUE}


@pytest.mark.parametrize("basis", ["licence", "statute"])
@pytest.mark.parametrize(
    ("made", "dated"),
    [
        ({"kind": "dated", "act": "done", "anchor": "at", "within": {"days": 30}}, True),
        ({"kind": "dated", "act": "a", "anchor": "b", "ahead": 0}, True),
        ({"kind": "dated", "act": "b", "anchor": "a", "every": {"days": 9}}, True),
        ({"kind": "condition", "require": {"a": True}, "happened": "at"}, True),
        ({"kind": "condition", "require": {"a": True}, "over": "until"}, True),
        ({"kind": "condition", "require": {"a": True}}, False),
    ],
)
def test_what_happened_before_the_licence_is_no_breach_of_it(
    made: dict[str, Any], basis: str, dated: bool
) -> None:
    read = facts_read(obligation(**made, basis=basis))
    assert ({*FIRST_ISSUE} <= {*read}) == (dated and basis == "licence")


def test_every_kind_is_tried() -> None:
    assert {rule["kind"] for rule, _ in WRITTEN} == set(kinds())


def test_the_facts_that_choose_the_subjects_come_first_and_once() -> None:
    made = obligation(
        "condition",
        where={"public": True, "kind": {"not": {"anyOf": ["a", {"enum": ["b", "c"]}]}}},
        require={"allOf": [{"public": True}, {"domains": {"every": {"minLength": 1}}}]},
    )
    assert facts_read(made) == ("sites.public", "sites.kind", "sites.domains")


def test_a_condition_on_elements_reads_what_is_inside_them() -> None:
    made = obligation("condition", require={"filings": {"some": {"authority": "CA"}}})
    assert facts_read(made) == ("sites.filings.authority",)


def test_where_nothing_else_is_read_the_subjects_are() -> None:
    assert facts_read(obligation("condition", "sites", require={})) == ("sites",)


def test_of_an_unknown_kind_the_conditions_are_known() -> None:
    made = obligation("house-rule", where={"public": True}, anything="goes")
    assert facts_read(made) == ("sites.public",)


@pytest.mark.parametrize(
    ("rule", "facts"),
    [
        (applicability(), ()),
        (
            applicability(items=("B25",)),
            ("licence.service_lines.name", "licence.service_lines.scope"),
        ),
        (
            Applicability(without=("B25.im",)),
            ("licence.service_lines.name", "licence.service_lines.scope"),
        ),
        (
            Applicability(operates=("B25.im",)),
            (
                *("services.status", "services.commercial", "services.features"),
                "services.declared_codes",
            ),
        ),
        (
            applicability(when={"annual_reports": {"some": {"submitted_at": {"not": "never"}}}}),
            ("annual_reports.submitted_at",),
        ),
        (applicability(when={"licence": {"attachments": {"some": {}}}}), ("licence.attachments",)),
    ],
)
def test_what_tells_whether_a_rule_applies(rule: Any, facts: tuple[str, ...]) -> None:
    assert facts_gating(rule) == facts


@for_each("published", PUBLISHED, ids=lambda published: published[1].rule_id)
def test_a_published_rule_reads_facts_that_the_schema_has(
    published: tuple[Any, Obligation],
) -> None:
    policy, one = published
    facts = facts_read(one) + facts_gating(one.applies) + facts_gating(policy.applies)
    assert [fact for fact in facts if property_at("description", fact) is None] == []
