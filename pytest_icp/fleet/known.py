"""Outcomes already reached on the same facts (相同的事实) of other descriptions.

Most rules have nothing to say of most descriptions, and read few facts of them. Such a rule is
decided once for the same facts, whoever they are of. What is said of facts that are the same
altogether, or not declared by either, is the same as well.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from msgspec import Struct, field

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

_Key: TypeAlias = tuple[str, tuple[bytes, ...]]
"""The id of a rule, and facts as they are written."""

_Tops: TypeAlias = dict[tuple[str, bytes], dict[str, bytes]]
"""The values at paths below a top-level fact, by the whole of it: others have the same."""

_MOST_TOPS, _LARGEST = 2000, 1 << 16
"""So many top-level facts are remembered, and of this many bytes at most."""


class Known(Struct, frozen=True):
    """The outcomes of rules by the facts that they read.

    All descriptions must be judged as of one day, with the same settings and working days. Of
    outcomes with nothing to say ``most`` are kept, of those with findings or due dates
    ``most_told``.
    """

    most: int = 100_000
    most_told: int = 20_000
    paths: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=dict)
    quiet: dict[_Key, Outcome] = field(default_factory=dict)
    told: dict[_Key, Outcome] = field(default_factory=dict)
    tops: _Tops = field(default_factory=dict)

    def of(self, context: Context, facts: JsonObject) -> Lookup:
        """Return the facts of a description as they are written, to look up what is known of them.

        ``context`` has those of the day.
        """
        if len(self.tops) > _MOST_TOPS:
            self.tops.clear()
        return Lookup(self, _Columns(self.tops, context, facts))

    def paths_of(
        self, policy: Policy, obligation: Obligation
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the paths of the facts that a rule reads, and of all that it may name."""
        known = self.paths.get(obligation.rule_id)
        if known is None:
            read = facts_needed(policy, obligation)
            plan = time_plan(SCHEMA)
            # Elements on the way to the facts are marked, if they are perhaps not there.
            marks = (f"{at}.{PERHAPS}" for fact in read for at, _ in plan.beginnings(fact))
            paths = dict.fromkeys((*read, *marks, *_ALWAYS))
            tops = dict.fromkeys(path.partition(".")[0] for path in paths)
            # Of the licence only what is read is shown.
            named = (top for top in tops if top not in {"licence", _FILES})
            known = self.paths[obligation.rule_id] = tuple(paths), (*paths, *named)
        return known


class _Columns(dict[str, bytes]):
    """The values at each path of a description, written out when first asked for.

    They are seen as of the day, without what another declaration excludes, and as they are: what
    is still to come is seen as not done, and is not the same as that.
    """

    def __init__(self, tops: _Tops, context: Context, facts: JsonObject) -> None:
        files = [(one.path, one.sha256) for one in context.evidence.values() if not one.unread]
        super().__init__({_FILES: marshal.dumps(files, 2)})
        self._tops, self._both = tops, (context.view.facts, facts)

    def __missing__(self, path: str) -> bytes:
        names = path.split(".")
        if names[1:] and len(self[names[0]]) < _LARGEST:
            # Others say the same of much; what is in it was written out then.
            same = self._tops.setdefault((names[0], self[names[0]]), {})
            written = self[path] = same[path] = same.get(path) or self._written(names)
        else:
            written = self[path] = self._written(names)
        return written

    def _written(self, names: Sequence[str]) -> bytes:
        seen, whole = (facts.get(names[0], ...) for facts in self._both)
        both = [_column(seen, names, 1)]
        if whole is not seen:
            both.append(_column(whole, names, 1))
        # It distinguishes `true` and 1, 1 and 1.0; version 2 has no references in it.
        return marshal.dumps(both, 2)


class Lookup(Struct, frozen=True):
    """The facts of one description, to look up what is known of the same ones."""

    known: Known
    columns: _Columns

    def outcome(
        self, policy: Policy, obligation: Obligation, decide: Callable[[], Outcome]
    ) -> Outcome:
        """Return the outcome of a rule on the same facts, else decide it.

        One with nothing to say has no place.
        """
        known, (read, named) = self.known, self.known.paths_of(policy, obligation)
        mine = self._key(obligation, read)
        outcome = known.quiet.get(mine)
        if outcome is not None:
            return outcome
        all_of_it = self._key(obligation, named)
        outcome = known.told.get(all_of_it)
        if outcome is not None:
            return outcome
        outcome = decide()
        if not says_nothing(outcome):
            if len(known.told) < known.most_told:
                known.told[all_of_it] = outcome
        elif len(known.quiet) < known.most:
            known.quiet[mine] = Outcome(verdict=outcome.verdict, reason=outcome.reason)
        return outcome

    def _key(self, obligation: Obligation, paths: Sequence[str]) -> _Key:
        return obligation.rule_id, tuple(map(self.columns.__getitem__, paths))


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
