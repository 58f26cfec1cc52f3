"""What a pytest run says of the days to come."""

from __future__ import annotations

import pytest

from tests.plugin.conftest import Infra


def section(result: pytest.RunResult) -> list[str]:
    lines = result.outlines
    start = next(i for i, line in enumerate(lines) if "what changes if nothing is done" in line)
    return lines[start + 1 :]


def test_what_changes_is_told_of_the_rules_that_were_run(infra: Infra) -> None:
    told = section(infra.run("-q", "--icp-lang=en", "--icp-forecast=180d"))
    due = "2025-10-06   127  Renewal is applied for 90 days ahead  2025-10-07 violated"
    assert due in told
    told = section(infra.run("--icp-lang=en", "--icp-forecast=180d", "-k", "exit"))
    assert told[0] == "  Nothing is due within 180 days."


def test_the_ini_asks_for_it_and_other_runs_say_nothing(infra: Infra) -> None:
    infra.write("pytest.ini", "[pytest]\nicp_forecast = 30d\nicp_lang = en\n")
    assert section(infra.run())[0] == "  Nothing is due within 30 days."
    infra.path.unlink()
    infra.write("test_it.py", "def test_it(): pass\n")
    assert "nothing is done" not in infra.run().stdout.str()
