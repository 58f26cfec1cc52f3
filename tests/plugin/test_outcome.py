from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec.structs import replace

from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.result import Waived
from pytest_icp.plugin.outcome import (
    ADVISORY_STATUS,
    ADVISORY_UNKNOWN_STATUS,
    UNKNOWN_STATUS,
    packed,
    status,
    unpacked,
)
from tests.plugin.conftest import Infra
from tests.results import RESULT

WAIVED = Waived(reason="agreed", owner="legal", expires="2025-12-31")


def report(
    outcome: Any, verdict: str = "", level: str = "", waived: Waived | None = None
) -> pytest.TestReport:
    made = pytest.TestReport(
        nodeid="a::b",
        location=("a", 0, "b"),
        keywords={},
        outcome=outcome,
        longrepr=None,
        when="call",
    )
    if verdict:
        result = replace(RESULT, verdict=Verdict(verdict), level=level, waived=waived)
        made.icp = result  # type: ignore[attr-defined]  # reports take attributes
    return made


@pytest.mark.parametrize(
    ("made", "category"),
    [
        (report("failed"), None),
        (report("failed", verdict="unknown", level="mandatory"), UNKNOWN_STATUS),
        (report("passed", verdict="unknown", level="mandatory"), UNKNOWN_STATUS),
        (report("passed", verdict="violated", level="advisory"), ADVISORY_STATUS),
        (report("passed", verdict="unknown", level="advisory"), ADVISORY_UNKNOWN_STATUS),
        (report("failed", verdict="violated", level="mandatory"), None),
        (report("passed", verdict="satisfied", level="mandatory"), None),
        (report("skipped", verdict="violated", level="advisory"), ADVISORY_STATUS),
        (report("skipped", verdict="unknown", level="mandatory"), UNKNOWN_STATUS),
        # Waived, not applicable, or to run again: the words of others.
        (report("skipped", verdict="violated", level="mandatory", waived=WAIVED), None),
        (report("skipped", verdict="not applicable", level="mandatory"), None),
        (report("rerun", verdict="unknown", level="mandatory"), None),
    ],
)
def test_unknown_and_advisory_have_categories_of_their_own(
    made: pytest.TestReport, category: object
) -> None:
    assert status(made) == category


def test_a_result_travels_with_its_report(pytester: pytest.Pytester) -> None:
    config = pytester.parseconfig()
    sent = report("failed", "violated", "mandatory")
    written = config.hook.pytest_report_to_serializable(config=config, report=sent)
    data = json.loads(json.dumps(written))
    arrived = config.hook.pytest_report_from_serializable(config=config, data=data)
    assert vars(arrived)["icp"] == vars(sent)["icp"]


def test_reports_of_others_travel_as_they_are(pytestconfig: pytest.Config) -> None:
    plain = report("passed")
    assert packed(pytestconfig, plain, {"nodeid": "a"}) == {"nodeid": "a"}
    assert packed(pytestconfig, report("failed", "violated"), None) is None
    assert "icp" not in vars(unpacked(plain))


def test_one_line_names_the_place_of_what_it_says(infra: Infra) -> None:
    """An undecided subject may come before the one that is violated."""
    infra.describe(
        corporate_events="[{id: open, kind: address, entity: licensee}, {id: late, kind: address, "
        "changed_on: 2024-08-01, system_updated_on: never, entity: licensee}]"
    )
    infra.path.write_text(infra.path.read_text("utf-8").replace("}, {", "},\n  {"), "utf-8")
    lines = infra.path.read_text("utf-8").splitlines()
    at = next(i for i, line in enumerate(lines, 1) if "id: late" in line)
    rule = "infra/prod.icp.yaml::SP12::update"
    said = infra.run(rule, "--tb=line", "--icp-lang=en", as_of="2025-12-01").outlines
    assert [line for line in said if line.startswith(f"infra/prod.icp.yaml:{at}: late: ")]
