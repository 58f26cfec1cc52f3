"""The example repository says what its README says: sound as it stands, and broken line by line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

import pytest_icp
from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.result import Result
from pytest_icp.sources.loading import KINDS

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "repository"
README = (EXAMPLE / "README.md").read_text("utf-8")
DAY = "2026-11-24"
ROW = re.compile(r"^\| (`[A-Z].*?) \| `(.*?)` \|", re.MULTILINE)


def decided(name: str) -> Sequence[Result]:
    return pytest_icp.evaluate(pytest_icp.load(EXAMPLE / name), as_of=DAY)


def of_verdict(results: Sequence[Result], verdict: Verdict) -> set[str]:
    return {result.rule_id for result in results if result.verdict is verdict}


def claimed() -> set[tuple[str, str]]:
    """Return each rule that the README says is broken, with the place that it names."""
    rows = [(rules, place) for rules, place in ROW.findall(README) if "/" in rules]
    return {(rule, place) for rules, place in rows for rule in re.findall(r"`(.*?)`", rules)}


def test_nothing_is_wrong_with_the_repository_as_it_stands() -> None:
    results = decided("site.icp.yaml")
    assert of_verdict(results, Verdict.VIOLATED) | of_verdict(results, Verdict.UNKNOWN) == set()


@pytest.mark.parametrize("name", ["site.icp.yaml", "broken.icp.yaml"])
def test_every_source_is_read(name: str) -> None:
    readings = pytest_icp.load(EXAMPLE / name).readings
    assert {reading.kind for reading in readings} <= KINDS.keys()
    assert [reading.error for reading in readings if reading.error] == []
    assert [gap for reading in readings for gap in reading.gaps] == []


def test_each_finding_stands_where_the_readme_says() -> None:
    spots = {
        (
            result.rule_id,
            finding.location.path.rpartition("examples/repository/")[2],
            finding.location.line,
        )
        for result in decided("broken.icp.yaml")
        for finding in result.findings
        if finding.verdict is Verdict.VIOLATED
    }
    lines = {(rule, f"{path}:{line}") for rule, path, line in spots}
    files = {(rule, path) for rule, path, _ in spots}
    assert claimed() <= lines | files
    assert {(rule, place.partition(":")[0]) for rule, place in claimed()} == files


def test_each_source_breaks_a_rule() -> None:
    places = {place.split(":")[0] for _, place in claimed()}
    for kind in ("infra/", "deploy/", "nginx/", "gateway/", "logging/", "dns/", "www/"):
        assert any(place.startswith(f"broken/{kind}") for place in places)


def test_the_commands_of_the_readme_are_of_these_files() -> None:
    for name in re.findall(r"examples/repository/(\S+\.icp\.yaml)", README):
        assert (EXAMPLE / name).exists()
