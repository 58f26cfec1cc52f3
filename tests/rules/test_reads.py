from __future__ import annotations

from typing import Any

import pytest
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

PRINTED = {"of": "/licence/attachments", "at": "name", "match": {"domains": "domains"}}
PRICES = {"of": "/prices", "at": "price", "match": {"item": "item", "unit": "unit"}}
CHANGE = {"rule": "SP99/made", "where": {"kind": "name"}}
HELD = (
    *("categories", "valid_from", "valid_until", "areas", "status"),
    *(f"renewal.{name}" for name in ("applied_on", "decision", "new_valid_until")),
)
DOCUMENT = ("document", "sha256", "issued_on", "expires_on", "owner.role", "max_age_days")

ELSEWHERE = [
    *("other_licences.codes", "other_licences.obtained_on", "other_licences.valid_until"),
    *("other_licences.status", "other_licences.renewal.applied_on"),
    *("other_licences.renewal.decision", "other_licences.renewal.new_valid_until"),
]
"""What other licences of the company permit."""


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


CASES: list[tuple[str, Obligation, list[str]]] = [
    (
        "match",
        obligation("match", fact="operator.name", among="/licence/holder", how="name"),
        ["sites.operator.name", "licence.holder"],
    ),
    (
        "match",
        obligation("match", fact=["name", "former"], among=["/a/name", "printed"], how="company"),
        [
            *("sites.name", "sites.former", "a.name", "sites.printed"),
            *("company.name", "company.former_names"),
        ],
    ),
    (
        "match",
        obligation("match", fact="name", among=PRINTED, how="name", if_none="not_applicable"),
        [
            *("sites.name", "licence.attachments.name", "licence.attachments.domains"),
            "sites.domains",
        ],
    ),
    (
        "match",
        with_other(obligation("match", "company", fact="a", among="/b", while_open=CHANGE)),
        [
            *("company.a", "b", "events.filings.decision", "events.kind", "events.changed_on"),
            "events.filings.on",
        ],
    ),
    (
        "evidence",
        obligation("evidence", "renewal", paper="winddown_plan"),
        [f"renewal.winddown_plan.{name}" for name in DOCUMENT],
    ),
    (
        "evidence",
        obligation("evidence", "attestations"),
        ["attestations.rule", *(f"attestations.{name}" for name in DOCUMENT)],
    ),
    (
        "condition",
        obligation("condition", where={"production": True}, require={"servers": {"some": "a"}}),
        ["sites.production", "sites.servers"],
    ),
    (
        "match",
        obligation(
            "match",
            fact="domains",
            among={"of": "/licence/attachments", "at": "domains", "where": {"kind": "site"}},
        ),
        ["sites.domains", "licence.attachments.domains", "licence.attachments.kind"],
    ),
    (
        "match",
        obligation(
            "match",
            "services",
            fact="kinds",
            among={"of": "/approvals", "at": "kind", "match": {"of": "id"}},
            valid={"from": ["built", "from"], "until": "until", "since": "launched_on"},
        ),
        [
            *("services.kinds", "approvals.kind", "approvals.of", "services.id"),
            *("approvals.built", "approvals.from", "approvals.until", "services.launched_on"),
        ],
    ),
    (
        "match",
        obligation(
            "match",
            "charges",
            fact="amount",
            among=PRICES,
            how="at_most",
            valid={"from": "from", "at": "on"},
        ),
        [
            *("charges.amount", "prices.price", "prices.item", "charges.item", "prices.unit"),
            *("charges.unit", "prices.from", "charges.on"),
        ],
    ),
    (
        "shown",
        obligation("shown", "ads", text="text", shows="/name", stated="shown", stated_by="by"),
        ["ads.text", "name", "ads.shown", "ads.by"],
    ),
    (
        "condition",
        obligation("condition", "company", records="/staff", at_least="/required"),
        ["staff", "required"],
    ),
    (
        "scope",
        obligation("scope", "services", compare="items", only=["B25.fixed_phone"]),
        [
            *("services.features.fixed_phone_info", "services.declared_codes"),
            *("licence.service_lines.name", "licence.service_lines.scope"),
            *ELSEWHERE,
        ],
    ),
    (
        "scope",
        obligation("scope", "services", compare="content"),
        [
            "services.features.regulated_content",
            *("licence.service_lines.name", "licence.service_lines.scope"),
        ],
    ),
    (
        "dated",
        obligation("dated", act="closed_on", anchor="launched_on", within={"days": 30}),
        ["sites.closed_on", "sites.launched_on"],
    ),
    (
        "dated",
        obligation(
            "dated",
            "renewal",
            act={"of": "/services", "at": "launched_on", "where": {"status": "pilot"}},
            anchor="/licence/valid_until",
            ahead={"days": 90},
        ),
        ["services.launched_on", "services.status", "licence.valid_until"],
    ),
    (
        "dated",
        obligation("dated", "changes", act="asked", anchor=["acted", "planned"], ahead={"days": 9}),
        ["changes.asked", "changes.acted", "changes.planned"],
    ),
    (
        "dated",
        obligation("dated", "requests", act="done_at", anchor="due_at", ahead=0),
        ["requests.done_at", "requests.due_at"],
    ),
    (
        "law",
        obligation("law", "incidents", check="incident.grade", **{"with": {"general": 9}}),
        ["incidents.leaked_subjects", "incidents.grade", "incidents.detected_at"],
    ),
    (
        "law",
        obligation(
            "law",
            "incidents",
            check="incident.grade",
            **{"with": {"minutes": 60, "users": 9, "share": 10}},
        ),
        [
            *("incidents.outage_minutes", "incidents.affected_users"),
            *("services.registered_users", "incidents.grade", "incidents.detected_at"),
        ],
    ),
    (
        "law",
        obligation("law", "other_licences", check="licence.contained"),
        [
            *(
                f"other_licences.{name}"
                for name in ("issuer", "codes", "areas", "obtained_on", "valid_until", "status")
            ),
            *("licence.issuing_authority.kind", "licence.issuing_authority.province"),
            *("licence.service_lines.name", "licence.service_lines.scope"),
            *("licence.service_lines.areas", "licence.first_issued_on", "licence.issued_on"),
            *("licence.scope_since", "licence.valid_until", "licence.status"),
        ],
    ),
    (
        "shown",
        obligation("shown", page="home_page.snapshot", shows="/licence/number"),
        ["sites.home_page.snapshot", "licence.number"],
    ),
    (
        "licensed",
        obligation("licensed", organisation="access_provider", categories=["B14"]),
        [f"sites.access_provider.licences.{name}" for name in HELD],
    ),
    (
        "licensed",
        obligation(
            "licensed",
            "network_links",
            organisation="provider",
            categories=["B14"],
            to="contract.to",
            **{"from": "contract.from"},
        ),
        [
            *(f"network_links.provider.licences.{name}" for name in HELD),
            *("network_links.contract.from", "network_links.contract.to"),
        ],
    ),
    (
        "placed",
        obligation("placed", "servers", fact="location", sites="site_ids", at="server_location"),
        [
            *("servers.location", "servers.site_ids", "sites.domains"),
            *("licence.attachments.domains", "licence.attachments.server_location"),
        ],
    ),
    (
        "licensed",
        obligation(
            "licensed",
            "resource_grants",
            organisation="grantee",
            codes="grantee_activity",
            areas={"of": "/servers", "at": "location", "match": {"site_ids": "id"}},
        ),
        [
            *(f"resource_grants.grantee.licences.{name}" for name in HELD),
            *("resource_grants.grantee_activity", "servers.location", "servers.site_ids"),
            "resource_grants.id",
        ],
    ),
    (
        "licensed",
        obligation("licensed", "network_links", categories=["A26"]),
        [
            *("licence.service_lines.name", "licence.service_lines.scope", "licence.issued_on"),
            *("licence.first_issued_on", "licence.valid_until", "renewal.applied_on"),
            *("renewal.decision", "renewal.new_valid_until", "other_licences.codes"),
            *("other_licences.obtained_on", "other_licences.valid_until"),
            *("other_licences.status", "other_licences.renewal.applied_on"),
            *("other_licences.renewal.decision", "other_licences.renewal.new_valid_until"),
        ],
    ),
    (
        "match",
        obligation("match", "numbering_resources", fact="actual_use", among="permitted_use"),
        ["numbering_resources.actual_use", "numbering_resources.permitted_use"],
    ),
    (
        "match",
        obligation("match", "licence", values=["a"], among={"of": "/attestations", "at": "rule"}),
        ["attestations.rule"],
    ),
    (
        "condition",
        obligation(
            "condition",
            "inspections.findings",
            of_where={"authority": "CA"},
            require={"rectify_by": {"not": "never"}},
        ),
        ["inspections.authority", "inspections.findings.rectify_by"],
    ),
    (
        "dated",
        obligation(
            "dated", "inspections.findings", act="../notice_on", anchor="rectify_by", ahead=0
        ),
        ["inspections.notice_on", "inspections.findings.rectify_by"],
    ),
    (
        "dated",
        obligation(
            "dated",
            "user_abuse_controls",
            act="today",
            anchor="last_reviewed_on",
            within={"days": 9},
        ),
        ["user_abuse_controls.last_reviewed_on"],
    ),
    (
        "placed",
        obligation("placed", "servers", fact="location", at="mainland"),
        ["servers.location"],
    ),
    (
        "condition",
        obligation(
            "condition", "releases", require={"it": {"now": {"minimum": {"of": "was", "times": 2}}}}
        ),
        ["releases.it.now", "releases.was"],
    ),
    (
        "dated",
        obligation("dated", "search", act="tested", anchor="since", every={"days": 9}),
        ["search.since", "search.tested"],
    ),
    (
        "condition",
        obligation(
            "condition",
            "accounts",
            serves={"by": "service_id", "items": ["B25.im"]},
            require={"filed": True},
        ),
        [
            *("accounts.service_id", "services.id", "services.status", "services.commercial"),
            *("services.features", "services.declared_codes", "accounts.filed"),
        ],
    ),
    (
        "dated",
        obligation("dated", "licence", act="issued_on", anchor="valid_until", ahead=0),
        ["licence.issued_on", "licence.valid_until"],
    ),
    (
        "dated",
        obligation(
            "dated",
            "data_stores",
            act={
                "of": "/pias",
                "at": "done_on",
                "where": {"trigger": "export"},
                "match": {"concerns": "id"},
            },
            anchor="in_service_on",
            ahead=0,
        ),
        [
            *("data_stores.id", "pias.concerns", "pias.trigger", "pias.done_on"),
            "data_stores.in_service_on",
        ],
    ),
    (
        "dated",
        obligation(
            "dated",
            "network_units",
            act={
                "of": "risk",
                "at": "done_on",
                "where": {"result": "passed"},
                "match": {"id": "id"},
            },
            anchor="in_production_on",
            every={"years": 1},
            restart={
                "of": "changes",
                "at": "changed_on",
                "where": {"kind": "grading"},
                "match": {"id": "id"},
            },
        ),
        [
            *("network_units.in_production_on", "network_units.changes.kind"),
            *("network_units.changes.changed_on", "network_units.id", "network_units.risk.id"),
            *(
                "network_units.changes.id",
                "network_units.risk.result",
                "network_units.risk.done_on",
            ),
        ],
    ),
    (
        "condition",
        obligation("condition", "company", records="/security_staff"),
        ["security_staff"],
    ),
    (
        "condition",
        obligation("condition", records={"of": "filings", "where": {"decision": "granted"}}),
        ["sites.filings.decision"],
    ),
    (
        "dated",
        obligation(
            "dated",
            "licence",
            act={"of": "/annual_reports", "at": "submitted_at", "year": "year_of_submission"},
            anchor="licence.term",
            yearly={"from": "01-01", "to": "03-31"},
            ahead={"days": 90},
        ),
        [
            *("licence.status", "licence.issued_on", "licence.first_issued_on"),
            *("licence.valid_until", "renewal.applied_on", "renewal.decided_on"),
            *("renewal.decision", "renewal.new_valid_until"),
            *("annual_reports.year_of_submission", "annual_reports.submitted_at"),
        ],
    ),
    (
        "dated",
        obligation(
            "dated",
            "network_units",
            act={"of": "assessments", "at": "done_on"},
            anchor="graded_on",
            every={"years": 2},
        ),
        ["network_units.graded_on", "network_units.assessments.done_on"],
    ),
    (
        "dated",
        obligation("dated", "log_stores", reaches={"months": 6}, kept="retention"),
        ["log_stores.retention"],
    ),
    (
        "dated",
        obligation(
            "dated",
            "log_stores",
            reaches={"months": 6},
            kept="retention",
            act="oldest_entry_on",
            anchor="started_on",
        ),
        ["log_stores.oldest_entry_on", "log_stores.started_on", "log_stores.retention"],
    ),
    (
        "scope",
        obligation("scope", "services", compare="items"),
        [
            *("services.commercial", "services.features", "services.declared_codes"),
            *("licence.service_lines.name", "licence.service_lines.scope"),
            *("numbering_resources.kind", "numbering_resources.in_use"),
            "numbering_resources.provider.licences.categories",
            *ELSEWHERE,
        ],
    ),
    (
        "scope",
        obligation("scope", "services", compare="areas"),
        [
            *("services.commercial", "services.areas_served", "services.declared_codes"),
            "services.features",
            *("licence.service_lines.name", "licence.service_lines.scope"),
            *("licence.service_lines.areas", *ELSEWHERE, "other_licences.areas"),
        ],
    ),
    (
        "law",
        obligation("law", "licence", check="licence.in_force"),
        [
            *("licence.status", "licence.issued_on", "licence.first_issued_on"),
            "licence.valid_until",
            *("renewal.applied_on", "renewal.decided_on", "renewal.decision"),
            "renewal.new_valid_until",
        ],
    ),
]


@pytest.mark.parametrize(
    ("made", "facts"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_a_kind_reads(made: Obligation, facts: list[str]) -> None:
    assert {*facts} <= {*facts_read(made)} <= {*facts, *FIRST_ISSUE}


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
    assert {kind for kind, _, _ in CASES} == set(kinds())


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
