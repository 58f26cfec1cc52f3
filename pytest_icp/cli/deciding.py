"""Which rules an answer decides, found by deciding them with it (可判断的规则)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from pytest_icp.engine import Scene, binding, decide, prepare
from pytest_icp.facts.scoping import Closing, Scoping, answered
from pytest_icp.kinds.finding import Verdict
from pytest_icp.law.jsontypes import JsonObject
from pytest_icp.rules.policy import Obligation, Policy, facts_needed


class Decider:
    """Decides the rules that bind a description again, with other facts than it has."""

    def __init__(self, scene: Scene, policies: Iterable[Policy], rules: frozenset[str]) -> None:
        self._scene = scene
        self._rules: dict[str, tuple[Policy, Obligation]] = {}
        self._by_fact: dict[str, dict[str, None]] = {}
        for policy in binding(policies, scene.description):
            for obligation in policy.obligations:
                if obligation.rule_id in rules:
                    self._rules[obligation.rule_id] = (policy, obligation)
                    for fact in facts_needed(policy, obligation):
                        top = fact.partition(".")[0]
                        self._by_fact.setdefault(top, {})[obligation.rule_id] = None

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that are decided."""
        return tuple(self._rules)

    def verdicts(self, facts: JsonObject, rules: Iterable[str]) -> dict[str, Verdict]:
        """Return the verdicts of some rules where these are the facts."""
        context = self._scene.context
        scene = prepare(
            replace(self._scene.description, facts=facts),
            as_of=context.as_of,
            settings=context.settings,
            calendar=context.calendar,
            kinds=self._scene.kinds,
        )
        return {rule: decide(scene, *self._rules[rule]).verdict for rule in rules}

    def closing(self, questions: Sequence[Scoping], most: int) -> Iterator[Closing]:
        """Yield the questions whose no closes rules, those that close most first.

        What an earlier no has closed, a later one does not close again.
        """
        facts = self._scene.description.facts
        verdicts = self.verdicts(facts, self._rules)
        unknown = {rule for rule, verdict in verdicts.items() if verdict is Verdict.UNKNOWN}

        def closes(one: Scoping) -> tuple[str, ...]:
            rules = [rule for rule in self._by_fact.get(one.top, ()) if rule in unknown]
            # A list that has elements is not empty.
            if not rules or facts.get(one.path) is not None:
                return ()
            closed = self.verdicts(answered(facts, one), rules)
            return tuple(rule for rule in rules if closed[rule] is Verdict.NOT_APPLICABLE)

        for one in sorted(questions, key=lambda one: -len(closes(one))):
            rules = closes(one) if most else ()
            if not rules:
                return
            yield Closing(one, rules)
            facts, most = answered(facts, one), most - 1
            unknown.difference_update(rules)
