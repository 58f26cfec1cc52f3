"""Every duty fires alone: the sound descriptions, each fault in one, and the broken one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache, partial
from itertools import product
from pathlib import Path
from typing import Any

import breaking
import pytest
from msgspec.structs import replace

import pytest_icp
from pytest_icp.engine import Scene, binding, decide, outcome_of, prepare
from pytest_icp.facts.evidence import Evidence
from pytest_icp.fleet.known import Known, Lookup, says_nothing
from pytest_icp.kinds.finding import Outcome, Verdict
from pytest_icp.kinds.policies import default_policies
from pytest_icp.kinds.result import Result
from pytest_icp.law.errors import InputError
from pytest_icp.law.times import as_of_instant
from pytest_icp.rules.policy import Obligation, Policy, part_id
from pytest_icp.rules.selection import Selection
from tests.chinese import bare_words, sentences
from tests.helpers import all_cases

DAY = "2026-11-24"
FAULTS = breaking.faults()
RULES = [(policy, one) for policy in default_policies() for one in policy.obligations]
DUTIES = {one.own_id: one for _, rule in RULES for one in rule.each_part}


@pytest.fixture(scope="module")
def variants(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("broken") / "variants"
    breaking.write_variants(folder)
    return folder


def asked(known: Known, scene: Scene) -> Iterator[tuple[Lookup, Policy, Obligation]]:
    """Yield the facts of a description, with each rule whose outcome may be known of them."""
    lookup = known.of(scene.context, scene.description.facts)
    for policy in binding(default_policies(), scene.description):
        yield from ((lookup, policy, obligation) for obligation in policy.obligations)


def known_before(facts: Lookup, policy: Policy, rule: Obligation) -> Outcome | None:
    """Return what is known of a rule on the facts of a description; None where it has to decide."""
    with suppress(LookupError):
        return facts.outcome(policy, rule, lambda: {}["not decided"])
    return None


def scene_at(path: Path) -> Scene:
    return prepare(pytest_icp.load(path), as_of=as_of_instant(DAY))


def learnt(of: Path, variants: Path) -> Known:
    """Return what is known once a sound description was judged."""
    path = variants / breaking.folder_of(of) / "sound.json"
    path.write_text(json.dumps(breaking.sound(of)), "utf-8")
    known = Known()
    scene = scene_at(path)
    for lookup, policy, obligation in asked(known, scene):
        lookup.outcome(policy, obligation, partial(outcome_of, scene, policy, obligation))
    return known


@pytest.fixture(scope="module")
def known_of(variants: Path) -> Mapping[Path, Known]:
    return {of: learnt(of, variants) for of in breaking.SOUND_ONES}


@pytest.fixture(scope="module")
def known(known_of: Mapping[Path, Known]) -> Known:
    return known_of[breaking.SOUND]


def decided(path: Path, of: Path = breaking.SOUND) -> Sequence[Result]:
    """Decide the rules that are selected of a sound description, and all of the first one."""
    results = pytest_icp.evaluate(pytest_icp.load(path), as_of=DAY)
    if of == breaking.SOUND:
        return results
    return [one for one in results if one.rule_id in selected(of)]


@cache
def selected(of: Path) -> frozenset[str]:
    description = pytest_icp.load(of)
    return Selection(binding(default_policies(), description), description).rules


def of_verdict(results: Sequence[Result], verdict: Verdict) -> set[str]:
    return {result.rule_id for result in results if result.verdict is verdict}


def broken(results: Sequence[Result]) -> set[str]:
    """Return the rules, and the parts of rules, that are broken."""
    return {
        part_id(result.rule_id, finding.part)
        for result in results
        for finding in result.findings
        if finding.verdict is Verdict.VIOLATED or finding.review
    }


@pytest.mark.parametrize("of", breaking.SOUND_ONES, ids=lambda of: of.parent.name)
def test_nothing_is_wrong_with_a_sound_description(of: Path) -> None:
    results = decided(of, of)
    assert not of_verdict(results, Verdict.VIOLATED) | of_verdict(results, Verdict.UNKNOWN)
    assert not bare_words(said for result in results for said in sentences(result))


TO_COME = {"SP07/audit#two-years"}
"""Nobody can have broken these by the day asked about: their first two years end in 2027."""


def differing(kept: object, broke: object, *at: str) -> Iterator[tuple[str, Any]]:
    """Yield the pointer of each fact that differs, with what it becomes; None where it goes."""
    if isinstance(kept, dict) and isinstance(broke, dict):
        for name in {**kept, **broke}:
            yield from differing(kept.get(name), broke.get(name), *at, name)
    elif isinstance(kept, list) and isinstance(broke, list) and len(kept) == len(broke):
        for i, both in enumerate(zip(kept, broke, strict=True)):
            yield from differing(*both, *at, str(i))
    elif kept != broke:
        yield "/".join(("", *at)), broke


def fact(value: Any, pointer: str) -> Any:
    """Return a fact; KeyError, IndexError or TypeError where it is not there."""
    for step in pointer.split("/")[1:]:
        value = value[int(step) if isinstance(value, list) else step]
    return value


def faults_of_cases(rule: str, of: Path = breaking.SOUND) -> Iterator[breaking.Fault]:
    """Yield each fact in which alone a case that breaks a rule differs from one that keeps it."""
    facts = breaking.sound(of)
    mine = [case for case in all_cases() if case.rule == rule]
    kept = [case.description for case in mine if case.verdict == Verdict.SATISFIED]
    broke = [case.description for case in mine if case.review or case.verdict == Verdict.VIOLATED]
    for both in product(kept, broke):
        changes = dict(differing(*both))
        if len(changes) == 1:
            with suppress(KeyError, IndexError, TypeError):
                fact(facts, *changes)
                yield breaking.Fault(rule, changes, {}, (), shown=False, of=of)


def alone(fault: breaking.Fault, variants: Path) -> bool:
    """Whether a fault of a sound description breaks its rule, and no other but advice."""
    path = variants / breaking.folder_of(fault.of) / "of-cases.json"
    path.write_text(json.dumps(breaking.broken(breaking.sound(fault.of), fault)), "utf-8")
    with suppress(InputError):
        found = broken(decided(path, fault.of))
        others = {one for one in found if DUTIES[one].level != "advisory"} - {fault.rule}
        return fault.rule in found and not others
    return False


def test_the_cases_of_a_duty_have_a_fault(variants: Path) -> None:
    (fault, *_) = faults_of_cases("SP05/staff")
    assert fault.changes == {"/customer_service/staff_count": 0}
    assert alone(fault, variants)


def test_every_duty_has_a_fault(variants: Path) -> None:
    """Where none is written, its cases have one.

    A rule on the law of the past cannot be broken today, nor one whose first time is to come.
    """
    past = {
        duty
        for duty, one in DUTIES.items()
        if one.cites and all(citation.succeeded_by for citation in one.cites)
    }
    written = {fault.rule for fault in FAULTS}
    assert written <= set(DUTIES)
    for duty in {*DUTIES} - written - past - TO_COME:
        whole, _, _ = duty.partition("#")
        found = (
            fault
            for of in breaking.SOUND_ONES
            if of == breaking.SOUND or whole in selected(of)
            for fault in faults_of_cases(duty, of)
        )
        assert any(alone(one, variants) for one in found), f"{duty}: write one"
    assert past == {"SP07/export-route#before-2024-03-22", "SP07/export-assessed#from-2022"}


def decided_anew(scene: Scene, known: Known, of: Path) -> Sequence[Result]:
    """Decide the rules of which nothing is known of the sound description.

    The others are as in that one, where nothing is wrong; `tests.frozen` decides all of them.
    """
    return [
        decide(scene, policy, rule)
        for facts, policy, rule in asked(known, scene)
        if of == breaking.SOUND or rule.rule_id in selected(of)
        if known_before(facts, policy, rule) is None
    ]


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.rule for fault in FAULTS])
def test_a_fault_breaks_its_rule_and_no_other(
    fault: breaking.Fault, variants: Path, known_of: Mapping[Path, Known]
) -> None:
    scene = scene_at(variants / breaking.file_name(fault))
    results = decided_anew(scene, known_of[fault.of], fault.of)
    found = broken(results)
    assert not bare_words(said for result in results for said in sentences(result))
    assert fault.rule in found
    assert {one for one in found if DUTIES[one].level != "advisory"} | {
        fault.rule
    } == fault.expected
    asked = {result.rule_id for result in results if result.to_review}
    assert of_verdict(results, Verdict.UNKNOWN) == asked


@pytest.mark.parametrize("fault", FAULTS[::4], ids=[fault.rule for fault in FAULTS[::4]])
def test_what_is_known_of_the_sound_one_is_not_taken_for_a_fault(
    fault: breaking.Fault, variants: Path, known_of: Mapping[Path, Known]
) -> None:
    scene = scene_at(variants / breaking.file_name(fault))
    for facts, policy, rule in asked(known_of[fault.of], scene):
        outcome = known_before(facts, policy, rule)
        if outcome is None:
            continue
        assert not {one.own_id for one in rule.each_part} & fault.expected
        if not says_nothing(outcome):
            assert outcome == outcome_of(scene, policy, rule)


def test_each_rule_is_known_of_one_that_is_the_same(variants: Path, known: Known) -> None:
    """Of other files beside it nothing is known."""
    scene = scene_at(variants / "sound.json")
    for facts, policy, rule in asked(known, scene):
        found, outcome = known_before(facts, policy, rule), outcome_of(scene, policy, rule)
        assert found
        assert says_nothing(found) == says_nothing(outcome)
        assert found.verdict is outcome.verdict
        assert says_nothing(found) or found == outcome
    evidence = {"page": Evidence(path="page", sha256="00")}
    lookup = known.of(replace(scene.context, evidence=evidence), scene.description.facts)
    assert not any(known_before(lookup, *rule) for rule in RULES)


def test_a_missing_object_is_not_an_empty_one(variants: Path) -> None:
    policy, obligation = next(rule for rule in RULES if rule[1].rule_id == "SP12/opened")
    known, facts = Known(), breaking.sound()
    for renewal in ({}, None):
        path = variants / "renewal.json"
        path.write_text(json.dumps({**facts, "renewal": renewal}), "utf-8")
        scene = scene_at(path)
        lookup = known.of(scene.context, scene.description.facts)
        assert known_before(lookup, policy, obligation) is None
        lookup.outcome(policy, obligation, partial(outcome_of, scene, policy, obligation))


def test_the_list_beside_the_variants_names_what_each_breaks(variants: Path) -> None:
    expected = json.loads((variants / "expected.json").read_text(encoding="utf-8"))
    assert len(expected) == len(FAULTS)
    assert expected["SP12-renewal.icp.json"] == ["SP12/renewal"]
    written = {path.relative_to(variants).as_posix() for path in variants.rglob("*.icp.json")}
    assert written == set(expected)


def test_the_broken_description_is_made_from_the_faults() -> None:
    written = breaking.BROKEN.read_text(encoding="utf-8")
    assert written == breaking.broken_page(), "run python examples/broken/breaking.py broken"


def test_every_provision_is_violated_in_the_broken_description() -> None:
    violated = of_verdict(decided(breaking.BROKEN), Verdict.VIOLATED)
    bound = binding(default_policies(), pytest_icp.load(breaking.BROKEN))
    assert {rule.partition("/")[0] for rule in violated} == {policy.id for policy in bound}
    shown = {fault.rule for fault in FAULTS if fault.shown and fault.of == breaking.SOUND}
    assert shown <= broken(decided(breaking.BROKEN))
