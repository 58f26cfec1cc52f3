"""Which rules are selected of a description (列入本次核对), and why.

By default these are the calendar of the licence, what deployed files and the licence decide, and
what is about a fact that somebody declares. ``select`` of the description adds to them; options
replace both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.description import Description
from pytest_icp.facts.evidence import PAPERS
from pytest_icp.facts.files.resources import resource
from pytest_icp.facts.roles import ENGINEERING, asked_of
from pytest_icp.law.jsontypes import Json
from pytest_icp.rules.groups import groups_among, named_by, role_of
from pytest_icp.rules.policy import Obligation, Policy
from pytest_icp.rules.reads import facts_gating, facts_needed, facts_read

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
