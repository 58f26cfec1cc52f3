"""What a change does to a rule with parts: data in, data out."""

from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec.structs import replace

from pytest_icp.facts.files.schema import validator
from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.result import Result
from pytest_icp.law.times import as_of_instant
from pytest_icp.reports.comment import comment
from pytest_icp.reports.comment_title import title_of
from pytest_icp.reports.comparing import compared, findings_of
from pytest_icp.reports.forecast import at_other_times, forecast
from pytest_icp.reports.jsonl import jsonl
from pytest_icp.reports.since import Base, Since
from pytest_icp.reports.since_text import since_lines
from tests.parted import (
    DECISION,
    LATE,
    NEVER,
    OPEN,
    SLOW,
    SOON,
    WAIVER,
    result_of,
    run_of,
    scene_of,
)

_, POLICY = scene_of(SOON)


def base_of(before: Result, *, report: bool = False) -> Base:
    """Return a base with one result; a ``report`` of findings does not tell its standing."""
    key = (before.description, before.rule_id)
    return Base(
        name="main",
        standings=None if report else {key: before.standing},
        findings=findings_of(run_of(before), None, [POLICY]),
    )


def since(before: Result, after: Result, *, report: bool = False) -> Since:
    run = run_of(after)
    found = compared(run, base_of(before, report=report), lambda _: False, {})
    for line in jsonl(replace(run, since=found)).splitlines():
        validator("finding").validate(json.loads(line))
    return found


def told(before: Result, after: Result, *, report: bool = False) -> tuple[str, str]:
    """Return the sign and the title of the comment, in English."""
    found = since(before, after, report=report)
    sign, text = title_of(replace(run_of(after), since=found), found)
    return sign, text.en


@pytest.mark.parametrize("report", [False, True])
def test_what_is_new_names_its_part(report: bool) -> None:
    slow, late = result_of(SLOW), result_of(LATE)
    (change,) = since(slow, late, report=report).rules
    assert (change.own_id, change.title.en) == (
        "ACME/stopped#latest",
        "It is stopped within 72 hours",
    )
    assert change.how.en == f"{'nothing found' if report else 'satisfied'} → unknown"
    assert told(slow, late, report=report) == (
        "❓",
        "This change leaves 1 rule undecided: ACME/stopped",
    )
    text = comment(replace(run_of(late), since=since(slow, late, report=report)))
    assert "**ACME/stopped&#35;<!-- -->latest**" in text


@pytest.mark.parametrize("report", [False, True])
@pytest.mark.parametrize(
    ("facts", "waivers"), [(SLOW, ""), (LATE, ""), (LATE, WAIVER), (LATE, DECISION)]
)
def test_nothing_is_said_of_what_is_the_same(
    facts: dict[str, Any], waivers: str, report: bool
) -> None:
    same = result_of(facts, waivers)
    assert since(same, same, report=report).rules == ()


@pytest.mark.parametrize("report", [False, True])
@pytest.mark.parametrize(
    ("after", "sign", "said"),
    [
        (
            result_of(LATE, DECISION),
            "☑️",
            "This change decides that 1 rule ACME/stopped was complied with",
        ),
        (result_of(LATE, WAIVER), "⏸️", "This change waives 1 rule: ACME/stopped"),
        (result_of(SOON), "✅", "This change fixes 1 rule: ACME/stopped"),
        (result_of(NEVER), "❌", "This change breaks 1 rule of the licence: ACME/stopped"),
    ],
    ids=["decided", "waived", "fixed", "broken"],
)
def test_what_becomes_of_a_review(after: Result, sign: str, said: str, report: bool) -> None:
    assert told(result_of(LATE), after, report=report) == (sign, said)


def test_a_decision_says_whose_it_is() -> None:
    after = result_of(LATE, DECISION)
    (change,) = since(result_of(LATE), after).rules
    assert (change.decided, change.own_id) == (True, "ACME/stopped")
    assert change.message.en.startswith("decided: complied, by security on 2024-03-20")
    lines = since_lines(since(result_of(LATE), after), "en", 100)
    assert "unknown → satisfied" in "\n".join(lines)


def test_of_a_rule_that_was_met_a_decision_is_no_change() -> None:
    # The advice that is gone is; nobody decided anything for the change.
    before = result_of(LATE, DECISION)
    case = {**LATE["illegal_content_cases"][0], "id": "other"}
    two = {"illegal_content_cases": [LATE["illegal_content_cases"][0], case]}
    both = DECISION + DECISION.replace("fraud", "other")
    (change,) = since(result_of(two, both), before).rules
    assert (change.decided, change.gone) == (False, 2)


def test_a_date_that_moves_is_one_of_a_part() -> None:
    case = OPEN["illegal_content_cases"][0]
    later = {"illegal_content_cases": [{**case, "discovered_at": "2024-03-05T10:00+08:00"}]}
    before, after = (result_of(one, as_of="2024-03-05") for one in (OPEN, later))
    assert [one.part for one in before.upcoming] == ["latest"]
    upcoming = {
        (before.description, f"ACME/stopped#{one.part}", one.subject): one.last
        for one in before.upcoming
    }
    base = replace(base_of(before), upcoming=upcoming)
    (moved,) = compared(run_of(after), base, lambda _: False, {}).due
    assert moved.rules == ("ACME/stopped#latest",)
    assert (moved.before, moved.after) == ("2024-03-07", "2024-03-08")


def test_what_gets_worse_is_foretold_of_each_part() -> None:
    scene, policy = scene_of(OPEN, as_of="2024-03-04")
    when = as_of_instant("2024-03-04")
    changes = forecast(at_other_times(scene), [policy], as_of=when, days=30)
    assert [(one.own_id, str(one.day), one.after) for one in changes] == [
        ("ACME/stopped#within-24h", "2024-03-05", "advisory unknown"),
        ("ACME/stopped#latest", "2024-03-07", "unknown"),
    ]
    assert changes[1].title.en == "It is stopped within 72 hours"
    assert result_of(OPEN, as_of="2024-03-07").verdict is Verdict.UNKNOWN
