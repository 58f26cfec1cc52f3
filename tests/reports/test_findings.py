from __future__ import annotations

import pytest
from msgspec.structs import replace

from pytest_icp.kinds.finding import Finding
from pytest_icp.kinds.result import Result
from pytest_icp.law.text import plain
from pytest_icp.reports.annotations import github
from pytest_icp.reports.findings import advice, subject_title
from pytest_icp.reports.html import html
from pytest_icp.reports.jsonl import jsonl
from pytest_icp.reports.markdown import markdown
from tests.results import FINDING, UNKNOWN, WOULD_BE, failure_text
from tests.runs import RUN, VIOLATED, WANTED

UNSAID = replace(UNKNOWN, line_to_add="")
OF_A_TEST = replace(WANTED, kind="test")


DECLARE = "declare the fact (replace null with the actual value)"
OF_ONES_OWN = replace(UNKNOWN, location=replace(UNKNOWN.location, pointer="/own_fact"))


@pytest.mark.parametrize(
    ("result", "finding", "said"),
    [
        (VIOLATED, FINDING, ("fix", "Apply now.")),
        (
            VIOLATED,
            UNKNOWN,
            ("to do", f"{DECLARE}; ask compliance"),
        ),
        (
            WANTED,
            UNKNOWN,
            ("to do", f"{DECLARE}; ask compliance"),
        ),
        (WANTED, OF_ONES_OWN, ("to do", DECLARE)),
        (WANTED, UNSAID, ("to do", "find out the fact")),
        (WANTED, WOULD_BE, ("to do", "declare the fact that decides; if this applies: Apply now.")),
        (OF_A_TEST, UNSAID, ("fix", "Apply now.")),
    ],
)
def test_what_is_violated_is_fixed_and_what_is_unknown_declared(
    result: Result, finding: Finding, said: tuple[str, str]
) -> None:
    label, text = advice(result, finding)
    assert label.en == said[0]
    assert text.en.startswith(said[1])


def test_no_report_tells_to_fix_what_may_be_well() -> None:
    run = replace(RUN, results=(WANTED,))
    assert "Apply now." not in html(run)
    for report in (github, markdown, jsonl):
        told = report(run)
        assert "Apply now." not in told
        assert "declare the fact" in told
    assert "applied_on: null" in github(run)
    told = failure_text(WANTED, "en", 200)
    assert "Apply now." not in told
    assert "to do: declare the fact" in told


def test_a_fact_that_nobody_is_named_for_has_no_role_in_reports() -> None:
    for finding, told in ((UNKNOWN, True), (OF_ONES_OWN, False)):
        run = replace(RUN, results=(replace(WANTED, findings=(finding,)),))
        assert ('"asked_of": "compliance"' in jsonl(run).replace('":"', '": "')) is told


def test_a_subject_without_an_id_has_the_title_of_its_fact() -> None:
    assert subject_title("sites/3/domains").en == "Sites › Domains [sites/3/domains]"
    # A path of files is no place in a description.
    assert subject_title("/var/log/nginx/*.log") == plain("/var/log/nginx/*.log")
