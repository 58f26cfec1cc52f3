from __future__ import annotations

import json

from msgspec.structs import replace

from pytest_icp.kinds.finding import Finding, Other, Verdict
from pytest_icp.kinds.result import Result
from pytest_icp.law.location import Location
from pytest_icp.law.text import plain
from pytest_icp.reports.causes import by_cause, entries_by_cause, others
from pytest_icp.reports.entries import entries
from pytest_icp.reports.github import github
from pytest_icp.reports.gitlab import gitlab
from pytest_icp.reports.html import html
from pytest_icp.reports.jsonl import jsonl
from pytest_icp.reports.markdown import markdown
from pytest_icp.reports.run import Run
from pytest_icp.reports.sarif import sarif
from tests.results import FINDING
from tests.runs import RUN, VIOLATED, WANTED


def on_server(number: int, finding: Finding = FINDING) -> Finding:
    at = Location(pointer=f"/servers/{number}/location", path="infra/main.tf", line=10 + number)
    return replace(finding, subject=f"web-{number}", location=at)


BREACHES = tuple(on_server(number) for number in range(5))
UNKNOWNS = tuple(
    on_server(number, replace(WANTED.findings[0], verdict=Verdict.UNKNOWN)) for number in range(5)
)
ALSO = "web-1 (infra/main.tf:11), web-2 (infra/main.tf:12), web-3 (infra/main.tf:13), … (+1)"


def run_of(result: Result, *findings: Finding, **changes: object) -> Run:
    return replace(RUN, results=(replace(result, findings=findings),), **changes)


def test_what_has_one_cause_is_one_finding() -> None:
    (one,) = by_cause(BREACHES)
    assert (one.subject, one.location) == (BREACHES[0].subject, BREACHES[0].location)
    assert others(one) == plain(ALSO)


def test_another_value_or_fact_is_another_cause() -> None:
    first, second, third, *_ = BREACHES
    other = replace(second, found=plain("else"))
    elsewhere = replace(third, location=Location(pointer="/servers/2/provider"))
    assert by_cause([first, other, elsewhere]) == [first, other, elsewhere]


def test_every_report_names_the_others() -> None:
    for report in (github, markdown, html):
        text = report(run_of(VIOLATED, *BREACHES))
        assert "web-3 (infra/main.tf" in text.replace("\\", ""), report
        assert "(+1)" in text.replace("\\", ""), report
    assert ALSO in gitlab(run_of(WANTED, *UNKNOWNS))


def test_code_scanning_and_quality_have_each_violated_subject_and_unknowns_once() -> None:
    for result, findings, count in ((VIOLATED, BREACHES, 5), (WANTED, UNKNOWNS, 1)):
        run = run_of(result, *findings)
        assert len(json.loads(sarif(run))["runs"][0]["results"]) == count
        assert len(json.loads(gitlab(run))) == count


def test_a_baseline_and_programs_know_each_subject() -> None:
    more = tuple(Other(subject=f"s{n}", pointer=f"/servers/{n}/location") for n in range(9))
    run = run_of(WANTED, replace(UNKNOWNS[0], others=more))
    found = entries(run)
    assert [entry.finding.subject for entry in found] == ["web-0", *(f"s{n}" for n in range(9))]
    assert len({entry.fingerprint for entry in found}) == 10
    assert len(jsonl(run).splitlines()) == len(jsonl(run_of(WANTED)).splitlines()) + 9


def test_what_the_baseline_knows_stays_apart() -> None:
    first = entries(run_of(VIOLATED, *BREACHES))[0]
    known = frozenset({(first.result.description, first.fingerprint)})
    found = entries_by_cause(entries(run_of(VIOLATED, *BREACHES, known=known)))
    assert [(one.known, len(one.finding.others)) for one in found] == [(True, 0), (False, 3)]
