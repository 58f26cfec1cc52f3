"""What a description is asked for is judged by some rule, or says why it is not."""

from __future__ import annotations

from datetime import date

import pytest

from pytest_icp.authoring.lint.run import LintRequest, remarks
from pytest_icp.authoring.lint.unread import MARK, unread_facts
from pytest_icp.facts.files.properties import definitions
from pytest_icp.facts.files.resources import resource
from pytest_icp.kinds.policies import default_policies, written_policies
from pytest_icp.rules.lookup import PolicySelection
from tests.obligations import obligation, policy

MARKED = {fact.path: fact.marks[MARK] for fact in definitions("description") if MARK in fact.marks}


def test_every_fact_is_read_or_says_why_not() -> None:
    assert not [(one.code, one.about) for one in unread_facts(default_policies())]


@pytest.mark.parametrize("reason", sorted({*MARKED.values()}))
def test_reasons_are_in_both_languages(reason: str) -> None:
    zh, _, en = reason.partition(" | ")
    assert zh
    assert en


def test_a_fact_that_no_rule_reads_is_found() -> None:
    found = {one.about: one for one in unread_facts([])}
    one = found["renewal.applied_on"]
    assert (one.code, one.message.en) == ("unread", "no rule reads “Renewal › Applied on”")
    # Contradictions read some facts; identifiers and the days on which things begin need no rule.
    assert found.keys().isdisjoint({"push_channels.id", "services.registered_users"})
    assert not [path for path in found if path.startswith("sources")]


def test_a_mark_of_a_fact_that_is_read_is_found() -> None:
    made = obligation("condition", "services", require={"name": "甲"})
    found = [one for one in unread_facts([policy(made)]) if one.code == "read"]
    assert [one.about for one in found] == ["services.name"]


def test_lint_asks_it_of_the_whole_only() -> None:
    every = written_policies([resource("policies")])
    few = [PolicySelection(written=one) for one in every if one.policy.id == "SP12"]
    request = LintRequest(
        selections=few, every=every[:1], waivers=(), day=date(2026, 11, 27), days=30
    )
    assert not [one for one in remarks(request) if one.code == "unread"]
    # To SP12 alone, the facts of all other provisions are unread.
    alone = LintRequest(
        selections=few,
        every=[one.written for one in few],
        waivers=(),
        day=date(2026, 11, 27),
        days=30,
    )
    assert [one for one in remarks(alone) if one.code == "unread"]
