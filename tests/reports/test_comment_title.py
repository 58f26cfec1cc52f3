"""The title of a comment: the worst that a change does, and to which rules."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.result import Result
from pytest_icp.kinds.standing import Standing
from pytest_icp.law.location import Location
from pytest_icp.law.text import plain
from pytest_icp.reports.comment_title import title_of
from pytest_icp.reports.comparing import compared, findings_of
from pytest_icp.reports.run import Run
from pytest_icp.reports.since import Base, Unjudged
from tests.results import FINDING, UNKNOWN, WAIVED
from tests.runs import ADVISORY, GOOD, RUN, TROUBLE, VIOLATED, WANTED, result

SATISFIED = result("SP12/renewal")
UNDECIDED = replace(WANTED, rule_id="SP12/renewal")


def against(before: Run | Base, *results: Result) -> Run:
    """Return a run of results with how it differs from another."""
    base = before if isinstance(before, Base) else base_of(before)
    after = replace(RUN, results=results)
    return replace(after, since=compared(after, base, lambda _: True, {}))


def base_of(run: Run, **more: object) -> Base:
    return Base(
        name="main",
        day="2023-12-01",
        standings={(one.description, one.rule_id): one.standing for one in run.results},
        findings=findings_of(run, None, ()),
        **more,  # type: ignore[arg-type]  # the fields of a base
    )


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
        (VIOLATED, VIOLATED, "❌ This change edits lines that still violate 1 rule: SP12/renewal"),
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


def test_a_violated_rule_with_another_unknown_subject_is_not_broken_by_the_change() -> None:
    more = replace(VIOLATED, findings=(FINDING, replace(UNKNOWN, subject="other")))
    assert title(against(before(VIOLATED), more)) == "➖ No mandatory rule got worse by this change"


def test_what_the_calendar_does_is_not_blamed_on_the_change() -> None:
    base = base_of(before(VIOLATED))
    known = {key: replace(one, dated=True) for key, one in base.findings.items()}
    found = against(replace(base, findings=known), VIOLATED)
    assert title(found) == "❌ By the calendar alone, 1 rule got worse: SP12/renewal"


def test_what_could_not_be_compared_is_not_said_to_be_the_same() -> None:
    base = replace(base_of(before(GOOD)), apart=("plan.json",))
    assert title(against(base, GOOD)) == (
        "➖ As far as it could be compared: This change alters no verdict and no due date"
    )
    other = Unjudged(description="x.icp.yaml", location=Location(), message=plain("no"))
    found = against(replace(base_of(before(SATISFIED)), unjudged=(other,)), VIOLATED)
    assert title(found).startswith("❌ This change breaks 1 rule")


def test_without_a_comparison_it_is_the_verdict() -> None:
    assert title_of(before(VIOLATED), None)[1].en == "Does not comply: 1 rule violated"
    assert title_of(before(GOOD), None)[1].en == "Complies"
    assert title_of(before(UNDECIDED), None)[0] == "❓"


def test_what_was_not_judged_is_the_title() -> None:
    found = replace(against(before(SATISFIED), VIOLATED), troubles=(TROUBLE, TROUBLE))
    assert title(found) == "🚫 Does not comply: 2 places not judged"
    assert Standing.VIOLATED is found.results[0].standing
