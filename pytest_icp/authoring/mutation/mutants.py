"""Makes the mutants of a policy: each has one change, and is compiled as policies are."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.authoring.mutation.edits import Edit, apply_edit
from pytest_icp.authoring.mutation.fields import applies_edits, obligation_edits
from pytest_icp.authoring.mutation.numbers import Amounts
from pytest_icp.facts.files.schema import validator
from pytest_icp.law.errors import InputError
from pytest_icp.rules.fields import Written
from pytest_icp.rules.policies import WrittenPolicy
from pytest_icp.rules.policy import Policy
from pytest_icp.rules.schema import extended_schemas
from pytest_icp.rules.specs import schema_parts

REMOVED = "remove"
"""The operator that removes a whole obligation."""

_FIRST = ("obligations", 0)


class Mutant(Struct, frozen=True):
    """A policy with one change (变异体); ``at`` is the obligation, None for all of them.

    The path of ``edit`` starts at the root of the file. ``policy`` is None where the obligation
    is removed.
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
    with extended_schemas(schema_parts(written.kinds)) as schemas:
        reader = _MutantReader(written, validator("policy", folder=schemas).is_valid)
        for i, obligation in enumerate(written.policy.obligations):
            if rules is None or obligation.rule_id in rules:
                yield from reader.of_obligation(obligation.rule_id, i)
        if rules is None and "applies" in written.data:
            edits = applies_edits(written.data, Amounts({}))
            for edit, policy in reader.read(written.data, edits):
                yield Mutant(written.policy.id, None, edit, edit.id, policy)


class _MutantReader(Struct, frozen=True):
    """Reads changed versions of a policy; ``allows`` decides whether its schema allows one."""

    written: WrittenPolicy
    allows: Callable[[Any], bool]

    def of_obligation(self, rule: str, i: int) -> Iterator[Mutant]:
        entries: Any = self.written.data["obligations"]
        removed = Edit(REMOVED, ("obligations",), [*entries[:i], *entries[i + 1 :]], dropped=i)
        yield Mutant(rule, i, removed, f"obligation: {REMOVED}", None)
        alone = {**self.written.data, "obligations": [entries[i]]}
        whole = Written(entries[i], schema_parts(self.written.kinds)).fields
        named = {one.id: one for one in self.written.policy.obligations[i].relies_on}
        edits = (edit.under(*_FIRST) for edit in obligation_edits(whole, Amounts(named)))
        for edit, policy in self.read(alone, edits):
            own = replace(edit, path=edit.path[len(_FIRST) :])
            yield Mutant(rule, i, own.under("obligations", i), own.id, policy)

    def read(self, data: Mapping[str, Any], edits: Iterable[Edit]) -> Iterator[tuple[Edit, Policy]]:
        """Yield the edits whose result can be read as a policy, without duplicates."""
        seen = {_key(data)}
        for edit in edits:
            document: Any = apply_edit(data, edit)
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


def _key(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, sort_keys=True)
