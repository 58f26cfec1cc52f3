from __future__ import annotations

import re
from pathlib import Path

import pytest

from pytest_icp.authoring.mutation import mutants
from pytest_icp.cli.main import main
from pytest_icp.facts.files.properties import resource
from pytest_icp.kinds.policies import written_policies
from tests.policies_of_ones_own import CASES, own_policies

COMMON = ("mutate", "--lang", "en")

PLANTED = {
    "a threshold by one": ("SP12/renewal", "ahead: number 90 -> 89"),
    "days for working days": ("SP09/report", "within: unit 10 working_days -> 10 days"),
    "after for before": ("SP12/stop", "obligation: turn ahead -> within"),
    "at most for at least": ("SP09/record-kept", "obligation: turn lasts -> at_most"),
    "a dropped condition": ("SP12/update", "where: drop kind"),
    "a dropped member": ("SP12/update", "where.kind.enum: drop capital"),
    "a negated condition": ("SP12/exit", "where.intention: negate"),
    "another fact of the same type": ("SP12/renewal", "act: fact applied_on -> decided_on"),
    "a month for thirty days": ("SP12/certificate", "within: unit 30 days -> 1 months"),
    "more than for at least": (
        "SP05/staff",
        "require.staff_count: strict minimum -> exclusiveMinimum",
    ),
    "a window that closes a day late": ("SP14/report", "yearly.to: number 03-31 -> 04-01"),
    "an obligation removed": ("SP12/exit", "obligation: remove"),
}
"""What people get wrong, with a rule of the product and the change that is this mistake."""


@pytest.fixture
def out(capsys: pytest.CaptureFixture[str]) -> pytest.CaptureFixture[str]:
    return capsys


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with policies of its own and cases, made the current one."""
    own_policies(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def ran(out: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = main([*COMMON, *arguments])
    said = out.readouterr()
    return code, said.out + said.err


def own(out: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    return ran(out, "--policies", "rules", "--cases", "cases", *arguments)


def test_every_planted_mistake_is_made() -> None:
    """``pytest-icp mutate`` notices each: the environment ``policies`` runs it on all rules."""
    rules = sorted({rule for rule, _ in PLANTED.values()})
    made = {
        (mutant.rule, mutant.id)
        for written in written_policies([resource("policies")])
        for mutant in mutants(written, frozenset(rules))
    }
    assert set(PLANTED.values()) <= made


def test_what_survives_is_shown_as_a_small_diff(
    folder: Path, out: pytest.CaptureFixture[str]
) -> None:
    code, said = own(out)
    assert code == 1
    assert (
        "rules/ACME.yaml:14:26: ACME/answered: no case notices this change\n"
        "  where.kind.enum: drop illegal_content\n"
        "  - where: {kind: {enum: [service, illegal_content]}}\n"
        "  + where: {kind: {enum: [service]}}\n"
    ) in said
    assert "number 10 -> 11" not in said
    assert re.search(r"^ACME +\d+ +\d+ +0 +\d+ +\d+%$", said, re.MULTILINE)
    assert "Write a case for each survivor" in said


def explained(folder: Path, *changes: str) -> None:
    entries = "".join(
        f'  - {{rule: ACME/answered, change: "{change}", reason: seen}}\n' for change in changes
    )
    (folder / "cases" / "equivalent.yaml").write_text(f"equivalent:\n{entries}", "utf-8")


def test_a_survivor_with_a_reason_is_well(folder: Path, out: pytest.CaptureFixture[str]) -> None:
    _, said = own(out)
    explained(folder, *re.findall(r"no case notices this change\n  (.*)", said))
    code, said = own(out)
    assert code == 0
    assert "100%" in said
    assert "no case notices" not in said


def test_a_reason_that_is_not_needed_is_reported(
    folder: Path, out: pytest.CaptureFixture[str]
) -> None:
    explained(folder, "within.days: number 10 -> 11")
    code, said = own(out)
    assert code == 1
    assert "equivalent.yaml:2:35: ACME/answered within.days: number 10 -> 11: this" in said


def test_a_case_that_fails_unchanged_is_reported(
    folder: Path, out: pytest.CaptureFixture[str]
) -> None:
    wrong = CASES.replace("verdict: violated", "verdict: satisfied")
    (folder / "cases" / "ACME.yaml").write_text(wrong, "utf-8")
    code, said = own(out)
    assert code == 1
    assert "cases/ACME.yaml:11:11: the case 'ACME/answered: answered on the eleventh day'" in said
    assert "the case says why" not in said
    wrong = f"{wrong}    why: ten days after 4 March\n"
    (folder / "cases" / "ACME.yaml").write_text(wrong, "utf-8")
    _, said = own(out)
    assert "(the case says why: ten days after 4 March)" in " ".join(said.split())


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("rule: ACME/anwsered", "7:11"),
        ("rule: [ACME/answered, ACME/anwsered]", "7:27"),
    ],
)
def test_cases_of_a_rule_that_there_is_not_are_refused(
    folder: Path, out: pytest.CaptureFixture[str], written: str, place: str
) -> None:
    path = folder / "cases" / "ACME.yaml"
    path.write_text(CASES.replace("rule: ACME/answered", written, 1), "utf-8")
    code, said = own(out)
    assert code == 4
    assert f"cases/ACME.yaml:{place}: there is no rule 'ACME/anwsered'\n" in said
    assert "= did you mean 'ACME/answered'?\n" in said


def test_policies_of_ones_own_need_cases(folder: Path, out: pytest.CaptureFixture[str]) -> None:
    code, said = ran(out, "--policies", "rules")
    assert code == 4
    assert "no folder of cases is given for ACME\n  = give one with --cases" in said
    code, said = ran(out, "--policies", "rules", "--cases", "nowhere")
    assert (code, "the folder of cases nowhere does not exist" in said) == (4, True)
    code, said = ran(out, "--policies", "rules", "--cases", "rules/..")
    assert (code, "there are no cases" in said) == (4, True)


def test_policies_that_cannot_be_read_are_one_error(
    folder: Path, out: pytest.CaptureFixture[str]
) -> None:
    (folder / "rules" / "ACME.yaml").write_text("id: ACME\n", "utf-8")
    code, said = own(out)
    assert code == 4
    assert "rules/ACME.yaml" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("name", "hint"),
    [("SP12/renewel", "did you mean 'SP12/renewal'?"), ("???", "name a policy (SP12), a rule")],
)
def test_a_name_of_nothing_is_refused(
    folder: Path, out: pytest.CaptureFixture[str], name: str, hint: str
) -> None:
    code, said = ran(out, name)
    assert code == 4
    assert f"no policy, rule or file is called '{name}'" in said
    assert hint in said
