"""``pytest-icp diff`` prints what changed, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.repositories import commit, git


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
    title, line, legend = said.out.splitlines()
    assert "What this change does (since main of 2025-05-01)" in title
    assert line.startswith("+ prod.icp.yaml:5:15 SP12/renewal: satisfied → violated")
    assert "a line of this change" in legend
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


def test_a_ref_that_is_not_there(command: Command, changed: Path) -> None:
    said = command("diff", "mian")
    assert said.code == 4
    git(changed, "branch", "-m", "other")
    assert "since HEAD of" in command("diff", "--select", "SP12").out


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
