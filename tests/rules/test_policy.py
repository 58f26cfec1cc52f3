from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from pytest_icp.facts.files.properties import property_at
from pytest_icp.kinds.policies import default_policies
from pytest_icp.rules.fields import FIRST_ISSUE
from pytest_icp.rules.policy import Applicability, Obligation, facts_gating, facts_read
from tests.helpers import for_each
from tests.obligations import applicability, obligation, version


@pytest.mark.parametrize(
    ("day", "law"),
    [
        ("2019-12-31", False),
        ("2020-01-01", True),
        ("2021-12-31", True),
        ("2022-01-01", False),
    ],
)
def test_an_article_is_law_from_its_first_to_its_last_day(day: str, law: bool) -> None:
    assert version("2020-01-01", "2021-12-31").in_force(date.fromisoformat(day)) is law
    assert version("2020-01-01").in_force(date.fromisoformat(day)) is (day >= "2020-01-01")


# ---- Which facts an obligation reads


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


def made(rule: dict[str, Any]) -> Obligation:
    one = obligation(**rule)
    return with_other(one) if "while_open" in rule else one


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
