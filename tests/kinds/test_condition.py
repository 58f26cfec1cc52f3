from __future__ import annotations

from typing import Any

import pytest

from pytest_icp.facts.evidence import Evidence
from tests.contexts import decide, said
from tests.obligations import obligation

ON_FILE = obligation("condition", "asked", require={"basis": True}, on_file="paper")
PAPER = Evidence(path="paper.txt", sha256="ab" * 32)


@pytest.mark.parametrize(
    ("basis", "paper", "verdict", "pointer"),
    [
        (True, "paper.txt", "satisfied", None),
        (True, "nowhere.txt", "violated", "/asked/0/paper"),
        (True, None, "unknown", "/asked/0/paper"),
        (False, "paper.txt", "violated", "/asked/0/basis"),
    ],
)
def test_a_paper_is_on_file(basis: bool, paper: Any, verdict: str, pointer: str | None) -> None:
    facts = {"asked": [{"id": "a", "basis": basis, "paper": paper}]}
    outcome = decide(ON_FILE, facts, evidence=(PAPER,))
    assert outcome.verdict == verdict
    assert [finding.pointer for finding in outcome.findings] == ([pointer] if pointer else [])


ABROAD = obligation(
    "condition",
    "held",
    require={"share": {"maximum": 0.5}},
    excused=[
        {"from": "2015-06-19", "items": ["B21.ecommerce"]},
        {"from": "2024-10-23", "when": {"approved": True}},
    ],
)
COMMERCE = {"name": "在线数据处理与交易处理业务(仅限经营类电子商务)", "scope": "全国"}
CENTRE = {"name": "国内呼叫中心业务", "scope": "全国"}


@pytest.mark.parametrize(
    ("lines", "approved", "as_of", "verdict", "pointer"),
    [
        ([COMMERCE], False, "2015-06-19", "satisfied", None),
        ([COMMERCE], False, "2015-06-18", "violated", "/held/0/share"),
        ([COMMERCE, CENTRE], False, "2024-10-23", "violated", "/held/0/share"),
        ([CENTRE], True, "2024-10-23", "satisfied", None),
        ([CENTRE], True, "2024-10-22", "violated", "/held/0/share"),
        ([CENTRE], None, "2024-10-23", "unknown", "/held/0/share"),
        (None, False, "2024-10-23", "unknown", "/licence/service_lines"),
        (None, True, "2024-10-23", "satisfied", None),
        (None, False, "2015-06-18", "violated", "/held/0/share"),
    ],
)
def test_an_excuse_has_its_day_its_items_and_its_condition(
    lines: Any, approved: bool | None, as_of: str, verdict: str, pointer: str | None
) -> None:
    held = [{"id": "a", "share": 0.6, "approved": approved}]
    outcome = decide(ABROAD, {"licence": {"service_lines": lines}, "held": held}, as_of)
    assert outcome.verdict == verdict
    assert [finding.pointer for finding in outcome.findings] == ([pointer] if pointer else [])


def test_what_only_an_unknown_excuse_would_save_would_be_violated() -> None:
    held = [{"id": "a", "share": 0.6, "approved": None}]
    outcome = decide(ABROAD, {"licence": {"service_lines": [CENTRE]}, "held": held}, "2024-10-23")
    (finding,) = outcome.findings
    assert finding.hinge is not None
    assert finding.hinge.pointer == "/held/0/approved"
    assert "则构成违反" in finding.message.zh
    # Where the requirement itself is open, nothing is said to be broken.
    held = [{"id": "a", "share": None, "approved": None}]
    outcome = decide(ABROAD, {"licence": {"service_lines": [CENTRE]}, "held": held}, "2024-10-23")
    assert [finding.hinge for finding in outcome.findings] == [None]


STAFF = obligation(
    "condition", "company", records={"of": "/staff", "where": {"full": True}}, at_least="/required"
)


@pytest.mark.parametrize(
    ("full", "required", "expected", "at"),
    [
        ([True, True], 2, "satisfied", None),
        ([True, True, True], 3, "satisfied", None),
        ([True, True], 3, "violated", "/staff"),
        # One is needed in any case.
        ([], 0, "violated", "/staff"),
        ([True], None, "unknown", "/required"),
        ([], None, "violated", "/staff"),
        ([True, None], 2, "unknown", "/staff/1/full"),
        ([None], None, "unknown", "/staff/0/full"),
        ([True, None], 3, "violated", "/staff"),
        (None, 2, "unknown", "/staff"),
    ],
)
def test_another_fact_says_how_many(
    full: list[Any] | None, required: int | None, expected: str, at: str | None
) -> None:
    staff = None if full is None else [{"full": one} for one in full]
    outcome = decide(STAFF, {"company": {"id": "c"}, "staff": staff, "required": required})
    assert outcome.verdict == expected
    assert [pointer for _, pointer, _ in said(outcome)] == ([at] if at else [])


def test_one_is_enough_where_nothing_is_said() -> None:
    made = obligation("condition", "company", records="/staff")
    assert decide(made, {"company": {}, "staff": [{}]}).verdict == "satisfied"
    assert decide(made, {"company": {}, "staff": []}).verdict == "violated"


def test_records_of_each_subject_are_its_own_and_facts_are_asked_for_as_well() -> None:
    made = obligation("condition", "events", require={"open": False}, records="reports", at_least=2)
    events = [
        {"id": "a", "open": False, "reports": [{}, {}]},
        {"id": "b", "open": True, "reports": [{}]},
    ]
    assert said(decide(made, {"events": events})) == [
        ("violated", "/events/1/open", "“open” does not meet the requirement"),
        ("violated", "/events/1/reports", "only 1 found"),
    ]


GROWN = obligation(
    "condition",
    "releases",
    where={
        "now": {"exclusiveMinimum": {"of": "was"}},
        "anyOf": [
            {"now": {"minimum": {"of": "was", "times": 2}}},
            {"now": {"minimum": {"of": "was", "plus": 1000}}},
        ],
    },
    require={"major": True},
)


@pytest.mark.parametrize(
    ("was", "now", "major", "expected"),
    [
        (10, 20, False, "violated"),
        (10, 19, False, "not applicable"),
        (5000, 6000, False, "violated"),
        (5000, 5999, False, "not applicable"),
        (20, 10, False, "not applicable"),
        (0, 0, False, "not applicable"),
        (0, 1, False, "violated"),
        (None, 20, False, "unknown"),
        (10, None, False, "unknown"),
        (None, None, False, "unknown"),
        (10, 20, True, "satisfied"),
        (None, 20, True, "satisfied"),
        (10, 19, True, "not applicable"),
        (10, 20, None, "unknown"),
        (None, 20, None, "unknown"),
    ],
)
def test_what_grew_by_much_is_major(was: Any, now: Any, major: Any, expected: str) -> None:
    facts = {"releases": [{"id": "r", "was": was, "now": now, "major": major}]}
    assert decide(GROWN, facts).verdict == expected


def test_the_number_that_is_not_known_is_named() -> None:
    release = {"id": "r", "was": None, "now": 20, "major": False}
    (finding,) = decide(GROWN, {"releases": [release]}).findings
    assert finding.pointer == "/releases/0/major"
    assert finding.hinge
    assert finding.hinge.pointer == "/releases/0/was"
    assert finding.message.en == (
        "would be violated if “now” is more than “was” and “now” is at least 2 times “was” or "
        "“now” is at least “was” plus 1000: “Major” does not meet the requirement"
    )
