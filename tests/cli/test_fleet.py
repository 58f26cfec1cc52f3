"""`pytest-icp fleet` at the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pytest_icp.cli.main import main
from pytest_icp.fleet.place import RUN
from tests.cli.conftest import Command


def test_what_is_judged_and_where_it_is(command: Command, folder: Path) -> None:
    told = command("fleet", "prod.icp.yaml", "--out", "out", "--processes", "1")
    assert told.code == 0
    assert told.out.startswith("Judged 1 description as of 2025-12-01: ")
    assert told.out.endswith("Read it: pytest-icp fleet report out\n")
    head = json.loads((folder / "out" / RUN).read_text("utf-8"))
    assert head["as_of"] == "2025-12-01"
    again = command("fleet", "prod.icp.yaml", "--out", "out", "--processes", "1", lang="zh")
    assert "此前已经完成" in again.out


def test_what_cannot_be_judged_is_counted_and_the_exit_code_tells(
    command: Command, folder: Path
) -> None:
    (folder / "rows.jsonl").write_text("{\n", "utf-8")
    told = command("fleet", "prod.icp.yaml", "rows.jsonl", "--out", "out", "--processes", "1")
    assert told.code == 1
    assert "1 problem kept something from being judged; out/errors" in told.out


def test_the_ini_file_and_own_policies_count(command: Command, folder: Path) -> None:
    (folder / "pytest.ini").write_text("[pytest]\nicp_lookback = 30\n", "utf-8")
    assert command("fleet", ".", "--out", "out", "--processes", "1").code == 0
    assert json.loads((folder / "out" / RUN).read_text("utf-8"))["settings"]["lookback_days"] == 30
    (folder / "own").mkdir()
    (folder / "own" / "OWN.yaml").write_text("id: OWN\n", "utf-8")
    told = command("fleet", ".", "--out", "out", "--policies", "own", "--processes", "1")
    assert told.code == 4


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--processes", "0"], "--processes takes a number from 1 on"),
        (["--processes", "1", "--as-of", "2025-12-01T10:00"], "--as-of takes a date here"),
    ],
)
def test_options_that_cannot_be_used(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert main(["fleet", "prod.icp.yaml", "--out", "out", "--lang", "en", *arguments]) == 4
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_a_report_is_printed_or_written(
    command: Command, folder: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    command("fleet", "prod.icp.yaml", "--out", "out", "--processes", "1")
    arguments = ["fleet", "report", "out", "--format", form, "--lang", "en"]
    assert main(arguments) == 0
    printed = capsys.readouterr().out
    assert "What was found as of 2025-12-01" in printed
    assert main([*arguments, "--output", "report"]) == 0
    assert (folder / "report").read_text("utf-8") == printed
    assert capsys.readouterr().out == "report\n"


def test_a_scheduler_of_dask_is_named_by_its_address(command: Command) -> None:
    told = command("fleet", "prod.icp.yaml", "--out", "out", "--scheduler", "nonsense://x")
    assert told.code == 4
    assert "is not an address of a Dask scheduler" in told.err


ADDS_POLICIES = """\
from pathlib import Path

def pytest_icp_policies():
    return [Path("own")]
"""
ADDS_CODE = """\
def pytest_icp_adapters():
    return {}

def pytest_icp_facts(path):
    return None
"""


def test_policies_that_a_plugin_names_count(command: Command, folder: Path) -> None:
    (folder / "conftest.py").write_text(ADDS_POLICIES, "utf-8")
    (folder / "own").mkdir()
    (folder / "own" / "OWN.yaml").write_text("id: OWN\n", "utf-8")
    told = command("fleet", ".", "--out", "out", "--processes", "1")
    assert (told.code, "OWN.yaml" in told.err) == (4, True)


def test_code_of_plugins_is_refused_before_anything_is_judged(
    command: Command, folder: Path
) -> None:
    (folder / "conftest.py").write_text(ADDS_CODE, "utf-8")
    told = command("fleet", "prod.icp.yaml", "--out", "out", "--processes", "1")
    assert told.code == 4
    said = " ".join(told.err.split())
    assert "pytest_icp_adapters (conftest.py), pytest_icp_facts (conftest.py)" in said
    assert "judge with pytest-icp evaluate" in said
    assert not (folder / "out").exists()
