"""Outcomes that were reached before on the same facts (相同的事实), of many descriptions.

Most rules have nothing to say of most descriptions, and read few facts of them. Such a rule is
decided once for the same facts, whoever they are of. What is said of facts that are the same
altogether, or not declared by either, is the same as well.
"""

from __future__ import annotations

import marshal
from collections.abc import Sequence
from typing import Any, TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from pytest_icp.facts.plans import time_plan
from pytest_icp.facts.written import SCHEMA
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.finding import NoteKind, Outcome, Verdict
from pytest_icp.law.condition import PERHAPS
from pytest_icp.law.jsontypes import JsonObject
from pytest_icp.rules.policy import Obligation, Policy, facts_needed

_FILES = "/files"
_ALWAYS = ("licence.provisions", "licence.provisions_edition", _FILES)
"""What every rule depends on: the words of the licence, and what is in the files beside it."""

_Written: TypeAlias = tuple[bytes, ...]
_Tops: TypeAlias = dict[tuple[str, bytes], dict[str, bytes]]
"""The values at paths below a top-level fact, by the whole of it: others have the same."""

_MOST_TOPS, _LARGEST = 2000, 1 << 16
"""So many top-level facts are remembered, and of this many bytes at most."""


class _OfRule(Struct, frozen=True):
    """The outcomes with nothing to say of a rule; the facts that it reads, and all it may name."""

    read: tuple[str, ...]
    named: tuple[str, ...]
    quiet: dict[_Written, Outcome] = field(default_factory=dict)


class KnownOutcomes(Struct, frozen=True):
    """The outcomes of rules by the facts that they read.

    All descriptions must be judged as of one day, with the same settings and working days.
    ``most`` are the outcomes with nothing to say that are kept for each rule, ``most_told`` those
    with findings or due dates for all.
    """

    most: int = 500
    most_told: int = 20_000
    rules: dict[str, _OfRule] = field(default_factory=dict)
    told: dict[tuple[str, _Written, _Written], Outcome] = field(default_factory=dict)
    tops: _Tops = field(default_factory=dict)

    def of(self, context: Context, facts: JsonObject) -> Lookup:
        """Return the facts of a description as they are written, to look up what is known of them.

        ``context`` has those of the day.
        """
        if len(self.tops) > _MOST_TOPS:
            self.tops.clear()
        return Lookup(self, _Columns(self.tops, context, facts))

    def of_rule(self, policy: Policy, obligation: Obligation) -> _OfRule:
        """Return what is known of a rule."""
        known = self.rules.get(obligation.rule_id)
        if known is None:
            read = facts_needed(policy, obligation)
            plan = time_plan(SCHEMA)
            # Elements on the way to the facts are marked, if they are perhaps not there.
            marks = (f"{at}.{PERHAPS}" for fact in read for at, _ in plan.beginnings(fact))
            paths = dict.fromkeys((*read, *marks, *_ALWAYS))
            tops = dict.fromkeys(path.partition(".")[0] for path in paths)
            # Of the licence only what is read is shown.
            named = tuple(top for top in tops if top not in {"licence", _FILES})
            known = _OfRule(tuple(paths), named)
            self.rules[obligation.rule_id] = known
        return known


class _Columns(dict[str, bytes]):
    """The values at each path of a description, written out when first asked for.

    They are seen as of the day, without what another declaration excludes, and as they are: what
    is still to come is seen as not done, and is not the same as that.
    """

    def __init__(self, known: _Tops, context: Context, facts: JsonObject) -> None:
        files = [(one.path, one.sha256) for one in context.evidence.values() if not one.unread]
        super().__init__({_FILES: marshal.dumps(files, 2)})
        self._known, self._both = known, (context.view.facts, facts)

    def __missing__(self, path: str) -> bytes:
        top, inner, _ = path.partition(".")
        if not inner:
            written = self[path] = self._written((path,))
            return written
        whole = self[top]
        same = self._known.setdefault((top, whole), {}) if len(whole) < _LARGEST else {}
        if path not in same:
            same[path] = self._written(path.split("."))
        self.update(same)
        return same[path]

    def _written(self, names: Sequence[str]) -> bytes:
        seen, whole = (facts.get(names[0], ...) for facts in self._both)
        both = [_column(seen, names, 1)]
        if whole is not seen:
            both.append(_column(whole, names, 1))
        # It distinguishes `true` and 1, 1 and 1.0; version 2 has no references in it.
        return marshal.dumps(both, 2)


class Lookup(Struct):
    """The facts of one description, to look up what is known of the same ones."""

    known: KnownOutcomes
    columns: _Columns
    read: _Written = ()

    def outcome(self, policy: Policy, obligation: Obligation) -> Outcome | None:
        """Return the outcome of a rule on the same facts; one with nothing to say has no place."""
        rule = self.known.of_rule(policy, obligation)
        self.read = _at(self.columns, rule.read)
        quiet = rule.quiet.get(self.read)
        if quiet is not None:
            return quiet
        named = _at(self.columns, rule.named)
        return self.known.told.get((obligation.rule_id, self.read, named))

    def learn(self, policy: Policy, obligation: Obligation, outcome: Outcome) -> None:
        """Keep the outcome of the rule that was asked for last."""
        rule = self.known.of_rule(policy, obligation)
        if says_nothing(outcome):
            if len(rule.quiet) < self.known.most:
                rule.quiet[self.read] = Outcome(verdict=outcome.verdict, reason=outcome.reason)
        elif len(self.known.told) < self.known.most_told:
            key = (obligation.rule_id, self.read, _at(self.columns, rule.named))
            # How its dates were computed is told of one description at a time.
            self.known.told[key] = replace(outcome, steps={})


def _at(written: dict[str, bytes], names: tuple[str, ...]) -> _Written:
    return tuple(map(written.__getitem__, names))


def says_nothing(outcome: Outcome) -> bool:
    """Whether an outcome is a verdict alone: without a finding, and nothing is due."""
    if outcome.findings or outcome.upcoming:
        return False
    if outcome.verdict is Verdict.VIOLATED or outcome.verdict is Verdict.UNKNOWN:
        return False
    return not any(note.kind is NoteKind.DUE_SOON for note in outcome.notes)


def _column(value: Any, names: Sequence[str], i: int) -> Any:
    """Return the values at a path through lists, each in the place of its element.

    ``i`` of its names lead to the value. Null is not the same as nothing, and nothing not the same
    as an object without it.
    """
    for k in range(i, len(names)):
        if value.__class__ is list:
            return [_column(element, names, k) for element in value]
        if value.__class__ is not dict:
            return k, value
        value = value.get(names[k], ...)
    return value
