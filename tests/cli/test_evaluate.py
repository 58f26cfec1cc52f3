from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pytest_icp.facts.files.schema import validator
from pytest_icp.kinds.policies import default_policies
from tests.cli.conftest import Command
from tests.repositories import commit

FEW = ("--select", "SP12,SP14,LIC/valid")
"""Few rules are enough to see the rest."""
WITH_ALL = ("evaluate", "prod.icp.yaml")
HERE = (*WITH_ALL, *FEW)
COMPLETE = (*WITH_ALL, "--select", "SP12")


def test_what_is_wrong_is_told_as_by_pytest(command: Command) -> None:
    told = command(*WITH_ALL)
    assert (told.code, told.err) == (1, "")
    assert "SP12/renewal violated" in told.out
    assert "prod.icp.yaml:5:15:   applied_on:" in told.out
    assert "\n3 violated, " in told.out
    assert told.out.count("“Annual reports” is not declared, so this cannot be decided") == 1
    rules = "EVID/papers, SP14/publication, SP14/report, SP14/sections"
    assert f"\nrules: {rules}\n" in told.out


def test_what_a_change_does_comes_before_what_was_there(command: Command, folder: Path) -> None:
    path = folder / "prod.icp.yaml"
    text = path.read_text("utf-8")
    path.write_text(
        text.replace("applied_on: never", "applied_on: 2025-09-01\n  decision: pending"), "utf-8"
    )
    commit(folder)
    path.write_text(text, "utf-8")
    lines = command(*COMPLETE, "--since", "HEAD").out.splitlines()
    assert lines.pop(0).startswith("LICENCE ENDS in 34 days, on 2026-01-04; renewal was due by")
    assert "What this change does (since HEAD of" in lines[0]
    assert lines[1].startswith("  prod.icp.yaml:5:15 SP12/renewal: satisfied → violated")
    # What authorities pursue most comes first.
    assert [one for one in lines if one.endswith(" violated") and one.startswith("SP12/")] == [
        "SP12/renewal violated",
        "SP12/certificate violated",
        "SP12/update violated",
    ]
    assert (lines[2], lines[3]) == ("", "SP12/renewal violated")
    assert sum("What this change does" in line for line in lines) == 1


def test_what_complies_is_exit_code_zero(command: Command, folder: Path) -> None:
    (folder / "prod.icp.yaml").write_text(
        "apiVersion: pytest-icp/v1\nlicence_file: licence.yaml\n"
        "renewal: {intention: renew, applied_on: 2025-06-01, decision: pending}\n"
        "corporate_events: []\n"
    )
    told = command(*COMPLETE)
    assert (told.code, "violated" in told.out.partition("special")[0]) == (0, False)


def test_unknowns_fail_unless_they_only_warn(command: Command) -> None:
    unknown = (*WITH_ALL, "--select", "SP14/sections")
    told = command(*unknown)
    assert told.code == 1
    reason = "undecided rules fail the run (--unknown=warn only shows them)"
    assert told.out.splitlines()[-1].endswith(reason)
    told = command(*unknown, "--unknown", "warn")
    assert (told.code, "SP14/sections unknown" in told.out) == (0, True)
    assert "counts as failure" not in told.out


def test_rules_are_chosen_as_by_pytest(command: Command) -> None:
    text = command(*WITH_ALL, "--select", "SP12,LIC/valid", "--ignore", "SP12/renewal").out
    assert "SP12/renewal violated" not in text
    assert "SP12/update violated" in text
    assert re.search(r"\n[0-9]+ not selected by icp_select and icp_ignore", text)
    wrong = command(*WITH_ALL, "--select", "SP12/renewl")
    assert (wrong.code, wrong.out) == (4, "")
    assert "did you mean 'SP12/renewal'?" in wrong.err


def test_a_report_goes_to_standard_output_alone(command: Command) -> None:
    told = command(*HERE, "--report", "sarif")
    (run,) = json.loads(told.out)["runs"]
    assert "SP12/renewal" in {one["ruleId"] for one in run["results"]}
    assert command(*HERE, "--report", "sarif=-") == told


def test_reports_of_the_ini_file_are_written_unless_others_are_named(
    command: Command, folder: Path
) -> None:
    (folder / "pytest.ini").write_text("[pytest]\nicp_report = jsonl=all.jsonl\n", "utf-8")
    assert json.loads(command(*HERE, "--report", "sarif").out)
    assert not (folder / "all.jsonl").exists()
    command("waivers", "prod.icp.yaml")
    assert not (folder / "all.jsonl").exists()
    command(*HERE)
    assert (folder / "all.jsonl").exists()


def test_a_description_that_cannot_be_read_is_told_and_the_others_judged(
    command: Command, folder: Path
) -> None:
    (folder / "bad.icp.yaml").write_text("apiVersion: pytest-icp/v1\nlicense: 1\n", "utf-8")
    told = command("evaluate", "bad.icp.yaml", ".", *FEW)
    assert told.code == 1
    assert told.out.splitlines()[1].startswith("bad.icp.yaml:2:1: ")
    assert "  = did you mean 'licence'?\n" in told.out
    assert "SP12/renewal violated" in told.out


def test_a_description_may_have_any_name_and_stand_in_any_folder(
    command: Command, folder: Path
) -> None:
    text = (folder / "prod.icp.yaml").read_text("utf-8").replace("licence.yaml", "../licence.yaml")
    (folder / ".git").mkdir()
    (folder / "[slug]").mkdir()
    for name in ("facts.yml", "two.icp.yaml"):
        (folder / "[slug]" / name).write_text(text, "utf-8")
    assert "\n[slug]/facts.yml:5:15: " in command("evaluate", "[slug]/facts.yml", *FEW).out
    assert "\n[slug]/two.icp.yaml:5:15: " in command("evaluate", "[slug]", *FEW).out


def test_descriptions_outside_of_here_are_judged(
    command: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "elsewhere").mkdir()
    monkeypatch.chdir(folder / "elsewhere")
    assert "SP12/renewal violated" in command("evaluate", "../prod.icp.yaml", *FEW).out


def test_hidden_folders_are_not_looked_into(command: Command, folder: Path) -> None:
    (folder / ".venv").mkdir()
    (folder / ".venv/x.icp.yaml").write_text("x: 1", "utf-8")
    assert ".venv" not in command("evaluate", ".", *FEW).out


@pytest.mark.parametrize(
    ("name", "said"), [("no.yaml", "no such file"), ("empty", "no description")]
)
def test_what_is_not_there(command: Command, folder: Path, name: str, said: str) -> None:
    (folder / "empty").mkdir()
    told = command("evaluate", name)
    assert (told.code, told.out) == (4, "")
    assert said in told.err


def test_unusable_waivers_stop_the_command(command: Command, folder: Path) -> None:
    (folder / "icp-waivers.yaml").write_text("waivers: 1\n", "utf-8")
    told = command(*COMPLETE)
    assert (told.code, told.out) == (4, "")
    assert "icp-waivers.yaml" in told.err


def test_nothing_is_written(command: Command, folder: Path) -> None:
    before = sorted(folder.rglob("*"))
    command(*HERE)
    assert sorted(folder.rglob("*")) == before


def test_what_a_hook_of_others_breaks_is_told(command: Command, folder: Path) -> None:
    (folder / "conftest.py").write_text(
        "def pytest_runtest_setup(item): raise ZeroDivisionError('in a conftest')\n", "utf-8"
    )
    told = command(*WITH_ALL, "--select", "SP12/renewal")
    assert told.code == 1
    assert told.out.splitlines()[1] == "prod.icp.yaml::SP12::renewal"
    assert "ZeroDivisionError: in a conftest" in told.out


def test_a_run_that_is_broken_off_has_no_answer(command: Command, folder: Path) -> None:
    (folder / "conftest.py").write_text(
        "import pytest\ndef pytest_runtest_setup(item): pytest.exit('enough', returncode=7)\n",
        "utf-8",
    )
    told = command(*HERE)
    assert (told.code, told.out) == (7, "")
    assert "enough" in told.err


def test_a_rule_that_was_not_run_fails(command: Command, folder: Path) -> None:
    (folder / "prod.icp.yaml").write_text(
        "apiVersion: pytest-icp/v1\nlicence_file: licence.yaml\n"
        "renewal: {intention: renew, applied_on: 2025-06-01, decision: pending}\n"
        "corporate_events: []\n"
    )
    (folder / "conftest.py").write_text(
        "import pytest\n\ndef pytest_runtest_setup(item):\n    pytest.skip('not today')\n"
    )
    told = command(*WITH_ALL, "--select", "SP12", "--lang", "en")
    assert told.code == 1
    (rules,) = (len(one.obligations) for one in default_policies() if one.id == "SP12")
    assert f"prod.icp.yaml: {rules} rules not run: SP12/" in told.out


@pytest.mark.parametrize(("rule", "code"), [("LIC/valid", 4), ("SP12/renewal", 1)])
def test_a_report_that_is_not_written_fails(command: Command, rule: str, code: int) -> None:
    told = command(*WITH_ALL, "--select", rule, "--report=sarif=/dev/full")
    said = "/dev/full: the report cannot be written: no space is left on the disk\n"
    assert (told.code, told.err) == (code, said)


# --- as one JSON document --------------------------------------------------------------------


@pytest.fixture
def document(command: Command) -> Callable[..., tuple[int, dict[str, Any]]]:
    """Evaluate in JSON; return the exit code and the document, which alone was printed."""

    def evaluate(*arguments: str) -> tuple[int, dict[str, Any]]:
        told = command("evaluate", "--format", "json", *arguments)
        assert told.err == ""
        value = json.loads(told.out)
        validator("evaluation").validate(value)
        return told.code, value

    return evaluate


def errors(value: dict[str, Any]) -> str:
    return " ".join(error["message"]["en"] for error in value["errors"])


def test_a_document_has_the_standings_and_the_lines_of_a_report(
    command: Command, document: Callable[..., tuple[int, dict[str, Any]]]
) -> None:
    code, read = document("prod.icp.yaml", *FEW)
    lines = command(*HERE, "--report", "jsonl").out.splitlines()
    assert [*read["findings"], *read["records"]] == [json.loads(line) for line in lines]
    rules = read["rules"]["prod.icp.yaml"]
    assert (rules["SP12/renewal"], rules["SP14/sections"]) == ("violated", "unknown")
    assert "satisfied" in rules.values()
    assert (code, read["as_of"], read["errors"]) == (1, "2025-12-01T23:59:59+08:00", [])


def test_a_document_tells_what_could_not_be_judged(
    folder: Path, document: Callable[..., tuple[int, dict[str, Any]]]
) -> None:
    (folder / "bad.icp.yaml").write_text("apiVersion: pytest-icp/v1\nlicense: 1\n", "utf-8")
    code, read = document(".", "--select", "LIC/valid")
    assert (code, read["findings"][0]["grade"]) == (1, "not judged")
    assert read["rules"] == {"prod.icp.yaml": {"LIC/valid": "satisfied"}}


def test_what_goes_wrong_beside_the_verdicts_is_in_the_document(
    folder: Path, document: Callable[..., tuple[int, dict[str, Any]]]
) -> None:
    (folder / "conftest.py").write_text(
        "import sys\n\ndef pytest_runtest_setup(item): sys.exit('in a conftest')\n", "utf-8"
    )
    code, read = document("prod.icp.yaml", "--select", "LIC/valid", "--report=sarif=/dev/full")
    assert (code, "findings" in read) == (1, True)
    assert errors(read).startswith("prod.icp.yaml::LIC::valid: SystemExit: in a conftest")
    assert "/dev/full" in read["errors"][1]["place"]["path"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--report", "sarif", "prod.icp.yaml"), "only one report can go to standard output"),
        (("no.icp.yaml",), "no such file"),
        (
            ("--select=SP12/renewl", "prod.icp.yaml"),
            "icp_select: there is no rule 'SP12/renewl'",
        ),
    ],
)
def test_what_keeps_an_evaluation_from_taking_place_is_in_the_document(
    document: Callable[..., tuple[int, dict[str, Any]]], arguments: tuple[str, ...], said: str
) -> None:
    code, read = document(*arguments)
    assert (code, read.keys()) == (4, {"apiVersion", "errors"})
    assert errors(read).startswith(said)


def test_a_run_that_is_broken_off_has_only_errors(
    folder: Path, document: Callable[..., tuple[int, dict[str, Any]]]
) -> None:
    (folder / "conftest.py").write_text(
        "import pytest\ndef pytest_runtest_setup(item): pytest.exit('enough', returncode=7)\n",
        "utf-8",
    )
    code, read = document("prod.icp.yaml", *FEW)
    assert (code, read.keys(), "enough" in errors(read)) == (7, {"apiVersion", "errors"}, True)
