"""Checks that what a description names of the policies exists: rules, and an edition."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pytest_icp.facts.description import Description
from pytest_icp.law.jsontypes import pointer
from pytest_icp.law.location import Place
from pytest_icp.rules.editions import no_such_edition
from pytest_icp.rules.rule_ids import RuleIds, no_part_named, no_such_rule


def check_names(description: Description, rules: Callable[[], RuleIds]) -> None:
    """Raise `InputError` for an attestation (证明) of a rule, or an edition, that does not exist.

    So it is for one of a rule with parts that names none of them.

    Loading cannot check this, as a description is read without policies. ``rules`` is called
    only when something is attested, or an edition (版本) declared.
    """
    edition = description.licence.get("provisions_edition")
    if isinstance(edition, str) and edition not in rules().editions:
        place = description.place("/licence/provisions_edition")
        raise no_such_edition(edition, rules().editions, place)
    entries = description.facts.get("attestations")
    for i, entry in enumerate(entries if isinstance(entries, list) else ()):
        rule = entry.get("rule") if isinstance(entry, Mapping) else None
        if isinstance(rule, str):
            place = description.place(pointer(("attestations", i, "rule")))
            _check_rule(rule, rules(), place)


def _check_rule(rule: str, rules: RuleIds, place: Place) -> None:
    if rules.misnames_part(rule) or rules.misspelt(rule.partition("#")[0]):
        raise no_such_rule(rule, rules.every | rules.parts, place)
    if parts := rules.parts_of(rule):
        raise no_part_named(rule, parts, place)
