from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec.structs import replace

from pytest_icp.kinds.finding import Finding, Other, Verdict
from pytest_icp.kinds.result import Result
from pytest_icp.kinds.standing import Standing
from pytest_icp.law.location import Location
from pytest_icp.law.text import Text, plain
from pytest_icp.reports.annotations import github, gitlab
from pytest_icp.reports.entries import (
    by_cause,
    entries,
    entries_by_cause,
    others,
    stable_pointer,
    worst_first,
)
from pytest_icp.reports.html import html
from pytest_icp.reports.jsonl import jsonl
from pytest_icp.reports.markdown import markdown
from pytest_icp.reports.run import Run
from pytest_icp.reports.sarif import sarif
from tests.results import FINDING, LOCATION, NOTE, UNKNOWN
from tests.runs import PARDONED, RUN, SOON, VIOLATED, WANTED

FAR = replace(LOCATION, line=99, excerpt="other")


def prints(*findings: object) -> list[str]:
    run = replace(RUN, results=(replace(VIOLATED, findings=findings),))
    return [entry.fingerprint for entry in entries(run)]


def test_every_grade_is_an_entry_and_what_complies_is_none() -> None:
    found = entries(RUN)
    assert [(entry.result.rule_id, entry.standing) for entry in found] == [
        ("SP02/app-number", Standing.WAIVED),
        ("SP09/record-kept", Standing.ADVISORY),
        ("SP12/exit", Standing.UNKNOWN),
        ("SP12/renewal", Standing.VIOLATED),
        ("SP14/report", Standing.DUE_SOON),
    ]
    order = [how for how in Standing if how is not Standing.ADVISORY_UNKNOWN]
    assert [entry.standing for entry in worst_first(found)] == order[: len(found)]


def test_a_fingerprint_knows_neither_line_nor_words_nor_day() -> None:
    moved = replace(FINDING, location=FAR, message=Text("别的", "other"), due="2030-01-01")
    assert prints(moved) == prints(FINDING)


@pytest.mark.parametrize(
    "changed", [{"subject": "/other"}, {"location": replace(LOCATION, pointer="/other")}]
)
def test_a_fingerprint_knows_the_subject_and_its_fact(changed: dict[str, Any]) -> None:
    assert prints(replace(FINDING, **changed)) != prints(FINDING)


def test_a_fingerprint_stays_when_an_element_is_added_before() -> None:
    first, second = (
        replace(FINDING, location=replace(LOCATION, pointer=f"/events/{i}/on")) for i in (0, 1)
    )
    assert prints(first) == prints(second)
    assert stable_pointer("/a/0/b/12/c1") == "/a/*/b/*/c1"


def test_findings_that_are_alike_are_told_apart() -> None:
    assert len(set(prints(FINDING, replace(FINDING, location=FAR), FINDING))) == 3


def test_an_unknown_beside_waived_violations_stays_unknown() -> None:
    both = replace(PARDONED, findings=(FINDING, UNKNOWN))
    grades = {entry.standing for entry in entries(replace(RUN, results=(both,)))}
    assert grades == {Standing.WAIVED, Standing.UNKNOWN}


def test_what_falls_due_soon_names_its_subject_where_it_is_known() -> None:
    elsewhere = replace(LOCATION, pointer="/licence/valid_until")
    other = replace(
        SOON, notes=(replace(NOTE, location=elsewhere), replace(NOTE, kind="grey scope"))
    )
    named, unnamed = entries(replace(RUN, results=(SOON, other)))
    assert (named.finding.subject, unnamed.finding.subject) == ("renewal", "")


def test_what_the_baseline_has_is_known_and_comes_later() -> None:
    mine = entries(RUN)[3]
    run = replace(RUN, known=frozenset({(mine.result.description, mine.fingerprint)}))
    assert [entry.known for entry in entries(run)] == [False, False, False, True, False]
    both = (VIOLATED, replace(VIOLATED, rule_id="SP14/x"))
    first, second = worst_first(entries(replace(run, results=both)))
    assert (first.known, second.known) == (False, True)


def test_what_is_pursued_most_comes_first_among_what_is_alike() -> None:
    rules = ["SP01/work-safety", "SP12/renewal", "SP14/report", "LIC/name", "SP07/consent"]
    run = replace(RUN, results=tuple(replace(VIOLATED, rule_id=rule) for rule in rules))
    assert [entry.result.rule_id for entry in worst_first(entries(run))] == [
        "SP14/report",
        "SP07/consent",
        "SP12/renewal",
        "SP01/work-safety",
        "LIC/name",
    ]


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
