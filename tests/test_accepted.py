"""What parts come to together: by their levels, by what people decided, and by waivers."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from pytest_icp.engine import decide, joined, judge, not_decided
from pytest_icp.kinds import kinds
from pytest_icp.kinds.finding import Outcome, Verdict
from pytest_icp.kinds.result import Result
from pytest_icp.kinds.standing import Standing
from pytest_icp.law.text import plain
from tests.obligations import obligation
from tests.parted import DECISION, LATE, NEVER, OPEN, SLOW, SOON, WAIVER, result_of, scene_of
from tests.policies_of_ones_own import STOPPED


def stands(result: Result) -> dict[str, str]:
    return {part.name: part.standing.value for part in result.parts}


def found(result: Result) -> list[tuple[str, str]]:
    return [(one.part, one.verdict.value) for one in result.findings]


def test_advice_never_fails_and_is_listed_with_the_rule() -> None:
    result = result_of(SLOW)
    assert (result.verdict, result.standing) == ("satisfied", Standing.SATISFIED)
    assert found(result) == [("at-once", "violated")]
    assert (result.binding, result.failing) == ((), False)
    assert stands(result)["at-once"] == "advisory"


def test_what_breaks_a_review_is_unknown_and_a_person_must_say() -> None:
    result = result_of(LATE)
    assert (result.verdict, result.standing) == ("unknown", Standing.UNKNOWN)
    assert found(result) == [
        ("latest", "unknown"),
        ("within-24h", "violated"),
        ("at-once", "violated"),
    ]
    (asked,) = result.binding
    assert (asked.review, asked.broken, result.to_review) == (True, True, True)
    # It may be no violation, so none is said to stay.
    assert asked.message.en == "done late on 2024-03-08 10:00: it was due by 2024-03-07 10:00"


def test_a_fact_that_is_not_known_leaves_every_part_open() -> None:
    result = result_of(OPEN)
    assert (result.verdict, result.to_review) == ("unknown", False)
    assert set(stands(result).values()) == {"unknown", "advisory unknown"}


def test_a_rule_without_parts_may_be_of_level_review() -> None:
    text = STOPPED.partition("    parts:")[0] + ("    level: review\n    within: {hours: 72}\n")
    result = result_of(LATE, text=text)
    assert (result.verdict, result.level, result.parts) == ("unknown", "review", ())
    assert result.to_review
    settled = result_of(LATE, DECISION.replace("#latest", ""), text=text)
    assert settled.verdict == "satisfied"


def test_a_review_that_names_no_subject_is_asked_about_as_a_whole() -> None:
    rule = obligation("condition", level="review")
    outcome = joined(
        rule, [Outcome(verdict=Verdict.VIOLATED, reason=plain("why"), pointer="/sites")]
    )
    (asked,) = outcome.findings
    assert (outcome.verdict, asked.review, asked.message) == ("unknown", True, plain("why"))


def test_a_part_is_judged_alone_by_its_requirement() -> None:
    scene, policy = scene_of(LATE)
    rule = policy.obligations[0]
    alone = judge(scene.context, policy, rule.parts[1], kinds())
    assert alone.verdict == "violated"
    assert judge(scene.context, policy, rule, kinds()).verdict == "unknown"
    assert decide(scene, policy, rule.parts[1]).verdict == "unknown"


def test_what_nobody_decided_is_unknown_in_every_part() -> None:
    scene, policy = scene_of(SOON)
    result = not_decided(scene, policy, policy.obligations[0], plain("not run"))
    assert {part.verdict for part in result.parts} == {Verdict.UNKNOWN}


# --- what people decide and accept -------------------------------------------------------------


def test_a_person_decides_that_it_was_complied_with() -> None:
    result = result_of(LATE, DECISION)
    assert (result.verdict, result.standing) == ("satisfied", Standing.SATISFIED)
    (decided,) = [one for one in result.findings if one.decided]
    assert decided.decided
    assert (decided.part, decided.verdict, decided.review) == ("latest", "satisfied", False)
    assert (decided.decided.owner, decided.decided.day) == ("security", "2024-03-20")
    assert stands(result)["at-once"] == "advisory"


@pytest.mark.parametrize(
    "entry",
    [
        DECISION.replace("fraud", "other"),
        # What was due only later was not decided with it.
        DECISION.replace("2024-03-20", "2024-03-06"),
        # It is not made yet.
        DECISION.replace("2024-03-20", "2024-06-04"),
        # It has expired.
        DECISION + "    expires: 2024-05-01\n",
    ],
)
def test_a_decision_that_does_not_reach_it_leaves_it_open(entry: str) -> None:
    assert result_of(LATE, entry).verdict == "unknown"


def test_a_decision_settles_nothing_that_is_mandatory_or_not_known() -> None:
    whole = DECISION.replace("#latest", "")
    assert result_of(NEVER, whole).verdict == "violated"
    assert result_of(OPEN, whole).verdict == "unknown"


def test_of_several_subjects_only_those_decided_are_settled() -> None:
    cases = [*LATE["illegal_content_cases"], {**LATE["illegal_content_cases"][0], "id": "spam"}]
    result = result_of({"illegal_content_cases": cases}, DECISION)
    assert result.verdict == "unknown"
    assert [(one.subject, one.review) for one in result.binding] == [
        ("fraud", False),
        ("spam", True),
    ]


def test_a_review_may_be_waived_until_a_day() -> None:
    result = result_of(LATE, WAIVER)
    assert (result.verdict, result.standing) == ("unknown", Standing.WAIVED)
    assert result.waived
    assert not result.to_review
    assert result_of(LATE, WAIVER, as_of="2024-06-21").standing is Standing.UNKNOWN


def test_results_travel_with_their_parts() -> None:
    result = result_of(LATE, DECISION)
    assert Result.from_json(result.to_json()) == result
    assert replace(result, parts=()).about(result.findings[0]) == replace(result, parts=())
