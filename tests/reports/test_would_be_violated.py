"""What would be a violation, if a fact that is not known were so: first, and with both facts."""

from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec.structs import replace

from pytest_icp.facts.files.schema import validator
from pytest_icp.kinds.finding import Verdict
from pytest_icp.reports.annotations import github
from pytest_icp.reports.entries import entries, worst_first
from pytest_icp.reports.html import html
from pytest_icp.reports.jsonl import jsonl
from pytest_icp.reports.markdown import markdown
from tests.results import UNKNOWN, WOULD_BE, failure_text, unknown_text
from tests.runs import RUN, VIOLATED, WANTED, result

OPEN = result("SP12/exit", verdict=Verdict.UNKNOWN, findings=(UNKNOWN, WOULD_BE))
LATER = result("SP12/stop", verdict=Verdict.UNKNOWN, findings=(WOULD_BE,))
TO_ADD = "renewal:\n  intention: null"


def test_it_is_first_among_the_unknown() -> None:
    run = replace(RUN, results=(WANTED, LATER, VIOLATED))
    found = [(one.result.rule_id, one.standing) for one in worst_first(entries(run))]
    assert found == [
        ("SP12/renewal", "violated"),
        ("SP12/stop", "unknown"),
        ("SP12/exit", "unknown"),
    ]


@pytest.mark.parametrize("render", [failure_text, unknown_text])
def test_the_fact_that_breaks_it_and_the_fact_that_decides_are_shown(render: Any) -> None:
    _, breaks, text = render(OPEN, "en").partition("would be violated: not done")
    assert breaks
    assert "found: never\n" in text
    first, second = text.split("to add (replace null with the actual value)\n")[1:]
    assert first.startswith(
        "    renewal:\n      intention: null\ninfra/prod.icp.yaml:7:15:   applied_on: never\n"
    )
    assert "applied_on: null" in second


def test_json_lines_have_the_fact_that_decides() -> None:
    (line,) = (json.loads(one) for one in jsonl(replace(RUN, results=(LATER,))).splitlines())
    validator("finding").validate(line)
    assert line["pointer"] == "/renewal/applied_on"
    assert line["hinge"] == {
        "pointer": "/renewal/intention",
        "place": {"path": "infra/prod.icp.yaml", "line": 6},
    }
    assert line["add"] == TO_ADD.splitlines()


@pytest.mark.parametrize("report", [markdown, github, html])
def test_a_report_shows_the_breach_and_the_lines_to_add(report: Any) -> None:
    text = report(replace(RUN, results=(LATER,))).replace("%0A", "\n")
    assert "would be violated: not done" in text
    assert TO_ADD.splitlines()[1].strip() in text
    assert "declare the fact that decides; if this applies: Apply now." in text
