"""Lints policies: finds mistakes that need no description."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from pytest_icp.authoring.lint.conditions import idle_conditions, implied
from pytest_icp.authoring.lint.law import not_in_force, unused_numbers, without_law
from pytest_icp.authoring.lint.remarks import Remark, WrittenObligation, written_obligations
from pytest_icp.authoring.lint.wording import (
    long_fixes,
    uncited,
    unquoted_lengths,
    untranslated,
    unused_lengths,
)
from pytest_icp.rules.lookup import PolicySelection
from pytest_icp.rules.policies import WrittenPolicy
from pytest_icp.rules.undecidable import unknown_facts


def remarks(
    selections: Sequence[PolicySelection], every: Sequence[WrittenPolicy], day: date
) -> tuple[Remark, ...]:
    """Return the remarks on selected policies, out of every one, in the order of their files."""
    found = [*_all(selections, every, day)]
    found.sort(key=lambda one: (one.place.path, one.place.line or 0, one.place.column or 0))
    return tuple(dict.fromkeys(found))


def _all(
    selections: Sequence[PolicySelection], policies: Sequence[WrittenPolicy], day: date
) -> Iterator[Remark]:
    selected = [entry for policy in selections for entry in written_obligations(policy)]
    for entry in selected:
        yield from _of_entry(entry, day)
    rules = {entry.obligation.rule_id for entry in selected}
    every = [
        entry
        for policy in policies
        for entry in written_obligations(PolicySelection(written=policy))
    ]
    yield from implied(every, rules)
    yield from unquoted_lengths(every, rules)
    for policy in selections:
        yield from untranslated(policy.written)
    whole = {one.written.file.folder for one in selections if one.rules is None}
    yield from unused_numbers(sorted(whole), policies)


def _of_entry(entry: WrittenObligation, day: date) -> Iterator[Remark]:
    wrong = [*unknown_facts(entry.fields)]
    yield from (entry.remark(one.code, one.path, one.message, one.hint) for one in wrong)
    if not wrong:
        # Conditions on facts that do not exist would only be reported twice.
        yield from idle_conditions(entry)
    yield from uncited(entry)
    yield from long_fixes(entry)
    yield from not_in_force(entry, day)
    yield from unused_lengths(entry)
    yield from without_law(entry)
