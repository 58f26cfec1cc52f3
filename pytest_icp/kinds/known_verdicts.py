"""Rules that were decided before on the same facts (相同的事实), of many descriptions.

Most rules have nothing to say of most descriptions, and read few facts of them. Such a rule is
decided once for the same facts, whoever they are of.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Any, TypeAlias

from msgspec import Struct, field

from pytest_icp.facts.evidence import Evidence
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.finding import NoteKind, Outcome, Verdict
from pytest_icp.law.jsontypes import Json
from pytest_icp.rules.policy import Obligation, Policy
from pytest_icp.rules.reads import facts_needed

_FILES = "/files"
_ALWAYS = ("licence.provisions", _FILES)
"""What every rule depends on: the words of the licence, and what is in the files beside it."""

_Known: TypeAlias = dict[tuple[bytes, ...], Verdict]
_Written: TypeAlias = "Callable[[_Columns], tuple[bytes, ...]]"


class KnownVerdicts(Struct, frozen=True):
    """The verdicts of rules that had nothing to say, by the facts that they read.

    All descriptions must be judged as of one day, with the same settings and working days.
    ``most`` are the verdicts that are kept for each rule.
    """

    most: int = 500
    rules: dict[str, tuple[_Written, _Known]] = field(default_factory=dict)

    def of(self, context: Context) -> Lookup:
        """Return the facts of a description, to ask and to tell what is known of them."""
        columns = _Columns(context.view.facts)
        columns[_FILES] = _files(context.evidence.values())
        return Lookup(self, columns)

    def of_rule(self, policy: Policy, obligation: Obligation) -> tuple[_Written, _Known]:
        """Return how the facts that a rule reads are written, and its verdicts."""
        known = self.rules.get(obligation.rule_id)
        if known is None:
            paths = dict.fromkeys((*facts_needed(policy, obligation), *_ALWAYS))
            known = self.rules[obligation.rule_id] = (itemgetter(*paths), {})
        return known


class _Columns(dict[str, bytes]):
    """The values at each path of a description, written out when first asked for."""

    def __init__(self, facts: Json) -> None:
        super().__init__()
        self._facts = facts

    def __missing__(self, path: str) -> bytes:
        # It distinguishes `true` and 1, 1 and 1.0; version 2 has no references in it.
        written = self[path] = marshal.dumps(_column(self._facts, path.split(".")), 2)
        return written


class Lookup(Struct):
    """The facts of one description, to look up what is known of the same ones."""

    known: KnownVerdicts
    columns: _Columns
    read: tuple[bytes, ...] = ()

    def verdict(self, policy: Policy, obligation: Obligation) -> Verdict | None:
        """Return the verdict of a rule that had nothing to say of the same facts."""
        written, known = self.known.of_rule(policy, obligation)
        self.read = written(self.columns)
        return known.get(self.read)

    def learn(self, policy: Policy, obligation: Obligation, outcome: Outcome) -> None:
        """Keep the verdict of the rule that was asked for last, if it has nothing to say."""
        _, known = self.known.of_rule(policy, obligation)
        if len(known) < self.known.most and says_nothing(outcome):
            known[self.read] = outcome.verdict


def says_nothing(outcome: Outcome) -> bool:
    """Whether an outcome is a verdict alone: without a finding, and nothing is due."""
    if outcome.findings or outcome.upcoming:
        return False
    if outcome.verdict is Verdict.VIOLATED or outcome.verdict is Verdict.UNKNOWN:
        return False
    return all(note.kind is not NoteKind.DUE_SOON for note in outcome.notes)


def _column(value: Any, names: Sequence[str]) -> Any:
    """Return the values at a path through lists, each in the place of its element.

    Null is not the same as nothing, and nothing not the same as an object without it.
    """
    for i, name in enumerate(names):
        if value.__class__ is list:
            return [_column(element, names[i:]) for element in value]
        if value.__class__ is not dict:
            return i, value
        value = value.get(name, ...)
    return value


def _files(evidence: Iterable[Evidence]) -> bytes:
    """Return what the files beside a description hold, as far as rules may see it."""
    return marshal.dumps([(one.path, one.sha256) for one in evidence if not one.unread], 2)
