"""Which rules are selected for a description (列入本次核对), and why.

By default these are the calendar of the licence, what deployed files and the licence decide, and
what is about a fact that somebody declares. ``select`` of the description adds to them; options
replace both.

Names of several rules (规则分组) may stand in place of rule ids. A rule is in the group of each
fact that it reads. It is also in ``deployed`` if those who know what is deployed know every fact
that it needs, but for the licence. Each rule also belongs to the one role that is asked first for
it (`role_of`), and every one is in ``all``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cached_property, partial
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.description import Description
from pytest_icp.facts.evidence import PAPERS
from pytest_icp.facts.fields import DEPLOYED, ENGINEERING, asked_of, group_of, groups, roles
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, list_of, object_of, pointer
from pytest_icp.law.location import Place
from pytest_icp.law.once import once
from pytest_icp.law.text import Text, suggested
from pytest_icp.rules.policy import (
    Level,
    Obligation,
    Policy,
    facts_gating,
    facts_needed,
    facts_read,
)

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
    role = "" if _top(about) == _LICENCE else asked_of(about)
    if role not in {"", ENGINEERING}:
        return role
    asked = (asked_of(fact) for fact in facts_read(obligation) if _top(fact) != _LICENCE)
    others = Counter(one for one in asked if one not in {"", ENGINEERING})
    first = max(others, key=lambda one: others[one], default="")
    return first or role or asked_of("licence")


def _matches(rule: str, glob: str) -> bool:
    """Whether a glob, a rule id or a provision id matches a rule."""
    return fnmatchcase(rule, glob) or rule.partition("/")[0] == glob


def _groups(policy: Policy, obligation: Obligation) -> Iterator[str]:
    read = facts_read(obligation)
    needed = facts_needed(policy, obligation)
    if all(_top(fact) == _LICENCE or asked_of(fact) == ENGINEERING for fact in needed):
        yield DEPLOYED
    # What a duty of the company is about is among its other facts.
    yield from map(group_of, [fact for fact in read if _top(fact) != _LICENCE] or read)


# ---- Which rules are selected, and why


SELECT = "select"
"""The fact of a description that names more rules."""

_LICENCE = "licence"
_ATTESTATIONS = "attestations"


class Choice(Struct, frozen=True):
    """What options say: ``select`` in place of all else, if it names anything, without ``ignore``.

    Each names ids of rules, globs, provisions, groups or roles.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def lets_in(self, rule: str, groups: Mapping[str, frozenset[str]]) -> bool:
        """Whether a rule that no description decides is judged: that of a test of one's own."""
        if named_by(rule, self.ignore, groups):
            return False
        return not self.select or named_by(rule, self.select, groups)


class Why(StrEnum):
    """Why a rule is selected, or is not."""

    OPTION = "named by the option"
    NAMED = "named by the description"
    ALWAYS = "always"
    OWN = "of one's own"
    DECLARED = "declared"
    DEPLOYED = "deployed"
    NOT_OPTION = "not named by the option"
    IGNORED = "ignored"
    NOTHING = "nothing declared"

    @property
    def selected(self) -> bool:
        """Whether the rule is selected."""
        return self not in {Why.NOT_OPTION, Why.IGNORED, Why.NOTHING}


class Selection(Struct, frozen=True, dict=True):
    """Which rules of some policies are selected of a description."""

    policies: tuple[Policy, ...]
    description: Description
    choice: Choice = Choice()

    def why(self, policy: Policy, rule: Obligation) -> Why:
        """Return why a rule is selected, or is not."""
        choice, name = self.choice, rule.rule_id
        if named_by(name, choice.ignore, self._groups):
            return Why.IGNORED
        if choice.select:
            return Why.OPTION if named_by(name, choice.select, self._groups) else Why.NOT_OPTION
        if named_by(name, self._named, self._groups):
            return Why.NAMED
        if rule.always:
            return Why.ALWAYS
        if not policy.is_shipped:
            return Why.OWN
        if not self._declared.isdisjoint(abouts(rule)):
            return Why.DECLARED
        return Why.DEPLOYED if self._is_told(policy, rule) else Why.NOTHING

    @cached_property
    def rules(self) -> frozenset[str]:
        """The ids of the rules that are selected."""
        return frozenset(
            rule.rule_id
            for policy in self.policies
            for rule in policy.obligations
            if self.why(policy, rule).selected
        )

    @cached_property
    def left(self) -> Mapping[str, tuple[str, ...]]:
        """The ids of the others by the role that is asked first for each, most of them first."""
        found: dict[str, list[str]] = {}
        for policy in self.policies:
            for rule in policy.obligations:
                if rule.rule_id not in self.rules:
                    found.setdefault(role_of(rule), []).append(rule.rule_id)
        by_number = sorted(found.items(), key=lambda one: -len(one[1]))
        return {role: tuple(rules) for role, rules in by_number}

    def within(self) -> Iterator[Policy]:
        """Yield the policies with the rules that are selected."""
        for policy in self.policies:
            rules = tuple(rule for rule in policy.obligations if rule.rule_id in self.rules)
            yield replace(policy, obligations=rules)

    @cached_property
    def _named(self) -> tuple[str, ...]:
        return names_in(self.description.facts.get(SELECT))

    @cached_property
    def _groups(self) -> Mapping[str, frozenset[str]]:
        choice = self.choice
        return groups_among((*choice.select, *choice.ignore, *self._named), self.policies)

    @cached_property
    def _deployed(self) -> frozenset[str]:
        """The lists of which deployed files tell elements, or may, where one is not understood."""
        told = frozenset(
            name
            for name, value in self.description.facts.items()
            if isinstance(value, list) and self._elements_told(name)
        )
        return told | self._perhaps(deployed=True)

    @cached_property
    def _declared(self) -> frozenset[str]:
        """The top-level facts that a person says: also an empty list, or one in a register.

        Who only adds to elements that deployed files tell does not declare their list.
        """
        said = frozenset(
            name
            for name, value in self.description.facts.items()
            if value is not None
            # Where options may name papers too, the list is there, empty or not.
            and (value or name != PAPERS)
            and not (isinstance(value, list) and 0 < len(value) == self._elements_told(name))
        )
        return said | self._perhaps(deployed=False)

    def _perhaps(self, *, deployed: bool) -> frozenset[str]:
        """Return the facts of which a source may tell what is not known."""
        readings = self.description.readings
        gaps = (gap for one in readings if one.deployed is deployed for gap in one.gaps)
        return frozenset(kind for gap in gaps for kind in gap.kinds)

    def _elements_told(self, name: str) -> int:
        """Return of how many elements of a list a deployed file tells."""
        joined = self.description.joined
        deployed = joined.deployed
        return sum(1 for _ in joined.elements_of(name, deployed)) if deployed else 0

    def _is_told(self, policy: Policy, rule: Obligation) -> bool:
        """Whether each fact that a rule needs is there, or known to engineers, who deploy.

        Deployed files and the licence tell them, and what somebody declares.
        """
        told = self._deployed | self._declared | {_LICENCE}
        # What a rule is about is looked at first: most rules need no more.
        about = _top(rule.each.strip("/"))
        if about not in told and asked_of(about) != ENGINEERING:
            return False
        needed = facts_needed(policy, rule)
        return all(_top(fact) in told or asked_of(fact) == ENGINEERING for fact in needed)


@once
def abouts(rule: Obligation) -> frozenset[str]:
    """Return the top-level facts that a rule is about: the list of its subjects.

    What is about the company as a whole is about what else it reads; if nothing else, the licence.
    """
    about = {_top(part.each.strip("/")) for part in rule.each_part} - {_LICENCE}
    if not about:
        about = {_top(fact) for fact in facts_read(rule)} - {_LICENCE}
    elif _ATTESTATIONS in about:
        # Which papers are asked for is declared apart from those that are there.
        gates = (fact for part in rule.each_part for fact in facts_gating(part.applies))
        about |= {PAPERS}.intersection(gates)
    return frozenset(about or {_LICENCE})


def names_in(written: Json) -> tuple[str, ...]:
    """Return the names that ``select`` of a description gives, one or several."""
    several = written if isinstance(written, list) else [written]
    return tuple(str(one) for one in several if one)


def _top(path: str) -> str:
    return path.partition(".")[0].partition("/")[0]


# ---- Rule ids as people write them: which are misspelt, and which rule is nearest


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


class RuleIds(Struct, frozen=True, dict=True):
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
        every = {rule.rule_id for policy in policies for rule in policy.obligations}
        whole = (policy.id for policy in policies if policy.is_shipped)
        return cls(
            every=frozenset(every),
            whole=frozenset(whole),
            parts=frozenset(levels(policies)) - every,
            editions=tuple(dict.fromkeys(one.id for policy in policies for one in policy.editions)),
        )

    @cached_property
    def _of_rules(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for part in sorted(self.parts):
            found.setdefault(part.partition("#")[0], []).append(part)
        return found

    def parts_of(self, rule: str) -> list[str]:
        """Return the ids of the parts of a rule; none if it has none."""
        return self._of_rules.get(rule, [])

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
            where = pointer(("attestations", i, "rule"))
            _check_rule(rule, rules(), partial(description.place, where))


def _check_rule(rule: str, rules: RuleIds, place: Callable[[], Place]) -> None:
    """Raise `InputError` for a rule; only an error looks for its place, which takes long."""
    if rules.misnames_part(rule) or rules.misspelt(rule.partition("#")[0]):
        raise no_such_rule(rule, rules.every | rules.parts, place())
    if parts := rules.parts_of(rule):
        raise no_part_named(rule, parts, place())
