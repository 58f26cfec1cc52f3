"""Which rules are selected of a description (列入本次核对), and why.

By default these are the calendar of the licence, what deployed files and the licence decide, and
what is about a fact that somebody declares. ``select`` of the description adds to them; options
replace both.

Names of several rules (规则分组) may stand in place of rule ids. A rule is in the group of each
fact that it reads. It is also in ``deployed`` if those who know what is deployed know every fact
that it needs, but for the licence. Each rule also belongs to the one role that is asked first for
it (`role_of`), and every one is in ``all``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.description import Description
from pytest_icp.facts.evidence import PAPERS
from pytest_icp.facts.files.resources import resource
from pytest_icp.facts.roles import DEPLOYED, ENGINEERING, asked_of, group_of, groups, roles
from pytest_icp.law.jsontypes import Json
from pytest_icp.rules.policy import Obligation, Policy, facts_gating, facts_needed, facts_read

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
        if not policy.path.is_relative_to(resource("policies")):
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
            if isinstance(value, list) and self._elements_told(name, value)
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
            and not (isinstance(value, list) and 0 < len(value) == self._elements_told(name, value))
        )
        return said | self._perhaps(deployed=False)

    def _perhaps(self, *, deployed: bool) -> frozenset[str]:
        """Return the facts of which a source may tell what is not known."""
        readings = self.description.readings
        gaps = (gap for one in readings if one.deployed is deployed for gap in one.gaps)
        return frozenset(kind for gap in gaps for kind in gap.kinds)

    def _elements_told(self, name: str, elements: list[Json]) -> int:
        """Return of how many elements of a list a deployed file tells."""
        origins = self.description.origins
        if not origins.deployed:
            return 0
        return sum(1 for _ in origins.joined.elements_of(name, len(elements), origins.deployed))

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
