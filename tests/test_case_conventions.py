"""The case files are whole: every duty has the cases that make its answer believable.

The rules are those of `tests/cases/README.md`; a new obligation fails here until it has cases.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from pytest_icp.facts.files.schema import validator
from pytest_icp.kinds.finding import NoteKind, Verdict
from pytest_icp.kinds.policies import default_policies
from pytest_icp.rules.policy import decided
from tests.helpers import (
    CASES,
    FIRST_BAD,
    LAST_GOOD,
    Case,
    CaseFile,
    all_cases,
    case_files,
    for_each,
    written_keys,
)

if TYPE_CHECKING:
    from pytest_icp.rules.policy import Obligation

OBLIGATIONS: dict[str, Obligation] = {
    obligation.own_id: obligation
    for policy in default_policies()
    for _, obligation in decided(policy.obligations)
}
"""What is decided by itself: rules without parts, and the parts of the others."""

WHOLE = {rule.rule_id for policy in default_policies() for rule in policy.obligations}
POLICIES = [policy.id for policy in default_policies()]

DATED_KINDS = {
    "dated",
    "evidence",
    "law",
    "licensed",
}
"""The kinds whose answer flips on a day, or on a length of time."""

UNDATED = {"incident.grade"}
"""What is decided by a function, and by no day."""


def _is_dated(obligation: Obligation) -> bool:
    check = obligation.written.fields.get("check")
    return obligation.kind in DATED_KINDS and (not check or check.value not in UNDATED)


DATED = [rule for rule, obligation in OBLIGATIONS.items() if _is_dated(obligation)]

NEEDED = (Verdict.SATISFIED, Verdict.VIOLATED, Verdict.UNKNOWN)

SIDES = (LAST_GOOD, FIRST_BAD)

ALWAYS = {one.rule for file in case_files() for one in file.always}
"""The duties that bind everybody."""

every_rule = for_each("rule", OBLIGATIONS)
every_file = pytest.mark.parametrize("file", case_files(), ids=lambda file: file.path.stem)


def verdicts_of(rule: str) -> Counter[str]:
    return Counter(said_by(case) for case in all_cases() if case.rule == rule)


def said_by(case: Case) -> str:
    """Return what a case says of the requirement: at level review, what breaks it is unknown."""
    return Verdict.VIOLATED if case.review else case.verdict


@pytest.mark.parametrize("provision", POLICIES)
def test_every_policy_has_a_case_file(provision: str) -> None:
    assert (CASES / f"{provision}.yaml").is_file()


@every_rule
@pytest.mark.parametrize("verdict", NEEDED)
def test_every_duty_has_a_case_of_every_verdict(rule: str, verdict: Verdict) -> None:
    assert verdicts_of(rule)[verdict], f"{rule} has no case that is {verdict}"


@every_rule
def test_every_duty_is_somewhere_not_applicable_or_says_why_never(rule: str) -> None:
    never, cases = rule in ALWAYS, verdicts_of(rule)[Verdict.NOT_APPLICABLE]
    assert bool(cases) != never, f"{rule}: a case that does not apply, or a reason in `always`"


@for_each("rule", DATED)
@pytest.mark.parametrize("side", SIDES)
def test_every_dated_duty_has_both_sides_of_its_boundary(rule: str, side: str) -> None:
    found = [case for case in all_cases() if case.rule == rule and case.boundary == side]
    assert found, f"{rule} has no {side} case"


def test_the_dated_kinds_are_kinds_that_are_used() -> None:
    assert {obligation.kind for obligation in OBLIGATIONS.values()} >= DATED_KINDS


def test_reasons_are_given_only_for_duties_that_exist() -> None:
    assert set(OBLIGATIONS) >= ALWAYS


def test_ids_are_unique() -> None:
    counted = Counter(case.id for case in all_cases())
    assert not {name for name, times in counted.items() if times > 1}


@every_file
def test_a_file_is_named_after_its_provision(file: CaseFile) -> None:
    assert file.path.stem == file.provision
    assert file.provision in POLICIES


@every_file
def test_cases_are_of_rules_that_exist_in_their_file(file: CaseFile) -> None:
    own = {rule for rule in (*OBLIGATIONS, *WHOLE) if rule.startswith(f"{file.provision}/")}
    assert not [case.id for case in file.cases if case.rule not in own]


def test_cases_use_the_known_words() -> None:
    known = set(NoteKind)
    assert {case.verdict for case in all_cases()} == set(Verdict)
    assert {case.boundary for case in all_cases()} == {"", *SIDES}
    assert not [case.id for case in all_cases() if {*case.notes, *case.without} - known]


def test_a_name_is_the_situation_in_words() -> None:
    wrong = [case.id for case in all_cases() if case.name.strip() != case.name or "." in case.name]
    assert not wrong


@every_file
def test_cases_declare_only_what_a_description_may(file: CaseFile) -> None:
    assert not [
        f"{case.id}: {error.message}"
        for case in file.cases
        for error in validator("description").iter_errors(case.description)
    ]


def test_cases_create_only_files_that_their_facts_name() -> None:
    assert not [case.id for case in all_cases() if set(case.files) - set(_texts(case.description))]


@every_file
def test_no_fragment_is_left_unused(file: CaseFile) -> None:
    """An anchor that nothing refers to is a situation that somebody forgot to ask for."""
    anchors, aliases = written_keys(file.path.read_text(encoding="utf-8"))
    assert not sorted(anchors - aliases)


def _texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for part in value.values() for text in _texts(part)]
    if isinstance(value, list):
        return [text for part in value for text in _texts(part)]
    return [value] if isinstance(value, str) else []
