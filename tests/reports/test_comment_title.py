"""The title of a comment: the worst that a change does, and to which rules."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.result import Result
from pytest_icp.kinds.standing import Standing
from pytest_icp.reports.comment_title import title_of
from pytest_icp.reports.run import Run
from tests.results import FINDING, UNKNOWN, WAIVED
from tests.runs import (
    ADVISORY,
    GOOD,
    RUN,
    TROUBLE,
    VIOLATED,
    WANTED,
    against,
    result,
    state,
    unjudged,
)

SATISFIED = result("SP12/renewal")
UNDECIDED = replace(WANTED, rule_id="SP12/renewal")


def before(*results: Result) -> Run:
    return replace(RUN, results=results)


def title(run: Run) -> str:
    sign, said = title_of(run, run.since)
    assert "项" in said.zh or "不" in said.zh or "没有" in said.zh
    return f"{sign} {said.en}"


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        (SATISFIED, VIOLATED, "❌ This change breaks 1 rule of the licence: SP12/renewal"),
        (SATISFIED, UNDECIDED, "❓ This change leaves 1 rule undecided: SP12/renewal"),
        (
            VIOLATED,
            replace(VIOLATED, waived=WAIVED),
            "⏸️ This change waives 1 rule: SP12/renewal",
        ),
        (VIOLATED, SATISFIED, "✅ This change fixes 1 rule: SP12/renewal"),
        (UNDECIDED, SATISFIED, "✅ This change fixes 1 rule: SP12/renewal"),
        (VIOLATED, UNDECIDED, "➖ No mandatory rule got worse by this change"),
        (
            replace(ADVISORY, rule_id="SP12/renewal", verdict=Verdict.SATISFIED, findings=()),
            replace(ADVISORY, rule_id="SP12/renewal"),
            "➖ No mandatory rule got worse by this change",
        ),
        (SATISFIED, SATISFIED, "➖ This change alters no verdict and no due date"),
        (VIOLATED, VIOLATED, "➖ This change alters no verdict and no due date"),
        (
            VIOLATED,
            result("SP12/renewal", verdict=Verdict.NOT_APPLICABLE),
            "➖ No mandatory rule got worse by this change",
        ),
    ],
)
def test_what_a_change_does_to_a_rule(was: Result, now: Result, expected: str) -> None:
    assert title(against(before(was), now)) == expected


def test_the_worst_counts_and_a_rule_of_several_descriptions_once() -> None:
    other = replace(VIOLATED, description="other.icp.yaml")
    gone = result("SP12/gone")
    found = against(before(SATISFIED, gone), VIOLATED, other, WANTED)
    assert title(found) == "❌ This change breaks 1 rule of the licence: SP12/renewal"
    found = against(before(SATISFIED, gone), SATISFIED)
    assert title(found) == "⚠️ This change takes 1 rule out of the check: SP12/gone"


def test_many_rules_are_counted() -> None:
    rules = [replace(VIOLATED, rule_id=f"SP12/r{i}") for i in range(8)]
    found = against(before(*(result(one.rule_id) for one in rules)), *rules)
    assert title(found) == (
        "❌ This change breaks 8 rules of the licence: "
        "SP12/r0, SP12/r1, SP12/r2, SP12/r3, SP12/r4, SP12/r5 …"
    )


def test_another_subject_that_is_undecided_is_told_as_that() -> None:
    more = replace(VIOLATED, findings=(FINDING, replace(UNKNOWN, subject="other")))
    assert title(against(before(VIOLATED), more)) == (
        "❓ This change leaves 1 rule undecided: SP12/renewal"
    )


def test_a_rule_that_another_subject_violates_is_not_fixed() -> None:
    other = replace(VIOLATED, findings=(replace(FINDING, subject="other"),))
    both = replace(VIOLATED, findings=(*VIOLATED.findings, *other.findings))
    assert title(against(before(both), other)) == "➖ No mandatory rule got worse by this change"


def test_what_the_calendar_does_is_not_blamed_on_the_change() -> None:
    base = state(before(VIOLATED))
    found = against(replace(base, dated=frozenset(base.findings)), VIOLATED)
    assert title(found) == "❌ By the calendar alone, 1 rule got worse: SP12/renewal"


def test_what_could_not_be_compared_is_not_said_to_be_the_same() -> None:
    base = state(before(GOOD), apart=("plan.json",))
    assert title(against(base, GOOD)) == (
        "➖ As far as it could be compared: This change alters no verdict and no due date"
    )
    base = state(before(SATISFIED), unjudged=(unjudged("x.icp.yaml"),))
    found = against(base, VIOLATED)
    assert title(found).startswith("❌ This change breaks 1 rule")


def test_without_a_comparison_it_is_the_verdict() -> None:
    assert title_of(before(VIOLATED), None)[1].en == "Does not comply: 1 rule violated"
    assert title_of(before(GOOD), None)[1].en == "Complies"
    assert title_of(before(UNDECIDED), None)[0] == "❓"


def test_what_was_not_judged_is_the_title() -> None:
    found = replace(against(before(SATISFIED), VIOLATED), troubles=(TROUBLE, TROUBLE))
    assert title(found) == "🚫 Does not comply: 2 places not judged"
    assert Standing.VIOLATED is found.results[0].standing
