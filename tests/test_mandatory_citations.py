"""No citation of a mandatory rule is lost when rules are merged, or become advice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pytest_icp.facts.files.source import read_source
from pytest_icp.kinds.policies import default_policies
from pytest_icp.law.jsontypes import texts_of
from pytest_icp.rules.policy import Obligation, Policy
from tests.helpers import ROOT

LISTED: Any = read_source(ROOT / "tests/mandatory_citations.yaml").data
CITED = {(provision, one) for provision, cited in LISTED["cited"].items() for one in cited}
ELSEWHERE = {(one["provision"], one["citation"]): one for one in LISTED["elsewhere"]}


def mandatory() -> Iterator[tuple[Policy, Obligation]]:
    for policy in default_policies():
        for rule in policy.obligations:
            yield from ((policy, one) for one in rule.each_part if one.level == "mandatory")


def citations(obligation: Obligation) -> set[str]:
    cited = obligation.written.fields.get("cites")
    return {*texts_of(cited.value)} if cited else set()


def test_a_mandatory_rule_carries_each_citation_or_the_list_says_why_none_does() -> None:
    carried = {(policy.id, one) for policy, rule in mandatory() for one in citations(rule)}
    assert CITED - carried == set(ELSEWHERE)


def test_who_carries_a_citation_instead_does() -> None:
    carried = {(rule.own_id, one) for _, rule in mandatory() for one in citations(rule)}
    instead = {(one["by"], one["citation"]) for one in LISTED["elsewhere"] if "by" in one}
    assert instead <= carried
    assert all(one["reason"] for one in LISTED["elsewhere"])
