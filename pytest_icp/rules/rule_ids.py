"""Rule ids as people write them: which are misspelt, and which rule is nearest."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import TypeAlias

from msgspec import Struct

from pytest_icp.facts.description import Description
from pytest_icp.facts.files.resources import resource
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import list_of, object_of, pointer
from pytest_icp.law.location import Place
from pytest_icp.law.suggestions import suggested
from pytest_icp.law.text import Text
from pytest_icp.rules.policy import Level, Policy
from pytest_icp.rules.selection import SELECT, group_names, misspelt, names_in

_FORM = re.compile("[A-Z][A-Z0-9]*(-[0-9]{2})?/[a-z0-9]+(-[a-z0-9]+)*")

Levels: TypeAlias = Mapping[str, frozenset[Level]]
"""The ids of rules and of their parts, each with the levels that it has."""

_NO_RULE = Text(zh="没有规则 {rule!r}", en="there is no rule {rule!r}")
_NO_PART = Text(
    zh="规则 {rule} 由几个部分组成，没有写明文件用于哪一部分",
    en="{rule} has parts, and the document is not said to be for one of them",
)
_NO_EDITION = Text(zh="没有版本 {id!r}", en="there is no edition {id!r}")
_EDITIONS = Text(zh="可用的版本：{known}", en="editions: {known}")
_ITS_PARTS = Text(zh="应为以下之一：{parts}", en="one of: {parts}")


def is_rule_id(written: object) -> bool:
    """Whether something has the form of a rule's id, such as ``OWN/log-fields``."""
    return isinstance(written, str) and _FORM.fullmatch(written) is not None


def levels(policies: Iterable[Policy]) -> Levels:
    """Return the ids of rules and of their parts with their levels."""
    rules = [rule for policy in policies for rule in policy.obligations]
    every = {one.rule_id: frozenset(part.level for part in one.each_part) for one in rules}
    return every | {part.own_id: frozenset({part.level}) for one in rules for part in one.parts}


def no_such_rule(rule: str, rules: Collection[str], place: Place | None = None) -> InputError:
    """Return the error for an id that is none of the rules, with the nearest one as its hint."""
    hint = suggested(rule, sorted(rules))
    return InputError(_NO_RULE.format(rule=rule), place=place, hint=hint)


def no_such_name(name: str, rules: Collection[str], place: Place | None = None) -> InputError:
    """Return the error for a name that means no rule, no provision and no group of rules."""
    whole = {rule.partition("/")[0] for rule in rules}
    return no_such_rule(name, {*rules, *whole, *group_names()}, place)


def no_part_named(rule: str, parts: Iterable[str], place: Place | None = None) -> InputError:
    """Return the error for a document of a rule with parts that names none of them."""
    hint = _ITS_PARTS.format(parts=", ".join(parts))
    return InputError(_NO_PART.format(rule=rule), place=place, hint=hint)


def no_such_edition(name: str, known: Sequence[str], place: Place | None) -> InputError:
    """Return the error for an edition that is not known, with those to choose from."""
    hint = suggested(name, known, _EDITIONS.format(known=", ".join(known)))
    return InputError(_NO_EDITION.format(id=name), place=place, hint=hint)


class RuleIds(Struct, frozen=True):
    """The ids of all rules of policies and of their parts, and the provisions without other rules.

    ``editions`` are those of the provisions (版本).
    Python tests define rules too, which are known only once all tests are collected. They may
    add rules to a user's own provision, but not to one of the licence.
    """

    every: frozenset[str]
    whole: frozenset[str]
    parts: frozenset[str] = frozenset()
    editions: tuple[str, ...] = ()

    @classmethod
    def of(cls, policies: Collection[Policy]) -> RuleIds:
        """Return the ids of the rules of policies and of their parts."""
        ours = resource("policies")
        every = {rule.rule_id for policy in policies for rule in policy.obligations}
        whole = (policy.id for policy in policies if policy.path.is_relative_to(ours))
        return cls(
            every=frozenset(every),
            whole=frozenset(whole),
            parts=frozenset(levels(policies)) - every,
            editions=tuple(dict.fromkeys(one.id for policy in policies for one in policy.editions)),
        )

    def parts_of(self, rule: str) -> list[str]:
        """Return the ids of the parts of a rule; none if it has none."""
        return sorted(part for part in self.parts if part.startswith(f"{rule}#"))

    def misnames_part(self, named: str) -> bool:
        """Whether an id is that of a part which its rule does not have."""
        rule, of, _ = named.partition("#")
        return bool(of) and rule in self.every and named not in self.parts

    def misspelt(self, rule: str) -> bool:
        """Whether an id can only be a misspelling of one of these rules."""
        if rule in self.every:
            return False
        provision, _, own = rule.partition("/")
        near = get_close_matches(provision, sorted(self.whole), n=len(self.whole) or 1)
        return provision in self.whole or any(f"{one}/{own}" in self.every for one in near)


def check_names(description: Description, rules: Callable[[], RuleIds]) -> None:
    """Raise `InputError` for an attestation (证明) of a rule, or an edition, that does not exist.

    So it is for one of a rule with parts that names none of them, and for a name in ``select`` that
    means no rule.

    Loading cannot check this, as a description is read without policies. ``rules`` is called
    only when something is attested or selected, or an edition (版本) declared.
    """
    written = description.facts.get(SELECT)
    names = names_in(written)
    for name in misspelt(names, rules().every) if names else ():
        at = (SELECT, names.index(name)) if isinstance(written, list) else (SELECT,)
        raise no_such_name(name, rules().every, description.place(pointer(at)))
    edition = description.licence.get("provisions_edition")
    if isinstance(edition, str) and edition not in rules().editions:
        place = description.place("/licence/provisions_edition")
        raise no_such_edition(edition, rules().editions, place)
    for i, entry in enumerate(list_of(description.facts.get("attestations"))):
        rule = object_of(entry).get("rule")
        if isinstance(rule, str):
            place = description.place(pointer(("attestations", i, "rule")))
            _check_rule(rule, rules(), place)


def _check_rule(rule: str, rules: RuleIds, place: Place) -> None:
    if rules.misnames_part(rule) or rules.misspelt(rule.partition("#")[0]):
        raise no_such_rule(rule, rules.every | rules.parts, place)
    if parts := rules.parts_of(rule):
        raise no_part_named(rule, parts, place)
