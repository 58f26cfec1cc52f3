"""Names of several rules (规则分组), which ``select`` and ``icp_select`` take in place of rule ids.

A rule is in the group of each fact that it reads. It is also in ``deployed`` if those who know what
is deployed know every fact that it needs, but for the licence. Each rule also belongs to the one
role that is asked first for it (`role_of`), and every one is in ``all``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase

from pytest_icp.facts.roles import DEPLOYED, ENGINEERING, asked_of, group_of, groups, roles
from pytest_icp.rules.policy import Obligation, Policy
from pytest_icp.rules.reads import facts_needed, facts_read

ALL = "all"
"""The name of every rule."""


def grouped(policies: Iterable[Policy]) -> Mapping[str, frozenset[str]]:
    """Return the ids of the rules in each group, in the order of the groups."""
    found: dict[str, set[str]] = {name: set() for name in groups()}
    for policy in policies:
        for obligation in policy.obligations:
            for group in filter(None, _groups(policy, obligation)):
                found[group].add(obligation.rule_id)
    return {name: frozenset(rules) for name, rules in found.items()}


def groups_among(names: Iterable[str], policies: Iterable[Policy]) -> Mapping[str, frozenset[str]]:
    """Return the rules of those groups and roles whose names are among some names.

    What is the name of both has the rules of both.
    """
    # Ids and provisions have capitals: most often no group is named, and nothing is looked up.
    wanted = {name for name in names if name.islower() and "/" not in name}
    if not wanted:
        return {}
    every = {rule.rule_id: rule for policy in policies for rule in policy.obligations}
    found = {ALL: frozenset(every)} if ALL in wanted else {}
    if wanted & groups().keys():
        found |= {name: rules for name, rules in grouped(policies).items() if name in wanted}
    for role in wanted & roles().keys():
        own = frozenset(name for name, rule in every.items() if role_of(rule) == role)
        found[role] = own | found.get(role, frozenset())
    return found


def group_names() -> tuple[str, ...]:
    """Return every name of several rules, but for provisions."""
    return tuple(dict.fromkeys((ALL, *groups(), *roles())))


def named_by(rule: str, names: Collection[str], groups: Mapping[str, frozenset[str]]) -> bool:
    """Whether one of some names means a rule: an id, a provision, a glob or one of ``groups``."""
    in_group = any(rule in groups[name] for name in names if name in groups)
    return in_group or any(_matches(rule, name) for name in names)


def misspelt(names: Iterable[str], rules: Collection[str]) -> Iterator[str]:
    """Yield the names that mean none of some rules, and no group."""
    known = group_names()
    for name in names:
        if name not in known and not any(_matches(rule, name) for rule in rules):
            yield name


def role_of(obligation: Obligation) -> str:
    """Return the role that is asked first for a rule (由谁申报): who knows what it is about.

    Where that is engineering, or the rule is about the company, it is who else knows most of what
    it reads.
    """
    about = obligation.each.strip("/").partition(".")[0]
    role = "" if _of_licence(about) else asked_of(about)
    if role not in {"", ENGINEERING}:
        return role
    asked = (asked_of(fact) for fact in facts_read(obligation) if not _of_licence(fact))
    others = Counter(one for one in asked if one not in {"", ENGINEERING})
    first = max(others, key=lambda one: others[one], default="")
    return first or role or asked_of("licence")


def _matches(rule: str, glob: str) -> bool:
    """Whether a glob, a rule id or a provision id matches a rule."""
    return fnmatchcase(rule, glob) or rule.partition("/")[0] == glob


def _groups(policy: Policy, obligation: Obligation) -> Iterator[str]:
    read = facts_read(obligation)
    needed = facts_needed(policy, obligation)
    if all(_of_licence(fact) or asked_of(fact) == ENGINEERING for fact in needed):
        yield DEPLOYED
    # What a duty of the company is about is among its other facts.
    yield from map(group_of, [fact for fact in read if not _of_licence(fact)] or read)


def _of_licence(fact: str) -> bool:
    return fact.partition(".")[0] == "licence"
