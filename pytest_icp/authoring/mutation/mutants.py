"""Makes the mutants of a policy: each has one change, and is compiled as policies are."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.authoring.mutation.edits import (
    Amounts,
    Edit,
    applies_edits,
    obligation_edits,
)
from pytest_icp.facts.files.schema import validator
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, JsonObject, changed
from pytest_icp.rules.fields import Written, policy_schema_name
from pytest_icp.rules.parts import NAME, PARTS, merged, with_whole_parts
from pytest_icp.rules.policies import WrittenPolicy
from pytest_icp.rules.policy import Obligation, Policy
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
    reader = _MutantReader(written, lambda one: valid(one) and _has_valid_parts(valid, one))
    for i, obligation in enumerate(written.policy.obligations):
        if rules is None or obligation.rule_id in rules:
            yield from reader.of_obligation(obligation, i)
    if rules is None and "applies" in written.data:
        edits = applies_edits(written.data, Amounts({}))
        for edit, policy in reader.read(written.data, edits):
            yield Mutant(written.policy.id, None, edit, edit.id, policy)


class _MutantReader(Struct, frozen=True):
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
