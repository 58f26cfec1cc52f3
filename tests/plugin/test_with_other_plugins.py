"""Runs beside plugins that other people use."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

import pytest

from pytest_icp.plugin.representation import columns_of
from tests.plugin.conftest import Infra

RULES = ("-k", "SP12 or LIC")
ALONE = ("-p", "no:rerunfailures")
AGAIN = ("--reruns", "2")


def lines_of(infra: Infra, *args: str) -> list[dict[str, object]]:
    infra.run(*RULES, "--icp-report=jsonl=out.jsonl", *args, as_of="2025-12-01")
    written = (infra.pytester.path / "out.jsonl").read_text("utf-8")
    return [json.loads(line) for line in written.splitlines()]


@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=["alone", "worker"])
def test_an_item_that_runs_again_is_reported_once(infra: Infra, workers: tuple[str, ...]) -> None:
    assert lines_of(infra, *AGAIN, *workers) == lines_of(infra, *ALONE)


def test_an_item_that_runs_again_is_counted_once(infra: Infra) -> None:
    infra.describe(renewal="null")
    once = infra.run(*RULES, *ALONE, as_of="2025-12-01")
    again = infra.run(*RULES, *AGAIN, as_of="2025-12-01")
    outcomes = again.parseoutcomes()
    assert outcomes.pop("rerun") == 2 * (outcomes.get("failed", 0) + outcomes["unknown"])
    assert outcomes == once.parseoutcomes()
    # The same sections, whose matrix counts each rule once.
    assert [line for line in again.outlines if line.startswith("  SP12 ")] == [
        line for line in once.outlines if line.startswith("  SP12 ")
    ]


def test_the_properties_of_an_item_that_runs_again_are_written_once(infra: Infra) -> None:
    infra.run("-k", "SP12 and renewal", *AGAIN, "--junitxml=out.xml", as_of="2025-12-01")
    case = next(ET.parse(infra.pytester.path / "out.xml").iter("testcase"))
    names = [one.get("name") for one in case.iter("property")]
    assert names.count("icp.rule") == 1


def test_a_marked_test_that_runs_again_counts_by_its_last_run(infra: Infra) -> None:
    infra.write(
        "own/test_own.py",
        """\
        import pytest

        runs = []

        @pytest.mark.icp("OWN/log")
        def test_log():
            runs.append(1)
            assert len(runs) > 1
        """,
    )
    infra.run("own", "-v", *AGAIN).stdout.fnmatch_lines(["  OWN     .  log"])


@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=["alone", "worker"])
def test_without_a_terminal_the_same_is_decided(infra: Infra, workers: tuple[str, ...]) -> None:
    infra.write("infra/bad.icp.yaml", "apiVersion: pytest-icp/v2\n")
    expected = lines_of(infra, *ALONE)
    assert {one.get("grade") for one in expected} >= {"violated", "unknown"}
    result = infra.run(
        *RULES,
        "-p",
        "no:terminal",
        "--icp-report=jsonl=out.jsonl",
        *workers,
        "--junitxml=out.xml",
        as_of="2025-12-01",
    )
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert "INTERNALERROR" not in result.stdout.str() + result.stderr.str()
    written = (infra.pytester.path / "out.jsonl").read_text("utf-8")
    assert [json.loads(line) for line in written.splitlines()] == expected
    suite = next(ET.parse(infra.pytester.path / "out.xml").iter("testsuite"))
    assert (suite.get("errors"), int(suite.get("failures", 0)) > 1) == ("0", True)


def test_without_a_terminal_lines_are_as_wide_as_that_of_the_process(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "123")
    assert columns_of(pytester.parseconfig("-p", "no:terminal")) == 123
