"""Checks that the rules that attestations (证明) name exist."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pytest_icp.facts.description import Description
from pytest_icp.law.jsontypes import pointer
from pytest_icp.rules.rule_ids import RuleIds, no_such_rule


def check_attested(description: Description, rules: Callable[[], RuleIds]) -> None:
    """Raise `InputError` for an attestation of a rule that does not exist.

    Loading cannot check this, as a description is read without policies. ``rules`` is called
    only when something is attested.
    """
    entries = description.facts.get("attestations")
    for i, entry in enumerate(entries if isinstance(entries, list) else ()):
        rule = entry.get("rule") if isinstance(entry, Mapping) else None
        if isinstance(rule, str) and rules().misspelt(rule):
            at = pointer(("attestations", i, "rule"))
            raise no_such_rule(rule, rules().every, description.place(at))
