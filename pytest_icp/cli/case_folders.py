"""The cases of the chosen policies: those of the package, and those in folders that users name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from pytest_icp.authoring.cases import CaseFile, Equivalent, read_cases, read_equivalents
from pytest_icp.facts.files.resources import resource
from pytest_icp.rules.lookup import PolicySelection, shipped
from pytest_icp.rules.rule_ids import levels, no_such_rule


class Cases(Struct, frozen=True):
    """Files of cases, and the changes of policies that none of them can notice."""

    files: tuple[CaseFile, ...]
    equivalents: tuple[Equivalent, ...]


def cases_of(policies: Sequence[PolicySelection], folders: Sequence[Path]) -> Cases:
    """Read the cases in some folders, and those that come with policies of the package.

    Raises `InputError` for cases that cannot be used, and for a rule that does not exist: its
    cases would notice nothing.
    """
    if any(shipped(one.written) for one in policies):
        folders = [resource("cases"), *folders]
    files = tuple(file for folder in folders for file in read_cases(folder))
    equivalents = tuple(one for folder in folders for one in read_equivalents(folder))
    found = Cases(files, equivalents)
    _must_be_rules(policies, found)
    return found


def _must_be_rules(policies: Sequence[PolicySelection], cases: Cases) -> None:
    """Raise `InputError` for a rule that does not exist.

    Only the chosen policies are known here; cases of others are ignored.
    """
    known = levels(one.written.policy for one in policies)
    ids = {one.written.policy.id for one in policies}
    files = [file for file in cases.files if file.provision in ids]
    named = [(case.rule, case.rule_at) for file in files for case in file.cases]
    named += [(one.rule, one.place) for file in files for one in file.always]
    named += [
        (one.rule, one.place) for one in cases.equivalents if one.rule.partition("/")[0] in ids
    ]
    for rule, place in named:
        # What a provision applies to is changed as well.
        if rule not in known and rule not in ids:
            raise no_such_rule(rule, known, place)
