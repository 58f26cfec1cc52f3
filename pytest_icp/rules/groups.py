"""Groups of rules with a name (规则分组), which ``icp_select`` takes in place of rule ids.

A rule is in the group of each fact that it reads. It is also in ``deployed`` if those who know what
is deployed know every fact that it needs, but for the licence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pytest_icp.facts.roles import DEPLOYED, ENGINEERING, asked_of, group_of, groups
from pytest_icp.rules.policy import Obligation, Policy
from pytest_icp.rules.reads import facts_needed, facts_read


def grouped(policies: Iterable[Policy]) -> Mapping[str, frozenset[str]]:
    """Return the ids of the rules in each group, in the order of the groups."""
    found: dict[str, set[str]] = {name: set() for name in groups()}
    for policy in policies:
        for obligation in policy.obligations:
            for group in filter(None, _groups(policy, obligation)):
                found[group].add(obligation.rule_id)
    return {name: frozenset(rules) for name, rules in found.items()}


def groups_among(names: Iterable[str], policies: Iterable[Policy]) -> Mapping[str, frozenset[str]]:
    """Return the rules of those groups whose names are among some names of rules and groups."""
    # Ids and provisions have capitals: most often no group is named, and nothing is looked up.
    wanted = {name for name in names if name.islower() and "/" not in name}
    if not wanted:
        return {}
    return {name: rules for name, rules in grouped(policies).items() if name in wanted}


def _groups(policy: Policy, obligation: Obligation) -> Iterator[str]:
    read = facts_read(obligation)
    needed = facts_needed(policy, obligation)
    if all(_of_licence(fact) or asked_of(fact) == ENGINEERING for fact in needed):
        yield DEPLOYED
    # What a duty of the company is about is among its other facts.
    yield from map(group_of, [fact for fact in read if not _of_licence(fact)] or read)


def _of_licence(fact: str) -> bool:
    return fact.partition(".")[0] == "licence"
