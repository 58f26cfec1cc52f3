"""Rules that another rule names (所引用的规则): found once all policies are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from msgspec.structs import replace

from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import pointer
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.rules.fields import Path, join_path
from pytest_icp.rules.policy import Obligation, Policy, decided
from pytest_icp.rules.rule_ids import no_such_rule

Rules: TypeAlias = Mapping[str, Obligation]
"""What is decided by itself, by its id: rules without parts, and the parts of the others."""

_NO_TERM = Text(
    zh="规则 {rule} 不是自某日起多少时间内（within）办理的义务，谈不上尚未到期",
    en="{rule} has no time `within` which to act, so it is never open",
)


def rules_of(policies: Iterable[Policy]) -> Rules:
    """Return the rules that others may name."""
    every = (one for policy in policies for _, one in decided(policy.obligations))
    return {one.own_id: one for one in every}


def with_others(policy: Policy, rules: Rules, place: Callable[[str], Place]) -> Policy:
    """Return a policy whose rules have those that they name; ``place`` locates what is written.

    Raises `InputError` with the place for one that does not exist, or has no time to act.
    """
    found = {
        one.own_id: _with(one, _named(one, rules, at, place))
        for at, one in decided(policy.obligations)
        if one.spec.rules
    }
    if not found:
        return policy

    def known(one: Obligation) -> Obligation:
        return found.get(one.own_id, one)

    whole = (replace(one, parts=tuple(map(known, one.parts))) for one in policy.obligations)
    return replace(policy, obligations=tuple(map(known, whole)))


def _named(
    rule: Obligation, rules: Rules, at: Path, place: Callable[[str], Place]
) -> tuple[Obligation, ...]:
    for field in rule.written.fields.walk():
        if field.what == "rule" and field.value not in rules:
            raise no_such_rule(str(field.value), rules, place(pointer((*at, *field.at))))
        if field.what == "rule" and not rules[str(field.value)].spec.event_decides_law:
            said = _NO_TERM.format(rule=field.value)
            raise InputError(said, place=place(pointer((*at, *field.at))))
    return tuple(rules[name] for name in rule.spec.rules)


def _with(rule: Obligation, others: tuple[Obligation, ...]) -> Obligation:
    """Return a rule, and all its versions and cases, with the rules that it names."""
    subjects = {one.own_id: join_path("", one.each) for one in others}
    return replace(
        rule,
        others=others,
        written=rule.written.beside(subjects),
        versions=tuple((day, _with(one, others)) for day, one in rule.versions),
        cases=tuple(_with(one, others) for one in rule.cases),
    )
