"""Mutation testing of policies (变异测试): checks that cases notice each change of a policy."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.authoring.cases import Case, CaseRunner, Equivalent, mismatches
from pytest_icp.authoring.mutation.edits import (
    Amounts,
    Edit,
    applies_edits,
    obligation_edits,
)
from pytest_icp.authoring.mutation.report import Score, Survivor, survivor
from pytest_icp.facts.files.schema import validator
from pytest_icp.facts.files.source import Source
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, JsonObject, changed
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.rules.fields import Written, policy_schema_name
from pytest_icp.rules.policies import PolicySelection, WrittenPolicy
from pytest_icp.rules.policy import Obligation, Policy
from pytest_icp.rules.policy_files import NAME, PARTS, PolicyFile, merged, with_whole_parts
from pytest_icp.rules.specs import schema_parts

REMOVED = "remove"
"""The operator that removes a whole obligation, or a part of one."""

_FIRST = ("obligations", 0)


class Mutant(Struct, frozen=True):
    """A policy with one change (变异体); ``at`` is the obligation, None for all of them.

    ``rule`` is the obligation, or the part of it that is changed. The path of ``edit`` starts at
    the root of the file. ``policy`` is None where the obligation or part is removed.
    """

    rule: str
    at: int | None
    edit: Edit
    id: str
    policy: Policy | None


def mutants(written: WrittenPolicy, rules: frozenset[str] | None = None) -> Iterator[Mutant]:
    """Yield every mutant of a policy that can still be read, each once.

    ``rules`` are the ids of the rules to change; None changes all, and what they share.
    """
    valid = validator(policy_schema_name(schema_parts(written.kinds))).is_valid
    reader = _Reader(written, lambda one: valid(one) and _has_valid_parts(valid, one))
    for i, obligation in enumerate(written.policy.obligations):
        if rules is None or obligation.rule_id in rules:
            yield from reader.of_obligation(obligation, i)
    if rules is None and "applies" in written.data:
        edits = applies_edits(written.data, Amounts({}))
        for edit, policy in reader.read(written.data, edits):
            yield Mutant(written.policy.id, None, edit, edit.id, policy)


class _Reader(Struct, frozen=True):
    """Reads changed versions of a policy; ``allows`` decides whether its schema allows one."""

    written: WrittenPolicy
    allows: Callable[[Any], bool]

    def of_obligation(self, obligation: Obligation, i: int) -> Iterator[Mutant]:
        entries: Any = self.written.data["obligations"]
        removed = Edit(REMOVED, ("obligations",), [*entries[:i], *entries[i + 1 :]], dropped=i)
        yield Mutant(obligation.rule_id, i, removed, f"obligation: {REMOVED}", None)
        own = {name: value for name, value in entries[i].items() if name != PARTS}
        parts = {PARTS: entries[i][PARTS]} if PARTS in entries[i] else {}
        edits = (
            edit if edit.path else replace(edit, value={**_object(edit.value), **parts})
            for edit in self._edits(own, obligation)
        )
        yield from self._mutants(obligation.rule_id, i, (), edits)
        for j, part in enumerate(obligation.parts):
            yield from self._of_part(part, i, j)

    def _of_part(self, part: Obligation, i: int, j: int) -> Iterator[Mutant]:
        """Yield the mutants of what a part writes itself; what it inherits is that of the whole."""
        entries: Any = self.written.data["obligations"]
        parts = entries[i][PARTS]
        rest = [*parts[:j], *parts[j + 1 :]]
        removed = Edit(REMOVED, ("obligations", i, PARTS), rest, dropped=j)
        yield Mutant(part.own_id, i, removed, f"part: {REMOVED}", None)
        whole, own = merged(entries[i], parts[j]), parts[j]
        edits = (
            edit if edit.path else replace(edit, value=changed)
            for edit in self._edits(whole, part)
            for changed in [_own_of(edit, whole, own)]
            if changed is not None
        )
        yield from self._mutants(part.own_id, i, (PARTS, j), edits)

    def _edits(self, entry: JsonObject, obligation: Obligation) -> Iterator[Edit]:
        named = {one.id: one for one in obligation.relies_on}
        fields = Written(entry, schema_parts(self.written.kinds)).fields
        return obligation_edits(fields, Amounts(named))

    def _mutants(
        self, rule: str, i: int, below: tuple[str | int, ...], edits: Iterable[Edit]
    ) -> Iterator[Mutant]:
        """Yield the mutants of an obligation, or of what is below it, alone in its policy."""
        entries: Any = self.written.data["obligations"]
        alone, at = {**self.written.data, "obligations": [entries[i]]}, (*_FIRST, *below)
        for edit, policy in self.read(alone, (edit.under(*at) for edit in edits)):
            own = replace(edit, path=edit.path[len(at) :])
            yield Mutant(rule, i, own.under("obligations", i, *below), own.id, policy)

    def read(self, data: Mapping[str, Any], edits: Iterable[Edit]) -> Iterator[tuple[Edit, Policy]]:
        """Yield the edits whose result can be read as a policy, without duplicates."""
        seen = {_key(data)}
        for edit in edits:
            document = changed(data, {edit.path: edit.value})
            key = _key(document)
            if key in seen or not self.allows(document):
                continue
            seen.add(key)
            try:
                policy = self.written.changed(document)
            except InputError:
                # A mistake that reading refuses needs no case.
                continue
            yield edit, policy


def _has_valid_parts(valid: Callable[[Any], bool], document: Any) -> bool:
    """Whether each part of a policy is valid with all that it inherits."""
    parts = with_whole_parts(document)
    return not parts["obligations"] or valid(parts)


def _object(value: Json) -> JsonObject:
    return value if isinstance(value, Mapping) else {}


def _own_of(edit: Edit, whole: JsonObject, own: JsonObject) -> JsonObject | None:
    """Return what a part writes itself after an edit of it whole; None for one of other fields."""
    if edit.path:
        return own if edit.path[0] in own else None
    made = _object(edit.value)
    if not (whole.keys() - made.keys()) <= own.keys():
        return None
    kept = {name: value for name, value in made.items() if name in own or name not in whole}
    return {NAME: own[NAME], **kept}


def _key(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, sort_keys=True)


_SENSELESS = (ArithmeticError, LookupError, TypeError, ValueError)
"""Errors that checks raise for senseless values; they count as noticed."""


class Failing(Struct, frozen=True, kw_only=True):
    """A case that its policy does not pass even unchanged, and why.

    ``written_for`` is the reason that the case itself gives for its verdict.
    """

    name: str
    place: Place
    why: tuple[Text, ...]
    written_for: str


class MutationResult(Struct, frozen=True, kw_only=True):
    """The result of changing policies in every way.

    ``failing`` are cases that fail before anything is changed; ``stale`` are reasons given for
    changes that do not exist or that a case notices.
    """

    scores: tuple[Score, ...]
    survivors: tuple[Survivor, ...]
    failing: tuple[Failing, ...]
    stale: tuple[Equivalent, ...]

    @property
    def passed(self) -> bool:
        """Whether no change survives without a reason, and nothing else is wrong."""
        unexplained = any(not one.reason for one in self.survivors)
        return not (unexplained or self.failing or self.stale)


def run(
    selections: Sequence[PolicySelection],
    cases: Iterable[Case],
    reasons: Sequence[Equivalent],
    runner: CaseRunner,
    told: Callable[[int, int], None] = lambda _, __: None,
) -> MutationResult:
    """Change policies in every way, and run their cases on each change.

    It is ``told`` how many rules are done of how many.
    Raises `InputError` for a case that is not a valid description.
    """
    of_rule: dict[str, list[Case]] = {}
    for case in cases:
        of_rule.setdefault(case.rule, []).append(case)
    failing = [wrong for one in selections for wrong in _failing(one, of_rule, runner)]
    # A case that fails on the unchanged policy cannot notice a change.
    wrong_ids = {wrong.name for wrong in failing}
    of_rule = {rule: [c for c in every if c.id not in wrong_ids] for rule, every in of_rule.items()}
    known = {(reason.rule, reason.change): reason for reason in reasons}
    scores: list[Score] = []
    survivors: list[Survivor] = []
    used: set[tuple[str, str]] = set()
    tried: set[str] = set()
    every = sum(len(list(one.obligations())) for one in selections)
    done = 0
    for one in selections:
        tried |= _with_parts(one.obligations()).keys()
        tried |= {one.written.policy.id} if one.rules is None else set()
        counted = Counter[str]()
        for mutant in mutants(one.written, one.rules):
            counted["tried"] += 1
            if _noticed(mutant, one.written.policy, of_rule, runner):
                counted["killed"] += 1
                continue
            reason = known.get((mutant.rule, mutant.id))
            used |= {(mutant.rule, mutant.id)} if reason else set()
            counted["equivalent"] += bool(reason)
            why = reason.reason if reason else ""
            file = _read(one.written.file)
            survivors.append(survivor(mutant.rule, mutant.id, mutant.edit, *file, why))
        scores.append(Score(provision=one.written.policy.id, **counted))
        done += len(list(one.obligations()))
        told(done, every)
    stale = [r for key, r in known.items() if key not in used and r.rule in tried]
    return MutationResult(
        scores=tuple(scores),
        survivors=tuple(survivors),
        failing=tuple(failing),
        stale=tuple(stale),
    )


def _failing(
    selection: PolicySelection, cases: Mapping[str, Sequence[Case]], runner: CaseRunner
) -> Iterator[Failing]:
    for rule, obligation in _with_parts(selection.obligations()).items():
        for case in cases.get(rule, ()):
            result = runner.decide(case, selection.written.policy, obligation)
            if why := tuple(mismatches(case, result)):
                yield Failing(name=case.id, place=case.place, why=why, written_for=case.why)


def _noticed(
    mutant: Mutant, policy: Policy, cases: Mapping[str, list[Case]], runner: CaseRunner
) -> bool:
    """Whether a case of the changed rules fails on the mutant; it is moved to the front."""
    whole = _with_parts(policy.obligations)
    if mutant.policy is None:
        gone = (rule for rule in whole if f"{rule}#".startswith(f"{mutant.rule}#"))
        return any(cases.get(rule) for rule in gone)
    sure = (_as_sure(one, whole) for one in mutant.policy.obligations)
    changed = [*_with_parts(sure).items()]
    # Most often a case of the rule or part itself notices.
    changed.sort(key=lambda one: one[0] != mutant.rule)
    for rule, obligation in changed:
        own = cases.get(rule, [])
        for i, case in enumerate(own):
            if _fails(case, mutant.policy, obligation, runner):
                # The next change is like this one: the case that noticed it is tried first.
                own.insert(0, own.pop(i))
                return True
    return False


def _fails(case: Case, policy: Policy, obligation: Obligation, runner: CaseRunner) -> bool:
    try:
        return any(mismatches(case, runner.decide(case, policy, obligation)))
    except _SENSELESS:
        return True


def _with_parts(obligations: Iterable[Obligation]) -> dict[str, Obligation]:
    """Return obligations, and the parts of each, by the ids that cases name."""
    return {one.own_id: one for each in obligations for one in (each, *each.parts)}


def _as_sure(changed: Obligation, whole: Mapping[str, Obligation]) -> Obligation:
    """Return a changed obligation with numbers as sure: not that is the mistake, but the number."""
    parts = tuple(_as_sure(part, whole) for part in changed.parts)
    return replace(changed, relies_on=whole[changed.own_id].relies_on, parts=parts)


@cache
def _read(file: PolicyFile) -> tuple[Source, str]:
    return file.read(), file.content().decode("utf-8-sig")
