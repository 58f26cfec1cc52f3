from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from pytest_icp.kinds.standing import Standing
from pytest_icp.law.text import Text
from pytest_icp.reports.entries import entries, stable_pointer, worst_first
from tests.results import FINDING, LOCATION, NOTE, UNKNOWN
from tests.runs import PARDONED, RUN, SOON, VIOLATED

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
    elsewhere = replace(SOON, notes=(replace(NOTE, location=FAR), replace(NOTE, kind="grey scope")))
    named, unnamed = entries(replace(RUN, results=(SOON, elsewhere)))
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
