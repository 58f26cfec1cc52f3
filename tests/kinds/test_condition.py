from __future__ import annotations

from typing import Any

import pytest

from tests.contexts import decide, said
from tests.obligations import obligation

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
        ("violated", "/events/1/open", "“open” is true"),
        ("violated", "/events/1/reports", "only 1 found"),
    ]
