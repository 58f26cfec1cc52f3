"""What a run in GitHub Actions shows."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pytest_icp.plugin import github
from pytest_icp.plugin.github import summarise
from tests.plugin.conftest import Infra
from tests.runs import RUN, many

OTHER = """
    import pytest

    class Other:
        pass

    def pytest_configure(config):
        config.pluginmanager.register(Other(), "annotate_errors")
"""


@pytest.fixture
def actions(infra: Infra, monkeypatch: pytest.MonkeyPatch) -> Infra:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(infra.pytester.path / "summary.md"))
    return infra


def commands(result: pytest.RunResult) -> list[str]:
    return [line for line in result.outlines if line.startswith("::")]


def test_a_run_annotates_and_summarises(actions: Infra) -> None:
    summary = actions.pytester.path / "summary.md"
    alone = commands(actions.run(as_of="2025-12-01"))
    assert alone[0].startswith("::error file=infra/prod.icp.yaml,line=6,endLine=6,col=15")
    assert sum(line.startswith("::warning") for line in alone) == 10
    assert "<b>SP12/renewal</b>" in summary.read_text("utf-8")


def test_it_is_off_with_one_option(actions: Infra) -> None:
    assert commands(actions.run("--icp-github=off")) == []
    assert not (actions.pytester.path / "summary.md").exists()


def test_nothing_is_annotated_twice(actions: Infra) -> None:
    actions.write("conftest.py", OTHER)
    found = commands(actions.run("--icp-select=SP12", as_of="2025-12-01"))
    assert {line.partition(" ")[0] for line in found} == {"::notice"}
    warned = commands(actions.run("--icp-unknown=warn", as_of="2025-12-01"))
    assert {line.partition(" ")[0] for line in warned} == {"::warning", "::notice"}


def test_a_run_without_descriptions_says_nothing(actions: Infra) -> None:
    actions.path.unlink()
    actions.write("test_it.py", "def test_it(): pass\n")
    assert commands(actions.run()) == []
    assert not (actions.pytester.path / "summary.md").exists()


def test_a_summary_that_cannot_be_written_is_said(
    actions: Infra, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(actions.pytester.path))
    result = actions.run("infra/prod.icp.yaml::SP12", as_of="2025-12-01")
    result.stdout.fnmatch_lines(["*ERROR: *the report cannot be written: it is a folder*"])
    assert result.ret == pytest.ExitCode.TESTS_FAILED


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "s.md"))
    return tmp_path / "s.md"


def test_the_summary_keeps_within_its_limit(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(github, "SUMMARY_BYTES", 500_000)
    assert summarise(many(2_500)) == []
    size = path.stat().st_size
    assert size < github.SUMMARY_BYTES
    assert size > 100_000


def test_where_others_have_written_much_the_summary_is_brief(path: Path) -> None:
    path.write_bytes(b"x" * (github.SUMMARY_BYTES - 400))
    assert summarise(RUN) == []
    added = path.read_text("utf-8").lstrip("x")
    assert added.startswith("\n## ❌ 1 rule violated\n")
    assert "<details>" not in added


def test_without_a_file_for_it_there_is_no_summary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    assert "GITHUB_STEP_SUMMARY" not in os.environ
    assert summarise(RUN) == []
