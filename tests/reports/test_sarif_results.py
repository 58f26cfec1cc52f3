from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from pytest_icp.kinds.finding import Finding
from pytest_icp.reports.entries import Entry
from pytest_icp.reports.sarif_results import line_hashes, location, reported, uri
from tests.results import FINDING, LOCATION, UNKNOWN
from tests.runs import RUN, VIOLATED


def results(*findings: Finding) -> list[Any]:
    run = replace(RUN, results=(replace(VIOLATED, findings=findings),))
    return [result for _, result in reported(run)]


def test_every_entry_has_its_own_result_in_order() -> None:
    found: list[tuple[Entry, Any]] = reported(RUN)
    for entry, result in found:
        assert result["ruleId"] == entry.result.rule_id
        assert result["partialFingerprints"]["icpFinding/v1"] == entry.fingerprint


def test_a_fact_without_a_line_is_shown_at_the_top() -> None:
    spot = replace(LOCATION, line=None, column=None, excerpt="")
    (one,) = results(replace(FINDING, location=spot, subject="", due=None))
    (place,) = one["locations"]
    assert place["physicalLocation"]["region"] == {"startLine": 1}
    assert "logicalLocations" not in place
    assert "due" not in one["properties"]


def test_a_derived_fact_has_the_name_that_its_tools_know() -> None:
    spot = replace(LOCATION, address="alicloud_instance.web", attribute="id", status="known")
    (one,) = results(replace(FINDING, location=spot))
    assert one["locations"] == [location(spot, "/a", "renewal")]
    assert one["locations"][0]["logicalLocations"] == [
        {
            "name": "renewal",
            "fullyQualifiedName": "alicloud_instance.web",
            "kind": "resource",
        }
    ]
    assert (one["properties"]["attribute"], one["properties"]["status"]) == ("id", "known")


def test_lines_that_read_the_same_are_numbered() -> None:
    findings = (FINDING, replace(FINDING, subject="b"), replace(UNKNOWN, subject="c"))
    hashes = [one["partialFingerprints"]["primaryLocationLineHash"] for one in results(*findings)]
    assert [one.partition(":")[2] for one in hashes] == ["1", "2", "3"]
    assert len({one.partition(":")[0] for one in hashes}) == 1


def test_lines_of_two_rules_or_files_are_numbered_apart() -> None:
    other = replace(LOCATION, path="other.icp.yaml")
    hashes = list(line_hashes([("a", LOCATION), ("b", LOCATION), ("a", other), ("a", LOCATION)]))
    assert [one.partition(":")[2] for one in hashes] == ["1", "1", "1", "2"]


@pytest.mark.parametrize(
    ("path", "encoded"),
    [
        ("infra/prod.icp.yaml", "infra/prod.icp.yaml"),
        ("京 B2/描述.yaml", "%E4%BA%AC%20B2/%E6%8F%8F%E8%BF%B0.yaml"),
        ("a:b/c%d#e?f", "a%3Ab/c%25d%23e%3Ff"),
        ("half\ud800", "half%3F"),
    ],
)
def test_paths_are_percent_encoded(path: str, encoded: str) -> None:
    assert uri(path) == encoded
