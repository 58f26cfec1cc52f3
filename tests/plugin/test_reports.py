"""Reports as a pytest run writes them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.plugin.conftest import OWN_POLICY, Infra


def sarif(path: Path) -> dict[str, Any]:
    (run,) = json.loads(path.read_text("utf-8"))["runs"]
    return run  # type: ignore[no-any-return]  # what the validator has seen


def test_the_ini_asks_for_reports_and_the_command_line_for_others(infra: Infra) -> None:
    infra.write("conf/pytest.ini", "[pytest]\nicp_report =\n    sarif=../my report.sarif\n")
    infra.run("-c", "conf/pytest.ini", "--rootdir=.", "infra")
    assert (infra.pytester.path / "my report.sarif").exists()
    infra.run("-c", "conf/pytest.ini", "--rootdir=.", "infra", "--icp-report=sarif")
    assert (infra.pytester.path / "icp-report.sarif").exists()


def test_a_full_disk_leaves_the_verdicts_and_the_exit_code(infra: Infra) -> None:
    plain = infra.run("-q")
    full = infra.run("-q", "--icp-report=sarif=/dev/full")
    assert full.ret == plain.ret
    full.stdout.fnmatch_lines(["*ERROR: /dev/full: the report cannot be written: no space*"])
    assert " undecided" in full.stdout.str()


def test_places_of_what_could_not_be_judged_are_in_the_file(infra: Infra) -> None:
    infra.write(
        "conftest.py",
        """
        from pytest_icp.kinds import Kind
        from pytest_icp.rules.policy import Spec

        def crash(obligation, context):
            raise RuntimeError("boom")

        def pytest_icp_checks(config):
            return [Kind("crash", Spec, crash, {"type": "object"})]
        """,
    )
    lines_of = (one for one in OWN_POLICY.splitlines() if "require" not in one)
    infra.write("own/OWN.yaml", "\n".join(lines_of).replace("condition", "crash"))
    infra.run("--icp-report=sarif=r.sarif", "--icp-select=OWN", "--icp-policies=own")
    told = sarif(infra.pytester.path / "r.sarif")["invocations"][0]["toolExecutionNotifications"]
    assert any("RuntimeError: boom" in one["message"]["text"] for one in told)
    places = [one["locations"][0]["physicalLocation"] for one in told]
    lines = {
        one["region"]["startLine"] for one in places if "prod" in one["artifactLocation"]["uri"]
    }
    assert lines <= {*range(1, len(infra.path.read_text("utf-8").splitlines()) + 1)}


def test_what_was_not_asked_for_is_named(infra: Infra) -> None:
    infra.run("--icp-report=sarif=r.sarif", "--icp-select=SP12", "--icp-ignore=SP12/stop")
    told = sarif(infra.pytester.path / "r.sarif")
    assert {one["id"].partition("/")[0] for one in told["tool"]["driver"]["rules"]} == {"SP12"}
    assert "SP12/stop" in told["properties"]["notChecked"]


def test_a_run_without_descriptions_writes_an_empty_report(infra: Infra) -> None:
    infra.path.unlink()
    infra.write("test_other.py", "import pytest\n@pytest.mark.icp('OWN/x')\ndef test_it(): pass\n")
    infra.run("--icp-report=sarif=r.sarif").assert_outcomes(passed=1)
    assert sarif(infra.pytester.path / "r.sarif")["results"] == []


def test_on_github_a_run_of_ordinary_tests_is_summarised(
    infra: Infra, monkeypatch: pytest.MonkeyPatch
) -> None:
    infra.path.unlink()
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(infra.pytester.path / "summary.md"))
    infra.write("test_other.py", "import pytest\n@pytest.mark.icp('OWN/x')\ndef test_it(): 1 / 0\n")
    result = infra.run("-p", "no:annotate_errors")
    result.stdout.fnmatch_lines(["::error file=test_other.py,line=2,*OWN/x*ZeroDivisionError*"])
    assert "<b>OWN/x</b>" in (infra.pytester.path / "summary.md").read_text("utf-8")


def test_a_run_that_is_refused_writes_none(infra: Infra) -> None:
    infra.write("infra/icp-waivers.yaml", "waivers: 1\n")
    result = infra.run("--icp-report=sarif=r.sarif")
    assert result.ret == pytest.ExitCode.USAGE_ERROR


def test_policies_that_cannot_be_read_matter_only_to_descriptions(infra: Infra) -> None:
    infra.path.unlink()
    infra.write("own/OWN.yaml", "id: 1\n")
    infra.write("test_other.py", "def test_it(): pass\n")
    infra.run("--icp-report=sarif=r.sarif", "--icp-policies=own").assert_outcomes(passed=1)
    assert sarif(infra.pytester.path / "r.sarif")["tool"]["driver"]["rules"] == []


def test_paths_are_relative_to_the_repository(infra: Infra) -> None:
    (infra.pytester.path / ".git").mkdir()
    infra.run("--rootdir=infra", "infra", "--icp-report=sarif=r.sarif", as_of="2025-12-01")
    result = sarif(infra.pytester.path / "r.sarif")["results"][0]
    location = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location["uri"].startswith("infra/")
