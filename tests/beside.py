"""What other people's plugins show of a run: the rows of docs/other-plugins.md.

Not collected by itself: ``tox -e plugins`` installs the plugins and runs it.
"""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from tests.plugin.conftest import Infra, infra
from tests.plugin.test_with_other_plugins import EVERY_VERDICT, every
from tests.repositories import commit

__all__ = ["every", "infra"]


@pytest.fixture
def told(every: Infra) -> dict[str, int]:
    """How many rules stand how, as pytest itself counts them."""
    outcomes = run(every).stdout.str().splitlines()[-1]
    found = {name: int(n) for n, name in re.findall(r"(\d+) ([a-z ]+?)(?:,| in )", outcomes)}
    assert found.keys() >= {
        "failed",
        "undecided",
        "skipped",
        "passed",
        "xfailed",
        "advice undecided",
    }
    return found


def run(every: Infra, *plugins: str) -> pytest.RunResult:
    """Run in a process of its own, with these plugins and no other."""
    loaded = ("-p", "pytest_icp.plugin", *plugins)
    return every.pytester.runpytest_subprocess(*loaded, *EVERY_VERDICT, "--icp-as-of=2025-12-01")


def skipped(told: dict[str, int]) -> int:
    return told["skipped"] + told["advice undecided"]


def expected(told: dict[str, int]) -> int:
    return told["xfailed"] + told["advice"]


def test_allure(every: Infra, told: dict[str, int]) -> None:
    run(every, "-p", "allure_pytest.plugin", "--alluredir=allure")
    results = [json.loads(p.read_text("utf-8")) for p in Path("allure").glob("*-result.json")]
    assert Counter(one["status"] for one in results) == {
        "failed": told["failed"],
        "broken": told["undecided"],
        "passed": told["passed"],
        "skipped": skipped(told) + expected(told),
    }
    (update,) = (one for one in results if one["name"] == "update")
    assert "SP12/update violated, due" in update["statusDetails"]["message"]
    assert {"name": "subSuite", "value": "SP12"} in update["labels"]


def test_json_report(every: Infra, told: dict[str, int]) -> None:
    run(every, *("-p", "pytest_jsonreport.plugin", "-p", "pytest_metadata.plugin"), "--json-report")
    summary = json.loads(Path(".report.json").read_text("utf-8"))["summary"]
    assert {name: summary[name] for name in told if name != "deselected"} == {
        name: n for name, n in told.items() if name != "deselected"
    }


def test_html(every: Infra, told: dict[str, int]) -> None:
    plugins = ("-p", "pytest_html.plugin", "-p", "pytest_html.fixtures")
    run(every, *plugins, "-p", "pytest_metadata.plugin", "--html=out.html")
    text = Path("out.html").read_text("utf-8")
    (blob,) = re.findall(r'data-jsonblob="([^"]*)"', text)
    tests = json.loads(html.unescape(blob))["tests"].values()
    assert Counter(one["result"] for row in tests for one in row) == {
        "Failed": told["failed"] + told["undecided"],
        "Passed": told["passed"],
        "Skipped": skipped(told),
        "XFailed": expected(told),
    }


def test_md_report(every: Infra, told: dict[str, int]) -> None:
    run(every, *("-p", "pytest_md_report.plugin", "--md-report", "--md-report-output=out.md"))
    rows = [line.strip("| ").split("|") for line in Path("out.md").read_text("utf-8").splitlines()]
    counts = dict(zip((one.strip() for one in rows[0]), rows[-1], strict=True))
    assert {name: int(n) for name, n in counts.items() if n.strip().isdigit()} == {
        "failed": told["failed"] + told["undecided"],
        "passed": told["passed"],
        "skipped": skipped(told),
        "xfailed": expected(told),
        "SUBTOTAL": sum(told.values()) - told["deselected"],
    }


def results(text: str) -> dict[str, int]:
    """Return what a plugin counts below its line of results."""
    below = text.rpartition("Results (")[2].replace("advice undecided", "advice-undecided")
    lines = re.findall(r"^ +(\d+) ([a-z-]+)$", below, re.MULTILINE)
    return {name.replace("-", " "): int(n) for n, name in lines}


def test_sugar(every: Infra, told: dict[str, int]) -> None:
    text = run(every, "-p", "pytest_sugar", "--force-sugar", "--color=no").stdout.str()
    assert results(text) == {
        "failed": told["failed"] + told["undecided"],
        "passed": told["passed"],
        "skipped": skipped(told),
        "xfailed": expected(told),
        "deselected": told["deselected"],
    }


def test_pretty(every: Infra, told: dict[str, int]) -> None:
    assert results(run(every, "-p", "pytest_pretty").stdout.str()) == told


def test_picked(every: Infra) -> None:
    every.write("tests/test_own.py", "def test_own(): ...\n")
    commit(every.pytester.path)
    every.write("tests/test_own.py", "def test_own(): pass\n")
    text = " ".join(run(every, "-p", "pytest_picked.plugin", "--picked").stdout.str().split())
    assert "prod.icp.yaml: this description was not evaluated" in text
    assert "1 passed" in text


def test_testmon(every: Infra) -> None:
    plugin = ("-p", "testmon.pytest_testmon", "--testmon")
    run(every, *plugin)
    again = " ".join(run(every, *plugin).stdout.str().split())
    # What failed runs again.
    assert "incomplete: 10 of 14 rules not run: " in again
