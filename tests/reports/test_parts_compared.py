"""What a change does to a rule with parts: data in, data out."""

from __future__ import annotations

import json

import pytest
from msgspec.structs import replace

from pytest_icp.facts.files.schema import validator
from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.result import Result
from pytest_icp.reports.comparing import compared, state_of
from pytest_icp.reports.forecast import forecast
from pytest_icp.reports.jsonl import jsonl
from pytest_icp.reports.markdown import comment, title_of
from pytest_icp.reports.since import Since, since_section
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
from tests.results import shown
from tests.runs import read


def since(before: Result, after: Result) -> Since:
    run = read(run_of(after))
    found = compared(state_of(read(run_of(before))), state_of(run))
    for line in jsonl(replace(run, since=found)).splitlines():
        validator("finding").validate(json.loads(line))
    return found


def told(before: Result, after: Result) -> tuple[str, str]:
    """Return the sign and the title of the comment, in English."""
    found = since(before, after)
    sign, text = title_of(replace(run_of(after), since=found), found)
    return sign, text.en


def test_what_is_new_names_its_part() -> None:
    slow, late = result_of(SLOW), result_of(LATE)
    change, advice = since(slow, late).rules
    assert (advice.own_id, advice.how.en) == (
        "ACME/stopped#within-24h",
        "satisfied → advisory, not met",
    )
    assert (change.own_id, change.title.en) == (
        "ACME/stopped#latest",
        "It is stopped within 72 hours",
    )
    assert change.how.en == "satisfied → unknown"
    assert told(slow, late) == (
        "❓",
        "This change leaves 1 rule undecided: ACME/stopped",
    )
    text = comment(replace(run_of(late), since=since(slow, late)))
    assert "**ACME/stopped&#35;<!-- -->latest**" in text


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
def test_what_becomes_of_a_review(after: Result, sign: str, said: str) -> None:
    assert told(result_of(LATE), after) == (sign, said)


def test_a_decision_says_whose_it_is() -> None:
    after = result_of(LATE, DECISION)
    (change,) = since(result_of(LATE), after).rules
    assert change.own_id == "ACME/stopped#latest"
    assert change.message.en.startswith("decided: complied, by security on 2024-03-20")
    lines = shown(since_section(since(result_of(LATE), after)).blocks, columns=100)
    assert "unknown → decided: complied" in "\n".join(lines)


def test_what_gets_worse_is_foretold_of_each_part() -> None:
    scene, policy = scene_of(OPEN, as_of="2024-03-04")
    changes = forecast(scene, [policy], days=30)
    assert [(one.own_id, str(one.day), one.after) for one in changes] == [
        ("ACME/stopped#within-24h", "2024-03-05", "advisory unknown"),
        ("ACME/stopped#latest", "2024-03-07", "unknown"),
    ]
    assert changes[1].title.en == "It is stopped within 72 hours"
    assert result_of(OPEN, as_of="2024-03-07").verdict is Verdict.UNKNOWN
