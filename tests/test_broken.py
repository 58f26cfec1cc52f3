"""Every duty fires alone: the sound description, each fault in it, and the broken one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import breaking
import pytest

import pytest_icp
from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.policies import default_policies
from pytest_icp.kinds.result import Result

DAY = "2026-11-24"
FAULTS = breaking.faults()
OBLIGATIONS = {o.rule_id: o for policy in default_policies() for o in policy.obligations}


@pytest.fixture(scope="module")
def variants(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("broken") / "variants"
    breaking.write_variants(folder)
    return folder


def decided(path: Path) -> Sequence[Result]:
    return pytest_icp.evaluate(pytest_icp.load(path), as_of=DAY)


def of_verdict(results: Sequence[Result], verdict: Verdict) -> set[str]:
    return {result.rule_id for result in results if result.verdict is verdict}


def test_nothing_is_wrong_with_the_sound_description() -> None:
    results = decided(breaking.SOUND)
    assert not of_verdict(results, Verdict.VIOLATED) | of_verdict(results, Verdict.UNKNOWN)


def test_every_duty_has_a_fault() -> None:
    """A rule on the law of the past cannot be broken today."""
    past = {
        rule
        for rule, one in OBLIGATIONS.items()
        if one.cites and all(citation.succeeded_by for citation in one.cites)
    }
    assert {fault.rule for fault in FAULTS} | past == set(OBLIGATIONS)
    assert past == {"SP07/export-before-2024", "SP07/export-assessed-2022"}


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.rule for fault in FAULTS])
def test_a_fault_breaks_its_rule_and_no_other(fault: breaking.Fault, variants: Path) -> None:
    results = decided(variants / breaking.file_name(fault))
    violated = of_verdict(results, Verdict.VIOLATED)
    assert fault.rule in violated
    mandatory = {rule for rule in violated if OBLIGATIONS[rule].level == "mandatory"}
    assert mandatory | {fault.rule} == fault.expected
    assert not of_verdict(results, Verdict.UNKNOWN)


def test_the_list_beside_the_variants_names_what_each_breaks(variants: Path) -> None:
    expected = json.loads((variants / "expected.json").read_text(encoding="utf-8"))
    assert len(expected) == len(FAULTS)
    assert expected["SP12-renewal.icp.json"] == ["SP12/renewal"]
    assert {path.name for path in variants.glob("*.icp.json")} == set(expected)


def test_the_broken_description_is_made_from_the_faults() -> None:
    written = breaking.BROKEN.read_text(encoding="utf-8")
    assert written == breaking.broken_page(), "run python examples/broken/breaking.py broken"


def test_every_provision_is_violated_in_the_broken_description() -> None:
    violated = of_verdict(decided(breaking.BROKEN), Verdict.VIOLATED)
    assert {rule.partition("/")[0] for rule in violated} == {p.id for p in default_policies()}
    shown = {fault.rule for fault in FAULTS if fault.shown}
    assert shown <= violated
