"""``pytest-icp diff`` prints what changed, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pytest_icp.facts.files.schema import validator
from tests.cli.conftest import Command
from tests.repositories import commit


@pytest.fixture
def changed(folder: Path) -> Path:
    path = folder / "prod.icp.yaml"
    text = path.read_text("utf-8")
    path.write_text(
        text.replace("applied_on: never", "applied_on: 2025-09-01\n  decision: pending"), "utf-8"
    )
    commit(folder)
    path.write_text(text, "utf-8")
    return folder


@pytest.mark.usefixtures("changed")
def test_the_main_branch_is_the_default(command: Command) -> None:
    said = command("diff", "--select", "SP12")
    title, line = said.out.splitlines()
    assert "What this change does (since main of 2025-05-01): 1 new, 0 fixed" in title
    assert line.startswith("  prod.icp.yaml:5:15 SP12/renewal: satisfied → violated")
    assert (said.code, said.err) == (1, "")


def test_what_is_not_new_is_no_failure(command: Command, changed: Path) -> None:
    commit(changed, "2025-11-01")
    (changed / "pytest.ini").write_text("[pytest]\nicp_since = HEAD\n", "utf-8")
    said = command("diff", "--select", "SP12")
    assert "since HEAD of" in said.out
    assert said.code == 0
    assert command("diff", "HEAD~1", "prod.icp.yaml", "--select", "SP12").code == 1


def test_what_the_run_does_not_take_the_base_does_not(command: Command, folder: Path) -> None:
    (folder / "pytest.ini").write_text("[pytest]\naddopts = --icp-ignore SP12/renewal\n", "utf-8")
    commit(folder, "2025-11-01")
    assert "nothing: no verdict" in command("diff", "--select", "SP12").out


@pytest.mark.usefixtures("changed")
@pytest.mark.parametrize("named", ["n" * 300, "a\0b"])
def test_a_ref_that_nothing_can_be_named(command: Command, named: str) -> None:
    said = command("diff", named)
    assert said.code == 4
    assert "there is no commit, folder or file" in said.err


def test_policies_that_cannot_be_used(command: Command, changed: Path) -> None:
    (changed / "own").mkdir()
    (changed / "own" / "OWN.yaml").write_text("[1]\n", "utf-8")
    said = command("diff", "HEAD", "--policies", "own")
    assert said.code == 4
    assert "OWN.yaml:1:1: expected a mapping" in said.err


def test_without_git(command: Command, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert command("diff").code == 4
    monkeypatch.setenv("PATH", str(folder))
    said = command("diff")
    assert said.code == 4
    assert "git" in said.err


def test_a_base_that_cannot_be_judged(command: Command, changed: Path) -> None:
    (changed / "prod.icp.yaml").rename(changed / "new.icp.yaml")
    (changed / "r.jsonl").write_text("no\n", "utf-8")
    said = command("diff", "r.jsonl", "--select", "SP12")
    assert said.code == 4
    assert "no JSON Lines report" in said.err


@pytest.fixture
def reports(command: Command, folder: Path) -> Path:
    """Reports of a description before and after it violates a rule."""
    path = folder / "prod.icp.yaml"
    text = path.read_text("utf-8")
    done = text.replace("applied_on: never", "applied_on: 2025-09-01\n  decision: pending")
    for name, written in (("old.jsonl", done), ("new.jsonl", text)):
        path.write_text(written, "utf-8")
        command("evaluate", "--select", "SP12", "--report", f"jsonl={name}")
    return folder


@pytest.mark.usefixtures("reports")
def test_two_reports_are_compared(command: Command) -> None:
    said = command("diff", "old.jsonl", "new.jsonl")
    title, line = said.out.splitlines()
    assert "(since old.jsonl of 2025-12-01): 1 new, 0 fixed" in title
    assert line.startswith("  prod.icp.yaml:5:15 SP12/renewal: satisfied → violated [renewal]")
    assert (said.code, said.err) == (1, "")
    said = command("diff", "new.jsonl", "old.jsonl", lang="zh")
    title, line = said.out.splitlines()
    assert "新增违反 0 项，改正 1 项" in title
    assert "SP12/renewal: 违反 → 符合 [renewal]" in line
    assert said.code == 0
    assert command("diff", "old.jsonl", "old.jsonl").code == 0


@pytest.mark.usefixtures("reports")
def test_for_programs_the_changes_are_json(command: Command) -> None:
    said = command("diff", "old.jsonl", "new.jsonl", "--format", "json")
    (line,) = json.loads(said.out)
    validator("finding").validate(line)
    assert (line["rule"], line["before"], line["after"]) == (
        *("SP12/renewal", "satisfied", "violated"),
    )
    assert json.loads(command("diff", "old.jsonl", "old.jsonl", "--format", "json").out) == []


def test_what_a_report_leaves_out_is_not_fixed(command: Command, reports: Path) -> None:
    command("evaluate", "--select", "SP12/opened", "--report", "jsonl=less.jsonl")
    said = command("diff", "new.jsonl", "less.jsonl")
    text = " ".join(said.out.split())
    assert "icp_select: SP12 → SP12/opened" in text
    assert "no longer looked at, so not fixed:" in text
    assert said.code == 1
    (reports / "none.jsonl").write_text("{}\n", "utf-8")
    said = command("diff", "new.jsonl", "none.jsonl")
    assert (said.code, said.out) == (4, "")
    assert "none.jsonl:1: this is no JSON Lines report of pytest-icp" in said.err
    said = command("diff", "nowhere.jsonl", "new.jsonl")
    assert (said.code, said.out) == (4, "")


def test_a_report_of_what_was_not_read_is_no_base(command: Command, reports: Path) -> None:
    path = reports / "prod.icp.yaml"
    text = path.read_text("utf-8")
    path.write_text("apiVersion: [\n", "utf-8")
    command("evaluate", "--report", "jsonl=broken.jsonl")
    path.write_text(text, "utf-8")
    said = command("diff", "broken.jsonl", "new.jsonl")
    assert said.code == 4
    assert "the base cannot be used" in said.err
    assert "→ violated" not in said.out
